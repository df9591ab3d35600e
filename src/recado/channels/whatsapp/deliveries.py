"""All SQL of what Meta delivered: bodies until they are taken in and a while longer, and the ids that had their effect."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa

from recado.db.columns import utc_now
from recado.db.once import insert_once
from recado.db.rows import delete_some
from recado.db.tables import deliveries, processes, seen_ids
from recado.ids import id_at

Row = sa.Row[*tuple[Any, ...]]
_BATCH: Final = 500
_RECEIVED: Final[sa.ColumnElement[str]] = sa.literal_column("'received'")
"""Written out, so that both databases use their index of what has this status."""
_INSERT: Final = sa.insert(deliveries)
_END: Final = (
    sa.update(deliveries)
    .where(deliveries.c.id == sa.bindparam("own_id"))
    .values(status=sa.bindparam("new_status"), note=sa.bindparam("new_note"), done_at=sa.bindparam("new_at"))
)


def insert(
    connection: sa.Connection, delivery_id: str, workspace_id: str, channel_id: str, body: bytes, owner: str
) -> None:
    """What just came, for `owner` to take in."""
    values = {
        "id": delivery_id,
        "workspace_id": workspace_id,
        "channel_id": channel_id,
        "body": body,
        "owner": owner,
        "status": "received",
        "created_at": utc_now(),
    }
    connection.execute(_INSERT, values)


def end(connection: sa.Connection, ended: Sequence[tuple[str, str | None]]) -> None:
    """These are taken in; with a note, in part only."""
    now = utc_now()
    rows = [
        {"own_id": delivery_id, "new_status": "failed" if note else "done", "new_note": note, "new_at": now}
        for delivery_id, note in ended
    ]
    connection.execute(_END, rows)


def list_own(connection: sa.Connection, owner: str, older_than: dt.timedelta, limit: int) -> Sequence[str]:
    """The oldest ids of ours that are not taken in, of those that came some time ago."""
    return connection.scalars(
        sa.select(deliveries.c.id)
        .where(
            deliveries.c.status == _RECEIVED,
            deliveries.c.owner == owner,
            deliveries.c.id < id_at("dlv", utc_now() - older_than),
        )
        .order_by(deliveries.c.id)
        .limit(limit)
    ).all()


def find(connection: sa.Connection, delivery_id: str) -> Row | None:
    """One, as it came."""
    return connection.execute(sa.select(deliveries).where(deliveries.c.id == delivery_id)).one_or_none()


def has_left(connection: sa.Connection, owner: str) -> bool:
    """Whether any belongs to another process."""
    found = sa.select(deliveries.c.id).where(deliveries.c.status == _RECEIVED, deliveries.c.owner != owner).limit(1)
    return connection.scalar(found) is not None


def claim(connection: sa.Connection, owner: str, silent: dt.timedelta, limit: int, *, is_only_server: bool) -> int:
    """Take over the oldest that processes left behind which are dead; on SQLite every other one is. How many they were."""
    wanted = sa.select(deliveries.c.id).where(deliveries.c.status == _RECEIVED, deliveries.c.owner != owner)
    if not is_only_server:
        now = connection.scalar(sa.select(sa.func.clock_timestamp())) or utc_now()
        alive = sa.select(processes.c.id).where(processes.c.heartbeat_at >= now - silent)
        wanted = wanted.where(deliveries.c.owner.not_in(alive)).with_for_update(skip_locked=True)
    found = connection.scalars(wanted.order_by(deliveries.c.id).limit(limit)).all()
    if found:
        connection.execute(sa.update(deliveries).where(deliveries.c.id.in_(found)).values(owner=owner))
    return len(found)


def see(connection: sa.Connection, channel_id: str, key: str) -> bool:
    """Note that something has its effect in this transaction; False when it had it before."""
    return insert_once(connection, seen_ids, {"channel_id": channel_id, "key": key, "at": utc_now()})


def delete_before(connection: sa.Connection, moment: dt.datetime) -> int:
    """Delete at most 500 that were taken in before `moment`; how many."""
    return delete_some(connection, deliveries, deliveries.c.done_at < moment)


def forget_before(connection: sa.Connection, moment: dt.datetime) -> int:
    """Forget at most 500 ids that had their effect before `moment`; how many."""
    old = connection.execute(
        sa.select(seen_ids.c.channel_id, seen_ids.c.key).where(seen_ids.c.at < moment).limit(_BATCH)
    ).all()
    if old:
        connection.execute(
            sa.delete(seen_ids).where(
                seen_ids.c.channel_id == sa.bindparam("own_channel"), seen_ids.c.key == sa.bindparam("own_key")
            ),
            [{"own_channel": row.channel_id, "own_key": row.key} for row in old],
        )
    return len(old)
