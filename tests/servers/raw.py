"""A real HTTP server made of a bare socket: it records the exact bytes of each request and answers from a script."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, Self

_CONTENT_LENGTH: Final = re.compile(rb"\r\ncontent-length:\s*([0-9]+)\r\n", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server does with one request: bytes to send, and then what becomes of the connection."""

    data: bytes = b""
    then: Literal["keep", "close", "reset", "hang"] = "keep"
    delay_seconds: float = 0.0


def response(status: int = 200, body: bytes = b"", headers: Sequence[str] = (), *, reason: str = "Fine") -> bytes:
    """A well-formed response with its Content-Length."""
    lines = [f"HTTP/1.1 {status} {reason}", *headers, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


OK: Final = Answer(response(200, b'{"ok":true}', ["Content-Type: application/json"]))
SILENCE: Final = Answer(then="hang")
HANG_UP: Final = Answer(then="close")
RESET: Final = Answer(then="reset")


class RawServer:
    """Answers the n-th request with the n-th answer; the last one repeats. Use as `async with RawServer(...) as server`.

    `requests`: the bytes of each, in order of arrival, whichever connection they came on. `accepts`: connections taken.
    `leftovers`: bytes on a connection that were not a whole request. `ended`: connections that are over. `writers`: those that stand.
    """

    def __init__(
        self, *answers: Answer | bytes, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
    ) -> None:
        self.host = host
        self.port = port
        self.answers = [answer if isinstance(answer, Answer) else Answer(answer) for answer in answers] or [OK]
        self.requests: list[bytes] = []
        self.leftovers: list[bytes] = []
        self.accepts = 0
        self.ended = 0
        self._tls = tls
        self._server: asyncio.Server | None = None
        self.writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Condition()

    @property
    def url(self) -> str:
        """`http://host:port`, or https with TLS."""
        return f"{'http' if self._tls is None else 'https'}://{self.host}:{self.port}"

    @property
    def open(self) -> int:
        """Connections that stand now."""
        return len(self.writers)

    async def __aenter__(self) -> Self:
        """Listen, on a free port unless one was given."""
        self._server = await asyncio.start_server(self._accept, self.host, self.port, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        """Cut every connection and stop listening."""
        assert self._server is not None
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def hang_up(self) -> None:
        """Close every connection that stands now, from our side."""
        for writer in list(self.writers):
            writer.close()
        await self.wait_until(lambda: not self.writers)

    async def wait_until(self, is_reached: object, seconds: float = 60) -> None:
        """Wait for a state of this server, given as a function without arguments."""
        assert callable(is_reached)
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(is_reached)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection: request after request."""
        while await self._record(reader):
            answer = self.answers[min(len(self.requests), len(self.answers)) - 1]
            if answer.delay_seconds:
                await asyncio.sleep(answer.delay_seconds)
            if answer.data:
                writer.write(answer.data)
                await writer.drain()
            if answer.then == "hang":
                await reader.read()
            if answer.then == "reset":
                writer.transport.abort()
            if answer.then != "keep":
                return

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepts += 1
        self.writers.add(writer)
        task = asyncio.create_task(self._run(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self.serve(reader, writer)
        except OSError:
            pass
        finally:
            writer.close()
            self.writers.discard(writer)
            self.ended += 1
            await self._announce()

    async def _record(self, reader: asyncio.StreamReader) -> bool:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = _CONTENT_LENGTH.search(head)
            body = await reader.readexactly(int(length[1])) if length else b""
        except asyncio.IncompleteReadError as problem:
            if problem.partial:
                self.leftovers.append(problem.partial)
            return False
        self.requests.append(head + body)
        await self._announce()
        return True

    async def _announce(self) -> None:
        async with self._changed:
            self._changed.notify_all()
