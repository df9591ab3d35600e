"""What can be done with forms, one function a verb."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from recado.accounts import audit
from recado.accounts.caller import Caller
from recado.accounts.words import clean_name
from recado.channels.service import find_row as find_channel
from recado.channels.whatsapp.forms import repository, tokens
from recado.channels.whatsapp.forms.answering import Form as ReadyForm
from recado.channels.whatsapp.forms.answering import Sent
from recado.channels.whatsapp.forms.checks import Known, find_problems
from recado.channels.whatsapp.forms.definition import FormDefinition
from recado.channels.whatsapp.forms.flow_json import FlowJson, read_flow_json
from recado.channels.whatsapp.forms.schemas import (
    CreateForm,
    Form,
    FormValidation,
    ListedForm,
    ScreenShown,
    UpdateForm,
    ValidateForm,
)
from recado.conversations.kept import decode_state
from recado.credentials.repository import Row
from recado.db.columns import JSON_DECODER, utc_now
from recado.db.rows import existing
from recado.errors import (
    FieldTooLong,
    FormEnded,
    FormJsonInvalid,
    InUse,
    Invalid,
    RecadoError,
    RecordCorrupt,
    TooMany,
)
from recado.flows import repository as flow_rows
from recado.flows.events import ENDED
from recado.flows.surroundings import known_action
from recado.ids import is_id, new_id
from recado.integrations.checks import collecting, raise_if_any
from recado.integrations.repository import list_flows_that_use
from recado.integrations.service import used_by
from recado.integrations.stored import is_same, read_json
from recado.web.pages import Page, page_of
from recado.web.problems import FieldProblem

MOST_HANDLERS: Final = 300
TRIAL: Final = dt.timedelta(days=1)
"""How long a form that is tried can be gone on with."""
_LONGEST_FLOW_ID: Final = 64
_DEFINITIONS: Final = msgspec.json.Decoder(FormDefinition, float_hook=JSON_DECODER.float_hook)


def create_form(connection: sa.Connection, caller: Caller, channel_id: str, data: CreateForm) -> Form:
    """A new form of a channel, however incomplete. Raises NotFound, ValidationFailed."""
    find_channel(connection, caller, channel_id)
    problems: list[RecadoError] = []
    values = _clean(data.name, data.flow_id, data.definition, problems)
    raise_if_any(problems)
    now = utc_now()
    values |= {
        "id": new_id("frm"),
        "workspace_id": caller.workspace_id,
        "channel_id": channel_id,
        "created_at": now,
        "updated_at": now,
    }
    repository.insert_form(connection, values)
    details = {"name": values["name"], "channel_id": channel_id}
    audit.record(connection, caller, "form.create", "form", values["id"], details)
    return get_form(connection, caller, values["id"])


def get_form(connection: sa.Connection, caller: Caller, form_id: str) -> Form:
    """One form with what is wrong with it now. Raises NotFound, RecordCorrupt."""
    row = find_row(connection, caller, form_id)
    definition = read_definition(row)
    return Form(
        id=row.id,
        channel_id=row.channel_id,
        name=row.name,
        flow_id=row.flow_id,
        definition=definition,
        screens=_screens_of(definition),
        problems=_problems_of(connection, caller, definition),
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def list_forms(
    connection: sa.Connection, caller: Caller, channel_id: str, limit: int, cursor: str | None
) -> Page[ListedForm]:
    """A page of a channel's forms, newest first. Raises NotFound."""
    find_channel(connection, caller, channel_id)
    rows = repository.list_forms(connection, channel_id, limit, cursor)
    return page_of(rows, limit, _listed)


def update_form(connection: sa.Connection, caller: Caller, form_id: str, data: UpdateForm) -> Form:
    """Change a form; who has it open is answered by what it is from now on. Raises NotFound, ValidationFailed."""
    row = find_row(connection, caller, form_id, is_locked=True)
    problems: list[RecadoError] = []
    given = {name: getattr(data, name) for name in data.__struct_fields__ if getattr(data, name) is not msgspec.UNSET}
    kept = {"name": row.name, "flow_id": row.flow_id, "definition": read_definition(row)}
    values = _clean(**(kept | given), problems=problems)
    raise_if_any(problems)
    changed = [name for name in given if not is_same(values[name], kept[name])]
    if changed:
        repository.update_form(connection, row.id, values | {"updated_at": utc_now()})
        audit.record(connection, caller, "form.update", "form", row.id, {"name": values["name"], "changed": changed})
    return get_form(connection, caller, form_id)


def delete_form(connection: sa.Connection, caller: Caller, form_id: str, *, is_forced: bool = False) -> None:
    """Delete a form. Raises NotFound; InUse where a flow sends it, unless forced."""
    row = find_row(connection, caller, form_id, is_locked=True)
    flows = list_flows_that_use(connection, caller.workspace_id, [form_id])
    if flows and not is_forced:
        raise InUse(used_by=used_by("flow", flows))
    repository.delete_form(connection, row.id)
    audit.record(connection, caller, "form.delete", "form", row.id, {"name": row.name})


def validate_form(connection: sa.Connection, caller: Caller, form_id: str, data: ValidateForm) -> FormValidation:
    """What is wrong with a definition, or with the form's own. Raises NotFound, RecordCorrupt."""
    row = find_row(connection, caller, form_id)
    return FormValidation(_problems_of(connection, caller, data.definition or read_definition(row)))


