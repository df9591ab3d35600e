"""A serving process stays small: it loads nothing it does not use, and neither many executions nor many at once add much."""

from __future__ import annotations

import contextlib
import datetime as dt
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
import sqlalchemy as sa

from recado.db.columns import utc_now, utc_text
from recado.db.engine import Database
from recado.ids import id_at
from servers.counting import CountingServer

MOST_BYTES = 80 * 2**20  # at 32 in flight
MOST_GROWTH = 8 * 2**20  # by 256 at once, some 20 KB for each
UNUSED = {
    "alembic", "attr", "bz2", "click", "csv", "lzma", "mako", "multiprocessing", "psycopg", "pydantic", "pygments", "rich", "ruamel",
    "sqlite3", "typer", "zipfile",
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


def _run(server: Any, action: str, start_load: Callable[..., Any], count: int, in_flight: int) -> None:
    load = start_load(server, action, workers=in_flight)
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
    sizes = [process.memory_info().rss]
    action = server.make_action("POST", f"{upstream.url}/things")
    for in_flight in (32, 256):
        _run(server, action, start_load, count, in_flight)
        sizes.append(process.memory_info().rss)
    told = " MB, ".join(f"{size / 2**20:.1f}" for size in sizes)
    print(f"{told} MB: idle, after {count:,} executions at 32 in flight, after as many at 256")
    assert sizes[1] < MOST_BYTES
    assert sizes[2] - sizes[1] < MOST_GROWTH


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


_FILL = (
    """INSERT INTO executions (workspace_id, id, kind, method, created_at)
    WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :count)
    SELECT workspaces.id, :window || printf('%03d%016d', (n - 1) * 1000 / :count, n), 'live', 'GET', :at FROM numbers, workspaces""",
    """INSERT INTO execution_results (id, outcome, total_ms, record, finished_at)
    SELECT id, 'ok', 1.0, '{}', created_at FROM executions""",
)
"""As many executions as ten seconds can bring; ids begin with their time, 32 characters to a digit, and these end in decimals."""


def _fill_a_minute(server: Any, count: int) -> None:
    database = Database(server.settings)
    at = utc_now() - dt.timedelta(minutes=10)
    values = {"count": count, "window": id_at("exe", at)[:11], "at": utc_text(at)}
    with database.begin() as connection:
        for statement in _FILL:
            connection.execute(sa.text(statement), values)
    database.close()


def _counted(server: Any) -> int:
    database = Database(server.settings)
    with database.begin() as connection:
        found = connection.scalar(sa.text("SELECT sum(count) FROM execution_counts"))
    database.close()
    return int(found or 0)


def test_a_minute_full_of_executions_is_counted_in_little(killable: Any) -> None:
    count = 150_000
    _fill_a_minute(killable, count)
    killable.start()
    deadline = time.monotonic() + 120
    while _counted(killable) < count and time.monotonic() < deadline:
        threading.Event().wait(0.5)
    assert _counted(killable) == count
    assert psutil.Process(killable.pid).memory_info().rss < MOST_BYTES


@contextlib.contextmanager
def _server_that_tells(folder: Path, port: int, told: Path) -> Iterator[None]:
    """A server that writes down, at its end, what it has loaded."""
    environ = {
        **os.environ,
        "RECADO_DATA_DIR": str(folder),
        "RECADO_EGRESS_ALLOW": "127.0.0.0/8",
        "RECADO_EXAMPLE_PORT": "0",
        "TOLD": str(told),
    }
    command = [sys.executable, "-c", SERVES_AND_TELLS, "serve", "--host", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen(command, env=environ, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr
            assert "serving" in process.stderr.readline()
            yield
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(40) == 0


def _check_loaded(told: Path) -> None:
    loaded = {name.partition(".")[0] for name in json.loads(told.read_text())}
    assert {"uvicorn", "litestar", "sqlalchemy", "pysqlite3"} <= loaded
    assert loaded & UNUSED == set()


def test_it_loads_only_what_it_uses(killable: Any, upstream: CountingServer, tmp_path: Path) -> None:
    told = tmp_path / "modules.json"
    with _server_that_tells(killable.settings.data_dir, killable.settings.port, told):
        action = killable.make_action("POST", f"{upstream.url}/things")
        with killable.client() as client:
            inputs = {"inputs": {"token": "one"}}
            answer: httpx.Response = client.post(f"/actions/{action}/executions", json=inputs)
            assert answer.json()["outcome"] == "ok"
            assert len(client.get("/executions").json()["items"]) == 1
    _check_loaded(told)


def test_the_first_start_makes_the_database_and_loads_no_more(
    database_kind: str, unused_port: Callable[[], int], tmp_path: Path
) -> None:
    assert database_kind == "sqlite"
    told, folder = tmp_path / "modules.json", tmp_path / "new"
    with _server_that_tells(folder, unused_port(), told):
        assert (folder / "recado.db").exists()
    _check_loaded(told)
