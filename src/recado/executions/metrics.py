"""What `/metrics` tells of executions, in Prometheus's words."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from typing import Final

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class Metrics(Collector):
    """Counted in plain numbers on the loop and put into Prometheus's shape when asked for: a tenth of its own counters' cost."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._executions: Counter[tuple[str, str]] = Counter()
        self._buckets = [0] * (len(_SECONDS) + 1)
        self._total_seconds = 0.0
        registry.register(self)

    def executed(self, kind: str, outcome: str, total_ms: float) -> None:
        """Count one execution."""
        self._executions[kind, outcome] += 1
        seconds = total_ms / 1000
        self._buckets[bisect_left(_SECONDS, seconds)] += 1
        self._total_seconds += seconds

    def collect(self) -> Iterator[Metric]:
        """The counter and the histogram as they stand."""
        executions = CounterMetricFamily(
            "recado_executions", "Executions by kind and outcome.", labels=["kind", "outcome"]
        )
        for labels, count in sorted(self._executions.items()):
            executions.add_metric(labels, count)
        yield executions
        seconds = HistogramMetricFamily("recado_call_seconds", "How long the API took, all attempts together.")
        seconds.add_metric([], self._cumulated(), self._total_seconds)
        yield seconds

    def _cumulated(self) -> list[tuple[str, float]]:
        total, found = 0, []
        for bound, count in zip((*_SECONDS, float("inf")), self._buckets, strict=True):
            total += count
            found.append(("+Inf" if bound == float("inf") else str(bound), float(total)))
        return found
