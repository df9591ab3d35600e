"""A field: something with a key, a type and whether it must be there; and the check of one value against it."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from recado.errors import InputTooLong, InputType

FieldType = Literal["string", "integer", "number", "boolean", "datetime"]
Value = str | int | Decimal | bool | dt.datetime
"""A checked value: `str`, `int` (any size), `Decimal` (digits kept), `bool`, or an aware `datetime`."""

IDENTIFIER: Final = re.compile(r"[a-z](?:[a-z0-9_]{0,62}[a-z0-9])?")

TYPE_WORDS: Final[dict[str, str]] = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "datetime": "a date and time",
    "json": "an object or a list",
}
"""How a sentence names a type: 'Input "age" must be a whole number.'"""

MAX_STRING_BYTES: Final = 64 * 1024
MAX_DIGITS: Final = (
    4300  # what Python turns between digits and int in linear time (sys.int_info.default_max_str_digits)
)
MAX_FORMAT_CHARACTERS: Final = 64

_TOO_BIG: Final = 10**MAX_DIGITS
_INTEGER: Final = re.compile(r"-?[0-9]+")
_NUMBER: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,6})?")
_DECIMAL_COMMA: Final = re.compile(r"-?[0-9]+,(?:[0-9]{1,2}|[0-9]{4,})")  # 1,234 could be either, so it is refused
_TRUE: Final = frozenset({"true", "yes", "sí", "si", "sim", "1"})
_FALSE: Final = frozenset({"false", "no", "não", "nao", "0"})
_YEAR_FIRST: Final = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
    r"(?:[Tt ](?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]{1,18}))?)?"
    r"(?P<offset>[Zz]|[+-][0-9]{2}:[0-9]{2})?)?"
)
_DAY_FIRST: Final = re.compile(
    r"(?P<day>[0-9]{1,2})(?P<sep>[/.-])(?P<month>[0-9]{1,2})(?P=sep)(?P<year>[0-9]{4})"
    r"(?:,? (?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?)?"
)
_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_SECOND: Final = dt.timedelta(seconds=1)
_MILLISECOND: Final = dt.timedelta(milliseconds=1)
_NAMED_FORMATS: Final = frozenset({"rfc3339", "date", "epoch_seconds", "epoch_milliseconds"})
_PATTERN: Final = re.compile(r"(?:[^%\x00-\x1f\x7f\ud800-\udfff]|%[YymdHIMSfpzZjaAbB%])+")


class Moment(NamedTuple):
    """A point in time to any number of digits: an aware whole second, and the digits after its decimal point."""

    second: dt.datetime
    fraction: str = ""

    def at(self) -> dt.datetime:
        """The instant to the microsecond; further digits are cut off."""
        return self.second.replace(microsecond=int(self.fraction[:6].ljust(6, "0")))

    def text(self) -> str:
        """RFC 3339 with every digit, `Z` for UTC."""
        second = self.second
        if second.utcoffset() % dt.timedelta(minutes=1):  # type: ignore[operator]  # aware, so never None
            second = second.astimezone(dt.UTC)  # RFC 3339 has no seconds in an offset (local mean times of old)
        text = second.isoformat()
        offset = "Z" if text[19:] == "+00:00" else text[19:]
        return f"{text[:19]}.{self.fraction}{offset}" if self.fraction else text[:19] + offset


def is_identifier(text: str) -> bool:
    """The identifier rule of the glossary: `[a-z]`, then letters, digits, `_`, not ending in `_`; at most 64 characters."""
    return IDENTIFIER.fullmatch(text) is not None


def is_datetime_format(text: str) -> bool:
    """Whether `encode_value` knows this format: one of the four names, or a strftime pattern that reads the same everywhere."""
    if text in _NAMED_FORMATS:
        return True
    return "%" in text and len(text) <= MAX_FORMAT_CHARACTERS and _PATTERN.fullmatch(text) is not None


def check_value(
    key: str,
    type: FieldType,  # noqa: A002  # the glossary's word for it, and what callers write
    raw: object,
    *,
    is_lenient: bool = False,
    zone: dt.tzinfo = dt.UTC,
) -> Value:
    """The value of input `key`, checked and in its own type; times without an offset are read in `zone`.

    `is_lenient` is for what a person typed or an earlier output holds: blanks around it are dropped, `12,10` is a
    number, 1 and 0 are booleans, and any scalar becomes text. Raises InputType, InputTooLong.
    """
    if is_lenient and isinstance(raw, str) and type != "string":
        raw = raw.strip()
    value: Value | None
    match type:
        case "string":
            value = _check_string(key, raw, is_lenient=is_lenient)
        case "integer":
            value = _check_integer(key, raw)
        case "number":
            value = _check_number(key, raw, is_lenient=is_lenient)
        case "boolean":
            value = _check_boolean(raw, is_lenient=is_lenient)
        case "datetime":
            value = _check_datetime(raw, zone)
    if value is None:
        raise InputType(key=key, type=TYPE_WORDS[type])
    return value


def encode_value(value: Value, datetime_format: str | None = None) -> str:
    """A value as text for a URL, header or form: true/false, numbers with their digits, times as RFC 3339 or as asked.

    `datetime_format` is `rfc3339` (or None), `date`, `epoch_seconds`, `epoch_milliseconds` or a strftime pattern; it
    was checked with `is_datetime_format` when it was saved.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return write_decimal(value)
    return _write_datetime(value, datetime_format or "rfc3339")


