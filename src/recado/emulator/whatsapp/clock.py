"""The stand-in's own time: it runs, stands still or is set forward, and what is due happens by it."""

from __future__ import annotations

import asyncio
import heapq
import logging
import time
from collections.abc import Callable
from itertools import count
from typing import Final

_log: Final = logging.getLogger("recado.emulator")


class Clock:
    """Seconds since 1970. Given a `start`, it stands still there until it is set forward or runs."""

    def __init__(self, start: float | None = None, real: Callable[[], float] = time.time) -> None:
        self._real = real
        self._offset = 0.0
        self._stopped_at = start

    def now(self) -> float:
        """The time."""
        return self._real() + self._offset if self._stopped_at is None else self._stopped_at

    @property
    def is_running(self) -> bool:
        """Whether time passes by itself."""
        return self._stopped_at is None

    def forward(self, seconds: float) -> None:
        """Let so much time be over."""
        if self._stopped_at is None:
            self._offset += seconds
        else:
            self._stopped_at += seconds

    def stop(self) -> None:
        """Stand still from now on."""
        self._stopped_at = self.now()

    def run(self) -> None:
        """Go on from where it stands."""
        self._offset = self.now() - self._real()
        self._stopped_at = None


class Agenda:
    """What is to happen later, by the clock; things due at one time happen in the order they were put down."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = count()
        self._changed = asyncio.Event()

    def after(self, seconds: float, act: Callable[[], None]) -> None:
        """Do something after so many seconds; what is due at once is done before anything else is."""
        heapq.heappush(self._due, (self._clock.now() + seconds, next(self._numbers), act))
        self._changed.set()

    def look(self) -> None:
        """Look again: the clock was set."""
        self._changed.set()

    def waits(self) -> list[float]:
        """In how many seconds each thing is due, the next first."""
        now = self._clock.now()
        return sorted(at - now for at, _, _ in self._due)

    async def keep(self) -> None:
        """Do what is due, until cancelled."""
        while True:
            self._changed.clear()
            while self._due and self._due[0][0] <= self._clock.now():
                act = heapq.heappop(self._due)[2]
                try:
                    act()
                except Exception:  # noqa: BLE001  # one thing that fails must not end all the others
                    _log.exception("something due could not be done")
            if not self._due or not self._clock.is_running:
                await self._changed.wait()
                continue
            left = self._due[0][0] - self._clock.now()
            try:
                await asyncio.wait_for(self._changed.wait(), max(0.0, left))
            except TimeoutError:
                continue


class Pulse:
    """Tells those who wait that something changed."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def beat(self) -> None:
        """Something changed."""
        for future in self._waiting:
            if not future.done():
                future.set_result(None)

    async def until(self, is_so: Callable[[], bool], seconds: float) -> bool:
        """Wait until something is so; whether it came to that in so many real seconds."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while not is_so():
            left = end - loop.time()
            if left <= 0:
                return False
            future: asyncio.Future[None] = loop.create_future()
            self._waiting.add(future)
            try:
                await asyncio.wait({future}, timeout=left)
            finally:
                self._waiting.discard(future)
        return True
