"""Changes keys while servers run, and proves that everything opens: what `recado keys` does.

Each step is one transaction that leaves every value readable, so any of them may be the last before a crash; run again,
a rotation goes on where it stopped. The command line is the only caller and stands in the audit log as `cli`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import msgspec
import sqlalchemy as sa

from recado import base64url
from recado.accounts import audit
from recado.accounts.caller import Caller
from recado.credentials import keys_repository, repository
from recado.credentials.definition import Place
from recado.credentials.kek import FileKek, KekProvider, keys_folder, load_kek
from recado.credentials.keys import (
    Keyring,
    add_key,
    describe_key,
    find_pair,
    unwrap_key,
)
from recado.credentials.repository import Row
from recado.credentials.sealing import KeyPair, private_key_aad, seal_secret
from recado.db.engine import Database
from recado.errors import KekMismatch, RecordCorrupt, SecretKeyUnavailable, SecretUnreadable
from recado.integrations.stored import read_auth
from recado.settings import Settings

_VALUES_PER_STEP: Final = 50  # about 25 ms of the one writer of SQLite


class PublicKey(msgspec.Struct, frozen=True):
    """What everybody may know of a sealing key, and how many values are still sealed to it."""

    workspace_id: str
    kid: str
    alg: str
    public_key: str
    fingerprint: str
    created_at: dt.datetime
    retired_at: dt.datetime | None
    values: int


class Failure(msgspec.Struct, frozen=True):
    """A value that does not open: of which credential and field (or channel and secret), and the code of the error."""

    workspace_id: str
    credential_id: str
    credential_name: str
    identifier: str
    code: str


class KekRotation(msgspec.Struct, frozen=True):
    """Which KEK wraps now, and how many sealing keys it wraps."""

    provider: str
    key_id: str
    keys: int


class Progress(msgspec.Struct, frozen=True):
    """How many values a rotation has sealed anew, how many are left, and how many of those do not open."""

    resealed: int
    left: int
    failed: int


class SealRotation(msgspec.Struct, frozen=True):
    """The new key of a workspace, what was sealed to it, which old keys are gone, and which values stay on theirs."""

    workspace_id: str
    kid: str
    resealed: int
    left: int
    deleted: list[str]
    failures: list[Failure]


class Verification(msgspec.Struct, frozen=True):
    """How many values there are, how many open, and which do not."""

    values: int
    opened: int
    failures: list[Failure]


class Discarded(msgspec.Struct, frozen=True):
    """The sealing keys that no KEK at hand opens and that are gone now, with how many values."""

    kids: list[str]
    values: int


# ── the KEK ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def rotate_kek(database: Database, settings: Settings) -> KekRotation:
    """Wrap every private key anew: under a new key file, under `RECADO_KEK`, or under the newest version of Vault's key.

    The file before stays beside the new one until nothing needs it, and `RECADO_KEK_PREVIOUS` is the operator's to keep
    and to drop. Raises KekUnavailable, KekMismatch (a private key that neither opens), SettingInvalid.
    """
    is_file = settings.kek_provider == "file"
    kek = FileKek.begin_rotation(keys_folder(settings)) if is_file else load_kek(settings)
    with database.begin() as connection:
        keys_repository.lock_keys(
            connection
        )  # a key that a server makes meanwhile is wrapped before, or with the new one
        rows = keys_repository.list_keys(connection)
        for row in rows:
            _rewrap(connection, kek, row)
        for workspace_id in sorted({row.workspace_id for row in rows}):
            details = {"kek": kek.name, "kek_id": kek.key_id}
            audit.record(connection, _cli(workspace_id), "key.rotate_kek", "sealing_key", None, details)
    if is_file:
        FileKek.end_rotation(keys_folder(settings))
    return KekRotation(kek.name, kek.key_id, len(rows))


def _rewrap(connection: sa.Connection, kek: KekProvider, row: Row) -> None:
    wrapped = base64url.encode(
        kek.rewrap(base64url.decode(row.private_key_wrapped), private_key_aad(row.workspace_id, row.kid))
    )
    unwrap_key(kek, row.workspace_id, row.kid, wrapped)  # seen to open before the old form is given up
    keys_repository.rewrap_key(connection, row.kid, wrapped, kek.key_id)


# ── sealing keys ─────────────────────────────────────────────────────────────────────────────────────────────────────


def rotate_seal(
    database: Database,
    workspace_id: str,
    kek: KekProvider,
    progress: Callable[[Progress], None] = lambda _: None,
) -> SealRotation:
    """Make a new sealing key, seal every value to it, and delete the old key once nothing needs it.

    A rotation that was cut off is finished instead of begun. Raises SecretKeyUnavailable, KekUnavailable.
    """
    work = _Resealing(database, workspace_id, Keyring(kek), progress)
    work.run()
    if not work.resealed:
        _begin(database, workspace_id, kek)
        work.run()
    with database.begin() as connection:
        keys_repository.lock_keys(connection)
        deleted = keys_repository.delete_unused_keys(connection, workspace_id)
        for kid in deleted:
            audit.record(connection, _cli(workspace_id), "key.delete", "sealing_key", kid, {})
        left = keys_repository.count_left(connection, workspace_id, work.kid)
    return SealRotation(workspace_id, work.kid, work.resealed, left, list(deleted), work.failures)


def _begin(database: Database, workspace_id: str, kek: KekProvider) -> None:
    with database.begin() as connection:
        keys_repository.lock_keys(connection)
        has_key = keys_repository.find_current_key(connection, workspace_id) is not None
        if not has_key and keys_repository.list_keyless(connection, workspace_id):
            raise SecretKeyUnavailable
        add_key(connection, _cli(workspace_id), kek, "key.rotate_seal")


@dataclass(slots=True)
class _Resealing:
    """Goes through a workspace's values, a step at a time, and seals to the current key what is sealed to another."""

    database: Database
    workspace_id: str
    keyring: Keyring
    progress: Callable[[Progress], None]
    kid: str = ""
    resealed: int = 0
    failures: list[Failure] = field(default_factory=list)

    def run(self) -> None:
        self.failures.clear()
        after: tuple[str, str] | None = ("", "")
        while after is not None:
            with self.database.begin() as connection:
                after = self._step(connection, after)
                left = keys_repository.count_left(connection, self.workspace_id, self.kid)
            self.progress(Progress(self.resealed, left, len(self.failures)))

    def _step(self, connection: sa.Connection, after: tuple[str, str]) -> tuple[str, str] | None:
        pair = find_pair(connection, self.workspace_id, self.keyring)
        if pair is None:
            return None
        self.kid = pair.kid
        rows = keys_repository.list_values_after(
            connection, after, _VALUES_PER_STEP, workspace_id=self.workspace_id, not_kid=pair.kid
        )
        for row in rows:
            self._reseal(connection, row, pair)
        return (rows[-1].credential_id, rows[-1].auth_field_id) if rows else None

    def _reseal(self, connection: sa.Connection, row: Row, pair: KeyPair) -> None:
        place = _place(row)
        try:
            secret = self.keyring.open_value(place, row)
        except (SecretUnreadable, SecretKeyUnavailable) as problem:
            self.failures.append(_failure(connection, row, problem.code))
            return
        sealed = seal_secret(pair.public_key, secret.value, secret.hosts, place.info(row.auth_field_id))
        self.resealed += keys_repository.replace_sealed(connection, row, pair.kid, sealed)


