"""Takes in values as they are entered: checks each, settles the hosts, and seals what the client did not seal itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

from recado.credentials.definition import (
    Hosts,
    HostsAtHand,
    Place,
    check_value,
    read_hosts,
    read_sealed_hosts,
    settle_hosts,
)
from recado.credentials.keys import Keyring
from recado.credentials.repository import Row
from recado.credentials.schemas import GivenValue, SealedValue
from recado.credentials.sealing import ALG, KeyPair, Secret, open_secret, seal_secret
from recado.errors import (
    CredentialIncomplete,
    Invalid,
    RecadoError,
    SealedValueInvalid,
    SecretKeyUnavailable,
    SecretMustBeSealed,
    SecretUnreadable,
    UnknownField,
    ValidationFailed,
)
from recado.integrations.checks import collecting, raise_if_any
from recado.integrations.definition import Auth, AuthField


@dataclass(slots=True)
class Entry:
    """One value that was given: as text to be sealed here, or with the form its client sealed."""

    auth_field: AuthField
    value: str = field(repr=False)
    sealed: str | None = None
    hosts: Hosts = ()

    @property
    def sealed_by(self) -> Literal["client", "server"]:
        """Who saw it as text first."""
        return "server" if self.sealed is None else "client"


@dataclass(frozen=True, slots=True)
class Stored:
    """What a credential holds before a call: for each field with a value its hosts, None where the value cannot be read."""

    hosts: Mapping[str, Hosts | None]
    noted: Hosts = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What a call that enters values comes to."""

    entries: list[Entry]
    cleared: list[AuthField]
    hosts: Hosts


@dataclass(frozen=True, slots=True)
class Entering:
    """How this server takes values in."""

    keyring: Keyring
    is_client_sealing_required: bool = False


def read_stored(keyring: Keyring, place: Place, auth: Auth, rows: Sequence[Row], noted: Hosts) -> Stored:
    """Open what is stored, as far as it can be: damaged or lost values are there to be entered again."""
    fields = {item.id: item for item in auth.fields}
    hosts: dict[str, Hosts | None] = {}
    for row in rows:
        auth_field = fields.get(row.auth_field_id)
        if auth_field is None:
            continue
        try:
            hosts[auth_field.id] = read_sealed_hosts(auth_field, keyring.open_value(place, row), place.name)
        except (SecretUnreadable, SecretKeyUnavailable):
            hosts[auth_field.id] = None
    return Stored(hosts, noted)


def read_change(
    place: Place,
    auth: Auth,
    stored: Stored,
    given: Mapping[str, GivenValue],
    hosts: list[str] | msgspec.UnsetType,
    *,
    pair: KeyPair | None,
    is_client_sealing_required: bool,
    proposed: Callable[[], Hosts],
) -> Change:
    """Judge a whole call. Raises ValidationFailed with every problem, paths `values.<identifier>` and `hosts`."""
    problems: list[RecadoError] = []
    entries: list[Entry] = []
    fields = {item.identifier: item for item in auth.fields}
    for identifier, value in given.items():
        with collecting(problems, f"values.{identifier}"):
            if identifier not in fields:
                raise UnknownField(name=identifier)
            if value is not None:
                entries.append(_read_entry(fields[identifier], value, place, pair, is_client_sealing_required))
    cleared = [fields[identifier] for identifier, value in given.items() if value is None and identifier in fields]
    problems += _missing(place, auth, stored, given)
    settled: Hosts = ()
    with collecting(problems):
        named = None if hosts is msgspec.UNSET else _read_named(hosts)
        settled = _settle(auth, stored, given, entries, named, proposed)
    raise_if_any(problems)
    return Change(entries, cleared, settled)


def _read_entry(
    auth_field: AuthField,
    given: str | SealedValue,
    place: Place,
    pair: KeyPair | None,
    is_client_sealing_required: bool,
) -> Entry:
    if isinstance(given, SealedValue):
        secret = open_given(place, auth_field.id, given, pair)
        check_value(auth_field, secret.value)
        return Entry(auth_field, secret.value, given.sealed, _hosts_of(auth_field, secret))
    if auth_field.type == "password" and is_client_sealing_required:
        raise SecretMustBeSealed
    check_value(auth_field, given)
    return Entry(auth_field, given)


