"""One bare call after another inside one process: aiohttp's and our own transport's, CPU measured by the process itself.

aiohttp is measured twice: on uvloop, which is what the goal is set against, and on asyncio's own loop, as its pages run it.
Run by `bench/run.py`: python bench/clients.py NAME URL IN_FLIGHT CALLS; prints one JSON line.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from collections.abc import Awaitable, Callable

import uvloop

BODY = b"kind=test&token=tok_0123456789"
HEADERS = {"content-type": "application/x-www-form-urlencoded", "api-key": "bench-key-0123456789"}
Call = Callable[[], Awaitable[None]]


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


async def _measure(call: Call, in_flight: int, calls: int) -> dict[str, float]:
    latencies: list[float] = []

    async def work(count: int) -> None:
        for _ in range(count):
            started = time.perf_counter()
            await call()
            latencies.append(time.perf_counter() - started)

    await asyncio.gather(*(work(20) for _ in range(in_flight)))  # connections and code are warm
    latencies.clear()
    cpu, started = _cpu(), time.perf_counter()
    await asyncio.gather(*(work(calls // in_flight) for _ in range(in_flight)))
    cpu, elapsed = _cpu() - cpu, time.perf_counter() - started
    latencies.sort()
    count = len(latencies)
    return {
        "cpu_us": cpu / count * 1e6,
        "rate": count / elapsed,
        "p50_ms": latencies[count // 2] * 1000,
        "p99_ms": latencies[count * 99 // 100] * 1000,
        "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


async def run_aiohttp(url: str, in_flight: int, calls: int) -> dict[str, float]:
    """A POST and its whole body, the way aiohttp's documentation shows."""
    import aiohttp  # noqa: PLC0415  # only this client's process pays for it

    connector = aiohttp.TCPConnector(limit=in_flight)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def call() -> None:
            async with session.post(url, data=BODY, headers=HEADERS) as answer:
                body = await answer.read()
                assert answer.status == 200
                assert body

        return await _measure(call, in_flight, calls)


async def run_transport(url: str, in_flight: int, calls: int) -> dict[str, float]:
    """The same POST through our transport, address policy on."""
    from recado.outbound.policy import EgressPolicy  # noqa: PLC0415  # the same
    from recado.outbound.resolver import Resolver  # noqa: PLC0415  # the same
    from recado.outbound.transport import Transport  # noqa: PLC0415  # the same
    from recado.outbound.url import parse_url  # noqa: PLC0415  # the same
    from recado.outbound.wire import WireRequest  # noqa: PLC0415  # the same

    where = parse_url(url)
    lines = {"Host": where.authority, **HEADERS, "accept-encoding": "gzip, deflate", "content-length": str(len(BODY))}
    headers = "".join(f"{name}: {value}\r\n" for name, value in lines.items()).encode()
    request = WireRequest("POST", where, where.target.encode(), headers, BODY)
    resolver = Resolver()
    transport = Transport(EgressPolicy(["127.0.0.0/8"]), resolver)
    now = asyncio.get_running_loop().time

    async def call() -> None:
        answer = await transport.send(request, deadline=now() + 10)
        assert answer.status == 200
        assert answer.body

    try:
        return await _measure(call, in_flight, calls)
    finally:
        await transport.close()
        resolver.close()


if __name__ == "__main__":
    name, url, in_flight, calls = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    run, measured = {
        "aiohttp": (uvloop.run, run_aiohttp),
        "aiohttp-asyncio": (asyncio.run, run_aiohttp),
        "transport": (uvloop.run, run_transport),
    }[name]
    print(json.dumps(run(measured(url, in_flight, calls))))
