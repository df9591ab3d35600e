"""How busy the machine is: by this a test stretches the time that something may take before it is wrong."""

from __future__ import annotations

from time import perf_counter, thread_time
from typing import Final

_WORK_SECONDS: Final = 0.05


def slowness() -> float:
    """How many times as long as on a quiet machine a piece of work takes just now; at least 1."""
    begun, worked = perf_counter(), thread_time()
    while thread_time() - worked < _WORK_SECONDS:
        pass
    return max(1.0, (perf_counter() - begun) / _WORK_SECONDS)