def discard_lost(database: Database, kek: KekProvider | None) -> Discarded:
    """Give up the sealing keys that the KEK does not open, with the values sealed to them, which must be entered again.

    The last resort when the KEK is lost for good: only then can the workspace get a new key. Raises KekUnavailable where
    a KEK does not answer just now.
    """
    with database.begin() as connection:
        keys_repository.lock_keys(connection)
        lost = [row for row in keys_repository.list_keys(connection) if not _opens(kek, row)]
        lost += keys_repository.list_keyless(connection)
        kids = [row.kid for row in lost]
        values = keys_repository.delete_values_of(connection, kids)
        keys_repository.delete_keys(connection, kids)
        for row in lost:
            audit.record(connection, _cli(row.workspace_id), "key.discard", "sealing_key", row.kid, {})
    return Discarded(kids, values)


def _opens(kek: KekProvider | None, row: Row) -> bool:
    if kek is None:
        return False
    try:
        unwrap_key(kek, row.workspace_id, row.kid, row.private_key_wrapped)
    except KekMismatch:
        return False
    return True


# ── looking, changing nothing ────────────────────────────────────────────────────────────────────────────────────────


def verify(database: Database, kek: KekProvider | None) -> Verification:
    """Open every value of every workspace and say which do not; no value leaves this function."""
    keyring = Keyring(kek)
    values = 0
    failures: list[Failure] = []
    after = ("", "")
    while True:
        with database.begin() as connection:
            rows = keys_repository.list_values_after(connection, after, _VALUES_PER_STEP)
            for row in rows:
                try:
                    keyring.open_value(_place(row), row)
                except (SecretUnreadable, SecretKeyUnavailable) as problem:
                    failures.append(_failure(connection, row, problem.code))
        if not rows:
            return Verification(values, values - len(failures), failures)
        values += len(rows)
        after = (rows[-1].credential_id, rows[-1].auth_field_id)


def export_public(connection: sa.Connection) -> list[PublicKey]:
    """Every sealing key, oldest first, for clients that pin them."""
    return [_public_key(row) for row in keys_repository.list_keys(connection)]


def _public_key(row: Row) -> PublicKey:
    key = describe_key(row.workspace_id, base64url.decode(row.public_key))
    return PublicKey(
        row.workspace_id, row.kid, key.alg, key.public_key, key.fingerprint, row.created_at, row.retired_at, row.values_count
    )  # fmt: skip


def _place(row: Row) -> Place:
    return Place(row.credential_workspace_id, row.integration_id, row.credential_id, row.credential_name)


def _failure(connection: sa.Connection, row: Row, code: str) -> Failure:
    identifier = row.auth_field_id
    if row.integration_id in {keys_repository.CHANNEL, keys_repository.WEBHOOK}:
        return Failure(row.credential_workspace_id, row.credential_id, row.credential_name, identifier, code)
    found = repository.find_credential(connection, row.credential_workspace_id, row.credential_id)
    try:
        fields = {item.id: item.identifier for item in read_auth(found).fields}
        identifier = fields.get(row.auth_field_id, identifier)
    except RecordCorrupt:  # the id has to do
        pass
    return Failure(row.credential_workspace_id, row.credential_id, row.credential_name, identifier, code)


def _cli(workspace_id: str) -> Caller:
    return Caller(workspace_id, "cli", None, "owner")
