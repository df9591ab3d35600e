"""The sweeper: turns timers that are due into turns, and finds again what a dead process or lost storage left behind."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import Callable
from typing import Final

import structlog

from recado.conversations import repository
from recado.conversations.kept import Call, read_call
from recado.conversations.queue import TurnQueue
from recado.db.columns import utc_now
from recado.db.engine import Database
from recado.errors import Unavailable
from recado.executions.tasks import DEAD_AFTER

_SECONDS: Final = 1.0
_LEAST_SECONDS: Final = 0.02
_LOOK_SECONDS: Final = 2.0
_UNDONE_AFTER: Final = dt.timedelta(seconds=2)
_MOST: Final = 500
_log: Final = structlog.get_logger("recado.conversations")


class Sweeper:
    """One of these in each process that takes turns; conversations that wait cost it nothing."""

    def __init__(self, database: Database, queue: TurnQueue, process_id: str, take_up: Callable[[Call], None]) -> None:
        self._database = database
        self._queue = queue
        self._process_id = process_id
        self._take_up = take_up
        self._task: asyncio.Task[None] | None = None
        self._sooner = asyncio.Event()
        self._next: dt.datetime | None = None

    async def start(self) -> None:
        """Take up what is left behind, then go on looking."""
        if self._queue.takes_turns:
            await self._look_again(dt.timedelta())
        self._task = asyncio.create_task(self._run(), name="recado-timers")

    async def stop(self) -> None:
        """Stop looking."""
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def expect(self, due_at: dt.datetime | None) -> None:
        """A timer was set in this process: be there in time."""
        if due_at is not None and (self._next is None or due_at < self._next):
            self._next = due_at
            self._sooner.set()

    async def _run(self) -> None:
        looked_at = utc_now()
        while True:
            self._sooner.clear()
            try:
                if not self._queue.takes_turns:
                    self._next = None
                    await asyncio.sleep(_SECONDS)
                    continue
                self._next = await self._sweep()
                if (utc_now() - looked_at).total_seconds() >= _LOOK_SECONDS:
                    await self._look_again(_UNDONE_AFTER)
                    looked_at = utc_now()
            except Unavailable as problem:
                _log.warning("timers_wait", code=problem.code)
            except Exception:  # noqa: BLE001  # the sweeper outlives one bad record
                _log.exception("timers_failed")
            await asyncio.sleep(_LEAST_SECONDS)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._sooner.wait(), self._pause())

    def _pause(self) -> float:
        """Until the next timer, but a second at most: other processes set timers too, and clocks jump."""
        if self._next is None:
            return _SECONDS
        return min(max((self._next - utc_now()).total_seconds(), 0.0), _SECONDS)

    async def _sweep(self) -> dt.datetime | None:
        """Wake those whose timer is due; when the next one is."""
        due, later = await self._database.read(repository.list_due, _MOST)
        for conversation_id in due:
            self._queue.wake(conversation_id)
        return later

    async def _look_again(self, older_than: dt.timedelta) -> None:
        """Calls of dead processes, and messages that no turn has taken."""
        is_sqlite = self._database.is_sqlite
        if await self._database.read(repository.has_left_calls, self._process_id):
            rows = await self._database.write(
                repository.claim_calls, self._process_id, DEAD_AFTER, _MOST, is_only_server=is_sqlite
            )
            if rows:
                _log.info("calls_taken_over", count=len(rows))
            for row in rows:
                self._take_up(read_call(row))
        for conversation_id in await self._database.read(repository.list_undone, older_than, _MOST):
            self._queue.wake(conversation_id)
