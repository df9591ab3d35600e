"""How many executions ended how: counted ahead minute by minute, so that a million of them are not read to be counted.

A minute is counted once, when nothing begun in it can still be open, and stands in `execution_counts` from then on; the mark
says up to where. What was begun after the mark, a few minutes' worth, is counted when somebody asks.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple

import sqlalchemy as sa

from recado.db.columns import utc_now
from recado.db.tables import execution_counts, execution_results, executions, processes, revisions, workspaces
from recado.ids import id_at, moment_of

MINUTE: Final = 60
_MARK: Final = "counted"
_MOST_MINUTES: Final = 15
_MOST_AT_ONCE: Final = 5_000
"""Executions that are grouped by one statement: SQLite sorts them for it, in memory, 150 bytes each."""
_SHORTEST: Final = dt.timedelta(milliseconds=20)
_PATIENCE_MINUTES: Final = (
    60  # a result may be kept in memory while storage is in trouble; after an hour nobody waits for it
)

Dimension = Literal["integration_id", "action_id", "credential_id", "kind"]
DIMENSIONS: Final[tuple[Dimension, ...]] = ("integration_id", "action_id", "credential_id", "kind")
_OUTCOME: Final = (
    # As a value and not as a join: SQLite, which keeps no statistics, would begin with all results there are.
    sa.select(execution_results.c.outcome)
    .where(execution_results.c.id == executions.c.id)
    .scalar_subquery()
    .label("outcome")
)


@dataclass(frozen=True, slots=True)
class Span:
    """From one minute since 1970 up to, and without, another."""

    since: int
    until: int

    @property
    def is_empty(self) -> bool:
        """Whether no minute is in it."""
        return self.since >= self.until


def minute_of(moment: dt.datetime) -> int:
    """The minute since 1970 that a time lies in."""
    return int(moment.timestamp()) // MINUTE


def at_minute(minute: int) -> dt.datetime:
    """When a minute begins."""
    return dt.datetime.fromtimestamp(minute * MINUTE, dt.UTC)


# ── asking ───────────────────────────────────────────────────────────────────────────────────────────────────────────


class Ended(NamedTuple):
    """How many executions of a bucket and a group ended with an outcome."""

    bucket: int
    group: str
    outcome: str
    number: int


def count_ended(
    connection: sa.Connection,
    workspace_id: str,
    span: Span,
    *,
    by: Dimension | None = None,
    width: int | None = None,
    filters: Mapping[Dimension, str] | None = None,
    among: Sequence[str] | None = None,
) -> list[Ended]:
    """Executions begun in a span and ended; of one bucket, group and outcome there may be several, to be added up.

    `bucket` is the minute a stretch of `width` minutes begins at (0 without a width), `group` the value of `by` ('' for none,
    and without a `by`), `among` the only values of `by` to count.
    """
    mark = read_mark(connection) or 0
    counted = Span(span.since, min(span.until, mark))
    rest = Span(max(span.since, mark), span.until)
    wanted = _Wanted(workspace_id, by, filters or {}, among)
    found: list[Ended] = []
    if not counted.is_empty:
        found += [Ended(*row) for row in connection.execute(_of_counted(wanted, counted, width))]
    own = sa.and_(*wanted.conditions(executions))
    for bucket, piece in _buckets(rest, width):
        for stretch in _slices(connection, own, piece):
            rows = connection.execute(_of_rest(own, wanted.by, stretch))
            found += [Ended(bucket, *row) for row in rows if row.outcome is not None]
    return found


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is asked about, apart from the time."""

    workspace_id: str
    by: Dimension | None
    filters: Mapping[Dimension, str]
    among: Sequence[str] | None

    def conditions(self, table: sa.Table) -> Iterator[sa.ColumnElement[bool]]:
        """What holds a table's rows to it."""
        yield table.c.workspace_id == self.workspace_id
        for name, value in self.filters.items():
            yield table.c[name] == value
        if self.by is not None and self.among is not None:
            yield table.c[self.by].in_(self.among)


def _of_counted(wanted: _Wanted, span: Span, width: int | None) -> sa.Select[Any]:
    table = execution_counts.c
    bucket = table.minute - table.minute % width if width else sa.literal_column("0")
    group = table[wanted.by] if wanted.by else sa.literal_column("''")
    return (
        sa.select(bucket, group, table.outcome, sa.func.sum(table["count"]))
        .where(*wanted.conditions(execution_counts), table.minute >= span.since, table.minute < span.until)
        .group_by(sa.text("1"), sa.text("2"), table.outcome)
    )


def _of_rest(own: sa.ColumnElement[bool], by: Dimension | None, stretch: _Stretch) -> sa.Select[Any]:
    """With outcome None for those still running."""
    group: sa.ColumnElement[Any] = sa.func.coalesce(executions.c[by], "") if by else sa.literal_column("''")
    each = sa.select(group.label("dimension"), _OUTCOME).where(own, *_is_in(stretch)).subquery()
    return sa.select(*each.c, sa.func.count()).group_by(*each.c)


def _buckets(span: Span, width: int | None) -> Iterator[tuple[int, Span]]:
    """The span cut at the borders of buckets, each piece with the minute of its bucket."""
    if width is None and not span.is_empty:
        yield 0, span
    if width is None:
        return
    for bucket in range(span.since - span.since % width, span.until, width):
        yield bucket, Span(max(bucket, span.since), min(bucket + width, span.until))


class _Stretch(NamedTuple):
    """From one moment up to, and without, another."""

    since: dt.datetime
    until: dt.datetime


