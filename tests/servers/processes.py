"""Recado's own processes on one PostgreSQL: servers and workers, started, killed and started again."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
import psycopg

from recado.accounts import service as accounts
from recado.db.columns import utc_now
from recado.db.engine import Database
from recado.db.tables import workspaces
from recado.ids import new_id
from recado.settings import Settings, load


class Processes:
    """All of one database; whatever still runs is killed at the end."""

    def __init__(self, database_url: str, folder: Path, port: int, **variables: str) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.database_url = database_url
        self._folder = folder
        self._environ = {
            **os.environ,
            "RECADO_DATABASE_URL": database_url,
            "RECADO_DATA_DIR": str(folder),
            "RECADO_PORT": str(port),
            "RECADO_EGRESS_ALLOW": "127.0.0.0/8",
            "RECADO_EXAMPLE_PORT": "0",
            **variables,
        }
        self._running: list[subprocess.Popen[bytes]] = []
        self.key = self._new_key(load({}, data_dir=folder, database_url=database_url))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self._running:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            process.wait(60)

    def _new_key(self, settings: Settings) -> str:
        database, workspace_id = Database(settings), new_id("wsp")
        database.migrate()
        with database.begin() as connection:
            connection.execute(workspaces.insert().values(id=workspace_id, name="Test", created_at=utc_now()))
            _, key = accounts.create_api_key(connection, accounts.system_caller(workspace_id), "load", "owner")
        database.close()
        return key

    def start(self, *words: str, **variables: str) -> subprocess.Popen[bytes]:
        """`recado …` with these words."""
        with self._log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "recado", *words],
                env={**self._environ, **variables}, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        self._running.append(process)
        return process

    def start_server(self) -> subprocess.Popen[bytes]:
        process = self.start("serve")
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline:
            assert process.poll() is None, self.log()
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(f"{self.url}/health", timeout=30, trust_env=False).status_code == 200:
                    return process
            time.sleep(0.02)
        raise AssertionError(self.log())

    def start_worker(self) -> subprocess.Popen[bytes]:
        """A worker that is on the list."""
        before = self._workers()
        process = self.start("worker")
        self.wait_until(lambda: bool(self._workers() - before))
        return process

    def _workers(self) -> set[str]:
        with psycopg.connect(self.database_url) as connection:
            return {row[0] for row in connection.execute("SELECT id FROM processes WHERE kind = 'worker'")}

    def end(self, process: subprocess.Popen[bytes], sign: signal.Signals = signal.SIGKILL, seconds: float = 120) -> int:
        process.send_signal(sign)
        return process.wait(seconds)

    def count(self, table: str, condition: str = "true") -> int:
        with psycopg.connect(self.database_url) as connection:
            found = connection.execute(f"SELECT count(*) FROM {table} WHERE {condition}".encode()).fetchone()
        assert found
        return int(found[0])

    def wait_until(self, is_so: Callable[[], bool], seconds: float = 120) -> float:
        """How long it took."""
        begun = time.monotonic()
        while not is_so():
            assert time.monotonic() - begun < seconds, self.log()[-3000:]
            time.sleep(0.05)
        return time.monotonic() - begun

    def client(self) -> httpx.Client:
        headers = {"authorization": f"Bearer {self.key}"}
        return httpx.Client(base_url=f"{self.url}/api/v1", headers=headers, timeout=120, trust_env=False)

    @property
    def _log(self) -> Path:
        return self._folder / "processes.log"

    def log(self) -> str:
        return self._log.read_text(errors="replace") if self._log.exists() else ""
