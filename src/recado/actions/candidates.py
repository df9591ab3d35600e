"""Lists what an answer offers as outputs: every value with its key, a sample and the type it seems to have."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

import msgspec

from recado.actions.content import Content
from recado.actions.outputs import OutputFieldType
from recado.actions.paths import MAX_KEY_CHARACTERS, Segment, write_key
from recado.errors import ResponseJsonLimit, ResponseNotJson
from recado.fields import parse_moment
from recado.outbound.masking import Masker

MAX_CANDIDATES: Final = 500
MAX_LEAVES_OF_A_LIST: Final = 100
MAX_SAMPLE_CHARACTERS: Final = 200

_NO_SECRETS: Final = Masker([])


class Candidate(msgspec.Struct, frozen=True):
    """A value that can be made an output. Objects and lists have no sample but say how many members they have."""

    key: str
    type: OutputFieldType
    sample: Any
    """str, int, Decimal, bool or None; msgspec cannot describe a union with both str and Decimal."""
    member_count: int | None = None


def list_candidates(content: Content, masker: Masker = _NO_SECRETS, limit: int = MAX_CANDIDATES) -> list[Candidate]:
    """Every scalar of a JSON body and every object and list as `json`, in the order of the answer, at most `limit`.

    Lists give at most 100 scalars each, all that is inside them counted. Text gives `$body`; what is empty, binary or not
    the JSON it claims to be gives nothing more than that. Strings are cut to 200 characters, after secrets were masked in
    the whole of them; numbers are exact.
    """
    if content.kind == "json":
        try:
            root = content.json
        except (ResponseJsonLimit, ResponseNotJson):
            return _body_as_text(content, masker)
        return _Lister(limit).run(root if masker.is_empty else masker.mask_tree(root))
    return _body_as_text(content, masker)


def guess_type(value: Any) -> OutputFieldType:
    """The type a JSON value seems to have; null could be anything, text is the safe guess."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, Decimal):
        return "number"
    if isinstance(value, (dict, list)):
        return "json"
    if isinstance(value, str) and 20 <= len(value) <= 40 and value[10] in "Tt" and parse_moment(value) is not None:
        return "datetime"
    return "string"


def _body_as_text(content: Content, masker: Masker) -> list[Candidate]:
    text = content.text
    return [] if text is None else [Candidate("$body", "string", _cut(masker.mask_text(text)))]


def _cut(text: str) -> str:
    return text if len(text) <= MAX_SAMPLE_CHARACTERS else f"{text[:MAX_SAMPLE_CHARACTERS]}…"


class _Lister:
    """Walks one body; depth is bounded by the decoder's 64 levels."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.found: list[Candidate] = []

    def run(self, root: Any) -> list[Candidate]:
        self._visit(root, (), MAX_CANDIDATES)
        return self.found

    def _visit(self, value: Any, segments: tuple[Segment, ...], leaves: int) -> int:
        """Add `value` and what is below it; gives how many of the allowed `leaves` it used."""
        key = write_key(segments)
        if len(self.found) >= self.limit or len(key) > MAX_KEY_CHARACTERS:
            return 0
        if not isinstance(value, (dict, list)):
            self.found.append(Candidate(key, guess_type(value), _cut(value) if isinstance(value, str) else value))
            return 1
        self.found.append(Candidate(key, "json", None, len(value)))
        return self._visit_members(
            value, segments, min(leaves, MAX_LEAVES_OF_A_LIST) if isinstance(value, list) else leaves
        )

    def _visit_members(self, value: dict[str, Any] | list[Any], segments: tuple[Segment, ...], leaves: int) -> int:
        used = 0
        for segment, member in _members(value):
            if used >= leaves or len(self.found) >= self.limit:
                break
            used += self._visit(member, (*segments, segment), leaves - used)
        return used


def _members(value: dict[str, Any] | list[Any]) -> Iterator[tuple[Segment, Any]]:
    return iter(value.items()) if isinstance(value, dict) else iter(enumerate(value))
