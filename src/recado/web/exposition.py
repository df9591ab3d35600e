"""Figures in Prometheus's text format, and those of this process.

Ours, since the library for it takes 1.4 MB and keeps count with a lock where plain numbers do. The format is version
0.0.4 of prometheus.io/docs/instrumenting/exposition_formats.
"""

from __future__ import annotations

import os
import platform
import resource
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, Literal, NamedTuple

MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_STAT, _FILES = Path("/proc/self/stat"), Path("/proc/self/fd")
_STARTED_AT: Final = time.time() - time.process_time()


class Sample(NamedTuple):
    """One line: what is added to the metric's name, the labels (our own words, without quotes), the value."""

    suffix: str
    labels: Mapping[str, str]
    value: float


class Metric(NamedTuple):
    """A name, its kind, what it counts, and how it stands."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    about: str
    samples: list[Sample]


def gauge(name: str, about: str, value: float, **labels: str) -> Metric:
    """A metric that goes up and down."""
    return Metric(name, "gauge", about, [Sample("", labels, value)])


def counter(name: str, about: str, value: float) -> Metric:
    """A metric that only goes up; its name ends in _total."""
    return Metric(name, "counter", about, [Sample("", {}, value)])


def render(metrics: Iterable[Metric]) -> bytes:
    """The page that Prometheus reads."""
    lines: list[str] = []
    for metric in metrics:
        lines += [f"# HELP {metric.name} {metric.about}", f"# TYPE {metric.name} {metric.kind}"]
        for suffix, labels, value in metric.samples:
            told = ",".join(f'{key}="{word}"' for key, word in labels.items())
            lines.append(f"{metric.name}{suffix}{f'{{{told}}}' if told else ''} {value}")
    return ("\n".join(lines) + "\n").encode()


def describe_process() -> Iterator[Metric]:
    """The usual figures of a process, under their usual names; those of memory and files only where there is /proc."""
    yield gauge(
        "python_info", "The Python that runs.", 1,
        implementation=platform.python_implementation(), version=platform.python_version(),
    )  # fmt: skip
    yield counter("process_cpu_seconds_total", "User and system time, in seconds.", time.process_time())
    yield gauge("process_start_time_seconds", "When the process started, in seconds since 1970.", _STARTED_AT)
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    yield gauge("process_max_fds", "File descriptors it may have open.", most)
    if not _STAT.exists():
        return
    fields = _STAT.read_text().rpartition(")")[2].split()  # proc(5): from the third on, after the program's name
    pages = int(fields[21])
    yield gauge("process_virtual_memory_bytes", "Address space.", int(fields[20]))
    yield gauge("process_resident_memory_bytes", "Memory in use.", pages * os.sysconf("SC_PAGE_SIZE"))
    yield gauge("process_open_fds", "File descriptors it has open.", sum(1 for _ in _FILES.iterdir()))
