"""Answers sent without the framework: a whole response at once, and an error in our one shape."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from functools import lru_cache
from typing import Any, NamedTuple

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from recado.db.columns import JSON_ENCODER
from recado.errors import BodyTooLarge, ClientGone, RecadoError
from recado.web.problems import MEDIA_TYPE, headers_of, problem_of

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
RawHeaders = list[tuple[bytes, bytes]]


class Answer(NamedTuple):
    """A whole answer, ready to be sent."""

    status: int
    body: bytes
    headers: RawHeaders


async def answer(send: Send, status: int, body: bytes, headers: RawHeaders) -> None:
    """Send a whole response."""
    cycle = getattr(send, "__self__", None)
    if status == 200 and isinstance(cycle, RequestResponseCycle) and not cycle.disconnected:
        _write_at_once(cycle, status, body, headers)
        return
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body})


def _write_at_once(cycle: RequestResponseCycle, status: int, body: bytes, headers: RawHeaders) -> None:
    """Head and body in one write: uvicorn's own two cost a second system call, a tenth of an execution's whole CPU."""
    whole = whole_answer(Answer(status, body, headers), cycle.default_headers, is_last=not cycle.keep_alive)
    cycle.transport.write(whole)
    cycle.response_started = cycle.response_complete = True
    if not cycle.keep_alive:
        cycle.transport.close()
    cycle.on_response()


def whole_answer(given: Answer, server_headers: RawHeaders, *, is_last: bool) -> bytes:
    """An answer of ours as it goes over the wire; its names and values need no check."""
    start = _start(given.status, (*server_headers, *given.headers))
    close = b"connection: close\r\n" if is_last else b""
    return b"%b%bcontent-length: %d\r\n\r\n%b" % (start, close, len(given.body), given.body)


@lru_cache(maxsize=8)
def _start(status: int, headers: tuple[tuple[bytes, bytes], ...]) -> bytes:
    """The status line and headers, which stay the same for a second."""
    return b"".join([STATUS_LINE[status], *[b"%b: %b\r\n" % header for header in headers]])


async def read_body(receive: Receive, most_bytes: int) -> bytes:
    """The whole body. Raises BodyTooLarge, and ClientGone when nobody is there any more."""
    cycle = getattr(receive, "__self__", None)
    if isinstance(cycle, RequestResponseCycle) and not cycle.more_body and not cycle.disconnected:
        return _checked(bytes(cycle.body), most_bytes)  # all of it came with the head, as it nearly always does
    body = b""
    more_body = True
    while more_body:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        body = _checked(body + message.get("body", b""), most_bytes)
        more_body = message.get("more_body", False)
    return body


def _checked(body: bytes, most_bytes: int) -> bytes:
    if len(body) > most_bytes:
        raise BodyTooLarge(limit=f"{most_bytes // 1024} KiB")
    return body


async def answer_problem(send: Send, error: RecadoError, request_id: str) -> None:
    """Send an error as problem+json."""
    await answer(send, *problem_answer(error, request_id))


def problem_answer(error: RecadoError, request_id: str) -> Answer:
    """An error as problem+json."""
    headers = [(name.encode(), value.encode()) for name, value in headers_of(error).items()]
    headers += [(b"x-content-type-options", b"nosniff"), (b"x-request-id", request_id.encode())]
    body = JSON_ENCODER.encode(problem_of(error, request_id))
    return Answer(error.status, body, [(b"content-type", MEDIA_TYPE.encode()), *headers])
