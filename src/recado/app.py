"""Joins the parts into the web application; no other file does."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any, Final

from litestar import Litestar, Router
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme

from recado import __version__
from recado.accounts import guard
from recado.accounts import routes as accounts
from recado.accounts.middleware import Authenticate
from recado.actions import routes as actions
from recado.credentials import routes as credentials
from recado.db.revision import RevisionWatch
from recado.errors import Unavailable
from recado.executions import routes as executions
from recado.executions.fast import FastRuns
from recado.integrations import routes as integrations
from recado.operation import make_document_handlers, make_health_handlers, make_metrics_handler
from recado.parts import Parts
from recado.web.allow import TellsMethods
from recado.web.answers import App, Message, Receive, Scope, Send
from recado.web.body import MOST_BYTES, JsonBody
from recado.web.envelope import Envelope
from recado.web.exact import ExactJson
from recado.web.problems import handle
from recado.web.shapes import DescribedStructs

_UNSAFE: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def build_app(parts: Parts) -> App:
    """The ASGI application over open parts: the fast route, the envelope, the framework."""
    framework = TellsMethods(RefreshedAfterChange(_build_framework(parts), parts.watch))
    enveloped = Envelope(framework, is_https=parts.settings.base_url.startswith("https://"))
    return FastRuns(enveloped, parts.runner, parts.identifier)


class RefreshedAfterChange:
    """A change is seen by this process before its answer leaves."""

    def __init__(self, inner: Any, watch: RevisionWatch) -> None:
        self._inner = inner
        self._watch = watch

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or scope["method"] not in _UNSAFE:
            await self._inner(scope, receive, send)
            return

        async def send_fresh(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < 400:
                with contextlib.suppress(Unavailable):  # the watch looks again within a second
                    await self._watch.refresh()
            await send(message)

        await self._inner(scope, receive, send_fresh)


def _build_framework(parts: Parts) -> Litestar:
    api = Router(
        path="/api/v1",
        route_handlers=[
            *accounts.handlers,
            *integrations.handlers,
            *credentials.handlers,
            *actions.handlers,
            *executions.handlers,
            *make_health_handlers(parts),
        ],
        guards=[guard.check_permission],
        dto=JsonBody,
        return_dto=None,
        security=[{"key": []}, {"session": []}],
    )
    return Litestar(
        route_handlers=[
            api,
            *make_health_handlers(parts, "root_"),
            make_metrics_handler(parts),
            *make_document_handlers(),
        ],
        middleware=[Authenticate(parts.identifier)],
        dependencies=_dependencies(parts),
        exception_handlers={Exception: handle},
        response_class=ExactJson,
        request_max_body_size=MOST_BYTES,
        openapi_config=_openapi(),
        plugins=[DescribedStructs()],
        logging_config=None,
        debug=False,
    )


def openapi_document(parts: Parts) -> dict[str, Any]:
    """The OpenAPI 3.1 document of `/api/v1/openapi.json`, for msgspec to encode."""
    return _build_framework(parts).openapi_schema.to_schema()


def list_routes(parts: Parts) -> dict[str, str | None]:
    """What each route asks of its caller, as `guard.routes_of` tells it."""
    return guard.routes_of(_build_framework(parts))


def _dependencies(parts: Parts) -> dict[str, Provide]:
    provided: dict[str, Any] = {
        "db": parts.database,
        "settings": parts.settings,
        "policy": parts.policy,
        "runner": parts.runner,
        "tester": parts.runner,
        "vault": parts.vault,
        "kek": parts.kek,
        "identifier": parts.identifier,
        "passwords": parts.passwords,
    }
    made = {name: Provide(_always(part), sync_to_thread=False) for name, part in provided.items()}
    return {**made, "caller": Provide(guard.provide_caller, sync_to_thread=False)}


def _always(part: Any) -> Callable[[], Any]:
    return lambda: part


def _openapi() -> OpenAPIConfig:
    return OpenAPIConfig(
        title="Recado",
        version=__version__,
        description="Connects any HTTP API to a WhatsApp conversation.",
        # At its own address, so that the framework's page for unknown paths answers for nothing else below /api/v1.
        openapi_router=Router(
            "/api/v1/openapi.json", route_handlers=[], include_in_schema=False, opt={"is_public": True}
        ),
        render_plugins=[JsonRenderPlugin(path="/")],
        components=Components(
            security_schemes={
                "key": SecurityScheme(type="http", scheme="bearer", description="An API key: `recado api-key create`."),
                "session": SecurityScheme(type="apiKey", security_scheme_in="cookie", name="__Host-session"),
            }
        ),
        use_handler_docstrings=True,
    )
