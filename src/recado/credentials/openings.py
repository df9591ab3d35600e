"""What was opened is kept for at most a minute, and who asks while it is being opened waits for the same opening."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Final, Generic, TypeVar

import sqlalchemy as sa

from recado.db.engine import Database
from recado.errors import SecretKeyUnavailable

KEPT_SECONDS: Final = 60.0

T = TypeVar("T")
Key = tuple[str, str]
"""The ids of a workspace and of what is opened."""


class Openings(Generic[T]):
    """What one process has opened of one kind."""

    def __init__(self, database: Database, *, most_kept: int) -> None:
        self._database = database
        self._most_kept = most_kept
        self._kept: dict[Key, tuple[float, T]] = {}
        self._opening: dict[Key, asyncio.Task[T]] = {}

    def find(self, key: Key) -> T | None:
        """What was opened within the last minute, if nothing was changed since."""
        until, found = self._kept.get(key, (0.0, None))
        return found if time.monotonic() < until else None

    async def open(self, key: Key, read: Callable[[sa.Connection], T]) -> T:
        """Have it read and opened by `read`. Raises what that raises."""
        task = self._opening.get(key)
        if task is None:
            task = asyncio.create_task(self._open(key, read), name="recado-open")
            self._opening[key] = task
            task.add_done_callback(lambda done: self._opened(key, done))
        return await asyncio.shield(task)  # one who hangs up must not take the others' answer away

    def forget(self) -> None:
        """Drop everything; what is being opened now is not kept, nor given to who asks from now on."""
        self._kept.clear()
        self._opening.clear()

    async def _open(self, key: Key, read: Callable[[sa.Connection], T]) -> T:
        until = time.monotonic() + KEPT_SECONDS
        task = asyncio.current_task()
        try:
            found = await self._database.read(read)
        except SecretKeyUnavailable:
            # A rotation may have replaced the KEK between the reading of the row and the unwrapping of its key.
            found = await self._database.read(read)
        if self._opening.get(key) is task:  # else everything was forgotten meanwhile
            while len(self._kept) >= self._most_kept:
                self._kept.pop(next(iter(self._kept)))
            self._kept[key] = (until, found)
        return found

    def _opened(self, key: Key, task: asyncio.Task[T]) -> None:
        if self._opening.get(key) is task:
            del self._opening[key]
        if not task.cancelled():
            task.exception()  # seen here, also when nobody waits any more
