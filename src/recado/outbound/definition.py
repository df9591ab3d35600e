"""What the user wrote: the shape of one request, and the rows and bodies it is made of."""

from __future__ import annotations

from typing import Any, Final, Literal, get_args

import msgspec

Method = Literal["GET", "POST", "PUT", "DELETE", "OPTIONS", "CONNECT", "TRACE", "PATCH", "HEAD"]
BodyType = Literal["none", "json", "form", "multipart", "raw"]

METHODS: Final[frozenset[str]] = frozenset(get_args(Method))
IDEMPOTENT_METHODS: Final[frozenset[str]] = frozenset({"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"})


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One pair of a query, header list or form; `value` is a template string."""

    key: str
    value: str
    send_empty: bool = False
    """Whether a row whose optional input is missing is sent empty (else it is left out)."""
    allow_utf8: bool = False
    """Headers only: whether a value outside ASCII is sent as UTF-8 (else it is refused)."""
    datetime_format: str | None = None
    """How a datetime value is written: `rfc3339` (default), `date`, `epoch_seconds`, `epoch_milliseconds`, or a strftime pattern."""
    kind: Literal["file"] | None = None
    """Multipart only: `file` sends the file that its one input names, with its name and type, in place of a text."""


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A body; which other fields belong to it follows from `type` (checked when the request is compiled).

    `none`: nothing · `form`, `multipart`: `fields` · `json`: `fields` or `json` · `raw`: `content_type` and `text`.
    """

    type: BodyType = msgspec.field(default_factory=lambda: "none")  # a factory, so that it is written even then
    fields: list[Row] | None = None
    json: Any = msgspec.UNSET
    """A tree of JSON values; numbers may be `Decimal`, and keep their digits where the decoder made them so."""
    content_type: str | None = None
    text: str | None = None


class Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One HTTP request as its author wrote it, templates unfilled."""

    method: Method = "GET"
    endpoint: str = ""
    query: list[Row] = []
    headers: list[Row] = []
    body: Body = Body()
    timeout_seconds: float | None = None
    follow_redirects: bool = False
    idempotency_header: str | None = None
