"""The rules for what people type about themselves: e-mail addresses and names."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from recado.errors import FieldRequired, FieldTooLong, Invalid

MAX_NAME_CHARACTERS: Final = 200
MAX_EMAIL_CHARACTERS: Final = 254  # RFC 5321 4.5.3.1.3, without the angle brackets
_EMAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)*")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def clean_email(text: str, path: str = "email") -> str:
    """An address in the form it is kept and compared in: trimmed, composed (NFC), lower case.

    Only its shape is judged; whether it exists, only a letter to it could tell. Raises FieldRequired, Invalid.
    """
    text = unicodedata.normalize("NFC", text.strip()).lower()
    if not text:
        raise FieldRequired(path)
    if len(text) > MAX_EMAIL_CHARACTERS or _CONTROL.search(text) or not _EMAIL.fullmatch(text):
        raise Invalid(path, reason="This is not an e-mail address.")
    return text


def clean_name(text: str, path: str = "name") -> str:
    """A name of 1 to 200 characters, trimmed. Raises FieldRequired, FieldTooLong, Invalid."""
    text = text.strip()
    if not text:
        raise FieldRequired(path)
    if len(text) > MAX_NAME_CHARACTERS:
        raise FieldTooLong(path, limit=MAX_NAME_CHARACTERS)
    if _CONTROL.search(text):
        raise Invalid(path, reason="Control characters are not allowed here.")
    return text


def name_of(name: str, email: str) -> str:
    """The given name, or the part of the e-mail before the `@` when none was given."""
    return clean_name(name) if name.strip() else email.partition("@")[0]
