"""A value of an input is taken in its own type, with nothing lost, or refused by name."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recado.errors import InputTooLong, InputType, RecadoError
from recado.fields import FieldType, check_value, encode_value, is_identifier, whole_of

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "values.json").read_bytes(), parse_float=Decimal)


def read(case: dict[str, Any]) -> tuple[str | None, str | None]:
    """The text of the checked value, or the code it was refused with."""
    zone = ZoneInfo(case["zone"]) if "zone" in case else dt.UTC
    try:
        value = check_value("age", case["type"], case["raw"], is_lenient=case.get("lenient", False), zone=zone)
    except RecadoError as error:
        return None, error.code
    return encode_value(value), None


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['type']}: {case['about']}")
def test_each_value_of_the_table_is_taken_or_refused(case: dict[str, Any]) -> None:
    assert read(case) == (case.get("text"), case.get("error"))


def test_a_refusal_names_the_input_and_the_type_but_never_the_value() -> None:
    with pytest.raises(InputType) as caught:
        check_value("age", "integer", "s3cret-typed-by-mistake")
    assert str(caught.value) == 'Input "age" must be a whole number.'


TOO_LONG: dict[str, tuple[FieldType, object]] = {
    "text": ("string", "a" * 65_537),
    "text in bytes": ("string", "ñ" * 32_769),
    "integer": ("integer", 10**4300),
    "digits": ("integer", "1" * 4301),
    "number": ("number", Decimal("0." + "1" * 4301)),
    "negative": ("number", -(10**4300)),
}


@pytest.mark.parametrize("name", TOO_LONG)
def test_what_is_too_long_is_refused_as_such(name: str) -> None:
    kind, raw = TOO_LONG[name]
    with pytest.raises(InputTooLong):
        check_value("note", kind, raw)


def test_the_longest_values_pass() -> None:
    assert check_value("note", "string", "ñ" * 32_768) == "ñ" * 32_768
    assert check_value("id", "integer", 10**4300 - 1) == 10**4300 - 1


def test_floats_that_are_not_finite_are_refused() -> None:
    for raw in (float("nan"), float("inf"), Decimal("NaN"), Decimal("-Infinity"), Decimal("sNaN")):
        with pytest.raises(InputType):
            check_value("price", "number", raw)
        with pytest.raises(InputType):
            check_value("price", "integer", raw)
    assert check_value("price", "number", 0.1) == Decimal("0.1")


def test_a_time_without_zone_is_read_in_the_given_one() -> None:
    naive = dt.datetime(2026, 11, 22, 14, 30)  # noqa: DTZ001  # the subject of this test
    value = check_value("at", "datetime", naive, zone=ZoneInfo("America/Bogota"))
    assert encode_value(value) == "2026-11-22T14:30:00-05:00"
    assert check_value("at", "datetime", value) is value


@given(st.integers())
def test_an_integer_of_any_size_comes_back_exact(number: int) -> None:
    assert check_value("n", "integer", number) == number
    assert check_value("n", "integer", str(number)) == number
    assert encode_value(number) == str(number)


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_number_comes_back_with_the_same_digits(number: Decimal) -> None:
    value = check_value("n", "number", number)
    assert isinstance(value, Decimal)
    assert value.as_tuple() == number.as_tuple()
    assert Decimal(encode_value(value)).as_tuple() == number.as_tuple()


@given(st.decimals())
def test_the_whole_of_a_number_is_equal_to_it_or_absent(number: Decimal) -> None:
    whole = whole_of(number)
    assert whole is None or whole == number


@given(st.datetimes(timezones=st.timezones()))
def test_an_instant_survives_being_written_and_read(at: dt.datetime) -> None:
    try:
        at.astimezone(dt.UTC)
    except OverflowError:
        return
    again = check_value("at", "datetime", encode_value(at))
    assert isinstance(again, dt.datetime)
    assert again.astimezone(dt.UTC) == at.astimezone(dt.UTC)


@given(st.sampled_from(["string", "integer", "number", "boolean", "datetime"]), st.text(), st.booleans())
def test_no_text_breaks_the_check(kind: FieldType, text: str, is_lenient: bool) -> None:
    try:
        value = check_value("x", kind, text, is_lenient=is_lenient)
    except (InputType, InputTooLong):
        return
    encode_value(value)


@pytest.mark.parametrize("text", ["a", "api_key", "a1", "a" * 64, "a_b_2"])
def test_identifiers_that_keep_the_rule(text: str) -> None:
    assert is_identifier(text)


@pytest.mark.parametrize("text", ["", "A", "1a", "_a", "a_", "a-b", "a b", "ñ", "a" * 65, "a\n", "a.b"])
def test_identifiers_that_break_the_rule(text: str) -> None:
    assert not is_identifier(text)
