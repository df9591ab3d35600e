"""Puts the caller into every request that is not for everybody, before anything else looks at it."""

from __future__ import annotations

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from recado.accounts.guard import is_open
from recado.accounts.identify import Identifier


class Authenticate(ASGIMiddleware):
    """Sets `scope["user"]` to the Caller; whoever nobody knows gets LoginRequired."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, identifier: Identifier) -> None:
        self._identifier = identifier

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """ASGI."""
        if not is_open(scope["route_handler"], scope["method"]):  # type: ignore[typeddict-item]  # http scopes only
            scope["user"] = await self._identifier.identify_scope(scope)
        await next_app(scope, receive, send)
