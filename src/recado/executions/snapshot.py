"""What is kept and shown of a request and a response: masked, bounded, and for private actions reduced to shapes."""

from __future__ import annotations

import base64
from decimal import Decimal
from typing import Any, Final, Literal

import msgspec

from recado.db.columns import JSON_DECODER, JSON_ENCODER
from recado.executions.schemas import HeaderShown, RequestShown, ResponseShown
from recado.outbound.masking import Masker
from recado.outbound.response import Response
from recado.outbound.wire import WireRequest

MOST_BODY_BYTES: Final = 256 * 1024
_MOST_NOTES: Final = 200
_SHAPES: Final[dict[type, str]] = {
    str: "string",
    int: "integer",
    Decimal: "number",
    bool: "boolean",
    type(None): "null",
}
HIDDEN: Final = "***"
_NOT_MASKABLE: Final = "A secret of fewer than 8 characters cannot be masked, so values are not kept."
_PRIVATE: Final = "This action keeps shapes only."


Notes = dict[Any, Any]
"""What was masked before: header lists by what they were made of. The headers of one action's calls hardly differ."""


Headers = Any
"""A list of HeaderShown, or that list as JSON (`msgspec.Raw`): it is written twice for each run and hardly ever anew."""


def show_request(
    wire: WireRequest, masker: Masker, notes: Notes, *, is_private: bool
) -> tuple[RequestShown, bytes | None]:
    """The request without its body, and the body to keep beside it (None where there is none or none may be kept)."""
    if is_private or masker.has_short_secret:
        headers = [HeaderShown(name, HIDDEN) for name, _ in _lines(wire.headers)]
        is_shape_kept = bool(wire.body) and is_private
        return RequestShown(wire.method, wire.url.origin, headers), shape_of(wire.body) if is_shape_kept else None
    target = masker.mask_bytes(wire.target).decode("ascii", "replace")
    url = wire.url.origin + target if target.startswith("/") else target
    shown = RequestShown(wire.method, url, _request_headers(wire.headers, masker, notes))
    return shown, masker.mask_bytes(wire.body)[:MOST_BODY_BYTES] if wire.body else None


def _request_headers(lines: bytes, masker: Masker, notes: Notes) -> Headers:
    found: Headers | None = notes.get(lines)
    if found is None:
        found = _encode([HeaderShown(name, value) for name, value in _lines(masker.mask_bytes(lines))])
        _note(notes, lines, found)
    return found


def _encode(headers: list[HeaderShown]) -> Headers:
    return msgspec.Raw(JSON_ENCODER.encode(headers))


def _note(notes: Notes, key: Any, value: Any) -> None:
    if len(notes) >= _MOST_NOTES:
        notes.clear()
    notes[key] = value


def show_response(
    response: Response, masker: Masker, notes: Notes, *, is_private: bool
) -> tuple[ResponseShown, bytes | None]:
    """The response without its body, and the body to keep beside it."""
    shown = ResponseShown(
        response.status, _headers(response, masker, notes, is_private=is_private), size_bytes=len(response.body)
    )
    if is_private:
        shown.notes.append(_PRIVATE)
        return shown, shape_of(response.body) if response.body else None
    if masker.has_short_secret:
        shown.notes.append(_NOT_MASKABLE)
        return shown, None
    body = masker.mask_bytes(response.body)
    if len(body) > MOST_BODY_BYTES:
        shown.is_truncated = True
        body = _cut(body)
    return shown, body


def with_body(shown: ResponseShown, body: bytes | None) -> ResponseShown:
    """The response with its kept body filled in, as text or base64."""
    if body is not None:
        shown.body, shown.body_encoding = body_text(body)
    return shown


def body_text(body: bytes) -> tuple[str, Literal["text", "base64"]]:
    """A body as text when it is UTF-8, else as base64."""
    try:
        return body.decode(), "text"
    except UnicodeDecodeError:
        return base64.b64encode(body).decode(), "base64"


def shape_of(body: bytes) -> bytes:
    """A JSON body with every value replaced by the name of its type; anything else by its size."""
    try:
        return JSON_ENCODER.encode(_shape(JSON_DECODER.decode(body)))
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return f"{len(body)} bytes".encode()


def _shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _shape(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_shape(item) for item in value[:1]]
    return _SHAPES.get(type(value), "value")


def _cut(body: bytes) -> bytes:
    """The first part of a long body, not ending inside a character."""
    part = body[:MOST_BODY_BYTES]
    return part.decode(errors="ignore").encode() if body[:64].isascii() else part


def _headers(response: Response, masker: Masker, notes: Notes, *, is_private: bool) -> Headers:
    if is_private or masker.has_short_secret:
        return [HeaderShown(name, HIDDEN) for name, _ in response.headers]
    key = tuple(response.headers)
    found: Headers | None = notes.get(key)
    if found is None:
        found = _encode([HeaderShown(name, value) for name, value in masker.mask_headers(response.headers)])
        _note(notes, key, found)
    return found


def _lines(headers: bytes) -> list[tuple[str, str]]:
    lines = headers.decode("utf-8", "replace").split("\r\n")
    return [(name, value) for name, _, value in (line.partition(": ") for line in lines if line)]
