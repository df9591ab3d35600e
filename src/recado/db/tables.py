"""Every table on one page; `migrations/` brings a database to this shape."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Table

from recado.db.columns import Json, UtcTime

metadata: Final = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column[str]:
    return Column("id", sa.String(30), primary_key=True)


def _workspace() -> Column[str]:
    return Column("workspace_id", sa.String(30), ForeignKey("workspaces.id"), nullable=False, index=True)


def _created() -> Column[Any]:
    return Column("created_at", UtcTime, nullable=False)


def _updated() -> Column[Any]:
    return Column("updated_at", UtcTime, nullable=False)


# ── accounts ─────────────────────────────────────────────────────────────────────────────────────────────────────────

workspaces = Table("workspaces", metadata, _id(), Column("name", sa.String(200), nullable=False), _created())

users = Table(
    "users",
    metadata,
    _id(),
    Column("email", sa.String(320), nullable=False, unique=True),  # kept in lower case
    Column("name", sa.String(200), nullable=False),
    Column("password_hash", sa.String(200), nullable=False),
    Column("language", sa.String(8)),
    Column("is_disabled", sa.Boolean, nullable=False),
    _created(),
    _updated(),
)

memberships = Table(
    "memberships",
    metadata,
    Column("workspace_id", sa.String(30), ForeignKey("workspaces.id"), primary_key=True),
    Column("user_id", sa.String(30), ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("role", sa.String(32), nullable=False),
    _created(),
)

sessions = Table(
    "sessions",
    metadata,
    _id(),
    Column("token_hash", sa.String(64), nullable=False, unique=True),  # SHA-256 of 256 random bits, hex
    Column("user_id", sa.String(30), ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("workspace_id", sa.String(30), ForeignKey("workspaces.id"), nullable=False),
    _created(),
    Column("last_seen_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False, index=True),
)

api_keys = Table(
    "api_keys",
    metadata,
    _id(),
    _workspace(),
    Column("name", sa.String(200), nullable=False),
    Column("role", sa.String(32), nullable=False),
    Column("key_hash", sa.String(64), nullable=False, unique=True),
    Column("created_by", sa.String(30)),
    _created(),
    Column("expires_at", UtcTime),
    Column("last_used_at", UtcTime),
    Column("revoked_at", UtcTime),
)

setup_links = Table(
    "setup_links",
    metadata,
    Column("token_hash", sa.String(64), primary_key=True),
    _created(),
    Column("expires_at", UtcTime, nullable=False),
    Column("used_at", UtcTime),
)

login_attempts = Table(
    "login_attempts",
    metadata,
    Column("subject", sa.String(200), primary_key=True),  # a hash of the account and address, or of the address alone
    Column("failures", sa.Integer, nullable=False),
    Column("window_started_at", UtcTime, nullable=False),
    Column("blocked_until", UtcTime),
)

audit_log = Table(
    "audit_log",
    metadata,
    Column("sequence", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("workspace_id", sa.String(30)),
    Column("at", UtcTime, nullable=False),
    Column("actor_kind", sa.String(16), nullable=False),  # user | api_key | cli | system
    Column("actor_id", sa.String(30)),
    Column("address", sa.String(64)),
    Column("action", sa.String(64), nullable=False),
    Column("object_kind", sa.String(32)),
    Column("object_id", sa.String(64)),
    Column("details", Json, nullable=False),
    Column("previous_hash", sa.String(64), nullable=False),
    Column("hash", sa.String(64), nullable=False),
)
Index("ix_audit_log_workspace_sequence", audit_log.c.workspace_id, audit_log.c.sequence)

# ── integrations, credentials, actions ───────────────────────────────────────────────────────────────────────────────

integrations = Table(
    "integrations",
    metadata,
    _id(),
    _workspace(),
    Column("name", sa.String(200), nullable=False),
    Column("description", sa.Text, nullable=False),
    Column("logo_url", sa.Text),
    Column("auth", Json, nullable=False),
    Column("test_request", Json),
    Column("ca_certificates", sa.Text),
    _created(),
    _updated(),
)

credentials = Table(
    "credentials",
    metadata,
    _id(),
    _workspace(),
    Column("integration_id", sa.String(30), ForeignKey("integrations.id"), nullable=False, index=True),
    Column("name", sa.String(200), nullable=False),
    Column("hosts", Json, nullable=False),  # a copy for people; the hosts that count are sealed with each value
    Column("last_test", Json),
    _created(),
    _updated(),
)

credential_values = Table(
    "credential_values",
    metadata,
    Column("credential_id", sa.String(30), ForeignKey("credentials.id", ondelete="CASCADE"), primary_key=True),
    Column("auth_field_id", sa.String(30), primary_key=True),
    Column("workspace_id", sa.String(30), nullable=False),
    Column("kid", sa.String(16), nullable=False, index=True),
    Column("sealed", sa.Text, nullable=False),
    Column("sealed_by", sa.String(16), nullable=False),  # client | server
    Column("updated_by", sa.String(30)),
    _updated(),
)

sealing_keys = Table(
    "sealing_keys",
    metadata,
    Column("kid", sa.String(16), primary_key=True),
    _workspace(),
    Column("public_key", sa.Text, nullable=False),
    Column("private_key_wrapped", sa.Text, nullable=False),
    Column("kek_id", sa.String(64), nullable=False),
    _created(),
    Column("retired_at", UtcTime),  # set when new values are sealed to another key
)

actions = Table(
    "actions",
    metadata,
    _id(),
    _workspace(),
    Column("integration_id", sa.String(30), ForeignKey("integrations.id"), nullable=False, index=True),
    Column("name", sa.String(200), nullable=False),
    Column("description", sa.Text, nullable=False),
    Column("inputs", Json, nullable=False),
    Column("request", Json),
    Column("outputs", Json, nullable=False),
    Column("is_private", sa.Boolean, nullable=False),  # keep shapes only of what is sent and received
    _created(),
    _updated(),
)

# ── flows ────────────────────────────────────────────────────────────────────────────────────────────────────────────

flows = Table(
    "flows",
    metadata,
    _id(),
    _workspace(),
    Column("name", sa.String(200), nullable=False),
    Column("description", sa.Text, nullable=False),
    Column("draft", Json, nullable=False),
    Column("draft_revision", sa.Integer, nullable=False),  # raised by each change of the draft
    Column("draft_saved_by", sa.String(30)),
    Column("draft_saved_at", UtcTime, nullable=False),
    Column("block_count", sa.Integer, nullable=False),  # of the draft, for lists
    Column("published_number", sa.Integer),
    Column("published_revision", sa.Integer),  # the draft's, as it was published
    _created(),
    _updated(),
)

# Never changed once written. Without a number it is what somebody tried: a draft as it stood.
flow_versions = Table(
    "flow_versions",
    metadata,
    _id(),
    _workspace(),
    Column("flow_id", sa.String(30), ForeignKey("flows.id", ondelete="CASCADE"), nullable=False),
    Column("number", sa.Integer),
    Column("definition", Json, nullable=False),
    Column("called", Json, nullable=False),  # {block id: flow version id} of the blocks that call flows
    Column("note", sa.Text, nullable=False),
    Column("created_by", sa.String(30)),
    _created(),
    sa.UniqueConstraint("flow_id", "number"),
)

# What the draft and the published version of a flow refer to, so that it is not deleted unawares.
flow_uses = Table(
    "flow_uses",
    metadata,
    Column("flow_id", sa.String(30), ForeignKey("flows.id", ondelete="CASCADE"), primary_key=True),
    Column("source", sa.String(16), primary_key=True),  # draft | published
    Column("kind", sa.String(16), primary_key=True),  # integration | action | credential | flow | form
    Column("object_id", sa.String(30), primary_key=True, index=True),
    _workspace(),
)

# ── conversations ────────────────────────────────────────────────────────────────────────────────────────────────────


def _conversation(*, is_key: bool = False) -> Column[str]:
    return Column(
        "conversation_id",
        sa.String(30),
        ForeignKey("conversations.id", ondelete="CASCADE"),
        primary_key=is_key,
        nullable=False,
    )


conversations = Table(
    "conversations",
    metadata,
    _id(),
    Column("workspace_id", sa.String(30), ForeignKey("workspaces.id"), nullable=False),
    Column("flow_id", sa.String(30), ForeignKey("flows.id", ondelete="CASCADE"), nullable=False),
    Column("version_id", sa.String(30), ForeignKey("flow_versions.id", ondelete="CASCADE"), nullable=False),
    Column("channel_id", sa.String(30), nullable=False),  # simulator, or the id of a channel
    Column("contact_key", sa.String(128), nullable=False),  # who it is, on its channel: the id of a contact
    Column("contact", Json, nullable=False),
    Column("status", sa.String(16), nullable=False),
    Column("block_id", sa.Text),  # the last one entered
    Column("state", sa.Text, nullable=False),  # JSON of the engine's state
    Column("begun_with", Json, nullable=False),  # {version, variables}, to begin anew
    Column("as_if", Json),  # in the simulator: {block id: how its calls are answered}
    Column("agent_id", sa.String(30)),  # the member who took it over
    Column("turn", sa.Integer, nullable=False),  # raised by each commit; who read an older one may not write
    Column("last_message", sa.Integer, nullable=False),  # the number of its newest message
    Column("last_step", sa.Integer, nullable=False),
    _created(),
    _updated(),
    Column("ended_at", UtcTime, index=True),
    Index("ix_conversations_workspace_id", "workspace_id", "id"),
    Index("ix_conversations_flow_id", "flow_id", "id"),
    Index("ix_conversations_version_id", "version_id"),
    Index("ix_conversations_channel_id", "channel_id", "contact_key"),
)

messages = Table(
    "messages",
    metadata,
    _id(),
    Column("workspace_id", sa.String(30), ForeignKey("workspaces.id"), nullable=False),
    _conversation(),
    Column("number", sa.Integer, nullable=False),  # their order in the conversation
    Column("channel_id", sa.String(30), nullable=False),
    Column("channel_message_id", sa.String(200)),
    Column("direction", sa.String(3), nullable=False),  # in | out
    Column("content", sa.Text, nullable=False),  # JSON of an Incoming or an Outgoing
    Column("block_id", sa.Text),
    Column("visit", sa.Integer),
    Column("status", sa.String(16), nullable=False),
    Column("error", Json),  # of one that could not be sent: {code, message}
    Column("sent_by", sa.String(30)),  # the member who wrote it; a flow did where nobody did
    _created(),
    Column("done_at", UtcTime),  # when a turn took it
    sa.UniqueConstraint("conversation_id", "number"),
    sa.UniqueConstraint("channel_id", "channel_message_id"),
)
Index(
    "ix_messages_received",
    messages.c.conversation_id,
    messages.c.number,
    sqlite_where=messages.c.status == "received",  # hardly any row, so that they are found at once
)

# The path: only ever appended to.
conversation_steps = Table(
    "conversation_steps",
    metadata,
    _conversation(is_key=True),
    Column("number", sa.Integer, primary_key=True, autoincrement=False),
    Column("kind", sa.String(8), nullable=False),  # visited | note | call
    Column("version_id", sa.String(30), nullable=False),  # of the flow its block belongs to
    Column("block_id", sa.Text),
    Column("visit", sa.Integer),
    Column("edge", sa.Text),
    Column("left_block_id", sa.Text),  # the block that was left by this edge
    Column("execution_id", sa.String(30)),
    Column("note", Json),
    Column("at", UtcTime, nullable=False),
    Index("ix_conversation_steps_version_id", "version_id"),
    sqlite_with_rowid=False,
)

timers = Table(
    "timers",
    metadata,
    _conversation(is_key=True),
    Column("kind", sa.String(16), primary_key=True),
    Column("due_at", UtcTime, nullable=False, index=True),
    sqlite_with_rowid=False,
)

# Calls in the air: written down with the turn that wants them, gone with the turn that hears of their end.
conversation_calls = Table(
    "conversation_calls",
    metadata,
    _conversation(is_key=True),
    Column("visit", sa.Integer, primary_key=True, autoincrement=False),
    Column("workspace_id", sa.String(30), ForeignKey("workspaces.id"), nullable=False),
    Column("effect", sa.Text, nullable=False),  # JSON of the engine's RunAction
    Column("as_if", Json),
    Column("owner", sa.String(30), nullable=False),  # the process that runs it
    Column("begun_at", UtcTime, nullable=False),
    Column("said_at", UtcTime),  # when the words for a long call were said
    Column("late_at", UtcTime),  # when it went beyond its budget
)

# Conversations that want a turn, where turns are taken by several processes: who takes one deletes its row with it.
conversation_wakes = Table(
    "conversation_wakes",
    metadata,
    Column("conversation_id", sa.String(30), primary_key=True),
    Column("wanted_at", UtcTime, nullable=False, index=True),  # not before
    Column("tries", sa.Integer, nullable=False),  # how often a turn failed
)

# ── channels: what carries messages between people and conversations ─────────────────────────────────────────────────

channels = Table(
    "channels",
    metadata,
    _id(),
    _workspace(),
    Column("kind", sa.String(16), nullable=False),  # whatsapp
    Column("name", sa.String(200), nullable=False),
    Column("key", sa.String(64), nullable=False, unique=True),  # in the address that Meta calls; nobody can guess it
    Column(
        "settings", Json, nullable=False
    ),  # its definition: number, version of the Graph API, what begins which flow, …
    Column("health", Json),  # what the last look at the Graph API found
    Column("parked", Json),  # {code, message, at} while nothing is sent, since nothing would arrive
    Column("sender", sa.String(30)),  # the process that sends what waits: one alone keeps its order and its pace
    _created(),
    _updated(),
)

# Sealed in their places as values of credentials are; `hosts` are sealed with each.
channel_secrets = Table(
    "channel_secrets",
    metadata,
    Column("channel_id", sa.String(30), ForeignKey("channels.id", ondelete="CASCADE"), primary_key=True),
    Column(
        "name", sa.String(32), primary_key=True
    ),  # access_token, app_secret, app_secret_before, verify_token, flow_key
    Column("kid", sa.String(16), nullable=False, index=True),
    Column("sealed", sa.Text, nullable=False),
    Column("sealed_by", sa.String(16), nullable=False),  # client | server
    _updated(),
)

contacts = Table(
    "contacts",
    metadata,
    _id(),
    Column("workspace_id", sa.String(30), ForeignKey("workspaces.id"), nullable=False),
    Column("channel_id", sa.String(30), ForeignKey("channels.id", ondelete="CASCADE"), nullable=False),
    Column("name", sa.String(200)),
    Column("phone", sa.String(32)),  # as the channel writes it, digits alone; unknown for who has a username
    Column("user_id", sa.String(140)),  # the channel's own id of the person, known or not
    Column("last_message_at", UtcTime),  # when the person wrote last, by the channel's clock: opens the 24 hours
    Column("opted_out_at", UtcTime),
    Column("fallback_at", UtcTime),  # when a template was sent last in the place of what could not be
    Column("paused_until", UtcTime),  # somebody answers from elsewhere; flows stay silent
    _created(),
    _updated(),
    Index("ix_contacts_channel_id", "channel_id", "id"),
    Index("ix_contacts_workspace_id", "workspace_id", "id"),
)

contact_identities = Table(
    "contact_identities",
    metadata,
    Column("channel_id", sa.String(30), ForeignKey("channels.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", sa.String(8), primary_key=True),  # phone | user | parent
    Column("value", sa.String(140), primary_key=True),
    Column("contact_id", sa.String(30), ForeignKey("contacts.id", ondelete="CASCADE"), nullable=False, index=True),
    _created(),
)

# What Meta delivered, as it came; on disk before Meta is told so.
deliveries = Table(
    "deliveries",
    metadata,
    _id(),
    Column("workspace_id", sa.String(30), ForeignKey("workspaces.id"), nullable=False),
    Column("channel_id", sa.String(30), ForeignKey("channels.id", ondelete="CASCADE"), nullable=False),
    Column("body", sa.LargeBinary, nullable=False),
    Column("owner", sa.String(30), nullable=False),  # the process that takes it in
    Column("status", sa.String(8), nullable=False),  # received | done | failed
    Column("note", sa.Text),  # why it failed, without anybody's data
    _created(),
    Column("done_at", UtcTime, index=True),
    Index("ix_deliveries_channel_id", "channel_id", "id"),
)
Index(
    "ix_deliveries_received",
    deliveries.c.id,
    sqlite_where=deliveries.c.status == "received",
)

# Ids of the channel that had their effect; kept longer than Meta delivers anew.
seen_ids = Table(
    "seen_ids",
    metadata,
    Column("channel_id", sa.String(30), ForeignKey("channels.id", ondelete="CASCADE"), primary_key=True),
    Column("key", sa.String(300), primary_key=True),
    Column("at", UtcTime, nullable=False, index=True),
    sqlite_with_rowid=False,
)

# What is to be sent: a row for each message that no answer of the Graph API has settled.
outbox = Table(
    "outbox",
    metadata,
    Column("message_id", sa.String(30), ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True),
    Column("workspace_id", sa.String(30), ForeignKey("workspaces.id"), nullable=False),
    Column("channel_id", sa.String(30), ForeignKey("channels.id", ondelete="CASCADE"), nullable=False),
    Column("contact_id", sa.String(30), ForeignKey("contacts.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("payload", sa.Text),  # JSON of a template or whatever no Outgoing says; else the message's content is sent
    Column("due_at", UtcTime, nullable=False),
    Column("tries", sa.Integer, nullable=False),
    Column("owner", sa.String(30)),  # the process that sends it now
    Column("begun_at", UtcTime),  # when the last try went out; its answer is not known yet
    Column("held_at", UtcTime),  # a template was sent in its place: it waits for the person to write after this
    Index("ix_outbox_channel_id", "channel_id", "due_at"),
)

# Forms that WhatsApp shows (Meta calls them Flows), and what answers their screens.
forms = Table(
    "forms",
    metadata,
    _id(),
    _workspace(),
    Column("channel_id", sa.String(30), ForeignKey("channels.id", ondelete="CASCADE"), nullable=False),
    Column("name", sa.String(200), nullable=False),
    Column("flow_id", sa.String(64), nullable=False),  # Meta's id of it; empty while nobody has told it
    Column("definition", Json, nullable=False),  # its JSON at Meta, and the handlers of its screens
    _created(),
    _updated(),
    Index("ix_forms_channel_id", "channel_id", "id"),
)

# Which conversation a form that was sent belongs to. Without one it is being tried.
form_tokens = Table(
    "form_tokens",
    metadata,
    Column("token_hash", sa.String(64), primary_key=True),  # SHA-256 of 192 random bits, hex
    Column("form_id", sa.String(30), ForeignKey("forms.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("conversation_id", sa.String(30), ForeignKey("conversations.id", ondelete="CASCADE"), index=True),
    Column("given", Json, nullable=False),  # the values that were sent along
    Column("created_at", UtcTime, nullable=False, index=True),
)

# ── media: files that people sent, and what is in them ───────────────────────────────────────────────────────────────

media = Table(
    "media",
    metadata,
    _id(),
    Column("workspace_id", sa.String(30), ForeignKey("workspaces.id"), nullable=False),
    Column("channel_id", sa.String(30), nullable=False),  # simulator, or the id of a channel
    Column(
        "conversation_id", sa.String(30), ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    Column("message_id", sa.String(30), nullable=False),  # empty until an upload is sent
    Column("provider_id", sa.String(200), nullable=False),  # what the channel calls it
    Column("content_type", sa.String(200), nullable=False),
    Column("filename", sa.String(255), nullable=False),
    Column("size", sa.BigInteger),  # bytes; known once it is kept
    Column("sha256", sa.String(64), nullable=False),  # hex; as the channel tells it, then of what is kept
    Column("status", sa.String(8), nullable=False),  # waiting | kept | refused | gone
    Column("error", sa.String(64)),  # the code of why there is nothing
    Column("link_key", sa.LargeBinary, nullable=False),  # signs links to it; beside what it guards, and gone with it
    Column("tries", sa.Integer, nullable=False),
    Column("due_at", UtcTime, index=True),  # the next try; none where it is over
    Column("owner", sa.String(30)),  # the process that fetches it now
    _created(),
    Column("kept_until", UtcTime, nullable=False),
    Index("ix_media_workspace_id", "workspace_id", "id"),
    Index("ix_media_kept_until", "status", "kept_until"),
)

media_chunks = Table(
    "media_chunks",
    metadata,
    Column("media_id", sa.String(30), ForeignKey("media.id", ondelete="CASCADE"), primary_key=True),
    Column("number", sa.Integer, primary_key=True, autoincrement=False),
    Column("data", sa.LargeBinary, nullable=False),
)

# ── webhooks: what we tell servers of the workspace's own ────────────────────────────────────────────────────────────

webhooks = Table(
    "webhooks",
    metadata,
    _id(),
    _workspace(),
    Column("name", sa.String(200), nullable=False),
    Column("url", sa.Text, nullable=False),
    Column("events", Json, nullable=False),  # the types that it is told
    Column("includes_simulator", sa.Boolean, nullable=False),
    Column("is_paused", sa.Boolean, nullable=False),
    _created(),
    _updated(),
)

webhook_secrets = Table(
    "webhook_secrets",
    metadata,
    Column("webhook_id", sa.String(30), ForeignKey("webhooks.id", ondelete="CASCADE"), primary_key=True),
    Column("name", sa.String(32), primary_key=True),  # current, before
    Column("kid", sa.String(16), nullable=False, index=True),
    Column("sealed", sa.Text, nullable=False),
    Column("sealed_by", sa.String(16), nullable=False),  # server
    _updated(),
)

# Written with what it tells of, in one transaction; kept for some time after it arrived, to be looked at and sent anew.
webhook_events = Table(
    "webhook_events",
    metadata,
    _id(),
    Column("workspace_id", sa.String(30), ForeignKey("workspaces.id"), nullable=False),
    Column("webhook_id", sa.String(30), ForeignKey("webhooks.id", ondelete="CASCADE"), nullable=False),
    Column("type", sa.String(40), nullable=False),
    Column("body", sa.Text, nullable=False),
    Column("status", sa.String(9), nullable=False),  # waiting | delivered | failed
    Column("tries", sa.Integer, nullable=False),
    Column("due_at", UtcTime),  # the next try; none where it is over
    Column("owner", sa.String(30)),  # the process that sends it now
    Column("answer", Json),  # to the last try: {status, error, ms, at}
    _created(),
    Index("ix_webhook_events_webhook_id", "webhook_id", "id"),
    Index("ix_webhook_events_due_at", "due_at"),
)

# Conversations that are begun with many people; kept as long as conversations are.
batches = Table(
    "batches",
    metadata,
    _id(),
    Column("workspace_id", sa.String(30), ForeignKey("workspaces.id"), nullable=False),
    Column("channel_id", sa.String(30), ForeignKey("channels.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("flow_id", sa.String(30), nullable=False),
    Column("key", sa.String(100)),  # who asks twice with the same gets the same batch
    Column("status", sa.String(8), nullable=False, index=True),  # running | stopped | done
    Column("total", sa.Integer, nullable=False),
    Column("begun_with", Json, nullable=False),  # {template, variables}
    _created(),
    Column("ended_at", UtcTime, index=True),
    sa.UniqueConstraint("workspace_id", "key"),
)

batch_items = Table(
    "batch_items",
    metadata,
    Column("batch_id", sa.String(30), ForeignKey("batches.id", ondelete="CASCADE"), primary_key=True),
    Column("number", sa.Integer, primary_key=True, autoincrement=False),
    Column("contact", Json, nullable=False),  # who, with what is their own
    Column("status", sa.String(8), nullable=False),  # waiting | begun | skipped
    Column("code", sa.String(64)),  # why somebody was skipped
    Column("conversation_id", sa.String(30)),
    Column("message_id", sa.String(30)),  # the first one
)

# ── executions: opened in one table, closed in the other, so that both are only ever appended to ──────────────────────

executions = Table(
    "executions",
    metadata,
    Column("workspace_id", sa.String(30), primary_key=True),
    Column("id", sa.String(30), primary_key=True),
    Column("kind", sa.String(16), nullable=False),  # live | test | credential_test
    Column("integration_id", sa.String(30)),
    Column("action_id", sa.String(30)),
    Column("credential_id", sa.String(30)),
    Column("owner", sa.String(30)),  # the process that runs it
    Column("method", sa.String(8)),
    Column("idempotency_key", sa.String(255)),
    Column("idempotency_hash", sa.String(64)),
    Column("inputs", sa.Text),  # JSON, kept so that a call that is safe to repeat can be repeated after a crash
    Column("request", sa.Text),  # JSON of the masked request without its body, written before the first byte goes out
    Column("request_body", sa.LargeBinary),
    _created(),
)
Index("ix_executions_action_id", executions.c.action_id, executions.c.id)
Index(
    "uq_executions_idempotency_key",
    executions.c.workspace_id,
    executions.c.action_id,
    executions.c.idempotency_key,
    unique=True,
    # Only rows with a key, also on PostgreSQL; said by the migration, as saying it here loads that dialect: 2.1 MB.
    sqlite_where=executions.c.idempotency_key.is_not(None),
)

# An execution without a row here is running. The first to close it wins: a process that was thought dead comes too late.
execution_results = Table(
    "execution_results",
    metadata,
    _id(),
    Column("outcome", sa.String(16), nullable=False),
    Column("status", sa.Integer),
    Column("total_ms", sa.Float),
    Column("record", sa.Text, nullable=False),  # JSON of what came of it, without the response's body
    Column("response_body", sa.LargeBinary),
    Column("finished_at", UtcTime, nullable=False),
)

# How many executions ended how, counted ahead by `db/counts.py`. Never more rows than executions; '' stands for none in an id.
execution_counts = Table(
    "execution_counts",
    metadata,
    Column("workspace_id", sa.String(30), primary_key=True),
    Column("minute", sa.Integer, primary_key=True, autoincrement=False),  # since 1970, of when they were begun
    Column("integration_id", sa.String(30), primary_key=True),
    Column("action_id", sa.String(30), primary_key=True),
    Column("credential_id", sa.String(30), primary_key=True),
    Column("kind", sa.String(16), primary_key=True),
    Column("outcome", sa.String(16), primary_key=True),
    Column("count", sa.Integer, nullable=False),
    sqlite_with_rowid=False,
)

# ── processes ────────────────────────────────────────────────────────────────────────────────────────────────────────

processes = Table(
    "processes",
    metadata,
    _id(),
    Column("kind", sa.String(16), nullable=False),  # server | worker | leaving | cli
    Column("host", sa.String(255), nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("heartbeat_at", UtcTime, nullable=False),
    Column("oldest_open_id", sa.String(30), nullable=False),  # everything it opened before this one is closed
)

revisions = Table(
    "revisions",
    metadata,
    Column(
        "name", sa.String(32), primary_key=True
    ),  # `configuration`: raised by every change other processes must notice · `counted`: the mark of `execution_counts`
    Column("value", sa.BigInteger, nullable=False),
)
