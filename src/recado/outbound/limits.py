"""How much of an answer is taken, how long a connection may take, and how many are kept."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one transport; bytes, counts and seconds."""

    max_body_bytes: int = 1024 * 1024
    """The body, both as it arrives and after decompression."""
    max_head_bytes: int = 32 * 1024
    """All header lines of one answer together, those of interim answers among them."""
    max_headers: int = 100
    max_header_line: int = 8190
    max_interim: int = 20
    """Interim answers (1xx) before the real one; a server sends one or two."""
    connect_seconds: float = 3.0
    """Dialling all addresses, the proxy's part and TLS together."""
    max_addresses: int = 4
    idle_seconds: float = 4.0
    """Below the 5 s after which Apache, Node and uvicorn hang up: a request sent into that moment has an unknown end."""
    max_idle_per_host: int = 512
    max_idle: int = 1024

    @property
    def max_framing_bytes(self) -> int:
        """What one answer may spend on heads, chunk lines and trailers: room for 200 KiB in one-byte chunks."""
        return self.max_body_bytes + 2 * self.max_head_bytes


def size_text(size: int) -> str:
    """A number of bytes for people: `1 MiB`, `32 KiB`, `100 bytes`."""
    for unit, name in ((1024 * 1024, "MiB"), (1024, "KiB")):
        if size >= unit and size % unit == 0:
            return f"{size // unit} {name}"
    return f"{size} bytes"
