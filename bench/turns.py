"""Measures turns of conversations: one message, one call to an API that takes 5 ms, one reply; beside the least such a turn costs.

    python bench/turns.py [--seconds 8] [--in-flight 64]

CPU is user and system time of the server's process. Read the ratio, not the figures: the machine is shared.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import aiohttp
import httptools
import psutil

from recado.accounts import service as accounts
from recado.db.columns import utc_now
from recado.db.engine import Database
from recado.db.tables import workspaces
from recado.ids import new_id
from recado.settings import load
from subjects import HERE, OTHER_CORE, SUBJECT_CORE, free_port, started, wait_for

_ANSWER = b'{"id":"thing_0123456789","state":"made"}'
_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"


class Slow(asyncio.Protocol):
    """An API that answers after 5 ms."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody calls."""
        self._transport: Any = transport
        self._parser = httptools.HttpRequestParser(self)

    def data_received(self, data: bytes) -> None:
        """Bytes of a request."""
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        """A whole request: answer it in 5 ms."""
        answer = _HEAD % len(_ANSWER) + _ANSWER
        asyncio.get_running_loop().call_later(0.005, self._transport.write, answer)


async def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--in-flight", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    psutil.Process().cpu_affinity([OTHER_CORE])
    server = await asyncio.get_running_loop().create_server(Slow, "127.0.0.1", 0)
    upstream = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    found: dict[str, list[tuple[float, float, float, float]]] = {"floor": [], "Recado": []}
    with tempfile.TemporaryDirectory(dir=HERE) as folder, contextlib.ExitStack() as stack:
        floor = stack.enter_context(_floor(Path(folder), upstream))
        recado, key = stack.enter_context(_recado(Path(folder)))
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
            api = f"{recado[0]}/api/v1"
            headers = {"authorization": f"Bearer {key}"}
            people = await _make_people(session, api, headers, upstream, options.in_flight)
            says = [(f"{api}/simulator/conversations/{person}/messages", headers) for person in people]
            plain: list[tuple[str, dict[str, str]]] = [
                (f"{floor[0]}/{number}", {}) for number in range(options.in_flight)
            ]
            for _ in range(options.rounds):
                found["floor"].append(await _load(session, plain, floor[1], options.seconds))
                found["Recado"].append(await _load(session, says, recado[1], options.seconds))
    server.close()
    _report(found, options.in_flight)


def _report(found: dict[str, list[tuple[float, float, float, float]]], in_flight: int) -> None:
    print(f"| what, {in_flight} in flight | CPU ms a turn | turns/s | p50 ms | p99 ms |\n|---|---:|---:|---:|---:|")
    medians = {}
    for name, rounds in found.items():
        row = [sorted(figures)[len(figures) // 2] for figures in zip(*rounds, strict=True)]
        medians[name] = row[0]
        print(f"| {name} | {row[0]:.2f} | {row[1]:.0f} | {row[2]:.0f} | {row[3]:.0f} |")
    print(f"\nCPU against the floor: {medians['Recado'] / medians['floor']:.2f}")


async def _load(
    session: aiohttp.ClientSession, says: Sequence[tuple[str, dict[str, str]]], process: psutil.Process, seconds: float
) -> tuple[float, float, float, float]:
    """CPU ms a turn, turns a second, and the median and 99th percentile of their times."""
    times: list[float] = []
    is_over = False

    async def talk(url: str, headers: dict[str, str]) -> None:
        while not is_over:
            begun = time.perf_counter()
            async with session.post(url, json={"text": "0123456789"}, headers=headers) as answer:
                told = await answer.read()
                assert answer.status == 200, told
            times.append(time.perf_counter() - begun)

    tasks = [asyncio.create_task(talk(*one)) for one in says]
    await asyncio.sleep(1)
    times.clear()
    before, begun = sum(process.cpu_times()[:2]), time.perf_counter()
    await asyncio.sleep(seconds)
    cpu, took, count = sum(process.cpu_times()[:2]) - before, time.perf_counter() - begun, len(times)
    is_over = True
    await asyncio.gather(*tasks)
    ordered = sorted(times[:count])
    return cpu / count * 1000, count / took, ordered[count // 2] * 1000, ordered[count * 99 // 100] * 1000


@contextlib.contextmanager
def _floor(folder: Path, upstream: str) -> Iterator[tuple[str, psutil.Process]]:
    port = free_port()
    command = [sys.executable, str(HERE / "turns_floor.py"), str(port), upstream, str(folder / "floor.db")]
    with started(command, SUBJECT_CORE) as process:
        time.sleep(2)
        yield f"http://127.0.0.1:{port}", psutil.Process(process.pid)


@contextlib.contextmanager
def _recado(folder: Path) -> Iterator[tuple[tuple[str, psutil.Process], str]]:
    port = free_port()
    settings = load({}, data_dir=folder / "recado", port=port)
    database = Database(settings)
    database.migrate()
    workspace_id = new_id("wsp")
    with database.begin() as connection:
        connection.execute(workspaces.insert().values(id=workspace_id, name="Bench", created_at=utc_now()))
        _, key = accounts.create_api_key(connection, accounts.system_caller(workspace_id), "bench", "owner")
    database.close()
    environ = {
        **os.environ,
        "RECADO_DATA_DIR": str(folder / "recado"),
        "RECADO_PORT": str(port),
        "RECADO_EGRESS_ALLOW": "127.0.0.0/8",
        "RECADO_EXAMPLE_PORT": "0",
        "RECADO_LOG_LEVEL": "error",
    }
    with started([sys.executable, "-m", "recado", "serve"], SUBJECT_CORE, env=environ) as process:
        wait_for(f"http://127.0.0.1:{port}/health")
        yield (f"http://127.0.0.1:{port}", psutil.Process(process.pid)), key


async def _make_people(
    session: aiohttp.ClientSession, api: str, headers: dict[str, str], upstream: str, count: int
) -> list[str]:
    async def make(path: str, body: dict[str, Any]) -> str:
        async with session.post(f"{api}{path}", json=body, headers=headers) as answer:
            told = await answer.json()
            assert answer.status == 201, told
            return str(told["id"])

    integration = await make("/integrations", {"name": "Upstream"})
    action = await make(
        f"/integrations/{integration}/actions",
        {
            "name": "Send",
            "inputs": [{"key": "token", "name": "Token", "type": "string", "required": True}],
            "request": {
                "method": "POST",
                "endpoint": upstream,
                "body": {"type": "form", "fields": [{"key": "token", "value": "{{inputs.token}}"}]},
            },
            "outputs": [{"key": "id", "name": "Id", "type": "string", "required": True}],
        },
    )
    ask = {"id": "ask", "type": "question", "answer": "word", "text": "{{outputs.sent.id}}", "edges": {"next": "call"}}
    call = {
        "id": "call", "type": "custom_integration", "key": "sent", "integration_id": integration, "action_id": action,
        "inputs": {"token": "{{answers.word}}"}, "edges": {"success": "ask", "failed": "ask"},
    }  # fmt: skip
    flow = await make("/flows", {"name": "Bench", "definition": {"start": "ask", "blocks": [ask, call]}})
    return [await make("/simulator/conversations", {"flow_id": flow}) for _ in range(count)]


if __name__ == "__main__":
    asyncio.run(main())
