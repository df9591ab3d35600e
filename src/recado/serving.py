"""Serves the application: one event loop, one listening socket, a graceful end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final

from uvicorn.config import Config
from uvicorn.server import Server

from recado import __version__, collector
from recado.app import build_app
from recado.executions.shortcut import ShortcutProtocol
from recado.parts import Parts, open_parts
from recado.settings import Settings
from recado.unloaded import without_extras
from recado.web.link import EXECUTOR_MARK

_KEEP_ALIVE_SECONDS: Final = 75


def run(main: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine on uvloop where it exists."""
    try:
        import uvloop  # noqa: PLC0415  # not on every platform
    except ImportError:
        return asyncio.run(main)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(main)


async def serve(settings: Settings, announce: Callable[[Parts, int], Coroutine[Any, Any, None]] | None = None) -> None:
    """Serve until SIGTERM or SIGINT; accepted work finishes within the grace period. `announce` hears of the port."""
    async with open_parts(settings) as parts:
        with without_extras():
            server = Server(make_config(build_app(parts), settings))
        collector.quieten()
        if announce is None:
            await server.serve()
        else:
            await asyncio.gather(server.serve(), _announce_when_up(server, parts, announce))


def make_config(app: Any, settings: Settings) -> Config:
    """How uvicorn serves us: no access log of its own, no server header, proxies only believed by us."""
    return Config(
        app,
        host=settings.host,
        port=settings.port,
        http=ShortcutProtocol,
        ws="none",
        lifespan="off",
        loop="none",
        interface="asgi3",
        access_log=False,
        log_config=None,
        server_header=False,
        headers=[(EXECUTOR_MARK, __version__)] if settings.role == "executor" else None,
        proxy_headers=False,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=int(settings.shutdown_grace_seconds),
        backlog=2048,
    )


async def _announce_when_up(
    server: Server, parts: Parts, announce: Callable[[Parts, int], Coroutine[Any, Any, None]]
) -> None:
    while not server.started:
        if server.should_exit:
            return
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    await announce(parts, port)
