"""Exports an integration with its actions as one readable file, and makes a new integration of such a file.

The file names everything by what people call it: no id of ours and no secret is in it. An imported integration is a new
one, whatever is there already; names may repeat. Exporting it again gives the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final, Literal

import msgspec
import sqlalchemy as sa

from recado.accounts import audit
from recado.accounts.caller import Caller
from recado.actions import repository
from recado.actions.schemas import CreateAction
from recado.actions.service import create_action
from recado.actions.stored import read_inputs, read_outputs
from recado.db.columns import JSON_ENCODER
from recado.errors import DocumentInvalid, RecadoError, TooMany, ValidationFailed
from recado.ids import new_id
from recado.integrations.checks import collecting, raise_if_any
from recado.integrations.definition import Auth, AuthIn
from recado.integrations.document import read_document, write_document
from recado.integrations.repository import Row
from recado.integrations.requests import SendingRules
from recado.integrations.schemas import CreateIntegration, Integration
from recado.integrations.service import create_integration, get_integration
from recado.integrations.stored import read_request
from recado.outbound.definition import Request
from recado.web.body import decode_body

MAX_ACTIONS: Final = 500

_NOT_FILE_NAME: Final = re.compile(r"[^a-z0-9]+")
_BLANKS: Final = ("", None, False)


class IntegrationDocument(msgspec.Struct, forbid_unknown_fields=True):
    """The content of an exported file."""

    recado: Literal[1]
    kind: Literal["integration"]
    name: str
    description: str = ""
    logo_url: str | None = None
    auth: AuthIn = AuthIn()
    test_request: Request | None = None
    ca_certificates: str | None = None
    actions: list[CreateAction] = []


def export_integration(connection: sa.Connection, caller: Caller, integration_id: str) -> tuple[str, str]:
    """The file and a name for it. Raises NotFound, RecordCorrupt."""
    integration = get_integration(connection, caller, integration_id)
    rows = repository.list_all_actions(connection, caller.workspace_id, integration_id)
    details = {"name": integration.name}
    audit.record(connection, caller, "integration.export", "integration", integration_id, details, is_change=False)
    return write_document(integration_tree(integration, rows)), file_name(integration.name, "integration")


def read_integration(text: str) -> IntegrationDocument:
    """The content of a file. Raises ValidationFailed, its paths those of the file (`actions[].name`), or `yaml`."""
    try:
        tree = read_document(text)
    except DocumentInvalid as problem:
        raise ValidationFailed([problem.at("yaml")]) from problem
    return decode_body(IntegrationDocument, JSON_ENCODER.encode(tree))


def import_integration(
    connection: sa.Connection, caller: Caller, document: IntegrationDocument, rules: SendingRules
) -> Integration:
    """A new integration with the file's actions, or nothing at all. Raises ValidationFailed with every problem, Forbidden."""
    if len(document.actions) > MAX_ACTIONS:
        raise ValidationFailed([TooMany("actions", limit=MAX_ACTIONS)])
    data = CreateIntegration(
        name=document.name,
        description=document.description,
        logo_url=document.logo_url,
        auth=document.auth,
        test_request=document.test_request,
        ca_certificates=document.ca_certificates,
    )
    caller.require("actions:write")
    integration = create_integration(connection, caller, data, rules)
    problems: list[RecadoError] = []
    # Ids of one millisecond have no order of their own; sorted, they keep the order of the file.
    ids = sorted(new_id("act") for _ in document.actions)
    for index, (action, action_id) in enumerate(zip(document.actions, ids, strict=True)):
        with collecting(problems, f"actions[{index}]"):
            create_action(connection, caller, integration.id, action, rules, action_id=action_id)
    raise_if_any(problems)  # which undoes what was written before
    return get_integration(connection, caller, integration.id)


# ── the tree of the file ─────────────────────────────────────────────────────────────────────────────────────────────


def integration_tree(integration: Integration, rows: Sequence[Row]) -> dict[str, Any]:
    """The tree of an integration with these of its actions."""
    return without_blanks({
        "recado": 1,
        "kind": "integration",
        "name": integration.name,
        "description": integration.description,
        "logo_url": integration.logo_url,
        "auth": _auth_tree(integration.auth),
        "test_request": _request_tree(integration.test_request),
        "ca_certificates": integration.ca_certificates,
        "actions": [_action_tree(row) for row in rows],
    })  # fmt: skip


def _auth_tree(auth: Auth) -> dict[str, Any]:
    fields = [
        without_blanks({"identifier": field.identifier, "name": field.name, "type": field.type})
        | {"required": field.required}
        for field in auth.fields
    ]
    return without_blanks({"scheme": auth.scheme, "name": auth.name, "key_in_url": auth.key_in_url, "fields": fields})


def _action_tree(row: Row) -> dict[str, Any]:
    return without_blanks({
        "name": row.name,
        "description": row.description,
        "inputs": [msgspec.to_builtins(item) for item in read_inputs(row)],
        "request": _request_tree(read_request(row.request)),
        "outputs": [msgspec.to_builtins(item) for item in read_outputs(row)],
        "is_private": row.is_private,
    })  # fmt: skip


def _request_tree(request: Request | None) -> dict[str, Any] | None:
    """A request without what is as it would be anyhow; what its body holds stays whole."""
    if request is None:
        return None
    tree: dict[str, Any] = msgspec.to_builtins(request, builtin_types=(Decimal,))
    if tree["body"] == {"type": "none"}:
        del tree["body"]
    return without_blanks({name: value or None for name, value in tree.items()})


def without_blanks(tree: dict[str, Any]) -> dict[str, Any]:
    """Only what says something; empty lists stay, as they tell a reader where something would be."""
    return {name: value for name, value in tree.items() if value not in _BLANKS}


def file_name(name: str, kind: str) -> str:
    """What a file of something with this name is called; `kind` where nothing of the name can be kept."""
    return (_NOT_FILE_NAME.sub("-", name.lower()).strip("-")[:64].rstrip("-") or kind) + ".yaml"
