"""Forms of WhatsApp and the conversations they were sent in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from recado.db.columns import Json, UtcTime

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "forms",
        sa.Column("id", sa.String(length=30), nullable=False),
        sa.Column("workspace_id", sa.String(length=30), nullable=False),
        sa.Column("channel_id", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("flow_id", sa.String(length=64), nullable=False),
        sa.Column("definition", Json(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name=op.f("fk_forms_channel_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_forms_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forms")),
    )
    op.create_index(op.f("ix_forms_workspace_id"), "forms", ["workspace_id"], unique=False)
    op.create_index(op.f("ix_forms_channel_id"), "forms", ["channel_id", "id"], unique=False)
    op.create_table(
        "form_tokens",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("form_id", sa.String(length=30), nullable=False),
        sa.Column("conversation_id", sa.String(length=30), nullable=True),
        sa.Column("given", Json(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["form_id"], ["forms.id"], name=op.f("fk_form_tokens_form_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_form_tokens_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_form_tokens")),
    )
    op.create_index(op.f("ix_form_tokens_form_id"), "form_tokens", ["form_id"], unique=False)
    op.create_index(op.f("ix_form_tokens_conversation_id"), "form_tokens", ["conversation_id"], unique=False)
    op.create_index(op.f("ix_form_tokens_created_at"), "form_tokens", ["created_at"], unique=False)
