"""Brief work on PostgreSQL that comes while other work is under way: the next transaction takes it along.

So a busy process begins and commits once for many, and an idle one makes nobody wait. Everybody locks in the order of the
words they are given, and so no two transactions wait for each other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import Any, Final, NamedTuple, TypeVar

import sqlalchemy as sa

from recado.db.trouble import storage_errors

T = TypeVar("T")
_MOST: Final = 16
_AT_ONCE: Final = 2
Before = Callable[[sa.Connection, Sequence[str]], object]


class _Work(NamedTuple):
    order: str
    function: Callable[[sa.Connection], Any]
    future: asyncio.Future[Any]


class Together:
    """Functions of one kind; `before` is done first, once for all of a transaction, with their words in order."""

    def __init__(self, engine: sa.Engine, threads: Executor, before: Before | None = None) -> None:
        self._engine = engine
        self._threads = threads
        self._before = before
        self._waiting: list[_Work] = []
        self._running = 0

    async def run(self, order: str, function: Callable[[sa.Connection], T]) -> T:
        """What `function` returns, committed; it may be run twice, when a neighbour fails."""
        loop = asyncio.get_running_loop()
        work = _Work(order, function, loop.create_future())
        self._waiting.append(work)
        self._start(loop)
        result: T = await work.future
        return result

    def _start(self, loop: asyncio.AbstractEventLoop) -> None:
        if not self._waiting or self._running >= _AT_ONCE:
            return
        works, self._waiting = self._waiting[:_MOST], self._waiting[_MOST:]
        works.sort(key=lambda work: work.order)
        self._running += 1
        try:
            running = loop.run_in_executor(self._threads, self._work, works)
        except BaseException:
            self._running -= 1
            raise
        running.add_done_callback(lambda done: self._end(loop, works, done))

    def _end(self, loop: asyncio.AbstractEventLoop, works: list[_Work], done: asyncio.Future[Any]) -> None:
        self._running -= 1
        for work, (result, problem) in zip(works, done.result(), strict=True):
            if work.future.done():
                continue
            if problem is None:
                work.future.set_result(result)
            else:
                work.future.set_exception(problem)
        self._start(loop)

    def _work(self, works: Sequence[_Work]) -> list[tuple[Any, Exception | None]]:
        try:
            with storage_errors(), self._engine.begin() as connection:
                if self._before is not None:
                    self._before(connection, [work.order for work in works])
                return [(work.function(connection), None) for work in works]
        except Exception as problem:  # noqa: BLE001  # told to the one whose it is
            if len(works) == 1:
                return [(None, problem)]
            return [outcome for work in works for outcome in self._work([work])]
