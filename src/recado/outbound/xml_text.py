"""Reads an author's XML text with references in it: which stand in text, in attribute values, in CDATA, or in markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal

from recado.template import Reference, Template

XmlPlace = Literal["text", "cdata", "markup"]
"""`text` covers attribute values too: the same characters are escaped there."""

_OPEN_ENTITY: Final = re.compile(r"&[^;<>\s]*\Z")

_NEXT: Final = {
    "text": re.compile(r"<!--|<!\[CDATA\[|<\?|<!|<"),
    "comment": re.compile(r"-->"),
    "cdata": re.compile(r"\]\]>"),
    "instruction": re.compile(r"\?>"),
    "declaration": re.compile(r">|\["),
    "subset": re.compile(r"\][ \t\r\n]*>"),
    "tag": re.compile(r"[>\"']"),
    '"': re.compile(r'"'),
    "'": re.compile(r"'"),
}
_AFTER: Final = {
    ("text", "<!--"): "comment",
    ("text", "<![CDATA["): "cdata",
    ("text", "<?"): "instruction",
    ("text", "<!"): "declaration",
    ("text", "<"): "tag",
    ("declaration", "["): "subset",
    ("tag", '"'): '"',
    ("tag", "'"): "'",
    ('"', '"'): "tag",
    ("'", "'"): "tag",
}
_PLACES: Final[dict[str, XmlPlace]] = {"text": "text", '"': "text", "'": "text", "cdata": "cdata"}


def xml_parts(template: Template) -> Iterator[tuple[str | Reference, XmlPlace]]:
    """Each part with the place it begins in; a value may stand in text and CDATA, never in markup.

    A reference after an `&` that is still open counts as markup: its value would choose the entity.
    """
    state = "text"
    before = ""
    for part in template.parts:
        place = _PLACES.get(state, "markup")
        if isinstance(part, str):
            yield part, place
            state = _scan(part, state)
            before = part
            continue
        is_in_entity = place == "text" and _OPEN_ENTITY.search(before) is not None
        yield part, "markup" if is_in_entity else place
        before = ""


def _scan(literal: str, state: str) -> str:
    """The state at the end of `literal`; whatever ends a state without an entry in the table leads back to text."""
    position = 0
    while (found := _NEXT[state].search(literal, position)) is not None:
        state = _AFTER.get((state, found[0]), "text")
        position = found.end()
    return state
