"""Takes the turns of this process's conversations, starts the calls that follow, and tells those who watch."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeVar

import sqlalchemy as sa
import structlog

from recado.conversations import repository, wakes
from recado.conversations.calls import Calls
from recado.conversations.claims import WAKES, ClaimQueue
from recado.conversations.embedded import EmbeddedQueue
from recado.conversations.kept import Call, Done, read_call
from recado.conversations.live import Live
from recado.conversations.programs import Programs
from recado.conversations.queue import TurnQueue
from recado.conversations.timers import Sweeper
from recado.conversations.turns import say_that_it_takes_long, take_turn
from recado.db.columns import utc_now
from recado.db.engine import Database
from recado.errors import ConversationsBusy
from recado.executions.runner import Runner
from recado.flows.events import CallEnded, CallLate
from recado.media.links import Links
from recado.settings import Settings

if TYPE_CHECKING:
    from recado.db.notices import Notices

T = TypeVar("T")
_MOVED: Final = "recado_moved"
_SAID: Final = "recado_said"
_SNAPSHOT_LIFE: Final = dt.timedelta(days=1)
_log: Final = structlog.get_logger("recado.conversations")


class Dispatcher:
    """One for each process; everything it needs is handed to it."""

    def __init__(
        self, database: Database, runner: Runner, settings: Settings, process_id: str, *, is_worker: bool = False
    ) -> None:
        self._database = database
        self._settings = settings
        self._owner = process_id
        self.programs = Programs()
        self.live = Live()
        self._calls = Calls(database, runner, Links(database, settings), self._end_call, self._say_that_it_takes_long)
        lanes = EmbeddedQueue(self._wake_up, settings.conversations_max_active)
        self._queue: TurnQueue = lanes
        self._claims: ClaimQueue | None = None
        self._notices: Notices | None = None
        if not database.is_sqlite:
            self._queue = self._claims = self._make_claims(lanes, is_worker=is_worker)
            from recado.db.notices import Notices  # noqa: PLC0415  # SQLite needs no PostgreSQL driver

            self._notices = Notices(settings, self._listeners(is_worker=is_worker))
            self._claims.use(self._notices)
        self.on_said: Callable[[str], None] = lambda _channel_id: None
        """Hears the id of a channel that has something to send, once it is on disk."""
        self.on_said_elsewhere: Callable[[str], None] = lambda _word: None
        """Hears what other processes tell by `tell_senders`; now and then something is lost."""
        self.on_told: Callable[[], None] = lambda: None
        """Hears that webhooks have something to be told."""
        self._leaving = database.gather(wakes.wake)
        self._sweeper = Sweeper(database, self._queue, process_id, self._calls.start)

    def _listeners(self, *, is_worker: bool) -> dict[str, Callable[[list[str]], None]]:
        """What is heard of other processes; nobody looks at a conversation in a worker."""
        heard = {WAKES: self._hear_wakes, _SAID: self._hear_said}
        return heard if is_worker else {**heard, _MOVED: self._hear_moves}

    def _make_claims(self, lanes: EmbeddedQueue, *, is_worker: bool) -> ClaimQueue:
        return ClaimQueue(
            self._database,
            lanes,
            self._take_woken,
            self._follow,
            lambda: self.active < self._settings.conversations_max_active,
            self._owner,
            is_worker=is_worker,
            most_waiting=self._settings.conversations_max_waiting,
        )

    @property
    def active(self) -> int:
        """How many conversations have something under way here."""
        return self._queue.active + self._calls.count

    @property
    def waiting(self) -> int:
        """How many turns wait to be taken by any process; where there is but one, none wait for long."""
        return self._claims.around.waiting if self._claims is not None else 0

    def check_room(self) -> None:
        """Raise ConversationsBusy or ShuttingDown when nothing new can be taken; asked before a message is."""
        self._queue.check_room()
        if self.active >= self._settings.conversations_max_active:
            raise ConversationsBusy(seconds=1)

    async def start(self) -> None:
        """Take up what is left behind, and go on."""
        self.watch()
        await self._queue.start()
        await self._sweeper.start()

    def watch(self) -> None:
        """Hear of what other processes do."""
        if self._notices is not None:
            self._notices.start()

    async def drain(self, grace_seconds: float) -> None:
        """Take nothing new and let what is under way come to its end; the rest is for others, or for the next start."""
        begun = time.monotonic()
        await self._sweeper.stop()
        await self._queue.leave()
        await self._calls.drain(grace_seconds)
        await self._queue.drain(max(grace_seconds - (time.monotonic() - begun), 0.1))
        if self._notices is not None:
            await self._notices.stop()

    async def run(self, conversation_id: str, work: Callable[[sa.Connection, Programs, str], tuple[Done, T]]) -> T:
        """Do `work(connection, programs, owner)` in one transaction, in the conversation's order; what it gives beside its turn.

        Where others take the turns, the calls that it wants are left to them, and so are messages that it writes down.
        """

        async def turn() -> T:
            if self._queue.takes_turns:
                done, result = await self._database.write_together(conversation_id, work, self.programs, self._owner)
                self._follow(done)
                return result
            self.live.tell(conversation_id, "running")  # before others can tell how it went on
            done, result = await self._leaving.run(
                conversation_id, lambda connection: work(connection, self.programs, wakes.NOBODY)
            )
            if done.said_on is not None:
                self._say(done.said_on)
            self._queue.woken(conversation_id)
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
        done = await self._database.write_together(
            conversation_id, take_turn, self.programs, self._owner, conversation_id
        )
        self._follow(done)

    def _take_woken(self, connection: sa.Connection, conversation_id: str) -> Done:
        """A turn that was left to us, with the calls that were begun for us."""
        done = take_turn(connection, self.programs, self._owner, conversation_id)
        if done.status == "running" and not done.calls:
            done.calls = [read_call(row) for row in wakes.take_left_calls(connection, self._owner, conversation_id)]
        return done

    async def _end_call(self, call: Call, event: CallEnded | CallLate) -> None:
        def turn(connection: sa.Connection, programs: Programs, owner: str) -> tuple[Done, None]:
            return take_turn(connection, programs, owner, call.conversation_id, [event], told_by=self._owner), None

        await self.run(call.conversation_id, turn)

    async def _say_that_it_takes_long(self, call: Call) -> None:
        def turn(connection: sa.Connection, programs: Programs, owner: str) -> tuple[Done, None]:
            return say_that_it_takes_long(connection, programs, owner, call), None

        await self.run(call.conversation_id, turn)

    def _follow(self, done: Done) -> None:
        """What comes after the commit of a turn that was taken here."""
        for call in done.calls:
            self._calls.start(call)
        self._sweeper.expect(done.next_due)
        if done.has_more:
            self._queue.wake(done.conversation_id)
        if done.said_on is not None:
            self._say(done.said_on)
        if done.has_told:
            self.on_told()
        self._tell(done)

    def _say(self, channel_id: str) -> None:
        """Whoever sends for the channel goes on, here or elsewhere."""
        self.on_said(channel_id)
        self.tell_senders(channel_id)

    def tell_senders(self, word: str) -> None:
        """Tell those who send in other processes: the id of a channel, or of a message of which something was heard."""
        if self._notices is not None and self._claims is not None and self._claims.around.has_others:
            self._notices.tell(_SAID, word)

    def _tell(self, done: Done) -> None:
        """Tell those who look at the conversation, here and elsewhere."""
        if done.status is None:
            return
        self.live.tell(done.conversation_id, done.status)
        if self._notices is not None and self._claims is not None and self._claims.around.has_others:
            self._notices.tell(_MOVED, f"{done.conversation_id}:{done.status}")

    def _hear_wakes(self, conversation_ids: list[str]) -> None:
        if self._claims is not None:
            self._claims.signal(len(conversation_ids))

    def _hear_said(self, words: list[str]) -> None:
        for word in words:
            self.on_said_elsewhere(word)

    def _hear_moves(self, moves: list[str]) -> None:
        for move in moves:
            conversation_id, _, status = move.partition(":")
            self.live.tell(conversation_id, status)
