"""How a process that stays looks for garbage: not among what it began with, and less often than Python would."""

from __future__ import annotations

import gc


def quieten() -> None:
    """What is loaded stays and is not walked again; a call makes few cycles, so the young are looked at less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 20, 50)
    gc.enable()
