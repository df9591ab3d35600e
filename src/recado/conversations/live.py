"""Tells those who look at a conversation, in this process, that something new is on disk; what it is, they read there."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator


class Live:
    """Whoever watches is woken after each turn; a turn taken by another process is seen at the next look."""

    def __init__(self) -> None:
        self._watchers: dict[str, set[asyncio.Event]] = {}

    def tell(self, conversation_id: str) -> None:
        """Something happened."""
        for event in self._watchers.get(conversation_id, ()):
            event.set()

    @contextlib.contextmanager
    def watching(self, conversation_id: str) -> Iterator[asyncio.Event]:
        """An event that is set when something happened; clear it before looking."""
        event = asyncio.Event()
        self._watchers.setdefault(conversation_id, set()).add(event)
        try:
            yield event
        finally:
            watchers = self._watchers[conversation_id]
            watchers.discard(event)
            if not watchers:
                del self._watchers[conversation_id]


async def wait_for(event: asyncio.Event, seconds: float) -> bool:
    """Whether it was set in time."""
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True
