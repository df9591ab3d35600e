"""An upstream that counts what it is asked, by a token in the body; it answers after a few milliseconds."""

from __future__ import annotations

import asyncio
import random
import re
import threading
from collections import Counter

import httptools

_TOKEN = re.compile(rb"token=([0-9a-z_]+)")


class _Protocol(asyncio.Protocol):
    def __init__(self, server: CountingServer) -> None:
        self._server = server
        self._body = b""
        self._parser = httptools.HttpRequestParser(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._server.connections.add(transport)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # the protocol's signature
        self._server.connections.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        found = _TOKEN.search(self._body)
        method = self._parser.get_method().decode()
        self._body = b""
        token = found[1].decode() if found else ""
        self._server.hits[method, token] += 1
        asyncio.get_running_loop().call_later(self._server.delay(), self._answer, token)

    def _answer(self, token: str) -> None:
        body = b'{"id":"%b","state":"made"}' % token.encode()
        head = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
        self._transport.write(head + body)  # type: ignore[attr-defined]  # a stream's transport can write


class CountingServer:
    """Runs in a thread of its own; `hits[method, token]` says how often each was asked for."""

    def __init__(self, least_delay: float = 0.002, most_delay: float = 0.03) -> None:
        self.hits: Counter[tuple[str, str]] = Counter()
        self.connections: set[asyncio.BaseTransport] = set()
        self.port = 0
        self._delays = (least_delay, most_delay)
        self._up, self._stop = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        assert self._up.wait(60)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def delay(self) -> float:
        return random.uniform(*self._delays)

    async def _serve(self) -> None:
        server = await asyncio.get_running_loop().create_server(lambda: _Protocol(self), "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._up.set()
        await asyncio.to_thread(self._stop.wait)
        server.close()
        for transport in list(self.connections):
            transport.abort()  # type: ignore[attr-defined]  # a stream's transport can
        await asyncio.sleep(0)

    def close(self) -> None:
        self._stop.set()
        self._thread.join(10)