def open_given(place: Place, name: str, given: SealedValue, pair: KeyPair | None) -> Secret:
    """What a client sealed; only the current key will do: the one before may be deleted any moment. Raises SealedValueInvalid."""
    if pair is None or given.kid != pair.kid or given.alg != ALG:
        raise SealedValueInvalid
    try:
        return open_secret(pair.private_key, given.sealed, place.info(name), name=place.name)
    except SecretUnreadable:
        raise SealedValueInvalid from None


def _hosts_of(auth_field: AuthField, secret: Secret) -> Hosts:
    if auth_field.type == "text" and secret.hosts:
        raise Invalid(reason="Values of text fields are sealed without hosts.")
    return read_hosts(secret.hosts)


def _missing(place: Place, auth: Auth, stored: Stored, given: Mapping[str, GivenValue]) -> list[RecadoError]:
    """Required fields without a value afterwards; a call that gives no value at all completes nothing and breaks nothing."""
    if not given:
        return []
    return [
        CredentialIncomplete(f"values.{item.identifier}", identifier=item.identifier, name=place.name)
        for item in auth.fields
        if item.required
        and (given[item.identifier] is None if item.identifier in given else item.id not in stored.hosts)
    ]


def _read_named(hosts: list[str]) -> Hosts:
    problems: list[RecadoError] = []
    with collecting(problems, "hosts"):
        return read_hosts(hosts)
    raise ValidationFailed(problems)


def _settle(
    auth: Auth,
    stored: Stored,
    given: Mapping[str, GivenValue],
    entries: Sequence[Entry],
    named: Hosts | None,
    proposed: Callable[[], Hosts],
) -> Hosts:
    passwords = [item for item in auth.fields if item.type == "password"]
    if not passwords:
        return named or ()
    held = {item.id: stored.hosts[item.id] for item in passwords if item.id in stored.hosts}
    kept = {item.id for item in passwords if item.id in held and item.identifier not in given}
    at_hand = HostsAtHand(
        given=named,
        sealed={entry.auth_field.identifier: entry.hosts for entry in entries if _is_bound_by_client(entry)},
        kept=[stored.noted if (hosts := held[field_id]) is None else hosts for field_id in kept],
        replaced=[hosts or () for field_id, hosts in held.items() if field_id not in kept],
        noted=stored.noted,
        proposed=proposed,
    )
    has_password = bool(kept) or any(given.get(item.identifier) is not None for item in passwords)
    return settle_hosts(at_hand, has_password=has_password)


def _is_bound_by_client(entry: Entry) -> bool:
    return entry.sealed is not None and entry.auth_field.type == "password"


def make_rows(
    place: Place, pair: KeyPair, change: Change, now: dt.datetime, updated_by: str | None
) -> list[dict[str, Any]]:
    """The rows of a change: passwords sealed with the hosts, text with none."""
    texts = [entry.text for entry in change.hosts]
    return [
        {
            "credential_id": place.credential_id,
            "auth_field_id": entry.auth_field.id,
            "workspace_id": place.workspace_id,
            "kid": pair.kid,
            "sealed": entry.sealed or _seal(place, pair, entry, texts if entry.auth_field.type == "password" else []),
            "sealed_by": entry.sealed_by,
            "updated_by": updated_by,
            "updated_at": now,
        }
        for entry in change.entries
    ]


def _seal(place: Place, pair: KeyPair, entry: Entry, hosts: Sequence[str]) -> str:
    return seal_secret(pair.public_key, entry.value, hosts, place.info(entry.auth_field.id))


def seal_row(place: Place, pair: KeyPair, name: str, value: str, hosts: Hosts = ()) -> dict[str, Any]:
    """The columns of a secret of a channel or a webhook that is sealed here."""
    sealed = seal_secret(pair.public_key, value, [entry.text for entry in hosts], place.info(name))
    return {"name": name, "kid": pair.kid, "sealed": sealed, "sealed_by": "server"}