# ── tokens ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def send_form(connection: sa.Connection, form_id: str, conversation_id: str | None, given: Mapping[str, Any]) -> str:
    """The token to send a form with, in this conversation; without one the form is tried."""
    token = tokens.new_token()
    values = {
        "token_hash": tokens.hash_of(token),
        "form_id": form_id,
        "conversation_id": conversation_id,
        "given": dict(given),
        "created_at": utc_now(),
    }
    repository.insert_token(connection, values)
    return token


def try_form(connection: sa.Connection, caller: Caller, form_id: str, given: Mapping[str, Any]) -> str:
    """The token to try a form with. Raises NotFound."""
    row = find_row(connection, caller, form_id)
    repository.delete_trials(connection, utc_now() - TRIAL)
    return send_form(connection, row.id, None, given)


def find_sent(connection: sa.Connection, token: str, channel_id: str) -> Sent:
    """The form that was sent with a token, on this channel alone.

    Raises FormEnded (its fact `language` is the form's) when its conversation is over or nobody knows it, RecordCorrupt.
    """
    token_hash = tokens.hash_of(token)
    row = repository.find_token(connection, token_hash, channel_id) if token else None
    if row is None:
        raise FormEnded
    definition = read_definition(row)
    if row.status in ENDED or (row.conversation_id is None and utc_now() - row.sent_at > TRIAL):
        raise FormEnded(language=definition.language)
    variables: dict[str, Any] = {}
    if row.state is not None:
        for frame in decode_state(row).frames:
            variables |= frame.variables
    form = ReadyForm(row.id, row.workspace_id, definition, _json_of(definition) or FlowJson({}))
    return Sent(token, token_hash, form, row.given, variables, row.contact or {})


# ── steps ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def find_row(connection: sa.Connection, caller: Caller, form_id: str, *, is_locked: bool = False) -> Row:
    """The row of a form. Raises NotFound."""
    return existing(
        repository.find_form(connection, caller.workspace_id, form_id, is_locked=is_locked)
        if is_id(form_id, "frm")
        else None
    )


def read_definition(row: Row) -> FormDefinition:
    """The definition in a row. Raises RecordCorrupt."""
    return read_json(_DEFINITIONS, row.definition)


def _clean(name: str, flow_id: str, definition: FormDefinition, problems: list[RecadoError]) -> dict[str, Any]:
    with collecting(problems):
        name = clean_name(name)
    flow_id = flow_id.strip()
    if len(flow_id) > _LONGEST_FLOW_ID:
        problems.append(FieldTooLong("flow_id", limit=_LONGEST_FLOW_ID))
    elif flow_id and not (flow_id.isascii() and flow_id.isdecimal()):
        problems.append(Invalid("flow_id", reason="This is the number that Meta shows beside the form, digits alone."))
    if len(definition.handlers) > MOST_HANDLERS:
        problems.append(TooMany("definition.handlers", limit=MOST_HANDLERS))
    if len(definition.error_message) > _LONGEST_MESSAGE:
        problems.append(FieldTooLong("definition.error_message", limit=_LONGEST_MESSAGE))
    return {"name": name, "flow_id": flow_id, "definition": definition}


_LONGEST_MESSAGE: Final = 1_000


def _problems_of(connection: sa.Connection, caller: Caller, definition: FormDefinition) -> list[FieldProblem]:
    found = find_problems(definition, _load_known(connection, caller.workspace_id, definition))
    return [FieldProblem(problem.path, problem.code, str(problem), problem.params) for problem in found]


def _load_known(connection: sa.Connection, workspace_id: str, definition: FormDefinition) -> Known:
    """The actions and credentials that a definition names, as far as they are there."""
    actions = {handler.action_id for handler in definition.handlers if is_id(handler.action_id, "act")}
    credentials = {handler.credential_id for handler in definition.handlers if is_id(handler.credential_id, "crd")}
    return Known(
        {row.id: known_action(row) for row in flow_rows.list_actions(connection, workspace_id, actions)},
        {row.id: row.integration_id for row in flow_rows.list_credentials(connection, workspace_id, credentials)},
    )


# ── what comes out ───────────────────────────────────────────────────────────────────────────────────────────────────


def _json_of(definition: FormDefinition) -> FlowJson | None:
    try:
        return read_flow_json(definition.flow_json)
    except FormJsonInvalid:
        return None


def _screens_of(definition: FormDefinition) -> list[ScreenShown]:
    form = _json_of(definition)
    if form is None:
        return []
    return [
        ScreenShown(
            screen.id,
            screen.title,
            {key: str(schema.get("type", "")) for key, schema in screen.data.items()},
            sorted((form.routes or {}).get(screen.id, ())),
            screen.is_asking,
            screen.is_refreshed,
        )
        for screen in form.screens.values()
    ]


def _listed(row: Row) -> ListedForm:
    try:
        screens = len(_screens_of(read_definition(row)))
    except RecordCorrupt:  # told where it is opened
        screens = 0
    return ListedForm(row.id, row.channel_id, row.name, row.flow_id, screens, row.created_at, row.updated_at)
