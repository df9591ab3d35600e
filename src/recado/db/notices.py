"""Notices between the processes of one PostgreSQL database: what is lost of them, a look at the tables makes up for.

They are sent after the commit they tell of, and many in one, since a NOTIFY within a transaction makes all commits of
the database wait for each other.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import psycopg
import sqlalchemy as sa
import structlog

from recado.db.engine import POSTGRESQL_OPTIONS
from recado.settings import Settings

_PAUSE: Final = 1.0
_LEAST_PAUSE: Final = 0.005
"""Between two notices of a process: each wakes all others, so what a busy one has to tell goes together."""
_MOST_WORDS: Final = 150  # a notice has at most 8,000 bytes
_log: Final = structlog.get_logger("recado.db.notices")

Listener = Callable[[list[str]], None]


class Notices:
    """One connection that listens and, once something is told, one that tells. Each channel carries words."""

    def __init__(self, settings: Settings, listeners: Mapping[str, Listener]) -> None:
        url = sa.make_url(settings.database_url).set(drivername="postgresql")
        self._address = url.render_as_string(hide_password=False)
        self._listeners = listeners
        self._listening: asyncio.Task[None] | None = None
        self._telling: asyncio.Task[None] | None = None
        self._teller: psycopg.AsyncConnection[Any] | None = None
        self._told_at = 0.0
        self._untold: dict[str, dict[str, None]] = {}

    def start(self) -> None:
        """Listen from now on, again and again when the connection is lost."""
        self._listening = asyncio.create_task(self._listen(), name="recado-notices")

    async def stop(self) -> None:
        """Tell what is untold, and hear no more."""
        if self._telling is not None:
            await asyncio.wait({self._telling}, timeout=_PAUSE)
        for task in (self._listening, self._telling):
            if task is not None:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
        await self._hang_up()

    def tell(self, channel: str, word: str) -> None:
        """Tell all who listen, soon; what comes meanwhile goes along."""
        untold = self._untold.setdefault(channel, {})
        untold.pop(word, None)  # the newest is heard last
        untold[word] = None
        if self._telling is None or self._telling.done():
            self._telling = asyncio.create_task(self._tell(), name="recado-tell")

    async def _listen(self) -> None:
        while True:
            try:
                connection = await self._connect()
                try:
                    for channel in self._listeners:
                        await connection.execute(f"LISTEN {channel}".encode())
                    async for notice in connection.notifies():
                        self._listeners[notice.channel](notice.payload.split())
                finally:
                    await connection.close()
            except (psycopg.Error, OSError) as problem:
                _log.warning("notices_lost", reason=type(problem).__name__)
            await asyncio.sleep(_PAUSE)

    async def _tell(self) -> None:
        try:
            while self._untold:
                await asyncio.sleep(self._told_at + _LEAST_PAUSE - time.monotonic())
                told, self._untold = self._untold, {}
                if self._teller is None or self._teller.closed:
                    self._teller = await self._connect()
                for channel, ids in told.items():
                    for text in _texts(list(ids)):
                        await self._teller.execute("SELECT pg_notify(%s, %s)", (channel, text))
                self._told_at = time.monotonic()
        except (psycopg.Error, OSError) as problem:
            _log.warning("notices_lost", reason=type(problem).__name__)
            await self._hang_up()

    async def _connect(self) -> psycopg.AsyncConnection[Any]:
        options: Any = POSTGRESQL_OPTIONS
        return await psycopg.AsyncConnection.connect(self._address, autocommit=True, **options)

    async def _hang_up(self) -> None:
        if self._teller is not None:
            with contextlib.suppress(psycopg.Error, OSError):
                await self._teller.close()
            self._teller = None


def _texts(ids: list[str]) -> Iterator[str]:
    for start in range(0, len(ids), _MOST_WORDS):
        yield " ".join(ids[start : start + _MOST_WORDS])
