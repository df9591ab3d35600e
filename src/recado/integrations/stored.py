"""Reads back what is stored as JSON; damage raises RecordCorrupt for the one record that has it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, TypeVar

import msgspec

from recado.db.columns import JSON_ENCODER
from recado.errors import RecordCorrupt
from recado.fields import FieldType
from recado.integrations.definition import Auth
from recado.outbound.definition import Request
from recado.outbound.scope import InputSpec

T = TypeVar("T")


class _StoredInput(msgspec.Struct):
    """The part of an action's input that its request depends on."""

    key: str
    type: FieldType
    required: bool


_AUTH: Final = msgspec.json.Decoder(Auth)
_REQUEST: Final = msgspec.json.Decoder(Request, float_hook=Decimal)
_INPUTS: Final = msgspec.json.Decoder(list[_StoredInput])


def read_json(decoder: msgspec.json.Decoder[T], text: str) -> T:
    """A stored value in its type. Raises RecordCorrupt."""
    try:
        return decoder.decode(text)
    except (msgspec.DecodeError, ArithmeticError, RecursionError) as problem:
        raise RecordCorrupt from problem


def read_auth(row: Any) -> Auth:
    """The authentication of an integration's row."""
    return read_json(_AUTH, row.auth)


def read_request(text: str | None) -> Request | None:
    """A stored request, its numbers exact; None where none is configured yet."""
    return None if text is None else read_json(_REQUEST, text)


def read_input_specs(text: str) -> Mapping[str, InputSpec]:
    """An action's stored inputs as its request's templates see them, by key."""
    return {item.key: InputSpec(item.key, item.type, item.required) for item in read_json(_INPUTS, text)}


def is_same(one: Any, other: Any) -> bool:
    """Whether two values are the same JSON to the letter: `12.1` is not `12.10`, and `1` is not `true`, as Python has it."""
    return JSON_ENCODER.encode(one) == JSON_ENCODER.encode(other)
