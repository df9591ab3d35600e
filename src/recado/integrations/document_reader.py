"""Reads the YAML of exported files into a plain tree, and refuses whatever else YAML can do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final, NoReturn

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

MAX_DEPTH: Final = 100  # a JSON body may nest 64 deep, the file around it takes 6
MAX_VALUES: Final = 100_000  # about 2 s of reading

_INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)")  # RFC 8259 section 6
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_CONSTANTS: Final = {"null": None, "~": None, "": None, "true": True, "false": False}


def read_tree(text: str) -> Any:
    """The tree a file holds; numbers with a fraction are Decimal. Raises DocumentInvalid, saying the line."""
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
