"""Joins the parts into the web application; no other file does."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from litestar import Litestar, Router
from litestar.di import Provide
from litestar.handlers import BaseRouteHandler
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.plugins import ReceiveRoutePlugin
from litestar.routes import BaseRoute, HTTPRoute
from litestar.types import Middleware
from litestar.typing import FieldDefinition

from recado import __version__
from recado.accounts import guard
from recado.accounts import routes as accounts
from recado.accounts.middleware import Authenticate
from recado.actions import routes as actions
from recado.channels import contact_routes as contacts
from recado.channels import routes as channels
from recado.channels import starting_routes as starting
from recado.channels.whatsapp import routes as webhooks
from recado.channels.whatsapp.fast import FastWebhooks
from recado.channels.whatsapp.forms import routes as forms
from recado.conversations import agent_routes as agents
from recado.conversations import example_routes as examples
from recado.conversations import routes as conversations
from recado.credentials import routes as credentials
from recado.db.revision import RevisionWatch
from recado.errors import ExecutorLost, Unavailable
from recado.executions import routes as executions
from recado.executions.fast import FastRuns
from recado.flows import routes as flows
from recado.integrations import routes as integrations
from recado.integrations.requests import SendingRules
from recado.media import routes as media
from recado.operation import make_document_handlers, make_health_handlers, make_metrics_handler
from recado.parts import Parts
from recado.web.allow import TellsMethods
from recado.web.answers import App, Message, RawHeaders, Receive, Scope, Send
from recado.web.body import MOST_BYTES, JsonBody
from recado.web.envelope import Envelope
from recado.web.exact import ExactJson
from recado.web.forward import FORWARDED, Forward, PeerOf
from recado.web.gate import Gate, Only
from recado.web.problems import handle, problem_spec
from recado.web.shapes import DescribedStructs
from recado.web.ui import DIST, Ui
from recado.webhooks import routes as hooks

_UNSAFE: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
EXECUTORS_OWN: Final = frozenset(
    {
        "runner",
        "tester",
        "vault",
        "kek",
        "logos",
        "dispatcher",
        "channels",
        "receiver",
        "batches",
        "graph",
        "forms",
        "webhook_sender",
    }
)
"""What opens secrets or sends requests. A route that asks for one of these is the executor's, where there are two processes;
so is one that says `needs_executor=True`."""


def build_app(parts: Parts, dist: Path = DIST) -> App:
    """The ASGI application over open parts: the fast routes, the envelope, the web UI, the framework.

    An api process has no fast route: runs are the executor's, which has no web UI and a gate in front of everything.
    """
    settings = parts.settings
    framework = _slim(_build_framework(parts))
    app: App = TellsMethods(RefreshedAfterChange(framework, parts.watch))
    if settings.role != "executor":
        taken = frozenset(route.path.split("/")[1] for route in framework.routes)
        app = Ui(app, taken, urlsplit(settings.base_url).path, dist)
    app = Envelope(app, is_https=settings.base_url.startswith("https://"))
    if settings.role != "api":
        app = FastWebhooks(app, parts.channels, parts.receiver)
        app = FastRuns(app, parts.runner, parts.identifier, parts.metrics)  # outermost: see executions/shortcut.py
    return Gate(app, settings.executor_token, parts.watch) if settings.role == "executor" else app


class TellsOfLoss(ReceiveRoutePlugin):
    """Adds to each route of the executor, in the OpenAPI document, the answer where it was lost on the way."""

    def receive_route(self, route: BaseRoute) -> None:
        """Called with every route as it is added."""
        for handler in route.route_handlers if isinstance(route, HTTPRoute) else ():
            if is_executors(handler):
                handler.responses = {
                    **(handler.responses or {}),
                    ExecutorLost.status: problem_spec(ExecutorLost.status),
                }


def is_executors(handler: BaseRouteHandler) -> bool:
    """Whether a route opens secrets or sends requests."""
    asked = handler.parsed_fn_signature.parameters
    return handler.opt.get("needs_executor") is True or not EXECUTORS_OWN.isdisjoint(asked)


class RefreshedAfterChange:
    """A change is seen by this process before its answer leaves; what the executor did, it has seen itself."""

    def __init__(self, inner: Any, watch: RevisionWatch) -> None:
        self._inner = inner
        self._watch = watch

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or scope["method"] not in _UNSAFE:
            await self._inner(scope, receive, send)
            return

        async def send_fresh(message: Message) -> None:
            is_done = message["type"] == "http.response.start" and message["status"] < 400
            if is_done and FORWARDED not in scope.get("state", {}):
                with contextlib.suppress(Unavailable):  # the watch looks again within a second
                    await self._watch.refresh()
            await send(message)

        await self._inner(scope, receive, send_fresh)


class _OnlyRouter(Router):
    """A router of one application, which it may keep itself: Litestar copies routers deeply, with every route: 1 MB."""

    def __deepcopy__(self, _memo: dict[int, Any]) -> Router:
        """The same again."""
        return self


def _slim(framework: Litestar) -> Litestar:
    """Have all paths share one of the handlers of OPTIONS that Litestar makes for each; `web/allow.py` answers before it.

    And all parameters one of what is empty.
    """
    for route in framework.routes:
        if isinstance(route, HTTPRoute):
            route.route_handlers[:] = [each for each in route.route_handlers if each.http_methods != {"OPTIONS"}]
            route.route_handler_map.pop("OPTIONS", None)
    nodes = [framework.asgi_router.root_route_map_node]
    shared: dict[Any, Any] = {}
    for node in nodes:
        if "OPTIONS" in node.asgi_handlers:
            node.asgi_handlers["OPTIONS"] = shared.setdefault("OPTIONS", node.asgi_handlers["OPTIONS"])
        nodes.extend(node.children.values())
    for each in gc.get_objects():
        if isinstance(each, FieldDefinition) and not each.type_wrappers:
            object.__setattr__(each, "type_wrappers", ())  # an empty set of its own: 0.3 MB for all parameters
    return framework


def _build_framework(parts: Parts) -> Litestar:
    api = _OnlyRouter(
        path="/api/v1",
        route_handlers=[
            *accounts.handlers,
            *integrations.handlers,
            *credentials.handlers,
            *actions.handlers,
            *executions.handlers,
            *flows.handlers,
            *conversations.handlers,
            *agents.handlers,
            *examples.handlers,
            *channels.handlers,
            *starting.handlers,
            *contacts.handlers,
            *webhooks.handlers,
            *forms.handlers,
            *hooks.handlers,
            *media.handlers,
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
        middleware=_middleware(parts),
        dependencies=_dependencies(parts),
        exception_handlers={Exception: handle},
        response_class=ExactJson,
        request_max_body_size=MOST_BYTES,
        openapi_config=_openapi(),
        plugins=[DescribedStructs(), TellsOfLoss()],
        logging_config=None,
        debug=False,
    )


def _middleware(parts: Parts) -> list[Middleware]:
    """What stands before every handler: who calls; and, with two processes, which of them answers."""
    authenticate = Authenticate(parts.identifier)
    if parts.executor is not None:
        return [authenticate, Forward(parts.executor, is_executors, _make_peer_of(parts))]
    return [Only(is_executors), authenticate] if parts.settings.role == "executor" else [authenticate]


def _make_peer_of(parts: Parts) -> PeerOf:
    def peer_of(headers: RawHeaders, address: str | None, scheme: str) -> tuple[str | None, bool]:
        peer = parts.identifier.peer_of(headers, address, scheme)
        return peer.address, peer.is_secure

    return peer_of


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
        "rules": SendingRules(parts.policy, parts.settings.egress_special_methods),
        "runner": parts.runner,
        "tester": parts.runner,
        "dispatcher": parts.dispatcher,
        "live": parts.dispatcher.live,
        "vault": parts.vault,
        "channels": parts.channels,
        "receiver": parts.receiver,
        "batches": parts.batches,
        "graph": parts.graph,
        "forms": parts.forms,
        "webhook_sender": parts.webhook_sender,
        "kek": parts.kek,
        "identifier": parts.identifier,
        "passwords": parts.passwords,
        "logos": parts.logos,
        "example": parts.example,
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
