"""Exports a flow with all that it uses as one readable file, and makes a new flow of such a file.

Flows that it calls go along, each in the version that is called: the one that was pinned where a version is exported.
Credentials are named and never carried: the import makes them without values, and says so. Forms belong to a channel and
are named too: the import takes those of these names that are there. Exporting an imported flow again gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import sqlalchemy as sa

from recado.accounts import audit
from recado.accounts.caller import Caller
from recado.accounts.words import clean_name
from recado.actions import transfer as integrations_transfer
from recado.actions.definition import clean_inputs, clean_outputs
from recado.actions.repository import list_all_actions
from recado.actions.schemas import CreateAction
from recado.actions.stored import read_inputs, read_outputs
from recado.actions.transfer import IntegrationDocument, file_name, integration_tree, without_blanks
from recado.credentials.keys import Keyring
from recado.credentials.schemas import CreateCredential
from recado.credentials.service import create_credential
from recado.credentials.values import Entering
from recado.errors import RecadoError, RecordCorrupt, ValidationFailed
from recado.flows import repository
from recado.flows.definition import Block, CallFlowBlock, CustomIntegrationBlock, Definition, FormBlock
from recado.flows.document import FlowDocument, FlowPart, IntegrationPart, label, write_definition
from recado.flows.schemas import CredentialToAdd, ImportedFlow, ImportedIntegration, NamedFlow
from recado.flows.service import check_size, find_row, insert_flow
from recado.flows.stored import read_definition, read_version
from recado.flows.uses import list_uses
from recado.flows.versions import find_stored
from recado.ids import new_id
from recado.integrations.checks import clean_description, collecting, raise_if_any
from recado.integrations.document import write_document
from recado.integrations.repository import Row
from recado.integrations.requests import SendingRules
from recado.integrations.service import get_integration
from recado.integrations.stored import read_auth, read_request


def export_flow(connection: sa.Connection, caller: Caller, flow_id: str, version: str = "draft") -> tuple[str, str]:
    """The file of a draft or a version, and a name for it. Raises NotFound, RecordCorrupt."""
    row = find_row(connection, caller, flow_id)
    exported = _Exported(connection, caller)
    if version == "draft":
        exported.add(flow_id, row, read_definition(row.draft), None)
    else:
        stored = find_stored(connection, caller, flow_id, version)
        exported.add(f"{flow_id}@{stored.number}", row, stored.definition, stored.called)
    details = {"name": row.name, "version": version}
    audit.record(connection, caller, "flow.export", "flow", flow_id, details, is_change=False)
    return write_document(exported.tree()), file_name(row.name, "flow")


@dataclass(slots=True)
class _Exported:
    """What goes into the file, in the order it is met."""

    connection: sa.Connection
    caller: Caller
    flows: dict[str, tuple[Row, Definition]] = field(default_factory=dict)
    """By the id of the flow, and of the version that is called where one is named."""

    def add(self, key: str, row: Row, definition: Definition, pinned: Mapping[str, str] | None) -> None:
        """A flow, and those it calls; each once, so that circles end. `pinned` are the versions that a version calls."""
        self.flows[key] = (row, definition)
        blocks: list[Block] = []
        for block in definition.blocks:
            if isinstance(block, CallFlowBlock):
                blocks.append(msgspec.structs.replace(block, flow_id=self._add_called(block, pinned)))
            else:
                blocks.append(block)
        self.flows[key] = (row, msgspec.structs.replace(definition, blocks=blocks))

    def _add_called(self, block: CallFlowBlock, pinned: Mapping[str, str] | None) -> str:
        """What a block calls, by its key: the pinned version, else the named one, the newest, or the draft where there is none."""
        workspace_id = self.caller.workspace_id
        row = repository.find_flow(self.connection, workspace_id, block.flow_id)
        if row is None:
            return block.flow_id
        if pinned is not None and block.id in pinned:
            found = next(iter(repository.find_versions(self.connection, workspace_id, [pinned[block.id]])), None)
        else:
            wanted = row.published_number if block.version is None else block.version
            found = repository.find_version(self.connection, workspace_id, row.id, wanted or 0)
        key = row.id if found is None else f"{row.id}@{found.number}"
        if key not in self.flows:
            stored = None if found is None else read_version(found)
            if stored is None:
                self.add(key, row, read_definition(row.draft), None)
            else:
                self.add(key, row, stored.definition, stored.called)
        return key

    def tree(self) -> dict[str, Any]:
        """The tree of the file."""
        names = dict(zip(self.flows, label(row.name for row, _ in self.flows.values()), strict=True))
        integrations = self._integrations(names)
        names |= {form_id: name for name, form_id in _forms_by_name(self.connection, self.caller).items()}
        parts = [
            without_blanks({
                "name": row.name,
                "description": row.description,
                "definition": write_definition(definition, names),
            })
            for row, definition in self.flows.values()
        ]  # fmt: skip
        whole: dict[str, Any] = {"recado": 1, "kind": "flow", **parts[0]}
        return whole | {name: part for name, part in (("integrations", integrations), ("flows", parts[1:])) if part}

    def _integrations(self, names: dict[str, str]) -> list[dict[str, Any]]:
        """Trees of the integrations with the actions that are used; `names` gets what is written for each id."""
        used = [use for _, definition in self.flows.values() for use in list_uses(definition)]
        ids = list(dict.fromkeys(object_id for _, object_id in used))
        workspace_id = self.caller.workspace_id
        known = {row.id: row for row in repository.list_integrations(self.connection, workspace_id, ids)}
        actions = {row.id: row for row in repository.list_actions(self.connection, workspace_id, ids)}
        credentials = {row.id: row for row in repository.list_credentials(self.connection, workspace_id, ids)}
        listed = [known[each] for each in ids if each in known]
        names |= dict(zip((row.id for row in listed), label(row.name for row in listed), strict=True))
        trees = []
        for row in listed:
            own = [actions[each] for each in ids if each in actions and actions[each].integration_id == row.id]
            keys = [
                credentials[each] for each in ids if each in credentials and credentials[each].integration_id == row.id
            ]
            for inner in (own, keys):
                labels = label(item.name for item in inner)
                names |= {f"{row.id}/{item.id}": name for item, name in zip(inner, labels, strict=True)}
            whole = integration_tree(get_integration(self.connection, self.caller, row.id), own)
            tree = {name: value for name, value in whole.items() if name not in {"recado", "kind"}}
            trees.append({**tree, "credentials": [item.name for item in keys]} if keys else tree)
        return trees


def _forms_by_name(connection: sa.Connection, caller: Caller) -> dict[str, str]:
    """The ids of the workspace's forms; those of one name are told apart by a number, in the order they were made."""
    rows = repository.list_form_names(connection, caller.workspace_id)
    return dict(zip(label(row.name for row in rows), (row.id for row in rows), strict=True))


