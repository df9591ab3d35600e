"""The HTTP routes of channels."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from litestar import delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from recado.accounts.caller import Caller
from recado.channels import service
from recado.channels.opened import Channels
from recado.channels.schemas import (
    Channel,
    ChannelHealth,
    CreateChannel,
    SetChannelSecrets,
    Templates,
    UpdateChannel,
)
from recado.channels.service import ChannelRules
from recado.channels.whatsapp.checking import check_channel as look_at_channel
from recado.channels.whatsapp.checking import is_usable
from recado.channels.whatsapp.graph import Graph
from recado.channels.whatsapp.template_values import check_fallback, find_wants
from recado.channels.whatsapp.templates import list_templates
from recado.credentials.schemas import GivenValue
from recado.credentials.service import has_values
from recado.credentials.values import Entering
from recado.credentials.vault import Vault
from recado.db.engine import Database
from recado.outbound.policy import EgressPolicy
from recado.settings import Settings
from recado.web.pages import Cursor, Limit, Page, Search
from recado.web.problems import problems

_TAGS: Final = ["channels"]
_ACCOUNT: Final = frozenset({"waba_id", "base_url", "graph_version"})
"""Settings with which Meta has other templates, or another Meta is asked."""


@post(
    "/channels",
    permission="channels:write",
    operation_id="create_channel",
    tags=_TAGS,
    responses=problems(409, 413, 415, 422),
)
async def create_channel(
    db: NamedDependency[Database],
    vault: NamedDependency[Vault],
    policy: NamedDependency[EgressPolicy],
    settings: NamedDependency[Settings],
    caller: NamedDependency[Caller],
    data: JSONBody[CreateChannel],
) -> Channel:
    """Create a channel. Its secrets go in as typed or sealed, now or later, and never come out."""
    check_fallback(data.settings.fallback_template, None)
    rules = await _rules(vault, policy, settings, caller, data.secrets)
    return await db.write(service.create_channel, caller, rules, data)


@get("/channels", permission="channels:read", operation_id="list_channels", tags=_TAGS, responses=problems(422))
async def list_channels(
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    caller: NamedDependency[Caller],
    limit: Limit = 50,
    cursor: Cursor = None,
    search: Search = None,
) -> Page[Channel]:
    """List channels, newest first."""
    return await db.read(service.list_channels, caller, settings.base_url, search, limit, cursor)


@get(
    "/channels/{channel_id:str}",
    permission="channels:read",
    operation_id="get_channel",
    tags=_TAGS,
    responses=problems(404),
)
async def get_channel(
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    caller: NamedDependency[Caller],
    channel_id: FromPath[str],
) -> Channel:
    """Get one channel, without its secrets."""
    return await db.read(service.get_channel, caller, settings.base_url, channel_id)


@patch(
    "/channels/{channel_id:str}",
    permission="channels:write",
    operation_id="update_channel",
    tags=_TAGS,
    responses=problems(404, 413, 415, 422),
)
async def update_channel(
    db: NamedDependency[Database],
    vault: NamedDependency[Vault],
    policy: NamedDependency[EgressPolicy],
    channels: NamedDependency[Channels],
    graph: NamedDependency[Graph],
    settings: NamedDependency[Settings],
    caller: NamedDependency[Caller],
    channel_id: FromPath[str],
    data: JSONBody[UpdateChannel],
) -> Channel:
    """Change a channel's name, some of its settings, some of its secrets. What is not given stays."""
    given = {} if data.settings is msgspec.UNSET else data.settings.given()
    if (template := given.get("fallback_template")) is not None:
        is_same_account = not data.secrets and _ACCOUNT.isdisjoint(given)
        wants = await find_wants(channels, graph, caller, channel_id, template) if is_same_account else None
        check_fallback(template, wants)
    rules = await _rules(vault, policy, settings, caller, data.secrets)
    return await db.write(service.update_channel, caller, rules, channel_id, data)


@put(
    "/channels/{channel_id:str}/secrets",
    permission="channels:write",
    operation_id="set_channel_secrets",
    tags=_TAGS,
    responses=problems(404, 413, 415, 422),
)
async def set_channel_secrets(
    db: NamedDependency[Database],
    vault: NamedDependency[Vault],
    policy: NamedDependency[EgressPolicy],
    settings: NamedDependency[Settings],
    caller: NamedDependency[Caller],
    channel_id: FromPath[str],
    data: JSONBody[SetChannelSecrets],
) -> Channel:
    """Enter secrets: access_token, app_secret, verify_token. Those not given stay; null clears.

    A new app secret leaves the one before valid as `app_secret_before`, until that is cleared.
    """
    given = data.given()
    rules = await _rules(vault, policy, settings, caller, given)
    return await db.write(service.set_secrets, caller, rules, channel_id, given)


@delete(
    "/channels/{channel_id:str}",
    permission="channels:write",
    operation_id="delete_channel",
    needs_executor=True,  # it ends conversations
    tags=_TAGS,
    responses=problems(404, 409, 422),
)
async def delete_channel(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    channel_id: FromPath[str],
    force: FromQuery[bool] = False,
) -> None:
    """Delete a channel with its contacts and forms.

    One with open conversations or a batch under way, or with a form that a flow sends, is only deleted with `force=true`;
    conversations end by it.
    """
    await db.write(service.delete_channel, caller, channel_id, is_forced=force)


@post(
    "/channels/{channel_id:str}/check",
    permission="channels:write",
    operation_id="check_channel",
    status_code=200,
    tags=_TAGS,
    responses=problems(404, 422),
)
async def check_channel(
    db: NamedDependency[Database],
    channels: NamedDependency[Channels],
    graph: NamedDependency[Graph],
    settings: NamedDependency[Settings],
    caller: NamedDependency[Caller],
    channel_id: FromPath[str],
    subscribe: FromQuery[bool] = False,
) -> ChannelHealth:
    """Look whether a channel works, and let one go on that was parked and can send again.

    With `subscribe=true` the token's app is subscribed to the account where no app is.
    """
    last = await db.read(service.find_last_delivery, caller, channel_id)
    opened = await channels.by_id(caller.workspace_id, channel_id)
    health = await look_at_channel(graph, opened, settings.base_url, last, is_subscribing=subscribe)
    return await db.write(service.note_health, caller, channel_id, health, is_usable=is_usable(health))


@get(
    "/channels/{channel_id:str}/templates",
    permission="channels:read",
    operation_id="list_templates",
    tags=_TAGS,
    responses=problems(404, 409, 422),
)
async def list_channel_templates(
    channels: NamedDependency[Channels],
    graph: NamedDependency[Graph],
    caller: NamedDependency[Caller],
    channel_id: FromPath[str],
    fresh: FromQuery[bool] = False,
) -> Templates:
    """List the message templates that Meta keeps for a channel's account.

    What is shown is at most a minute old; `fresh=true` asks Meta anew.
    """
    return await list_templates(graph, await channels.by_id(caller.workspace_id, channel_id), is_fresh=fresh)


async def _rules(
    vault: Vault, policy: EgressPolicy, settings: Settings, caller: Caller, given: dict[str, GivenValue]
) -> ChannelRules:
    if has_values(given):
        await vault.secret_key(caller)  # made on first need
    return ChannelRules(Entering(vault.keyring, settings.is_sealing_required), policy, settings.base_url)


handlers: Final[list[Any]] = [
    create_channel,
    list_channels,
    get_channel,
    update_channel,
    set_channel_secrets,
    delete_channel,
    check_channel,
    list_channel_templates,
]
