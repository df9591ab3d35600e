"""The HTTP routes of actions, and of integrations as files."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from litestar import Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from recado.accounts.caller import Caller
from recado.actions import hostile, preview, service, transfer
from recado.actions.schemas import (
    Action,
    CreateAction,
    DraftPreview,
    HostilePreview,
    ImportIntegration,
    Preview,
    PreviewAction,
    PreviewHostile,
    PreviewRequest,
    UpdateAction,
)
from recado.db.engine import Database
from recado.integrations.requests import SendingRules
from recado.integrations.schemas import Integration
from recado.web.pages import Cursor, Limit, Page, Search
from recado.web.problems import problems

_TAGS: Final = ["actions"]
_YAML: Final = "application/yaml"  # RFC 9512


@post(
    "/integrations/{integration_id:str}/actions",
    permission="actions:write",
    operation_id="create_action",
    tags=_TAGS,
    responses=problems(404, 413, 415, 422),
)
async def create_action(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    rules: NamedDependency[SendingRules],
    integration_id: FromPath[str],
    data: JSONBody[CreateAction],
) -> Action:
    """Create an action; everything but its name can follow later."""
    return await db.write(service.create_action, caller, integration_id, data, rules)


@get(
    "/integrations/{integration_id:str}/actions",
    permission="actions:read",
    operation_id="list_actions",
    tags=_TAGS,
    responses=problems(404, 422),
)
async def list_actions(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    integration_id: FromPath[str],
    limit: Limit = 50,
    cursor: Cursor = None,
    search: Search = None,
) -> Page[Action]:
    """List the actions of an integration, newest first."""
    return await db.read(service.list_actions, caller, integration_id, search, limit, cursor)


@get(
    "/actions/{action_id:str}",
    permission="actions:read",
    operation_id="get_action",
    tags=_TAGS,
    responses=problems(404),
)
async def get_action(
    db: NamedDependency[Database], caller: NamedDependency[Caller], action_id: FromPath[str]
) -> Action:
    """Get one action."""
    return await db.read(service.get_action, caller, action_id)


@patch(
    "/actions/{action_id:str}",
    permission="actions:write",
    operation_id="update_action",
    tags=_TAGS,
    responses=problems(404, 413, 415, 422),
)
async def update_action(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    rules: NamedDependency[SendingRules],
    action_id: FromPath[str],
    data: JSONBody[UpdateAction],
) -> Action:
    """Change an action; its inputs and its request are held to each other."""
    return await db.write(service.update_action, caller, action_id, data, rules)


@delete(
    "/actions/{action_id:str}",
    permission="actions:write",
    operation_id="delete_action",
    tags=_TAGS,
    responses=problems(404, 409, 422),
)
async def delete_action(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    action_id: FromPath[str],
    force: FromQuery[bool] = False,
) -> None:
    """Delete an action; its executions stay. One that a flow or a form uses is only deleted with `force=true`."""
    await db.write(service.delete_action, caller, action_id, is_forced=force)


@post(
    "/actions/{action_id:str}/preview",
    status_code=200,
    permission="actions:read",
    operation_id="preview_action",
    tags=_TAGS,
    responses=problems(404, 409, 413, 415, 422),
)
async def preview_action(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    action_id: FromPath[str],
    data: JSONBody[PreviewAction],
) -> Preview:
    """Show the exact bytes that these inputs would send, secrets as blocks; nothing is sent."""
    return await db.read(preview.preview_action, caller, action_id, data)


@post(
    "/integrations/{integration_id:str}/preview",
    status_code=200,
    permission="actions:read",
    operation_id="preview_request",
    tags=_TAGS,
    responses=problems(404, 413, 415, 422),
)
async def preview_request(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    rules: NamedDependency[SendingRules],
    integration_id: FromPath[str],
    data: JSONBody[PreviewRequest],
) -> DraftPreview:
    """Show the exact bytes of a request that is not saved, and what is wrong with it; nothing is sent."""
    return await db.read(preview.preview_request, caller, integration_id, data, rules)


@post(
    "/integrations/{integration_id:str}/preview/hostile",
    status_code=200,
    permission="actions:read",
    operation_id="preview_hostile",
    tags=_TAGS,
    responses=problems(404, 413, 415, 422),
)
async def preview_hostile(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    rules: NamedDependency[SendingRules],
    integration_id: FromPath[str],
    data: JSONBody[PreviewHostile],
) -> HostilePreview:
    """Show what some fifty hostile values do to a request that is not saved; nothing is sent."""
    return await db.read(hostile.preview_hostile, caller, integration_id, data, rules)


@get(
    "/integrations/{integration_id:str}/export",
    permission="integrations:read",
    operation_id="export_integration",
    tags=["integrations"],
    media_type=_YAML,
    responses=problems(404),
)
async def export_integration(
    db: NamedDependency[Database], caller: NamedDependency[Caller], integration_id: FromPath[str]
) -> Response[Any]:
    """Export an integration with its actions as a readable file, without secrets."""
    text, file_name = await db.write(transfer.export_integration, caller, integration_id)
    headers = {"content-disposition": f'attachment; filename="{file_name}"'}
    return Response(text, media_type=_YAML, headers=headers)


@post(
    "/integrations/import",
    permission="integrations:write",
    operation_id="import_integration",
    tags=["integrations"],
    responses=problems(413, 415, 422),
)
async def import_integration(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    rules: NamedDependency[SendingRules],
    data: JSONBody[ImportIntegration],
) -> Integration:
    """Make a new integration, with its actions, of an exported file."""
    document = await asyncio.to_thread(transfer.read_integration, data.yaml)  # reading 1 MiB takes up to 2 s
    return await db.write(transfer.import_integration, caller, document, rules)


handlers: Final[list[Any]] = [
    create_action,
    list_actions,
    get_action,
    update_action,
    delete_action,
    preview_action,
    preview_request,
    preview_hostile,
    export_integration,
    import_integration,
]
