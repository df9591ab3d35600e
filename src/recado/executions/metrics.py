"""What `/metrics` tells of executions, in Prometheus's words."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from typing import Final

from recado.web.exposition import Metric, Sample

_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class Metrics:
    """Counted in plain numbers on the loop, put into Prometheus's shape when it asks."""

    def __init__(self) -> None:
        self._executions: Counter[tuple[str, str]] = Counter()
        self._buckets = [0] * (len(_SECONDS) + 1)
        self._total_seconds = 0.0
        self.heads_known = 0
        """Runs whose head had come before over their connection, so that it was not parsed again."""

    def executed(self, kind: str, outcome: str, total_ms: float) -> None:
        """Count one execution."""
        self._executions[kind, outcome] += 1
        seconds = total_ms / 1000
        self._buckets[bisect_left(_SECONDS, seconds)] += 1
        self._total_seconds += seconds

    def collect(self) -> Iterator[Metric]:
        """The counter and the histogram as they stand."""
        executions = [
            Sample("", {"kind": kind, "outcome": outcome}, count)
            for (kind, outcome), count in sorted(self._executions.items())
        ]
        yield Metric("recado_executions_total", "counter", "Executions by kind and outcome.", executions)
        about = "Runs whose head had come before over the same connection, byte for byte: it was not parsed again."
        yield Metric("recado_known_heads_total", "counter", about, [Sample("", {}, self.heads_known)])
        about = "How long the API took, all attempts together."
        yield Metric("recado_call_seconds", "histogram", about, [*self._cumulated()])

    def _cumulated(self) -> Iterator[Sample]:
        total = 0
        for bound, count in zip((*map(str, _SECONDS), "+Inf"), self._buckets, strict=True):
            total += count
            yield Sample("_bucket", {"le": bound}, total)
        yield Sample("_count", {}, total)
        yield Sample("_sum", {}, self._total_seconds)
