"""Sealing keys: one key pair a workspace, made on first need and never in place of a lost one, its private half under the KEK."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
import sqlalchemy as sa
import structlog

from recado import base64url
from recado.accounts import audit
from recado.accounts.caller import Caller
from recado.credentials import keys_repository
from recado.credentials.definition import Place
from recado.credentials.kek import FileKek, KekProvider, keys_folder, load_kek
from recado.credentials.repository import Row
from recado.credentials.schemas import SealingKey, SecretKey, SecretsState
from recado.credentials.sealing import (
    ALG,
    KeyPair,
    Secret,
    generate_key_pair,
    kid_of,
    open_secret,
    private_key_aad,
    public_key_of,
)
from recado.db.columns import utc_now
from recado.db.engine import Database
from recado.errors import KekMismatch, KekUnavailable, KekUnsafe, SecretKeyUnavailable, SecretUnreadable
from recado.settings import Settings

KEPT_SECONDS: Final = 600.0  # how long a private key is kept: a KEK in a vault costs a round trip each time
_MOST_KEPT: Final = 1_000
_log: Final = structlog.get_logger("recado.credentials.keys")


class Finding(msgspec.Struct, frozen=True):
    """A sealing key that cannot be used now, how many values are sealed to it, and what to do, for start-up and `doctor`."""

    kid: str
    values: int
    message: str


# ── one key ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def describe_key(workspace_id: str, public_key: bytes) -> SecretKey:
    """What everybody may know of a key."""
    fingerprint = hashlib.sha256(public_key).hexdigest()
    return SecretKey(kid_of(public_key), ALG, base64url.encode(public_key), fingerprint, workspace_id)


def unwrap_key(kek: KekProvider, workspace_id: str, kid: str, wrapped: str) -> KeyPair:
    """The pair; its public half is made from the private one, which nobody without the KEK can have put there.

    Raises KekMismatch, KekUnavailable.
    """
    raw, aad = base64url.decode(wrapped), private_key_aad(workspace_id, kid)
    try:
        private_key = kek.unwrap(raw, aad)
    except KekMismatch:
        kek.refresh()  # another process may have replaced it
        private_key = kek.unwrap(raw, aad)
    pair = KeyPair(private_key, public_key_of(private_key))
    if pair.kid != kid:
        raise KekMismatch(key_id=kek.key_id, reason="it belongs to another place")
    return pair


class Keyring:
    """The private keys of one process, unwrapped when they are needed and kept for ten minutes; safe for many threads."""

    def __init__(self, kek: KekProvider | None) -> None:
        """Without a KEK every key is unavailable."""
        self.kek = kek
        self._kept: dict[tuple[str, str, str], tuple[float, KeyPair]] = {}

    def pair(self, workspace_id: str, kid: str, wrapped: str) -> KeyPair:
        """The pair of a stored key. Raises SecretKeyUnavailable; the log says why."""
        place = (workspace_id, kid, wrapped)
        until, pair = self._kept.get(place, (0.0, None))
        if pair is not None and time.monotonic() < until:
            return pair
        pair = self._unwrap(*place)
        while len(self._kept) >= _MOST_KEPT:
            self._kept.pop(next(iter(self._kept)), None)
        self._kept[place] = (time.monotonic() + KEPT_SECONDS, pair)
        return pair

    def _unwrap(self, workspace_id: str, kid: str, wrapped: str) -> KeyPair:
        if self.kek is None:
            raise SecretKeyUnavailable
        try:
            return unwrap_key(self.kek, workspace_id, kid, wrapped)
        except KekUnavailable as problem:
            _log.warning("secret_key_unavailable", kid=kid, reason=str(problem))
            raise SecretKeyUnavailable from problem

    def open_value(self, place: Place, row: Row) -> Secret:
        """Open a row of `sealed_values` in its place. Raises SecretUnreadable, SecretKeyUnavailable."""
        if row.private_key_wrapped is None:
            _log.warning("secret_key_unavailable", kid=row.kid, reason="there is no such key")
            raise SecretKeyUnavailable
        if row.workspace_id != place.workspace_id or row.key_workspace_id != place.workspace_id:
            raise SecretUnreadable(name=place.name)
        pair = self.pair(place.workspace_id, row.kid, row.private_key_wrapped)
        return open_secret(pair.private_key, row.sealed, place.info(row.auth_field_id), name=place.name)


# ── the key of a workspace ───────────────────────────────────────────────────────────────────────────────────────────


def current_key(connection: sa.Connection, workspace_id: str) -> SecretKey | None:
    """The key that new values are sealed to, as it is written down; None before the first one is made."""
    row = keys_repository.find_current_key(connection, workspace_id)
    return None if row is None else describe_key(workspace_id, base64url.decode(row.public_key))


def find_pair(connection: sa.Connection, workspace_id: str, keyring: Keyring) -> KeyPair | None:
    """The current pair, unwrapped. Raises SecretKeyUnavailable."""
    row = keys_repository.find_current_key(connection, workspace_id)
    return None if row is None else keyring.pair(workspace_id, row.kid, row.private_key_wrapped)


def hold_pair(connection: sa.Connection, workspace_id: str, keyring: Keyring) -> KeyPair:
    """The current pair, which stays it to the end of the transaction. Raises SecretKeyUnavailable, where there is none too."""
    row = keys_repository.hold_current_key(connection, workspace_id)
    if row is None:
        raise SecretKeyUnavailable
    return keyring.pair(workspace_id, row.kid, row.private_key_wrapped)


def ensure_sealing_key(
    connection: sa.Connection, workspace_id: str, kek: KekProvider | None, caller: Caller | None = None
) -> SecretKey:
    """The current key, made where the workspace has none and nothing is sealed to a lost one.

    Raises SecretKeyUnavailable, KekUnavailable.
    """
    found = current_key(connection, workspace_id)
    if found is not None:
        return found
    keys_repository.lock_keys(connection)
    found = current_key(connection, workspace_id)  # another process may have been faster
    if found is not None:
        return found
    if kek is None or keys_repository.list_keyless(connection, workspace_id):
        raise SecretKeyUnavailable
    caller = caller or Caller(workspace_id, "system", None, "owner")
    return add_key(connection, caller, kek, "key.create")


def add_key(connection: sa.Connection, caller: Caller, kek: KekProvider, action: str) -> SecretKey:
    """Make a key pair that new values are sealed to from now on; call under `lock_keys`. Raises KekUnavailable.

    The KEK is looked at anew first: one that a rotation has just replaced must wrap nothing any more.
    """
    kek.refresh()
    pair = generate_key_pair()
    workspace_id = caller.workspace_id
    wrapped = kek.wrap(pair.private_key, private_key_aad(workspace_id, pair.kid))
    values: dict[str, Any] = {
        "kid": pair.kid,
        "workspace_id": workspace_id,
        "public_key": base64url.encode(pair.public_key),
        "private_key_wrapped": base64url.encode(wrapped),
        "kek_id": kek.key_id,
        "created_at": utc_now(),
        "retired_at": None,
    }
    keys_repository.insert_key(connection, values)
    keys_repository.retire_keys(connection, workspace_id, pair.kid)
    audit.record(connection, caller, action, "sealing_key", pair.kid, {"kek": kek.name, "kek_id": kek.key_id})
    return describe_key(workspace_id, pair.public_key)


def get_secrets_state(connection: sa.Connection, caller: Caller, settings: Settings) -> SecretsState:
    """What is written down of a workspace's keys; opens none of them, so it needs no KEK."""
    rows = sorted(
        keys_repository.list_keys(connection, caller.workspace_id), key=lambda row: row.created_at, reverse=True
    )
    current = keys_repository.find_current_key(connection, caller.workspace_id)
    known = None if current is None else describe_key(caller.workspace_id, base64url.decode(current.public_key))
    listed = [SealingKey(row.kid, row.created_at, row.retired_at is None, row.values_count) for row in rows]
    return SecretsState(
        kid=current.kid if current else None,
        fingerprint=known.fingerprint if known else None,
        alg=ALG,
        created_at=current.created_at if current else None,
        kek_provider=settings.kek_provider,
        keys=sorted(listed, key=lambda key: not key.is_current),
        is_client_sealing_required=settings.is_sealing_required,
    )


