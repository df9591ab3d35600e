"""Ids as Meta makes them, each the same again for the same seed."""

from __future__ import annotations

import base64
import hashlib
from typing import Final

_OUTBOUND: Final = (0x11, 18)  # the mark of what a business sent, and how many hex digits its id has
_INBOUND: Final = (0x12, 20)
_FBTRACE_CHARS: Final = 23


class Ids:
    """Makes ids from a seed and a count for each kind."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._counts: dict[str, int] = {}

    def _digest(self, kind: str) -> bytes:
        number = self._counts[kind] = self._counts.get(kind, 0) + 1
        return hashlib.sha256(f"{self._seed}/{kind}/{number}".encode()).digest()

    def digits(self, kind: str, length: int = 15) -> str:
        """A number as Meta gives its objects: so many digits, the first not 0."""
        value = int.from_bytes(self._digest(kind), "big")
        return str(10 ** (length - 1) + value % (9 * 10 ** (length - 1)))

    def word(self, kind: str, length: int = 24) -> str:
        """Letters and digits."""
        return base64.b32encode(self._digest(kind)).decode()[:length]

    def wamid(self, phone: str, *, is_from_person: bool) -> str:
        """The id of a message: the person's number is in it, so it is personal data."""
        mark, digits = _INBOUND if is_from_person else _OUTBOUND
        hex_id = self._digest("message").hex().upper()
        body = hex_id[:digits].encode()
        person = phone.encode()[:255]
        raw = bytes([0x1C, 0x18, len(person)]) + person + bytes([0x15, 2, 0, mark, 0x18, len(body)]) + body + b"\0"
        return f"wamid.{base64.b64encode(raw).decode()}"

    def fbtrace(self) -> str:
        """What an error carries, for Meta's support to find it by."""
        return "A" + base64.urlsafe_b64encode(self._digest("fbtrace")).decode()[: _FBTRACE_CHARS - 1]


def user_id_of(phone: str) -> str:
    """A business-scoped user id, the same for the same number: a country and letters or digits."""
    return f"US.{int.from_bytes(hashlib.sha256(phone.encode()).digest()[:8], 'big')}"
