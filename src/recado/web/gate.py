"""In an executor process: lets in nobody but the api process, and serves nothing but what that hands on."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import Any, Final

import structlog
from litestar.enums import ScopeType
from litestar.handlers import BaseRouteHandler
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp
from litestar.types import Receive as FrameworkReceive
from litestar.types import Scope as FrameworkScope
from litestar.types import Send as FrameworkSend

from recado.db.revision import RevisionWatch
from recado.errors import ExecutorTokenWrong, NotFound, RecadoError
from recado.ids import is_id, new_id
from recado.web import link
from recado.web.answers import App, Message, Receive, Scope, Send, answer_problem
from recado.web.envelope import OPERATION_PATHS

_REFUSED: Final = (link.REFUSED_MARK.encode(), b"token")
_log: Final = structlog.get_logger("recado.web.gate")


class Gate:
    """Stands in front of everything: the token first, compared in constant time, then who the api process says is calling.

    It also waits until this process has seen every change that the api process had: who saves an action and runs it at
    once runs what was saved.
    """

    def __init__(self, inner: App, token: str, watch: RevisionWatch) -> None:
        assert token, "without a token anybody would hold it"
        self._inner = inner
        self._token = token.encode()
        self._watch = watch

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        told = {name: value for name, value in scope["headers"] if name in link.LINK_HEADERS}
        if scope["path"] in OPERATION_PATHS and link.TOKEN not in told:  # a wrong one is told also there
            await self._inner(scope, receive, send)
            return
        if not hmac.compare_digest(told.get(link.TOKEN, b""), self._token):
            _log.warning("executor_token_wrong", address=scope["client"][0] if scope.get("client") else None)
            await answer_problem(_refusing(send), ExecutorTokenWrong(), new_id("req"))
            return
        request_id = told.get(link.REQUEST_ID, b"").decode("latin-1")
        request_id = request_id if is_id(request_id, "req") else new_id("req")
        try:
            if _number(told.get(link.REVISION, b"")) > self._watch.seen:
                await self._watch.refresh()
        except RecadoError as error:
            await answer_problem(send, error, request_id)
            return
        await self._inner(_as_called(scope, told, request_id), receive, send)


class Only(ASGIMiddleware):
    """Serves health, metrics and the routes that are an executor's; nothing else is there."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, is_executors: Callable[[BaseRouteHandler], bool]) -> None:
        self._is_executors = is_executors

    async def handle(
        self, scope: FrameworkScope, receive: FrameworkReceive, send: FrameworkSend, next_app: ASGIApp
    ) -> None:
        """ASGI. Raises NotFound."""
        asked: Any = scope
        if asked["path"] not in OPERATION_PATHS and not self._is_executors(asked["route_handler"]):
            raise NotFound
        await next_app(scope, receive, send)


def _as_called(scope: Scope, told: dict[bytes, bytes], request_id: str) -> Scope:
    """The request as if its caller had called here."""
    address = told.get(link.ADDRESS, b"").decode("latin-1")
    return {
        **scope,
        "client": (address, 0) if address else None,
        "scheme": "https" if told.get(link.SCHEME) == b"https" else "http",
        "headers": [line for line in scope["headers"] if line[0] not in link.LINK_HEADERS],
        "state": {**scope.get("state", {}), "request_id": request_id},
    }


def _refusing(send: Send) -> Send:
    async def send_marked(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], _REFUSED]}
        await send(message)

    return send_marked


def _number(text: bytes) -> int:
    return int(text) if text.isdigit() and len(text) < 19 else 0
