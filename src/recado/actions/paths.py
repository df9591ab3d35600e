"""Where one value stands in an answer: the singular paths of RFC 9535, compiled once and walked plainly."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final, Literal, NoReturn

from recado.errors import FieldTooLong, OutputKeyInvalid

MAX_KEY_CHARACTERS: Final = 512
MAX_INDEX: Final = 2**53 - 1  # RFC 9535 section 2.1: numbers stay within I-JSON

Source = Literal["json", "status", "header", "body"]
Segment = str | int

MISSING: Final = object()
"""What a walk ends with where there is no such value; JSON's null is a value."""

_NAME: Final = re.compile(r"[A-Za-z_\x80-\ud7ff\ue000-\U0010ffff][0-9A-Za-z_\x80-\ud7ff\ue000-\U0010ffff]*")
_INDEX: Final = re.compile(r"0|-?[1-9][0-9]*")
_HEADER: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110 section 5.6.2
_BLANK: Final = " \t\n\r"
_HEX: Final = re.compile(r"[0-9A-Fa-f]{4}")
_ESCAPES: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "/": "/", "\\": "\\"}


@dataclass(frozen=True, slots=True)
class Path:
    """A compiled key: `segments` into the JSON body, or one of the built-ins `$status`, `$body`, `$headers.name`."""

    text: str
    source: Source
    segments: tuple[Segment, ...] = ()
    header: str = ""

    @property
    def last_name(self) -> str:
        """The last name on the way (`items[0].id` -> `id`, `items[0]` -> `items`); empty when there is none."""
        if self.source != "json":
            return self.header or self.source
        return next((segment for segment in reversed(self.segments) if isinstance(segment, str)), "")


def compile_path(key: str) -> Path:
    """Read an output's key: `validation_id`, `data.user.id`, `items[0].name`, `['a.b']`, `$.id`, `$status`, `$headers.date`.

    The singular query of RFC 9535 section 2.3.5.1, where the leading `$.` may be left out, plus three built-ins.
    Raises OutputKeyInvalid with the position (from 1) of the first character that does not fit, FieldTooLong.
    """
    if len(key) > MAX_KEY_CHARACTERS:
        raise FieldTooLong(limit=MAX_KEY_CHARACTERS)
    if key in {"$status", "$body"}:
        return Path(key, "status" if key == "$status" else "body")
    if key.startswith("$headers"):
        return Path(key, "header", header=_read_header(key))
    return Path(key, "json", tuple(_Reader(key).segments()))


def walk(root: Any, segments: tuple[Segment, ...]) -> Any:
    """The value at `segments` below `root`, or MISSING; a negative index counts from the end."""
    node = root
    for segment in segments:
        if type(segment) is str:
            if type(node) is not dict:
                return MISSING
            node = node.get(segment, MISSING)
        else:
            if type(node) is not list or not -len(node) <= segment < len(node):  # type: ignore[operator]  # an int
                return MISSING
            node = node[segment]  # type: ignore[index]  # an int, as above
    return node


def write_key(segments: tuple[Segment, ...]) -> str:
    """The shortest key that leads there; `compile_path` reads it back to the same segments."""
    if not segments:
        return "$"
    parts: list[str] = []
    for segment in segments:
        if isinstance(segment, int):
            parts.append(f"[{segment}]")
        elif _NAME.fullmatch(segment):
            parts.append(f".{segment}" if parts else segment)
        else:
            parts.append(f"['{_escape(segment)}']")
    return "".join(parts)


def _escape(name: str) -> str:
    text = json.dumps(name, ensure_ascii=False)[1:-1]
    return text.replace('\\"', '"').replace("'", "\\'")


def _refuse(position: int) -> NoReturn:
    raise OutputKeyInvalid(position=position + 1)


def _read_header(key: str) -> str:
    rest = key[len("$headers") :]
    if rest.startswith("["):
        reader = _Reader(key, len("$headers"))
        name = reader.bracket()
        if not isinstance(name, str) or reader.at != len(key) or not _HEADER.fullmatch(name):
            _refuse(len("$headers") + 1)
        return name.lower()
    if not rest.startswith("."):
        _refuse(len("$headers"))
    found = _HEADER.match(rest, 1)
    end = found.end() if found else 1
    if end != len(rest) or end == 1:
        _refuse(len("$headers") + end)
    return rest[1:].lower()


class _Reader:
    """Reads a key from left to right; `at` is where it stands."""

    def __init__(self, text: str, at: int = 0) -> None:
        self.text = text
        self.at = at

    def segments(self) -> list[Segment]:
        found: list[Segment] = []
        if self.text.startswith("$"):
            self.at = 1
        elif not self.text.startswith("["):
            found.append(self.name())
        while self.at < len(self.text):
            self.skip_blank()
            match self.peek():
                case ".":
                    self.at += 1
                    found.append(self.name())
                case "[":
                    found.append(self.bracket())
                case _:
                    _refuse(self.at)
        return found

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def skip_blank(self) -> None:
        while self.peek() and self.peek() in _BLANK:
            self.at += 1

    def name(self) -> str:
        found = _NAME.match(self.text, self.at)
        if found is None:
            _refuse(self.at)
        self.at = found.end()
        return found.group()

    def bracket(self) -> Segment:
        """`[0]`, `[-1]`, `['name']`, `["name"]`, blanks allowed inside (RFC 9535 section 2.5.1)."""
        self.at += 1
        self.skip_blank()
        segment: Segment = self.quoted() if self.peek() in {"'", '"'} else self.index()
        self.skip_blank()
        if self.peek() != "]":
            _refuse(self.at)
        self.at += 1
        return segment

    def index(self) -> int:
        found = _INDEX.match(self.text, self.at)
        if found is None or len(found.group()) > 17 or abs(int(found.group())) > MAX_INDEX:
            _refuse(self.at)
        self.at = found.end()
        return int(found.group())

    def quoted(self) -> str:
        """A string literal of RFC 9535 section 2.3.1.1; the other kind of quote stands in it bare."""
        quote = self.peek()
        self.at += 1
        parts: list[str] = []
        while (character := self.peek()) != quote:
            if not character or character < " " or "\ud800" <= character <= "\udfff":
                _refuse(self.at)
            self.at += 1
            parts.append(self.escaped(quote) if character == "\\" else character)
        self.at += 1
        return "".join(parts)

    def escaped(self, quote: str) -> str:
        character = self.peek()
        if character == "u":
            return self.unicode()
        if character != quote and character not in _ESCAPES:
            _refuse(self.at)
        self.at += 1
        return _ESCAPES.get(character, character)

    def unicode(self) -> str:
        r"""After `\u`: four hexadecimal digits, and a second escape where they are half of a surrogate pair."""
        start = self.at
        unit = self.unit()
        if 0xD800 <= unit <= 0xDBFF and self.text.startswith("\\u", self.at):
            self.at += 1
            low = self.unit()
            if 0xDC00 <= low <= 0xDFFF:
                return chr(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00))
        if 0xD800 <= unit <= 0xDFFF:
            _refuse(start)
        return chr(unit)

    def unit(self) -> int:
        found = _HEX.match(self.text, self.at + 1)
        if found is None:
            _refuse(self.at)
        self.at = found.end()
        return int(found.group(), 16)
