"""Makes the ids: a prefix naming the kind and 26 characters that sort by time (48 bits of milliseconds, 80 random bits)."""

from __future__ import annotations

import datetime as dt
import os
import re
import time
from functools import lru_cache
from typing import Final, Literal

Prefix = Literal[
    "wsp",
    "usr",
    "ses",
    "key",
    "int",
    "fld",
    "crd",
    "act",
    "exe",
    "prc",
    "req",
    "evt",
    "flw",
    "flv",
    "cnv",
    "msg",
    "chn",
    "cnt",
    "dlv",
    "frm",
    "hok",
    "med",
    "bat",
]

_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS: Final = tuple(a + b for a in _ALPHABET for b in _ALPHABET)
_SHAPE: Final = re.compile(r"[a-z]{3}_[0-9a-hjkmnp-tv-z]{26}")
_DIGIT_OF: Final = _ALPHABET.encode() * 8
_TAIL_DIGITS: Final = 16
_LEAST_TAIL: Final = "0" * _TAIL_DIGITS
_tails: list[str] = []  # random endings made ahead, 256 for one system call; `pop` is atomic, so threads may share them


def new_id(prefix: Prefix) -> str:
    """A new id such as `exe_01k…`; later ids sort after earlier ones to the millisecond."""
    try:
        tail = _tails.pop()
    except IndexError:
        _tails.extend(_make_tails())
        tail = _tails.pop()
    return f"{prefix}_{_spell(time.time_ns() // 1_000_000)}{tail}"


def id_at(prefix: Prefix, moment: dt.datetime) -> str:
    """The least id of this kind that can be made at `moment`; ids compare as times do."""
    return f"{prefix}_{_spell(max(int(moment.timestamp() * 1000), 0))}{_LEAST_TAIL}"


def moment_of(some_id: str) -> dt.datetime:
    """When an id was made, to the millisecond; the inverse of `id_at`."""
    milliseconds = 0
    for digit in some_id[4:14]:
        milliseconds = milliseconds * 32 + _ALPHABET.index(digit)
    return dt.datetime.fromtimestamp(milliseconds / 1000, dt.UTC)


def is_id(text: str, prefix: Prefix) -> bool:
    """Whether `text` has the shape of an id of this kind."""
    return text.startswith(f"{prefix}_") and _SHAPE.fullmatch(text) is not None


@lru_cache(maxsize=8)
def _spell(milliseconds: int) -> str:
    """The time part, five pairs of ten bits; the same for all ids of a millisecond."""
    return "".join(_PAIRS[milliseconds >> shift & 1023] for shift in range(40, -1, -10))


def _make_tails() -> list[str]:
    digits = os.urandom(_TAIL_DIGITS * 256).translate(_DIGIT_OF).decode()  # five bits of each byte
    return [digits[at : at + _TAIL_DIGITS] for at in range(0, len(digits), _TAIL_DIGITS)]
