"""What every test may ask for: a running server on either database, callers with any role, and upstream servers."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
import uvicorn
from hypothesis import HealthCheck, settings

from recado.accounts import service as accounts
from recado.accounts.caller import Role
from recado.app import build_app
from recado.db.columns import utc_now
from recado.db.engine import Database
from recado.db.tables import workspaces
from recado.emulator.validations import EmulatorServer, ValidationsApp
from recado.ids import new_id
from recado.parts import Parts, open_parts
from recado.serving import make_config
from recado.settings import Settings, load

LOOPBACK = "127.0.0.0/8"
# A busy machine is slow, and no example of it is wrong.
settings.register_profile("recado", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("recado")


def pytest_configure() -> None:
    """A shell's background jobs ignore Ctrl-C, and hand that on to what they start; some of our tests press it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture(scope="session")
def unused_port() -> Callable[[], int]:
    """Gives ports nobody listens on just now."""
    return free_port


# ── PostgreSQL: a cluster of the tests' own ──────────────────────────────────────────────────────────────────────────


def _binary(name: str) -> str:
    found = shutil.which(name) or next(
        iter(sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)), None
    )
    assert found, "PostgreSQL is not installed: run `make test`, or scripts/system postgresql"
    return str(found)


def _unprivileged() -> dict[str, Any]:
    """PostgreSQL refuses to run as root."""
    return {"user": "nobody", "group": "nogroup"} if os.getuid() == 0 else {}


@pytest.fixture(scope="session")
def postgresql_cluster() -> Iterator[str]:
    """The address of a fresh cluster on loopback, without a database name."""
    folder = Path(tempfile.mkdtemp(prefix="recado-pg-"))
    if os.getuid() == 0:
        shutil.chown(folder, "nobody", "nogroup")
    subprocess.run(
        [_binary("initdb"), "-D", str(folder / "data"), "-A", "trust", "-U", "recado", "-E", "UTF8", "--no-sync", "--locale=C"],
        check=True, stdout=subprocess.DEVNULL, cwd=folder, **_unprivileged(),
    )  # fmt: skip
    port = free_port()
    settings = {
        "port": port,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "fsync": "off",
        "max_connections": 200,
    }
    server = subprocess.Popen(
        [_binary("postgres"), "-D", str(folder / "data"), *(f"-c{key}={value}" for key, value in settings.items())],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder, **_unprivileged(),
    )  # fmt: skip
    address = f"postgresql://recado@127.0.0.1:{port}"
    try:
        _wait_for_postgresql(address)
        yield address
    finally:
        server.send_signal(signal.SIGINT)  # fast shutdown
        server.wait(120)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for_postgresql(address: str) -> None:
    last: Exception | None = None
    for _ in range(2000):
        try:
            psycopg.connect(f"{address}/postgres", connect_timeout=10).close()
        except psycopg.OperationalError as problem:
            last = problem
            threading.Event().wait(0.05)
        else:
            return
    raise AssertionError("PostgreSQL did not start") from last


