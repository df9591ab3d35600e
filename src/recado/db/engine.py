"""The database: SQLite or PostgreSQL behind one interface, one transaction a call, one writer for what must be fast."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

import sqlalchemy as sa

from recado.db import migrate, sqlite
from recado.db.stores import PostgresqlStore, SqliteStore
from recado.db.together import Before, Together
from recado.db.trouble import storage_errors
from recado.db.writer import Writer
from recado.settings import Settings

P = ParamSpec("P")
T = TypeVar("T")

_READERS: Final = 3
_IDLE_SECONDS: Final = 1.0
POSTGRESQL_OPTIONS: Final = {
    "connect_timeout": 2,  # the least libpq takes; a request is answered 503 well before
    # The server looks after its clients too: what a machine that vanished had locked is free again within 10 s.
    "options": "-c statement_timeout=30000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=10000 -c timezone=UTC"
    " -c tcp_keepalives_idle=3 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=2",
    "application_name": "recado",
    # A network that swallows packets is noticed within seconds; the kernel alone would wait a quarter of an hour.
    "tcp_user_timeout": 5000,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
}


def _prove_idle(engine: sa.Engine) -> None:
    """Ask whether a connection still stands before it is used, where it was idle; the pool asks each time: a round trip."""

    def check(connection: Any, record: Any, _proxy: Any) -> None:
        now = time.monotonic()
        if now - record.info.get("used_at", now) > _IDLE_SECONDS:
            try:
                engine.dialect.do_ping(connection)
            except Exception as problem:
                raise sa.exc.DisconnectionError from problem  # the pool dials anew
        record.info["used_at"] = now

    sa.event.listen(engine, "checkout", check)


class Database:
    """One process's way to its database.

    `read` and `write` run a function in a thread, in one transaction: `write(service.create_integration, caller, data)`.
    `writer` puts execution rows down in groups. Everything raises StorageUnavailable or StorageFull when it cannot.
    """

    def __init__(self, settings: Settings) -> None:
        self.is_sqlite: Final = settings.is_sqlite
        if self.is_sqlite:
            settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._writing = sqlite.writer_engine(settings.sqlite_path)
            is_safe = sqlite.has_safe_library()
            self._reading = sqlite.reader_engine(settings.sqlite_path, _READERS) if is_safe else self._writing
            self.is_single_connection = not is_safe
        else:
            url = sa.make_url(settings.database_url).set(drivername="postgresql+psycopg")
            self._writing = self._reading = sa.create_engine(
                url,
                pool_size=_READERS * 2,
                max_overflow=0,
                pool_timeout=2,
                hide_parameters=True,  # an error's text goes to the log; what people wrote does not
                connect_args=POSTGRESQL_OPTIONS,
            )
            _prove_idle(self._writing)
            self.is_single_connection = False
        self.writer = Writer(SqliteStore(self._writing) if self.is_sqlite else PostgresqlStore(self._writing))
        threads = _READERS if self.is_sqlite else _READERS * 2  # one for each connection there can be
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="recado-db")
        self._together = self.gather()

    @contextlib.contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        """One writing transaction in this very thread, for the command line and for start-up before `start`."""
        with storage_errors(), self._writing.begin() as connection:
            yield connection

    def migrate(self) -> tuple[str | None, str]:
        """Bring the schema up to date; the revision before and after."""
        with self.begin() as connection:
            return migrate.migrate(connection)

    def start(self) -> None:
        """Start the writer's thread; call once, before `read` and `write`."""
        self.writer.start()

    async def read(self, function: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `function(connection, …)` in a reading transaction."""
        if self.is_single_connection:
            return await self.write(function, *args, **kwargs)
        return await self._in_thread(self._reading, function, args, kwargs)

    async def write(self, function: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `function(connection, …)` in one writing transaction, committed when this returns."""
        if not self.is_sqlite:
            return await self._in_thread(self._writing, function, args, kwargs)
        return await self.writer.run(lambda connection: function(connection, *args, **kwargs))

    async def write_briefly(
        self, function: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """As `write`, for what takes a millisecond: on SQLite several share a transaction, each whole or not at all.

        So it may be run twice, when a neighbour fails: it leaves no trace but in the database.
        """
        if not self.is_sqlite:
            return await self._in_thread(self._writing, function, args, kwargs)
        return await self.writer.run(lambda connection: function(connection, *args, **kwargs), is_brief=True)

    async def write_together(
        self, order: str, function: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """The same, sharing transactions on PostgreSQL too. It locks one row at most, and `order` is that row's id."""
        if not self.is_sqlite:
            return await self._together.run(order, lambda connection: function(connection, *args, **kwargs))
        return await self.write_briefly(function, *args, **kwargs)

    def gather(self, before: Before | None = None) -> Together:
        """Another kind of brief work, for PostgreSQL; `before` is done first, once for all of a transaction."""
        return Together(self._writing, self._threads, before)

    async def _in_thread(self, engine: sa.Engine, function: Callable[..., T], args: Any, kwargs: Any) -> T:
        def transaction() -> T:
            with storage_errors(), engine.begin() as connection:
                return function(connection, *args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._threads, transaction)

    def close(self) -> None:
        """Write what is queued, then close every connection."""
        self.writer.stop()
        self._threads.shutdown(wait=True)
        self._reading.dispose()
        self._writing.dispose()
