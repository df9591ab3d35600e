"""Column types that mean the same on SQLite and PostgreSQL: UTC times and exact JSON."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from recado.errors import RecordCorrupt

JSON_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")
"""Writes Decimal with its digits; msgspec refuses NaN and keeps integers of any size."""
JSON_DECODER: Final = msgspec.json.Decoder(float_hook=Decimal)
"""Reads numbers with a fraction as Decimal, so that `12.10` stays `12.10`."""


def utc_now() -> dt.datetime:
    """This moment as an aware UTC time."""
    return dt.datetime.now(dt.UTC)


@lru_cache(maxsize=64)
def utc_text(moment: dt.datetime) -> str:
    """An aware time as `2026-11-22T10:00:00.000000Z`: sortable, understood by both databases."""
    if moment.tzinfo is not dt.UTC:
        moment = moment.astimezone(dt.UTC)
    return moment.isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


class UtcTime(TypeDecorator[dt.datetime]):
    """An aware UTC time: timestamptz on PostgreSQL, sortable text on SQLite."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text on SQLite, which has no time type."""
        return sa.String(32) if dialect.name == "sqlite" else sa.DateTime(timezone=True)

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> Any:
        """An aware time goes in; a naive one is a bug and says so."""
        if value is None:
            return None
        assert value.tzinfo is not None, "times are aware"
        return utc_text(value) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> dt.datetime | None:
        """An aware UTC time comes out."""
        if value is None:
            return None
        if dialect.name == "sqlite":
            return dt.datetime.fromisoformat(value)
        return value.astimezone(dt.UTC)  # type: ignore[no-any-return]  # psycopg gives an aware datetime


class Json(TypeDecorator[Any]):
    """Any JSON, numbers exact; a damaged value raises RecordCorrupt for this record alone."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002  # SQLAlchemy's signature
        """Structs, lists, dicts and scalars as JSON text."""
        return None if value is None else JSON_ENCODER.encode(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002  # SQLAlchemy's signature
        """The JSON value, decimals exact."""
        if value is None:
            return None
        try:
            return JSON_DECODER.decode(value)
        except (msgspec.DecodeError, ArithmeticError) as problem:
            raise RecordCorrupt from problem
