"""What can be done with integrations, one function a verb."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from recado.accounts import audit
from recado.accounts.caller import Caller
from recado.accounts.words import clean_name
from recado.db.columns import utc_now
from recado.db.counts import Span, count_ended, minute_of
from recado.db.rows import existing
from recado.errors import AuthFieldTypeLocked, InUse, LogoUnavailable, RecadoError, RecordCorrupt
from recado.ids import is_id, new_id
from recado.integrations import repository
from recado.integrations.checks import (
    clean_certificates,
    clean_description,
    clean_logo_url,
    collecting,
    raise_if_any,
)
from recado.integrations.definition import Auth, edit_auth, removed_fields, retyped_fields
from recado.integrations.repository import Row
from recado.integrations.requests import SendingRules, check_request, request_scope
from recado.integrations.schemas import CreateIntegration, Integration, LastDay, UpdateIntegration
from recado.integrations.stored import is_same, read_auth, read_input_specs, read_request
from recado.outbound.definition import Request
from recado.outbound.scope import InputSpec
from recado.web.pages import Page, page_of

_CLEANERS: Final[Mapping[str, Callable[[Any], str | None]]] = {
    "name": lambda text: clean_name(text, ""),
    "description": clean_description,
    "logo_url": clean_logo_url,
    "ca_certificates": clean_certificates,
}
_NO_INPUTS: Final[Mapping[str, InputSpec]] = {}
_DAY: Final = dt.timedelta(days=1)


def create_integration(
    connection: sa.Connection, caller: Caller, data: CreateIntegration, rules: SendingRules
) -> Integration:
    """A new integration. Raises ValidationFailed with every problem."""
    problems: list[RecadoError] = []
    values = _clean_words(data, problems)
    with collecting(problems):
        values["auth"] = auth = _edited(Auth(), data)
        _check_test_request(data.test_request, auth, rules)
    raise_if_any(problems)
    now = utc_now()
    values |= {"id": new_id("int"), "test_request": data.test_request, "created_at": now, "updated_at": now}
    repository.insert_integration(connection, {"workspace_id": caller.workspace_id, **values})
    audit.record(connection, caller, "integration.create", "integration", values["id"], {"name": values["name"]})
    return Integration(**values, actions_count=0, credentials_count=0, last_day=LastDay(0, 0))


def get_integration(connection: sa.Connection, caller: Caller, integration_id: str) -> Integration:
    """One integration. Raises NotFound, RecordCorrupt."""
    row = _find(connection, caller, integration_id)
    return _integration(row, find_last_days(connection, caller, [row.id])[row.id])


def _find(connection: sa.Connection, caller: Caller, integration_id: str) -> Row:
    return existing(
        repository.find_integration(connection, caller.workspace_id, integration_id)
        if is_id(integration_id, "int")
        else None
    )


def list_integrations(
    connection: sa.Connection, caller: Caller, search: str | None, limit: int, cursor: str | None
) -> Page[Integration]:
    """A page of integrations, newest first; a damaged one is shown bare and says so."""
    if search and "\0" in search:  # PostgreSQL has no such text
        return Page([])
    rows = repository.list_integrations(connection, caller.workspace_id, search, limit, cursor)
    last_days = find_last_days(connection, caller, [row.id for row in rows])
    return page_of(rows, limit, lambda row: _listed(row, last_days[row.id]))


def find_last_days(connection: sa.Connection, caller: Caller, ids: Sequence[str]) -> Mapping[str, LastDay]:
    """How the executions of the last 24 hours ended, for each of these integrations."""
    now = utc_now()
    span = Span(minute_of(now - _DAY), minute_of(now) + 1)
    found = {integration_id: LastDay(0, 0) for integration_id in ids}
    rows = count_ended(connection, caller.workspace_id, span, by="integration_id", among=ids) if ids else []
    for _, integration_id, outcome, count in rows:
        if outcome == "ok":
            found[integration_id].ok += count
        else:
            found[integration_id].failed += count
    return found


def find_logo(connection: sa.Connection, caller: Caller, integration_id: str) -> tuple[str, str | None]:
    """The URL of an integration's logo, and the certificates its own servers are known by. Raises NotFound, LogoUnavailable."""
    row = _find(connection, caller, integration_id)
    if row.logo_url is None:
        raise LogoUnavailable
    return row.logo_url, row.ca_certificates


