"""Makes the ids: a prefix naming the kind and 26 characters that sort by time (48 bits of milliseconds, 80 random bits)."""

from __future__ import annotations

import datetime as dt
import os
import re
import time
from typing import Final, Literal

Prefix = Literal["wsp", "usr", "ses", "key", "int", "fld", "crd", "act", "exe", "prc", "req", "evt"]

_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS: Final = tuple(a + b for a in _ALPHABET for b in _ALPHABET)
_SHAPE: Final = re.compile(r"[a-z]{3}_[0-9a-hjkmnp-tv-z]{26}")


def new_id(prefix: Prefix) -> str:
    """A new id such as `exe_01k…`; later ids sort after earlier ones to the millisecond."""
    return _spell(prefix, (time.time_ns() // 1_000_000 << 80) | int.from_bytes(os.urandom(10)))


def _spell(prefix: Prefix, number: int) -> str:
    pairs = _PAIRS
    return (
        f"{prefix}_{pairs[number >> 120 & 1023]}{pairs[number >> 110 & 1023]}{pairs[number >> 100 & 1023]}"
        f"{pairs[number >> 90 & 1023]}{pairs[number >> 80 & 1023]}{pairs[number >> 70 & 1023]}"
        f"{pairs[number >> 60 & 1023]}{pairs[number >> 50 & 1023]}{pairs[number >> 40 & 1023]}"
        f"{pairs[number >> 30 & 1023]}{pairs[number >> 20 & 1023]}{pairs[number >> 10 & 1023]}{pairs[number & 1023]}"
    )


def is_id(text: str, prefix: Prefix) -> bool:
    """Whether `text` has the shape of an id of this kind."""
    return text.startswith(f"{prefix}_") and _SHAPE.fullmatch(text) is not None


def id_at(prefix: Prefix, moment: dt.datetime) -> str:
    """The least id of this kind that can be made at `moment`; ids compare as times do."""
    return _spell(prefix, max(int(moment.timestamp() * 1000), 0) << 80)
