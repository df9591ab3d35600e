"""Keeps idle connections for the next request to the same server: bounded, newest first, never a dead one."""

from __future__ import annotations

import asyncio
from typing import Final

from recado.outbound.connection import Connection
from recado.outbound.limits import Limits

_GOODBYE_SECONDS: Final = 1.0  # we leave this much before the server said it would


PoolKey = tuple[str, str, int, str | None]
"""Scheme, host, port and trusted certificates; the proxy is the same for a whole transport."""


class Pool:
    """Idle connections by key; `take` gives the one used last, so that the others can run out of time."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._idle: dict[PoolKey, list[Connection]] = {}
        self._key_of: dict[Connection, PoolKey] = {}
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        """How many connections are idle."""
        return len(self._key_of)

    def take(self, key: PoolKey, now: float) -> Connection | None:
        """An open idle connection that nothing has arrived on, or None; `now` in the loop's time."""
        connections = self._idle.get(key)
        while connections:
            connection = connections.pop()
            del self._key_of[connection]
            if connection.is_open and now < connection.idle_until and not connection.is_readable():
                return connection
            connection.abort()
        return None

    def put(self, key: PoolKey, connection: Connection, now: float) -> None:
        """Keep a connection for later, or close it when there are enough or the server is about to."""
        connections = self._idle.get(key)
        if connections is None:
            connections = self._idle[key] = []
        limits = self._limits
        said = connection.reader.keep_alive_seconds
        seconds = limits.idle_seconds if said is None else min(limits.idle_seconds, said - _GOODBYE_SECONDS)
        if seconds <= 0 or len(connections) >= limits.max_idle_per_host or len(self._key_of) >= limits.max_idle:
            connection.close()
            return
        connection.idle_until = now + seconds
        connections.append(connection)
        self._key_of[connection] = key
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(limits.idle_seconds, self._sweep)

    def forget(self, connection: Connection) -> None:
        """The connection is gone: it is never handed out again."""
        key = self._key_of.pop(connection, None)
        if key is not None:
            self._idle[key].remove(connection)

    def drop(self) -> None:
        """Close every idle connection."""
        idle = list(self._key_of)
        self._idle.clear()
        self._key_of.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        for connection in idle:
            connection.abort()

    def _sweep(self) -> None:
        self._timer = None
        loop = asyncio.get_running_loop()
        now = loop.time()
        for connection in [each for each in self._key_of if each.idle_until <= now]:
            self.forget(connection)
            connection.close()
        self._idle = {key: connections for key, connections in self._idle.items() if connections}
        if self._key_of:
            self._timer = loop.call_later(self._limits.idle_seconds, self._sweep)
