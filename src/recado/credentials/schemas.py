"""What goes into and comes out of credentials over HTTP; a value goes in and never comes out."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec


class SealedValue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A value that the client sealed, with its hosts, to the key of `GET /secret-key`."""

    kid: str
    alg: str
    sealed: str


GivenValue = str | SealedValue | None
"""A value as it comes in: as typed, sealed, or null to clear an optional field."""


class CreateCredential(msgspec.Struct, forbid_unknown_fields=True):
    """A new credential. Without values it is made empty, for a client that seals them to its id afterwards.

    Left out, `hosts` are those of the integration's test request and actions; `id` is for a client that seals beforehand.
    """

    name: str
    values: dict[str, GivenValue] = {}
    hosts: list[str] | msgspec.UnsetType = msgspec.UNSET
    id: str | msgspec.UnsetType = msgspec.UNSET

    def __repr__(self) -> str:
        """Never the values: what is printed ends up in logs and tracebacks."""
        return f"CreateCredential(name={self.name!r}, values=…, hosts={self.hosts!r}, id={self.id!r})"


class UpdateCredential(msgspec.Struct, forbid_unknown_fields=True):
    """A new name."""

    name: str | msgspec.UnsetType = msgspec.UNSET


class SetValues(msgspec.Struct, forbid_unknown_fields=True):
    """New values: those given replace, those not given stay, null clears. Other `hosts` need every password value."""

    values: dict[str, GivenValue] = {}
    hosts: list[str] | msgspec.UnsetType = msgspec.UNSET

    def __repr__(self) -> str:
        """Never the values."""
        return f"SetValues(values=…, hosts={self.hosts!r})"


class FieldState(msgspec.Struct):
    """Whether a field has a value, and since when."""

    is_set: bool
    updated_at: dt.datetime | None


class LastTest(msgspec.Struct):
    """How the newest test of the values that are set ended."""

    verdict: Literal["accepted", "rejected", "reached", "failed"]
    outcome: str
    status: int | None
    at: dt.datetime


class Use(msgspec.Struct):
    """Something that refers to a credential."""

    kind: str
    id: str
    name: str


class Credential(msgspec.Struct):
    """A named set of values for an integration's authentication fields; `fields` holds the state of each."""

    id: str
    integration_id: str
    name: str
    hosts: list[str]
    fields: dict[str, FieldState]
    last_test: LastTest | None
    used_by: list[Use]
    created_at: dt.datetime
    updated_at: dt.datetime
    is_damaged: bool = False
    """Whether what is stored about it cannot be read; only lists show such a credential, without its parts."""


class ProposedHosts(msgspec.Struct):
    """The hosts that an integration's test request and actions call, for a person to look over before entering a secret."""

    hosts: list[str]


class SecretKey(msgspec.Struct):
    """The public key that values are sealed to, and the workspace they are bound to."""

    kid: str
    alg: str
    public_key: str
    """The 32 bytes of X25519 as base64url without padding."""
    fingerprint: str
    """The SHA-256 of those bytes, in hex; `kid` is its first 16 digits. Clients may pin it."""
    workspace_id: str


class SealingKey(msgspec.Struct):
    """One sealing key of a workspace, and how many values are sealed to it."""

    kid: str
    created_at: dt.datetime
    is_current: bool
    sealed_values: int


class SecretsState(msgspec.Struct):
    """How this workspace's secrets are kept; `kid`, `fingerprint` and `created_at` are null before the first key is made."""

    kid: str | None
    fingerprint: str | None
    """The SHA-256 of the public key as it is stored, in hex; clients compare it with that of `GET /secret-key`."""
    alg: str
    created_at: dt.datetime | None
    kek_provider: Literal["file", "env", "vault"]
    keys: list[SealingKey]
    """The current key first, then those it replaced whose values were not sealed anew yet."""
    is_client_sealing_required: bool
