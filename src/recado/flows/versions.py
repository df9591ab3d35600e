"""What can be done with the versions of a flow: publish, look at, compare, restore, and take a copy of a draft to try."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from recado.accounts import audit
from recado.accounts.caller import Caller
from recado.db.columns import utc_now
from recado.db.rows import existing
from recado.errors import FlowHasProblems, NotFound, RecadoError
from recado.flows import repository, validation
from recado.flows.compare import compare
from recado.flows.definition import CallFlowBlock, Definition
from recado.flows.outdated import problems_of_version
from recado.flows.schemas import (
    CalledVersion,
    Comparison,
    Flow,
    FlowProblem,
    FlowVersion,
    ListedVersion,
    Published,
    PublishFlow,
    RestoreVersion,
    ValidateFlow,
    Validation,
)
from recado.flows.service import check_base, check_size, find_row, get_flow, write_draft
from recado.flows.stored import StoredVersion, read_definition, read_version
from recado.flows.surroundings import load_catalog, load_with_called
from recado.flows.uses import list_uses
from recado.ids import is_id, new_id
from recado.integrations.checks import clean_description, collecting, raise_if_any
from recado.integrations.repository import Row
from recado.integrations.stored import is_same
from recado.web.pages import Page, make_cursor


def validate_flow(connection: sa.Connection, caller: Caller, flow_id: str, data: ValidateFlow) -> Validation:
    """What is wrong with a definition, a version as things are now, or the draft.

    Raises NotFound, RecordCorrupt, ValidationFailed.
    """
    row = find_row(connection, caller, flow_id)
    if data.definition is None and data.version is not None:
        version = read_version(_find_version(connection, caller, flow_id, data.version))
        return Validation(problems_of_version(connection, caller.workspace_id, version))
    if data.definition is not None:
        check_size(data.definition)
    definition = data.definition or read_definition(row.draft)
    return Validation(_problems_of(connection, caller, flow_id, definition))


def publish_flow(connection: sa.Connection, caller: Caller, flow_id: str, data: PublishFlow) -> Published:
    """Make the draft the next version. Raises NotFound, DraftChanged, FlowHasProblems, ValidationFailed, RecordCorrupt."""
    row = find_row(connection, caller, flow_id, is_locked=True)
    check_base(row, data.base_revision)
    problems: list[RecadoError] = []
    note = ""
    with collecting(problems, "note"):
        note = clean_description(data.note)
    raise_if_any(problems)
    draft = read_definition(row.draft)
    found = _problems_of(connection, caller, flow_id, draft)
    if errors := [problem for problem in found if problem.severity == "error"]:
        raise FlowHasProblems(count=len(errors), problems=found)
    number = repository.newest_number(connection, flow_id) + 1
    _insert(connection, caller, row, draft, number, note)
    repository.update_flow(connection, flow_id, {"published_number": number, "published_revision": row.draft_revision})
    repository.put_uses(connection, caller.workspace_id, flow_id, "published", list_uses(draft))
    details = {"name": row.name, "version": number, "note": note}
    audit.record(connection, caller, "flow.publish", "flow", flow_id, details)
    return Published(number, found)


def list_versions(
    connection: sa.Connection, caller: Caller, flow_id: str, limit: int, cursor: str | None
) -> Page[ListedVersion]:
    """A page of a flow's versions, newest first. Raises NotFound."""
    find_row(connection, caller, flow_id)
    rows = repository.list_versions(connection, flow_id, limit, cursor)
    shown = [ListedVersion(row.number, row.note, row.created_by, row.created_at) for row in rows[:limit]]
    return Page(shown, make_cursor(str(shown[-1].number)) if len(rows) > limit else None)


def get_version(connection: sa.Connection, caller: Caller, flow_id: str, number: str) -> FlowVersion:
    """A version with its definition. Raises NotFound, RecordCorrupt."""
    row = _find_version(connection, caller, flow_id, _read_number(number))
    version = read_version(row)
    rows = repository.find_versions(connection, caller.workspace_id, set(version.called.values()))
    called = {each.id: CalledVersion(each.flow_id, each.number) for each in rows}
    return FlowVersion(
        row.number,
        row.note,
        row.created_by,
        row.created_at,
        version.definition,
        {block_id: called[pinned] for block_id, pinned in version.called.items() if pinned in called},
    )


