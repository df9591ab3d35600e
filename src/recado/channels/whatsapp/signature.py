"""The signature of a delivery: `sha256=` and the HMAC-SHA256 of its bytes, keyed with the secret of the Meta app."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from typing import Final

HEADER: Final = "X-Hub-Signature-256"
_SCHEME: Final = "sha256="
_DIGITS: Final = frozenset("0123456789abcdef")


def sign(body: bytes, secret: bytes) -> str:
    """The value of the header for a body, exactly as it goes over the wire."""
    return _SCHEME + hmac.digest(secret, body, hashlib.sha256).hex()


def is_signed(body: bytes, header: str | None, secrets: Sequence[bytes]) -> bool:
    """Whether one of the secrets signed these bytes; more than one is there while a secret is changed.

    Every secret is tried, in constant time, so that the time tells nothing about which of them fits. An empty secret
    signs nothing. A header of any other form is a wrong one, never an error.
    """
    if header is None or not header.startswith(_SCHEME):
        return False
    given = header[len(_SCHEME) :].strip().lower()
    if len(given) != 64 or not _DIGITS.issuperset(given):
        return False
    is_right = False
    for secret in secrets:
        if secret:
            is_right |= hmac.compare_digest(hmac.digest(secret, body, hashlib.sha256).hex(), given)
    return is_right
