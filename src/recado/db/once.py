"""An insert that leaves alone what is there already, in words that both databases understand."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import sqlalchemy as sa


def insert_once(connection: sa.Connection, table: sa.Table, values: dict[str, Any]) -> bool:
    """A new row; False where one stands in its way. Another transaction that is about to write it is waited for."""
    return connection.execute(_insert_of(table, tuple(values)), values).rowcount == 1


@lru_cache(maxsize=32)
def _insert_of(table: sa.Table, names: tuple[str, ...]) -> sa.TextClause:
    statement = sa.text(
        f"INSERT INTO {table.name} ({', '.join(names)}) VALUES (:{', :'.join(names)}) ON CONFLICT DO NOTHING"  # noqa: S608  # our own names
    )
    return statement.bindparams(*(sa.bindparam(name, type_=table.c[name].type) for name in names))
