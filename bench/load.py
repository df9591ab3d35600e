"""Puts a load on a server with wrk and reads back rate, latency and how many answers were not 200."""

from __future__ import annotations

import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

_SCRIPT = """
wrk.method = "POST"
wrk.body = '{body}'
wrk.headers["content-type"] = "application/json"
{headers}
function done(summary, latency, requests)
  io.write(string.format("RESULT %d %d %d %d %d\\n", summary.requests, summary.errors.status,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
"""


@dataclass(frozen=True)
class Target:
    """What is asked: an address, a body and headers."""

    url: str
    body: str
    headers: dict[str, str]


@dataclass(frozen=True)
class Measured:
    """One run of load: answers, rate a second, latencies in milliseconds."""

    requests: int
    rate: float
    p50_ms: float
    p99_ms: float


def put_load(target: Target, in_flight: int, seconds: float, core: int) -> Measured:
    """`in_flight` connections for `seconds`, from `core`. Raises when an answer was not 200 or a connection broke."""
    headers = "\n".join(f'wrk.headers["{name}"] = "{value}"' for name, value in target.headers.items())
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "load.lua"
        script.write_text(_SCRIPT.format(body=target.body, headers=headers))
        command = ["taskset", "-c", str(core), "wrk", "-t1", f"-c{in_flight}", f"-d{seconds:g}s", "--timeout", "30s"]
        told = subprocess.run(
            [*command, "-s", str(script), target.url], capture_output=True, text=True, check=True
        ).stdout
    found = re.search(r"RESULT (\d+) (\d+) (\d+) (\d+) (\d+)", told)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    assert found, told
    assert rate, told
    requests, refused, broken, p50, p99 = map(int, found.groups())
    if refused or broken:
        raise RuntimeError(f"{target.url}: {refused} answers were not 2xx, {broken} connections broke")
    return Measured(requests, float(rate[1]), p50 / 1000, p99 / 1000)
