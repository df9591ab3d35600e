"""Reads JSON that others wrote: values of any form give a text, a number, an object or a list, or nothing."""

from __future__ import annotations

import json
import math
from typing import Any, Final

import msgspec

from recado.flows.values import storable

MAX_ID: Final = 256
"""Of Meta's ids; theirs have some 60 characters."""
_LATEST: Final = 2**33  # seconds since 1970: the year 2242
_decode: Final = msgspec.json.decode


def read_json(body: bytes) -> Any:
    """A body as Python values, without halves of surrogate pairs, NaN and infinity. Raises ValueError."""
    try:
        return _decode(body)
    except (ValueError, RecursionError):  # msgspec's errors are ValueErrors
        pass
    try:
        text = body.decode("utf-8-sig", "replace")
        return _clean(json.loads(text, strict=False, parse_constant=lambda _name: None))
    except RecursionError as problem:
        raise ValueError from problem


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode(errors="replace").decode()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {_clean(key): _clean(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_clean(item) for item in value]
    return value


def object_of(source: dict[str, Any], key: str) -> dict[str, Any]:
    """The object there; an empty one for anything else."""
    value = source.get(key)
    return value if type(value) is dict else {}


def objects_of(source: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """The objects of the list there; an object alone counts as a list of one."""
    value = source.get(key)
    if type(value) is list:
        return [item for item in value if type(item) is dict]
    return [value] if type(value) is dict else []


def text_of(source: dict[str, Any], key: str) -> str:
    """The text there, numbers as their digits; empty for anything else."""
    value = source.get(key)
    if type(value) is str:
        return storable(value)
    return str(value) if type(value) in {int, float} else ""


def id_of(source: dict[str, Any], key: str, limit: int = MAX_ID) -> str | None:
    """The id there; None for anything else, an empty one and one too long to be kept."""
    found = text_of(source, key)
    return found if found and len(found) <= limit else None


def whole_of(source: dict[str, Any], key: str) -> int | None:
    """The whole number there, or in the digits there."""
    value = source.get(key)
    if type(value) is str:
        value = value.strip()
        if not (value.isascii() and value.isdecimal() and len(value) <= 18):
            return None
        return int(value)
    if type(value) is float and value.is_integer() and abs(value) < 2**53:
        return int(value)
    return value if type(value) is int and abs(value) < 2**63 else None


def seconds_of(source: dict[str, Any], key: str) -> int | None:
    """The time there, in seconds since 1970, given as a number or as digits."""
    value = whole_of(source, key)
    return value if value is not None and 0 < value < _LATEST else None


def degrees_of(source: dict[str, Any], key: str, limit: int) -> float | None:
    """The degrees there, given as a number or as digits."""
    value = source.get(key)
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if -limit <= found <= limit else None
