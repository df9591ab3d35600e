"""All that a running process holds in its memory, for tests that look for what must not be there."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

from servers.process import RecadoProcess


def memory_of(process: RecadoProcess) -> dict[str, bytes]:
    """Every readable region of a process, which stands still meanwhile."""
    found: dict[str, bytes] = {}
    os.kill(process.pid, signal.SIGSTOP)
    try:
        about = Path(f"/proc/{process.pid}")
        with (about / "maps").open() as maps, (about / "mem").open("rb", 0) as memory:
            for line in maps:
                place, mode = line.split()[:2]
                if not mode.startswith("r") or line.rstrip().endswith(("[vvar]", "[vvar_vclock]", "[vsyscall]")):
                    continue
                begin, end = (int(part, 16) for part in place.split("-"))
                memory.seek(begin)
                found[line.strip()] = _read(memory, end - begin)
    finally:
        os.kill(process.pid, signal.SIGCONT)
    assert sum(map(len, found.values())) > 30_000_000, "most of it was read"
    return found


def _read(memory: Any, size: int) -> bytes:
    """One region, which the kernel gives in pieces."""
    pieces = []
    while size > 0 and (piece := memory.read(min(size, 1 << 30))):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)
