"""Channels: their secrets, contacts, what Meta delivered, and what is to be sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from recado.db.columns import Json, UtcTime

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "channels",
        sa.Column("id", sa.String(length=30), nullable=False),
        sa.Column("workspace_id", sa.String(length=30), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("settings", Json(), nullable=False),
        sa.Column("health", Json(), nullable=True),
        sa.Column("parked", Json(), nullable=True),
        sa.Column("sender", sa.String(length=30), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_channels_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channels")),
        sa.UniqueConstraint("key", name=op.f("uq_channels_key")),
    )
    op.create_index(op.f("ix_channels_workspace_id"), "channels", ["workspace_id"], unique=False)
    op.create_table(
        "channel_secrets",
        sa.Column("channel_id", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("kid", sa.String(length=16), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("sealed_by", sa.String(length=16), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channels.id"], name=op.f("fk_channel_secrets_channel_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("channel_id", "name", name=op.f("pk_channel_secrets")),
    )
    op.create_index(op.f("ix_channel_secrets_kid"), "channel_secrets", ["kid"], unique=False)
    op.create_table(
        "contacts",
        sa.Column("id", sa.String(length=30), nullable=False),
        sa.Column("workspace_id", sa.String(length=30), nullable=False),
        sa.Column("channel_id", sa.String(length=30), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("phone", sa.String(length=32), nullable=True),
        sa.Column("user_id", sa.String(length=140), nullable=True),
        sa.Column("last_message_at", UtcTime(), nullable=True),
        sa.Column("opted_out_at", UtcTime(), nullable=True),
        sa.Column("fallback_at", UtcTime(), nullable=True),
        sa.Column("paused_until", UtcTime(), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("updated_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channels.id"], name=op.f("fk_contacts_channel_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_contacts_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
    )
    op.create_index("ix_contacts_channel_id", "contacts", ["channel_id", "id"], unique=False)
    op.create_index("ix_contacts_workspace_id", "contacts", ["workspace_id", "id"], unique=False)
    op.create_table(
        "deliveries",
        sa.Column("id", sa.String(length=30), nullable=False),
        sa.Column("workspace_id", sa.String(length=30), nullable=False),
        sa.Column("channel_id", sa.String(length=30), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("owner", sa.String(length=30), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("done_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channels.id"], name=op.f("fk_deliveries_channel_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_deliveries_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
    )
    op.create_index("ix_deliveries_channel_id", "deliveries", ["channel_id", "id"], unique=False)
    op.create_index(op.f("ix_deliveries_done_at"), "deliveries", ["done_at"], unique=False)
    op.create_index(
        "ix_deliveries_received",
        "deliveries",
        ["id"],
        unique=False,
        sqlite_where=sa.text("status = 'received'"),
        postgresql_where=sa.text("status = 'received'"),
    )
    op.create_table(
        "seen_ids",
        sa.Column("channel_id", sa.String(length=30), nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channels.id"], name=op.f("fk_seen_ids_channel_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("channel_id", "key", name=op.f("pk_seen_ids")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_seen_ids_at"), "seen_ids", ["at"], unique=False)
    op.create_table(
        "contact_identities",
        sa.Column("channel_id", sa.String(length=30), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("value", sa.String(length=140), nullable=False),
        sa.Column("contact_id", sa.String(length=30), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channels.id"], name=op.f("fk_contact_identities_channel_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_contact_identities_contact_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("channel_id", "kind", "value", name=op.f("pk_contact_identities")),
    )
    op.create_index(op.f("ix_contact_identities_contact_id"), "contact_identities", ["contact_id"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("message_id", sa.String(length=30), nullable=False),
        sa.Column("workspace_id", sa.String(length=30), nullable=False),
        sa.Column("channel_id", sa.String(length=30), nullable=False),
        sa.Column("contact_id", sa.String(length=30), nullable=False),
        sa.Column("payload", sa.Text(), nullable=True),
        sa.Column("due_at", UtcTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=30), nullable=True),
        sa.Column("begun_at", UtcTime(), nullable=True),
        sa.Column("held_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name=op.f("fk_outbox_channel_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_outbox_contact_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_outbox_message_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_outbox_workspace_id")),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_outbox")),
    )
    op.create_index("ix_outbox_channel_id", "outbox", ["channel_id", "due_at"], unique=False)
    op.create_index(op.f("ix_outbox_contact_id"), "outbox", ["contact_id"], unique=False)
    op.add_column("conversations", sa.Column("agent_id", sa.String(length=30), nullable=True))
    op.create_table(
        "batches",
        sa.Column("id", sa.String(length=30), nullable=False),
        sa.Column("workspace_id", sa.String(length=30), nullable=False),
        sa.Column("channel_id", sa.String(length=30), nullable=False),
        sa.Column("flow_id", sa.String(length=30), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=True),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("begun_with", Json(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["channels.id"], name=op.f("fk_batches_channel_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspaces.id"], name=op.f("fk_batches_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
        sa.UniqueConstraint("workspace_id", "key", name=op.f("uq_batches_workspace_id_key")),
    )
    op.create_index(op.f("ix_batches_channel_id"), "batches", ["channel_id"], unique=False)
    op.create_index(op.f("ix_batches_ended_at"), "batches", ["ended_at"], unique=False)
    op.create_index(op.f("ix_batches_status"), "batches", ["status"], unique=False)
    op.create_table(
        "batch_items",
        sa.Column("batch_id", sa.String(length=30), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("contact", Json(), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=True),
        sa.Column("conversation_id", sa.String(length=30), nullable=True),
        sa.Column("message_id", sa.String(length=30), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_batch_items_batch_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("batch_id", "number", name=op.f("pk_batch_items")),
    )
    op.add_column("messages", sa.Column("error", Json(), nullable=True))
    op.add_column("messages", sa.Column("sent_by", sa.String(length=30), nullable=True))
