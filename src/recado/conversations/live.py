"""Tells those who look at a conversation, in this process, that something new is on disk; what it is, they read there."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator


class Watch:
    """One who looks: whether something happened since they looked, and the status it had then."""

    __slots__ = ("_event", "status")

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self.status: str | None = None

    def tell(self, status: str) -> None:
        """Something happened."""
        self.status = status
        self._event.set()

    async def wait(self, seconds: float) -> bool:
        """Whether something happened, or happens in time."""
        try:
            async with asyncio.timeout(seconds):  # `wait_for` would make a task of it
                await self._event.wait()
        except TimeoutError:
            return False
        self._event.clear()
        return True


class Live:
    """Whoever watches is woken after each turn; a turn taken by another process is seen at the next look."""

    def __init__(self) -> None:
        self._watches: dict[str, set[Watch]] = {}

    def tell(self, conversation_id: str, status: str) -> None:
        """A conversation took a turn."""
        for watch in self._watches.get(conversation_id, ()):
            watch.tell(status)

    @contextlib.contextmanager
    def watching(self, conversation_id: str) -> Iterator[Watch]:
        """Look at a conversation."""
        watch = Watch()
        self._watches.setdefault(conversation_id, set()).add(watch)
        try:
            yield watch
        finally:
            watches = self._watches[conversation_id]
            watches.discard(watch)
            if not watches:
                del self._watches[conversation_id]
