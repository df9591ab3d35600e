"""Reads a JSON body strictly: exact numbers, no unknown fields, one clear problem with its place."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, TypeVar

import msgspec
from litestar.connection import ASGIConnection
from litestar.dto import AbstractDTO
from litestar.openapi.spec import Reference, Schema
from litestar.typing import FieldDefinition

from recado.errors import (
    BodyNotJson,
    FieldRequired,
    FieldTooLong,
    Invalid,
    RecadoError,
    UnknownField,
    UnsupportedMediaType,
    ValidationFailed,
)

T = TypeVar("T")

MOST_BYTES: Final = 1024 * 1024
_PLACE: Final = re.compile(r" - at `(?:key in )?\$?(?P<path>[^`]*)`$")
_NAME: Final = re.compile(r"field `(?P<name>[^`]*)`")
_LENGTH: Final = re.compile(r"length <= (?P<limit>\d+)")


@lru_cache(maxsize=256)
def _decoder(annotation: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(annotation, float_hook=Decimal)


def decode_body(annotation: type[T], raw: bytes) -> T:
    """`raw` as `annotation`. Raises BodyNotJson or ValidationFailed (its one problem carries the path)."""
    try:
        return _decoder(annotation).decode(raw)  # type: ignore[no-any-return,arg-type]  # types are hashable; the decoder is made for T
    except msgspec.ValidationError as problem:
        raise ValidationFailed([explain(str(problem))]) from problem
    except msgspec.DecodeError as problem:
        raise BodyNotJson(reason=str(problem)) from problem
    except ArithmeticError as problem:  # an exponent no Decimal can hold
        raise BodyNotJson(reason="a number in it is too large") from problem
    except (UnicodeDecodeError, RecursionError) as problem:
        raise BodyNotJson(reason="it is not UTF-8, or nested too deep") from problem


def explain(text: str) -> RecadoError:
    """Turn msgspec's sentence into our error with its path: "Expected `str`, got `int` - at `$.name`"."""
    place = _PLACE.search(text)
    path = place["path"].lstrip(".").replace("[...]", "[]") if place else ""
    sentence = text[: place.start()] if place else text
    name = _NAME.search(sentence)
    if "unknown field" in sentence and name:
        return UnknownField(_join(path, name["name"]), name=name["name"])
    if "missing required field" in sentence and name:
        return FieldRequired(_join(path, name["name"]))
    if sentence.startswith("Invalid enum value"):  # msgspec repeats the value, which may be a secret sent in error
        return Invalid(path, reason="This is not one of the values that are allowed here.")
    if limit := _LENGTH.search(sentence):
        return FieldTooLong(path, limit=limit["limit"])
    return Invalid(path, reason=f"{sentence.replace('`', '')}.")


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def check_media_type(content_type: str) -> None:
    """JSON bodies say so; anything else is refused before it is read (content-type confusion)."""
    if not is_json(content_type):
        raise UnsupportedMediaType


def is_json(content_type: str) -> bool:
    """Whether a Content-Type says JSON, whatever its parameters."""
    return content_type.partition(";")[0].strip().lower() == "application/json"


class JsonBody(AbstractDTO[T]):
    """Hooks `decode_body` into the framework for every handler's `data`."""

    def __init__(self, asgi_connection: ASGIConnection[Any, Any, Any, Any]) -> None:
        """Refuse a body of another kind."""
        super().__init__(asgi_connection)
        check_media_type(asgi_connection.headers.get("content-type", ""))

    def decode_bytes(self, value: bytes) -> Any:
        """The body as the handler's type."""
        handler = self.asgi_connection.route_handler
        return decode_body(handler.parsed_fn_signature.parameters["data"].raw, value)

    @classmethod
    def create_for_field_definition(
        cls, field_definition: FieldDefinition, handler_id: str, backend_cls: Any = None
    ) -> None:
        """Nothing to prepare: the type itself is the contract."""

    @classmethod
    def create_openapi_schema(
        cls,
        field_definition: FieldDefinition,
        handler_id: str,  # noqa: ARG003  # the framework's signature
        schema_creator: Any,
    ) -> Reference | Schema:
        """The type's own schema."""
        return schema_creator.for_field_definition(field_definition)  # type: ignore[no-any-return]

    @classmethod
    def is_supported_model_type_field(cls, field_definition: FieldDefinition) -> bool:  # noqa: ARG003  # the framework's signature
        """Every type."""
        return True

    @classmethod
    def generate_field_definitions(cls, model_type: type[Any]) -> Any:
        """Unused: no fields are rewritten."""
        raise AssertionError(model_type)

    @classmethod
    def detect_nested_field(cls, field_definition: FieldDefinition) -> bool:
        """Unused: no fields are rewritten."""
        raise AssertionError(field_definition)
