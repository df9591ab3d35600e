"""Reads the body of an answer: JSON within its limits and with exact numbers, or text, or nothing."""

from __future__ import annotations

import codecs
import re
from array import array
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from itertools import accumulate
from typing import Any, Final, Literal, NamedTuple

import msgspec

from recado.actions.shape import Shape
from recado.errors import RecadoError, ResponseJsonLimit, ResponseNotJson

MAX_DEPTH: Final = 64
MAX_NODES: Final = 100_000  # one node takes about 80 bytes of memory, so 8 MB for one answer

ContentKind = Literal["json", "text", "binary", "empty"]

_DECODER: Final = msgspec.json.Decoder(float_hook=Decimal)
_JSON_TYPE: Final = re.compile(r"(?:application|text)/json|[^/]+/[^/]+\+json")
_TEXT_TYPE: Final = re.compile(r"text/.*|[^/]+/(?:.+\+)?xml|application/(?:javascript|x-www-form-urlencoded|yaml|csv)")
_CHARSET: Final = re.compile(r";\s*charset\s*=\s*\"?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_BLANK: Final = b" \t\r\n"
# One quoted string, or an open one up to the end: possessive, so that no body takes more than one pass.
_STRING: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
_UTF8: Final = frozenset({None, "utf-8"})
_NOT_OPENER: Final = bytes(set(range(256)) - set(b"[{"))
_NOT_BRACKET: Final = bytes(set(range(256)) - set(b"[]{}"))
_TO_STEPS: Final = bytes.maketrans(b"[{]}", bytes([1, 1, 255, 255]))
"""One level in, or one out; signed, 255 is -1."""


class Content:
    """The body of one answer, read when it is first asked for and only once.

    A body whose content type says JSON and that is not is kept as text; asking for its `json` raises. A JSON object or
    list under another content type is read as well, and `is_mislabelled` says so.
    """

    __slots__ = ("_body", "_error", "_json", "_kind", "_text", "content_type", "is_mislabelled")

    def __init__(self, body: bytes, content_type: str) -> None:
        self._body = body.removeprefix(codecs.BOM_UTF8)
        self._kind: ContentKind | None = None
        self._json: Any = None
        self._text: str | None = None
        self._error: RecadoError | None = None
        self.content_type = content_type
        self.is_mislabelled = False

    @property
    def kind(self) -> ContentKind:
        """What the body turned out to be; `json` also when it claims so and breaks a limit."""
        if self._kind is None:
            self._kind = self._read()
        return self._kind

    @property
    def json(self) -> Any:
        """The value of a JSON body: dict, list, str, int (exact), Decimal (digits kept), bool, None.

        Raises ResponseNotJson when the content type promised JSON in vain, ResponseJsonLimit beyond 64 levels, 100,000
        values or 4,300 digits, LookupError when the body is something else.
        """
        kind = self.kind
        if self._error is not None:
            raise self._error
        if kind != "json":
            raise LookupError(kind)
        return self._json

    def read_shape(self, shape: Shape) -> Iterator[Any] | None:
        """The values a shape wants of a JSON body; None where it takes the whole body to say what they are, or what is wrong."""
        named = _read_content_type(self.content_type)
        if not named.is_json or named.codec not in _UTF8:
            return None
        try:
            _check_limits(self._body)
            self._body.decode()  # what is skipped is not checked for it
            return iter(shape.read(self._body))
        except (msgspec.DecodeError, UnicodeDecodeError, ArithmeticError, ResponseJsonLimit):
            return None

    @property
    def text(self) -> str | None:
        """The body as text, None when it is empty or binary. The charset it names counts, UTF-8 is the default."""
        if self._text is None and self.kind in {"json", "text"}:
            self._text = _decode_text(self._body, _read_content_type(self.content_type).codec)
        return self._text

    def _read(self) -> ContentKind:
        if not self._body.strip(_BLANK):
            return "empty"
        named = _read_content_type(self.content_type)
        if named.is_json:
            return self._read_json(named.codec)
        if self._body.lstrip(_BLANK)[:1] in {b"{", b"["}:
            kind = self._read_json(named.codec)
            if kind == "json":
                self.is_mislabelled = True
                return kind
            self._error = None
        self._text = _decode_text(self._body, named.codec, is_text=named.is_text)
        return "binary" if self._text is None else "text"

    def _read_json(self, codec: str | None) -> ContentKind:
        try:
            self._json = decode_json(self._body if codec is None else _in_utf8(self._body, codec))
        except ResponseJsonLimit as error:
            self._error = error
        except ResponseNotJson as error:
            self._error = error
            return "text"
        return "json"


def decode_json(data: bytes) -> Any:
    """Decode UTF-8 JSON with exact integers and Decimals. Raises ResponseNotJson, ResponseJsonLimit; never RecursionError."""
    _check_limits(data)
    try:
        return _DECODER.decode(data)
    except msgspec.ValidationError as problem:  # an integer of more than 4,300 digits
        raise ResponseJsonLimit from problem
    except ArithmeticError as problem:  # an exponent no Decimal can hold
        raise ResponseJsonLimit from problem
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise ResponseNotJson from problem


def _check_limits(data: bytes) -> None:
    """Refuse JSON that is too deep or too wide before it takes memory.

    Brackets and commas bound depth and count from above, and counting them costs about 1 µs a KB; only where that bound is
    too high are the strings taken out and the real figures found, still in linear time.
    """
    openers = len(data.translate(None, _NOT_OPENER))
    if openers <= MAX_DEPTH and (len(data) < MAX_NODES or data.count(b",") + openers < MAX_NODES):
        return
    bare = _STRING.sub(b"", data)
    if bare.count(b",") + bare.count(b"[") + bare.count(b"{") >= MAX_NODES or _is_deeper_than(bare, MAX_DEPTH):
        raise ResponseJsonLimit


def _is_deeper_than(bare: bytes, limit: int) -> bool:
    """Whether the brackets nest deeper than `limit`, as far as they nest rightly; the reader stops where they do not."""
    steps = array("b", bare.translate(_TO_STEPS, _NOT_BRACKET))
    return max(accumulate(steps), default=0) > limit


def _in_utf8(body: bytes, codec: str) -> bytes:
    """JSON is UTF-8 (RFC 8259 section 8.1); an answer that names another charset is turned into it."""
    if codec == "utf-8":
        return body
    try:
        return body.decode(codec).removeprefix("\ufeff").encode()
    except UnicodeError:
        return body


def _decode_text(body: bytes, codec: str | None, *, is_text: bool = True) -> str | None:
    try:
        text = body.decode(codec or "utf-8")
    except UnicodeDecodeError:
        return body.decode("latin-1") if is_text else None
    return None if "\0" in text and not is_text else text


class _ContentType(NamedTuple):
    """What a content type says of its body."""

    is_json: bool
    is_text: bool
    codec: str | None


@lru_cache(maxsize=256)
def _read_content_type(content_type: str) -> _ContentType:
    """Read once: the answers of an API name one or two, and reading one costs 2 µs."""
    media_type = content_type.partition(";")[0].strip().lower()
    is_json = _JSON_TYPE.fullmatch(media_type) is not None
    return _ContentType(is_json, _TEXT_TYPE.fullmatch(media_type) is not None, _codec_of(content_type))


def _codec_of(content_type: str) -> str | None:
    """The charset a content type names, when it is one of text (`base64` and the like are codecs too)."""
    found = _CHARSET.search(content_type)
    if found is None:
        return None
    try:
        codec = codecs.lookup(found.group(1))
    except LookupError:
        return None
    return (
        codec.name
        if codec.name.startswith(("utf", "iso8859", "cp", "ascii", "big5", "euc", "gb", "shift", "koi8"))
        else None
    )
