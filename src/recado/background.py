"""What a process does on its own: it looks again and again, sooner when it is woken, and whatever became of the last look."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import structlog

from recado.errors import ShuttingDown, Unavailable

T = TypeVar("T")
_FIRST_PAUSE: Final = 0.1
_LONGEST_PAUSE: Final = 2.0
_log: Final = structlog.get_logger("recado.background")


class Background:
    """One task of a process, or a part whose work is all such.

    `look` does the work and may say in how many seconds to look again, else that is `seconds`.
    """

    def __init__(self, name: str, look: Callable[[], Awaitable[float | None]], seconds: float) -> None:
        self._name = name
        self._look = look
        self._seconds = seconds
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def is_started(self) -> bool:
        """Whether it ever began."""
        return self._task is not None

    def wake(self) -> None:
        """Look now, or once more after the look that is under way."""
        self._woken.set()

    def start(self, after: float = 0.0) -> None:
        """Look from now on, for the first time in so many seconds."""
        self._task = asyncio.create_task(self._go_on(after), name=f"recado-{self._name}")

    async def stop(self) -> None:
        """End it, in the middle of a look too."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def look(self) -> float:
        """Look once and log what goes wrong; in how many seconds to look again."""
        try:
            seconds = await self._look()
        except Unavailable as problem:
            _log.warning("background_work_waits", work=self._name, code=problem.code)
        except Exception:  # noqa: BLE001  # it outlives one bad record
            _log.exception("background_work_failed", work=self._name)
        else:
            return self._seconds if seconds is None else seconds
        return self._seconds

    async def _go_on(self, seconds: float) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                # not `wait_for`, which takes no notice of a stop that comes with a wake
                async with asyncio.timeout(seconds):
                    await self._woken.wait()
            self._woken.clear()
            seconds = await self.look()


async def insist(name: str, work: Callable[[], Awaitable[T]], **facts: str) -> T:
    """Do it, again and again while storage is in trouble; the facts are for the log. Raises ShuttingDown."""
    pause = _FIRST_PAUSE
    while True:
        try:
            return await work()
        except ShuttingDown:
            raise
        except Unavailable as problem:
            _log.warning("background_work_waits", work=name, code=problem.code, **facts)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
