"""Bytes as text that fits into URLs: base64url without padding (RFC 4648 section 5)."""

from __future__ import annotations

import base64
import binascii


def encode(raw: bytes) -> str:
    """The text form."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """The bytes again; empty for damaged text."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""