@pytest.fixture(scope="session")
def new_postgresql_database(postgresql_cluster: str) -> Callable[[], str]:
    """Makes an empty database and gives its address."""

    def make() -> str:
        name = f"recado_{new_id('req')[4:]}"
        with psycopg.connect(f"{postgresql_cluster}/postgres", autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        return f"{postgresql_cluster}/{name}"

    return make


# ── a running server ─────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Workspace:
    """One workspace of a running server, with a client for each role."""

    id: str
    url: str
    keys: dict[str, str]
    clients: dict[str, httpx.Client] = field(default_factory=dict)

    def client(self, role: Role = "owner") -> httpx.Client:
        """A client that calls below /api/v1 with a key of this role."""
        if role not in self.clients:
            headers = {"authorization": f"Bearer {self.keys[role]}"}
            self.clients[role] = httpx.Client(
                base_url=f"{self.url}/api/v1", headers=headers, timeout=180, trust_env=False
            )
        return self.clients[role]

    def close(self) -> None:
        for client in self.clients.values():
            client.close()


class RunningServer:
    """The whole application in a thread of its own, on a real socket."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.parts: Parts
        self._up = threading.Event()
        self._problem: BaseException | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        assert self._up.wait(180), "the server did not start"
        if self._problem:
            raise self._problem
        self.database = Database(settings)  # the tests' own way to the same rows

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.settings.port}"

    async def _serve(self) -> None:
        try:
            async with open_parts(self.settings) as self.parts:
                self._loop = asyncio.get_running_loop()
                self._server = uvicorn.Server(make_config(build_app(self.parts), self.settings))
                task = asyncio.ensure_future(self._server.serve())
                while not self._server.started and not task.done():  # noqa: ASYNC110  # uvicorn offers no event
                    await asyncio.sleep(0.005)
                self._up.set()
                await task
        except BaseException as problem:
            self._problem = problem
            self._up.set()
            raise

    def new_workspace(self) -> Workspace:
        """A fresh workspace with an API key for every role."""
        workspace_id = new_id("wsp")
        keys: dict[str, str] = {}
        with self.database.begin() as connection:
            connection.execute(workspaces.insert().values(id=workspace_id, name="Test", created_at=utc_now()))
            caller = accounts.system_caller(workspace_id)
            for role in ("owner", "admin", "editor", "credential_manager", "runner", "viewer"):
                _, keys[role] = accounts.create_api_key(connection, caller, f"{role} key", role)
        return Workspace(workspace_id, self.url, keys)

    def run(self, coroutine: Any) -> Any:
        """Run a coroutine in the server's own loop."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(300)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(40)
        self.database.close()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Every test that uses it runs on both databases."""
    return str(request.param)


@pytest.fixture(scope="session")
def start_server(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Callable[..., RunningServer]]:
    """Starts servers with settings of one's own; they stop at the end."""
    running: list[RunningServer] = []

    def start(kind: str = "sqlite", **overrides: Any) -> RunningServer:
        url = request.getfixturevalue("new_postgresql_database")() if kind == "postgresql" else ""
        defaults: dict[str, Any] = {
            "data_dir": tmp_path_factory.mktemp("data"),
            "database_url": url,
            "port": free_port(),
            "egress_allow": (LOOPBACK,),
            "log_level": "error",
            "example_port": 0,
        }
        server = RunningServer(load({}, **{**defaults, **overrides}))
        running.append(server)
        return server

    yield start
    for server in running:
        server.stop()


@pytest.fixture(scope="session")
def server(database_kind: str, start_server: Callable[..., RunningServer]) -> RunningServer:
    """One server per database for all tests; loopback may be called."""
    return start_server(database_kind)


@pytest.fixture
def workspace(server: RunningServer) -> Iterator[Workspace]:
    """A workspace of the test's own."""
    made = server.new_workspace()
    yield made
    made.close()


@pytest.fixture
def client(workspace: Workspace) -> httpx.Client:
    """The workspace's owner."""
    return workspace.client("owner")


# ── the worked example's API ─────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Emulator:
    """The Validations API on a real socket."""

    url: str
    api_key: str
    codes: dict[str, str]


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    """The emulator of the worked example, in a thread of its own; `codes` holds what was "mailed", by validation id."""
    codes: dict[str, str] = {}
    key = "emulator-key-4242"
    app = ValidationsApp(keys=[key], on_code=lambda _account, validation, code: codes.__setitem__(validation, code))
    ready, stop = threading.Event(), threading.Event()
    port: list[int] = []

    async def serve() -> None:
        async with EmulatorServer(app) as running:
            port.append(running.port)
            ready.set()
            await asyncio.to_thread(stop.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert ready.wait(120)
    yield Emulator(f"http://127.0.0.1:{port[0]}", key, codes)
    stop.set()
    thread.join(20)