# ── import ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Settled:
    """An integration of the file as it is here: its id, and those of its actions and credentials in their order."""

    integration: ImportedIntegration
    action_ids: list[str]
    credentials: list[CredentialToAdd]


@dataclass(frozen=True, slots=True)
class _Here:
    """What the places and names of a file lead to."""

    integrations: Sequence[_Settled]
    flow_ids: Sequence[str]
    forms: Mapping[str, str]


def import_flow(
    connection: sa.Connection,
    caller: Caller,
    document: FlowDocument,
    rules: SendingRules,
    *,
    is_using_existing: bool = False,
) -> ImportedFlow:
    """A new flow with all that the file holds, or nothing at all. Raises ValidationFailed with every problem, Forbidden.

    `is_using_existing`: an integration of the same name, authentication and actions is used as it is, and so are its
    credentials of the same name.
    """
    problems: list[RecadoError] = []
    settled: list[_Settled] = []
    for index, part in enumerate(document.integrations):
        with collecting(problems, f"integrations[{index}]"):
            taken = {each.integration.id for each in settled}
            found = _find_existing(connection, caller, part, taken) if is_using_existing else None
            settled.append(found or _make(connection, caller, part, rules))
    parts = [FlowPart(document.name, document.description, document.definition), *document.flows]
    words: list[dict[str, Any]] = [{} for _ in parts]
    for index, (flow, cleaned) in enumerate(zip(parts, words, strict=True)):
        place = f"flows[{index - 1}]" if index else ""
        with collecting(problems, place):
            cleaned["name"] = clean_name(flow.name)
        with collecting(problems, f"{place}.description" if place else "description"):
            cleaned["description"] = clean_description(flow.description)
        with collecting(problems, place):
            check_size(flow.definition)
    raise_if_any(problems)  # which undoes what was written before
    ids = [new_id("flw") for _ in parts]
    here = _Here(settled, ids, _forms_by_name(connection, caller))
    made = [
        insert_flow(connection, caller, cleaned, _bind(flow.definition, here), "flow.import", flow_id=flow_id)
        for flow, cleaned, flow_id in zip(parts, words, ids, strict=True)
    ]
    return ImportedFlow(
        flow=made[0],
        flows=[NamedFlow(flow.id, flow.name) for flow in made[1:]],
        integrations=[each.integration for each in settled],
        credentials=[each for one in settled for each in one.credentials if not each.has_values],
    )


