"""A response as we keep it: status, headers, body, timing and what was sent to get it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec


class Timing(msgspec.Struct):
    """How long each part took, in milliseconds; None where the part did not happen (a pooled connection has no dial).

    The parts follow one another: `first_byte_ms` counts from the sending, and what is left of the total is the body.
    """

    dns_ms: float | None = None
    connect_ms: float | None = None
    tls_ms: float | None = None
    first_byte_ms: float | None = None
    total_ms: float = 0.0


class Response(msgspec.Struct):
    """One answer, its body decoded (gzip, deflate) and within the limits.

    `headers` keep the order, case and repetition they came with; bytes outside ASCII are read as Latin-1.
    """

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    timing: Timing
    is_connection_reused: bool = False

    def header(self, name: str) -> str | None:
        """The first header of this name, any case; None when absent."""
        return first_header(self.headers, name.lower())


def first_header(headers: Sequence[tuple[str, str]], name: str) -> str | None:
    """The value of the first header of this lower-case name; None when absent."""
    size = len(name)  # asked first, it spares four of five names their lower()
    for key, value in headers:
        if len(key) == size and key.lower() == name:
            return value
    return None
