"""Measures Recado beside its peers in one interleaved run and writes the figures into bench/README.md.

CPU a call is user and system time of the whole process tree over the calls answered; the subject has a core of its own,
load and upstream share the other. Each figure is the median of the rounds; read the ratios, not the cells.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import turns
from load import Target, put_load
from subjects import (
    HERE,
    OTHER_CORE,
    SUBJECT_CORE,
    Subject,
    nginx_proxy,
    node_red,
    postgresql,
    recado,
    upstream,
)

IN_FLIGHT = (1, 32, 256)
MEMORY_CALLS = 100_000
_CLIENTS = {
    "aiohttp": "one bare aiohttp call",
    "aiohttp-asyncio": "the same on asyncio's own loop",
    "transport": "our transport's bare call",
}
_SUBJECTS = ("sqlite", "postgresql", "nginx", "node-red")
Cells = dict[tuple[str, int], list[dict[str, float]]]
_MARKS = ("<!-- figures -->", "<!-- /figures -->")


def main() -> int:
    """Measure, print, and keep the figures."""
    options = _options()
    wanted = options.only.split(",") if options.only else [*_SUBJECTS, "turns"]
    options.subjects = [name for name in wanted if name != "turns"]
    if options.subjects:
        _measure_subjects(options)
    if "turns" in wanted:
        report = turns.measure(options.rounds, turns.TURNS, options.disk, list(turns.DATABASES))
        print(report)
        if not options.dry:
            turns.keep(report)
    return 0


def _measure_subjects(options: argparse.Namespace) -> None:
    folder = Path(tempfile.mkdtemp(prefix="recado-bench-", dir=options.disk))
    folder.chmod(0o755)
    try:
        with contextlib.ExitStack() as stack:
            report = _measure(stack, folder, options)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(report)
    if not options.dry:
        _keep(report)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--disk", default=str(HERE), help="where the databases lie while it runs")
    parser.add_argument("--only", default="", help="names of subjects, and turns; comma-separated")
    parser.add_argument("--dry", action="store_true", help="leave bench/README.md as it is")
    return parser.parse_args()


def _measure(stack: contextlib.ExitStack, folder: Path, options: argparse.Namespace) -> str:
    api = stack.enter_context(upstream(folder))
    subjects = list(_start(stack, folder, api, options.subjects))
    cells: Cells = defaultdict(list)
    direct = Target(api, "kind=test", {})
    put_load(direct, 32, 1, OTHER_CORE)
    for subject in subjects:
        put_load(subject.target, 32, 2, OTHER_CORE)
    memory = {subject.name: _memory_after(subject) for subject in subjects if subject.name.startswith("Recado")}
    for number in range(1, options.rounds + 1):
        for in_flight in IN_FLIGHT:
            print(f"round {number}, {in_flight} in flight", file=sys.stderr)
            _add_load(cells, "direct", direct, in_flight, options.seconds)
            for subject in subjects:
                _add_subject(cells, subject, in_flight, options.seconds)
            for client in _CLIENTS:
                _add_client(cells, client, api, in_flight, options.seconds)
    return _report(cells, subjects, memory, options)


def _start(stack: contextlib.ExitStack, folder: Path, api: str, wanted: list[str]) -> Iterator[Subject]:
    if "sqlite" in wanted:
        yield stack.enter_context(recado(folder, api))
    if "postgresql" in wanted:
        address, process = stack.enter_context(postgresql(folder))
        yield stack.enter_context(recado(folder, api, address, process))
    if "nginx" in wanted:
        yield stack.enter_context(nginx_proxy(folder, api))
    if "node-red" in wanted:
        yield stack.enter_context(node_red(folder, api))


def _add_load(cells: Cells, name: str, target: Target, in_flight: int, seconds: float) -> None:
    found = put_load(target, in_flight, seconds, OTHER_CORE)
    cells[name, in_flight].append({"rate": found.rate, "p50_ms": found.p50_ms, "p99_ms": found.p99_ms})


def _add_subject(cells: Cells, subject: Subject, in_flight: int, seconds: float) -> None:
    cpu, beside = subject.cpu(), subject.cpu_beside()
    found = put_load(subject.target, in_flight, seconds, OTHER_CORE)
    cells[subject.name, in_flight].append({
        "cpu_us": (subject.cpu() - cpu) / found.requests * 1e6,
        "beside_us": (subject.cpu_beside() - beside) / found.requests * 1e6,
        "rate": found.rate,
        "p50_ms": found.p50_ms,
        "p99_ms": found.p99_ms,
        "rss_mb": subject.rss_mb(),
    })  # fmt: skip


def _add_client(cells: Cells, name: str, api: str, in_flight: int, seconds: float) -> None:
    calls = int(seconds * {1: 1500, 32: 3000, 256: 3000}[in_flight]) // in_flight * in_flight
    command = ["taskset", "-c", str(SUBJECT_CORE), sys.executable, str(HERE / "clients.py"), name, api]
    told = subprocess.run([*command, str(in_flight), str(calls)], check=True, capture_output=True, text=True).stdout
    cells[name, in_flight].append(json.loads(told))


def _memory_after(subject: Subject) -> float:
    """Memory after at least a hundred thousand executions at 32 in flight."""
    left = MEMORY_CALLS
    while left > 0:
        left -= put_load(subject.target, 32, 10, OTHER_CORE).requests
    return subject.rss_mb()


# ── the report ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _report(cells: Cells, subjects: list[Subject], memory: dict[str, float], options: argparse.Namespace) -> str:
    names = [*(subject.name for subject in subjects), *_CLIENTS, "direct"]
    shown = {**_CLIENTS, "direct": "the load straight at the upstream"}
    lines = [
        f"{platform.machine()}, Python {platform.python_version()}, {options.rounds} rounds of {options.seconds:g} s, medians.",
        "",
        "| what | in flight | CPU µs a call | database's CPU µs | calls/s | p50 ms | p99 ms | memory MB |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for name in names:
        for in_flight in IN_FLIGHT:
            row = [
                _cell(cells, name, in_flight, key)
                for key in ("cpu_us", "beside_us", "rate", "p50_ms", "p99_ms", "rss_mb")
            ]
            figures = [_figure(value, digits) for value, digits in zip(row, (0, 0, 0, 2, 2, 0), strict=True)]
            lines.append(f"| {shown.get(name, name)} | {in_flight} | {' | '.join(figures)} |")
    lines += ["", "| ratio at 32 in flight | goal | measured |", "|---|---|---|"]
    lines += [f"| {what} | {goal} | {value} |" for what, goal, value in _ratios(cells, subjects, memory)]
    return "\n".join(lines)


def _ratios(cells: Cells, subjects: list[Subject], memory: dict[str, float]) -> Iterator[tuple[str, str, str]]:
    for subject in subjects:
        if not subject.name.startswith("Recado"):
            continue
        own = _cell(cells, subject.name, 32, "cpu_us")
        assert own
        for what, peer, goal in (
            ("CPU against one bare aiohttp call", "aiohttp", "at most 1.3"),
            ("CPU against the same on asyncio's own loop", "aiohttp-asyncio", ""),
            ("CPU against our transport's bare call", "transport", ""),
        ):
            if other := _cell(cells, peer, 32, "cpu_us"):
                yield f"{subject.name}: {what}", goal, f"{own / other:.2f}"
        for what, peer, goal in (
            ("calls a core against Node-RED's", "Node-RED", "at least 4"),
            ("calls a core against the nginx proxy's", "nginx proxy", "at least 0.08"),
        ):
            if other := _cell(cells, peer, 32, "cpu_us"):
                yield f"{subject.name}: {what}", goal, f"{other / own:.2f}"
        added = (_cell(cells, subject.name, 1, "p50_ms") or 0) - (_cell(cells, "direct", 1, "p50_ms") or 0)
        yield f"{subject.name}: p50 added at 1 in flight", "at most 1 ms", f"{added:.2f} ms"
        yield f"{subject.name}: memory after 100,000 executions", "under 80 MB", f"{memory[subject.name]:.1f} MB"
        yield f"{subject.name}: first answer after a warm start", "within 2 s", f"{subject.start_seconds:.2f} s"


def _cell(cells: Cells, name: str, in_flight: int, key: str) -> float | None:
    values = [round_[key] for round_ in cells.get((name, in_flight), []) if key in round_]
    return statistics.median(values) if values else None


def _figure(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:,.{digits}f}"


def _keep(report: str) -> None:
    path = HERE / "README.md"
    text = path.read_text()
    before, rest = text.split(_MARKS[0])
    after: Any = rest.split(_MARKS[1])[1]
    path.write_text(f"{before}{_MARKS[0]}\n\n{report}\n\n{_MARKS[1]}{after}")


if __name__ == "__main__":
    sys.exit(main())
