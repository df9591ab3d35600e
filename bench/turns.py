"""Measures turns of conversations beside the least they cost: embedded on SQLite, and with two workers on PostgreSQL.

    python bench/turns.py [--rounds 3] [--turns 4000] [--only sqlite,postgresql] [--dry]

A turn: a message is handed over, the flow calls an API that answers after 5 ms, and says something. CPU is user and system
time of all our processes over the turns; the database's stands beside it. The floor (`turns_floor.py`) writes the same rows
in the same number of transactions. Both in turn, in one run; each figure is the median of the rounds.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

from subjects import HERE, OTHER_CORE, SUBJECT_CORE, free_port, postgresql, started, wait_for

IN_FLIGHT = 64
TURNS = 4000
DATABASES = ("sqlite", "postgresql")
_MOST_SECONDS = 300
_MARKS = ("<!-- turns -->", "<!-- /turns -->")
_NAMES = {
    ("SQLite", "ours"): "Recado, embedded on SQLite",
    ("SQLite", "floor"): "the floor on SQLite",
    ("PostgreSQL", "ours"): "Recado, a server and two workers on PostgreSQL",
    ("PostgreSQL", "floor"): "the floor on PostgreSQL",
}
Cells = dict[tuple[str, str], list[dict[str, float]]]


def main() -> int:
    """Measure, print, and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--turns", type=int, default=TURNS)
    parser.add_argument("--disk", default=str(HERE), help="where the databases lie while it runs")
    parser.add_argument("--only", default=",".join(DATABASES))
    parser.add_argument("--dry", action="store_true", help="leave bench/README.md as it is")
    options = parser.parse_args()
    report = measure(options.rounds, options.turns, options.disk, options.only.split(","))
    print(report)
    if not options.dry:
        keep(report)
    return 0


def measure(rounds: int, turns: int, disk: str, wanted: list[str]) -> str:
    """The figures as text; a database that is not there is left out, and said to be."""
    cells: Cells = defaultdict(list)
    missing: list[str] = []
    folder = Path(tempfile.mkdtemp(prefix="recado-turns-", dir=disk))
    folder.chmod(0o755)
    try:
        with contextlib.ExitStack() as stack:
            upstream = stack.enter_context(_upstream())
            homes: list[tuple[str, _Home, list[psutil.Process]]] = []
            if "sqlite" in wanted:
                homes.append(("SQLite", _Home(folder / "one", "", upstream), []))
            if "postgresql" in wanted:
                try:
                    address, server = stack.enter_context(postgresql(folder))
                except (OSError, ValueError) as problem:
                    missing.append(f"PostgreSQL was not measured: {problem}")
                else:
                    homes.append(("PostgreSQL", _Home(folder / "many", address, upstream), [server]))
            for number in range(1, rounds + 1):
                print(f"turns, round {number}", file=sys.stderr)
                for own in list(homes):
                    name, home, beside = own
                    try:
                        found = {part: home.measure(part, turns, beside) for part in ("floor", "ours")}
                    except (RuntimeError, ValueError, subprocess.SubprocessError) as problem:
                        missing.append(f"{name} was not measured in round {number}, nor after it: {problem}")
                        homes.remove(own)
                    else:
                        for part, figures in found.items():
                            cells[name, part].append(figures)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return _report(cells, rounds, turns, missing)


@contextlib.contextmanager
def _upstream() -> Iterator[str]:
    port = free_port()
    with started([sys.executable, str(HERE / "turns_upstream.py"), str(port)], OTHER_CORE):
        url = f"http://127.0.0.1:{port}/things"
        wait_for(url)
        yield url


class _Home:
    """One database with a flow and its conversations, made over HTTP by a server that is gone when it is measured."""

    def __init__(self, folder: Path, database_url: str, upstream: str) -> None:
        folder.mkdir()
        self._folder, self._is_many, self._upstream = folder, bool(database_url), upstream
        self._environ = {
            **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},  # as installed
            "RECADO_DATA_DIR": str(folder),
            "RECADO_EGRESS_ALLOW": "127.0.0.0/8",
            "RECADO_EXAMPLE_PORT": "0",
            "RECADO_LOG_LEVEL": "error",
            "RECADO_PORT": str(free_port()),
            "RECADO_API_RATE_PER_SECOND": "0",
        }
        if database_url:
            self._environ["RECADO_DATABASE_URL"] = database_url
        command = [sys.executable, "-m", "recado"]
        subprocess.run([*command, "migrate"], env=self._environ, check=True, stdout=subprocess.DEVNULL)
        told = subprocess.run(
            [*command, "api-key", "create", "--name", "bench", "--role", "owner"],
            env=self._environ, check=True, capture_output=True, text=True,
        )  # fmt: skip
        url = f"http://127.0.0.1:{self._environ['RECADO_PORT']}"
        with started([*command, "serve"], OTHER_CORE, env=self._environ, stdout=subprocess.DEVNULL):
            wait_for(f"{url}/health")
            made = _make_conversations(f"{url}/api/v1", told.stdout.strip().splitlines()[-1], upstream)
        (folder / "conversations.json").write_text(json.dumps(made))

    def measure(self, part: str, turns: int, beside: list[psutil.Process]) -> dict[str, float]:
        """So many turns in a process of its own, with the CPU of its helpers."""
        with contextlib.ExitStack() as stack:
            workers = []
            if part == "ours" and self._is_many:
                workers = [stack.enter_context(self._worker()) for _ in range(2)]
                time.sleep(4)  # they are seen
            script = [sys.executable, str(HERE / f"turns_{part}.py"), str(self._folder), self._upstream, str(turns)]
            process: Any = stack.enter_context(
                started(
                    script, SUBJECT_CORE, env=self._environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
                )
            )
            stack.enter_context(_ended_late(process))
            _expect(process, "ready")
            before, aside = _cpu(workers), _cpu(beside)
            found: dict[str, float] = json.loads(_expect(process, "{"))
            count = found.pop("turns")
            found["cpu_us"] = (found.pop("cpu") + _cpu(workers) - before) / count * 1e6
            found["beside_us"] = (_cpu(beside) - aside) / count * 1e6
            process.stdin.write("end\n")
            process.stdin.flush()
            process.wait(30)
        return found

    @contextlib.contextmanager
    def _worker(self) -> Iterator[psutil.Process]:
        command = [sys.executable, "-m", "recado", "worker"]
        with started(command, SUBJECT_CORE, env=self._environ, stdout=subprocess.DEVNULL) as process:
            yield psutil.Process(process.pid)


