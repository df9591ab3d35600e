"""Conversations: what was said, the path, the timers and the calls in the air."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from recado.db.columns import Json, UtcTime

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", sa.String(length=30), nullable=False),
        sa.Column("workspace_id", sa.String(length=30), nullable=False),
        sa.Column("flow_id", sa.String(length=30), nullable=False),
        sa.Column("version_id", sa.String(length=30), nullable=False),
        sa.Column("channel_id", sa.String(length=30), nullable=False),
        sa.Column("contact_key", sa.String(length=128), nullable=False),
        sa.Column("contact", Json(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("block_id", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("begun_with", Json(), nullable=False),
        sa.Column("as_if", Json(), nullable=True),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("last_message", sa.Integer(), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["flow_id"], ["flows.id"], name=op.f("fk_conversations_flow_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["version_id"], ["flow_versions.id"], name=op.f("fk_conversations_version_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_conversations_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
    )
    op.create_index("ix_conversations_channel_id", "conversations", ["channel_id", "contact_key"], unique=False)
    op.create_index(op.f("ix_conversations_ended_at"), "conversations", ["ended_at"], unique=False)
    op.create_index("ix_conversations_flow_id", "conversations", ["flow_id", "id"], unique=False)
    op.create_index("ix_conversations_version_id", "conversations", ["version_id"], unique=False)
    op.create_index("ix_conversations_workspace_id", "conversations", ["workspace_id", "id"], unique=False)
    op.create_table(
        "conversation_calls",
        sa.Column("conversation_id", sa.String(length=30), nullable=False),
        sa.Column("visit", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("workspace_id", sa.String(length=30), nullable=False),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("as_if", Json(), nullable=True),
        sa.Column("owner", sa.String(length=30), nullable=False),
        sa.Column("begun_at", UtcTime(), nullable=False),
        sa.Column("said_at", UtcTime(), nullable=True),
        sa.Column("late_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_conversation_calls_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_conversation_calls_workspace_id")),
        sa.PrimaryKeyConstraint("conversation_id", "visit", name=op.f("pk_conversation_calls")),
    )
    op.create_table(
        "conversation_steps",
        sa.Column("conversation_id", sa.String(length=30), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("version_id", sa.String(length=30), nullable=False),
        sa.Column("block_id", sa.Text(), nullable=True),
        sa.Column("visit", sa.Integer(), nullable=True),
        sa.Column("edge", sa.Text(), nullable=True),
        sa.Column("left_block_id", sa.Text(), nullable=True),
        sa.Column("execution_id", sa.String(length=30), nullable=True),
        sa.Column("note", Json(), nullable=True),
        sa.Column("at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_conversation_steps_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("conversation_id", "number", name=op.f("pk_conversation_steps")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_conversation_steps_version_id", "conversation_steps", ["version_id"], unique=False)
    op.create_table(
        "messages",
        sa.Column("id", sa.String(length=30), nullable=False),
        sa.Column("workspace_id", sa.String(length=30), nullable=False),
        sa.Column("conversation_id", sa.String(length=30), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.String(length=30), nullable=False),
        sa.Column("channel_message_id", sa.String(length=200), nullable=True),
        sa.Column("direction", sa.String(length=3), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("block_id", sa.Text(), nullable=True),
        sa.Column("visit", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("done_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_messages_conversation_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_messages_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("channel_id", "channel_message_id", name=op.f("uq_messages_channel_id_channel_message_id")),
        sa.UniqueConstraint("conversation_id", "number", name=op.f("uq_messages_conversation_id_number")),
    )
    op.create_index(
        "ix_messages_received",
        "messages",
        ["conversation_id", "number"],
        unique=False,
        sqlite_where=sa.text("status = 'received'"),
        postgresql_where=sa.text("status = 'received'"),
    )
    op.create_table(
        "timers",
        sa.Column("conversation_id", sa.String(length=30), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("due_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_timers_conversation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("conversation_id", "kind", name=op.f("pk_timers")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_timers_due_at"), "timers", ["due_at"], unique=False)
