"""Delivers to a channel's webhook as Meta does, at a steady pace whatever comes back, and tells how soon it was answered 200.

    python bench/webhooks.py [--rate 200] [--seconds 10] [--disk FOLDER] [--only sqlite,postgresql] [--dry]

A quarter of the deliveries are messages, which a flow takes, and the rest are statuses, as of four messages that go out for one
that comes in. The server has one core, load and database share the other, as in `run.py`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import hashlib
import hmac
import itertools
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

import aiohttp

from subjects import HERE, OTHER_CORE, Subject, postgresql, recado

SECRET = b"bench-app-secret"
NUMBER = "106540352242922"
PEOPLE = 400
MOST_SECONDS = 60.0
_MARKS = ("<!-- webhooks -->", "<!-- /webhooks -->")


def main() -> int:
    """Measure, print, and keep the figures."""
    options = _options()
    os.sched_setaffinity(0, {OTHER_CORE})
    lines = [
        f"{options.rate:g} deliveries a second for {options.seconds:g} s.",
        "",
        "| database | answered | p50 ms | p99 ms | slowest ms | CPU µs a delivery | database's CPU µs | taken in after s |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    folder = Path(tempfile.mkdtemp(prefix="recado-bench-", dir=options.disk))
    folder.chmod(0o755)
    try:
        for kind in options.only.split(","):
            with contextlib.ExitStack() as stack:
                database = stack.enter_context(postgresql(folder)) if kind == "postgresql" else ("", None)
                subject = stack.enter_context(recado(folder, "http://127.0.0.1:18999/", *database))
                lines.append(asyncio.run(_measure(subject, options)))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print("\n".join(lines))
    if not options.dry:
        _keep("\n".join(lines))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=200.0)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--of", type=int, default=4, help="every how many a message comes")
    parser.add_argument("--disk", default=str(HERE), help="where the databases lie while it runs")
    parser.add_argument("--only", default="sqlite,postgresql", help="databases, comma-separated")
    parser.add_argument("--dry", action="store_true", help="leave bench/README.md as it is")
    return parser.parse_args()


async def _measure(subject: Subject, options: argparse.Namespace) -> str:
    root = subject.target.url.partition("/api/")[0]
    path = _define(root, subject.target.headers)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=256)) as session:
        deliver = _Deliveries(session, root + path, options.of)
        await deliver.at(options.rate, 1.0)  # connections, caches
        deliver.seconds.clear()
        cpu, beside = subject.cpu(), subject.cpu_beside()
        await deliver.at(options.rate, options.seconds)
        ended = time.monotonic()
        while (  # noqa: ASYNC110  # the server tells nobody
            time.monotonic() - ended < MOST_SECONDS and _open_talks(root, subject.target.headers) < deliver.people_met
        ):
            await asyncio.sleep(0.05)
        after = time.monotonic() - ended
    count = len(deliver.seconds)
    spent, spent_beside = (subject.cpu() - cpu) / count * 1e6, (subject.cpu_beside() - beside) / count * 1e6
    ms = sorted(1000 * seconds for seconds in deliver.seconds)
    p50, p99 = statistics.median(ms), ms[int(len(ms) * 0.99)]
    name = subject.name.partition(", ")[2]
    return f"| {name} | {count:,} | {p50:.1f} | {p99:.1f} | {ms[-1]:.1f} | {spent:.0f} | {spent_beside:.0f} | {after:.1f} |"


class _Deliveries:
    """What is delivered: each a message of one of some hundred people, or a status."""

    def __init__(self, session: aiohttp.ClientSession, url: str, of: int) -> None:
        self._session, self._url, self._of = session, url, of
        self._numbers = itertools.count()
        self.seconds: list[float] = []
        self.people_met = 0

    async def at(self, rate: float, seconds: float) -> None:
        """At this pace, whether or not those before are answered."""
        begun, works = time.perf_counter(), []
        for number in range(int(rate * seconds)):
            await asyncio.sleep(max(begun + number / rate - time.perf_counter(), 0))
            works.append(asyncio.create_task(self._deliver(self._make(next(self._numbers)))))
        await asyncio.gather(*works)

    async def _deliver(self, body: bytes) -> None:
        signature = "sha256=" + hmac.new(SECRET, body, hashlib.sha256).hexdigest()
        headers = {"content-type": "application/json", "x-hub-signature-256": signature}
        begun = time.perf_counter()
        async with self._session.post(self._url, data=body, headers=headers) as answer:
            await answer.read()
            assert answer.status == 200, answer.status
        self.seconds.append(time.perf_counter() - begun)

    def _make(self, number: int) -> bytes:
        at, value = (
            str(int(time.time())),
            {"metadata": {"display_phone_number": "15550100000", "phone_number_id": NUMBER}},
        )
        if number % self._of:
            status = {
                "id": f"wamid.OUT{number:08}",
                "status": "delivered",
                "timestamp": at,
                "recipient_id": "15550100001",
            }
            value["statuses"] = [status]  # type: ignore[assignment]  # JSON
        else:
            person = number // self._of % PEOPLE
            self.people_met = max(self.people_met, person + 1)
            phone, text = f"1555010{person:04}", {"body": f"message {number}"}
            message = {"id": f"wamid.IN{number:08}", "from": phone, "timestamp": at, "type": "text", "text": text}
            value["contacts"] = [{"profile": {"name": f"Person {person}"}, "wa_id": phone}]  # type: ignore[assignment]  # JSON
            value["messages"] = [message]  # type: ignore[assignment]  # JSON
        change = {"field": "messages", "value": value}
        return json.dumps({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}).encode()


def _ask(root: str, headers: dict[str, str], path: str, body: Any = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{root}/api/v1{path}", data, {**headers, "content-type": "application/json"})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as answer:
        return json.load(answer)


def _define(root: str, headers: dict[str, str]) -> str:
    """A flow that asks again and again, and a channel on which it begins; the path that Meta calls."""
    question = {"id": "ask", "type": "question", "answer": "word", "text": "Word?", "edges": {"next": "ask"}}
    definition = {"start": "ask", "blocks": [question]}
    flow = _ask(root, headers, "/flows", {"name": "Bench", "definition": definition})["id"]
    _ask(root, headers, f"/flows/{flow}/publish", {})
    settings = {
        "phone_number_id": NUMBER,
        "waba_id": "102290129340398",
        "starts": [{"kind": "any", "flow_id": flow}],
        "marks_read": False,
    }
    made = _ask(
        root, headers, "/channels", {"name": "Bench", "settings": settings, "secrets": {"app_secret": SECRET.decode()}}
    )
    return "/api/v1" + str(made["callback_url"]).partition("/api/v1")[2]


def _open_talks(root: str, headers: dict[str, str]) -> int:
    """How many conversations have begun."""
    return int(_ask(root, headers, "/channels")["items"][0]["counts"]["open_conversations"])


def _keep(report: str) -> None:
    page = HERE / "README.md"
    before, _, rest = page.read_text().partition(_MARKS[0])
    _, _, after = rest.partition(_MARKS[1])
    page.write_text(f"{before}{_MARKS[0]}\n\n{report}\n\n{_MARKS[1]}{after}")


if __name__ == "__main__":
    sys.exit(main())
