"""What can be done with flows and their drafts, one function a verb; versions are in `versions.py`."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from recado.accounts import audit
from recado.accounts.caller import Caller
from recado.accounts.words import MAX_NAME_CHARACTERS, clean_name
from recado.db.columns import utc_now
from recado.db.rows import existing
from recado.errors import DraftChanged, InUse, RecadoError, TooMany, ValidationFailed
from recado.flows import repository
from recado.flows.definition import Definition
from recado.flows.outdated import count_published_problems
from recado.flows.schemas import CreateFlow, DuplicateFlow, Flow, ListedFlow, SaveDraft, UpdateFlow
from recado.flows.stored import read_definition
from recado.flows.uses import list_uses
from recado.ids import is_id, new_id
from recado.integrations.checks import clean_description, collecting, raise_if_any
from recado.integrations.repository import Row
from recado.integrations.service import used_by
from recado.integrations.stored import is_same
from recado.web.pages import Page, page_of

MOST_BLOCKS: Final = 1000
_MOST_NAMED: Final = 20
_NOTED_AGAIN_AFTER: Final = dt.timedelta(minutes=10)
"""A draft saves itself with every few strokes; the audit log notes who edits it, not each of them."""


def create_flow(connection: sa.Connection, caller: Caller, data: CreateFlow) -> Flow:
    """A new flow with one revision of its draft. Raises ValidationFailed with every problem."""
    problems: list[RecadoError] = []
    values: dict[str, Any] = _clean(data, problems)
    with collecting(problems):
        check_size(data.definition)
    raise_if_any(problems)
    return insert_flow(connection, caller, values, data.definition, "flow.create")


def insert_flow(
    connection: sa.Connection,
    caller: Caller,
    values: dict[str, Any],
    draft: Definition,
    action: str,
    *,
    flow_id: str | None = None,
) -> Flow:
    """The row of a new flow whose words are clean, noted as `action`."""
    now = utc_now()
    flow_id = flow_id or new_id("flw")
    row = {
        **values,
        "id": flow_id,
        "workspace_id": caller.workspace_id,
        "draft": draft,
        "draft_revision": 1,
        "draft_saved_by": caller.id,
        "draft_saved_at": now,
        "block_count": len(draft.blocks),
        "created_at": now,
        "updated_at": now,
    }
    repository.insert_flow(connection, row)
    repository.put_uses(connection, caller.workspace_id, flow_id, "draft", list_uses(draft))
    audit.record(connection, caller, action, "flow", flow_id, {"name": values["name"]}, is_change=False)
    return get_flow(connection, caller, flow_id)


def get_flow(connection: sa.Connection, caller: Caller, flow_id: str) -> Flow:
    """One flow with its draft. Raises NotFound, RecordCorrupt."""
    row = find_row(connection, caller, flow_id)
    return Flow(
        id=row.id,
        name=row.name,
        description=row.description,
        draft=read_definition(row.draft),
        draft_revision=row.draft_revision,
        draft_saved_by=row.draft_saved_by,
        draft_saved_at=row.draft_saved_at,
        published_version=row.published_number,
        is_changed=_is_changed(row),
        published_problems=count_published_problems(connection, caller.workspace_id, [row]).get(row.id, 0),
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def list_flows(
    connection: sa.Connection, caller: Caller, search: str | None, limit: int, cursor: str | None
) -> Page[ListedFlow]:
    """A page of flows, newest first, without their drafts."""
    rows = repository.list_flows(connection, caller.workspace_id, search, limit, cursor)
    problems = count_published_problems(connection, caller.workspace_id, rows)
    return page_of(rows, limit, lambda row: _listed(row, problems.get(row.id, 0)))


def update_flow(connection: sa.Connection, caller: Caller, flow_id: str, data: UpdateFlow) -> Flow:
    """Change what it is called. Raises NotFound, ValidationFailed."""
    row = find_row(connection, caller, flow_id, is_locked=True)
    problems: list[RecadoError] = []
    values = _clean(data, problems)
    raise_if_any(problems)
    changed = {name: value for name, value in values.items() if value != getattr(row, name)}
    if changed:
        repository.update_flow(connection, flow_id, changed | {"updated_at": utc_now()})
        details = {name: {"before": getattr(row, name), "after": value} for name, value in changed.items()}
        audit.record(connection, caller, "flow.update", "flow", flow_id, details, is_change=False)
    return get_flow(connection, caller, flow_id)


def save_draft(connection: sa.Connection, caller: Caller, flow_id: str, data: SaveDraft) -> Flow:
    """Keep another draft. Raises NotFound, DraftChanged, ValidationFailed when it has too many blocks."""
    row = find_row(connection, caller, flow_id, is_locked=True)
    check_base(row, data.base_revision)
    check_size(data.definition)
    if not is_same(data.definition, read_definition(row.draft)):
        write_draft(connection, caller, row, data.definition)
        is_long_ago = utc_now() - row.draft_saved_at > _NOTED_AGAIN_AFTER
        if is_long_ago or row.draft_saved_by != caller.id or not _is_changed(row):
            details = {"name": row.name, "revision": row.draft_revision + 1}
            audit.record(connection, caller, "flow.edit", "flow", flow_id, details, is_change=False)
    return get_flow(connection, caller, flow_id)


def write_draft(connection: sa.Connection, caller: Caller, row: Row, draft: Definition) -> None:
    """A new revision of the draft of a locked row."""
    now = utc_now()
    values = {
        "draft": draft,
        "draft_revision": row.draft_revision + 1,
        "draft_saved_by": caller.id,
        "draft_saved_at": now,
        "block_count": len(draft.blocks),
        "updated_at": now,
    }
    repository.update_flow(connection, row.id, values)
    repository.put_uses(connection, caller.workspace_id, row.id, "draft", list_uses(draft))


def duplicate_flow(connection: sa.Connection, caller: Caller, flow_id: str, data: DuplicateFlow) -> Flow:
    """A new flow with the same draft and no versions. Raises NotFound, ValidationFailed, RecordCorrupt."""
    row = find_row(connection, caller, flow_id)
    name = f"{row.name[: MAX_NAME_CHARACTERS - 4].rstrip()} (2)"
    problems: list[RecadoError] = []
    if data.name is not None:
        with collecting(problems):
            name = clean_name(data.name)
    raise_if_any(problems)
    values = {"name": name, "description": row.description}
    return insert_flow(connection, caller, values, read_definition(row.draft), "flow.duplicate")


def delete_flow(connection: sa.Connection, caller: Caller, flow_id: str, *, is_forced: bool = False) -> None:
    """Delete a flow with its versions and conversations.

    Raises NotFound; InUse where another flow calls it, a channel or a batch begins it or people are in the middle of it,
    unless forced.
    """
    row = find_row(connection, caller, flow_id, is_locked=True)
    callers = repository.list_callers(connection, caller.workspace_id, flow_id)
    starts = repository.list_channels_beginning(connection, caller.workspace_id, flow_id)
    used = [
        *used_by("flow", callers),
        *used_by("channel", starts),
        *used_by("batch", repository.list_batches(connection, flow_id)),
        *used_by("conversation", repository.list_open_conversations(connection, flow_id, _MOST_NAMED)),
    ]
    if used and not is_forced:
        raise InUse(used_by=used)
    repository.delete_flow(connection, flow_id)
    audit.record(connection, caller, "flow.delete", "flow", flow_id, {"name": row.name})


# ── steps ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def find_row(connection: sa.Connection, caller: Caller, flow_id: str, *, is_locked: bool = False) -> Row:
    """The row of a flow. Raises NotFound."""
    return existing(
        repository.find_flow(connection, caller.workspace_id, flow_id, is_locked=is_locked)
        if is_id(flow_id, "flw")
        else None
    )


def check_base(row: Row, base_revision: int | None) -> None:
    """Raise DraftChanged unless the draft is at this revision; None goes with any."""
    if base_revision is not None and base_revision != row.draft_revision:
        raise DraftChanged(revision=row.draft_revision)


def check_size(definition: Definition) -> None:
    """Raise ValidationFailed for more blocks than anybody can look at."""
    if len(definition.blocks) > MOST_BLOCKS:
        raise ValidationFailed([TooMany("definition.blocks", limit=MOST_BLOCKS)])


def _clean(data: CreateFlow | UpdateFlow, problems: list[RecadoError]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if data.name is not msgspec.UNSET:
        with collecting(problems):
            values["name"] = clean_name(data.name)
    if data.description is not msgspec.UNSET:
        with collecting(problems, "description"):
            values["description"] = clean_description(data.description)
    return values


def _is_changed(row: Row) -> bool:
    return bool(row.published_revision != row.draft_revision)


def _listed(row: Row, published_problems: int) -> ListedFlow:
    return ListedFlow(
        id=row.id,
        name=row.name,
        description=row.description,
        draft_revision=row.draft_revision,
        published_version=row.published_number,
        is_changed=_is_changed(row),
        published_problems=published_problems,
        blocks=row.block_count,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
