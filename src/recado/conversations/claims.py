"""Turns on many machines: wakes in a table, claimed by whichever process takes turns, one transaction for claim and turn."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final, TypeVar

import sqlalchemy as sa
import structlog

from recado.background import Background
from recado.conversations import wakes
from recado.conversations.embedded import EmbeddedQueue
from recado.conversations.kept import Done
from recado.conversations.wakes import Around
from recado.db.engine import Database
from recado.errors import ConversationsBusy, Unavailable
from recado.executions.tasks import DEAD_AFTER

if TYPE_CHECKING:
    from recado.db.notices import Notices

T = TypeVar("T")
WAKES: Final = "recado_wakes"
_PARALLEL: Final = 4
_TOGETHER: Final = 8
"""Turns of one transaction, and so of one flush, where so many are wanted."""
_LOOK_SECONDS: Final = 1.0
_PAUSE: Final = 0.2
_log: Final = structlog.get_logger("recado.conversations")


class ClaimQueue:
    """The adapter for many processes on one PostgreSQL.

    A worker always takes turns. A server takes them itself while no worker lives, and otherwise leaves them: then it only
    commits what comes in, with a wake. `turn` is what a woken conversation does, in the claim's transaction; `follow` hears
    of it once it is committed; `has_room` tells whether another turn may be begun.
    """

    def __init__(
        self,
        database: Database,
        lanes: EmbeddedQueue,
        turn: Callable[[sa.Connection, str], Done],
        follow: Callable[[Done], None],
        has_room: Callable[[], bool],
        process_id: str,
        *,
        is_worker: bool,
        most_waiting: int,
    ) -> None:
        self._database = database
        self._lanes = lanes
        self._turn = turn
        self._follow = follow
        self._has_room = has_room
        self._process_id = process_id
        self._is_worker = is_worker
        self._most_waiting = most_waiting
        self._tell: Callable[[str], None] = lambda _: None
        self._wanted: set[str] = set()
        self._waking: asyncio.Task[None] | None = None
        self._looking = Background("claims", self._look, _LOOK_SECONDS)
        self._claimers: set[asyncio.Task[None]] = set()
        self._signals = 0
        self._left_since = 0
        self._is_leaving = False
        self.around = Around()

    def use(self, notices: Notices) -> None:
        """Tell other processes of wakes by these."""
        self._tell = lambda conversation_id: notices.tell(WAKES, conversation_id)

    # ── the port ─────────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def takes_turns(self) -> bool:
        """Whether this process takes turns; else others do."""
        return not self._is_leaving and (self._is_worker or not self.around.has_worker)

    @property
    def active(self) -> int:
        """How many conversations have a turn that runs or waits to in this process."""
        return self._lanes.active + len(self._claimers)

    def check_room(self) -> None:
        """Raise ConversationsBusy when too many turns wait to be taken, here or anywhere."""
        self._lanes.check_room()
        if self.around.waiting + self._left_since >= self._most_waiting:
            raise ConversationsBusy(seconds=2)

    async def run(self, conversation_id: str, work: Callable[[], Awaitable[T]]) -> T:
        """Do `work` in its conversation's order among what this process was asked."""
        return await self._lanes.run(conversation_id, work)

    def wake(self, conversation_id: str) -> None:
        """Have the conversation take a turn soon, in whichever process; many at once are one transaction."""
        self._wanted.add(conversation_id)
        if self._waking is None or self._waking.done():
            self._waking = asyncio.create_task(self._write_wakes(), name="recado-wakes")

    def woken(self, conversation_id: str) -> None:
        """A wake of ours is on disk."""
        self._left_since += 1
        if self.takes_turns:
            self.signal(1)
        if self.around.has_others:
            self._tell(conversation_id)

    def signal(self, count: int) -> None:
        """There are `count` wakes more: see to them."""
        self._signals += 1
        if self.takes_turns:
            for _ in range(min(-(-count // _TOGETHER), _PARALLEL) - len(self._claimers)):
                self._add_claimer()

    async def start(self) -> None:
        """Look who else is there, and take up what waits."""
        await self._look()
        self._looking.start(_LOOK_SECONDS)

    async def leave(self) -> None:
        """Take no more turns; they are for others from now on."""
        self._is_leaving = True
        if not self._looking.is_started:
            return
        with contextlib.suppress(Unavailable):
            await self._database.write(wakes.leave, self._process_id)
        if self._claimers:
            await asyncio.wait(self._claimers)

    async def drain(self, grace_seconds: float) -> None:
        """Finish the lanes, and have what was woken on disk."""
        begun = time.monotonic()
        await self._lanes.drain(grace_seconds)
        if self._waking is not None:
            await asyncio.wait({self._waking}, timeout=max(grace_seconds - (time.monotonic() - begun), 0.1))
        await self._looking.stop()

    # ── claims ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _add_claimer(self) -> None:
        self._claimers.add(asyncio.create_task(self._claim(), name="recado-claim"))

    async def _claim(self) -> None:
        try:
            await self._keep_claiming()
        finally:  # at once, so that no signal counts on one who has just stopped looking
            self._claimers.discard(asyncio.current_task())

    async def _keep_claiming(self) -> None:
        """Turn after turn while there are any; who finds as many as may go together gets company."""
        while self.takes_turns and self._has_room():
            signals = self._signals
            try:
                if await self._take_some() == _TOGETHER:
                    if len(self._claimers) < _PARALLEL:
                        self._add_claimer()
                elif signals == self._signals:
                    return
            except Unavailable as problem:
                _log.warning("turn_waits", code=problem.code)
                await asyncio.sleep(_PAUSE)

    async def _take_some(self) -> int:
        """Claim the wakes that wait longest and take their turns; how many."""
        held: list[str] = []
        try:
            done = await self._database.write(self._claimed, held)
        except Unavailable:
            raise
        except Exception:  # one bad record must not keep the others waiting
            if not held:
                raise
            _log.exception("turn_failed", conversation_id=held[-1])
            await self._database.write(wakes.postpone, held[-1])
            return _TOGETHER  # the others are there again
        for one in done:
            self._follow(one)
        return len(done)

    def _claimed(self, connection: sa.Connection, held: list[str]) -> list[Done]:
        done = []
        for conversation_id in wakes.claim(connection, _TOGETHER):
            held.append(conversation_id)
            done.append(self._turn(connection, conversation_id))
        return done

    async def _write_wakes(self) -> None:
        while self._wanted:
            wanted, self._wanted = self._wanted, set()
            try:
                await self._database.write(wakes.wake, wanted)
            except Unavailable as problem:  # the sweeper finds them again
                _log.warning("wakes_wait", code=problem.code)
                return
            for conversation_id in wanted:
                self.woken(conversation_id)

    async def _look(self) -> None:
        """See who lives and what waits, and make up for notices that were lost."""
        left = self._left_since
        took_turns = self.takes_turns
        self.around = await self._database.read(wakes.look_around, self._process_id, DEAD_AFTER, self._most_waiting + 1)
        self._left_since -= left
        if took_turns != self.takes_turns:
            _log.info("turns_taken_here" if self.takes_turns else "turns_left_to_workers")
        if self.around.waiting:
            self.signal(self.around.waiting)
