"""What can be done with credentials, one function a verb."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from recado.accounts import audit
from recado.accounts.caller import Caller
from recado.accounts.words import clean_name
from recado.credentials import keys, repository
from recado.credentials.definition import Hosts, Place, propose, read_noted_hosts
from recado.credentials.repository import Row
from recado.credentials.schemas import (
    CreateCredential,
    Credential,
    FieldState,
    GivenValue,
    LastTest,
    ProposedHosts,
    SetValues,
    UpdateCredential,
    Use,
)
from recado.credentials.values import Change, Entering, Stored, make_rows, read_change, read_stored
from recado.db.columns import utc_now
from recado.db.rows import existing
from recado.errors import (
    Conflict,
    InUse,
    Invalid,
    RecadoError,
    RecordCorrupt,
)
from recado.ids import is_id, new_id
from recado.integrations import service as integrations
from recado.integrations.checks import collecting, raise_if_any
from recado.integrations.definition import Auth
from recado.integrations.stored import read_auth, read_json, read_request
from recado.web.pages import Page, page_of

_HOSTS: Final[msgspec.json.Decoder[list[str]]] = msgspec.json.Decoder(list[str])
_LAST_TEST: Final = msgspec.json.Decoder(LastTest | None)


def create_credential(
    connection: sa.Connection, caller: Caller, entering: Entering, integration_id: str, data: CreateCredential
) -> Credential:
    """A new credential, empty where no values are given. Raises NotFound, ValidationFailed, Conflict, SecretKeyUnavailable."""
    integration = integrations.lock_integration(connection, caller, integration_id, is_shared=True)
    auth = read_auth(integration)
    problems: list[RecadoError] = []
    name = data.name
    with collecting(problems):
        name = clean_name(data.name)
    with collecting(problems):
        credential_id = _new_id(data)
    raise_if_any(problems)
    place = Place(caller.workspace_id, integration_id, credential_id, name)
    now = utc_now()
    change, rows = _enter(connection, caller, entering, place, auth, data, Stored({}), now)
    values: dict[str, Any] = {
        "id": credential_id,
        "workspace_id": caller.workspace_id,
        "integration_id": integration_id,
        "name": name,
        "hosts": _texts(change.hosts),
        "created_at": now,
        "updated_at": now,
    }
    try:
        with connection.begin_nested():
            repository.insert_credential(connection, values)
    except sa.exc.IntegrityError:
        raise Conflict("id", reason="This id is taken. Make another one.") from None
    repository.put_values(connection, credential_id, rows)
    details = {"name": name, "integration_id": integration_id, **_noted(change, ())}
    audit.record(connection, caller, "credential.create", "credential", credential_id, details)
    return get_credential(connection, caller, credential_id)


def get_credential(connection: sa.Connection, caller: Caller, credential_id: str) -> Credential:
    """One credential, without its values. Raises NotFound, RecordCorrupt."""
    row = _find(connection, caller, credential_id)
    return _credential(row, read_auth(row), *_facts(connection, caller, [row.id]))


def list_credentials(
    connection: sa.Connection,
    caller: Caller,
    integration_id: str,
    search: str | None,
    limit: int,
    cursor: str | None,
) -> Page[Credential]:
    """A page of an integration's credentials, newest first; a damaged one is shown bare and says so. Raises NotFound."""
    row = _find_integration(connection, caller, integration_id)
    if search and "\0" in search:  # PostgreSQL has no such text
        return Page([])
    auth = read_auth(row)
    rows = repository.list_credentials(connection, caller.workspace_id, integration_id, search, limit, cursor)
    facts = _facts(connection, caller, [row.id for row in rows])
    return page_of(rows, limit, lambda row: _listed(row, auth, *facts))


