"""The HTTP routes of integrations."""

from __future__ import annotations

from typing import Any, Final

from litestar import Router, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from recado.accounts.caller import Caller
from recado.db.engine import Database
from recado.integrations import service
from recado.integrations.requests import SendingRules
from recado.integrations.schemas import CreateIntegration, Integration, UpdateIntegration
from recado.outbound.policy import EgressPolicy
from recado.settings import Settings
from recado.web.exact import ExactJson
from recado.web.pages import Cursor, Limit, Page, Search
from recado.web.problems import problems

_TAGS: Final = ["integrations"]


@post(
    "/integrations",
    permission="integrations:write",
    operation_id="create_integration",
    tags=_TAGS,
    responses=problems(413, 415, 422),
)
async def create_integration(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    policy: NamedDependency[EgressPolicy],
    settings: NamedDependency[Settings],
    data: JSONBody[CreateIntegration],
) -> Integration:
    """Create an integration; everything but its name can follow later."""
    rules = SendingRules(policy, settings.egress_special_methods)
    return await db.write(service.create_integration, caller, data, rules)


@get(
    "/integrations",
    permission="integrations:read",
    operation_id="list_integrations",
    tags=_TAGS,
    responses=problems(422),
)
async def list_integrations(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    limit: Limit = 50,
    cursor: Cursor = None,
    search: Search = None,
) -> Page[Integration]:
    """List integrations, newest first."""
    return await db.read(service.list_integrations, caller, search, limit, cursor)


@get(
    "/integrations/{integration_id:str}",
    permission="integrations:read",
    operation_id="get_integration",
    tags=_TAGS,
    responses=problems(404),
)
async def get_integration(
    db: NamedDependency[Database], caller: NamedDependency[Caller], integration_id: FromPath[str]
) -> Integration:
    """Get one integration."""
    return await db.read(service.get_integration, caller, integration_id)


@patch(
    "/integrations/{integration_id:str}",
    permission="integrations:write",
    operation_id="update_integration",
    tags=_TAGS,
    responses=problems(404, 409, 413, 415, 422),
)
async def update_integration(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    policy: NamedDependency[EgressPolicy],
    settings: NamedDependency[Settings],
    integration_id: FromPath[str],
    data: JSONBody[UpdateIntegration],
    force: FromQuery[bool] = False,
) -> Integration:
    """Change an integration. An authentication field that is in use is only removed with `force=true`."""
    rules = SendingRules(policy, settings.egress_special_methods)
    return await db.write(service.update_integration, caller, integration_id, data, rules, is_forced=force)


@delete(
    "/integrations/{integration_id:str}",
    permission="integrations:write",
    operation_id="delete_integration",
    tags=_TAGS,
    responses=problems(404, 409, 422),
)
async def delete_integration(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    integration_id: FromPath[str],
    force: FromQuery[bool] = False,
) -> None:
    """Delete an integration. One with actions or credentials is only deleted, with them, with `force=true`."""
    await db.write(service.delete_integration, caller, integration_id, is_forced=force)


_routes: Final[list[Any]] = [
    create_integration,
    list_integrations,
    get_integration,
    update_integration,
    delete_integration,
]
handlers: Final = [Router(path="", route_handlers=_routes, response_class=ExactJson)]
