"""A version of a flow made ready to be walked: blocks by id, texts read once. Cheap to make, and it never changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from zoneinfo import ZoneInfo

from recado.flows.definition import Block, Definition, FlowSettings, QuestionBlock, Variable
from recado.flows.matching import fold
from recado.flows.references import FlowText, Root, parse_leniently
from recado.flows.texts import TEXTS, Texts

_MAX_KEPT_TEXTS: Final = 5000


@dataclass(frozen=True, slots=True, eq=False)
class Flow:
    """One version of a flow, ready."""

    version_id: str
    start: str
    blocks: Mapping[str, Block]
    variables: Mapping[str, Variable]
    settings: FlowSettings
    called: Mapping[str, str]
    """The pinned version of the flow that each call_flow block calls, by block."""
    moments: frozenset[tuple[Root, str]]
    """The answers and variables that are dates: people are shown them in the flow's own time."""
    zone: dt.tzinfo
    exit_words: frozenset[str]
    texts: Texts
    _read: dict[str, FlowText] = field(default_factory=dict, repr=False)

    def read(self, text: str) -> FlowText:
        """A text of this flow, parsed; kept, since a flow says the same again and again."""
        found = self._read.get(text)
        if found is None:
            found = parse_leniently(text)
            if len(self._read) < _MAX_KEPT_TEXTS:
                self._read[text] = found
        return found


Program = Mapping[str, Flow]
"""The flows a conversation may walk, by version id: its own and those it calls."""


def compile_flow(definition: Definition, version_id: str, called: Mapping[str, str] | None = None) -> Flow:
    """Make a definition ready; `called` gives the pinned version of each call_flow block. Never raises for a draft."""
    blocks: dict[str, Block] = {}
    moments: set[tuple[Root, str]] = set()
    for block in definition.blocks:
        blocks.setdefault(block.id, block)
        if isinstance(block, QuestionBlock) and block.expects == "datetime":
            moments.add(("answers", block.answer))
    variables = {variable.key: variable for variable in definition.variables}
    moments.update(("variables", key) for key, variable in variables.items() if variable.type == "datetime")
    settings = definition.settings
    return Flow(
        version_id=version_id,
        start=definition.start,
        blocks=blocks,
        variables=variables,
        settings=settings,
        called=dict(called or {}),
        moments=frozenset(moments),
        zone=_zone_of(settings.timezone),
        exit_words=frozenset(fold(word) for word in settings.exit_words if word.strip()),
        texts=TEXTS[settings.language],
    )


def _zone_of(name: str) -> dt.tzinfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        return dt.UTC
