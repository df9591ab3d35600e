"""A JSON body: a tree whose leaves are filled in place, so that no value can change its shape."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from recado.errors import BodyInvalid, DuplicateName, InputNotAllowedInBody
from recado.fields import Value
from recado.outbound.binding import Binder, Place
from recado.outbound.definition import Row
from recado.outbound.encoding import escape_json, write_json, write_json_scalar, write_json_string
from recado.outbound.slots import Auth, Inputs, RowTemplate, row_of
from recado.template import Reference

MAX_DEPTH: Final = 64

_TEXT: Final = Place(escape_json, InputNotAllowedInBody, escape_json)


@dataclass(frozen=True, slots=True)
class Collection:
    """An object or array with references somewhere in it; `items` are (`"key":` or nothing, node)."""

    brackets: str
    items: tuple[tuple[str, Node], ...]

    def render(self, inputs: Inputs, auth: Auth) -> str:
        """The collection without the items whose optional value is missing."""
        written: list[str] = []
        for prefix, node in self.items:
            text = node if isinstance(node, str) else node.render(inputs, auth)
            if text is not None:
                written.append(prefix + text)
        return f"{self.brackets[0]}{','.join(written)}{self.brackets[1]}"


Node = str | RowTemplate | Collection
"""A constant is its JSON text already; the others are written at each run."""


@dataclass(frozen=True, slots=True)
class JsonBody:
    """A body of type `json`."""

    root: Node

    def render(self, inputs: Inputs, auth: Auth) -> tuple[bytes, str]:
        """The tree; a root that is one missing optional value is `null`."""
        root = self.root
        text = root if isinstance(root, str) else root.render(inputs, auth)
        return ("null" if text is None else text).encode(), "application/json"


def compile_json_rows(fields: Sequence[Row], binder: Binder) -> JsonBody:
    """One object of key-value rows; a dot in a key is a dot. `send_empty` sends null, or "" for a value with text in it."""
    seen: set[str] = set()
    items: list[tuple[str, Node]] = []
    for index, row in enumerate(fields):
        path = f"body.fields[{index}]"
        key = binder.key(row.key, f"{path}.key")
        if key in seen:
            binder.report(f"{path}.key", DuplicateName(name=key))
        seen.add(key)
        binder.check_datetime_format(row, path)
        node = _leaf(row.value, f"{path}.value", binder, row.datetime_format)
        if isinstance(node, RowTemplate) and row.send_empty:
            node = RowTemplate(node.parts, "null" if len(node.parts) == 1 else '""')
        items.append((f"{write_json_string(key)}:", node))
    return JsonBody(_collection("{}", items))


def compile_json_tree(tree: Any, binder: Binder) -> JsonBody:
    """Any JSON with templates in its strings; reports below `body.json`."""
    return JsonBody(_node(tree, "body.json", binder, 0))


def _node(value: Any, path: str, binder: Binder, depth: int) -> Node:
    if isinstance(value, str):
        return _leaf(value, path, binder)
    if value is None or isinstance(value, bool | int | float | Decimal):
        return _scalar(value, path, binder)
    if depth >= MAX_DEPTH:
        binder.report(path, BodyInvalid(reason=f"The body is nested deeper than {MAX_DEPTH} levels."))
        return "null"
    if isinstance(value, Mapping):
        return _collection("{}", [_member(key, child, path, binder, depth) for key, child in value.items()])
    if isinstance(value, Sequence):
        children = enumerate(value)
        return _collection(
            "[]", [("", _node(child, f"{path}[{index}]", binder, depth + 1)) for index, child in children]
        )
    binder.report(path, BodyInvalid(reason="This is not JSON."))
    return "null"


def _member(key: Any, child: Any, path: str, binder: Binder, depth: int) -> tuple[str, Node]:
    place = f"{path}.{key}"
    name = write_json_string(binder.literal(str(key), place))
    return f"{name}:", _node(child, place, binder, depth + 1)


def _scalar(value: float | Decimal | None, path: str, binder: Binder) -> str:
    try:
        return write_json_scalar(value)
    except ValueError:
        binder.report(path, BodyInvalid(reason="This is not a number that JSON can hold."))
        return "null"


def _leaf(text: str, path: str, binder: Binder, datetime_format: str | None = None) -> str | RowTemplate:
    """A string; or, when it is one reference alone, a value of that reference's own type."""
    parts = binder.parse(text, path).parts
    if len(parts) == 1 and isinstance(parts[0], Reference):
        slot = binder.typed_slot(parts[0], path, _TEXT, _json_writer(datetime_format))
        return "null" if slot is None else RowTemplate((slot,))
    return row_of(('"', *binder.bind_parts(parts, path, _TEXT, datetime_format), '"'))


def _json_writer(datetime_format: str | None) -> Callable[[Value], str]:
    return lambda value: write_json(value, datetime_format)


def _collection(brackets: str, items: Sequence[tuple[str, Node]]) -> Node:
    """The items with neighbouring constants joined; one constant when all of them are."""
    merged: list[tuple[str, Node]] = []
    for prefix, node in items:
        if isinstance(node, str) and merged and isinstance(merged[-1][1], str):
            merged[-1] = ("", f"{merged[-1][1]},{prefix}{node}")
        else:
            merged.append(("", prefix + node) if isinstance(node, str) else (prefix, node))
    if all(isinstance(node, str) for _, node in merged):
        return f"{brackets[0]}{''.join(str(node) for _, node in merged)}{brackets[1]}"
    return Collection(brackets, tuple(merged))
