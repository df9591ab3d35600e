"""How one value is written in each place of a request: path, query, form, header, JSON, XML.

Each function gives the value's text for its place, or raises ValueError when the value cannot stand there; a text that
is not Unicode (a lone surrogate) raises UnicodeEncodeError, which is a ValueError. Messages never hold the value.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Final
from urllib.parse import quote, quote_plus, unquote

import msgspec

from recado.fields import Value, encode_value, write_decimal

MAX_HEADER_VALUE_BYTES: Final = 8192
PATH_DECODINGS: Final = 3
"""How often a server, a proxy before it and a framework behind it may decode a path between them."""

_UNRESERVED: Final = re.compile(r"[A-Za-z0-9._~-]*")  # RFC 3986 §2.3
_UNRESERVED_OR_SPACE: Final = re.compile(r"[A-Za-z0-9._~ -]*")
_QUERY_LITERAL_SAFE: Final = "!$()*,:@/?"
_PATH_FORBIDDEN: Final = re.compile(r"[/\\\x00-\x1f\x7f-\x9f]")
_DOT_SEGMENT: Final = re.compile(r"\.\.?(?:;.*)?", re.DOTALL)
_HEADER: Final = re.compile(r"[\t\x20-\x7e]*")  # RFC 9110 §5.5 without obs-text
_HEADER_UTF8: Final = re.compile(r"[\t\x20-\x7e\xa0-\ud7ff\ue000-\U0010ffff]*")
_LABEL: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_PORT: Final = re.compile(r"[1-9][0-9]{0,4}")
_XML_SPECIAL: Final = re.compile(r"[&<>\"'\t\n\r]")
_XML_FORBIDDEN: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # outside XML 1.0 §2.2 Char
_XML_ESCAPES: Final = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
    "\t": "&#9;",
    "\n": "&#10;",
    "\r": "&#13;",
}
_CDATA_PLAIN: Final = re.compile(r"[^\]>\r]+")


def encode_component(text: str) -> str:
    """Percent-encode all but the unreserved characters of RFC 3986 §2.3."""
    return text if _UNRESERVED.fullmatch(text) else quote(text, safe="")


def encode_query_literal(text: str) -> str:
    """Write what the author typed in a query row.

    What RFC 3986 lets stand for itself in a query is left as typed (`id,name`, `a@b.c`); what a server would read as
    something else (`&`, `+`, `%`, `#`, `=`, `;`, a space …) is encoded, so that it reads back as typed.
    """
    return quote(text, safe=_QUERY_LITERAL_SAFE)


def encode_form(text: str) -> str:
    """Encode for application/x-www-form-urlencoded (WHATWG URL §5.2): a space is `+`."""
    if not _UNRESERVED_OR_SPACE.fullmatch(text):
        return quote_plus(text)
    return text.replace(" ", "+")


def encode_path_value(text: str) -> str:
    r"""Percent-encode for a path; refuses `/`, `\` and control characters, also where up to 3 decodings bring them out.

    Encoding would not do: `%2F` is a slash again behind the first proxy that decodes.
    """
    if _UNRESERVED.fullmatch(text):
        return text
    seen = text
    for _ in range(PATH_DECODINGS + 1):
        if _PATH_FORBIDDEN.search(seen):
            raise ValueError
        if "%" not in seen:
            break
        seen = unquote(seen)
    return quote(text, safe="")


def count_breaks(segment: str) -> tuple[int, ...]:
    """How many slashes, backslashes and control characters each decoding of a segment shows, the first as sent."""
    counts = []
    for _ in range(PATH_DECODINGS + 2):
        counts.append(len(_PATH_FORBIDDEN.findall(segment)))
        segment = unquote(segment)
    return tuple(counts)


def is_misleading_segment(segment: str) -> bool:
    """Whether a path segment as sent is empty, or a dot segment to anybody who decodes it up to 3 times more than once.

    `..;x` counts: Java servers cut at the semicolon. WHATWG URL §4.3 reads `%2e` as a dot without any decoding.
    """
    if segment and segment[0] not in ".%":
        return False
    for _ in range(PATH_DECODINGS + 2):
        if not segment or _DOT_SEGMENT.fullmatch(segment):
            return True
        segment = unquote(segment)
    return False


def check_text(text: str) -> str:
    """Any Unicode text as it is."""
    if not text.isascii():
        text.encode()
    return text


def check_label(text: str) -> str:
    """One DNS label in lower case, digits and inner hyphens (RFC 1123 §2.1), so that no dot can make another host."""
    if not _LABEL.fullmatch(text):
        raise ValueError
    return text


def check_port(text: str) -> str:
    """A port number without leading zeros; its range is judged with the URL."""
    if not _PORT.fullmatch(text):
        raise ValueError
    return text


def check_header(text: str) -> str:
    """Visible ASCII with inner spaces and tabs; refused, never stripped, because a server would read what is left."""
    if not _HEADER.fullmatch(text) or text != text.strip(" \t"):
        raise ValueError
    return text


def check_header_utf8(text: str) -> str:
    """The same with characters outside ASCII, sent as UTF-8; C1 controls stay refused."""
    if not _HEADER_UTF8.fullmatch(text) or text != text.strip(" \t"):
        raise ValueError
    return text


def is_header_literal(text: str, *, is_utf8: bool) -> bool:
    """Whether the author's part of a header value may be sent."""
    return (_HEADER_UTF8 if is_utf8 else _HEADER).fullmatch(text) is not None


def write_json_string(text: str) -> str:
    """A JSON string with its quotes."""
    return msgspec.json.encode(text).decode()


def escape_json(text: str) -> str:
    """The text inside the quotes of a JSON string."""
    return msgspec.json.encode(text)[1:-1].decode()


def write_json(value: Value, datetime_format: str | None = None) -> str:
    """The value in its own JSON type: integers exact, decimals digit by digit, a datetime as a string or as epoch number."""
    if type(value) is str:
        return write_json_string(value)
    if isinstance(value, bool | int | Decimal):
        return write_json_scalar(value)
    if isinstance(value, dt.datetime) and datetime_format in {"epoch_seconds", "epoch_milliseconds"}:
        return encode_value(value, datetime_format)
    return write_json_string(encode_value(value, datetime_format))


def write_json_scalar(value: float | Decimal | None) -> str:
    """A JSON literal for null, a truth value or a number; refuses NaN and infinities, which JSON does not have."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if not Decimal(value).is_finite():
        raise ValueError
    return write_decimal(value) if isinstance(value, Decimal) else repr(value)


def escape_xml(text: str) -> str:
    """For XML text and attribute values; tab, line feed and carriage return as references, or a parser would change them."""
    if _XML_FORBIDDEN.search(text):
        raise ValueError
    return _XML_SPECIAL.sub(lambda found: _XML_ESCAPES[found[0]], text)


def escape_cdata(text: str) -> str:
    """For the inside of a CDATA section: a value that could end it, or help its neighbours to, stands outside the section."""
    if _XML_FORBIDDEN.search(text):
        raise ValueError
    return text if _CDATA_PLAIN.fullmatch(text) else f"]]>{escape_xml(text)}<![CDATA["
