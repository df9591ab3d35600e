"""The sweeper: turns timers that are due into turns, and finds again what a dead process or lost storage left behind."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from typing import Final

import structlog

from recado.background import Background
from recado.conversations import repository
from recado.conversations.kept import Call, read_call
from recado.conversations.queue import TurnQueue
from recado.db.columns import utc_now
from recado.db.engine import Database
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
        self._work = Background("timers", self._look, _SECONDS)
        self._next: dt.datetime | None = None
        self._looked_at = utc_now()

    async def start(self) -> None:
        """Take up what is left behind, then go on looking."""
        if self._queue.takes_turns:
            await self._look_again(dt.timedelta())
        self._looked_at = utc_now()
        self._work.start()

    async def stop(self) -> None:
        """Stop looking."""
        await self._work.stop()

    def expect(self, due_at: dt.datetime | None) -> None:
        """A timer was set in this process: be there in time."""
        if due_at is not None and (self._next is None or due_at < self._next):
            self._next = due_at
            self._work.wake()

    async def _look(self) -> float:
        """Wake what is due; in how many seconds to look again: at the next timer."""
        if not self._queue.takes_turns:
            self._next = None
            return _SECONDS
        self._next = await self._sweep()
        if (utc_now() - self._looked_at).total_seconds() >= _LOOK_SECONDS:
            await self._look_again(_UNDONE_AFTER)
            self._looked_at = utc_now()
        await asyncio.sleep(_LEAST_SECONDS)
        if self._next is None:
            return _SECONDS
        # a second at most: other processes set timers too, and clocks jump
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
