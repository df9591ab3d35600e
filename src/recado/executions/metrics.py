"""What `/metrics` tells of executions, in Prometheus's words."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class Metrics:
    """Counters and times of one process; children are kept, since looking one up by labels costs more than counting."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._executions = Counter(
            "recado_executions_total", "Executions by kind and outcome.", ["kind", "outcome"], registry=registry
        )
        self._seconds = Histogram(
            "recado_call_seconds", "How long the API took, all attempts together.", buckets=_SECONDS, registry=registry
        )
        self._children: dict[tuple[str, str], Counter] = {}

    def executed(self, kind: str, outcome: str, total_ms: float) -> None:
        """Count one execution."""
        child = self._children.get((kind, outcome))
        if child is None:
            child = self._children[kind, outcome] = self._executions.labels(kind, outcome)
        child.inc()
        self._seconds.observe(total_ms / 1000)
