"""The YAML of exported files: a plain tree of texts, exact numbers, lists and maps, and nothing else that YAML can do.

What is written is made here, without a library, so that the same tree gives the same bytes for ever. What is read comes
from people: anchors, aliases, tags and duplicate keys are refused, words such as `yes` are text (YAML 1.2 section 10.2).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

import msgspec

from recado.errors import DocumentInvalid

MAX_BYTES: Final = 1024 * 1024
_MAX_SIMPLE_KEY: Final = 1000  # YAML 1.2 section 7.4.2 ends a simple key at 1024 characters

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
    from recado.integrations.document_reader import read_tree  # noqa: PLC0415  # 1.7 MB that most servers never need

    return read_tree(text)