def update_integration(
    connection: sa.Connection,
    caller: Caller,
    integration_id: str,
    data: UpdateIntegration,
    rules: SendingRules,
    *,
    is_forced: bool = False,
) -> Integration:
    """Change what `data` gives. Raises NotFound, ValidationFailed, AuthFieldTypeLocked, InUse.

    Forced, an authentication field goes although something uses it: the values that credentials hold for it are
    deleted, and requests that refer to it stay as they are and do not run until they are edited.
    """
    row = lock_integration(connection, caller, integration_id)
    before = read_auth(row)
    problems: list[RecadoError] = []
    values = _clean_words(data, problems)
    after = before
    with collecting(problems):
        after = _edited(before, data)
        if data.test_request is not msgspec.UNSET:
            _check_test_request(data.test_request, after, rules)
            values["test_request"] = data.test_request
    raise_if_any(problems)
    if after != before:
        _change_auth(connection, caller, row, (before, after), data, rules, is_forced=is_forced)
        values["auth"] = after
    _save(connection, caller, row, values)
    return get_integration(connection, caller, integration_id)


def delete_integration(
    connection: sa.Connection, caller: Caller, integration_id: str, *, is_forced: bool = False
) -> None:
    """Delete an integration; forced, with its actions and credentials. Raises NotFound, InUse, Forbidden.

    Flows and forms that use it are told of too; they stay as they are and take the ways out of a call that failed.
    """
    row = lock_integration(connection, caller, integration_id)
    actions = repository.list_actions_of(connection, integration_id)
    credentials = repository.list_credentials_of(connection, integration_id)
    used = [integration_id, *(action.id for action in actions), *(credential.id for credential in credentials)]
    users = list_users(connection, caller.workspace_id, used)
    if (actions or credentials or users) and not is_forced:
        found = [*used_by("action", actions), *used_by("credential", credentials), *users]
        raise InUse(used_by=found)
    if credentials:
        caller.require("credentials:write")
    repository.delete_integration(connection, integration_id)
    details = {"name": row.name, "actions": len(actions), "credentials": len(credentials)}
    audit.record(connection, caller, "integration.delete", "integration", integration_id, details)


def lock_integration(connection: sa.Connection, caller: Caller, integration_id: str, *, is_shared: bool = False) -> Row:
    """The row, held to the end of the transaction against every change (shared: against edits). Raises NotFound."""
    return existing(
        repository.lock_integration(connection, caller.workspace_id, integration_id, is_shared=is_shared)
        if is_id(integration_id, "int")
        else None
    )


# ── the words and the test request ───────────────────────────────────────────────────────────────────────────────────


