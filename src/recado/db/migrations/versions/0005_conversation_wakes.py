"""Conversations that want a turn, where turns are taken by several processes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from recado.db.columns import UtcTime

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "conversation_wakes",
        sa.Column("conversation_id", sa.String(length=30), nullable=False),
        sa.Column("wanted_at", UtcTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_conversation_wakes")),
    )
    op.create_index(op.f("ix_conversation_wakes_wanted_at"), "conversation_wakes", ["wanted_at"], unique=False)
