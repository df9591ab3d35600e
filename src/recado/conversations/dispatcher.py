"""Takes the turns of this process's conversations, starts the calls that follow, and tells those who watch."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from typing import Final, TypeVar

import sqlalchemy as sa
import structlog

from recado.conversations import repository
from recado.conversations.calls import Calls
from recado.conversations.embedded import EmbeddedQueue
from recado.conversations.kept import Call, Done
from recado.conversations.live import Live
from recado.conversations.programs import Programs
from recado.conversations.timers import Sweeper
from recado.conversations.turns import say_that_it_takes_long, take_turn
from recado.db.columns import utc_now
from recado.db.engine import Database
from recado.errors import ConversationsBusy
from recado.executions.runner import Runner
from recado.flows.events import CallEnded, CallLate
from recado.settings import Settings

T = TypeVar("T")
_SNAPSHOT_LIFE: Final = dt.timedelta(days=1)
_log: Final = structlog.get_logger("recado.conversations")


class Dispatcher:
    """One for each process; everything it needs is handed to it."""

    def __init__(self, database: Database, runner: Runner, settings: Settings, process_id: str) -> None:
        self._database = database
        self._settings = settings
        self._owner = process_id
        self.programs = Programs()
        self.live = Live()
        self._queue = EmbeddedQueue(self._wake_up, settings.conversations_max_active)
        self._calls = Calls(database, runner, self._end_call, self._say_that_it_takes_long)
        self._sweeper = Sweeper(database, self._queue, process_id, self._calls.start)

    @property
    def active(self) -> int:
        """How many conversations have something under way here."""
        return self._queue.active + self._calls.count

    def check_room(self) -> None:
        """Raise ConversationsBusy or ShuttingDown when nothing new can be taken; asked before a message is."""
        self._queue.check_room()
        if self.active >= self._settings.conversations_max_active:
            raise ConversationsBusy(seconds=1)

    async def start(self) -> None:
        """Take up what is left behind, and go on."""
        await self._sweeper.start()

    async def drain(self, grace_seconds: float) -> None:
        """Take nothing new and let what is under way come to its end; the rest is found again at the next start."""
        begun = time.monotonic()
        await self._sweeper.stop()
        await self._calls.drain(grace_seconds)
        await self._queue.drain(max(grace_seconds - (time.monotonic() - begun), 0.1))

    async def run(self, conversation_id: str, work: Callable[[sa.Connection, Programs, str], tuple[Done, T]]) -> T:
        """Do `work(connection, programs, owner)` in one transaction, in the conversation's order; what it gives beside its turn."""

        async def turn() -> T:
            done, result = await self._database.write_briefly(work, self.programs, self._owner)
            self._follow(done)
            return result

        return await self._queue.run(conversation_id, turn)

    async def retain(self) -> None:
        """Delete what is older than the operator keeps, a little at a time."""
        now = utc_now()
        oldest = now - dt.timedelta(days=self._settings.retention_days)
        while deleted := await self._database.write(repository.delete_ended_before, oldest):
            _log.info("conversations_deleted", count=deleted)
        while await self._database.write(repository.delete_unused_snapshots, now - _SNAPSHOT_LIFE):
            pass

    # ── turns ────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _wake_up(self, conversation_id: str) -> None:
        self._follow(await self._database.write_briefly(take_turn, self.programs, self._owner, conversation_id))

    async def _end_call(self, call: Call, event: CallEnded | CallLate) -> None:
        def turn(connection: sa.Connection, programs: Programs, owner: str) -> tuple[Done, None]:
            return take_turn(connection, programs, owner, call.conversation_id, [event]), None

        await self.run(call.conversation_id, turn)

    async def _say_that_it_takes_long(self, call: Call) -> None:
        def turn(connection: sa.Connection, programs: Programs, owner: str) -> tuple[Done, None]:
            return say_that_it_takes_long(connection, programs, owner, call), None

        await self.run(call.conversation_id, turn)

    def _follow(self, done: Done) -> None:
        """What comes after a turn's commit."""
        for call in done.calls:
            self._calls.start(call)
        self._sweeper.expect(done.next_due)
        if done.has_more:
            self._queue.wake(done.conversation_id)
        if done.status is not None:
            self.live.tell(done.conversation_id, done.status)