def _expect(process: Any, start: str) -> str:
    """Its next line; then the word to go on."""
    line = process.stdout.readline()
    if not line.startswith(start):
        raise RuntimeError(f"expected {start}, and it said {line!r}")
    if start == "ready":
        process.stdin.write("go\n")
        process.stdin.flush()
    return str(line)


@contextlib.contextmanager
def _ended_late(process: Any) -> Iterator[None]:
    """What hangs is ended, so that the run does not hang with it."""
    timer = threading.Timer(_MOST_SECONDS, process.kill)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _cpu(roots: list[psutil.Process]) -> float:
    total = 0.0
    for root in roots:
        for process in [root, *root.children(recursive=True)]:
            with contextlib.suppress(psutil.NoSuchProcess):
                total += sum(process.cpu_times()[:2])
    return total


def _make_conversations(url: str, key: str, upstream: str) -> dict[str, Any]:
    """A flow that asks, calls and answers for ever; conversations that wait at its question, and one that took a turn."""

    def post(path: str, body: dict[str, Any]) -> dict[str, Any]:
        headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
        request = urllib.request.Request(f"{url}{path}", json.dumps(body).encode(), headers)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as answer:
            return dict(json.load(answer))

    integration = post("/integrations", {"name": "Bench"})["id"]
    rows = [{"key": "kind", "value": "test"}, {"key": "token", "value": "{{inputs.token}}"}]
    action = {
        "name": "Make a thing",
        "inputs": [{"key": "token", "name": "Token", "type": "string", "required": True}],
        "request": {"method": "POST", "endpoint": upstream, "body": {"type": "form", "fields": rows}},
        "outputs": [{"key": "id", "name": "Id", "type": "string", "required": True}],
    }
    action_id = post(f"/integrations/{integration}/actions", action)["id"]
    blocks = [
        {"id": "ask", "type": "question", "edges": {"next": "call"}, "answer": "word", "text": "Got {{outputs.sent.id}}."},
        {
            "id": "call", "type": "custom_integration", "edges": {"success": "ask", "failed": "ask"}, "key": "sent",
            "integration_id": integration, "action_id": action_id, "inputs": {"token": "{{answers.word}}"},
        },
    ]  # fmt: skip
    flow = post("/flows", {"name": "Bench", "definition": {"start": "ask", "blocks": blocks}})["id"]
    made = [str(post("/simulator/conversations", {"flow_id": flow})["id"]) for _ in range(2 * IN_FLIGHT + 1)]
    sample = made.pop()
    told = post(f"/simulator/conversations/{sample}/messages", {"text": "tok_0123456789"})
    assert told["messages"][-1]["text"].startswith("Got thing_"), told
    return {"ours": made[:IN_FLIGHT], "floor": made[IN_FLIGHT:], "sample": sample}


# ── the report ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _report(cells: Cells, rounds: int, turns: int, missing: list[str]) -> str:
    where = f"{platform.machine()}, Python {platform.python_version()}"
    lines = [
        f"{where}, {IN_FLIGHT} conversations at once, {rounds} rounds of {turns:,} turns, medians.",
        "",
        "| what | CPU µs a turn | database's CPU µs | turns/s | p50 ms | p99 ms |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    middle = {
        name: {key: statistics.median(found[key] for found in told) for key in told[0]} for name, told in cells.items()
    }
    for name, found in middle.items():
        figures = [f"{found[key]:,.0f}" for key in ("cpu_us", "beside_us", "rate", "p50_ms", "p99_ms")]
        lines.append(f"| {_NAMES[name]} | {' | '.join(figures)} |")
    lines += ["", "| ratio | goal | measured |", "|---|---|---|"]
    for database in dict.fromkeys(name for name, _ in middle):
        ours, floor = middle[database, "ours"], middle[database, "floor"]
        lines.append(
            f"| {database}: CPU a turn against the floor | at most 2 | {ours['cpu_us'] / floor['cpu_us']:.2f} |"
        )
        if floor["beside_us"]:
            both = (ours["cpu_us"] + ours["beside_us"]) / (floor["cpu_us"] + floor["beside_us"])
            lines.append(f"| {database}: the same with the database's | at most 2 | {both:.2f} |")
    return "\n".join([*lines, *(f"\n{note}" for note in missing)])


def keep(report: str) -> None:
    """Put the figures into this folder's page."""
    path = HERE / "README.md"
    before, rest = path.read_text().split(_MARKS[0])
    path.write_text(f"{before}{_MARKS[0]}\n\n{report}\n\n{_MARKS[1]}{rest.split(_MARKS[1])[1]}")


if __name__ == "__main__":
    sys.exit(main())
