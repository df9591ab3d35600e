"""Fills the data of a screen, each value in the type that the form's JSON gives it  [pure]."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC as _UTC
from decimal import Decimal
from typing import Any, Final

from recado.actions.paths import MISSING
from recado.channels.whatsapp.forms.definition import Fill
from recado.channels.whatsapp.forms.references import Values, fill
from recado.errors import InputTooLong, InputType
from recado.fields import check_value, whole_of
from recado.flows.values import convert, number_of, text_of

TYPE_WORDS: Final = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
}
MOST_ENTRIES: Final = 200
"""Of one list: more WhatsApp shows nowhere."""
_DEEPEST: Final = 16


class Unfit(Exception):  # what happened, as in errors.py; it never leaves this package
    """A value is not of the type that the form wants."""

    def __init__(self, key: str, type_: str) -> None:
        super().__init__(key)
        self.key = key
        self.type = type_


def fill_data(
    data: Mapping[str, Fill], values: Values, schemas: Mapping[str, Mapping[str, Any]] | None
) -> dict[str, Any]:
    """The data of a screen; what is missing is left out. Raises Unfit for a value of another type.

    Without schemas (at the end of a form) values stay as they are.
    """
    filled = {}
    for key, wanted in data.items():
        try:
            value = value_of(wanted, values)
            if value is not MISSING and value is not None:
                filled[key] = value if schemas is None else fit(value, schemas.get(key, {}))
        except Unfit as problem:
            raise Unfit(key, problem.type) from None
    return filled


def value_of(wanted: Fill, values: Values) -> Any:
    """The value alone, of whatever type."""
    if not wanted.each:
        return fill(wanted.value, values)
    entries = fill(wanted.each, values)
    if isinstance(entries, str):
        entries = convert(entries, "json", _UTC)
    if entries is MISSING or entries is None:
        return MISSING
    if not isinstance(entries, list):
        raise Unfit("", "array")
    kept = entries[:MOST_ENTRIES]
    if not wanted.item:
        return kept
    return [
        fill(wanted.item, Values(values.data, values.token, values.variables, values.contact, values.outputs, entry))
        for entry in kept
    ]


def fit(value: Any, schema: Mapping[str, Any], depth: int = 0) -> Any:
    """A value as its schema wants it, read as leniently as can be without guessing. Raises Unfit."""
    type_ = schema.get("type")
    if not isinstance(type_, str) or type_ not in TYPE_WORDS or depth > _DEEPEST:
        return value
    found = _FITS[type_](value, schema, depth)
    if found is MISSING:
        raise Unfit("", type_)
    return found


def _fit_string(value: Any, _schema: Mapping[str, Any], _depth: int) -> Any:
    return MISSING if isinstance(value, dict | list) else text_of(value)


def _fit_number(value: Any, _schema: Mapping[str, Any], _depth: int) -> Any:
    number = number_of(value)
    if number is None:
        return MISSING
    whole = whole_of(number)
    return number if whole is None else whole


def _fit_integer(value: Any, schema: Mapping[str, Any], depth: int) -> Any:
    number = _fit_number(value, schema, depth)
    return MISSING if isinstance(number, Decimal) else number


def _fit_boolean(value: Any, _schema: Mapping[str, Any], _depth: int) -> Any:
    try:
        return check_value("value", "boolean", value, is_lenient=True)
    except (InputType, InputTooLong):
        return MISSING


def _fit_array(value: Any, schema: Mapping[str, Any], depth: int) -> Any:
    entries = _opened(value)
    if not isinstance(entries, list):
        return MISSING
    items = schema.get("items")
    items = items if isinstance(items, dict) else {}
    return [fit(entry, items, depth + 1) for entry in entries[:MOST_ENTRIES]]


def _fit_object(value: Any, schema: Mapping[str, Any], depth: int) -> Any:
    """Only what the schema names is kept: WhatsApp drops the rest, and an API may say more than is meant to leave."""
    found = _opened(value)
    if not isinstance(found, dict):
        return MISSING
    properties = schema.get("properties")
    if not isinstance(properties, dict) or not properties:
        return found
    return {
        key: fit(found[key], inner if isinstance(inner, dict) else {}, depth + 1)
        for key, inner in properties.items()
        if found.get(key) is not None
    }


def _opened(value: Any) -> Any:
    """A list or an object that is kept as its JSON text."""
    return convert(value, "json", _UTC) if isinstance(value, str) else value


_FITS: Final = {
    "string": _fit_string,
    "number": _fit_number,
    "integer": _fit_integer,
    "boolean": _fit_boolean,
    "array": _fit_array,
    "object": _fit_object,
}
