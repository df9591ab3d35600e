"""An API that answers each request 5 ms after its last byte: python bench/turns_upstream.py PORT."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import httptools
import uvloop

_ANSWER = b'{"id":"thing_0123456789","state":"made","owner":{"name":"Ana Demo"}}'
_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(_ANSWER)


class Late(asyncio.Protocol):
    """A connection."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody calls."""
        self._transport: Any = transport
        self._parser = httptools.HttpRequestParser(self)

    def data_received(self, data: bytes) -> None:
        """Bytes of a request."""
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        """A whole request."""
        asyncio.get_running_loop().call_later(0.005, self._transport.write, _HEAD + _ANSWER)


async def main() -> None:
    """Serve until it is ended."""
    server = await asyncio.get_running_loop().create_server(Late, "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main())
