"""All SQL of channels and of their secrets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any, Final

import sqlalchemy as sa

from recado.credentials.keys_repository import CHANNEL, sealed_secrets
from recado.credentials.repository import Row
from recado.db.columns import Json
from recado.db.rows import find_own
from recado.db.tables import (
    batches,
    channel_secrets,
    channels,
    conversations,
    deliveries,
    flow_uses,
    flows,
    forms,
    outbox,
)
from recado.flows.events import ENDED
from recado.web.pages import contains, paged

_COLUMNS: Final = [
    sa.type_coerce(column, sa.Text).label(column.name) if isinstance(column.type, Json) else column
    for column in channels.c
]
"""JSON as text, so that a damaged one is found where its record is read, not for a whole list."""


# ── channels ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def insert_channel(connection: sa.Connection, values: dict[str, Any]) -> None:
    """A new row. Raises IntegrityError where the id is taken."""
    connection.execute(sa.insert(channels).values(values))


def find_channel(
    connection: sa.Connection, workspace_id: str, channel_id: str, *, is_locked: bool = False
) -> Row | None:
    """One channel; locked, nobody else changes it before this transaction ends."""
    return find_own(connection, channels, _COLUMNS, workspace_id, channel_id, is_locked=is_locked)


def find_by_key(connection: sa.Connection, key: str) -> Row | None:
    """The channel that Meta calls by this key, of whatever workspace."""
    return connection.execute(sa.select(*_COLUMNS).where(channels.c.key == key)).one_or_none()


def list_channels(
    connection: sa.Connection, workspace_id: str, search: str | None, limit: int, cursor: str | None
) -> Sequence[Row]:
    """Newest first, one row more than asked."""
    statement = sa.select(*_COLUMNS).where(channels.c.workspace_id == workspace_id)
    if search:
        statement = statement.where(contains(channels.c.name, search))
    return connection.execute(paged(statement, channels.c.id, limit, cursor)).all()


def update_channel(connection: sa.Connection, channel_id: str, values: dict[str, Any]) -> None:
    """Set some columns."""
    connection.execute(sa.update(channels).where(channels.c.id == channel_id).values(values))


def delete_channel(connection: sa.Connection, channel_id: str) -> None:
    """The channel with its secrets, contacts, and what waits to come in or go out."""
    connection.execute(sa.delete(channels).where(channels.c.id == channel_id))


def list_flow_ids(connection: sa.Connection, workspace_id: str, flow_ids: Collection[str]) -> set[str]:
    """Which of these flows there are."""
    statement = sa.select(flows.c.id).where(flows.c.workspace_id == workspace_id, flows.c.id.in_(flow_ids))
    return set(connection.scalars(statement))


# ── what goes on in them ─────────────────────────────────────────────────────────────────────────────────────────────


def _open_ones(channel_ids: Collection[str]) -> tuple[sa.ColumnElement[bool], ...]:
    return (conversations.c.channel_id.in_(channel_ids), conversations.c.status.not_in(ENDED))


def count_open(connection: sa.Connection, channel_ids: Collection[str]) -> dict[str, int]:
    """How many conversations are open, by channel."""
    column = conversations.c.channel_id
    statement = sa.select(column, sa.func.count()).where(*_open_ones(channel_ids)).group_by(column)
    return {row[0]: row[1] for row in connection.execute(statement)}


def count_waiting(connection: sa.Connection, channel_ids: Collection[str]) -> dict[str, int]:
    """How many messages wait to be sent, by channel."""
    column = outbox.c.channel_id
    statement = sa.select(column, sa.func.count()).where(column.in_(channel_ids)).group_by(column)
    return {row[0]: row[1] for row in connection.execute(statement)}


def list_open(connection: sa.Connection, channel_id: str, limit: int) -> Sequence[Row]:
    """Conversations that are open: rows of id and name."""
    name = conversations.c.id.label("name")
    return connection.execute(sa.select(conversations.c.id, name).where(*_open_ones([channel_id])).limit(limit)).all()


def list_batches(connection: sa.Connection, channel_id: str) -> Sequence[Row]:
    """Batches that are beginning conversations on a channel now: rows of id and name."""
    return connection.execute(
        sa.select(batches.c.id, batches.c.id.label("name"))
        .where(batches.c.channel_id == channel_id, batches.c.status == "running")
        .order_by(batches.c.id)
    ).all()


def list_senders(connection: sa.Connection, channel_id: str) -> Sequence[Row]:
    """The flows that send a form of a channel: rows of id and name, oldest first."""
    return connection.execute(
        sa.select(flows.c.id, flows.c.name)
        .join(flow_uses, flow_uses.c.flow_id == flows.c.id)
        .join(forms, forms.c.id == flow_uses.c.object_id)
        .where(forms.c.channel_id == channel_id)
        .distinct()
        .order_by(flows.c.id)
    ).all()


def last_delivery_at(connection: sa.Connection, channel_id: str) -> dt.datetime | None:
    """When Meta called last, as far as it is kept."""
    statement = sa.select(deliveries.c.created_at).where(deliveries.c.channel_id == channel_id)
    return connection.scalar(statement.order_by(deliveries.c.id.desc()).limit(1))


# ── secrets ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def list_secrets(connection: sa.Connection, channel_ids: Collection[str]) -> Sequence[Row]:
    """Which secrets are set: rows of channel_id, name, updated_at."""
    columns = (channel_secrets.c.channel_id, channel_secrets.c.name, channel_secrets.c.updated_at)
    return connection.execute(sa.select(*columns).where(channel_secrets.c.channel_id.in_(channel_ids))).all()


def list_sealed(connection: sa.Connection, channel_id: str) -> Sequence[Row]:
    """The secrets of a channel with their keys, in the columns of a credential's values (its name is `auth_field_id`)."""
    return connection.execute(sealed_secrets(CHANNEL).where(channel_secrets.c.channel_id == channel_id)).all()


def put_secrets(connection: sa.Connection, channel_id: str, rows: Sequence[dict[str, Any]]) -> None:
    """Secrets in place of those of the same names."""
    delete_secrets(connection, channel_id, [row["name"] for row in rows])
    if rows:
        connection.execute(sa.insert(channel_secrets), rows)


def delete_secrets(connection: sa.Connection, channel_id: str, names: Collection[str]) -> None:
    """The secrets of these names."""
    own = (channel_secrets.c.channel_id == channel_id, channel_secrets.c.name.in_(names))
    connection.execute(sa.delete(channel_secrets).where(*own))
