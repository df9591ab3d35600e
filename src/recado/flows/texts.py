"""What a flow says where its author wrote nothing, in each language; the words are in `texts.json`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec


class Texts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The texts of one language; `retry` by the type that a question asks for, and by the check that an answer failed."""

    failure: str
    exit: str
    menu_closed: str
    unsupported: str
    ask_again: str
    reminder: str
    hand_over: str
    prompt: str
    choose: str
    label: str
    more: str
    yes: str
    no: str
    retry: dict[str, str]
    yes_words: list[str]
    no_words: list[str]


TEXTS: Final = msgspec.json.decode((Path(__file__).parent / "texts.json").read_bytes(), type=dict[str, Texts])
"""By language."""
YES_WORDS: Final = frozenset(word for texts in TEXTS.values() for word in texts.yes_words)
NO_WORDS: Final = frozenset(word for texts in TEXTS.values() for word in texts.no_words)
"""Of all languages: a person answers in theirs."""
