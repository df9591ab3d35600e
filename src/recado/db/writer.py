"""The writer: one thread, one connection, execution rows put down in groups so that one flush to disk serves them all."""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar

import sqlalchemy as sa
import structlog

from recado.db.trouble import storage_error
from recado.errors import RecadoError, ShuttingDown

T = TypeVar("T")
_log: Final = structlog.get_logger("recado.db.writer")

OPEN_COLUMNS: Final = (
    "id", "workspace_id", "kind", "integration_id", "action_id", "credential_id",
    "owner", "method", "inputs", "request", "request_body", "created_at",
)  # fmt: skip
CLOSE_COLUMNS: Final = (
    "outcome", "status", "total_ms", "record", "response_body", "finished_at", "id", "owner",
)  # fmt: skip
_OPEN_SQL: Final = f"INSERT INTO executions ({', '.join(OPEN_COLUMNS)}, state) VALUES ({{}}, 'running')"  # noqa: S608  # constants
_CLOSE_SQL: Final = (
    "UPDATE executions SET outcome={}, status={}, total_ms={}, record={}, response_body={},"
    " finished_at={}, state='finished' WHERE id={} AND owner={} AND state='running'"
)
_MOST_PER_GROUP: Final = 512
_RETRY_SECONDS: Final = 0.5

Row = tuple[Any, ...]


class Store(Protocol):
    """What the writer needs of a database."""

    def write_rows(self, opened: Sequence[Row], closed: Sequence[Row]) -> None:
        """Insert and update in one transaction, on disk when this returns."""
        ...

    def run(self, function: Callable[[sa.Connection], T]) -> T:
        """Run a function in one writing transaction."""
        ...

    def close(self) -> None:
        """Give the connection back."""
        ...


class SqliteStore:
    """Rows through the raw driver: its executemany costs 22 to 28 µs a row, the ORM-free Core twice that."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._open = _OPEN_SQL.format(", ".join("?" * len(OPEN_COLUMNS)))
        self._close = _CLOSE_SQL.format(*"?" * len(CLOSE_COLUMNS))

    def write_rows(self, opened: Sequence[Row], closed: Sequence[Row]) -> None:
        """One BEGIN IMMEDIATE … COMMIT for all rows."""
        with self._engine.connect() as held:
            cursor = held.connection.cursor()
            try:
                cursor.execute("BEGIN IMMEDIATE")
                if opened:
                    cursor.executemany(self._open, opened)
                if closed:
                    cursor.executemany(self._close, closed)
                cursor.execute("COMMIT")
            except BaseException:
                if held.connection.driver_connection.in_transaction:  # type: ignore[union-attr]  # the sqlite3 connection
                    cursor.execute("ROLLBACK")
                raise
            finally:
                cursor.close()

    def run(self, function: Callable[[sa.Connection], T]) -> T:
        """A transaction on the one connection."""
        with self._engine.begin() as connection:
            return function(connection)

    def close(self) -> None:
        """Nothing of its own to close."""


class PostgresqlStore:
    """Rows through one psycopg connection of its own, in pipeline mode: one round trip a group."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._open = _OPEN_SQL.format(", ".join(["%s"] * len(OPEN_COLUMNS)))
        self._close = _CLOSE_SQL.format(*["%s"] * len(CLOSE_COLUMNS))
        self._held: sa.PoolProxiedConnection | None = None

    def write_rows(self, opened: Sequence[Row], closed: Sequence[Row]) -> None:
        """One transaction for all rows; a broken connection is dropped, so that the next group dials anew."""
        if self._held is None:
            self._held = self._engine.raw_connection()
        connection: Any = self._held.driver_connection
        try:
            with connection.transaction(), connection.pipeline(), connection.cursor() as cursor:
                if opened:
                    cursor.executemany(self._open, opened)
                if closed:
                    cursor.executemany(self._close, closed)
        except BaseException:
            if connection.broken or connection.closed:
                self._held.invalidate()
                self._held = None
            raise

    def run(self, function: Callable[[sa.Connection], T]) -> T:
        """A transaction on any connection of the pool."""
        with self._engine.begin() as connection:
            return function(connection)

    def close(self) -> None:
        """Give the held connection back."""
        if self._held is not None:
            self._held.close()
            self._held = None


@dataclass(slots=True)
class _Job:
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]
    opened: Row | None = None
    closed: Row | None = None
    function: Callable[[sa.Connection], Any] | None = None


