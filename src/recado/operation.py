"""What operators and their machines ask a running server: is it well, is it ready, what does it count, what can it do."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from litestar import MediaType, Request, Response, get
from litestar.handlers import HTTPRouteHandler

from recado import __version__
from recado.accounts.guard import routes_of
from recado.credentials import keys
from recado.errors import ExecutorUnavailable, LoginRequired, Unavailable
from recado.parts import Parts
from recado.web import exposition
from recado.web.docs_page import STYLE, render_docs
from recado.web.link import ExecutorLink
from recado.web.problems import problems

_READY_SECONDS: Final = 1.0


class Health(msgspec.Struct):
    """The process answers."""

    status: str
    version: str


class Readiness(msgspec.Struct):
    """Whether work can be taken, and what stands in the way."""

    status: str
    database: str
    queue: str
    secrets: str
    executor: str | None = None
    """In an api process: whether its executor takes work. Everything else works without it."""


def make_health_handlers(parts: Parts, prefix: str = "") -> list[HTTPRouteHandler]:
    """`/health` and `/health/ready`, at the root and below /api/v1; `prefix` keeps their operation ids apart."""

    @get("/health", is_public=True, operation_id=f"{prefix}get_health", tags=["operation"], security=[{}])
    async def get_health() -> Health:
        """The process is up."""
        return Health("ok", __version__)

    @get(
        "/health/ready",
        is_public=True,
        operation_id=f"{prefix}get_readiness",
        tags=["operation"],
        security=[{}],
        responses=problems(503),
    )
    async def get_readiness() -> Readiness:
        """The database answers, the writer keeps up and the secrets can be opened; 503 with the storage's error when not.

        An api process without its executor is `degraded` and answers 200: everything but runs and new values works.
        """
        await parts.database.read(_ask)
        if parts.database.writer.unwritten:
            raise Unavailable
        if parts.executor is not None:
            return await _with_executor(parts.executor)
        is_usable = await parts.database.read(keys.is_usable, parts.kek)
        return Readiness("ok", "ok", "ok", "ok" if is_usable else "secret_key_unavailable")

    return [get_health, get_readiness]


async def _with_executor(executor: ExecutorLink) -> Readiness:
    """What an api process says of itself, its executor asked."""
    try:
        answer = await executor.get(b"/health/ready", seconds=_READY_SECONDS)
    except ExecutorUnavailable as problem:
        return Readiness("degraded", "ok", "ok", "unknown", problem.code)
    if answer.status != 200:  # its own database, or results that it could not write
        return Readiness("degraded", "ok", "ok", "unknown", "not_ready")
    return Readiness("ok", "ok", "ok", msgspec.json.decode(answer.body, type=Readiness).secrets, "ok")


def _ask(connection: sa.Connection) -> None:
    connection.execute(sa.text("SELECT 1"))


def make_metrics_handler(parts: Parts) -> HTTPRouteHandler:
    """`/metrics` for Prometheus, behind a token where the operator sets one."""

    @get("/metrics", is_public=True, include_in_schema=False)
    async def get_metrics(request: Request[Any, Any, Any]) -> Response[bytes]:
        token = parts.settings.metrics_token
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token and not hmac.compare_digest(given.encode(), token.encode()):
            raise LoginRequired
        return Response(exposition.render(list_metrics(parts)), headers={"content-type": exposition.MEDIA_TYPE})

    return get_metrics


def list_metrics(parts: Parts) -> Iterator[exposition.Metric]:
    """What this process counts."""
    gauge, writer = exposition.gauge, parts.database.writer
    yield gauge("recado_info", "The version that runs.", 1, version=__version__)
    yield from parts.metrics.collect()
    yield gauge("recado_calls_in_flight", "Executions running in this process.", len(parts.runner.open_ids))
    active = parts.dispatcher.active
    yield gauge("recado_conversations_active", "Conversations with a turn or a call under way in this process.", active)
    yield gauge(
        "recado_conversations_waiting", "Conversations that wait for a turn anywhere.", parts.dispatcher.waiting
    )
    yield gauge("recado_writer_queue", "Rows and transactions waiting for the writer.", writer.queued)
    yield gauge("recado_results_unwritten", "Results kept in memory while storage is in trouble.", writer.unwritten)
    yield from exposition.describe_process()


def make_document_handlers() -> list[HTTPRouteHandler]:
    """`/api/docs`: the HTTP API for people, from the OpenAPI document alone; made once, since it takes 0.1 s."""
    page = ""

    @get("/api/docs", is_public=True, include_in_schema=False, media_type=MediaType.HTML)
    async def get_docs(request: Request[Any, Any, Any]) -> str:
        nonlocal page
        page = page or render_docs(request.app.openapi_schema.to_schema(), routes_of(request.app))
        return page

    @get("/api/docs.css", is_public=True, include_in_schema=False, media_type="text/css")
    async def get_docs_style() -> str:
        return STYLE

    return [get_docs, get_docs_style]
