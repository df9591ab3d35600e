"""What can be done with actions, one function a verb."""

from __future__ import annotations

from typing import Any

import msgspec
import sqlalchemy as sa

from recado.accounts import audit
from recado.accounts.caller import Caller
from recado.accounts.words import clean_name
from recado.actions import repository
from recado.actions.compiled import load_integration
from recado.actions.definition import Input, clean_inputs, clean_outputs, input_specs
from recado.actions.schemas import Action, CreateAction, UpdateAction
from recado.actions.stored import read_inputs, read_outputs
from recado.db.columns import utc_now
from recado.db.rows import existing
from recado.errors import InUse, RecadoError, RecordCorrupt
from recado.ids import is_id, new_id
from recado.integrations.checks import clean_description, collecting, raise_if_any
from recado.integrations.definition import Auth
from recado.integrations.repository import Row
from recado.integrations.requests import SendingRules, check_request, request_scope
from recado.integrations.service import list_users, lock_integration, noted
from recado.integrations.stored import is_same, read_auth, read_request
from recado.outbound.definition import Request
from recado.web.pages import Page, page_of


def create_action(
    connection: sa.Connection,
    caller: Caller,
    integration_id: str,
    data: CreateAction,
    rules: SendingRules,
    *,
    action_id: str | None = None,
) -> Action:
    """A new action of an integration. Raises NotFound, ValidationFailed with every problem."""
    auth = read_auth(lock_integration(connection, caller, integration_id, is_shared=True))
    problems: list[RecadoError] = []
    values = _clean(data, problems)
    if "inputs" in values:
        problems += _request_problems(data.request, values["inputs"], auth, rules)
    raise_if_any(problems)
    now = utc_now()
    values |= {"id": action_id or new_id("act"), "request": data.request, "created_at": now, "updated_at": now}
    values["integration_id"] = integration_id
    repository.insert_action(connection, {"workspace_id": caller.workspace_id, **values})
    details = {"name": values["name"], "integration_id": integration_id, "request": noted(data.request)}
    audit.record(connection, caller, "action.create", "action", values["id"], details)
    return Action(**values)


def get_action(connection: sa.Connection, caller: Caller, action_id: str) -> Action:
    """One action. Raises NotFound, RecordCorrupt."""
    return _action(_found(connection, caller, action_id))


def list_actions(
    connection: sa.Connection,
    caller: Caller,
    integration_id: str,
    search: str | None,
    limit: int,
    cursor: str | None,
) -> Page[Action]:
    """A page of an integration's actions, newest first; a damaged one is shown bare and says so. Raises NotFound."""
    load_integration(connection, caller.workspace_id, integration_id)
    if search and "\0" in search:  # PostgreSQL has no such text
        return Page([])
    rows = repository.list_actions(connection, caller.workspace_id, integration_id, search, limit, cursor)
    return page_of(rows, limit, _listed)


def update_action(
    connection: sa.Connection, caller: Caller, action_id: str, data: UpdateAction, rules: SendingRules
) -> Action:
    """Change what `data` gives; inputs and request are held to each other. Raises NotFound, ValidationFailed."""
    # The integration is locked first, as everywhere, so that two changes never wait for each other.
    integration_id = _found(connection, caller, action_id).integration_id
    auth = read_auth(lock_integration(connection, caller, integration_id, is_shared=True))
    row = _found(connection, caller, action_id, is_locked=True)
    problems: list[RecadoError] = []
    values = _clean(data, problems)
    if data.request is not msgspec.UNSET:
        values["request"] = data.request
    if "inputs" in values or ("request" in values and data.inputs is msgspec.UNSET):
        inputs = values["inputs"] if "inputs" in values else read_inputs(row)
        request = values["request"] if "request" in values else read_request(row.request)
        problems += _request_problems(request, inputs, auth, rules)
    raise_if_any(problems)
    _save(connection, caller, row, values)
    return get_action(connection, caller, action_id)


def delete_action(connection: sa.Connection, caller: Caller, action_id: str, *, is_forced: bool = False) -> None:
    """Delete an action; its executions stay. Raises NotFound, InUse where a flow or a form uses it, unless forced."""
    row = _found(connection, caller, action_id, is_locked=True)
    users = list_users(connection, caller.workspace_id, [action_id])
    if users and not is_forced:
        raise InUse(used_by=users)
    repository.delete_action(connection, action_id)
    details = {"name": row.name, "integration_id": row.integration_id}
    audit.record(connection, caller, "action.delete", "action", action_id, details)


# ── steps ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _found(connection: sa.Connection, caller: Caller, action_id: str, *, is_locked: bool = False) -> Row:
    return existing(
        repository.find_action(connection, caller.workspace_id, action_id, is_locked=is_locked)
        if is_id(action_id, "act")
        else None
    )


def _clean(data: CreateAction | UpdateAction, problems: list[RecadoError]) -> dict[str, Any]:
    """What `data` gives, cleaned, without the request; what has a problem is left out."""
    values: dict[str, Any] = {}
    if data.name is not msgspec.UNSET:
        with collecting(problems, "name"):
            values["name"] = clean_name(data.name, "")
    if data.description is not msgspec.UNSET:
        with collecting(problems, "description"):
            values["description"] = clean_description(data.description)
    if data.inputs is not msgspec.UNSET:
        with collecting(problems, "inputs"):
            values["inputs"] = clean_inputs(data.inputs)
    if data.outputs is not msgspec.UNSET:
        with collecting(problems, "outputs"):
            values["outputs"] = clean_outputs(data.outputs)
    if data.is_private is not msgspec.UNSET:
        values["is_private"] = data.is_private
    return values


def _request_problems(
    request: Request | None, inputs: list[Input], auth: Auth, rules: SendingRules
) -> list[RecadoError]:
    if request is None:
        return []
    problems = check_request(request, request_scope(input_specs(inputs), auth), rules)
    return [problem.at("request") for problem in problems]


def _save(connection: sa.Connection, caller: Caller, row: Row, values: dict[str, Any]) -> None:
    """Write what differs from the row, and note it."""
    stored: dict[str, Any] = {"name": row.name, "description": row.description, "is_private": row.is_private}
    stored |= {"inputs": read_inputs(row), "request": read_request(row.request), "outputs": read_outputs(row)}
    changed = {name: value for name, value in values.items() if not is_same(value, stored[name])}
    if not changed:
        return
    repository.update_action(connection, row.id, changed | {"updated_at": utc_now()})
    details = {name: {"before": noted(stored[name]), "after": noted(value)} for name, value in changed.items()}
    audit.record(connection, caller, "action.update", "action", row.id, details)


def _action(row: Row) -> Action:
    return _made(row, read_inputs(row), read_request(row.request), read_outputs(row))


def _listed(row: Row) -> Action:
    try:
        return _action(row)
    except RecordCorrupt:
        return _made(row, [], None, [], is_damaged=True)


def _made(row: Row, inputs: list[Input], request: Request | None, outputs: Any, *, is_damaged: bool = False) -> Action:
    return Action(
        id=row.id,
        integration_id=row.integration_id,
        name=row.name,
        description=row.description,
        inputs=inputs,
        request=request,
        outputs=outputs,
        is_private=row.is_private,
        created_at=row.created_at,
        updated_at=row.updated_at,
        is_damaged=is_damaged,
    )
