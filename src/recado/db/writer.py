"""The writer: one thread, one connection, execution rows put down in groups so that one flush to disk serves them all."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import sqlalchemy as sa
import structlog

from recado.db.stores import Row, Store
from recado.db.trouble import storage_error
from recado.errors import RecadoError, ShuttingDown

T = TypeVar("T")
_log: Final = structlog.get_logger("recado.db.writer")

_RETRY_SECONDS: Final = 0.5
_MOST_TOGETHER: Final = 32

_Ended = list[tuple[asyncio.Future[Any], Any, Exception | None]]
Failed = RecadoError | dict[str, Exception] | None
"""None: all is on disk. Else what kept all of a group from it, or each row that failed, by its id."""


class _Group:
    """Rows of one turn of the loop: they go to disk together, and one future tells all who wait.

    The future's result is None when every row is on disk; else the error of all, or of each row that failed, by its id.
    """

    __slots__ = ("closed", "future", "loop", "opened")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.future: asyncio.Future[Failed] = loop.create_future()
        self.opened: list[Row] = []
        self.closed: list[Row] = []

    def end(self, failed: Failed) -> None:
        """Wake those who wait; called on the loop."""
        if not self.future.done():
            self.future.set_result(failed)


@dataclass(slots=True)
class _Work:
    """A function to run in a transaction of its own."""

    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]
    function: Callable[[sa.Connection], Any]
    is_brief: bool = False
    """Whether it may share a transaction, and so a flush, with others that are brief."""


class Writer:
    """Takes rows and functions from the loop; what it was given is on disk when its await returns."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._queue: queue.SimpleQueue[_Group | list[_Work] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._gathering: _Group | None = None
        self._wanted: list[_Work] = []
        self._unwritten: list[Row] = []

    @property
    def queued(self) -> int:
        """How many groups and functions wait (for the metrics)."""
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
            self._hand_over()
            self._queue.put(None)
            self._thread.join()
            self._thread = None
        self._store.close()

    def open_row(self, row: Row) -> asyncio.Future[Failed]:
        """Put down the start of an execution (OPEN_COLUMNS); hand what the future gives to `check_written`."""
        group = self._gathering or self._gather()
        group.opened.append(row)
        return group.future

    def close_row(self, row: Row) -> asyncio.Future[Failed]:
        """Put down its end (CLOSE_COLUMNS), unless it is closed already; kept and tried again while storage is in trouble."""
        group = self._gathering or self._gather()
        group.closed.append(row)
        return group.future

    def run(self, function: Callable[[sa.Connection], T], *, is_brief: bool = False) -> asyncio.Future[T]:
        """Run a function in one transaction of the writer; those that are brief may share one."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        if self._thread is None:
            future.set_exception(ShuttingDown())
        else:
            if not self._wanted:  # one wake-up of the thread for all of this turn of the loop
                loop.call_soon(self._hand_over)
            self._wanted.append(_Work(loop, future, function, is_brief))
        return future

    def _gather(self) -> _Group:
        """A new group, handed over at the end of this turn of the loop: one wake-up of the thread for all its rows."""
        if self._thread is None:
            raise ShuttingDown
        loop = asyncio.get_running_loop()
        self._gathering = _Group(loop)
        loop.call_soon(self._hand_over)
        return self._gathering

    def _hand_over(self) -> None:
        if self._gathering is not None:
            self._queue.put(self._gathering)
            self._gathering = None
        if self._wanted:
            wanted, self._wanted = self._wanted, []
            self._queue.put(wanted)

    # ── in the thread ────────────────────────────────────────────────────────────────────────────────────────────────

    def _work(self) -> None:
        is_stopping = False
        while not is_stopping:
            groups, works, is_stopping = self._take()
            if groups and works and works[0].is_brief and self._write_all(groups, works):
                groups = []
            if groups:
                self._write(groups)
            while works:
                together = _take_together(works)
                if len(together) == 1:
                    self._run(together[0])
                else:
                    self._run_together(together)
            if self._unwritten:
                self._write_again()

    def _take(self) -> tuple[list[_Group], list[_Work], bool]:
        """Everything that waits, at least one thing; and whether to stop after it."""
        groups: list[_Group] = []
        works: list[_Work] = []
        try:
            item = self._queue.get(timeout=_RETRY_SECONDS if self._unwritten else None)
            while item is not None:
                if isinstance(item, _Group):
                    groups.append(item)
                else:
                    works += item
                item = self._queue.get_nowait()
        except queue.Empty:
            return groups, works, False
        return groups, works, True

    def _write_all(self, groups: list[_Group], works: list[_Work]) -> bool:
        """Rows and brief functions that wait together are one transaction; False when it failed, and nothing is done."""
        together = _take_together(works)
        opened = [row for group in groups for row in group.opened]
        closed = [row for group in groups for row in group.closed]
        try:
            results = self._store.write_all(opened, closed, [work.function for work in together])
        except Exception:  # noqa: BLE001  # they are written apart, and what is wrong is told then
            works[:0] = together
            return False
        ended: _Ended = [(work.future, result, None) for work, result in zip(together, results, strict=True)]
        groups[0].loop.call_soon_threadsafe(_end_both, groups, ended)
        return True

    def _write(self, groups: list[_Group]) -> None:
        opened = [row for group in groups for row in group.opened]
        closed = [row for group in groups for row in group.closed]
        try:
            self._store.write_rows(opened, closed)
        except Exception as problem:  # noqa: BLE001  # every kind of trouble is answered to those who wait
            error = storage_error(problem)
            _log.warning("rows_not_written", rows=len(opened) + len(closed), reason=type(problem).__name__)
            if error is None:
                self._write_singly(groups)
                return
            self._unwritten += closed
            _end(groups, error)
        else:
            _end(groups, None)

    def _write_singly(self, groups: list[_Group]) -> None:
        """A row that cannot be written must not take its neighbours down."""
        for group in groups:
            failed: dict[str, Exception] = {}
            for rows, is_opened in ((group.opened, True), (group.closed, False)):
                for row in rows:
                    try:
                        self._store.write_rows([row] if is_opened else [], [] if is_opened else [row])
                    except Exception as problem:  # noqa: BLE001  # answered to the one who waits
                        failed[row[0]] = problem
            _end([group], failed or None)

    def _write_again(self) -> None:
        rows, self._unwritten = self._unwritten, []
        try:
            self._store.write_rows([], rows)
        except Exception as problem:  # noqa: BLE001  # tried again in half a second
            self._unwritten = rows
            _log.warning("results_still_unwritten", rows=len(rows), reason=type(problem).__name__)
        else:
            _log.info("results_written_late", rows=len(rows))

    def _run_together(self, works: list[_Work]) -> None:
        try:
            outcomes = self._store.run_all([work.function for work in works])
        except Exception as problem:  # noqa: BLE001  # answered to those who wait
            outcomes = [(None, problem)] * len(works)
        ended = [(work.future, result, _told(problem)) for work, (result, problem) in zip(works, outcomes, strict=True)]
        works[0].loop.call_soon_threadsafe(_end_works, ended)

    def _run(self, work: _Work) -> None:
        try:
            result = self._store.run(work.function)
        except Exception as problem:  # noqa: BLE001  # answered to the one who waits
            work.loop.call_soon_threadsafe(_set_exception, work.future, _told(problem))
        else:
            work.loop.call_soon_threadsafe(_set_result, work.future, result)


def _take_together(works: list[_Work]) -> list[_Work]:
    """The next of them, and those that follow as long as all are brief; they are taken out of the list."""
    count = 1
    while works[0].is_brief and count < min(len(works), _MOST_TOGETHER) and works[count].is_brief:
        count += 1
    together, works[:count] = works[:count], []
    return together


def _told(problem: Exception | None) -> Exception | None:
    """What is told of a problem: our own error, where it is one of storage."""
    if problem is None or isinstance(problem, RecadoError):
        return problem
    return storage_error(problem) or problem


def _end_both(groups: list[_Group], ended: _Ended) -> None:
    _end_all(groups, None)
    _end_works(ended)


def _end_works(ended: _Ended) -> None:
    for future, result, problem in ended:
        if problem is None:
            _set_result(future, result)
        else:
            _set_exception(future, problem)


def _end(groups: list[_Group], failed: Failed) -> None:
    """From the writer's thread: one wake-up of the loop for all groups, since each costs a system call."""
    groups[0].loop.call_soon_threadsafe(_end_all, groups, failed)


def _end_all(groups: list[_Group], failed: Failed) -> None:
    for group in groups:
        group.end(failed)


def check_written(failed: Failed, row_id: str) -> None:
    """Raise what kept a row from the disk; nothing to do when the whole group is there."""
    if failed is None:
        return
    if isinstance(failed, RecadoError):
        raise failed
    if row_id in failed:
        raise failed[row_id]


def _set_result(future: asyncio.Future[Any], result: Any) -> None:
    if not future.done():
        future.set_result(result)


def _set_exception(future: asyncio.Future[Any], problem: Exception | None) -> None:
    if not future.done() and problem is not None:
        future.set_exception(problem)
