"""PostgreSQL goes away under load and comes back: 503 at once, no result lost, no POST twice, and soon all is as before."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
import sqlalchemy as sa

from recado.db.engine import Database
from recado.db.tables import execution_results, executions
from recado.settings import load
from servers.counting import CountingServer
from servers.pace import slowness
from servers.postgresql import PostgresqlCluster
from servers.process import RecadoProcess

WORKERS = 8


@pytest.fixture
def cluster(unused_port: Callable[[], int]) -> Iterator[PostgresqlCluster]:
    made = PostgresqlCluster(unused_port())
    made.start()
    yield made
    made.close()


@pytest.fixture
def process(cluster: PostgresqlCluster, tmp_path: Path, unused_port: Callable[[], int]) -> Iterator[RecadoProcess]:
    settings = load({}, data_dir=tmp_path, database_url=cluster.url, port=unused_port(), egress_allow=("127.0.0.0/8",))
    running = RecadoProcess(settings, tmp_path / "log")
    running.start()
    yield running
    running.close()


@pytest.fixture
def upstream() -> Iterator[CountingServer]:
    """Slow enough that calls are under way when the database goes."""
    server = CountingServer(0.2, 0.6)
    yield server
    server.close()


def make_action(process: RecadoProcess, url: str) -> str:
    with process.client() as client:
        integration = client.post("/integrations", json={"name": "Upstream"}).raise_for_status().json()["id"]
        body = {"type": "form", "fields": [{"key": "token", "value": "{{inputs.token}}"}]}
        inputs = [{"key": "token", "name": "Token", "type": "string", "required": True}]
        request = {"method": "POST", "endpoint": f"{url}/things", "body": body}
        made = {"name": "Post", "inputs": inputs, "request": request}
        return str(client.post(f"/integrations/{integration}/actions", json=made).raise_for_status().json()["id"])


class Probe:
    """Asks one thing over and over: (when, status, code, seconds)."""

    def __init__(self, process: RecadoProcess, ask: Callable[[httpx.Client], httpx.Response]) -> None:
        self.answers: list[tuple[float, int, str, float]] = []
        self._process = process
        self._ask = ask
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        with self._process.client() as client:
            while not self._stop.wait(0.1):
                begun = time.monotonic()
                answer = self._ask(client)
                code = "" if answer.status_code < 400 else answer.json()["code"]
                self.answers.append((begun, answer.status_code, code, time.monotonic() - begun))

    def between(self, begun: float, ended: float) -> list[tuple[float, int, str, float]]:
        return [answer for answer in self.answers if begun <= answer[0] < ended]

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(30)


def outage(
    process: RecadoProcess, cluster: PostgresqlCluster, upstream: CountingServer, start_load: Any, seconds: float
) -> None:
    action = make_action(process, upstream.url)
    load_ = start_load(process, action, workers=WORKERS)
    reads = Probe(process, lambda client: client.get("/integrations"))
    writes = Probe(process, lambda client: client.post("/integrations", json={"name": "Probe"}))
    ready = Probe(process, lambda client: client.get("/health/ready"))
    alive = Probe(process, lambda client: client.get("/health"))
    while len(load_.acknowledged) < 3 * WORKERS:
        time.sleep(0.02)

    gone_at = time.monotonic()
    cluster.stop()
    time.sleep(seconds)
    back_at = time.monotonic()
    cluster.start()
    while not (reads.between(back_at, 1e12) and reads.answers[-1][1] == 200 and writes.answers[-1][1] == 201):
        assert time.monotonic() < back_at + 10 * slowness(), "normal within 10 s"
        time.sleep(0.05)
    normal_at = time.monotonic()
    acknowledged = len(load_.acknowledged)
    while len(load_.acknowledged) < acknowledged + 3 * WORKERS:
        assert time.monotonic() < back_at + 15 * slowness(), "runs go on"
        time.sleep(0.02)
    load_.stop()
    for probe in (reads, writes, ready, alive):
        probe.stop()

    for probe in (reads, writes, ready):
        during = probe.between(gone_at + 0.5, back_at)
        assert {(status, code) for _, status, code, _ in during} == {(503, "storage_unavailable")}
        assert max(took for *_, took in during) < 5 * slowness()
        assert {status for _, status, *_ in probe.between(normal_at, 1e12)} <= {200, 201}
    assert {status for _, status, *_ in alive.answers} == {200}
    assert set(load_.refused) == {503}

    rows = wait_until_closed(process, normal_at + 20)
    lost = [token for token, execution_id in load_.acknowledged.items() if execution_id not in rows]
    assert lost == [], "acknowledged and not there"
    assert {outcome for outcome in rows.values() if outcome is None} == set(), "none stays open"
    assert [key for key, count in upstream.hits.items() if count > 1] == [], "no POST twice"
    assert Counter(rows.values()) == {"ok": sum(upstream.hits.values())}, "what was sent is known, with its result"
    assert process.has_logged("results_written_late")
    print(f"{len(rows)} executions, {len(load_.refused)} refused, normal {normal_at - back_at:.1f} s after the start")


def wait_until_closed(process: RecadoProcess, deadline: float) -> dict[str, str | None]:
    """Outcome of each execution by its id; None for one that is open at the deadline."""
    database = Database(process.settings)
    ids = sa.select(executions.c.id, execution_results.c.outcome).outerjoin(
        execution_results, execution_results.c.id == executions.c.id
    )
    while True:
        with database.begin() as connection:
            rows: dict[str, str | None] = {row.id: row.outcome for row in connection.execute(ids)}
        if all(rows.values()) or time.monotonic() > deadline:
            database.close()
            return rows
        time.sleep(0.1)


def test_five_seconds_without_the_database(
    process: RecadoProcess, cluster: PostgresqlCluster, upstream: CountingServer, start_load: Any
) -> None:
    outage(process, cluster, upstream, start_load, 5)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_half_a_minute_without_the_database_three_times(
    process: RecadoProcess, cluster: PostgresqlCluster, upstream: CountingServer, start_load: Any
) -> None:
    for _ in range(3):
        upstream.hits.clear()
        with psycopg.connect(cluster.url, autocommit=True) as connection:
            connection.execute("TRUNCATE executions, execution_results")
        outage(process, cluster, upstream, start_load, 30)


def test_a_server_that_starts_without_its_database_says_so(cluster: PostgresqlCluster, process: RecadoProcess) -> None:
    process.end()
    cluster.stop()
    with pytest.raises(AssertionError, match="the server ended"):
        process.start(10)
    assert "The database cannot be reached." in process.log()
    assert "Traceback" not in process.log()
    cluster.start()
    process.start()