def _slices(connection: sa.Connection, own: sa.ColumnElement[bool], span: Span) -> Iterator[_Stretch]:
    """A span halved, and halved again, until no part holds more executions of these than are grouped at once."""
    waiting = [_Stretch(at_minute(span.since), at_minute(span.until))]
    while waiting:
        stretch = waiting.pop()
        length = stretch.until - stretch.since
        beyond: sa.Select[Any] = (
            sa.select(sa.literal_column("1")).where(own, *_is_in(stretch)).limit(1).offset(_MOST_AT_ONCE)
        )
        if length > _SHORTEST and connection.scalar(beyond) is not None:
            middle = stretch.since + length / 2
            waiting += [_Stretch(middle, stretch.until), _Stretch(stretch.since, middle)]
        else:
            yield stretch


def _is_in(stretch: _Stretch) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    """A stretch of time is one of ids, so its rows are a stretch of the primary key."""
    return executions.c.id >= id_at("exe", stretch.since), executions.c.id < id_at("exe", stretch.until)


# ── counting ahead ───────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Counted:
    """Rows of `execution_counts` up to a minute; `mark` is what the mark was when they were counted."""

    mark: int | None
    until: int
    rows: list[dict[str, Any]]


def read_mark(connection: sa.Connection) -> int | None:
    """Up to which minute, itself left out, everything is counted; None before the first time."""
    return connection.scalar(sa.select(revisions.c.value).where(revisions.c.name == _MARK))


def find_settled(connection: sa.Connection) -> Counted | None:
    """Count the next minutes, at most a quarter of an hour, in which nothing is open any more; None where there are none.

    Time in which nothing was begun is stepped over, and the mark is not moved for a few minutes of it.
    """
    mark = read_mark(connection)
    settled = _settled_until(connection)
    first = _first_minute_from(connection, mark or 0)
    if first is None or first >= settled:
        is_worth_it = mark is None or mark + _MOST_MINUTES <= settled
        return Counted(mark, settled, []) if is_worth_it else None
    span = Span(first, min(settled, first + _MOST_MINUTES))
    rows = [row for minute, piece in _buckets(span, 1) for row in _count_minute(connection, minute, piece)]
    hasty = minute_of(utc_now()) - _PATIENCE_MINUTES
    open_minutes = [row["minute"] for row in rows if row["outcome"] is None and row["minute"] > hasty]
    until = min([span.until, *open_minutes])
    kept = [row for row in rows if row["outcome"] is not None and row["minute"] < until]
    return Counted(mark, until, kept) if until > (mark or 0) else None


def keep_counts(connection: sa.Connection, counted: Counted) -> bool:
    """Write what was counted and move the mark; False when another process did it first."""
    moved = {"name": _MARK, "value": counted.until}
    if counted.mark is None:
        if connection.scalar(sa.select(revisions.c.value).where(revisions.c.name == _MARK)) is not None:
            return False
        connection.execute(sa.insert(revisions).values(moved))
    else:
        is_mine = connection.execute(
            sa.update(revisions).where(revisions.c.name == _MARK, revisions.c.value == counted.mark).values(moved)
        )
        if is_mine.rowcount == 0:
            return False
    if counted.rows:
        connection.execute(sa.insert(execution_counts), counted.rows)
    return True


def delete_counts_before(connection: sa.Connection, moment: dt.datetime) -> int:
    """Forget what is older than the executions that are kept; how many rows."""
    every_workspace = sa.select(workspaces.c.id)
    return connection.execute(
        sa.delete(execution_counts).where(
            execution_counts.c.workspace_id.in_(every_workspace), execution_counts.c.minute < minute_of(moment)
        )
    ).rowcount


def _settled_until(connection: sa.Connection) -> int:
    """The first minute in which something may be open: every process says which its oldest open execution is."""
    oldest = connection.scalars(sa.select(processes.c.oldest_open_id)).all()
    return minute_of(min([moment_of(open_id) for open_id in oldest], default=utc_now()))


def _first_minute_from(connection: sa.Connection, minute: int) -> int | None:
    """The first minute, from this one on, in which an execution was begun; a look into the primary key for each workspace."""
    own = sa.select(sa.func.min(executions.c.id)).where(
        executions.c.workspace_id == workspaces.c.id, executions.c.id >= id_at("exe", at_minute(minute))
    )
    first_ids = sa.select(own.scalar_subquery().label("id")).select_from(workspaces).subquery()
    found = connection.scalar(sa.select(sa.func.min(first_ids.c.id)))
    return None if found is None else minute_of(moment_of(found))


def _count_minute(connection: sa.Connection, minute: int, span: Span) -> Iterator[dict[str, Any]]:
    numbers: Counter[tuple[Any, ...]] = Counter()
    for stretch in _slices(connection, _OF_ALL, span):
        for row in connection.execute(_all_of(stretch)):
            numbers[row[:-1]] += row[-1]
    for group, number in numbers.items():
        yield {"minute": minute, **dict(zip(_GROUP, group, strict=True)), "count": number}


_OF_ALL: Final = executions.c.workspace_id.in_(sa.select(workspaces.c.id))
_GROUP: Final = ("workspace_id", *DIMENSIONS, "outcome")


def _all_of(stretch: _Stretch) -> sa.Select[Any]:
    """Every execution of a stretch, of all workspaces, by everything that can be asked for."""
    dimensions = [sa.func.coalesce(executions.c[name], "").label(name) for name in DIMENSIONS]
    each = sa.select(executions.c.workspace_id, *dimensions, _OUTCOME).where(_OF_ALL, *_is_in(stretch)).subquery()
    return sa.select(*each.c, sa.func.count().label("count")).group_by(*each.c)
