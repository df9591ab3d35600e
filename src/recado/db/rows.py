"""What is done alike with the rows of many tables."""

from __future__ import annotations

from typing import Final, TypeVar

import sqlalchemy as sa

from recado.errors import NotFound

R = TypeVar("R")
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
