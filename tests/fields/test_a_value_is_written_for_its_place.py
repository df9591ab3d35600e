"""A value leaves as text the way its author asked for."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from recado.fields import Moment, Value, encode_value, is_datetime_format, parse_moment

NOON = dt.datetime(2026, 11, 22, 12, 0, 0, 250_000, tzinfo=dt.UTC)
EVENING_IN_BOGOTA = dt.datetime(2026, 11, 22, 21, 0, tzinfo=ZoneInfo("America/Bogota"))


@pytest.mark.parametrize(
    ("value", "datetime_format", "text"),
    [
        (True, None, "true"),
        (False, None, "false"),
        (0, None, "0"),
        ("", None, ""),
        (Decimal("12.10"), None, "12.10"),
        (Decimal("1E-7"), None, "0.0000001"),
        (Decimal("1E-9999"), None, "1E-9999"),
        (NOON, None, "2026-11-22T12:00:00.250000Z"),
        (NOON, "rfc3339", "2026-11-22T12:00:00.250000Z"),
        (NOON, "date", "2026-11-22"),
        (EVENING_IN_BOGOTA, "date", "2026-11-22"),
        (NOON, "epoch_seconds", "1795348800"),
        (NOON, "epoch_milliseconds", "1795348800250"),
        (dt.datetime(1969, 12, 31, 23, 59, 59, 500_000, tzinfo=dt.UTC), "epoch_seconds", "-1"),
        (NOON, "%d/%m/%Y %H:%M", "22/11/2026 12:00"),
        (NOON, "%Y%m%d", "20261122"),
        ("2026-11-22", "epoch_seconds", "2026-11-22"),
    ],
)
def test_each_kind_of_value_has_one_text(value: Value, datetime_format: str | None, text: str) -> None:
    assert encode_value(value, datetime_format) == text


@pytest.mark.parametrize(
    "text", ["rfc3339", "date", "epoch_seconds", "epoch_milliseconds", "%d/%m/%Y", "%Y-%m-%d às %H:%M", "100%% %Y"]
)
def test_formats_that_are_known(text: str) -> None:
    assert is_datetime_format(text)


@pytest.mark.parametrize("text", ["", "dates", "%", "%Q", "%s", "%Y%", "%-d", "%Y\n", "%Y\0", "%Y" * 33, "%Y\ud800"])
def test_formats_that_are_not(text: str) -> None:
    assert not is_datetime_format(text)


def test_a_moment_keeps_every_digit_of_its_fraction() -> None:
    moment = parse_moment("2026-11-22t14:30:00.123456789-05:00")
    assert moment is not None
    assert moment.text() == "2026-11-22T14:30:00.123456789-05:00"
    assert moment.at().microsecond == 123_456


def test_an_unknown_offset_is_utc() -> None:
    assert parse_moment("2026-11-22T14:30:00-00:00") == Moment(dt.datetime(2026, 11, 22, 14, 30, tzinfo=dt.UTC))
