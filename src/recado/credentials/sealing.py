"""Seals a secret to a public key so that only the holder of the private key can read it: HPKE (RFC 9180)  [pure].

Suite: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM, base mode, one message a key schedule, `aad` empty.
Everything a sealed secret is bound to stands in `info`, so a sealed secret moved to another place does not open.

What a client makes (`@hpke/core` in the browser, any RFC 9180 library elsewhere), with the key of `GET /secret-key`:

    plaintext = UTF-8 of the JSON {"value": "<the secret>", "hosts": ["https://api.acme.com", …]}
    info      = for each of "recado/secret/v1", workspace id, integration id, credential id, authentication field id:
                length of its UTF-8 in bytes as 4 bytes big-endian, then those bytes
    enc, ct   = Seal(public key, info, aad = "", plaintext)      enc has 32 bytes, ct has len(plaintext) + 16
    sealed    = base64url without padding of enc || ct
    send      {"kid": …, "alg": "X25519-HKDF-SHA256-A256GCM", "sealed": sealed}
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from recado import base64url
from recado.errors import FieldTooLong, Invalid, SealedValueInvalid, SecretUnreadable

ALG: Final = "X25519-HKDF-SHA256-A256GCM"
SEAL_PURPOSE: Final = "recado/secret/v1"
WRAP_PURPOSE: Final = "recado/key/v1"

MAX_VALUE_CHARACTERS: Final = 16_384
MAX_HOSTS: Final = 20
MAX_HOST_CHARACTERS: Final = 300
_OVERHEAD_BYTES: Final = 32 + 16  # the encapsulated key before the text, the tag after it
# A value of control characters alone takes six bytes a character in JSON, 98,304 in all; the hosts take at most 36,000.
MAX_SEALED_BYTES: Final = 144 * 1024
MAX_SEALED_CHARACTERS: Final = -(-MAX_SEALED_BYTES * 4 // 3)

_SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)

_HostEntry = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_HOST_CHARACTERS)]


class Secret(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a sealed secret holds: the value, and the hosts it may be sent to as they were typed with it."""

    value: Annotated[str, msgspec.Meta(max_length=MAX_VALUE_CHARACTERS)]
    hosts: Annotated[tuple[_HostEntry, ...], msgspec.Meta(max_length=MAX_HOSTS)]

    def __repr__(self) -> str:
        """Never the value: what is printed ends up in logs and tracebacks."""
        return f"Secret(value=…, hosts={self.hosts!r})"


_SECRET_DECODER: Final = msgspec.json.Decoder(Secret)


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A sealing key pair; both keys are the 32 raw bytes of X25519 (RFC 7748)."""

    private_key: bytes = field(repr=False)
    public_key: bytes

    @property
    def kid(self) -> str:
        """The id of this pair."""
        return kid_of(self.public_key)


def generate_key_pair() -> KeyPair:
    """A new random key pair."""
    private_key = X25519PrivateKey.generate().private_bytes_raw()
    return KeyPair(private_key, public_key_of(private_key))


def public_key_of(private_key: bytes) -> bytes:
    """The public key that belongs to a private key; ValueError where that is not 32 bytes."""
    return X25519PrivateKey.from_private_bytes(private_key).public_key().public_bytes_raw()


def kid_of(public_key: bytes) -> str:
    """The id of a key pair: the first 16 hex digits of the SHA-256 of the raw public key."""
    return hashlib.sha256(public_key).hexdigest()[:16]


def secret_info(workspace_id: str, integration_id: str, credential_id: str, auth_field_id: str) -> bytes:
    """The place a secret is bound to; each part carries its length, so no two places have the same bytes."""
    parts = (SEAL_PURPOSE, workspace_id, integration_id, credential_id, auth_field_id)
    encoded = [part.encode() for part in parts]
    return b"".join(len(part).to_bytes(4) + part for part in encoded)


def private_key_aad(workspace_id: str, kid: str) -> bytes:
    """What a wrapped private key is bound to; the kid has a fixed length, so the split is never in doubt."""
    return f"{WRAP_PURPOSE}|{workspace_id}|{kid}".encode()


def seal(public_key: bytes, plaintext: bytes, info: bytes) -> bytes:
    """Seal bytes: `enc || ciphertext`, 48 bytes longer than the plaintext; ValueError for a key that is no X25519 point."""
    return _SUITE.encrypt(plaintext, X25519PublicKey.from_public_bytes(public_key), info=info)


def open_sealed(private_key: bytes, sealed: bytes, info: bytes, *, name: str = "") -> bytes:
    """Open what `seal` made with the same `info`; `name` is the credential's, for the error's sentence.

    Raises SecretUnreadable for another key, another place, or any changed bit: which of them cannot be told apart.
    """
    try:
        return _SUITE.decrypt(sealed, X25519PrivateKey.from_private_bytes(private_key), info=info)
    except InvalidTag:
        raise SecretUnreadable(name=name) from None


def encode_secret(value: str, hosts: Sequence[str]) -> bytes:
    """The plaintext of a secret. Raises FieldTooLong (path `value`) or Invalid (too many or too long hosts, not text)."""
    if len(value) > MAX_VALUE_CHARACTERS:
        raise FieldTooLong("value", limit=MAX_VALUE_CHARACTERS)
    if len(hosts) > MAX_HOSTS or not all(0 < len(entry) <= MAX_HOST_CHARACTERS for entry in hosts):
        reason = f"Name at most {MAX_HOSTS} hosts of at most {MAX_HOST_CHARACTERS} characters each."
        raise Invalid("hosts", reason=reason)
    try:
        return msgspec.json.encode(Secret(value, tuple(hosts)))
    except UnicodeEncodeError:
        raise Invalid("value", reason="The value holds a character that is not text.") from None


def decode_secret(plaintext: bytes, *, name: str = "") -> Secret:
    """Read the plaintext of a secret, whoever sealed it. Raises SecretUnreadable for any other shape or size."""
    try:
        return _SECRET_DECODER.decode(plaintext)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise SecretUnreadable(name=name) from None


def encode_sealed(sealed: bytes) -> str:
    """The text form: base64url without padding (RFC 4648 section 5)."""
    return base64url.encode(sealed)


def decode_sealed(text: str) -> bytes:
    """The bytes of the text form, which has one spelling only. Raises SealedValueInvalid; needs no key, so any tier may ask."""
    if len(text) > MAX_SEALED_CHARACTERS:
        raise SealedValueInvalid("sealed")
    sealed = base64url.decode(text)
    if len(sealed) < _OVERHEAD_BYTES or encode_sealed(sealed) != text:  # base64 would let spare bits and padding differ
        raise SealedValueInvalid("sealed")
    return sealed


def seal_secret(public_key: bytes, value: str, hosts: Sequence[str], info: bytes) -> str:
    """Seal a value together with its hosts, as text. Raises what `encode_secret` raises."""
    return encode_sealed(seal(public_key, encode_secret(value, hosts), info))


def open_secret(private_key: bytes, sealed: str, info: bytes, *, name: str) -> Secret:
    """Open the text form into its value and hosts; `name` is the credential's. Raises SecretUnreadable for any damage."""
    try:
        plaintext = open_sealed(private_key, decode_sealed(sealed), info, name=name)
    except SealedValueInvalid:
        raise SecretUnreadable(name=name) from None
    return decode_secret(plaintext, name=name)
