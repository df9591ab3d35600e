"""Media: files that people sent, and what is in them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from recado.db.columns import UtcTime

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "media",
        sa.Column("id", sa.String(length=30), nullable=False),
        sa.Column("workspace_id", sa.String(length=30), nullable=False),
        sa.Column("channel_id", sa.String(length=30), nullable=False),
        sa.Column("conversation_id", sa.String(length=30), nullable=False),
        sa.Column("message_id", sa.String(length=30), nullable=False),
        sa.Column("provider_id", sa.String(length=200), nullable=False),
        sa.Column("content_type", sa.String(length=200), nullable=False),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("error", sa.String(length=64), nullable=True),
        sa.Column("link_key", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcTime(), nullable=True),
        sa.Column("owner", sa.String(length=30), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("kept_until", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_media_conversation_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_media_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media")),
    )
    op.create_index(op.f("ix_media_conversation_id"), "media", ["conversation_id"], unique=False)
    op.create_index(op.f("ix_media_due_at"), "media", ["due_at"], unique=False)
    op.create_index("ix_media_kept_until", "media", ["status", "kept_until"], unique=False)
    op.create_index("ix_media_workspace_id", "media", ["workspace_id", "id"], unique=False)
    op.create_table(
        "media_chunks",
        sa.Column("media_id", sa.String(length=30), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["media_id"], ["media.id"], name=op.f("fk_media_chunks_media_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("media_id", "number", name=op.f("pk_media_chunks")),
    )
