"""The HTTP routes of integrations."""

from __future__ import annotations

from typing import Any, Final

from litestar import Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from recado.accounts.caller import Caller
from recado.db.engine import Database
from recado.integrations import service
from recado.integrations.logo import Logos
from recado.integrations.requests import SendingRules
from recado.integrations.schemas import (
    AddressPolicy,
    CreateIntegration,
    Integration,
    PolicyRuleShown,
    UpdateIntegration,
)
from recado.outbound.policy import EgressPolicy
from recado.settings import Settings
from recado.web.pages import Cursor, Limit, Page, Search
from recado.web.problems import problems

_TAGS: Final = ["integrations"]
_LOGO_HEADERS: Final = {
    "cache-control": "private, max-age=86400",
    # An SVG that is opened by itself is a page: nothing in it runs or loads.
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "cross-origin-resource-policy": "same-origin",
}


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
    rules: NamedDependency[SendingRules],
    data: JSONBody[CreateIntegration],
) -> Integration:
    """Create an integration; everything but its name can follow later."""
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
    rules: NamedDependency[SendingRules],
    integration_id: FromPath[str],
    data: JSONBody[UpdateIntegration],
    force: FromQuery[bool] = False,
) -> Integration:
    """Change an integration. An authentication field that is in use is only removed with `force=true`."""
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


@get(
    "/integrations/{integration_id:str}/logo",
    permission="integrations:read",
    operation_id="get_logo",
    tags=_TAGS,
    media_type="image/*",
    responses=problems(404),
)
async def get_logo(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    logos: NamedDependency[Logos],
    integration_id: FromPath[str],
) -> Response[bytes]:
    """Get the image at an integration's logo URL, fetched by this server under its address policy and kept for a day.

    PNG, JPEG, GIF, WebP or SVG of at most 512 KiB; `logo_unavailable` for anything else.
    """
    source = await db.read(service.find_logo, caller, integration_id)
    logo = await logos.get(*source)
    return Response(logo.body, media_type=logo.media_type, headers=_LOGO_HEADERS)


@get(
    "/address-policy",
    permission="settings:read",
    operation_id="get_address_policy",
    tags=["operation"],
    responses=problems(),
)
async def get_address_policy(
    caller: NamedDependency[Caller], policy: NamedDependency[EgressPolicy], settings: NamedDependency[Settings]
) -> AddressPolicy:
    """Get which addresses this server calls, in words; where the operator hides reasons, administrators alone see values."""
    is_shown = not settings.egress_hide_reason or caller.may("settings:write")
    rules = [PolicyRuleShown(rule.code, rule.text, list(rule.values) if is_shown else []) for rule in policy.rules()]
    return AddressPolicy(rules, bool(settings.egress_proxy))


handlers: Final[list[Any]] = [
    create_integration,
    list_integrations,
    get_integration,
    update_integration,
    delete_integration,
    get_logo,
    get_address_policy,
]
