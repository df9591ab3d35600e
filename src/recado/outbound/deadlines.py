"""Ends requests whose time is over: one timer for all of them instead of one each."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from math import inf
from typing import Final

from recado.outbound.connection import Connection

_SWEEP_SECONDS: Final = 0.25  # how far ahead the timer is set at most; an earlier deadline pulls it nearer


class Deadlines:
    """Calls `expire` on each of the open connections whose request is out of time.

    A timer of its own costs a request about 2 µs. This costs it one comparison, is exact all the same, and four times a
    second looks at every connection while one of them waits: 50 µs for a thousand.
    """

    __slots__ = ("_connections", "_timer", "wakes_at")

    def __init__(self, connections: Collection[Connection]) -> None:
        self._connections = connections
        self._timer: asyncio.TimerHandle | None = None
        self.wakes_at = inf
        """When the timer will go off, in the loop's time: only a request with an earlier deadline need be told of."""

    def wake_by(self, deadline: float) -> None:
        """A request has begun that is out of time at `deadline`."""
        loop = asyncio.get_running_loop()
        self._set_timer(loop, min(deadline, loop.time() + _SWEEP_SECONDS))

    def stop(self) -> None:
        """Drop the timer."""
        self.wakes_at = inf
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _set_timer(self, loop: asyncio.AbstractEventLoop, at: float) -> None:
        self.stop()
        self.wakes_at = at
        self._timer = loop.call_at(at, self._sweep, loop)

    def _sweep(self, loop: asyncio.AbstractEventLoop) -> None:
        self.stop()
        # a timer may fire up to the clock's resolution early
        now = loop.time() + 0.001
        for connection in [connection for connection in self._connections if connection.deadline <= now]:
            connection.expire()
        nearest = min((connection.deadline for connection in self._connections), default=inf)
        if nearest < inf:
            self._set_timer(loop, min(nearest, now + _SWEEP_SECONDS))
