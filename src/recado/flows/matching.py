"""How what a person wrote is compared: capital letters, accents, blanks and closing marks make no difference."""

from __future__ import annotations

import unicodedata
from typing import Final

_MARKS: Final = " \t\r\n.,;:!?¡¿'\"()"
_UNHEARD: Final = frozenset({"Mn", "Me", "Cf"})  # marks on letters, the frame of a keycap, joiners


def fold(text: str) -> str:
    """The text as it is compared: `  ¡Sí! ` and `si` are the same; a text of marks alone stays as it is."""
    stripped = text.strip(_MARKS) or text.strip()
    if not stripped.isascii():
        letters = unicodedata.normalize("NFKD", stripped)
        stripped = "".join(letter for letter in letters if unicodedata.category(letter) not in _UNHEARD)
    return " ".join(stripped.casefold().split())
