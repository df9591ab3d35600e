"""Flows, their published versions, and what they refer to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from recado.db.columns import Json, UtcTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "flows",
        sa.Column("id", sa.String(length=30), nullable=False),
        sa.Column("workspace_id", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("draft", Json(), nullable=False),
        sa.Column("draft_revision", sa.Integer(), nullable=False),
        sa.Column("draft_saved_by", sa.String(length=30), nullable=True),
        sa.Column("draft_saved_at", UtcTime(), nullable=False),
        sa.Column("block_count", sa.Integer(), nullable=False),
        sa.Column("published_number", sa.Integer(), nullable=True),
        sa.Column("published_revision", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_flows_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flows")),
    )
    op.create_index(op.f("ix_flows_workspace_id"), "flows", ["workspace_id"], unique=False)
    op.create_table(
        "flow_versions",
        sa.Column("id", sa.String(length=30), nullable=False),
        sa.Column("workspace_id", sa.String(length=30), nullable=False),
        sa.Column("flow_id", sa.String(length=30), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("definition", Json(), nullable=False),
        sa.Column("called", Json(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_by", sa.String(length=30), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["flow_id"], ["flows.id"], name=op.f("fk_flow_versions_flow_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_flow_versions_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flow_versions")),
        sa.UniqueConstraint("flow_id", "number", name=op.f("uq_flow_versions_flow_id_number")),
    )
    op.create_index(op.f("ix_flow_versions_workspace_id"), "flow_versions", ["workspace_id"], unique=False)
    op.create_table(
        "flow_uses",
        sa.Column("flow_id", sa.String(length=30), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("object_id", sa.String(length=30), nullable=False),
        sa.Column("workspace_id", sa.String(length=30), nullable=False),
        sa.ForeignKeyConstraint(["flow_id"], ["flows.id"], name=op.f("fk_flow_uses_flow_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_flow_uses_workspace_id")),
        sa.PrimaryKeyConstraint("flow_id", "source", "kind", "object_id", name=op.f("pk_flow_uses")),
    )
    op.create_index(op.f("ix_flow_uses_object_id"), "flow_uses", ["object_id"], unique=False)
    op.create_index(op.f("ix_flow_uses_workspace_id"), "flow_uses", ["workspace_id"], unique=False)
