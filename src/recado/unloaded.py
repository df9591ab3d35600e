"""Keeps out of a server's memory what its libraries load for no other reason than that it is installed."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from typing import Final, cast

_EXTRAS: Final = (
    "rich",  # 4.3 MB: structlog draws tracebacks with it; ours are JSON, or plain
    "pygments",  # 4.4 MB: Mako colours error pages of templates with it
    "pydantic",  # 8 MB: Litestar would understand its models; we have none
    "attr",  # 1 MB: the same
    "attrs",
)


@contextlib.contextmanager
def without_extras() -> Iterator[None]:
    """Have the libraries imported meanwhile find that these are not installed, as they are made for.

    A name that stands for None in `sys.modules` cannot be imported (docs.python.org, "The module cache"). Afterwards,
    who really wants one of them gets it.
    """
    absent = [name for name in _EXTRAS if name not in sys.modules]
    cache = cast("dict[str, object]", sys.modules)
    cache.update(dict.fromkeys(absent))
    try:
        yield
    finally:
        for name in absent:
            del cache[name]
