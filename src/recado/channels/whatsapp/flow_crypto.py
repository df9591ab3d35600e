"""Opens what WhatsApp asks the endpoint of a form, and seals what it is answered  [pure].

The client makes an AES-128 key for each request and encrypts it to the public key of the number (RSA-2048, OAEP with
SHA-256 and MGF1 of SHA-256). Request and answer are AES-128-GCM under that key, a 16-byte vector, no additional data, the
tag behind the text; the answer's vector is the request's with every bit inverted.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from typing import Any, Final, Self

import msgspec
from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from recado.errors import FormCannotDecrypt, FormRequestInvalid

_BITS: Final = 2048
_EXPONENT: Final = 65537
_AES_BYTES: Final = 16
_VECTOR_BYTES: Final = 16
_TAG_BYTES: Final = 16
_OAEP: Final = OAEP(mgf=MGF1(algorithm=hashes.SHA256()), algorithm=hashes.SHA256(), label=None)


class Envelope(msgspec.Struct, frozen=True):
    """The body of a request, three texts in base64; whatever else stands in it is of no account."""

    encrypted_flow_data: str
    encrypted_aes_key: str
    initial_vector: str


_ENVELOPES: Final = msgspec.json.Decoder(Envelope)


@dataclass(frozen=True, slots=True)
class OpenedRequest:
    """What was asked, and what its answer is sealed with."""

    plain: bytes = field(repr=False)
    key: bytes = field(repr=False)
    vector: bytes = field(repr=False)

    def seal(self, answer: bytes) -> str:
        """The answer as the text that is sent back."""
        sealed = AESGCM(self.key).encrypt(bytes(byte ^ 0xFF for byte in self.vector), answer, None)
        return base64.b64encode(sealed).decode()


class FlowKey:
    """The key pair of one number. Reading it from text takes 100 ms and more, so who has it keeps it."""

    def __init__(self, private_key: rsa.RSAPrivateKey) -> None:
        self._private_key = private_key

    def __repr__(self) -> str:
        """Nothing of the key."""
        return "FlowKey(…)"

    @classmethod
    def generate(cls) -> Self:
        """A new random pair; takes a tenth of a second or more."""
        return cls(rsa.generate_private_key(_EXPONENT, _BITS))

    @classmethod
    def load(cls, pem: str, passphrase: str | None = None) -> Self:
        """From the PEM text of a private key. Raises ValueError where it is none of RSA with 2048 bits."""
        try:
            found: Any = serialization.load_pem_private_key(pem.encode(), passphrase.encode() if passphrase else None)
        except (TypeError, UnsupportedAlgorithm) as problem:  # a passphrase that is missing or not wanted; another kind
            raise ValueError(str(problem)) from None
        if not isinstance(found, rsa.RSAPrivateKey) or found.key_size != _BITS:
            raise ValueError("not an RSA key of 2048 bits")
        return cls(found)

    def private_pem(self) -> str:
        """The private key as text (PKCS #8), to be sealed at once."""
        return self._private_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()

    def public_pem(self) -> str:
        """The public key as text, as the Graph API takes it."""
        return (
            self._private_key.public_key()
            .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
            .decode()
        )

    def open(self, body: bytes) -> OpenedRequest:
        """Open the body of a request. Raises FormRequestInvalid where it is no envelope, else FormCannotDecrypt.

        What exactly does not fit is never told: not which byte, and not which of the steps.
        """
        envelope = read_envelope(body)
        vector = _decode(envelope.initial_vector)
        data = _decode(envelope.encrypted_flow_data)
        key = self._open_key(_decode(envelope.encrypted_aes_key))
        if len(vector) != _VECTOR_BYTES or len(data) < _TAG_BYTES:
            raise FormCannotDecrypt
        try:
            return OpenedRequest(AESGCM(key).decrypt(vector, data, None), key, vector)
        except InvalidTag:
            raise FormCannotDecrypt from None

    def _open_key(self, encrypted: bytes) -> bytes:
        try:
            key = self._private_key.decrypt(encrypted, _OAEP)
        except ValueError:  # another key's, or damaged
            raise FormCannotDecrypt from None
        if len(key) != _AES_BYTES:
            raise FormCannotDecrypt
        return key


def read_envelope(body: bytes) -> Envelope:
    """The three texts of a request's body. Raises FormRequestInvalid."""
    try:
        return _ENVELOPES.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise FormRequestInvalid(reason="it is not the encrypted request of a form") from None


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):  # ValueError for text beyond ASCII
        raise FormCannotDecrypt from None
