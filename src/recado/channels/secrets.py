"""Takes a channel's secrets in: checks each, and seals what the client did not seal itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa

from recado.channels import repository
from recado.channels.definition import FLOW_KEY, SECRET_NAMES
from recado.credentials import keys
from recado.credentials.definition import Hosts, Place, check_value, read_hosts
from recado.credentials.keys import Keyring
from recado.credentials.keys_repository import CHANNEL
from recado.credentials.schemas import GivenValue, SealedValue
from recado.credentials.sealing import KeyPair
from recado.credentials.values import Entering, open_given, seal_row
from recado.errors import (
    Invalid,
    RecadoError,
    SecretKeyUnavailable,
    SecretMustBeSealed,
    SecretUnreadable,
    UnknownField,
)
from recado.integrations.checks import collecting, raise_if_any
from recado.integrations.definition import AuthField

_FIELDS: Final = {name: AuthField(name, name, None, "password", required=False) for name in SECRET_NAMES}


def place_of(workspace_id: str, channel_id: str, name: str) -> Place:
    """What a channel's secrets are sealed to, each with its own name."""
    return Place(workspace_id, CHANNEL, channel_id, name)


def enter_secrets(
    connection: sa.Connection,
    entering: Entering,
    place: Place,
    given: Mapping[str, GivenValue],
    hosts: Hosts,
    now: dt.datetime,
) -> dict[str, Any]:
    """Keep these secrets and drop those that are null; what was done, for the audit log.

    An app secret in place of another leaves that one valid beside it, as what is under way is signed with it. Raises
    ValidationFailed with the paths `secrets.<name>`, SecretKeyUnavailable.
    """
    if not given:
        return {"set": {}, "cleared": []}
    pair = None
    if any(value is not None for value in given.values()):
        pair = keys.hold_pair(connection, place.workspace_id, entering.keyring)
    rows = _read(place, given, hosts, pair, entering.is_client_sealing_required)
    if pair is not None and "app_secret" in rows and "app_secret_before" not in given:
        rows |= _kept_beside(connection, entering.keyring, place, pair, rows["app_secret"].pop("value"))
    for row in rows.values():
        row.pop("value", None)
        row |= {"channel_id": place.credential_id, "updated_at": now}
    cleared = [name for name, value in given.items() if value is None]
    repository.delete_secrets(connection, place.credential_id, cleared)
    repository.put_secrets(connection, place.credential_id, list(rows.values()))
    return {"set": {name: {"sealed_by": row["sealed_by"]} for name, row in rows.items()}, "cleared": cleared}


def _read(
    place: Place, given: Mapping[str, GivenValue], hosts: Hosts, pair: KeyPair | None, is_sealing_required: bool
) -> dict[str, dict[str, Any]]:
    """A row for each secret by its name, with its `value` to compare. Raises ValidationFailed with every problem."""
    problems: list[RecadoError] = []
    rows: dict[str, dict[str, Any]] = {}
    for name, value in given.items():
        with collecting(problems, f"secrets.{name}"):
            if name not in _FIELDS:
                raise UnknownField(name=name)
            if value is not None and pair is not None:
                bound = hosts if name == "access_token" else ()
                rows[name] = _read_one(place, _FIELDS[name], value, bound, pair, is_sealing_required)
    raise_if_any(problems)
    return rows


def _read_one(
    place: Place,
    field: AuthField,
    given: str | SealedValue,
    hosts: Hosts,
    pair: KeyPair,
    is_sealing_required: bool,
) -> dict[str, Any]:
    name = field.identifier
    if isinstance(given, SealedValue):
        secret = open_given(place, name, given, pair)
        check_value(field, secret.value)
        if set(read_hosts(secret.hosts)) != set(hosts):
            raise Invalid(reason=f"This value is sealed with other hosts than the channel's: {_texts(hosts)}.")
        return {"name": name, "kid": pair.kid, "sealed": given.sealed, "sealed_by": "client", "value": secret.value}
    if is_sealing_required:
        raise SecretMustBeSealed
    check_value(field, given)
    return {**seal_row(place, pair, name, given, hosts), "value": given}


def _texts(hosts: Hosts) -> str:
    return ", ".join(entry.text for entry in hosts) or "none"


def _kept_beside(
    connection: sa.Connection, keyring: Keyring, place: Place, pair: KeyPair, new: str
) -> dict[str, dict[str, Any]]:
    """The row of the app secret that a new one replaces; none where there was none, or the same, or one that does not open."""
    for row in repository.list_sealed(connection, place.credential_id):
        if row.auth_field_id == "app_secret":
            try:
                before = keyring.open_value(place, row).value
            except (SecretUnreadable, SecretKeyUnavailable):
                return {}
            kept = seal_row(place, pair, "app_secret_before", before)
            return {} if before == new else {"app_secret_before": kept}
    return {}


def put_flow_key(connection: sa.Connection, keyring: Keyring, place: Place, pem: str, now: dt.datetime) -> None:
    """Keep the private key of forms in place of the one before. Raises SecretKeyUnavailable."""
    pair = keys.hold_pair(connection, place.workspace_id, keyring)
    row = seal_row(place, pair, FLOW_KEY, pem) | {"channel_id": place.credential_id, "updated_at": now}
    repository.put_secrets(connection, place.credential_id, [row])
