"""Reads a call to an emulated server and sends its answer, with nothing between us and ASGI."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MAX_BODY_BYTES: Final = 1 << 20
CLOSE: Final = "recado.close"
"""The scope's way to close the connection at once, put there by EmulatorServer."""


@dataclass(slots=True)
class Call:
    """One call, read to its end (a body is cut at 1 MiB)."""

    method: str
    path: str
    query: list[tuple[str, str]]
    headers: list[tuple[bytes, bytes]]
    body: bytes
    client: str

    def header(self, name: bytes) -> str:
        """The first header of this lower-case name, "" when absent."""
        return next((value.decode("latin-1") for key, value in self.headers if key == name), "")

    def form(self) -> dict[str, str]:
        """The form in the body; of another content type, or not readable, there is nothing in it."""
        if self.header(b"content-type").partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
            return {}
        return dict(reversed(_pairs(self.body.decode("utf-8", "replace"))))


@dataclass(slots=True)
class Answer:
    """One answer; the length of its body is told by whoever sends it."""

    status: int
    body: bytes = b""
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)


def json_answer(status: int, value: Any, *headers: tuple[bytes, bytes]) -> Answer:
    """An answer in JSON."""
    return Answer(
        status, json.dumps(value, separators=(",", ":")).encode(), [(b"content-type", b"application/json"), *headers]
    )


async def read_call(scope: Scope, receive: Receive, most: int = MAX_BODY_BYTES) -> Call:
    """Read a call with its body, which is cut after `most` bytes."""
    body = bytearray()
    has_more = True
    while has_more:
        message = await receive()
        if message["type"] != "http.request":
            break
        body += message.get("body", b"")
        del body[most:]
        has_more = message.get("more_body", False)
    query: bytes = scope["query_string"]
    pairs = _pairs(query.decode("latin-1")) if query else []
    client = scope.get("client")
    return Call(scope["method"], scope["path"], pairs, list(scope["headers"]), bytes(body), client[0] if client else "")


async def send_head(answer: Answer, length: int, send: Send) -> None:
    """Send status and headers; a 204 or 304 has no length (RFC 9110 section 8.6)."""
    headers = answer.headers if answer.status in {204, 304} else [*answer.headers, (b"content-length", b"%d" % length)]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})


async def send_answer(answer: Answer, send: Send) -> None:
    """Send an answer whole."""
    await send_head(answer, len(answer.body), send)
    await send({"type": "http.response.body", "body": answer.body})


def _pairs(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, max_num_fields=200)
    except ValueError:
        return []
