"""The body of an answer, handed on as it arrives to whoever keeps it elsewhere than in memory."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import Final

_MOST_WAITING: Final = 512 * 1024


class Intake:
    """Takes the body of one answer; while more than half a MiB of it waits, the connection reads no further."""

    def __init__(self) -> None:
        self._waiting: deque[bytes] = deque()
        self._size = 0
        self._news = asyncio.Event()
        self._is_ended = False
        self._resume: Callable[[], None] | None = None
        self._pause: Callable[[], None] = lambda: None
        self._go_on: Callable[[], None] = lambda: None

    def begin(self, pause: Callable[[], None], go_on: Callable[[], None]) -> None:
        """How the connection is told to read no further, and to read on."""
        self._pause, self._go_on = pause, go_on

    def feed(self, data: bytes) -> None:
        """A piece has come."""
        self._waiting.append(data)
        self._size += len(data)
        if self._size > _MOST_WAITING and self._resume is None:
            self._resume = self._go_on
            self._pause()
        self._news.set()

    def end(self) -> None:
        """Nothing more comes."""
        self._is_ended = True
        self._news.set()

    async def pieces(self) -> AsyncIterator[bytes]:
        """The body, until `end`."""
        while True:
            while self._waiting:
                piece = self._waiting.popleft()
                self._size -= len(piece)
                yield piece
                if self._resume is not None and self._size <= _MOST_WAITING // 2:
                    resume, self._resume = self._resume, None
                    resume()
            if self._is_ended:
                return
            self._news.clear()
            await self._news.wait()
