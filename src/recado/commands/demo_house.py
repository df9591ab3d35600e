"""The server and the emulator of the demonstration, in a thread of their own, so that the terminal stays free to talk."""

from __future__ import annotations

import asyncio
import datetime as dt
import functools
import socket
import threading
from collections.abc import Callable
from typing import Final, Self

import sqlalchemy as sa
import uvicorn

from recado.accounts import service
from recado.accounts.sessions import ensure_setup_link
from recado.app import build_app
from recado.db.columns import utc_now
from recado.emulator.beside import MailedCode
from recado.emulator.validations import EmulatorServer, ValidationsApp
from recado.errors import DemoFailed
from recado.parts import Parts, open_parts
from recado.serving import make_config
from recado.settings import Settings

EMULATOR_KEY: Final = "demo-key-of-the-validations-api"
_START_SECONDS: Final = 30.0
_STOP_SECONDS: Final = 35.0


class House:
    """Both servers, on sockets that listen already; leaving it stops them and closes the data folder."""

    def __init__(self, settings: Settings, listener: socket.socket, emulator_listener: socket.socket) -> None:
        self.url = ""
        self.emulator_url = ""
        self.emulator_key = EMULATOR_KEY
        self.api_key = ""
        self.setup_token = ""
        """Makes the first owner, who sees all of it in a browser."""
        self.codes: dict[str, str] = {}
        """What was "mailed", by validation id."""
        self.when_mailed: Callable[[str, str], None] = lambda _account_id, _code: None
        """Hears of each account and code, in the thread of the servers."""
        self._settings = settings
        self._listener = listener
        self._emulator_listener = emulator_listener
        self._mailbox: Callable[[MailedCode], None] = lambda _mailed: None
        """Shows in the browser what was mailed."""
        self._is_up = threading.Event()
        self._problem: BaseException | None = None
        self._server: uvicorn.Server | None = None
        self._thread = threading.Thread(target=self._run, name="recado-demo", daemon=True)

    def __enter__(self) -> Self:
        """Start, and wait until both answer. Raises what starting raised, or DemoFailed."""
        self._thread.start()
        if not self._is_up.wait(_START_SECONDS):
            raise DemoFailed(reason="the server did not start in time")
        if self._problem is not None:
            raise self._problem
        return self

    def __exit__(self, *_: object) -> None:
        """Stop both and wait until everything is written."""
        if self._server is not None:
            self._server.should_exit = True
        self._thread.join(_STOP_SECONDS)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as problem:  # noqa: BLE001  # raised again in the thread that waits
            self._problem = problem
        finally:
            self._is_up.set()

    async def _serve(self) -> None:
        app = ValidationsApp(keys=[EMULATOR_KEY], on_code=self._note_code)
        emulator_server = EmulatorServer(app, listener=self._emulator_listener)
        async with emulator_server as emulator, open_parts(self._settings) as parts:
            self.emulator_url = emulator.url
            workspace_id, self.api_key = await parts.database.write(_make_key)
            parts.example.stand_for(emulator.url)
            self._mailbox = functools.partial(parts.example.note_code, workspace_id)
            token = await parts.database.write(ensure_setup_link)
            self.setup_token = token or ""
            await self._serve_recado(parts)

    async def _serve_recado(self, parts: Parts) -> None:
        self._server = _Server(make_config(build_app(parts), self._settings), self._note_up)
        await self._server.serve(sockets=[self._listener])

    def _note_up(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._is_up.set()

    def _note_code(self, account_id: str, validation_id: str, code: str) -> None:
        self.codes[validation_id] = code
        self._mailbox(MailedCode(account_id, validation_id, code))
        self.when_mailed(account_id, code)


class _Server(uvicorn.Server):
    """Tells on which port it is up."""

    def __init__(self, config: uvicorn.Config, when_up: Callable[[int], None]) -> None:
        super().__init__(config)
        self._when_up = when_up

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then tell."""
        await super().startup(sockets)
        self._when_up(self.servers[0].sockets[0].getsockname()[1])


def _make_key(connection: sa.Connection) -> tuple[str, str]:
    """The workspace and a key to it."""
    workspace_id = service.ensure_workspace(connection)
    caller = service.system_caller(workspace_id, "cli")
    expires_at = utc_now() + dt.timedelta(days=1)
    return workspace_id, service.create_api_key(connection, caller, "Demo", "owner", expires_at)[1]
