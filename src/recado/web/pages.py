"""Lists in pages: a limit, a cursor that survives insertions, and a search text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Final, Generic, TypeVar

import msgspec
import sqlalchemy as sa
from litestar.params import QueryParameter

from recado import base64url
from recado.errors import Invalid, ValidationFailed

T = TypeVar("T")
U = TypeVar("U")

MOST: Final = 200
Limit = Annotated[int, QueryParameter(ge=1, le=MOST, description="How many items a page holds.")]
Cursor = Annotated[str | None, QueryParameter(max_length=200, description="`next_cursor` of the page before.")]
Search = Annotated[str | None, QueryParameter(max_length=200, description="Only items whose name holds this text.")]
Moment = Annotated[
    str | None,
    QueryParameter(format="date-time", description="A time such as 2026-11-22T14:30:00Z; without a zone, UTC."),
]


class Page(msgspec.Struct, Generic[T]):
    """One page of a list; `next_cursor` is null on the last one."""

    items: list[T]
    next_cursor: str | None = None


def read_moment(name: str, text: str | None) -> dt.datetime | None:
    """The time in a query parameter, in UTC. Raises ValidationFailed.

    The framework would take numbers for seconds since 1970, which no caller was told of.
    """
    if text is None:
        return None
    try:
        moment = msgspec.convert(text, dt.datetime)
        return (moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment).astimezone(dt.UTC)
    except (msgspec.ValidationError, OverflowError) as problem:
        raise ValidationFailed([Invalid(name, reason="Write a time such as 2026-11-22T14:30:00Z.")]) from problem


def read_cursor(cursor: str | None) -> str | None:
    """The id the page before ended with. Raises ValidationFailed for a cursor we did not make."""
    if not cursor:
        return None
    try:
        last = base64url.decode(cursor).decode("ascii")
    except UnicodeDecodeError:
        last = ""
    if not last or not last.isprintable():
        raise ValidationFailed([Invalid("cursor", reason="This is not a cursor of this list.")])
    return last


def make_cursor(last_id: str) -> str:
    """An opaque cursor for the page after `last_id`."""
    return base64url.encode(last_id.encode())


def paged(
    statement: sa.Select[tuple[U]], id_column: sa.ColumnElement[str], limit: int, cursor: str | None
) -> sa.Select[tuple[U]]:
    """Newest first, one row more than asked so that `page_of` knows whether another page follows."""
    if (last := read_cursor(cursor)) is not None:
        statement = statement.where(id_column < last)
    return statement.order_by(id_column.desc()).limit(limit + 1)


def _id_of(row: Any) -> str:
    return str(row.id)


def page_of(rows: Sequence[U], limit: int, make: Callable[[U], T], id_of: Callable[[U], str] = _id_of) -> Page[T]:
    """The page that the rows of a `paged` statement make."""
    shown = rows[:limit]
    has_more = len(rows) > limit
    return Page([make(row) for row in shown], make_cursor(id_of(shown[-1])) if has_more else None)


def contains(column: sa.ColumnElement[str], text: str) -> sa.ColumnElement[bool]:
    """Whether a column holds `text`, any case, its wildcards taken literally; no text of ours holds a NUL."""
    if "\x00" in text:
        return sa.false()
    return sa.func.lower(column).contains(text.lower(), autoescape=True)
