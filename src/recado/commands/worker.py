"""`recado worker`: take the turns of conversations beside servers, on PostgreSQL."""

# ruff: noqa: PLC0415 (what is heavy is imported when the worker starts)

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from recado.commands import show
from recado.commands.options import AsJson
from recado.errors import SettingInvalid
from recado.settings import Settings, load

if TYPE_CHECKING:
    from recado.parts import Parts

HealthPort = Annotated[
    int | None,
    typer.Option(min=1, max=65535, help="Answer /health and /metrics on this port of 127.0.0.1; else on none."),
]


def worker(health_port: HealthPort = None, is_json: AsJson = False) -> None:
    """Take the turns of conversations.

    Beside servers on the same PostgreSQL (RECADO_DATABASE_URL), until Ctrl-C or SIGTERM; what was begun is finished, or
    left to another worker. Start as many as you like, on as many machines.
    """
    settings = load()
    check(settings)
    if health_port is not None:
        from recado.commands.server import check_port

        check_port("127.0.0.1", health_port)
    from recado import working
    from recado.serving import run
    from recado.web import log

    log.configure(settings)

    async def announce(parts: Parts) -> None:
        _tell(_facts(settings, parts, health_port), settings, is_json=is_json)

    run(working.work(settings, announce, health_port))


def check(settings: Settings) -> None:
    """Raise SettingInvalid where a worker cannot work."""
    if settings.is_sqlite:
        reason = (
            "workers need PostgreSQL: set postgresql://… for servers and workers alike; on SQLite `recado serve` takes"
            " the turns itself, and needs no worker"
        )
        raise SettingInvalid(name="RECADO_DATABASE_URL", reason=reason)
    if settings.role == "api":
        reason = (
            "a worker opens secrets and sends requests: start it with the executor's settings, not the api process's"
        )
        raise SettingInvalid(name="RECADO_ROLE", reason=reason)


def _facts(settings: Settings, parts: Parts, health_port: int | None) -> dict[str, Any]:
    return {
        "process": parts.process_id,
        "pid": os.getpid(),
        "health_url": f"http://127.0.0.1:{health_port}/health" if health_port else None,
        "data_dir": str(settings.data_dir.resolve()),
    }


def _tell(facts: dict[str, Any], settings: Settings, *, is_json: bool) -> None:
    if is_json:
        show.document(facts)
    elif settings.log_format == "text" or sys.stderr.isatty():
        probe = f", {facts['health_url']}" if facts["health_url"] else ""
        show.note(f"Recado worker {facts['process']} takes turns{probe}. Stop: Ctrl-C")
    else:
        import structlog

        structlog.get_logger("recado").info("working", **facts)
