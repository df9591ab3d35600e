"""The SQL of looking at conversations: lists, transcripts, paths, and counts by block."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa

from recado.conversations.repository import Row
from recado.db.tables import contacts, conversation_steps, conversations, flow_uses, flow_versions, messages
from recado.ids import id_at, is_id
from recado.web.pages import contains, paged

_newest: Final = messages.alias("newest")
_LISTED: Final = (
    sa.select(
        *(column for column in conversations.c if column.name not in {"state", "as_if", "begun_with"}),
        flow_versions.c.number.label("version"),
        _newest.c.direction.label("last_direction"),
        _newest.c.content.label("last_content"),
        _newest.c.created_at.label("last_at"),
    )
    .select_from(conversations)
    .join(flow_versions, flow_versions.c.id == conversations.c.version_id)
    .outerjoin(
        _newest,
        (_newest.c.conversation_id == conversations.c.id) & (_newest.c.number == conversations.c.last_message),
    )
)
_WHOLE: Final = _LISTED.add_columns(
    conversations.c.state,
    conversations.c.as_if,
    conversations.c.begun_with,
    contacts.c.last_message_at.label("heard_at"),
).outerjoin(contacts, contacts.c.id == conversations.c.contact_key)


def find_conversation(connection: sa.Connection, workspace_id: str, conversation_id: str) -> Row | None:
    """A conversation with its state."""
    return connection.execute(
        _WHOLE.where(conversations.c.workspace_id == workspace_id, conversations.c.id == conversation_id)
    ).one_or_none()


def list_conversations(
    connection: sa.Connection,
    workspace_id: str,
    filters: dict[str, Any],
    search: str | None,
    span: tuple[dt.datetime | None, dt.datetime | None],
    limit: int,
    cursor: str | None,
) -> Sequence[Row]:
    """Newest first, without states; the ids carry the time, so a span of time is a span of ids."""
    statement = _LISTED.where(conversations.c.workspace_id == workspace_id)
    for name, value in filters.items():
        statement = statement.where(conversations.c[name] == value)
    if search:
        is_told = contains(sa.cast(conversations.c.contact, sa.Text), search)
        is_it = conversations.c.id == search if is_id(search, "cnv") else sa.false()
        statement = statement.where(sa.or_(is_it, is_told))
    since, until = span
    if since:
        statement = statement.where(conversations.c.id >= id_at("cnv", since))
    if until:
        statement = statement.where(conversations.c.id < id_at("cnv", until))
    return connection.execute(paged(statement, conversations.c.id, limit, cursor)).all()


def list_messages(connection: sa.Connection, conversation_id: str, after: int) -> Sequence[Row]:
    """What was said after the message with this number, in order."""
    return connection.execute(
        sa.select(messages)
        .where(messages.c.conversation_id == conversation_id, messages.c.number > after)
        .order_by(messages.c.number)
    ).all()


def list_steps(connection: sa.Connection, conversation_id: str, after: int) -> Sequence[Row]:
    """The path after the step with this number."""
    return connection.execute(
        sa.select(conversation_steps)
        .where(conversation_steps.c.conversation_id == conversation_id, conversation_steps.c.number > after)
        .order_by(conversation_steps.c.number)
    ).all()


# ── where people go ──────────────────────────────────────────────────────────────────────────────────────────────────


def count_entered(connection: sa.Connection, version_id: str, since: dt.datetime | None) -> Sequence[Row]:
    """How often each block was entered, from which, by which way."""
    steps = conversation_steps.c
    statement = (
        sa.select(steps.block_id, steps.left_block_id, steps.edge, sa.func.count().label("times"))
        .where(steps.version_id == version_id, steps.kind == "visited")
        .group_by(steps.block_id, steps.left_block_id, steps.edge)
    )
    if since:
        statement = statement.where(steps.at >= since)
    return connection.execute(statement).all()


def count_standing(connection: sa.Connection, version_id: str, since: dt.datetime | None) -> Sequence[Row]:
    """How many conversations stand, or ended, at each block, by status."""
    own = conversations.c
    statement = (
        sa.select(own.block_id, own.status, sa.func.count().label("times"))
        .where(own.version_id == version_id)
        .group_by(own.block_id, own.status)
    )
    if since:
        statement = statement.where(own.id >= id_at("cnv", since))
    return connection.execute(statement).all()


def find_flow_using(connection: sa.Connection, workspace_id: str, integration_id: str) -> str | None:
    """The oldest flow that calls an integration."""
    used = flow_uses.c
    found: str | None = connection.scalar(
        sa.select(sa.func.min(used.flow_id)).where(
            used.workspace_id == workspace_id, used.kind == "integration", used.object_id == integration_id
        )
    )
    return found
