"""How groups of execution rows, and functions, are put into each of the two databases in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol, TypeVar

import sqlalchemy as sa

from recado.db.trouble import storage_error

T = TypeVar("T")
Row = tuple[Any, ...]

OPEN_COLUMNS: Final = (
    "id", "workspace_id", "kind", "integration_id", "action_id", "credential_id",
    "owner", "method", "inputs", "request", "request_body", "created_at",
)  # fmt: skip
CLOSE_COLUMNS: Final = ("id", "outcome", "status", "total_ms", "record", "response_body", "finished_at")
_OPEN_SQL: Final = f"INSERT INTO executions ({', '.join(OPEN_COLUMNS)}) VALUES ({{}})"  # noqa: S608  # constants
_CLOSE_SQL: Final = (
    f"INSERT INTO execution_results ({', '.join(CLOSE_COLUMNS)}) VALUES ({{}}) ON CONFLICT (id) DO NOTHING"  # noqa: S608  # constants
)


class Store(Protocol):
    """What the writer needs of a database."""

    def write_rows(self, opened: Sequence[Row], closed: Sequence[Row]) -> None:
        """Insert both kinds in one transaction, on disk when this returns."""
        ...

    def run(self, function: Callable[[sa.Connection], T]) -> T:
        """Run a function in one writing transaction."""
        ...

    def run_all(self, functions: Sequence[Callable[[sa.Connection], Any]]) -> list[tuple[Any, Exception | None]]:
        """Run functions in one writing transaction, each whole or not at all; the result or the error of each."""
        ...

    def write_all(
        self, opened: Sequence[Row], closed: Sequence[Row], functions: Sequence[Callable[[sa.Connection], Any]]
    ) -> list[Any]:
        """All of both in one transaction, on disk when this returns, or nothing of it: whatever goes wrong is raised."""
        ...

    def close(self) -> None:
        """Give the connection back."""
        ...


class SqliteStore:
    """Rows through the raw driver: its executemany costs 22 to 28 µs a row, the ORM-free Core twice that."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._raw: Any = None
        self._open = _OPEN_SQL.format(", ".join("?" * len(OPEN_COLUMNS)))
        self._close = _CLOSE_SQL.format(", ".join("?" * len(CLOSE_COLUMNS)))

    def write_rows(self, opened: Sequence[Row], closed: Sequence[Row]) -> None:
        """One BEGIN IMMEDIATE … COMMIT for all rows."""
        if self._raw is None:  # the engine has one connection; going through its pool costs as much as two rows
            self._raw = self._engine.raw_connection().driver_connection
        raw = self._raw
        try:
            raw.execute("BEGIN IMMEDIATE")
            self._put(raw, opened, closed)
            raw.execute("COMMIT")
        except BaseException:
            if raw.in_transaction:
                raw.execute("ROLLBACK")
            raise

    def run(self, function: Callable[[sa.Connection], T]) -> T:
        """A transaction on the one connection."""
        with self._engine.begin() as connection:
            return function(connection)

    def run_all(self, functions: Sequence[Callable[[sa.Connection], Any]]) -> list[tuple[Any, Exception | None]]:
        """A transaction on the one connection; savepoints, which cost as much as a statement, only once one has failed."""
        try:
            return [(result, None) for result in self.write_all((), (), functions)]
        except Exception as problem:
            if storage_error(problem) is not None:
                raise
        return _run_all(self._engine, functions)

    def write_all(
        self, opened: Sequence[Row], closed: Sequence[Row], functions: Sequence[Callable[[sa.Connection], Any]]
    ) -> list[Any]:
        """One transaction, one flush."""
        with self._engine.begin() as connection:
            if opened or closed:
                self._put(connection.connection.driver_connection, opened, closed)
            return [function(connection) for function in functions]

    def _put(self, raw: Any, opened: Sequence[Row], closed: Sequence[Row]) -> None:
        if opened:
            raw.executemany(self._open, opened)
        if closed:
            raw.executemany(self._close, closed)

    def close(self) -> None:
        """Nothing of its own to close."""


class PostgresqlStore:
    """Rows through one psycopg connection of its own, in pipeline mode: one round trip a group."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._open = _OPEN_SQL.format(", ".join(["%s"] * len(OPEN_COLUMNS)))
        self._close = _CLOSE_SQL.format(", ".join(["%s"] * len(CLOSE_COLUMNS)))
        self._held: sa.PoolProxiedConnection | None = None

    def write_rows(self, opened: Sequence[Row], closed: Sequence[Row]) -> None:
        """One transaction for all rows; a broken connection is dropped, so that the next group dials anew."""
        if self._held is None:
            self._held = self._engine.raw_connection()
        connection: Any = self._held.driver_connection
        try:
            with connection.transaction(), connection.pipeline():
                self._put(connection, opened, closed)
        except BaseException:
            if connection.broken or connection.closed:
                self._held.invalidate()
                self._held = None
            raise

    def run(self, function: Callable[[sa.Connection], T]) -> T:
        """A transaction on any connection of the pool."""
        with self._engine.begin() as connection:
            return function(connection)

    def run_all(self, functions: Sequence[Callable[[sa.Connection], Any]]) -> list[tuple[Any, Exception | None]]:
        """A transaction on any connection of the pool, a savepoint for each."""
        return _run_all(self._engine, functions)

    def write_all(
        self, opened: Sequence[Row], closed: Sequence[Row], functions: Sequence[Callable[[sa.Connection], Any]]
    ) -> list[Any]:
        """One transaction on any connection of the pool."""
        with self._engine.begin() as connection:
            self._put(connection.connection.driver_connection, opened, closed)
            return [function(connection) for function in functions]

    def _put(self, connection: Any, opened: Sequence[Row], closed: Sequence[Row]) -> None:
        with connection.cursor() as cursor:
            if opened:
                cursor.executemany(self._open, opened)
            if closed:
                cursor.executemany(self._close, closed)

    def close(self) -> None:
        """Give the held connection back."""
        if self._held is not None:
            self._held.close()
            self._held = None


def _run_all(
    engine: sa.Engine, functions: Sequence[Callable[[sa.Connection], Any]]
) -> list[tuple[Any, Exception | None]]:
    outcomes: list[tuple[Any, Exception | None]] = []
    with engine.begin() as connection:
        for function in functions:
            try:
                with connection.begin_nested():
                    outcomes.append((function(connection), None))
            except Exception as problem:
                if storage_error(problem) is not None:  # the transaction itself may be gone: nobody's part of it counts
                    raise
                outcomes.append((None, problem))
    return outcomes
