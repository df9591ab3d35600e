"""`recado serve` as a process of its own, for tests of what only a whole process shows: its log, its memory, its end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import httpx

from recado.accounts import service as accounts
from recado.accounts.caller import Role
from recado.db.columns import utc_now
from recado.db.engine import Database
from recado.db.tables import workspaces
from recado.ids import new_id
from recado.settings import Settings


class RecadoProcess:
    """Makes the database and a workspace with an owner's key; then `start`, `end`, `start` again.

    `environ` is added to the process's environment, `command` stands before its command line, and `data_dir` is where
    the process finds its data when that is another path than `settings.data_dir` (which is the test's own way there).
    """

    def __init__(
        self,
        settings: Settings,
        log: Path,
        *,
        environ: Mapping[str, str] | None = None,
        command: Sequence[str] = (),
        data_dir: Path | None = None,
    ) -> None:
        self.settings = settings
        self.url = f"http://127.0.0.1:{settings.port}"
        self._log = log.open("ab")
        self._command = [*command, sys.executable, "-m", "recado", "serve"]
        variables = {
            "RECADO_DATA_DIR": str(data_dir or settings.data_dir),
            "RECADO_DATABASE_URL": settings.database_url,
            "RECADO_PORT": str(settings.port),
            "RECADO_EGRESS_ALLOW": ",".join(settings.egress_allow),
            "RECADO_LOG_LEVEL": settings.log_level,
            "RECADO_EXAMPLE_PORT": "0",
        }
        self._environ = {name: value for name, value in variables.items() if value} | dict(environ or {})
        self._process: subprocess.Popen[bytes] | None = None
        self.workspace_id = new_id("wsp")
        self.key = self._make_key("owner")

    def _make_key(self, role: Role) -> str:
        database = Database(self.settings)
        database.migrate()
        with database.begin() as connection:
            connection.execute(workspaces.insert().values(id=self.workspace_id, name="Test", created_at=utc_now()))
            _, key = accounts.create_api_key(connection, accounts.system_caller(self.workspace_id), f"{role} key", role)
        database.close()
        return key

    @property
    def pid(self) -> int:
        """The process's id."""
        assert self._process
        return self._process.pid

    def start(self, seconds: float = 180) -> None:
        """Start and wait until the server answers."""
        environ = {**os.environ, **self._environ}
        self._process = subprocess.Popen(self._command, env=environ, stdout=self._log, stderr=self._log)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            assert self._process.poll() is None, "the server ended: " + self.log()[-2000:]
            try:
                if httpx.get(f"{self.url}/health", timeout=30, trust_env=False, verify=False).status_code == 200:
                    return
            except httpx.TransportError:
                threading.Event().wait(0.02)
        raise AssertionError("the server did not come up: " + self.log()[-2000:])

    def end(self, sign: signal.Signals = signal.SIGTERM, seconds: float = 120) -> int:
        """Stop and wait; the exit code."""
        assert self._process
        if self._process.poll() is None:
            self._process.send_signal(sign)
        return self._process.wait(seconds)

    def is_running(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.poll() is None

    def log(self) -> str:
        """All that the process wrote so far."""
        return Path(self._log.name).read_text(errors="replace")

    def has_logged(self, text: str, count: int = 1, seconds: float = 60) -> bool:
        """Whether the process writes this, so many times; a line may come after the answer it is about."""
        deadline = time.monotonic() + seconds
        while self.log().count(text) < count and time.monotonic() < deadline:
            threading.Event().wait(0.02)
        return self.log().count(text) >= count

    def client(self, **options: object) -> httpx.Client:
        """A client that calls below /api/v1 as the owner."""
        headers = {"authorization": f"Bearer {self.key}"}
        return httpx.Client(
            base_url=f"{self.url}/api/v1",
            headers=headers,
            timeout=180,
            trust_env=False,
            verify=False,
            **options,  # type: ignore[arg-type]  # httpx's own options
        )

    def close(self) -> None:
        """End the process, if it is there still, and the log."""
        if self._process:
            self.end(signal.SIGKILL)
        self._log.close()