def _bind(definition: Definition, here: _Here) -> Definition:
    """The ids of what is here, where the file has places and names."""
    return msgspec.structs.replace(definition, blocks=[_bound(block, here) for block in definition.blocks])


def _bound(block: Block, here: _Here) -> Block:
    if isinstance(block, CallFlowBlock) and block.flow_id:
        return msgspec.structs.replace(block, flow_id=here.flow_ids[int(block.flow_id)])
    if isinstance(block, FormBlock):
        return msgspec.structs.replace(block, form_id=here.forms.get(block.form_id, ""))
    if not isinstance(block, CustomIntegrationBlock) or not block.integration_id:
        return block
    found = here.integrations[int(block.integration_id)]
    bound = {"integration_id": found.integration.id}
    if block.action_id:
        bound["action_id"] = found.action_ids[int(block.action_id.partition(".")[2])]
    if block.credential_id:
        bound["credential_id"] = found.credentials[int(block.credential_id.partition(".")[2])].credential_id or ""
    return msgspec.structs.replace(block, **bound)


def _make(connection: sa.Connection, caller: Caller, part: IntegrationPart, rules: SendingRules) -> _Settled:
    """A new integration with its actions, and credentials without values for who may make them."""
    caller.require("integrations:write")
    document = IntegrationDocument(
        recado=1,
        kind="integration",
        name=part.name,
        description=part.description,
        logo_url=part.logo_url,
        auth=part.auth,
        test_request=part.test_request,
        ca_certificates=part.ca_certificates,
        actions=part.actions,
    )
    made = integrations_transfer.import_integration(connection, caller, document, rules)
    actions = [row.id for row in list_all_actions(connection, caller.workspace_id, made.id)]
    integration = ImportedIntegration(made.id, made.name, is_new=True)
    credentials = [_add_credential(connection, caller, integration, name) for name in part.credentials]
    return _Settled(integration, actions, credentials)


def _add_credential(
    connection: sa.Connection, caller: Caller, integration: ImportedIntegration, name: str
) -> CredentialToAdd:
    credential_id = None
    if caller.may("credentials:write"):
        entering = Entering(Keyring(None))  # no value is entered, so no key is needed
        credential_id = create_credential(connection, caller, entering, integration.id, CreateCredential(name)).id
    return CredentialToAdd(integration.id, integration.name, credential_id, name)


# ── what is there already ────────────────────────────────────────────────────────────────────────────────────────────


def _find_existing(
    connection: sa.Connection, caller: Caller, part: IntegrationPart, taken: Collection[str]
) -> _Settled | None:
    """The oldest integration that is what the file says, as far as the flow uses it, and is not `taken` yet."""
    for row in repository.list_integrations_named(connection, caller.workspace_id, part.name.strip()):
        if row.id in taken:
            continue
        try:
            action_ids = _same_actions(connection, caller, row, part)
        except (RecordCorrupt, ValidationFailed):
            continue
        if action_ids is not None:
            integration = ImportedIntegration(row.id, row.name, is_new=False)
            there = repository.list_credentials_of(connection, caller.workspace_id, row.id)
            by_name: Mapping[str, Row] = {item.name: item for item in reversed(there)}
            credentials = [
                CredentialToAdd(row.id, row.name, by_name[name].id, name, by_name[name].value_count > 0)
                if name in by_name
                else _add_credential(connection, caller, integration, name)
                for name in part.credentials
            ]
            return _Settled(integration, action_ids, credentials)
    return None


def _same_actions(connection: sa.Connection, caller: Caller, row: Row, part: IntegrationPart) -> list[str] | None:
    """For each action of the file the one here that is the same; None where one is missing, or the authentication differs."""
    auth, given = read_auth(row), part.auth
    fields = [] if given.fields is msgspec.UNSET else given.fields
    is_same = (
        [(item.identifier, item.type, item.required) for item in auth.fields]
        == [(item.identifier, item.type, item.required) for item in fields]
        and auth.key_in_url == (given.key_in_url is True)
    )  # fmt: skip
    if not is_same:
        return None
    left = list(list_all_actions(connection, caller.workspace_id, row.id))
    found = []
    for action in part.actions:
        same = next((each for each in left if _is_same_action(each, action)), None)
        if same is None:
            return None
        left.remove(same)
        found.append(same.id)
    return found


def _is_same_action(row: Row, action: CreateAction) -> bool:
    return bool(
        row.name == action.name.strip()
        and row.is_private == action.is_private
        and read_inputs(row) == clean_inputs(action.inputs)
        and read_outputs(row) == clean_outputs(action.outputs)
        and read_request(row.request) == action.request
    )
