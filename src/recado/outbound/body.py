"""The body of a request: none, form, or what `multipart`, `json_body` and `raw_body` make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import msgspec

from recado.errors import (
    BodyInvalid,
    FieldRequired,
    InputNotAllowedInBody,
    MethodForbidsBody,
    UnknownField,
)
from recado.outbound.binding import Binder, Place
from recado.outbound.definition import Body, Row
from recado.outbound.encoding import encode_form
from recado.outbound.headers import Headers
from recado.outbound.json_body import compile_json_rows, compile_json_tree
from recado.outbound.multipart import compile_multipart
from recado.outbound.raw_body import compile_raw
from recado.outbound.slots import Auth, Inputs, Rows, RowTemplate, merge_constants, render_rows, row_of

BODILESS_METHODS: Final = frozenset({"CONNECT", "TRACE"})
_MEANT_TO_HAVE_A_BODY: Final = frozenset({"PATCH", "POST", "PUT"})
_FIELDS_OF: Final = {
    "none": frozenset[str](),
    "form": frozenset({"fields"}),
    "multipart": frozenset({"fields"}),
    "json": frozenset({"fields", "json"}),
    "raw": frozenset({"content_type", "text"}),
}

_FORM: Final = Place(encode_form, InputNotAllowedInBody, encode_form)


class BodyTemplate(Protocol):
    """A body ready to be filled."""

    def render(self, inputs: Inputs, auth: Auth) -> tuple[bytes | None, str]:
        """The body (None where the request has none, and no Content-Length either) and its Content-Type, or ""."""
        ...


@dataclass(frozen=True, slots=True)
class NoBody:
    """No body; POST, PUT and PATCH say so with `Content-Length: 0` (RFC 9110 §8.6)."""

    data: bytes | None

    def render(self, _inputs: Inputs, _auth: Auth) -> tuple[bytes | None, str]:
        """Nothing."""
        return self.data, ""


@dataclass(frozen=True, slots=True)
class FormBody:
    """Pairs as application/x-www-form-urlencoded."""

    rows: Rows

    def render(self, inputs: Inputs, auth: Auth) -> tuple[bytes, str]:
        """The pairs that are sent."""
        text = "&".join(render_rows(self.rows, inputs, auth))
        return text.encode("ascii"), "application/x-www-form-urlencoded"


def compile_body(body: Body, headers: Headers, binder: Binder) -> BodyTemplate:
    """The body for this method; reports below `body`."""
    _check_shape(body, binder)
    fields = body.fields or []
    if body.type == "json" and body.json is not msgspec.UNSET:
        return compile_json_tree(body.json, binder)
    if body.type == "json":
        return compile_json_rows(fields, binder)
    if body.type == "form":
        return FormBody(merge_constants((_form_row(row, path, binder) for row, path in _paths(fields)), "&"))
    if body.type == "multipart":
        return compile_multipart(fields, headers, binder)
    if body.type == "raw":
        return compile_raw(body, headers, binder)
    return NoBody(b"" if binder.method in _MEANT_TO_HAVE_A_BODY else None)


def _check_shape(body: Body, binder: Binder) -> None:
    if body.type != "none" and binder.method in BODILESS_METHODS:
        binder.report("body", MethodForbidsBody(method=binder.method))
    given = {name for name in ("fields", "content_type", "text") if getattr(body, name)}
    if body.json is not msgspec.UNSET:
        given.add("json")
    for name in sorted(given - _FIELDS_OF[body.type]):
        binder.report(f"body.{name}", UnknownField(name=name))
    if {"fields", "json"} <= given and body.type == "json":
        binder.report("body", BodyInvalid(reason="A JSON body has either fields or a json tree."))
    if body.type in {"form", "multipart"} and body.fields is None:
        binder.report("body.fields", FieldRequired())
    if body.type == "json" and body.fields is None and body.json is msgspec.UNSET:
        binder.report("body.fields", FieldRequired())


def _paths(fields: Sequence[Row]) -> list[tuple[Row, str]]:
    return [(row, f"body.fields[{index}]") for index, row in enumerate(fields)]


def _form_row(row: Row, path: str, binder: Binder) -> str | RowTemplate:
    name = f"{encode_form(binder.key(row.key, f'{path}.key'))}="
    return row_of((name, *binder.bind_row(row, path, _FORM)), name if row.send_empty else None)
