"""Serves an emulated API over TCP inside a running program, on a given or a free port."""

from __future__ import annotations

import asyncio
import logging
import socket
from types import TracebackType
from typing import Any, Final, Self, cast

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from recado.emulator.asgi import CLOSE, App

_STOP_SECONDS: Final = 2.0


class EmulatorServer:
    """An emulated API that listens from `async with` on, and is gone, with all its connections, after it.

    `port` 0 takes a free one; `port` and `url` then say which. A `listener` is a socket that listens already. It speaks with uvicorn's protocol but without its server, so
    that signals and log settings stay those of the program around it.
    """

    def __init__(self, app: App, host: str = "127.0.0.1", port: int = 0, listener: socket.socket | None = None) -> None:
        self.host = host
        self.port = port
        self._given = listener
        self._state = ServerState()
        self._listener: asyncio.Server | None = None
        self._config = uvicorn.Config(
            app, ws="none", lifespan="off", loop="none", interface="asgi3", log_config=None, log_level=None
        )

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end."""
        return f"http://[{self.host}]:{self.port}" if ":" in self.host else f"http://{self.host}:{self.port}"

    async def start(self) -> None:
        """Listen. Raises OSError when the port is taken."""
        if not self._config.loaded:
            self._config.load()
        loop = asyncio.get_running_loop()
        if self._given is not None:
            self._listener = await loop.create_server(self._make_protocol, sock=self._given, backlog=1024)
        else:
            family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
            self._listener = await loop.create_server(
                self._make_protocol, self.host, self.port, family=family, backlog=1024
            )
        self.port = self._listener.sockets[0].getsockname()[1]

    def _make_protocol(self) -> _Protocol:
        return _Protocol(self._config, self._state, {})

    async def stop(self) -> None:
        """Stop listening and close every connection, whatever it waits for."""
        if self._listener is None:
            return
        self._listener.close()
        for connection in list(self._state.connections):
            cast("HttpToolsProtocol", connection).transport.abort()
        tasks = list(self._state.tasks)
        if tasks:
            _, left = await asyncio.wait(tasks, timeout=_STOP_SECONDS)
            for task in left:
                task.cancel()
        await asyncio.sleep(0)  # the aborted connections are told
        self._listener = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()


async def serve(app: App, host: str, port: int) -> None:
    """Serve until cancelled. Raises OSError when the port is taken."""
    async with EmulatorServer(app, host, port):
        await asyncio.Event().wait()


class _Protocol(HttpToolsProtocol):
    """Lets the app close its connection (an answer cut off is no error here), and logs apart from the product's server."""

    def __init__(self, config: uvicorn.Config, state: ServerState, app_state: dict[str, Any]) -> None:
        super().__init__(config, state, app_state)
        self.logger = logging.getLogger("recado.emulator")
        self.access_log = False

    def on_message_begin(self) -> None:
        super().on_message_begin()
        cast("dict[str, Any]", self.scope)[CLOSE] = self.transport.close
