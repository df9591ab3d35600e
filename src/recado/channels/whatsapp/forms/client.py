"""Plays WhatsApp's client of a form: encrypts what it asks and reads what it is answered, for whoever tries a form  [pure]."""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from recado.channels.whatsapp.forms import tokens
from recado.channels.whatsapp.signature import sign

_OAEP: Final = OAEP(mgf=MGF1(algorithm=hashes.SHA256()), algorithm=hashes.SHA256(), label=None)
_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it is sent, and what opens its answer."""

    body: bytes
    signature: str
    key: bytes = field(repr=False)
    vector: bytes = field(repr=False)

    def read(self, sealed: str) -> dict[str, Any] | None:
        """What was answered; None where the client could not read it."""
        vector = bytes(byte ^ 0xFF for byte in self.vector)
        try:
            found = msgspec.json.decode(AESGCM(self.key).decrypt(vector, base64.b64decode(sealed), None))
        except (InvalidTag, ValueError):  # msgspec's errors and base64's are ValueErrors
            return None
        return found if isinstance(found, dict) else None


def ask(public_pem: str, app_secret: bytes, asked: dict[str, Any], token: str = "") -> Request:
    """Encrypt and sign a request, as the client and Meta together do."""
    public: Any = serialization.load_pem_public_key(public_pem.encode())
    assert isinstance(public, rsa.RSAPublicKey)
    if token:
        asked = asked | {"flow_token": token, "flow_token_signature": tokens.sign(token, app_secret)}
    key, vector = os.urandom(16), os.urandom(16)
    envelope = {
        "encrypted_flow_data": AESGCM(key).encrypt(vector, _ENCODER.encode({"version": "3.0"} | asked), None),
        "encrypted_aes_key": public.encrypt(key, _OAEP),
        "initial_vector": vector,
    }
    body = msgspec.json.encode({name: base64.b64encode(raw).decode() for name, raw in envelope.items()})
    return Request(body, sign(body, app_secret), key, vector)
