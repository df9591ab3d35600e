"""Statements for the hot path: built with SQLAlchemy, compiled once for each database, and run by the driver itself.

SQLAlchemy takes 50 to 80 µs for a statement that the driver runs in 5; a turn of a conversation has a dozen. Types keep
their meaning, values are bound, and it all happens in the transaction of the connection that is handed in.
"""

from __future__ import annotations

import contextlib
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from operator import itemgetter
from typing import Any, Final, cast

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

Row = sa.Row[*tuple[Any, ...]]
_Process = Callable[[Any], Any]


class Bare:
    """One statement. Its parameters are those of its text, none that SQLAlchemy fills in as it runs (`in_` does)."""

    def __init__(self, statement: sa.Executable, keys: Sequence[str] | None = None) -> None:
        """`keys` are the columns of an insert."""
        self._statement: Any = statement
        self._keys = keys
        self._compiled: dict[str, _Compiled] = {}

    def run(self, connection: sa.Connection, values: Mapping[str, Any]) -> int:
        """Run it; how many rows it changed."""
        compiled = self._of(connection)
        return int(_driver(connection).execute(compiled.text, compiled.bind(values)).rowcount)

    def put(self, connection: sa.Connection, values: Mapping[str, Any]) -> Callable[[], int]:
        """Run it among others that go `together`; how many rows it changed is known after them."""
        compiled = self._of(connection)
        cursor = _driver(connection).execute(compiled.text, compiled.bind(values))
        return lambda: int(cursor.rowcount)

    def run_many(self, connection: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run it for each of these, in order."""
        if len(rows) == 1:
            self.run(connection, rows[0])
        elif rows:
            compiled = self._of(connection)
            _driver(connection).cursor().executemany(compiled.text, [compiled.bind(row) for row in rows])

    def one(self, connection: sa.Connection, values: Mapping[str, Any]) -> Row | None:
        """The first row, or None."""
        compiled = self._of(connection)
        found = _driver(connection).execute(compiled.text, compiled.bind(values)).fetchone()
        return None if found is None else compiled.read(found)

    def all(self, connection: sa.Connection, values: Mapping[str, Any]) -> list[Row]:
        """All rows."""
        compiled = self._of(connection)
        found = _driver(connection).execute(compiled.text, compiled.bind(values)).fetchall()
        return [compiled.read(row) for row in found]

    def _of(self, connection: sa.Connection) -> _Compiled:
        compiled = self._compiled.get(connection.dialect.name)
        if compiled is None:
            compiled = self._compiled[connection.dialect.name] = _Compiled(
                self._statement, connection.dialect, self._keys
            )
        return compiled


@contextlib.contextmanager
def together(connection: sa.Connection) -> Iterator[None]:
    """Statements that give nothing back go to PostgreSQL in one packet; SQLite is no further away than a call."""
    driver = _driver(connection)
    if hasattr(driver, "pipeline"):
        with driver.pipeline():
            yield
    else:
        yield


def _driver(connection: sa.Connection) -> Any:
    return connection.connection.driver_connection


class _Compiled:
    """A statement as one database reads it, and how its values go in and come out."""

    def __init__(self, statement: Any, dialect: Dialect, keys: Sequence[str] | None) -> None:
        if keys is not None:
            statement = statement.inline()  # it gives nothing back
        compiled: Any = statement.compile(dialect=dialect, column_keys=keys)
        self.text: Final[str] = compiled.string
        binds: Mapping[str, sa.BindParameter[Any]] = compiled.binds
        names: Sequence[str] = compiled.positiontup if compiled.positional else list(binds)
        self._is_positional: Final[bool] = compiled.positional
        self._defaults: Final = {
            name: None if keys is not None else bind.value
            for name, bind in binds.items()
            if keys is not None or not bind.required
        }
        binders = [(name, _binder(binds[name], dialect)) for name in dict.fromkeys(names)]
        self._binders: Final = [(name, process) for name, process in binders if process is not None]
        self._pick: Final[Callable[[Any], Sequence[Any]]] = _picker(names)
        columns = list(getattr(statement, "selected_columns", ()) or getattr(statement, "exported_columns", ()))
        self._make_row: Final = _row_of([column.key for column in columns])
        readers = [(at, _reader(column.type, dialect)) for at, column in enumerate(columns)]
        self._readers: Final = [(at, read) for at, read in readers if read is not None]

    def bind(self, values: Mapping[str, Any]) -> Any:
        """The parameters as the driver takes them."""
        given = {**self._defaults, **values}
        for name, process in self._binders:
            given[name] = process(given[name])
        return self._pick(given) if self._is_positional else given

    def read(self, found: Sequence[Any]) -> Row:
        """A row whose values are named, as SQLAlchemy's are."""
        values = list(found)
        for at, read in self._readers:
            values[at] = read(values[at])
        return cast("Row", self._make_row(values))


def _row_of(names: Sequence[str]) -> Callable[[Sequence[Any]], Any]:
    kind: Any = namedtuple("Row", names)  # type: ignore[misc]  # noqa: PYI024  # its names are known when it runs
    make: Callable[[Sequence[Any]], Any] = kind._make
    return make


def _picker(names: Sequence[str]) -> Callable[[Any], Sequence[Any]]:
    if len(names) == 1:
        return lambda given: (given[names[0]],)
    return itemgetter(*names) if names else lambda _: ()


def _binder(parameter: sa.BindParameter[Any], dialect: Dialect) -> _Process | None:
    kind = parameter.type.dialect_impl(dialect)
    if isinstance(kind, TypeDecorator) and kind.impl_instance.bind_processor(dialect) is None:
        return partial(kind.process_bind_param, dialect=dialect)  # without the step in between
    return kind.bind_processor(dialect)


def _reader(kind: Any, dialect: Dialect) -> _Process | None:
    own = kind.dialect_impl(dialect)
    if isinstance(own, TypeDecorator) and own.impl_instance.result_processor(dialect, None) is None:
        return partial(own.process_result_value, dialect=dialect)
    found: _Process | None = own.result_processor(dialect, None)
    return found
