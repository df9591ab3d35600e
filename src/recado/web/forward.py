"""In an api process: hands what needs a secret, or sends a request, to the executor, byte for byte, and its answer back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from litestar.enums import ScopeType
from litestar.handlers import BaseRouteHandler
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from recado.errors import ClientGone
from recado.web import link
from recado.web.answers import RawHeaders, read_body
from recado.web.body import MOST_BYTES
from recado.web.link import ExecutorLink

FORWARDED: Final = "is_forwarded"
"""Stands in the state of a request that the executor answered."""
_OF_ONE_HOP: Final = frozenset({
    b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"proxy-connection", b"te", b"trailer",
    b"transfer-encoding", b"upgrade", b"expect", b"content-length",
})  # fmt: skip
"""Speaks of one connection only (RFC 9110 section 7.6.1), or is said anew."""
_SAID_BY_US: Final = link.LINK_HEADERS | {b"x-forwarded-for", b"x-forwarded-proto"}
_LEFT_BEHIND: Final = _OF_ONE_HOP | {b"content-encoding", b"date", b"server", link.EXECUTOR_MARK.encode()}
"""Of an answer: it was decoded on the way, and our own server names itself and the time."""

PeerOf = Callable[[RawHeaders, str | None, str], tuple[str | None, bool]]
"""The caller's address and whether it speaks https, of a request's headers, the socket's address and the scheme."""


class Forward(ASGIMiddleware):
    """Stands behind the middleware that finds the caller, so that nobody unknown reaches the executor.

    `is_executors` says which routes are the executor's. It finds the caller anew, by the same headers.
    """

    scopes = (ScopeType.HTTP,)

    def __init__(
        self, executor: ExecutorLink, is_executors: Callable[[BaseRouteHandler], bool], peer_of: PeerOf
    ) -> None:
        self._executor = executor
        self._is_executors = is_executors
        self._peer_of = peer_of

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """ASGI. Raises ExecutorUnavailable, ExecutorLost, BodyTooLarge."""
        asked: Any = scope
        if not self._is_executors(asked["route_handler"]):
            await next_app(scope, receive, send)
            return
        asked["state"][FORWARDED] = True
        try:
            most_bytes = asked["route_handler"].opt.get("most_bytes", MOST_BYTES)
            body = await read_body(receive, most_bytes)  # type: ignore[arg-type]  # the framework's words for the same
        except ClientGone:
            return
        answer = await self._executor.send(asked["method"], _target(asked), self._headers(asked, body), body)
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
        kept = [line for line in headers if line[0] not in _LEFT_BEHIND]
        kept.append((b"content-length", b"%d" % len(answer.body)))
        await send({"type": "http.response.start", "status": answer.status, "headers": kept})
        await send({"type": "http.response.body", "body": answer.body, "more_body": False})

    def _headers(self, scope: Any, body: bytes) -> RawHeaders:
        """The caller's own headers, and who it is on the network, which the executor cannot see."""
        given = scope["headers"]
        client = scope.get("client")
        address, is_secure = self._peer_of(given, client[0] if client else None, scope.get("scheme", "http"))
        own = [
            (link.ADDRESS, (address or "").encode()),
            (link.SCHEME, b"https" if is_secure else b"http"),
            (link.REQUEST_ID, scope["state"]["request_id"].encode()),
        ]
        if body:
            own.append((b"content-length", b"%d" % len(body)))
        return [*own, *(line for line in given if line[0] not in _OF_ONE_HOP and line[0] not in _SAID_BY_US)]


def _target(scope: Any) -> bytes:
    """What stood on the request line."""
    query: bytes = scope["query_string"]
    path: bytes = scope["raw_path"]
    return b"%b?%b" % (path, query) if query else path
