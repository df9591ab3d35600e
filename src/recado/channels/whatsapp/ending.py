"""Notes which deliveries are taken in: many at once in one transaction, since nobody waits for it."""

from __future__ import annotations

import asyncio
from typing import Final

import structlog

from recado.channels.whatsapp import deliveries
from recado.db.engine import Database
from recado.errors import Unavailable

_GATHER_SECONDS: Final = 0.05
_PAUSE: Final = 1.0
_MOST: Final = 500
_log: Final = structlog.get_logger("recado.channels")


class Endings:
    """What was taken in and is not noted yet. What a kill takes away is taken in again at the next start, to no effect."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._ended: dict[str, str | None] = {}
        self._task: asyncio.Task[None] | None = None

    def add(self, delivery_id: str, note: str | None) -> None:
        """This one is taken in; with a note, in part only."""
        self._ended[delivery_id] = note
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._write(), name="recado-deliveries-ended")

    def has(self, delivery_id: str) -> bool:
        """Whether it is taken in, although the table does not say so yet."""
        return delivery_id in self._ended

    async def drain(self) -> None:
        """Have them noted, if storage lets us."""
        if self._task is not None:
            await asyncio.wait({self._task}, timeout=_PAUSE)
            self._task.cancel()

    async def _write(self) -> None:
        await asyncio.sleep(_GATHER_SECONDS)
        while self._ended:
            ended = list(self._ended.items())[:_MOST]
            try:
                await self._database.write_briefly(deliveries.end, ended)
            except Unavailable as problem:
                _log.warning("deliveries_wait", code=problem.code)
                await asyncio.sleep(_PAUSE)
                continue
            for delivery_id, _ in ended:
                del self._ended[delivery_id]
