"""One connection to a server or proxy: sends one request at a time and waits for its answer, without a task of its own."""

from __future__ import annotations

import asyncio
import select
from collections.abc import Callable
from math import inf
from time import perf_counter
from typing import cast

from recado.errors import CallBroken, TimeoutTotal
from recado.outbound.intake import Intake
from recado.outbound.limits import Limits
from recado.outbound.reader import ResponseReader


class Connection(asyncio.Protocol):
    """An open connection. `start` sends and gives a future; `reader` holds the answer once the future is done."""

    __slots__ = (
        "_loop",
        "_on_lost",
        "_poll",
        "_transport",
        "_waiter",
        "_writable",
        "deadline",
        "first_byte_at",
        "generation",
        "has_spoken_first",
        "idle_until",
        "is_open",
        "reader",
    )

    def __init__(self, limits: Limits, on_lost: Callable[[Connection], None], generation: int) -> None:
        self.reader = ResponseReader(limits)
        self.generation = generation
        """Which policy it was dialled under."""
        self.is_open = False
        self.has_spoken_first = False
        """Whether the server sent something before it was asked."""
        self.deadline = inf
        """When the running request must be done, in the loop's time; without one, never."""
        self.first_byte_at = 0.0
        """When the first byte of the answer came, by perf_counter; 0 before."""
        self.idle_until = 0.0
        """Until when it may wait for another request, in the loop's time."""
        self._on_lost = on_lost
        self._loop = asyncio.get_running_loop()
        self._poll = select.poll()
        self._transport: asyncio.Transport | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._writable: asyncio.Future[None] | None = None

    def start(self, data: bytes, method: str, deadline: float, into: Intake | None = None) -> asyncio.Future[None]:
        """Send one request; the future ends when the whole answer is here, or with a CallBroken."""
        assert self._transport is not None
        self._waiter = waiter = self._loop.create_future()
        self.deadline = deadline
        self.first_byte_at = 0.0
        self.reader.begin(method, into)
        if into is not None:
            into.begin(self._transport.pause_reading, self._read_on)
        self._transport.write(data)
        return waiter

    async def write(self, data: bytes) -> bool:
        """More of the request, once most of what came before is on its way; False where the answer is there already."""
        if self._writable is not None and self._waiter is not None:
            await asyncio.wait({self._writable, self._waiter}, return_when=asyncio.FIRST_COMPLETED)
        if self._waiter is None or self._transport is None:
            return False
        self._transport.write(data)
        return True

    def _read_on(self) -> None:
        if self.is_open and self._transport is not None:
            self._transport.resume_reading()

    @property
    def is_reusable(self) -> bool:
        """Whether another request may follow: framing ended well, the server keeps the connection, all was sent."""
        return (
            self.is_open
            and self.reader.is_reusable
            and self._transport is not None
            and self._transport.get_write_buffer_size() == 0  # an answer before the request was through
        )

    def is_readable(self) -> bool:
        """Whether the kernel holds bytes or an end that the loop has not told us yet; an idle connection has none.

        0.3 µs against a request into a closed connection, whose outcome nobody would know.
        """
        return bool(self._poll.poll(0))

    def expire(self) -> None:
        """The deadline has passed."""
        self._fail(TimeoutTotal(seconds=0))

    def close(self) -> None:
        """Say good-bye (TLS close_notify) and close; for a connection with nothing under way."""
        self.is_open = False
        if self._transport is None:
            return
        if self._transport.get_write_buffer_size():  # a server that answered early may never read the rest
            self._transport.abort()
        else:
            self._transport.close()

    def abort(self) -> None:
        """Close at once, whatever is under way."""
        self.is_open = False
        if self._transport is not None:
            self._transport.abort()

    # ── what the loop calls ──────────────────────────────────────────────────────────────────────────────────────────

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection, with its TLS, stands."""
        self._transport = cast("asyncio.Transport", transport)
        self._poll.register(transport.get_extra_info("socket").fileno(), select.POLLIN)
        self.is_open = True

    def data_received(self, data: bytes) -> None:
        """Bytes came: part of the answer, or bytes nobody asked for, which end the connection."""
        waiter = self._waiter
        if waiter is None:
            self.has_spoken_first = True
            self.abort()
            return
        if not self.first_byte_at:
            self.first_byte_at = perf_counter()
        try:
            is_complete = self.reader.feed(data)
        except CallBroken as problem:
            self._fail(problem)
            return
        if is_complete:
            self._waiter = None
            self.deadline = inf
            if not waiter.done():
                waiter.set_result(None)

    def pause_writing(self) -> None:
        """Much of the request waits to be sent."""
        self._writable = self._loop.create_future()

    def resume_writing(self) -> None:
        """Most of it is sent."""
        if self._writable is not None and not self._writable.done():
            self._writable.set_result(None)
        self._writable = None

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone; an answer under way ends here."""
        self.is_open = False
        self.reader.release()
        self._on_lost(self)
        waiter = self._waiter
        if waiter is None:
            return
        try:
            self.reader.end(is_orderly=exc is None)
        except CallBroken as problem:
            self._fail(problem)
            return
        self._waiter = None
        if not waiter.done():
            waiter.set_result(None)

    def _fail(self, problem: CallBroken) -> None:
        waiter = self._waiter
        self._waiter = None
        self.deadline = inf
        if waiter is not None and not waiter.done():
            waiter.set_exception(problem)
        self.abort()
