"""A small HTTP client for what Meta itself calls: webhooks and the endpoints of forms."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import httptools

_MOST_BYTES: Final = 1 << 20
_PIECE: Final = 65_536


class CallFailed(Exception):
    """No answer came."""


@dataclass(slots=True)
class Fetched:
    """An answer."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


class _Reader:
    """Hears from the parser."""

    def __init__(self) -> None:
        self.answer = Fetched()
        self.is_whole = False

    def on_header(self, name: bytes, value: bytes) -> None:
        self.answer.headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_body(self, piece: bytes) -> None:
        if len(self.answer.body) < _MOST_BYTES:
            self.answer.body += piece

    def on_message_complete(self) -> None:
        self.is_whole = True


async def fetch(
    method: str, url: str, headers: dict[str, str] | None = None, body: bytes = b"", seconds: float = 20.0
) -> Fetched:
    """Call once, following nothing. Raises CallFailed with a sentence."""
    try:
        async with asyncio.timeout(seconds):
            return await _fetch(method, url, headers or {}, body)
    except TimeoutError as problem:
        raise CallFailed(f"No answer came within {seconds:g} s.") from problem
    except (OSError, ValueError, httptools.HttpParserError, asyncio.IncompleteReadError) as problem:
        raise CallFailed(f"The call failed: {type(problem).__name__}.") from problem


async def _fetch(method: str, url: str, headers: dict[str, str], body: bytes) -> Fetched:
    to = urlsplit(url)
    if to.scheme not in {"http", "https"} or not to.hostname:
        raise ValueError("not an http address")
    is_tls = to.scheme == "https"
    port = to.port or (443 if is_tls else 80)
    context = ssl.create_default_context() if is_tls else None
    reader, writer = await asyncio.open_connection(to.hostname, port, ssl=context)
    try:
        writer.write(_head(method, to, headers, len(body)) + body)
        return await _read(reader)
    finally:
        writer.close()


def _head(method: str, to: Any, headers: dict[str, str], length: int) -> bytes:
    target = (to.path or "/") + (f"?{to.query}" if to.query else "")
    lines = [f"{method} {target} HTTP/1.1", f"Host: {to.netloc.rpartition('@')[2]}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if length or method == "POST":
        lines.append(f"Content-Length: {length}")
    text = "\r\n".join([*lines, "", ""])
    if "\n" in text.replace("\r\n", ""):
        raise ValueError("a line break in a header")
    return text.encode("latin-1")


async def _read(reader: asyncio.StreamReader) -> Fetched:
    heard = _Reader()
    parser = httptools.HttpResponseParser(heard)
    while not heard.is_whole:
        piece = await reader.read(_PIECE)
        if not piece:
            break
        parser.feed_data(piece)
    try:
        heard.answer.status = parser.get_status_code()
    except AttributeError as problem:
        raise ValueError("no answer") from problem
    is_cut = not heard.is_whole and "content-length" in heard.answer.headers
    if not heard.answer.status or is_cut:
        raise ValueError("the connection was closed")
    return heard.answer