def compare_versions(connection: sa.Connection, caller: Caller, flow_id: str, before: str, after: str) -> Comparison:
    """What changed from one version to another; `draft` is one too. Raises NotFound, RecordCorrupt."""
    return compare(*(find_definition(connection, caller, flow_id, each) for each in (before, after)))


def find_definition(connection: sa.Connection, caller: Caller, flow_id: str, version: str) -> Definition:
    """The draft (`draft`) or a version by its number. Raises NotFound, RecordCorrupt."""
    if version == "draft":
        return read_definition(find_row(connection, caller, flow_id).draft)
    return find_stored(connection, caller, flow_id, version).definition


def find_stored(connection: sa.Connection, caller: Caller, flow_id: str, version: str) -> StoredVersion:
    """A version by its number, with the versions that it calls. Raises NotFound, RecordCorrupt."""
    return read_version(_find_version(connection, caller, flow_id, _read_number(version)))


def restore_version(connection: sa.Connection, caller: Caller, flow_id: str, data: RestoreVersion) -> Flow:
    """Make a version the draft. Raises NotFound, DraftChanged, RecordCorrupt."""
    row = find_row(connection, caller, flow_id, is_locked=True)
    check_base(row, data.base_revision)
    restored = read_version(_find_version(connection, caller, flow_id, data.version)).definition
    write_draft(connection, caller, row, restored)
    details = {"name": row.name, "version": data.version}
    audit.record(connection, caller, "flow.restore", "flow", flow_id, details, is_change=False)
    return get_flow(connection, caller, flow_id)


# ── for those who walk a flow ────────────────────────────────────────────────────────────────────────────────────────


def snapshot_draft(connection: sa.Connection, caller: Caller, flow_id: str) -> str:
    """The id of a version without a number that is the draft as it stands, whatever problems it has. Raises NotFound."""
    row = find_row(connection, caller, flow_id, is_locked=True)
    draft = read_definition(row.draft)
    called = _pin(connection, caller, draft)
    newest = repository.find_newest_snapshot(connection, flow_id)
    if newest is not None:
        kept = read_version(newest)
        if kept.called == called and is_same(kept.definition, draft):
            return kept.id
    return _insert(connection, caller, row, draft, None, "")


def find_published(connection: sa.Connection, caller: Caller, flow_id: str, number: int | None = None) -> str:
    """The id of a published version: the newest, or the one with this number. Raises NotFound."""
    row = find_row(connection, caller, flow_id)
    wanted = row.published_number if number is None else number
    found = existing(repository.find_version(connection, caller.workspace_id, flow_id, wanted or 0))
    return str(found.id)


def load_versions(connection: sa.Connection, workspace_id: str, version_id: str) -> Mapping[str, StoredVersion]:
    """A version and all that it calls, by their ids; what was deleted is not there. Raises RecordCorrupt."""
    return load_with_called(connection, workspace_id, [version_id])


# ── steps ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _find_version(connection: sa.Connection, caller: Caller, flow_id: str, number: int) -> Row:
    return existing(
        repository.find_version(connection, caller.workspace_id, flow_id, number) if is_id(flow_id, "flw") else None
    )


def _read_number(text: str) -> int:
    """A number in a path; 0, which no version has, for anything else."""
    is_number = text.isdecimal() and text.isascii() and len(text) <= len(str(repository.MOST_NUMBER))
    return int(text) if is_number else 0


def _insert(
    connection: sa.Connection, caller: Caller, flow: Row, definition: Definition, number: int | None, note: str
) -> str:
    version_id = new_id("flv")
    values: dict[str, Any] = {
        "id": version_id,
        "workspace_id": caller.workspace_id,
        "flow_id": flow.id,
        "number": number,
        "definition": definition,
        "called": _pin(connection, caller, definition),
        "note": note,
        "created_by": caller.id,
        "created_at": utc_now(),
    }
    repository.insert_version(connection, values)
    return version_id


def _pin(connection: sa.Connection, caller: Caller, definition: Definition) -> dict[str, str]:
    """The version that each block which calls a flow leads to from now on; a flow that is not published has none."""
    pinned = {}
    for block in definition.blocks:
        if isinstance(block, CallFlowBlock):
            try:
                pinned[block.id] = find_published(connection, caller, block.flow_id, block.version)
            except NotFound:
                continue
    return pinned


def _problems_of(connection: sa.Connection, caller: Caller, flow_id: str, definition: Definition) -> list[FlowProblem]:
    return validation.validate(definition, load_catalog(connection, caller.workspace_id, flow_id, definition))
