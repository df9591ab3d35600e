"""How many executions ended how, counted ahead."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "execution_counts",
        sa.Column("workspace_id", sa.String(length=30), nullable=False),
        sa.Column("minute", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("integration_id", sa.String(length=30), nullable=False),
        sa.Column("action_id", sa.String(length=30), nullable=False),
        sa.Column("credential_id", sa.String(length=30), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "workspace_id",
            "minute",
            "integration_id",
            "action_id",
            "credential_id",
            "kind",
            "outcome",
            name=op.f("pk_execution_counts"),
        ),
        sqlite_with_rowid=False,
    )
