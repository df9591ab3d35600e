"""Makes and digests what a caller proves itself with: API keys, session tokens and set-up links.

All three hold 256 random bits, for which a fast hash is enough (ASVS 5.0, 6.5.2); only their SHA-256 is ever stored.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import Final

_VISIBLE_CHARACTERS: Final = 8
_KEY_SHAPE: Final = re.compile(rb"rck_[0-9a-z]{8}_[A-Za-z0-9_-]{43}")
_TOKEN_SHAPE: Final = re.compile(r"[A-Za-z0-9_-]{43}")


def new_token() -> str:
    """43 characters of base64url that nobody can guess."""
    return secrets.token_urlsafe(32)


def key_prefix(key_id: str) -> str:
    """What people see of a key ever after: `rck_` and the end of its id, enough to find the one that leaked."""
    return f"rck_{key_id[-_VISIBLE_CHARACTERS:]}"


def new_api_key(key_id: str) -> str:
    """The text of a new key, shown once."""
    return f"{key_prefix(key_id)}_{new_token()}"


def is_api_key(text: bytes) -> bool:
    """Whether `text` has the shape of a key; anything else need not be looked up."""
    return _KEY_SHAPE.fullmatch(text) is not None


def is_token(text: str) -> bool:
    """Whether `text` has the shape of a session token or a set-up link's token."""
    return _TOKEN_SHAPE.fullmatch(text) is not None


def digest(token: str | bytes) -> str:
    """What is stored of a token: its SHA-256 as 64 hex digits."""
    return hashlib.sha256(token.encode() if isinstance(token, str) else token).hexdigest()
