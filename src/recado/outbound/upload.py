"""A file that is part of a request: what it is called, how large it is, and its content piece by piece."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Upload:
    """Read anew for each time that the request is sent; never whole in memory."""

    filename: str
    content_type: str
    size: int
    """Bytes."""
    read: Callable[[], AsyncGenerator[bytes]]
