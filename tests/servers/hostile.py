"""Servers that answer badly on purpose: `HostileServer(gzip_bomb)` reads one request and then does its worst.

The functions are the ways to misbehave over time; `BROKEN_ANSWERS` are fixed bytes after which the server closes, for
`RawServer(Answer(BROKEN_ANSWERS["cut_off"], then="close"))`.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Awaitable, Callable
from typing import Final

from servers.raw import RawServer

Say = Callable[[bytes], Awaitable[None]]
"""Sends bytes at the pace of the other side."""
Misbehaviour = Callable[[Say], Awaitable[None]]

_HEAD: Final = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_CHUNKED: Final = _HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
_PIECE: Final = 64 * 1024
_DRIP_SECONDS: Final = 0.02


class HostileServer(RawServer):
    """Reads a request, misbehaves, closes."""

    def __init__(self, misbehaviour: Misbehaviour) -> None:
        super().__init__()
        self._misbehaviour = misbehaviour

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, one answer."""

        async def say(data: bytes) -> None:
            writer.write(data)
            await writer.drain()

        if await self._record(reader):
            await self._misbehaviour(say)


# ── too much ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def gzip_bomb(say: Say) -> None:
    """One GiB of zeros in one MiB of gzip."""
    await say(_HEAD + b"Content-Encoding: gzip\r\nConnection: close\r\n\r\n")
    await say(b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff")
    block = _block_of_zeros()
    for _ in range(1024):
        await say(block)


async def deflate_bomb(say: Say) -> None:
    """The same as a bare deflate stream, chunked."""
    await say(_HEAD + b"Content-Encoding: deflate\r\nTransfer-Encoding: chunked\r\n\r\n")
    block = _block_of_zeros()
    for _ in range(1024):
        await say(b"%x\r\n%b\r\n" % (len(block), block))


def _block_of_zeros() -> bytes:
    """One MiB of zeros as a piece of a deflate stream that may be repeated."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(bytes(1024 * 1024)) + packer.flush(zlib.Z_FULL_FLUSH)


async def endless_body(say: Say) -> None:
    """A body without length that never ends."""
    await say(_HEAD + b"\r\n")
    while True:
        await say(bytes(_PIECE))


async def endless_chunks(say: Say) -> None:
    """Chunk after chunk."""
    await say(_CHUNKED)
    while True:
        await say(b"%x\r\n%b\r\n" % (_PIECE, bytes(_PIECE)))


async def tiny_chunks(say: Say) -> None:
    """A body in chunks of one byte, far more framing than body."""
    await say(_CHUNKED)
    while True:
        await say(b"1\r\na\r\n" * 8192)


async def endless_chunk_extension(say: Say) -> None:
    """A chunk line that never ends."""
    await say(_CHUNKED + b"1;a=")
    while True:
        await say(b"a" * _PIECE)


async def endless_trailer(say: Say) -> None:
    """A trailer that never ends, after a small body."""
    await say(_CHUNKED + b"1\r\na\r\n0\r\nX-Trailer: ")
    while True:
        await say(b"a" * _PIECE)


async def many_trailers(say: Say) -> None:
    """Two hundred thousand trailers."""
    await say(_CHUNKED + b"1\r\na\r\n0\r\n")
    for _ in range(200):
        await say(b"X-Trailer: a\r\n" * 1000)


async def many_headers(say: Say) -> None:
    """Two hundred thousand headers."""
    await say(_HEAD)
    for number in range(200):
        await say(b"".join(b"X-%d-%d: a\r\n" % (number, i) for i in range(1000)))
    await say(b"Content-Length: 2\r\n\r\n{}")


async def huge_header(say: Say) -> None:
    """One header of five MB."""
    await say(_HEAD + b"X-Huge: ")
    for _ in range(5 * 1024 * 1024 // _PIECE):
        await say(b"a" * _PIECE)
    await say(b"\r\nContent-Length: 2\r\n\r\n{}")


async def huge_reason(say: Say) -> None:
    """A status line of five MB."""
    await say(b"HTTP/1.1 200 ")
    for _ in range(5 * 1024 * 1024 // _PIECE):
        await say(b"a" * _PIECE)
    await say(b"\r\nContent-Length: 2\r\n\r\n{}")


async def interim_flood(say: Say) -> None:
    """Interim answers without end."""
    while True:
        await say(b"HTTP/1.1 103 Early Hints\r\n\r\n")
        await asyncio.sleep(0)


# ── too slow ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def drip(say: Say) -> None:
    """One byte of the body at a time, for ever."""
    await say(_HEAD + b"Content-Length: 100000\r\n\r\n")
    while True:
        await say(b"a")
        await asyncio.sleep(_DRIP_SECONDS)


async def drip_head(say: Say) -> None:
    """One byte of the head at a time, for ever."""
    await say(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while True:
        await say(b"a")
        await asyncio.sleep(_DRIP_SECONDS)


async def silence(_say: Say) -> None:
    """Takes the request and says nothing."""
    await asyncio.Event().wait()


async def silent_end(say: Say) -> None:
    """Says all but the last byte, and then nothing."""
    await say(_HEAD + b"Content-Length: 3\r\n\r\nab")
    await asyncio.Event().wait()


# ── broken ───────────────────────────────────────────────────────────────────────────────────────────────────────────

BROKEN_ANSWERS: Final[dict[str, bytes]] = {
    "nothing": b"",
    "huge_length": _HEAD + b"Content-Length: 1099511627776\r\n\r\n{",
    "length_and_chunked": _HEAD + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    "two_lengths": _HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ",
    "bare_line_feeds": b"HTTP/1.1 200 OK\nContent-Length: 2\n\n{}",
    "bad_chunk_size": _CHUNKED + b"xyz\r\n{}\r\n0\r\n\r\n",
    "negative_chunk_size": _CHUNKED + b"-2\r\n{}\r\n0\r\n\r\n",
    "overflowing_chunk_size": _CHUNKED + b"1ffffffffffffffff\r\n{}\r\n0\r\n\r\n",
    "cut_off": _HEAD + b"Content-Length: 100\r\n\r\n{",
    "cut_off_chunks": _CHUNKED + b"2\r\n{}\r\n",
    "cut_off_head": b"HTTP/1.1 200 OK\r\nContent-Type: appl",
    "cut_off_gzip": _HEAD
    + b"Content-Encoding: gzip\r\nContent-Length: 10\r\n\r\n\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03",
    "not_gzip": _HEAD + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
    "brotli": _HEAD + b"Content-Encoding: br\r\nContent-Length: 6\r\n\r\n\x8b\x00\x80{}\x03",
    "switching_protocols": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n\x81\x02hi",
    "not_http": b"SSH-2.0-OpenSSH_9.6\r\n",
    "another_version": b"HTTP/2.0 200 OK\r\nContent-Length: 2\r\n\r\n{}",
}


class SpeaksFirst(RawServer):
    """Sends a banner before it is asked anything, as mail servers do."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        writer.write(b"220 mail.acme.com ESMTP\r\n")
        await writer.drain()
        await reader.read()


class AnswersEarly(RawServer):
    """Answers when it has seen the head, and never reads the body."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        self.requests.append(await reader.readuntil(b"\r\n\r\n"))
        writer.transport.pause_reading()  # type: ignore[attr-defined]  # a stream's transport can read, its stub says WriteTransport
        writer.write(b"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\n{}")
        await writer.drain()
        await asyncio.Event().wait()
