"""Turns inside this process: a lane for each conversation that has something to do, and none for those that wait."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import structlog

from recado.errors import ConversationsBusy, RecadoError, ShuttingDown, Unavailable

T = TypeVar("T")
Job = Callable[[], Awaitable[None]]
_PARALLEL: Final = 32
_FIRST_PAUSE: Final = 0.1
_LONGEST_PAUSE: Final = 2.0
_log: Final = structlog.get_logger("recado.conversations")


class _Lane:
    """What one conversation has to do, in order."""

    __slots__ = ("has_wake", "jobs")

    def __init__(self) -> None:
        self.jobs: deque[Job] = deque()
        self.has_wake = False


class EmbeddedQueue:
    """The adapter for one process, on its event loop. `turn` is what a woken conversation does."""

    def __init__(self, turn: Callable[[str], Awaitable[None]], most_active: int) -> None:
        self._turn = turn
        self._most_active = most_active
        self._lanes: dict[str, _Lane] = {}
        self._ready: deque[str] = deque()
        self._running: set[asyncio.Task[None]] = set()
        self._idle = asyncio.Event()
        self._is_closing = False

    @property
    def takes_turns(self) -> bool:
        """There is nobody else."""
        return True

    @property
    def active(self) -> int:
        """How many conversations have a turn that runs or waits to."""
        return len(self._lanes)

    def check_room(self) -> None:
        """Raise ShuttingDown, or ConversationsBusy when as many are active as may be."""
        if self._is_closing:
            raise ShuttingDown
        if len(self._lanes) >= self._most_active:
            raise ConversationsBusy(seconds=1)

    async def run(self, conversation_id: str, work: Callable[[], Awaitable[T]]) -> T:
        """Do `work` in its conversation's lane; it is done even when the one who asked has gone."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()

        async def job() -> None:
            try:
                result = await work()
            except BaseException as problem:
                if not future.done():
                    future.set_exception(problem)
                    future.exception()  # whoever asked may have gone; it is no news to anybody then
                if not isinstance(problem, Exception):
                    raise
            else:
                if not future.done():
                    future.set_result(result)

        self._add(conversation_id, job)
        return await future

    def wake(self, conversation_id: str) -> None:
        """Have the conversation take a turn after what is in its lane already."""
        lane = self._lanes.get(conversation_id)
        if lane is not None and lane.has_wake:
            return

        async def job() -> None:
            self._lanes[conversation_id].has_wake = False
            await self._take_turn(conversation_id)

        self._add(conversation_id, job)
        self._lanes[conversation_id].has_wake = True

    def woken(self, conversation_id: str) -> None:
        """No wake is ever written: `wake` keeps them."""
        self.wake(conversation_id)

    async def start(self) -> None:
        """Turns are taken as they are asked for."""

    async def leave(self) -> None:
        """There is nobody to leave anything to; what is not begun is found again at the next start."""

    async def drain(self, grace_seconds: float) -> None:
        """Take nothing new, and wait for the turns that are under way."""
        self._is_closing = True
        self._idle.clear()
        if self._lanes:
            try:
                await asyncio.wait_for(self._idle.wait(), grace_seconds)
            except TimeoutError:
                _log.warning("turns_unfinished", count=len(self._lanes))
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    # ── lanes ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _add(self, conversation_id: str, job: Job) -> None:
        lane = self._lanes.get(conversation_id)
        if lane is not None:
            lane.jobs.append(job)
            return
        self._lanes[conversation_id] = lane = _Lane()
        lane.jobs.append(job)
        self._ready.append(conversation_id)
        self._start()

    def _start(self) -> None:
        """Begin with as many lanes as may run at once."""
        while self._ready and len(self._running) < _PARALLEL:
            task = asyncio.create_task(self._walk(self._ready.popleft()), name="recado-turn")
            self._running.add(task)
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._start()
        if not self._lanes:
            self._idle.set()

    async def _walk(self, conversation_id: str) -> None:
        """One job; a lane with more goes to the end of the line, so that nobody waits for a busy neighbour."""
        lane = self._lanes[conversation_id]
        try:
            await lane.jobs.popleft()()
        finally:
            if lane.jobs:
                self._ready.append(conversation_id)
            else:
                del self._lanes[conversation_id]

    async def _take_turn(self, conversation_id: str) -> None:
        """A turn nobody waits for: tried again while storage is in trouble."""
        pause = _FIRST_PAUSE
        while True:
            try:
                await self._turn(conversation_id)
            except Unavailable as problem:
                _log.warning("turn_waits", conversation_id=conversation_id, code=problem.code)
                if self._is_closing:
                    return
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
            except RecadoError as problem:
                _log.warning("turn_failed", conversation_id=conversation_id, code=problem.code)
                return
            except Exception:  # noqa: BLE001  # the sweeper tries again what is still undone
                _log.exception("turn_failed", conversation_id=conversation_id)
                return
            else:
                return
