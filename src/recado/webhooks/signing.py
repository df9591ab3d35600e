"""Signs what is sent to a webhook, by the rules of Standard Webhooks 1.0  [pure].

The receiver's side, with the secret as it was shown (`whsec_` and base64):

    key       = base64 decode of what follows "whsec_"
    signed    = webhook-id + "." + webhook-timestamp + "." + the body's bytes
    signature = "v1," + base64(HMAC-SHA256(key, signed))

is one of those in `webhook-signature`, which a blank separates: two while a secret is replaced. A timestamp that is
minutes old is somebody else sending the same again.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from typing import Final

PREFIX: Final = "whsec_"
_SECRET_BYTES: Final = 32


def new_secret() -> str:
    """A new random secret as it is shown."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def sign(secrets_shown: Sequence[str], event_id: str, timestamp: int, body: bytes) -> str:
    """The value of `webhook-signature`: a signature for each secret, the current one first; `timestamp` in seconds."""
    signed = f"{event_id}.{timestamp}.".encode() + body
    return " ".join(f"v1,{_signature(secret, signed)}" for secret in secrets_shown)


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