def _clean_words(data: CreateIntegration | UpdateIntegration, problems: list[RecadoError]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, clean in _CLEANERS.items():
        given = getattr(data, name)
        if given is not msgspec.UNSET:
            with collecting(problems, name):
                values[name] = clean(given)
    return values


def _edited(before: Auth, data: CreateIntegration | UpdateIntegration) -> Auth:
    problems: list[RecadoError] = []
    after = before
    with collecting(problems, "auth"):
        after = before if data.auth is msgspec.UNSET else edit_auth(before, data.auth)
    raise_if_any(problems)
    return after


def _check_test_request(request: Request | None, auth: Auth, rules: SendingRules) -> None:
    if request is not None:
        problems = check_request(request, request_scope(_NO_INPUTS, auth), rules)
        raise_if_any([problem.at("test_request") for problem in problems])


def _save(connection: sa.Connection, caller: Caller, row: Row, values: dict[str, Any]) -> None:
    """Write what differs from the row, and note it."""
    stored: dict[str, Any] = {name: getattr(row, name) for name in values}
    stored |= {"auth": read_auth(row), "test_request": read_request(row.test_request)}
    changed = {name: value for name, value in values.items() if not is_same(value, stored[name])}
    if not changed:
        return
    repository.update_integration(connection, row.id, changed | {"updated_at": utc_now()})
    details = {name: {"before": noted(stored[name]), "after": noted(value)} for name, value in changed.items()}
    audit.record(connection, caller, "integration.update", "integration", row.id, details)


def noted(value: Any) -> Any:
    """What the audit log keeps of a value: of a request where it goes, of certificates their fingerprint."""
    if isinstance(value, Request):
        return f"{value.method} {value.endpoint.partition('?')[0]}"
    if isinstance(value, str) and value.startswith("-----BEGIN"):
        return f"sha256:{hashlib.sha256(value.encode()).hexdigest()}"
    return value


# ── changes of the authentication ────────────────────────────────────────────────────────────────────────────────────


def _change_auth(
    connection: sa.Connection,
    caller: Caller,
    row: Row,
    change: tuple[Auth, Auth],
    data: UpdateIntegration,
    rules: SendingRules,
    *,
    is_forced: bool,
) -> None:
    """Let a change through when nothing is lost or broken by it, or when that is wanted."""
    _check_types(connection, row, change)
    removed = removed_fields(*change)
    holders = repository.list_holders(connection, row.id, [field.id for field in removed])
    if not is_forced:
        found = used_by("credential", {holder.id: holder for holder in holders}.values())
        found += _broken_by(connection, row, change, data, rules)
        if found:
            raise InUse(used_by=found)
    if holders:
        caller.require("credentials:write")
        repository.delete_values(connection, caller.workspace_id, [field.id for field in removed])


def _check_types(connection: sa.Connection, row: Row, change: tuple[Auth, Auth]) -> None:
    """A password must not become readable by turning its field into text."""
    retyped = retyped_fields(*change)
    holders = repository.list_holders(connection, row.id, [field.id for field, _ in retyped])
    held = {holder.auth_field_id for holder in holders}
    locked = next(((field, index) for field, index in retyped if field.id in held), None)
    if locked:
        raise AuthFieldTypeLocked(f"auth.fields[{locked[1]}].type", identifier=locked[0].identifier)


def _broken_by(
    connection: sa.Connection, row: Row, change: tuple[Auth, Auth], data: UpdateIntegration, rules: SendingRules
) -> list[dict[str, str]]:
    """The test request, unless it is changed as well, and the actions whose requests worked before and would not now."""
    broken = []
    if data.test_request is msgspec.UNSET:
        reason = _new_problem(read_request(row.test_request), _NO_INPUTS, change, rules)
        if reason:
            broken.append({"kind": "test_request", "id": row.id, "name": row.name, "reason": reason})
    for action in repository.list_actions_of(connection, row.id):
        try:
            reason = _new_problem(read_request(action.request), read_input_specs(action.inputs), change, rules)
        except RecordCorrupt:  # nothing can break it any more
            continue
        if reason:
            broken.append({"kind": "action", "id": action.id, "name": action.name, "reason": reason})
    return broken


def _new_problem(
    request: Request | None, inputs: Mapping[str, InputSpec], change: tuple[Auth, Auth], rules: SendingRules
) -> str:
    """The first problem that a request has with the new authentication and had not with the old; empty for none."""
    if request is None:
        return ""
    old, new = (check_request(request, request_scope(inputs, auth), rules) for auth in change)
    known = {(problem.path, problem.code) for problem in old}
    return next((f"{p.path}: {p}" for p in new if (p.path, p.code) not in known), "")


def list_users(connection: sa.Connection, workspace_id: str, object_ids: Collection[str]) -> list[dict[str, str]]:
    """The flows and forms that refer to one of these, as `InUse` tells them."""
    return [
        *used_by("flow", repository.list_flows_that_use(connection, workspace_id, object_ids)),
        *used_by("form", repository.list_forms_that_use(connection, workspace_id, object_ids)),
    ]


def used_by(kind: str, rows: Iterable[Row]) -> list[dict[str, str]]:
    """Rows of id and name as `InUse` tells them."""
    return [{"kind": kind, "id": row.id, "name": row.name} for row in rows]


# ── what comes out ───────────────────────────────────────────────────────────────────────────────────────────────────


def _integration(row: Row, last_day: LastDay) -> Integration:
    return _made(row, read_auth(row), read_request(row.test_request), last_day)


def _listed(row: Row, last_day: LastDay) -> Integration:
    try:
        return _integration(row, last_day)
    except RecordCorrupt:
        return _made(row, Auth(), None, last_day, is_damaged=True)


def _made(
    row: Row, auth: Auth, test_request: Request | None, last_day: LastDay, *, is_damaged: bool = False
) -> Integration:
    return Integration(
        id=row.id,
        name=row.name,
        description=row.description,
        logo_url=row.logo_url,
        auth=auth,
        test_request=test_request,
        ca_certificates=row.ca_certificates,
        actions_count=row.actions_count,
        credentials_count=row.credentials_count,
        created_at=row.created_at,
        updated_at=row.updated_at,
        last_day=last_day,
        is_damaged=is_damaged,
    )
