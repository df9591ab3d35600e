"""Canaries: secrets of the tests in every form they could be written in, and a look for them in a heap of bytes."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus


def forms_of(secret: str) -> set[bytes]:
    """How a secret could stand in a log, a row or an answer."""
    data = secret.encode()
    percent = {quote(secret, safe=""), quote_plus(secret), quote(quote(secret, safe=""), safe="")}
    texts = {
        secret,
        data.hex(),
        data.hex().upper(),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        json.dumps(json.dumps(secret))[3:-3],
        html.escape(secret),
        repr(secret)[1:-1],
        *percent,
        *(re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), text) for text in percent),
    }
    wide = {secret.encode("utf-16-le"), secret.encode("utf-16-be")}
    return {text.encode() for text in texts} | wide | _base64_forms(data)


def _base64_forms(data: bytes) -> set[bytes]:
    """At each of the three places it can begin in, without the characters it shares with its neighbours; both alphabets."""
    found = set()
    for shift, begin in ((0, 0), (1, 2), (2, 3)):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            encoded = encode(bytes(shift) + data).rstrip(b"=")
            found.add(encoded[begin : len(encoded) - (1 if (shift + len(data)) % 3 else 0)])
    return found


def find(secrets: Iterable[str], heap: dict[str, bytes]) -> list[tuple[str, bytes, bytes]]:
    """Where a form of a secret stands: (the heap's name, the form, what stands around it)."""
    forms = {form for secret in secrets for form in forms_of(secret)}
    found = []
    for name, data in heap.items():
        for form in forms:
            at = data.find(form)
            if at >= 0:
                found.append((name, form, data[max(0, at - 80) : at + len(form) + 80]))
    return found
