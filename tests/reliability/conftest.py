"""A server in a process of its own that can be killed, and a steady load on it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import httpx
import pytest

from recado.accounts import service as accounts
from recado.db.columns import utc_now
from recado.db.engine import Database
from recado.db.tables import workspaces
from recado.ids import new_id
from recado.settings import Settings, load


class KillableServer:
    """`recado serve` as a process; start it, kill it, start it again."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.url = f"http://127.0.0.1:{settings.port}"
        self._log = (settings.data_dir / "server.log").open("ab")
        self._process: subprocess.Popen[bytes] | None = None
        database = Database(settings)
        database.migrate()
        workspace_id = new_id("wsp")
        with database.begin() as connection:
            connection.execute(workspaces.insert().values(id=workspace_id, name="Test", created_at=utc_now()))
            _, self.key = accounts.create_api_key(connection, accounts.system_caller(workspace_id), "load", "owner")
        database.close()

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    def start(self) -> None:
        variables = {
            "RECADO_DATA_DIR": str(self.settings.data_dir),
            "RECADO_DATABASE_URL": self.settings.database_url,
            "RECADO_PORT": str(self.settings.port),
            "RECADO_EGRESS_ALLOW": "127.0.0.0/8",
            "RECADO_EXAMPLE_PORT": "0",
        }
        # Its coverage is not measured: a kill loses it.
        kept = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
        environ = {**kept, **{name: value for name, value in variables.items() if value}}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "recado", "serve"], env=environ, stdout=self._log, stderr=self._log
        )
        self.wait_until_up()

    def wait_until_up(self, seconds: float = 180) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            assert self._process
            assert self._process.poll() is None, "the server ended: " + self.log()[-2000:]
            try:
                if httpx.get(f"{self.url}/health", timeout=30, trust_env=False).status_code == 200:
                    return
            except httpx.TransportError:
                threading.Event().wait(0.02)
        raise AssertionError("the server did not come up: " + self.log()[-2000:])

    def end(self, sign: signal.Signals = signal.SIGKILL, seconds: float = 120) -> int:
        assert self._process
        if self._process.poll() is None:
            self._process.send_signal(sign)
        return self._process.wait(seconds)

    def log(self) -> str:
        return Path(self._log.name).read_text(errors="replace")

    def client(self) -> httpx.Client:
        headers = {"authorization": f"Bearer {self.key}"}
        return httpx.Client(base_url=f"{self.url}/api/v1", headers=headers, timeout=90, trust_env=False)

    def make_action(self, method: str, endpoint: str, **more: Any) -> str:
        """An integration without authentication, and an action that posts a token."""
        with self.client() as client:
            integration = client.post("/integrations", json={"name": "Upstream"}).raise_for_status().json()
            body = {"type": "form", "fields": [{"key": "token", "value": "{{inputs.token}}"}]}
            action = client.post(
                f"/integrations/{integration['id']}/actions",
                json={
                    "name": "Post a token",
                    "inputs": [{"key": "token", "name": "Token", "type": "string", "required": True}],
                    "request": {"method": method, "endpoint": endpoint, "body": body, **more},
                    "outputs": [{"key": "id", "name": "Id", "type": "string", "required": True}],
                },
            )
            return str(action.raise_for_status().json()["id"])

    def close(self) -> None:
        if self._process:
            self.end()
        self._log.close()


class Load:
    """Workers that run an action as fast as they are answered, each run with a token of its own."""

    def __init__(self, server: KillableServer, action_id: str, workers: int) -> None:
        self.acknowledged: dict[str, str] = {}  # token -> execution id, for every answer 200
        self.outcomes: dict[str, str] = {}
        self.sent: set[str] = set()
        self.refused: list[int] = []
        self._url = f"{server.url}/api/v1/actions/{action_id}/executions"
        self._headers = {"authorization": f"Bearer {server.key}"}
        self._stop = threading.Event()
        self._workers = workers
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self._thread.start()

    async def _run(self) -> None:
        connector = aiohttp.TCPConnector(force_close=False)
        timeout = aiohttp.ClientTimeout(total=60)
        async with aiohttp.ClientSession(headers=self._headers, connector=connector, timeout=timeout) as session:
            await asyncio.gather(*(self._work(session) for _ in range(self._workers)))

    async def _work(self, session: aiohttp.ClientSession) -> None:
        while not self._stop.is_set():
            token = new_id("req")
            self.sent.add(token)
            try:
                async with session.post(self._url, json={"inputs": {"token": token}}) as answer:
                    told = await answer.json(content_type=None)
                    if answer.status == 200:
                        self.acknowledged[token] = told["id"]
                        self.outcomes[token] = told["outcome"]
                    else:
                        self.refused.append(answer.status)
                        await asyncio.sleep(0.02)
            except (aiohttp.ClientError, OSError, ValueError):
                await asyncio.sleep(0.02)

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(90)
        assert not self._thread.is_alive()


@pytest.fixture
def killable(
    database_kind: str, tmp_path: Path, request: pytest.FixtureRequest, unused_port: Callable[[], int]
) -> Iterator[KillableServer]:
    """A server on either database, not started yet."""
    url = request.getfixturevalue("new_postgresql_database")() if database_kind == "postgresql" else ""
    server = KillableServer(load({}, data_dir=tmp_path, database_url=url, port=unused_port()))
    yield server
    server.close()


@pytest.fixture
def start_load() -> Iterator[Callable[..., Load]]:
    """Starts loads; they are stopped at the end."""
    running: list[Load] = []

    def start(server: KillableServer, action_id: str, workers: int = 8) -> Load:
        running.append(Load(server, action_id, workers))
        return running[-1]

    yield start
    for load_ in running:
        load_.stop()
