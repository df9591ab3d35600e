"""The HTTP routes of flows."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Final

from litestar import Response, delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from recado.accounts.caller import Caller
from recado.db.engine import Database
from recado.flows import document, service, transfer, versions
from recado.flows.schemas import (
    Comparison,
    CreateFlow,
    DuplicateFlow,
    Flow,
    FlowVersion,
    ImportedFlow,
    ImportFlow,
    ListedFlow,
    ListedVersion,
    Published,
    PublishFlow,
    RestoreVersion,
    SaveDraft,
    UpdateFlow,
    ValidateFlow,
    Validation,
)
from recado.integrations.requests import SendingRules
from recado.outbound.policy import EgressPolicy
from recado.settings import Settings
from recado.web.pages import Cursor, Limit, Page, Search
from recado.web.problems import problems

_TAGS: Final = ["flows"]
_YAML: Final = "application/yaml"  # RFC 9512


@post(
    "/flows",
    permission="flows:write",
    operation_id="create_flow",
    tags=_TAGS,
    responses=problems(413, 415, 422),
)
async def create_flow(
    db: NamedDependency[Database], caller: NamedDependency[Caller], data: JSONBody[CreateFlow]
) -> Flow:
    """Create a flow; everything but its name can follow later."""
    return await db.write(service.create_flow, caller, data)


@get("/flows", permission="flows:read", operation_id="list_flows", tags=_TAGS, responses=problems(422))
async def list_flows(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    limit: Limit = 50,
    cursor: Cursor = None,
    search: Search = None,
) -> Page[ListedFlow]:
    """List flows, newest first, without their drafts."""
    return await db.read(service.list_flows, caller, search, limit, cursor)


@get("/flows/{flow_id:str}", permission="flows:read", operation_id="get_flow", tags=_TAGS, responses=problems(404))
async def get_flow(db: NamedDependency[Database], caller: NamedDependency[Caller], flow_id: FromPath[str]) -> Flow:
    """Get one flow with its draft."""
    return await db.read(service.get_flow, caller, flow_id)


@patch(
    "/flows/{flow_id:str}",
    permission="flows:write",
    operation_id="update_flow",
    tags=_TAGS,
    responses=problems(404, 413, 415, 422),
)
async def update_flow(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    flow_id: FromPath[str],
    data: JSONBody[UpdateFlow],
) -> Flow:
    """Change what a flow is called."""
    return await db.write(service.update_flow, caller, flow_id, data)


@put(
    "/flows/{flow_id:str}/draft",
    permission="flows:write",
    operation_id="save_draft",
    tags=_TAGS,
    responses=problems(404, 409, 413, 415, 422),
)
async def save_draft(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    flow_id: FromPath[str],
    data: JSONBody[SaveDraft],
) -> Flow:
    """Keep a draft, however incomplete. `draft_changed` when somebody saved another one since `base_revision`."""
    return await db.write(service.save_draft, caller, flow_id, data)


@delete(
    "/flows/{flow_id:str}",
    permission="flows:write",
    operation_id="delete_flow",
    tags=_TAGS,
    responses=problems(404, 409, 422),
)
async def delete_flow(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    flow_id: FromPath[str],
    force: FromQuery[bool] = False,
) -> None:
    """Delete a flow with its versions. One that a flow, a channel, a batch or a person is using is only deleted with `force=true`."""
    await db.write(service.delete_flow, caller, flow_id, is_forced=force)


@post(
    "/flows/{flow_id:str}/duplicate",
    permission="flows:write",
    operation_id="duplicate_flow",
    tags=_TAGS,
    responses=problems(404, 413, 415, 422),
)
async def duplicate_flow(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    flow_id: FromPath[str],
    data: JSONBody[DuplicateFlow],
) -> Flow:
    """Make a new flow with the same draft and no versions."""
    return await db.write(service.duplicate_flow, caller, flow_id, data)


@post(
    "/flows/{flow_id:str}/validate",
    status_code=200,
    permission="flows:read",
    operation_id="validate_flow",
    tags=_TAGS,
    responses=problems(404, 413, 415, 422),
)
async def validate_flow(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    flow_id: FromPath[str],
    data: JSONBody[ValidateFlow],
) -> Validation:
    """List what is wrong with the draft, with a definition that is not saved, or with a version as things are now."""
    return await db.read(versions.validate_flow, caller, flow_id, data)


@post(
    "/flows/{flow_id:str}/publish",
    status_code=200,
    permission="flows:publish",
    operation_id="publish_flow",
    tags=_TAGS,
    responses=problems(404, 409, 413, 415, 422),
)
async def publish_flow(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    flow_id: FromPath[str],
    data: JSONBody[PublishFlow],
) -> Published:
    """Make the draft the next version, which never changes. `flow_has_problems` lists what has to be solved first."""
    return await db.write(versions.publish_flow, caller, flow_id, data)


@get(
    "/flows/{flow_id:str}/versions",
    permission="flows:read",
    operation_id="list_versions",
    tags=_TAGS,
    responses=problems(404, 422),
)
async def list_versions(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    flow_id: FromPath[str],
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[ListedVersion]:
    """List the versions of a flow, newest first."""
    return await db.read(versions.list_versions, caller, flow_id, limit, cursor)


@get(
    "/flows/{flow_id:str}/versions/{number:str}",
    permission="flows:read",
    operation_id="get_version",
    tags=_TAGS,
    responses=problems(404),
)
async def get_version(
    db: NamedDependency[Database], caller: NamedDependency[Caller], flow_id: FromPath[str], number: FromPath[str]
) -> FlowVersion:
    """Get one version with its definition."""
    return await db.read(versions.get_version, caller, flow_id, number)


@get(
    "/flows/{flow_id:str}/compare/{before:str}/{after:str}",
    permission="flows:read",
    operation_id="compare_versions",
    tags=_TAGS,
    responses=problems(404),
)
async def compare_versions(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    flow_id: FromPath[str],
    before: FromPath[str],
    after: FromPath[str],
) -> Comparison:
    """Tell what changed from one version to another; each is a number, or `draft`."""
    return await db.read(versions.compare_versions, caller, flow_id, before, after)


@post(
    "/flows/{flow_id:str}/restore",
    status_code=200,
    permission="flows:write",
    operation_id="restore_version",
    tags=_TAGS,
    responses=problems(404, 409, 413, 415, 422),
)
async def restore_version(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    flow_id: FromPath[str],
    data: JSONBody[RestoreVersion],
) -> Flow:
    """Make a version the draft; the versions stay as they are."""
    return await db.write(versions.restore_version, caller, flow_id, data)


@get(
    "/flows/{flow_id:str}/export",
    permission="flows:read",
    operation_id="export_flow",
    tags=_TAGS,
    media_type=_YAML,
    responses=problems(404, 422),
)
async def export_flow(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    flow_id: FromPath[str],
    version: Annotated[
        str, QueryParameter(max_length=20, description="`draft`, or the number of a version.")
    ] = "draft",
) -> Response[Any]:
    """Export a flow with all that it uses as a readable file, without secrets; credentials are only named."""
    text, name = await db.write(transfer.export_flow, caller, flow_id, version)
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type=_YAML, headers=headers)


@post(
    "/flows/import",
    permission="flows:write",
    operation_id="import_flow",
    tags=_TAGS,
    responses=problems(413, 415, 422),
)
async def import_flow(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    policy: NamedDependency[EgressPolicy],
    settings: NamedDependency[Settings],
    data: JSONBody[ImportFlow],
) -> ImportedFlow:
    """Make a new flow, with the integrations and flows it uses, of an exported file; tells which credentials to add."""
    read = await asyncio.to_thread(document.read_flow, data.yaml)  # reading 1 MiB takes up to 2 s
    rules = SendingRules(policy, settings.egress_special_methods)
    return await db.write(transfer.import_flow, caller, read, rules, is_using_existing=data.use_existing)


handlers: Final[list[Any]] = [
    create_flow,
    list_flows,
    get_flow,
    update_flow,
    save_draft,
    delete_flow,
    duplicate_flow,
    validate_flow,
    publish_flow,
    list_versions,
    get_version,
    compare_versions,
    restore_version,
    export_flow,
    import_flow,
]
