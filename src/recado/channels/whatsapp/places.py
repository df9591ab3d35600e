"""Finds the conversation that a message belongs to, and the message that it answers."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from recado.conversations import repository
from recado.conversations.repository import Row
from recado.db.tables import conversations, flow_versions, messages

_WITH: Final = (
    conversations.c.channel_id == sa.bindparam("channel"),
    conversations.c.contact_key == sa.bindparam("contact"),
)
_NEWEST: Final = sa.select(conversations.c.id).where(*_WITH).order_by(conversations.c.id.desc()).limit(1)
_OPEN: Final = _NEWEST.where(conversations.c.ended_at.is_(None))
_ANSWERED: Final = sa.select(messages.c.id).where(
    messages.c.channel_id == sa.bindparam("channel"),
    messages.c.channel_message_id == sa.bindparam("known_as"),
    messages.c.direction == "out",
)


def find_open_id(connection: sa.Connection, channel_id: str, contact_id: str) -> str | None:
    """The newest conversation that is open with a contact."""
    return connection.scalar(_OPEN, {"channel": channel_id, "contact": contact_id})


def lock_open(connection: sa.Connection, channel_id: str, contact_id: str) -> Row | None:
    """The same, held until the transaction ends. Whoever asks holds the contact, so none begins meanwhile."""
    found = find_open_id(connection, channel_id, contact_id)
    row = None if found is None else repository.lock_conversation(connection, found)
    if row is None or row.ended_at is None:
        return row
    return lock_open(connection, channel_id, contact_id)  # it ended while we waited for it


def find_latest(connection: sa.Connection, channel_id: str, contact_id: str) -> Row | None:
    """The newest conversation with a contact, ended or not, held until the transaction ends."""
    found = connection.scalar(_NEWEST, {"channel": channel_id, "contact": contact_id})
    return None if found is None else repository.lock_conversation(connection, found)


def find_answered(connection: sa.Connection, channel_id: str, channel_message_id: str) -> str | None:
    """Our id of what we said, by the channel's."""
    return connection.scalar(_ANSWERED, {"channel": channel_id, "known_as": channel_message_id})


def number_of(connection: sa.Connection, version_id: str) -> int | None:
    """The number of a published version."""
    return connection.scalar(sa.select(flow_versions.c.number).where(flow_versions.c.id == version_id))
