"""How what a person wrote is compared: capital letters, accents, blanks and closing marks make no difference."""

from __future__ import annotations

import unicodedata
from typing import Final

_MARKS: Final = " \t\r\n.,;:!?¡¿'\"()"


def fold(text: str) -> str:
    """The text as it is compared: `  ¡Sí! ` and `si` are the same; a text of marks alone stays as it is."""
    stripped = text.strip(_MARKS) or text.strip()
    if not stripped.isascii():
        letters = unicodedata.normalize("NFKD", stripped)
        stripped = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(stripped.casefold().split())
