"""The header lines of a request: the author's rows as written, and what the server adds where the author is silent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from recado.errors import (
    HeaderDuplicate,
    HeaderNameInvalid,
    HeaderReserved,
    HeaderValueInvalid,
    InputNotAllowedInHeader,
    ReferenceNotAllowed,
)
from recado.outbound.binding import Binder, Place
from recado.outbound.definition import Row
from recado.outbound.encoding import MAX_HEADER_VALUE_BYTES, check_header, check_header_utf8, is_header_literal
from recado.outbound.slots import Auth, Inputs, Parts, Rows, RowTemplate, Slot, fill, merge_constants, render_rows

_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110 §5.6.2
_RESERVED: Final = frozenset(
    {
        "accept-encoding",  # only what the response reader can decode
        "connection",
        "content-length",
        "expect",
        "forwarded",
        "host",
        "http2-settings",
        "keep-alive",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "via",
    }
)
_RESERVED_PREFIXES: Final = ("proxy-", "recado-")  # the second marks our own calls, so that a loop can be seen

_ASCII: Final = Place(check_header, InputNotAllowedInHeader)
_UTF8: Final = Place(check_header_utf8, InputNotAllowedInHeader)


@dataclass(frozen=True, slots=True)
class HeaderRow(RowTemplate):
    """A header line with references, its value counted after it is filled."""

    name: str = ""

    def render(self, inputs: Inputs, auth: Auth) -> str | None:
        """The line with its CRLF, or None when it is left out; refused when its value is longer than 8 KiB."""
        text = fill(self.parts, inputs, auth)
        if text is None:
            return self.when_missing
        if len(text) * 4 > MAX_HEADER_VALUE_BYTES and len(text.encode()) > MAX_HEADER_VALUE_BYTES:
            raise next(part for part in reversed(self.parts) if isinstance(part, Slot)).refused()
        return f"{self.name}: {text}\r\n"


@dataclass(frozen=True, slots=True, eq=False)
class Headers:
    """All header lines but Host and those that follow from the body; `names` are the author's, in lower case."""

    rows: Rows
    names: frozenset[str]
    content_type: str | None = None
    """The author's own Content-Type, where it is there and constant."""
    content_type_path: str = ""

    @property
    def has_inputs(self) -> bool:
        """Whether the lines are others from run to run, with the same credential."""
        slots = [part for row in self.rows if isinstance(row, RowTemplate) for part in row.parts]
        return any(isinstance(slot, Slot) and slot.is_input for slot in slots)

    def render(self, inputs: Inputs, auth: Auth) -> str:
        """The lines, each with its CRLF; raises InputRefused."""
        return "".join(render_rows(self.rows, inputs, auth))


def is_header_name(name: str) -> bool:
    """Whether `name` is a token of RFC 9110 §5.6.2."""
    return _TOKEN.fullmatch(name) is not None


def check_header_name(name: str, path: str, taken: set[str], binder: Binder) -> None:
    """Report a name that is not one, that the server sets itself, or that is in `taken`; then add it there."""
    lower = name.lower()
    if "{{" in name:
        binder.report(path, ReferenceNotAllowed())
    elif not is_header_name(name):
        binder.report(path, HeaderNameInvalid(name=name))
    elif lower in _RESERVED or lower.startswith(_RESERVED_PREFIXES):
        binder.report(path, HeaderReserved(name=name))
    elif lower in taken:
        binder.report(path, HeaderDuplicate(name=name))
    taken.add(lower)


def compile_headers(rows: Sequence[Row], user_agent: str, binder: Binder) -> Headers:
    """The author's rows after our own defaults; reports at `headers[n].key` and `headers[n].value`."""
    taken: set[str] = set()
    lines = [_header_row(row, f"headers[{index}]", taken, binder) for index, row in enumerate(rows)]
    defaults = {"User-Agent": user_agent, "Accept": "*/*", "Accept-Encoding": "gzip, deflate"}
    own = [f"{name}: {value}\r\n" for name, value in defaults.items() if name.lower() not in taken]
    content_type, path = None, ""
    for index, (row, line) in enumerate(zip(rows, lines, strict=True)):
        if row.key.lower() == "content-type":
            content_type = line.partition(": ")[2].strip() if isinstance(line, str) else None
            path = f"headers[{index}].value"
    return Headers(merge_constants([*own, *lines], ""), frozenset(taken), content_type, path)


def _header_row(row: Row, path: str, taken: set[str], binder: Binder) -> str | RowTemplate:
    check_header_name(row.key, f"{path}.key", taken, binder)
    parts = binder.bind_row(row, path, _UTF8 if row.allow_utf8 else _ASCII)
    literals = "".join(part for part in parts if isinstance(part, str))
    is_long = len(literals.encode(errors="surrogatepass")) > MAX_HEADER_VALUE_BYTES
    if is_long or not is_header_literal(literals, is_utf8=row.allow_utf8):
        binder.report(f"{path}.value", HeaderValueInvalid())
    return _line(row, parts)


def _line(row: Row, parts: Parts) -> str | RowTemplate:
    if any(isinstance(part, Slot) for part in parts):
        return HeaderRow(parts, f"{row.key}: \r\n" if row.send_empty else None, row.key)
    return f"{row.key}: {''.join(map(str, parts))}\r\n"
