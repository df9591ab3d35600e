"""Lets a request through to a route only if its caller's role holds the permission the route names; none named, nobody may."""

from __future__ import annotations

from typing import Any, Final, get_args

from litestar import Litestar, Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.openapi.spec import SecurityRequirement
from litestar.routes import HTTPRoute

from recado.accounts.caller import Caller, Permission
from recado.errors import Forbidden, LoginRequired

NO_SECURITY: Final[list[SecurityRequirement]] = [{}]
"""How the description of a route says that nobody need sign in."""
_PERMISSIONS: Final = frozenset(get_args(Permission))


def is_open(handler: BaseRouteHandler, method: str) -> bool:
    """Whether anybody may call the route; OPTIONS only tells which methods there are."""
    return handler.opt.get("is_public") is True or method == "OPTIONS"


def check_permission(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """The guard of the whole application. Raises LoginRequired, Forbidden."""
    if is_open(handler, str(connection.scope.get("method", ""))):
        return
    caller = connection.scope.get("user")
    if not isinstance(caller, Caller):
        raise LoginRequired
    permission = handler.opt.get("permission")
    if permission is None or permission not in _PERMISSIONS:
        raise Forbidden(role=caller.role, permission="(none is named)")
    caller.require(permission)


def provide_caller(request: Request[Any, Any, Any]) -> Caller:
    """The dependency `caller` of every route that is not for everybody."""
    caller = request.scope["user"]
    assert isinstance(caller, Caller)
    return caller


def routes_of(app: Litestar) -> dict[str, str | None]:
    """What each route asks of its caller, `{"GET /api/v1/members": "members:read"}`: a permission, `public`, or None."""
    found: dict[str, str | None] = {}
    for route in app.routes:
        if not isinstance(route, HTTPRoute):
            continue
        for handler in route.route_handlers:
            named = handler.opt.get("permission")
            wanted = "public" if handler.opt.get("is_public") is True else named if named in _PERMISSIONS else None
            found |= {f"{method} {route.path_format}": wanted for method in handler.http_methods if method != "OPTIONS"}
    return found
