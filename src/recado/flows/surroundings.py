"""Finds what a flow refers to outside itself, for its validation and its export."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Final

import msgspec
import sqlalchemy as sa

from recado.actions.stored import read_inputs, read_outputs
from recado.errors import RecordCorrupt
from recado.flows import repository
from recado.flows.catalog import (
    Catalog,
    KnownAction,
    KnownCredential,
    KnownFlow,
    KnownForm,
    KnownInput,
    KnownIntegration,
)
from recado.flows.definition import CallFlowBlock, Definition, Variable
from recado.flows.stored import StoredVersion, read_version
from recado.flows.uses import UsedKind, list_uses
from recado.integrations.definition import Auth
from recado.integrations.repository import Row
from recado.integrations.stored import read_auth


def load_catalog(connection: sa.Connection, workspace_id: str, flow_id: str, definition: Definition) -> Catalog:
    """All that a definition of this flow names and that is there."""
    named: dict[UsedKind, list[str]] = defaultdict(list)
    for kind, object_id in list_uses(definition):
        named[kind].append(object_id)
    integrations = repository.list_integrations(connection, workspace_id, named["integration"])
    auths = {row.id: _auth_of(row) for row in integrations}
    required = {row.id: tuple(f.identifier for f in auths[row.id].fields if f.required) for row in integrations}
    return Catalog(
        flow_id,
        {row.id: KnownIntegration(row.name, required[row.id]) for row in integrations},
        {row.id: known_action(row) for row in repository.list_actions(connection, workspace_id, named["action"])},
        _credentials(connection, workspace_id, named["credential"], auths),
        _flows(connection, workspace_id, definition, named["flow"]),
        _forms(connection, workspace_id, named["form"]),
    )


def load_with_called(
    connection: sa.Connection, workspace_id: str, version_ids: Collection[str]
) -> Mapping[str, StoredVersion]:
    """Versions and all that they call, over any number of steps, by their ids; what was deleted is not there.

    Raises RecordCorrupt.
    """
    found: dict[str, StoredVersion] = {}
    wanted = set(version_ids)
    while wanted:
        rows = repository.find_versions(connection, workspace_id, wanted)
        found |= {row.id: read_version(row) for row in rows}
        named = {pinned for row in rows for pinned in found[row.id].called.values()}
        wanted = named - found.keys()
    return found


# ── integrations ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _auth_of(row: Row) -> Auth:
    try:
        return read_auth(row)
    except RecordCorrupt:  # its own page tells; a call would fail, as the flow provides for
        return Auth()


def known_action(row: Row) -> KnownAction:
    """What a flow or a form has to know of an action; without inputs and outputs where they cannot be read."""
    has_request = row.request is not None
    try:
        inputs = {item.key: KnownInput(item.type, item.required) for item in read_inputs(row)}
        outputs = {item.identifier: item.type for item in read_outputs(row)}
    except RecordCorrupt:
        return KnownAction(row.name, row.integration_id, has_request)
    return KnownAction(row.name, row.integration_id, has_request, inputs, outputs)


def _credentials(
    connection: sa.Connection, workspace_id: str, ids: Collection[str], auths: Mapping[str, Auth]
) -> Mapping[str, KnownCredential]:
    held: dict[str, set[str]] = defaultdict(set)
    for row in repository.list_held_fields(connection, workspace_id, ids):
        held[row.credential_id].add(row.auth_field_id)
    found = {}
    for row in repository.list_credentials(connection, workspace_id, ids):
        fields = auths[row.integration_id].fields if row.integration_id in auths else []
        names = frozenset(item.identifier for item in fields if item.id in held[row.id])
        found[row.id] = KnownCredential(row.name, row.integration_id, names)
    return found


def _forms(connection: sa.Connection, workspace_id: str, ids: Collection[str]) -> Mapping[str, KnownForm]:
    rows = repository.list_forms(connection, workspace_id, ids) if ids else ()
    return {row.id: KnownForm(row.name, bool(row.flow_id), _screens_of(row.definition)) for row in rows}


def _screens_of(definition: str) -> frozenset[str]:
    """The ids of a form's screens, as far as its JSON can be read."""
    try:
        listed = _FORMS.decode(definition).flow_json.screens
    except (msgspec.DecodeError, RecursionError):
        return frozenset()
    return frozenset(screen.id for screen in listed)


class _Screen(msgspec.Struct):
    id: str = ""


class _FlowJson(msgspec.Struct):
    screens: list[_Screen] = []


class _Form(msgspec.Struct):
    flow_json: _FlowJson = msgspec.field(default_factory=_FlowJson)


_FORMS: Final = msgspec.json.Decoder(_Form)


# ── other flows ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _flows(
    connection: sa.Connection, workspace_id: str, definition: Definition, flow_ids: Collection[str]
) -> Mapping[str, KnownFlow]:
    rows = repository.list_flow_rows(connection, workspace_id, flow_ids)
    wanted = {(row.id, row.published_number) for row in rows if row.published_number is not None}
    for block in definition.blocks:
        if isinstance(block, CallFlowBlock) and block.version is not None:
            wanted.add((block.flow_id, block.version))
    numbered = repository.list_numbered(connection, workspace_id, wanted)
    versions = load_with_called(connection, workspace_id, [row.id for row in numbered])
    variables: dict[str, dict[int, Mapping[str, Variable]]] = defaultdict(dict)
    reaches: dict[str, dict[int, frozenset[str]]] = defaultdict(dict)
    depths: dict[str, dict[int, int]] = defaultdict(dict)
    known: dict[str, tuple[frozenset[str], int]] = {}
    for row in numbered:
        variables[row.flow_id][row.number] = {item.key: item for item in versions[row.id].definition.variables}
        reaches[row.flow_id][row.number], depths[row.flow_id][row.number] = _reach(row.id, versions, known)
    return {
        row.id: KnownFlow(row.name, row.published_number, variables[row.id], reaches[row.id], depths[row.id])
        for row in rows
    }


def _reach(
    version_id: str, versions: Mapping[str, StoredVersion], known: dict[str, tuple[frozenset[str], int]]
) -> tuple[frozenset[str], int]:
    """The flows that a version leads to, its own among them, and how deep; versions only call older ones."""
    if version_id not in known:
        version = versions[version_id]
        below = [_reach(each, versions, known) for each in set(version.called.values()) if each in versions]
        flows = frozenset({version.flow_id}).union(*(found for found, _ in below))
        known[version_id] = (flows, 1 + max((depth for _, depth in below), default=0))
    return known[version_id]
