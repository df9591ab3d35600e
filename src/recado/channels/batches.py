"""All SQL of batches: who is to be written to, how far it has come, and who comes next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa

from recado.conversations.repository import Row, now_of
from recado.db.tables import batch_items, batches, contacts, messages, outbox
from recado.web.pages import paged

_WAITS: Final = batch_items.c.status == "waiting"
_said: Final = sa.func.coalesce(messages.c.status, "queued")


def insert(connection: sa.Connection, values: dict[str, Any], people: Sequence[dict[str, Any]]) -> None:
    """A new batch. Raises IntegrityError where its key is taken."""
    connection.execute(sa.insert(batches).values(values))
    items = [
        {"batch_id": values["id"], "number": number, "contact": person, "status": "waiting"}
        for number, person in enumerate(people)
    ]
    connection.execute(sa.insert(batch_items), items)


def find(connection: sa.Connection, workspace_id: str, batch_id: str) -> Row | None:
    """One batch."""
    return connection.execute(
        sa.select(batches).where(batches.c.workspace_id == workspace_id, batches.c.id == batch_id)
    ).one_or_none()


def find_by_key(connection: sa.Connection, workspace_id: str, key: str) -> Row | None:
    """The batch that was made with this key."""
    return connection.execute(
        sa.select(batches).where(batches.c.workspace_id == workspace_id, batches.c.key == key)
    ).one_or_none()


def list_newest(connection: sa.Connection, workspace_id: str, limit: int, cursor: str | None) -> Sequence[Row]:
    """Newest first, one more than asked."""
    statement = sa.select(batches).where(batches.c.workspace_id == workspace_id)
    return connection.execute(paged(statement, batches.c.id, limit, cursor)).all()


def count(connection: sa.Connection, batch_id: str) -> list[tuple[str, str | None, str | None, int]]:
    """How many items there are of each status, code, and status of their first message."""
    statement = (
        sa.select(batch_items.c.status, batch_items.c.code, messages.c.status, sa.func.count())
        .join_from(batch_items, messages, messages.c.id == batch_items.c.message_id, isouter=True)
        .where(batch_items.c.batch_id == batch_id)
        .group_by(batch_items.c.status, batch_items.c.code, messages.c.status)
    )
    return [(row[0], row[1], row[2], row[3]) for row in connection.execute(statement)]


def list_items(connection: sa.Connection, batch_id: str, status: str | None, after: int, limit: int) -> Sequence[Row]:
    """Its people in their order, one more than asked, each with the status and the error of their first message."""
    statement = (
        sa.select(batch_items, _said.label("said"), messages.c.error)
        .join_from(batch_items, messages, messages.c.id == batch_items.c.message_id, isouter=True)
        .where(batch_items.c.batch_id == batch_id, batch_items.c.number > after)
    )
    if status in {"waiting", "skipped"}:
        statement = statement.where(batch_items.c.status == status)
    elif status is not None:
        statement = statement.where(batch_items.c.status == "begun", _said == status)
    return connection.execute(statement.order_by(batch_items.c.number).limit(limit + 1)).all()


def find_contacts(connection: sa.Connection, workspace_id: str, ids: Sequence[str]) -> dict[str, Row]:
    """Those who were named by their id."""
    statement = sa.select(contacts).where(contacts.c.workspace_id == workspace_id, contacts.c.id.in_(ids))
    return {row.id: row for row in connection.execute(statement)}


def end(connection: sa.Connection, batch_id: str, status: str) -> bool:
    """A batch that runs runs no more; False where it did not."""
    values = {"status": status, "ended_at": now_of(connection)}
    return (
        connection.execute(
            sa.update(batches).where(batches.c.id == batch_id, batches.c.status == "running").values(values)
        ).rowcount
        == 1
    )


def list_next(connection: sa.Connection, most_waiting: int, limit: int) -> list[tuple[Row, list[Row]]]:
    """Of each batch that runs and whose channel has little to send, those who come next; none where it is through."""
    found = []
    for batch in connection.execute(sa.select(batches).where(batches.c.status == "running")).all():
        waiting = connection.scalar(
            sa.select(sa.func.count()).select_from(outbox).where(outbox.c.channel_id == batch.channel_id)
        )
        if (waiting or 0) >= most_waiting:
            continue
        items = sa.select(batch_items).where(batch_items.c.batch_id == batch.id, _WAITS)
        found.append((batch, list(connection.execute(items.order_by(batch_items.c.number).limit(limit)).all())))
    return found


def take(connection: sa.Connection, item: Row) -> bool:
    """Somebody's turn has come; False where another process was quicker, or the batch was stopped."""
    runs = sa.exists().where(batches.c.id == item.batch_id, batches.c.status == "running")
    changed = connection.execute(
        sa.update(batch_items)
        .where(batch_items.c.batch_id == item.batch_id, batch_items.c.number == item.number, _WAITS, runs)
        .values(status="begun")
    )
    return changed.rowcount == 1


def begun(connection: sa.Connection, item: Row, conversation_id: str) -> None:
    """The conversation with somebody, and the first thing that was said in it."""
    first = (
        sa.select(messages.c.id)
        .where(messages.c.conversation_id == conversation_id, messages.c.direction == "out")
        .order_by(messages.c.number)
        .limit(1)
    )
    _set(connection, item, {"conversation_id": conversation_id, "message_id": connection.scalar(first)})


def skip(connection: sa.Connection, item: Row, code: str) -> None:
    """Somebody is not written to."""
    _set(connection, item, {"status": "skipped", "code": code})


def _set(connection: sa.Connection, item: Row, values: dict[str, Any]) -> None:
    connection.execute(
        sa.update(batch_items)
        .where(batch_items.c.batch_id == item.batch_id, batch_items.c.number == item.number)
        .values(values)
    )


def delete_before(connection: sa.Connection, moment: dt.datetime) -> int:
    """Delete a batch that ended before `moment`, with those who were in it; how many."""
    old = connection.scalars(sa.select(batches.c.id).where(batches.c.ended_at < moment).limit(1)).all()
    if old:
        connection.execute(sa.delete(batch_items).where(batch_items.c.batch_id.in_(old)))
        connection.execute(sa.delete(batches).where(batches.c.id.in_(old)))
    return len(old)
