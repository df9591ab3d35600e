"""The YAML of exported files: a plain tree of texts, exact numbers, lists and maps, and nothing else that YAML can do.

What is written is made here, without a library, so that the same tree gives the same bytes for ever. What is read comes
from people: anchors, aliases, tags and duplicate keys are refused, words such as `yes` are text (YAML 1.2 section 10.2).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final, NoReturn

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from recado.errors import DocumentInvalid
from recado.fields import MAX_DIGITS

MAX_BYTES: Final = 1024 * 1024
MAX_DEPTH: Final = 100  # a JSON body may nest 64 deep, the file around it takes 6
MAX_VALUES: Final = 100_000  # about 2 s of reading
_MAX_SIMPLE_KEY: Final = 1000  # YAML 1.2 section 7.4.2 ends a simple key at 1024 characters

_INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)")  # RFC 8259 section 6
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_CONSTANTS: Final = {"null": None, "~": None, "": None, "true": True, "false": False}

_PLAIN: Final = re.compile(r"[^\W\d_](?:[\w./()+=&?%@~$-]| (?=[\w(])|:(?=[\w/]))*")
_RESERVED: Final = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})  # YAML 1.1 reads these too
_LINE: Final = re.compile(r"[\t\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]*")
_NOT_PRINTABLE: Final = re.compile(r"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")

# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def write_document(tree: dict[str, Any]) -> str:
    """The tree (dict, list, str, int, float, Decimal, bool, None; keys are str) as YAML, always the same bytes."""
    return "\n".join(_lines(tree)) + "\n"


def _lines(value: Any) -> list[str]:
    """A value as lines; whoever holds it sets all but the first further to the right."""
    if isinstance(value, dict) and value:
        return [line for key, item in value.items() for line in _pair(key, item)]
    if isinstance(value, list) and value:
        return [line for item in value for line in _hung("- ", _lines(item))]
    if isinstance(value, str):
        return _text(value)
    return [_scalar(value)]


def _pair(key: str, value: Any) -> Iterator[str]:
    name = _text_in_line(key)
    if len(name) > _MAX_SIMPLE_KEY:
        yield f"? {name}"
        name = ""
    lines = _lines(value)
    if isinstance(value, dict | list) and value:
        yield f"{name}:"
        yield from _hung("  ", lines)
    else:
        yield from _hung(f"{name}: ", lines)


def _hung(before: str, lines: list[str]) -> Iterator[str]:
    yield before + lines[0]
    for line in lines[1:]:
        yield f"  {line}" if line else ""


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        return "{}" if isinstance(value, dict) else "[]"
    if isinstance(value, float):
        value = Decimal(repr(value))  # as it is when it is read back, so that it is written the same way again
    return str(value)  # also JSON's words, digits kept


def _text(text: str) -> list[str]:
    """A text of several lines as it stands, where nothing of it could get lost; else in one line."""
    lines = text.split("\n")
    is_closed = lines[-1] == "" and len(lines) > 1
    if is_closed:
        lines.pop()
    is_readable = len(lines) > 1 or is_closed
    if is_readable and _keeps_its_shape(lines):
        return ["|" if is_closed else "|-", *lines]
    return [_text_in_line(text)]


def _keeps_its_shape(lines: list[str]) -> bool:
    return (
        lines[0] != ""
        and lines[-1] != ""
        and not lines[0].startswith((" ", "\t"))
        and all(_LINE.fullmatch(line) and line == line.rstrip(" \t") for line in lines)
    )


def _text_in_line(text: str) -> str:
    if _PLAIN.fullmatch(text) and text.lower() not in _RESERVED:
        return text
    quoted = msgspec.json.encode(text).decode()
    return _NOT_PRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def read_document(text: str) -> Any:
    """The tree a file holds; numbers with a fraction are Decimal. Raises DocumentInvalid, saying the line."""
    if len(text) > MAX_BYTES or len(text.encode(errors="replace")) > MAX_BYTES:
        raise DocumentInvalid(reason="it is larger than 1 MiB")
    try:
        return _Reader(YAML(typ="safe", pure=True).parse(text)).document()
    except MarkedYAMLError as problem:
        line = problem.problem_mark.line + 1 if problem.problem_mark else 1
        raise DocumentInvalid(reason=f"line {line}: {problem.problem}") from problem
    except YAMLError as problem:
        raise DocumentInvalid(reason="it holds characters that YAML does not allow") from problem


class _Reader:
    """Builds the tree from the parser's events, one at a time, so that nothing large is made before it is judged."""

    def __init__(self, events: Iterator[Any]) -> None:
        self.events = events
        self.depth = 0
        self.count = 0

    def document(self) -> Any:
        next(self.events)  # the start of the stream
        start = next(self.events)
        if isinstance(start, StreamEndEvent):
            raise DocumentInvalid(reason="it is empty")
        assert isinstance(start, DocumentStartEvent)
        if start.version or start.tags:
            self.refuse(start, "directives are not allowed")
        tree = self.value(next(self.events))
        assert isinstance(next(self.events), DocumentEndEvent)
        after = next(self.events)
        if not isinstance(after, StreamEndEvent):
            self.refuse(after, "there is a second document")
        return tree

    def value(self, event: Any) -> Any:
        self.count += 1
        if self.count > MAX_VALUES:
            self.refuse(event, f"it holds more than {MAX_VALUES:,} values")
        if isinstance(event, AliasEvent) or event.anchor is not None:
            self.refuse(event, "anchors and aliases are not allowed")
        if event.tag is not None:
            self.refuse(event, "tags are not allowed")
        if isinstance(event, ScalarEvent):
            return self.scalar(event)
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.refuse(event, f"it nests deeper than {MAX_DEPTH} levels")
        tree = self.sequence() if isinstance(event, SequenceStartEvent) else self.mapping(event)
        self.depth -= 1
        return tree

    def sequence(self) -> list[Any]:
        items = []
        while not isinstance(event := next(self.events), SequenceEndEvent):
            items.append(self.value(event))
        return items

    def mapping(self, start: Any) -> dict[str, Any]:
        assert isinstance(start, MappingStartEvent)
        items: dict[str, Any] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            key = self.key(event)
            if key in items:
                self.refuse(event, f'"{key[:64]}" is there twice')
            items[key] = self.value(next(self.events))
        return items

    def key(self, event: Any) -> str:
        if not isinstance(event, ScalarEvent) or event.anchor is not None or event.tag is not None:
            self.refuse(event, "a key must be a plain text")
        return self.text(event)

    def scalar(self, event: ScalarEvent) -> Any:
        text = self.text(event)
        if event.style:  # quoted, or a block
            return text
        if text in _CONSTANTS:
            return _CONSTANTS[text]
        if not _NUMBER.fullmatch(text):
            return text
        if len(text) > MAX_DIGITS:
            self.refuse(event, f"a number has more than {MAX_DIGITS} digits")
        try:
            return int(text) if _INTEGER.fullmatch(text) else Decimal(text)
        except ArithmeticError:
            self.refuse(event, "a number is out of range")

    def text(self, event: ScalarEvent) -> str:
        try:
            event.value.encode()
        except UnicodeEncodeError:
            self.refuse(event, "a text holds half of a character (a lone surrogate)")
        return str(event.value)

    def refuse(self, event: Any, reason: str) -> NoReturn:
        raise DocumentInvalid(reason=f"line {event.start_mark.line + 1}: {reason}")
