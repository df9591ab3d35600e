"""An event loop in a thread of its own, so that a test without one can have servers beside it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from typing import Any, TypeVar

T = TypeVar("T")


class Background:
    """Runs coroutines, and servers written as `async with`, while the test goes on."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, coroutine: Coroutine[Any, Any, T], seconds: float = 90) -> T:
        """The coroutine's result."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(seconds)

    @contextmanager
    def serving(self, server: AbstractAsyncContextManager[T]) -> Iterator[T]:
        """A server that stands as long as the block lasts."""
        entered = self.run(server.__aenter__())
        try:
            yield entered
        finally:
            self.run(server.__aexit__(None, None, None))

    def close(self) -> None:
        """End the loop and its thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()
