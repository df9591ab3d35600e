"""Tokens of forms: nobody guesses one, only its hash is kept, and Meta may sign it with the app secret  [pure]."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from recado import base64url

_BYTES: Final = 24
_LONGEST: Final = 4096
_JSON: Final = msgspec.json.Decoder()


def new_token() -> str:
    """192 random bits as text."""
    return secrets.token_urlsafe(_BYTES)


def hash_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def is_signed(token: str, signature: str, app_secrets: Sequence[bytes]) -> bool:
    """Whether a JWT (RFC 7519, HS256) over this very token was made with one of the secrets."""
    parts = signature.split(".") if len(signature) <= _LONGEST and signature.isascii() else []
    if len(parts) != 3:
        return False
    header, claims, given = _read(parts[0]), _read(parts[1]), base64url.decode(parts[2])
    if not isinstance(header, dict) or header.get("alg") != "HS256":  # `none` and the like are no signature
        return False
    signed = f"{parts[0]}.{parts[1]}".encode()
    is_right = False
    for secret in app_secrets:
        if secret:
            is_right |= hmac.compare_digest(hmac.digest(secret, signed, "sha256"), given)
    return is_right and isinstance(claims, dict) and claims.get("flow_token") == token


def sign(token: str, app_secret: bytes) -> str:
    """The same as Meta makes it, for whoever plays the client."""
    parts = [
        base64url.encode(msgspec.json.encode(each)) for each in ({"alg": "HS256", "typ": "JWT"}, {"flow_token": token})
    ]
    return ".".join([*parts, base64url.encode(hmac.digest(app_secret, ".".join(parts).encode(), "sha256"))])


def _read(text: str) -> Any:
    try:
        return _JSON.decode(base64url.decode(text))
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None
