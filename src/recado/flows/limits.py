"""Every limit of WhatsApp on what is said, of ours on what is kept, and how a text is cut to fit one."""

from __future__ import annotations

import unicodedata
from typing import Final

MAX_TEXT: Final = 4096
MAX_CAPTION: Final = 1024
MAX_BODY: Final = 1024
"""The text beside buttons, a list, a link or a request for a location; for lists Meta's pages say 4096 and its API 1024."""
MAX_HEADER: Final = 60
MAX_FOOTER: Final = 60

MAX_BUTTONS: Final = 3
MAX_BUTTON_TITLE: Final = 20
MAX_ROWS: Final = 10
"""Rows of a list in all, whatever their sections."""
MAX_SECTIONS: Final = 10
MAX_ROW_TITLE: Final = 24
MAX_ROW_DESCRIPTION: Final = 72
MAX_SECTION_TITLE: Final = 24
MAX_LABEL: Final = 20
"""What the button that opens a list, or a link, says."""
MAX_FORM_LABEL: Final = 30
"""What the button that opens a form says; no emoji."""

MAX_BUTTON_ID: Final = 256
MAX_ROW_ID: Final = 200

MAX_FILENAME: Final = 240
MAX_URL: Final = 2000
MAX_PLACE_WORDS: Final = 1000
"""Name and address of a location."""

PAGE_ROWS: Final = MAX_ROWS - 1
"""Rows of a page that is followed by another: the last place is for "More"."""
MAX_SOURCE_ROWS: Final = 200
"""Rows taken out of an answer; nobody turns more than twenty pages."""

MAX_MESSAGES: Final = 10
"""Messages between two answers: WhatsApp lets 45 through in a burst, then one in 6 seconds."""
MAX_BLOCKS: Final = 100
"""Blocks between two answers; a flow that walks further walks in a circle."""
MAX_FRAMES: Final = 10
"""Flows that call each other, at once."""
MAX_WAIT_SECONDS: Final = 30 * 86_400
LONG_WAIT_SECONDS: Final = 60

MAX_FILES: Final = 30
"""Of one album, the most that WhatsApp lets people send at once."""
MAX_VALUE_BYTES: Final = 64 * 1024
"""Of one answer, output or variable, as JSON."""
MAX_STATE_BYTES: Final = 256 * 1024
"""Of all that a conversation keeps; every turn reads and writes it."""
"""After a wait block of this length messages and blocks are counted anew."""

_JOINER: Final = "\u200d"
_ELLIPSIS: Final = "…"


def length_of(text: str) -> int:
    """UTF-16 units: which of them and code points WhatsApp counts is not documented, and these are never fewer."""
    return len(text) if text.isascii() else len(text) + sum(character > "\uffff" for character in text)


def cut(text: str, limit: int) -> str:
    """The text, its end replaced by `…` where it is longer than `limit`; letters with marks and emoji stay whole."""
    if length_of(text) <= limit:
        return text
    room = limit - 1
    end = 0
    for character in text:
        room -= 2 if character > "\uffff" else 1
        if room < 0:
            break
        end += 1
    while end > 0 and _is_inside(text, end):
        end -= 1
    return text[:end].rstrip() + _ELLIPSIS


def _is_inside(text: str, at: int) -> bool:
    """Whether a cut before `text[at]` would tear what is seen as one character (roughly UAX 29)."""
    after, before = text[at], text[at - 1]
    if _JOINER in {after, before} or unicodedata.combining(after) or unicodedata.category(after) == "Mn":
        return True
    if "\U0001f3fb" <= after <= "\U0001f3ff":  # a skin tone
        return True
    if _is_regional(after):  # flags are pairs of these
        begin = at
        while begin > 0 and _is_regional(text[begin - 1]):
            begin -= 1
        return (at - begin) % 2 == 1
    return False


def _is_regional(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