class Writer:
    """Takes rows and functions from any loop; each is on disk when its future is done."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._queue: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._unwritten: list[_Job] = []

    @property
    def queued(self) -> int:
        """How many jobs wait (for the metrics)."""
        return self._queue.qsize()

    @property
    def unwritten(self) -> int:
        """How many results wait for storage that is full or gone."""
        return len(self._unwritten)

    def start(self) -> None:
        """Start the thread."""
        self._thread = threading.Thread(target=self._work, name="recado-writer", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Write all that is queued, then end the thread."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()
            self._thread = None
        self._store.close()

    def open_row(self, row: Row) -> asyncio.Future[None]:
        """Put down the start of an execution (OPEN_COLUMNS)."""
        return self._put(opened=row)

    def close_row(self, row: Row) -> asyncio.Future[None]:
        """Put down its end (CLOSE_COLUMNS); while storage is in trouble it is kept and tried again, never dropped."""
        return self._put(closed=row)

    def run(self, function: Callable[[sa.Connection], T]) -> asyncio.Future[T]:
        """Run a function in one transaction of the writer."""
        return self._put(function=function)

    def _put(self, **work: Any) -> asyncio.Future[Any]:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        if self._thread is None:
            future.set_exception(ShuttingDown())
            return future
        self._queue.put(_Job(loop, future, **work))
        return future

    def _work(self) -> None:
        is_stopping = False
        while not is_stopping:
            jobs, is_stopping = self._take()
            rows = [job for job in jobs if job.function is None]
            if rows:
                self._write_group(rows)
            for job in jobs:
                if job.function is not None:
                    self._run(job)
            if self._unwritten:
                self._write_again()

    def _take(self) -> tuple[list[_Job], bool]:
        """Everything that waits (at least one job, at most a group), and whether to stop after it."""
        take = self._queue.get_nowait
        jobs: list[_Job] = []
        try:
            first = self._queue.get(timeout=_RETRY_SECONDS if self._unwritten else None)
            while first is not None:
                jobs.append(first)
                if len(jobs) == _MOST_PER_GROUP:
                    return jobs, False
                first = take()
        except queue.Empty:
            return jobs, False
        return jobs, True

    def _write_group(self, jobs: list[_Job]) -> None:
        opened = [job.opened for job in jobs if job.opened is not None]
        closed = [job.closed for job in jobs if job.closed is not None]
        try:
            self._store.write_rows(opened, closed)
        except Exception as problem:  # noqa: BLE001  # every kind of trouble is answered to those who wait
            self._split_or_fail(jobs, problem)
        else:
            _resolve(jobs)

    def _split_or_fail(self, jobs: list[_Job], problem: Exception) -> None:
        """One bad row must not take its neighbours down: a group that fails for a reason of its own is tried row by row."""
        error = storage_error(problem)
        if error is None and len(jobs) > 1:
            for job in jobs:
                self._write_group([job])
            return
        self._unwritten += [job for job in jobs if job.closed is not None and error is not None]
        _log.warning("rows_not_written", rows=len(jobs), reason=type(problem).__name__)
        _reject(jobs, error or problem)

    def _write_again(self) -> None:
        jobs, self._unwritten = self._unwritten, []
        try:
            self._store.write_rows([], [job.closed for job in jobs if job.closed is not None])
        except Exception as problem:  # noqa: BLE001  # tried again in half a second
            self._unwritten = jobs
            _log.warning("results_still_unwritten", rows=len(jobs), reason=type(problem).__name__)
            time.sleep(0.05)
        else:
            _log.info("results_written_late", rows=len(jobs))

    def _run(self, job: _Job) -> None:
        assert job.function is not None
        try:
            result = self._store.run(job.function)
        except Exception as problem:  # noqa: BLE001  # answered to the one who waits
            _reject([job], problem if isinstance(problem, RecadoError) else storage_error(problem) or problem)
        else:
            job.loop.call_soon_threadsafe(_set_result, job.future, result)


def _resolve(jobs: list[_Job]) -> None:
    """Wake the waiting tasks: one hand-over to each loop for the whole group."""
    by_loop: dict[asyncio.AbstractEventLoop, list[asyncio.Future[Any]]] = {}
    for job in jobs:
        by_loop.setdefault(job.loop, []).append(job.future)
    for loop, futures in by_loop.items():
        loop.call_soon_threadsafe(_set_results, futures)


def _reject(jobs: list[_Job], problem: Exception) -> None:
    for job in jobs:
        job.loop.call_soon_threadsafe(_set_exception, job.future, problem)


def _set_results(futures: list[asyncio.Future[Any]]) -> None:
    for future in futures:
        if not future.done():
            future.set_result(None)


def _set_result(future: asyncio.Future[Any], result: Any) -> None:
    if not future.done():
        future.set_result(result)


def _set_exception(future: asyncio.Future[Any], problem: Exception) -> None:
    if not future.done():
        future.set_exception(problem)