def update_credential(
    connection: sa.Connection, caller: Caller, credential_id: str, data: UpdateCredential
) -> Credential:
    """Give it another name. Raises NotFound, ValidationFailed."""
    row = _find(connection, caller, credential_id)
    if data.name is not msgspec.UNSET:
        problems: list[RecadoError] = []
        name = row.name
        with collecting(problems):
            name = clean_name(data.name)
        raise_if_any(problems)
        if name != row.name:
            changed = {"name": name, "updated_at": utc_now()}
            repository.update_credential(connection, caller.workspace_id, row.id, changed)
            details = {"name": {"before": row.name, "after": name}}
            audit.record(connection, caller, "credential.update", "credential", row.id, details)
    return get_credential(connection, caller, credential_id)


def set_values(
    connection: sa.Connection, caller: Caller, entering: Entering, credential_id: str, data: SetValues
) -> Credential:
    """Enter new values. Raises NotFound, ValidationFailed, SecretKeyUnavailable."""
    found = _find(connection, caller, credential_id)
    auth = read_auth(integrations.lock_integration(connection, caller, found.integration_id, is_shared=True))
    row = existing(repository.lock_credential(connection, caller.workspace_id, credential_id))
    place = Place(caller.workspace_id, row.integration_id, row.id, row.name)
    noted = _noted_hosts(row)
    stored = read_stored(entering.keyring, place, auth, repository.list_sealed(connection, row.id), noted)
    now = utc_now()
    change, rows = _enter(connection, caller, entering, place, auth, data, stored, now)
    hosts = change.hosts
    if not (change.entries or change.cleared or hosts != noted):
        return get_credential(connection, caller, credential_id)
    repository.delete_values(connection, row.id, [field.id for field in change.cleared])
    repository.put_values(connection, row.id, rows)
    # The newest test was of other values.
    changed = {"hosts": _texts(hosts), "last_test": None, "updated_at": now}
    repository.update_credential(connection, caller.workspace_id, row.id, changed)
    audit.record(connection, caller, "credential.set_values", "credential", row.id, _noted(change, noted))
    return get_credential(connection, caller, credential_id)


def delete_credential(
    connection: sa.Connection, caller: Caller, credential_id: str, *, is_forced: bool = False
) -> None:
    """Delete a credential with its values. Raises NotFound, InUse."""
    row = _find(connection, caller, credential_id)
    uses = repository.list_uses(connection, caller.workspace_id, [row.id])
    if uses and not is_forced:
        raise InUse(used_by=[{"kind": use.kind, "id": use.id, "name": use.name} for use in uses])
    repository.delete_credential(connection, caller.workspace_id, row.id)
    details = {"name": row.name, "integration_id": row.integration_id}
    audit.record(connection, caller, "credential.delete", "credential", row.id, details)


def get_proposed_hosts(connection: sa.Connection, caller: Caller, integration_id: str) -> ProposedHosts:
    """Where the integration's requests lead, for whoever enters a secret to look over. Raises NotFound."""
    row = _find_integration(connection, caller, integration_id)
    return ProposedHosts(_texts(_propose(connection, caller, row.id)))


def note_last_test(
    connection: sa.Connection,
    workspace_id: str,
    credential_id: str,
    last_test: dict[str, Any],
    began_at: dt.datetime,
) -> None:
    """Keep how the newest test ended; a test that began before the values were entered anew tells nothing of them."""
    if not repository.has_values_newer_than(connection, workspace_id, credential_id, began_at):
        repository.update_credential(connection, workspace_id, credential_id, {"last_test": last_test})


# ── entering values ──────────────────────────────────────────────────────────────────────────────────────────────────


def _enter(
    connection: sa.Connection,
    caller: Caller,
    entering: Entering,
    place: Place,
    auth: Auth,
    data: CreateCredential | SetValues,
    stored: Stored,
    now: dt.datetime,
) -> tuple[Change, list[dict[str, Any]]]:
    """What the values of a call come to, and the rows to keep."""
    pair = None
    if has_values(data.values):
        pair = keys.hold_pair(connection, place.workspace_id, entering.keyring)
    change = read_change(
        place,
        auth,
        stored,
        data.values,
        data.hosts,
        pair=pair,
        is_client_sealing_required=entering.is_client_sealing_required,
        proposed=lambda: _propose(connection, caller, place.integration_id),
    )
    return change, make_rows(place, pair, change, now, caller.id) if pair else []