def write_decimal(value: Decimal) -> str:
    """The digits of a number: `12.10` stays `12.10`, `0.0000001` is not turned into `1E-7`."""
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and -MAX_DIGITS <= exponent <= 0:
        return format(value, "f")
    return str(value)


def parse_moment(text: str, zone: dt.tzinfo = dt.UTC) -> Moment | None:
    """Read RFC 3339 and the local forms (`2026-11-22`, `2026-11-22 14:30`, `22/11/2026 14:30`, day first).

    A time without an offset is read in `zone`. None when the text is not a moment. RFC 3339 section 5.6; its leap
    second (`:60`) is not a moment here, since no clock of ours can show it.
    """
    found = _YEAR_FIRST.fullmatch(text) or _DAY_FIRST.fullmatch(text)
    if found is None:
        return None
    part = found.groupdict()
    offset = part.get("offset")
    try:
        second = dt.datetime(
            int(part["year"]),
            int(part["month"]),
            int(part["day"]),
            int(part["hour"] or 0),
            int(part["minute"] or 0),
            int(part["second"] or 0),
            tzinfo=_parse_offset(offset) if offset else zone,
        )
        second.astimezone(dt.UTC)  # refuses what falls off the calendar, as 0001-01-01T00:00:00+01:00
    except (ValueError, OverflowError):
        return None
    return Moment(second, part.get("fraction") or "")


def _parse_offset(text: str) -> dt.timezone:
    if text in "Zz":
        return dt.UTC
    hours, minutes = int(text[1:3]), int(text[4:6])
    if hours > 23 or minutes > 59:
        raise ValueError(text)
    offset = dt.timedelta(hours=hours, minutes=minutes)
    return dt.timezone(-offset if text[0] == "-" else offset)


def _check_string(key: str, raw: object, *, is_lenient: bool) -> str | None:
    if not isinstance(raw, str):
        if not is_lenient or not isinstance(raw, (int, Decimal, dt.datetime)):
            return None
        raw = encode_value(raw)
    if raw.isascii():
        size = len(raw)
    else:
        try:
            size = len(raw.encode())
        except UnicodeEncodeError:  # half of a surrogate pair is no character (RFC 3629 section 3)
            return None
    if size > MAX_STRING_BYTES:
        raise InputTooLong(key=key, limit="64 KiB")
    return None if "\0" in raw else raw


def _check_integer(key: str, raw: object) -> int | None:
    if isinstance(raw, bool):
        return None
    if isinstance(raw, str) and _INTEGER.fullmatch(raw):
        if len(raw) > MAX_DIGITS:
            raise InputTooLong(key=key, limit=f"{MAX_DIGITS} digits")
        return int(raw)
    if isinstance(raw, Decimal):
        raw = whole_of(raw)
    if not isinstance(raw, int):
        return None
    if not -_TOO_BIG < raw < _TOO_BIG:
        raise InputTooLong(key=key, limit=f"{MAX_DIGITS} digits")
    return raw


def whole_of(number: Decimal) -> int | None:
    """The integer a number is (`12.0` is 12); None where it has a fraction, is not finite, or has too many digits."""
    if not number.is_finite() or number.adjusted() >= MAX_DIGITS:
        return None
    if not number:
        return 0
    if number.adjusted() < 0:  # smaller than one; also keeps 1E-999999 from being worked out
        return None
    whole = int(number)
    return whole if whole == number else None


def _check_number(key: str, raw: object, *, is_lenient: bool) -> Decimal | None:
    if isinstance(raw, bool):
        return None
    if isinstance(raw, float):
        raw = Decimal(repr(raw))
    if isinstance(raw, int):
        whole = _check_integer(key, raw)
        return None if whole is None else Decimal(whole)
    if isinstance(raw, str):
        if is_lenient and _DECIMAL_COMMA.fullmatch(raw):
            raw = raw.replace(",", ".")
        if not _NUMBER.fullmatch(raw):
            return None
        raw = Decimal(raw)
    if not isinstance(raw, Decimal) or not raw.is_finite():
        return None
    if len(raw.as_tuple().digits) > MAX_DIGITS:
        raise InputTooLong(key=key, limit=f"{MAX_DIGITS} digits")
    return raw


def _check_boolean(raw: object, *, is_lenient: bool) -> bool | None:
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, int) and is_lenient:
        return {1: True, 0: False}.get(raw)
    if not isinstance(raw, str):
        return None
    word = unicodedata.normalize("NFC", raw[:16]).casefold()
    if word in _TRUE:
        return True
    return False if word in _FALSE else None


def _check_datetime(raw: object, zone: dt.tzinfo) -> dt.datetime | None:
    if isinstance(raw, dt.datetime):
        return raw if raw.utcoffset() is not None else raw.replace(tzinfo=zone)
    if not isinstance(raw, str):
        return None
    moment = parse_moment(raw, zone)
    return None if moment is None else moment.at()


def _write_datetime(value: dt.datetime, datetime_format: str) -> str:
    match datetime_format:
        case "rfc3339":
            fraction = f"{value.microsecond:06d}" if value.microsecond else ""
            return Moment(value.replace(microsecond=0), fraction).text()
        case "date":
            return value.date().isoformat()
        case "epoch_seconds":
            return str((value - _EPOCH) // _SECOND)
        case "epoch_milliseconds":
            return str((value - _EPOCH) // _MILLISECOND)
        case _:
            return value.strftime(datetime_format)
