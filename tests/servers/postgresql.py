"""A PostgreSQL cluster of one test's own, which may be stopped, frozen and started again."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import psycopg


class PostgresqlCluster:
    """An empty cluster on loopback; `stop` ends it as a crash would, `start` brings it back with all it had."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._folder = Path(tempfile.mkdtemp(prefix="recado-pg-"))
        if os.getuid() == 0:
            shutil.chown(self._folder, "nobody", "nogroup")
        self._process: subprocess.Popen[bytes] | None = None
        options = ["-A", "trust", "-U", "recado", "-E", "UTF8", "--no-sync", "--locale=C"]
        self._run("initdb", "-D", str(self._folder / "data"), *options).wait(180)

    @property
    def url(self) -> str:
        """The address of the database every cluster has."""
        return f"postgresql://recado@127.0.0.1:{self.port}/postgres"

    def _run(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        found = shutil.which(name) or str(max(Path("/usr/lib/postgresql").glob(f"*/bin/{name}")))
        who: dict[str, Any] = {"user": "nobody", "group": "nogroup"} if os.getuid() == 0 else {}  # it refuses root
        quiet = subprocess.DEVNULL
        return subprocess.Popen([found, *arguments], stdout=quiet, stderr=quiet, cwd=self._folder, **who)

    def start(self) -> None:
        """Start, and wait until it answers."""
        settings = {"port": self.port, "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": "off"}
        pairs = [f"-c{key}={value}" for key, value in settings.items()]
        self._process = self._run("postgres", "-D", str(self._folder / "data"), *pairs)
        deadline = time.monotonic() + 180
        while True:
            try:
                psycopg.connect(self.url, connect_timeout=10).close()
            except psycopg.OperationalError:
                assert time.monotonic() < deadline, "PostgreSQL did not start"
                threading.Event().wait(0.02)
            else:
                return

    def stop(self) -> None:
        """End at once, every connection cut (immediate shutdown: recovery at the next start)."""
        assert self._process
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(120)

    def close(self) -> None:
        """Stop for good."""
        if self._process and self._process.poll() is None:
            self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)
