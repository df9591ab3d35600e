"""Reads what a person sent as an answer of one type, and holds it to the checks of its question."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any, Final, NamedTuple

from recado.errors import InputTooLong, InputType
from recado.fields import check_value
from recado.flows.clock import in_24_hours
from recado.flows.definition import AnswerType, Checks
from recado.flows.events import Incoming, Media
from recado.flows.limits import length_of
from recado.flows.matching import fold
from recado.flows.texts import NO_WORDS, YES_WORDS
from recado.flows.turn import Turn, write_moment
from recado.flows.values import moment_of, number_of, storable, to_plain
from recado.ids import is_id
from recado.media.definition import path_of

_EMAIL: Final = re.compile(r"[^\s@<>\"',;:()]{1,64}@(?:[^\s@<>\"',;:()./]{1,63}\.){1,8}[^\s@<>\"',;:()./\d]{2,63}")
_PHONE_MARKS: Final = re.compile(r"[ \t().\-\u00a0\u2010-\u2015]")
_PHONE: Final = re.compile(r"\+?[0-9]{7,15}")


class Read(NamedTuple):
    """An answer as the conversation keeps it."""

    value: Any


class Refused(NamedTuple):
    """Why something is no answer: a key of the `retry` texts, and the bound it broke."""

    reason: str
    limit: str = ""


def read_answer(turn: Turn, expects: AnswerType, checks: Checks, message: Incoming) -> Read | Refused:
    """The answer that a message is, for every type but the two that are chosen from a list."""
    if expects == "file":
        return _read_file(checks, message.media)
    if expects == "location":
        return _read_location(message)
    if message.text is None or not message.text.strip():
        return Refused(expects)
    text = message.text.strip()
    match expects:
        case "number" | "integer":
            return _read_number(turn, expects, checks, text)
        case "datetime":
            return _read_datetime(turn, checks, text)
        case "email":
            return Read(storable(text)) if len(text) <= 254 and _EMAIL.fullmatch(text) else Refused("email")
        case "phone":
            return _read_phone(text)
        case _:
            return _read_text(turn, checks, text)


def read_yes_or_no(text: str) -> bool | None:
    """Yes or no, in any of the languages; None for anything else."""
    word = fold(text)
    if word in YES_WORDS or word == "1":
        return True
    return False if word in NO_WORDS or word == "0" else None


def _read_text(_turn: Turn, checks: Checks, text: str) -> Read | Refused:
    size = length_of(text)
    if checks.min_length is not None and size < checks.min_length:
        return Refused("too_short", str(checks.min_length))
    if checks.max_length is not None and size > checks.max_length:
        return Refused("too_long", str(checks.max_length))
    return Read(storable(text))


def _read_number(turn: Turn, expects: AnswerType, checks: Checks, text: str) -> Read | Refused:
    try:
        value = check_value("answer", "integer" if expects == "integer" else "number", text, is_lenient=True)
    except (InputType, InputTooLong):
        return Refused(expects)
    number = Decimal(value) if isinstance(value, int) else value
    assert isinstance(number, Decimal)
    least, most = number_of(turn.value(checks.minimum)), number_of(turn.value(checks.maximum))
    if least is not None and number < least:
        return Refused("too_small", turn.text(checks.minimum))
    if most is not None and number > most:
        return Refused("too_big", turn.text(checks.maximum))
    return Read(to_plain(value))


def _read_datetime(turn: Turn, checks: Checks, text: str) -> Read | Refused:
    try:
        value = check_value("answer", "datetime", in_24_hours(text), is_lenient=True, zone=turn.zone)
    except (InputType, InputTooLong):
        return Refused("datetime")
    assert isinstance(value, dt.datetime)
    for bound, reason in ((checks.minimum, "too_early"), (checks.maximum, "too_late")):
        limit = moment_of(turn.value(bound), turn.zone)
        if limit is not None and (value < limit if reason == "too_early" else value > limit):
            return Refused(reason, write_moment(limit, turn.zone, turn.settings.language))
    return Read(to_plain(value))


def _read_phone(text: str) -> Read | Refused:
    digits = _PHONE_MARKS.sub("", text)
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    return Read(digits) if digits.isascii() and _PHONE.fullmatch(digits) else Refused("phone")


def _read_file(checks: Checks, media: Media | None) -> Read | Refused:
    if media is None:
        return Refused("file")
    mime_type = media.mime_type.partition(";")[0].strip().casefold()
    if checks.media_types and not {media.kind, mime_type} & {kind.casefold() for kind in checks.media_types}:
        return Refused("file_type")
    if checks.max_bytes is not None and media.bytes is not None and media.bytes > checks.max_bytes:
        return Refused("file_size")
    return Read({
        "kind": "file", "media": media.kind, "id": media.id, "url": media.url or _path_of(media.id), "mime_type": mime_type,
        "filename": media.filename, "bytes": media.bytes, "caption": media.caption,
    })  # fmt: skip


def _path_of(media_id: str) -> str:
    """Where a kept file is; whoever uses it outside is given a link that lasts for a while."""
    return path_of(media_id) if is_id(media_id, "med") else ""


def _read_location(message: Incoming) -> Read | Refused:
    place = message.location
    if place is None or not (-90 <= place.latitude <= 90 and -180 <= place.longitude <= 180):
        return Refused("location")
    return Read({
        "kind": "location", "latitude": to_plain(place.latitude), "longitude": to_plain(place.longitude),
        "name": place.name, "address": place.address,
    })  # fmt: skip