def has_values(given: Mapping[str, GivenValue]) -> bool:
    """Whether a call enters a value, for which a sealing key is needed."""
    return any(value is not None for value in given.values())


def _propose(connection: sa.Connection, caller: Caller, integration_id: str) -> Hosts:
    """The hosts of the integration's test request and actions, as far as they can be read."""
    endpoints = []
    for text in repository.list_requests(connection, caller.workspace_id, integration_id):
        try:
            request = read_request(text)
        except RecordCorrupt:
            continue
        endpoints.append(request.endpoint if request else "")
    return propose(endpoints)


def _new_id(data: CreateCredential) -> str:
    if data.id is msgspec.UNSET:
        return new_id("crd")
    if not is_id(data.id, "crd"):
        raise Invalid("id", reason='This is not an id of a credential: "crd_" and 26 lowercase letters and digits.')
    return data.id


def _noted_hosts(row: Row) -> Hosts:
    try:
        texts = read_json(_HOSTS, row.hosts)
    except RecordCorrupt:  # entering the values again puts it right
        return ()
    return read_noted_hosts(texts)


def _noted(change: Change, before: Hosts) -> dict[str, Any]:
    """What the audit log keeps: which values, who sealed them, and where they may go."""
    return {
        "set": {entry.auth_field.identifier: {"sealed_by": entry.sealed_by} for entry in change.entries},
        "cleared": [field.identifier for field in change.cleared],
        "hosts": {"before": _texts(before), "after": _texts(change.hosts)},
    }


def _texts(hosts: Hosts) -> list[str]:
    return [entry.text for entry in hosts]


# ── what comes out ───────────────────────────────────────────────────────────────────────────────────────────────────

_Values = Mapping[str, Mapping[str, dt.datetime]]
_Uses = Mapping[str, Sequence[Use]]


def _find(connection: sa.Connection, caller: Caller, credential_id: str) -> Row:
    return existing(
        repository.find_credential(connection, caller.workspace_id, credential_id)
        if is_id(credential_id, "crd")
        else None
    )


def _find_integration(connection: sa.Connection, caller: Caller, integration_id: str) -> Row:
    return existing(
        repository.find_integration(connection, caller.workspace_id, integration_id)
        if is_id(integration_id, "int")
        else None
    )


def _facts(connection: sa.Connection, caller: Caller, credential_ids: Sequence[str]) -> tuple[_Values, _Uses]:
    """By credential: since when each field has its value, and what refers to it."""
    values: dict[str, dict[str, dt.datetime]] = {}
    for row in repository.list_values(connection, caller.workspace_id, credential_ids):
        values.setdefault(row.credential_id, {})[row.auth_field_id] = row.updated_at
    uses: dict[str, list[Use]] = {}
    for row in repository.list_uses(connection, caller.workspace_id, credential_ids):
        uses.setdefault(row.credential_id, []).append(Use(row.kind, row.id, row.name))
    return values, uses


def _credential(row: Row, auth: Auth, values: _Values, uses: _Uses) -> Credential:
    own = values.get(row.id, {})
    return Credential(
        id=row.id,
        integration_id=row.integration_id,
        name=row.name,
        hosts=read_json(_HOSTS, row.hosts),
        fields={field.identifier: FieldState(field.id in own, own.get(field.id)) for field in auth.fields},
        last_test=None if row.last_test is None else read_json(_LAST_TEST, row.last_test),
        used_by=list(uses.get(row.id, ())),
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _listed(row: Row, auth: Auth, values: _Values, uses: _Uses) -> Credential:
    try:
        return _credential(row, auth, values, uses)
    except RecordCorrupt:
        used_by = list(uses.get(row.id, ()))
        return Credential(
            row.id, row.integration_id, row.name, [], {}, None, used_by, row.created_at, row.updated_at, is_damaged=True
        )
