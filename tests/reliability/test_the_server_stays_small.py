"""A serving process stays small: it loads nothing it does not use, and 100,000 executions leave nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from servers.counting import CountingServer

MOST_BYTES = 80 * 2**20
UNUSED = {
    "alembic", "attr", "mako", "psycopg", "pydantic", "pygments", "rich", "ruamel",
}  # fmt: skip
SERVES_AND_TELLS = """
import json, os, runpy, sys
try:
    runpy.run_module("recado", run_name="__main__", alter_sys=True)
finally:
    with open(os.environ["TOLD"], "w") as file:
        json.dump(sorted(sys.modules), file)
"""

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True, scope="session")


@pytest.fixture
def upstream() -> Iterator[CountingServer]:
    server = CountingServer(0, 0.001)
    yield server
    server.close()


@pytest.fixture(autouse=True)
def as_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """With its bytecode written, as an installation has it (compiling takes 10 MB), and not measured for coverage."""
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    for name in [name for name in os.environ if name.startswith("COV")]:
        monkeypatch.delenv(name)


def _run(server: Any, upstream: CountingServer, start_load: Callable[..., Any], count: int) -> None:
    load = start_load(server, server.make_action("POST", f"{upstream.url}/things"), workers=32)
    deadline = time.monotonic() + 60 + count / 100
    while len(load.acknowledged) < count and time.monotonic() < deadline:
        threading.Event().wait(0.05)
    load.stop()
    assert len(load.acknowledged) >= count
    assert set(load.outcomes.values()) == {"ok"}


def _check_size(server: Any, upstream: CountingServer, start_load: Callable[..., Any], count: int) -> None:
    server.start()  # which writes the bytecode
    server.end(signal.SIGTERM)
    server.start()
    process = psutil.Process(server.pid)
    idle = process.memory_info().rss
    _run(server, upstream, start_load, count)
    found = process.memory_info().rss
    print(f"{idle / 2**20:.1f} MB idle, {found / 2**20:.1f} MB after {count:,} executions")
    assert found < MOST_BYTES


def test_a_few_thousand_executions_leave_it_small(
    killable: Any, upstream: CountingServer, start_load: Callable[..., Any]
) -> None:
    _check_size(killable, upstream, start_load, 4_000)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_a_hundred_thousand_executions_leave_it_small(
    killable: Any, upstream: CountingServer, start_load: Callable[..., Any]
) -> None:
    _check_size(killable, upstream, start_load, 100_000)


def test_it_loads_only_what_it_uses(killable: Any, upstream: CountingServer, tmp_path: Path) -> None:
    modules = tmp_path / "modules.json"
    environ = {
        **os.environ,
        "RECADO_DATA_DIR": str(killable.settings.data_dir),
        "RECADO_EGRESS_ALLOW": "127.0.0.0/8",
        "RECADO_EXAMPLE_PORT": "0",
        "TOLD": str(modules),
    }
    port = str(killable.settings.port)
    command = [sys.executable, "-c", SERVES_AND_TELLS, "serve", "--host", "127.0.0.1", "--port", port]
    with subprocess.Popen(command, env=environ, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        assert "serving" in process.stderr.readline()
        action = killable.make_action("POST", f"{upstream.url}/things")
        with killable.client() as client:
            inputs = {"inputs": {"token": "one"}}
            answer: httpx.Response = client.post(f"/actions/{action}/executions", json=inputs)
            assert answer.json()["outcome"] == "ok"
            assert len(client.get("/executions").json()["items"]) == 1
        process.send_signal(signal.SIGTERM)
        assert process.wait(40) == 0
    loaded = {name.partition(".")[0] for name in json.loads(modules.read_text())}
    assert {"uvicorn", "litestar", "sqlalchemy", "pysqlite3"} <= loaded
    assert loaded & UNUSED == set()
