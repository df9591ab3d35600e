"""What is done alike with the rows of many tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final, TypeVar

import sqlalchemy as sa

from recado.db.tables import processes
from recado.errors import NotFound

R = TypeVar("R")
Row = sa.Row[*tuple[Any, ...]]
_SOME: Final = 500


def existing(row: R | None) -> R:
    """The row. Raises NotFound where there is none."""
    if row is None:
        raise NotFound
    return row


def delete_some(connection: sa.Connection, table: sa.Table, *wanted: sa.ColumnElement[bool]) -> int:
    """Delete at most 500 rows that all of these hold for; how many were deleted."""
    old = connection.scalars(sa.select(table.c.id).where(*wanted).limit(_SOME)).all()
    if old:
        connection.execute(sa.delete(table).where(table.c.id.in_(old)))
    return len(old)


def find_own(
    connection: sa.Connection,
    table: sa.Table,
    columns: Sequence[sa.ColumnElement[Any]],
    workspace_id: str,
    row_id: str,
    *,
    is_locked: bool = False,
) -> Row | None:
    """A workspace's row; locked, nobody else changes it before this transaction ends."""
    statement = sa.select(*columns).where(table.c.workspace_id == workspace_id, table.c.id == row_id)
    return connection.execute(statement.with_for_update() if is_locked else statement).one_or_none()


# ── rows that are due at a time, and tried until they are done ────────────────────────────────────────────────────────


def is_any_due(connection: sa.Connection, table: sa.Table, now: dt.datetime) -> bool:
    """Whether there is anything to be done now; a look that writes nothing."""
    return connection.scalar(sa.select(table.c.id).where(table.c.due_at <= now).limit(1)) is not None


def claim_due(
    connection: sa.Connection,
    table: sa.Table,
    wanted: sa.Select[*tuple[Any, ...]],
    owner: str,
    now: dt.datetime,
    limit: int,
    silent: dt.timedelta,
    *,
    is_only_server: bool,
) -> Sequence[Row]:
    """Take those that are due and nobody living is at; the try counts from here, so that a crash is one, too."""
    free = table.c.owner.is_(None) | (table.c.owner != owner)
    if not is_only_server:
        alive = sa.select(processes.c.id).where(processes.c.heartbeat_at >= now - silent)
        free = table.c.owner.is_(None) | table.c.owner.not_in(alive)
    due = wanted.where(table.c.due_at <= now, free).order_by(table.c.due_at).limit(limit)
    rows = connection.execute(due.with_for_update(skip_locked=True, of=table)).all()
    if rows:
        ids = [row.id for row in rows]
        connection.execute(sa.update(table).where(table.c.id.in_(ids)).values(owner=owner, tries=table.c.tries + 1))
    return rows
