"""The values that a conversation keeps: plain JSON in its state, converted to a type where one is asked for."""

from __future__ import annotations

import contextlib
import datetime as dt
import math
from decimal import Decimal
from typing import Any, Final

import msgspec

from recado.actions.outputs import OutputFieldType
from recado.actions.paths import MISSING
from recado.errors import InputTooLong, InputType
from recado.fields import check_value, encode_value, parse_moment, write_decimal

_MAX_DEPTH: Final = 64
_JSON: Final = msgspec.json.Decoder(float_hook=Decimal)


def to_plain(value: Any, depth: int = 0) -> Any:
    """A value as the state keeps it: numbers with a fraction and times as text, so that JSON gives back the same."""
    if isinstance(value, str):
        return storable(value)
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, Decimal):
        return write_decimal(value)
    if isinstance(value, float):
        return write_decimal(Decimal(repr(value))) if math.isfinite(value) else None
    if isinstance(value, dt.datetime):
        return encode_value(value)
    if depth >= _MAX_DEPTH:
        return None
    if isinstance(value, dict):
        return {storable(str(key)): to_plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_plain(item, depth + 1) for item in value]
    return storable(str(value))


def storable(text: str) -> str:
    """The text without what no database keeps: NUL, and halves of surrogate pairs."""
    if "\0" in text:
        text = text.replace("\0", "")
    if not text.isascii():
        text = text.encode(errors="replace").decode()
    return text


def convert(raw: Any, type: OutputFieldType, zone: dt.tzinfo) -> Any:  # noqa: A002  # as in fields.check_value
    """A value in its type, as the state keeps it, or MISSING where it cannot be one; read as for a person in a chat."""
    if raw is MISSING or raw is None:
        return MISSING
    if type == "json":
        return _to_json(raw)
    if isinstance(raw, (dict, list)):
        return text_of(raw) if type == "string" else MISSING
    if type == "string" and isinstance(raw, (bool, float)):
        return text_of(raw)
    try:
        return to_plain(check_value("value", type, raw, is_lenient=True, zone=zone))
    except (InputType, InputTooLong):
        return MISSING


def text_of(value: Any) -> str:
    """A kept value as text: true/false, digits, JSON for what has parts."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, Decimal)):
        return encode_value(value)
    if value is None or value is MISSING:
        return ""
    return msgspec.json.encode(value).decode()


def size_of(value: Any) -> int:
    """How many bytes a kept value, or anything made of them, takes as JSON."""
    return len(msgspec.json.encode(value))


def number_of(value: Any) -> Decimal | None:
    """The number a kept value stands for, None when it is none."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float, Decimal)):
        return None
    try:
        found = check_value("value", "number", value, is_lenient=True)
    except (InputType, InputTooLong):
        return None
    return found if isinstance(found, Decimal) else None


def moment_of(value: Any, zone: dt.tzinfo) -> dt.datetime | None:
    """The instant a kept value stands for, None when it is none."""
    moment = parse_moment(value.strip(), zone) if isinstance(value, str) else None
    return None if moment is None else moment.at()


def _to_json(raw: Any) -> Any:
    if isinstance(raw, str) and raw.lstrip()[:1] in {"{", "["}:
        with contextlib.suppress(msgspec.DecodeError, RecursionError, ArithmeticError):
            return to_plain(_JSON.decode(raw))
    return to_plain(raw)