# ── start-up, doctor, readiness ──────────────────────────────────────────────────────────────────────────────────────


def open_kek(database: Database, settings: Settings) -> KekProvider | None:
    """The KEK at start-up, and a log line for every key it does not open; None to start without secrets.

    The key file is made where no sealing key and no sealed value exists, and never else. Raises SettingInvalid, KekUnsafe.
    """
    with database.begin() as connection:
        kek = _load_or_create(connection, settings)
        findings = check_keys(connection, kek, place_of_keys(settings))
    for finding in findings:
        _log.error(finding.message)
    return kek


def _load_or_create(connection: sa.Connection, settings: Settings) -> KekProvider | None:
    keys_repository.lock_keys(connection)
    folder = keys_folder(settings)
    try:
        if settings.kek_provider == "file" and not keys_repository.has_anything_sealed(connection):
            return _first_file(folder)
        return load_kek(settings)
    except KekUnsafe:
        raise
    except KekUnavailable as problem:
        _log.error("kek_unavailable", reason=str(problem))
        return None


def _first_file(folder: Path) -> FileKek:
    """The key file of an empty database; one that is there already is used and never replaced."""
    return FileKek.load(folder) if (folder / "master.key").exists() else FileKek.create(folder)


def place_of_keys(settings: Settings) -> str:
    """What an operator restores when the KEK is lost."""
    if settings.kek_provider == "env":
        return "RECADO_KEK"
    if settings.kek_provider == "vault":
        return f"the transit key {settings.vault_key} of Vault"
    return str(keys_folder(settings))


def check_keys(connection: sa.Connection, kek: KekProvider | None, place: str = "<data>/keys") -> list[Finding]:
    """Every key that is gone or that the KEK does not open; `place` is what to restore. Changes nothing."""
    missing = [_missing(row, place) for row in keys_repository.list_keyless(connection)]
    return [*missing, *_locked(connection, kek, place)]


def _locked(connection: sa.Connection, kek: KekProvider | None, place: str) -> Iterator[Finding]:
    for row in keys_repository.list_keys(connection):
        try:
            if kek is None:
                yield _missing(row, place)
            else:
                unwrap_key(kek, row.workspace_id, row.kid, row.private_key_wrapped)
        except KekMismatch:
            yield _missing(row, place)
        except KekUnavailable as problem:
            yield Finding(row.kid, row.values_count, f"{problem} (kid {row.kid})")


def _missing(row: Row, place: str) -> Finding:
    message = f"No private key for sealed secrets (kid {row.kid}). Restore {place} from backup. Nothing was changed."
    return Finding(row.kid, row.values_count, message)


def is_usable(connection: sa.Connection, kek: KekProvider | None) -> bool:
    """Whether stored secrets can be opened, for a probe that anybody may send; so Vault is not asked."""
    if keys_repository.list_keyless(connection):
        return False
    keys = keys_repository.list_keys(connection)
    if kek is None or kek.name == "vault":
        return kek is not None or not keys
    try:
        for row in keys:
            unwrap_key(kek, row.workspace_id, row.kid, row.private_key_wrapped)
    except KekUnavailable:
        return False
    return True
