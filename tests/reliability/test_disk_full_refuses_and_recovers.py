"""The disk fills up: 507 and nothing half done, reads go on, and with space back all works again without a restart."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from recado.db.engine import Database
from recado.db.tables import execution_results, executions
from recado.ids import new_id
from recado.settings import load
from servers.counting import CountingServer
from servers.pace import slowness
from servers.process import RecadoProcess

MEBIBYTE = 1024 * 1024
_MAY_MOUNT = os.getuid() == 0 and all(shutil.which(name) for name in ("unshare", "nsenter", "mount"))
pytestmark = pytest.mark.skipif(
    not _MAY_MOUNT, reason="a file system of one's own needs root, unshare, nsenter and mount"
)


class SmallDisk:
    """A file system of a few MiB in memory, in a mount namespace that nobody else sees.

    `inside` is its path in the namespace, `outside` the way there for the test, `command` what a process is started with.
    """

    def __init__(self, folder: Path, mebibytes: int) -> None:
        self.inside = folder / "disk"
        self.inside.mkdir()
        script = (
            f'mount --make-rprivate / && mount -t tmpfs -o size={mebibytes}m tmpfs "$0" && echo up && exec sleep 1000'
        )
        self._holder = subprocess.Popen(
            ["unshare", "-m", "sh", "-c", script, str(self.inside)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert self._holder.stdout
        is_up = self._holder.stdout.readline() == b"up\n"
        self._holder.stdout.close()
        if not is_up:
            self._holder.wait(10)
            pytest.skip("this machine lets nobody mount a file system")
        self.outside = Path(f"/proc/{self._holder.pid}/root{self.inside}")
        self.command = ["nsenter", f"--mount=/proc/{self._holder.pid}/ns/mnt", "--"]
        self._filler = self.outside / "filler"

    def fill(self) -> None:
        """Take all the room there is, to the last block."""
        with self._filler.open("ab", buffering=0) as file:
            for size in (MEBIBYTE, 4096, 1):
                try:
                    while file.write(bytes(size)) == size:
                        pass
                except OSError as problem:
                    if problem.errno != errno.ENOSPC:
                        raise

    def free(self) -> None:
        """Give it back."""
        self._filler.unlink()

    def close(self) -> None:
        self._holder.kill()
        self._holder.wait(10)


@pytest.fixture
def new_disk(tmp_path: Path) -> Iterator[Callable[[int], SmallDisk]]:
    made: list[SmallDisk] = []

    def make(mebibytes: int) -> SmallDisk:
        made.append(SmallDisk(tmp_path, mebibytes))
        return made[-1]

    yield make
    for disk in made:
        disk.close()


@pytest.fixture
def start_on(tmp_path: Path, unused_port: Callable[[], int]) -> Iterator[Callable[[SmallDisk], RecadoProcess]]:
    """Starts a server whose data are on a small disk; its log is elsewhere."""
    running: list[RecadoProcess] = []

    def start(disk: SmallDisk) -> RecadoProcess:
        settings = load({}, data_dir=tmp_path / "data", port=unused_port(), egress_allow=("127.0.0.0/8",))
        running.append(RecadoProcess(settings, tmp_path / "log", command=disk.command, data_dir=disk.inside / "data"))
        shutil.copytree(settings.data_dir, disk.outside / "data")
        running[-1].start()
        return running[-1]

    yield start
    for process in running:
        process.close()


@pytest.fixture
def upstream() -> Iterator[CountingServer]:
    server = CountingServer(0.001, 0.002)
    yield server
    server.close()


class Runs:
    """Runs of one action, each with a token of its own; what was said of each."""

    def __init__(self, client: httpx.Client, url: str) -> None:
        self.client = client
        self.done: dict[str, str] = {}
        self.refused: list[str] = []
        integration = client.post("/integrations", json={"name": "Upstream"}).raise_for_status().json()["id"]
        body = {"type": "raw", "content_type": "text/plain", "text": "token={{inputs.token}} " + "x" * 20_000}
        inputs = [{"key": "token", "name": "Token", "type": "string", "required": True}]
        request = {"method": "POST", "endpoint": f"{url}/things", "body": body}
        made = {"name": "Post", "inputs": inputs, "request": request}
        answer = client.post(f"/integrations/{integration}/actions", json=made).raise_for_status()
        self._path = f"/actions/{answer.json()['id']}/executions"

    def run(self) -> int:
        """One run; the status."""
        token = new_id("req")
        answer = self.client.post(self._path, json={"inputs": {"token": token}})
        if answer.status_code == 200:
            assert answer.json()["outcome"] == "ok"
            self.done[token] = answer.json()["id"]
        else:
            assert answer.headers["content-type"] == "application/problem+json"
            self.refused.append(token)
        return answer.status_code


def check_rows(disk: SmallDisk, folder: Path, runs: Runs, upstream: CountingServer) -> None:
    """What was acknowledged is there with its result, what was sent is known, nothing was sent twice."""
    shutil.copytree(disk.outside / "data", folder / "copy")  # SQLite follows links, and would leave the namespace
    database = Database(load({}, data_dir=folder / "copy"))
    with database.begin() as connection:
        assert connection.scalar(sa.text("PRAGMA integrity_check")) == "ok"
        found = connection.execute(
            sa.select(executions.c.id, execution_results.c.outcome).outerjoin(
                execution_results, execution_results.c.id == executions.c.id
            )
        ).all()
    database.close()
    outcomes = {row.id: row.outcome for row in found}
    assert [execution_id for execution_id in runs.done.values() if outcomes.get(execution_id) != "ok"] == []
    assert set(outcomes.values()) == {"ok"}
    assert len(outcomes) == sum(upstream.hits.values()), "a call that was refused was not made"
    assert max(upstream.hits.values()) == 1


def test_a_full_disk_refuses_and_space_back_is_enough(
    new_disk: Callable[[int], SmallDisk],
    start_on: Callable[[SmallDisk], RecadoProcess],
    upstream: CountingServer,
    tmp_path: Path,
) -> None:
    disk = new_disk(8)
    process = start_on(disk)
    assert not (disk.outside / "data/ballast").exists(), "no ballast where there is no room for it"
    with process.client() as client:
        runs = Runs(client, upstream.url)
        for _ in range(20):
            assert runs.run() == 200
        disk.fill()
        statuses = {runs.run() for _ in range(200)}
        assert statuses - {200} == {507}
        assert [runs.run() for _ in range(20)] == [507] * 20
        sent = sum(upstream.hits.values())

        refused = client.post("/integrations", json={"name": "No room"})
        assert (refused.status_code, refused.json()["code"], refused.headers["retry-after"]) == (
            507,
            "storage_full",
            "1",
        )
        for path in ("/executions", "/integrations", "/audit-log", f"/executions/{next(iter(runs.done.values()))}"):
            assert client.get(path).status_code == 200, path
        assert client.get("/health").status_code == 200
        assert sum(upstream.hits.values()) == sent, "what cannot be written down is not sent"
        assert process.is_running()
        lines = process.log().count("\n")
        time.sleep(1)
        assert process.log().count("\n") - lines < 20, "the log is no place to fill next"

        disk.free()
        freed_at = time.monotonic()
        while runs.run() != 200:
            assert time.monotonic() < freed_at + 5 * slowness(), "writes work within 5 s"
            time.sleep(0.05)
        assert [runs.run() for _ in range(20)] == [200] * 20
        assert client.post("/integrations", json={"name": "Room again"}).status_code == 201
        assert client.get("/health/ready").status_code == 200
    assert process.end() in {0, -signal.SIGTERM}
    check_rows(disk, tmp_path, runs, upstream)
    process.start()
    assert "Traceback" not in process.log()


def test_calls_under_way_when_the_disk_fills_keep_their_results(
    new_disk: Callable[[int], SmallDisk],
    start_on: Callable[[SmallDisk], RecadoProcess],
    start_load: Any,
    tmp_path: Path,
) -> None:
    slow = CountingServer(0.3, 0.6)
    disk = new_disk(8)
    process = start_on(disk)
    try:
        with process.client() as client:
            runs = Runs(client, slow.url)
            load_ = start_load(process, runs._path.split("/")[2], workers=12)
            while sum(slow.hits.values()) < 24:
                time.sleep(0.01)
            disk.fill()
            while 507 not in load_.refused:
                time.sleep(0.01)
            time.sleep(1)
            disk.free()
            freed_at = time.monotonic()
            acknowledged = len(load_.acknowledged)
            while len(load_.acknowledged) < acknowledged + 12:
                assert time.monotonic() < freed_at + 6 * slowness()
                time.sleep(0.01)
            load_.stop()
        runs.done = load_.acknowledged
        assert process.end() in {0, -signal.SIGTERM}
        check_rows(disk, tmp_path, runs, slow)
        assert set(load_.refused) == {507}
    finally:
        slow.close()


def test_the_ballast_is_given_back_so_that_writes_go_on(
    new_disk: Callable[[int], SmallDisk],
    start_on: Callable[[SmallDisk], RecadoProcess],
    upstream: CountingServer,
    tmp_path: Path,
) -> None:
    disk = new_disk(96)
    process = start_on(disk)
    ballast = disk.outside / "data/ballast"
    assert ballast.stat().st_size == 16 * MEBIBYTE
    with process.client() as client:
        runs = Runs(client, upstream.url)
        assert runs.run() == 200
        disk.fill()
        filled_at = time.monotonic()
        while runs.run() == 200 and ballast.exists():
            assert time.monotonic() < filled_at + 20 * slowness()
        while ballast.exists() or runs.run() != 200:
            assert time.monotonic() < filled_at + 20 * slowness(), "there is room again, and nobody had to come"
            time.sleep(0.05)
        assert process.has_logged("ballast_released")
    process.end()
    check_rows(disk, tmp_path, runs, upstream)
