"""The key pair of a number's forms: made here, the private half sealed, the public one handed to Meta."""

from __future__ import annotations

import asyncio

import sqlalchemy as sa

from recado.accounts import audit
from recado.accounts.caller import Caller
from recado.channels.definition import FLOW_KEY
from recado.channels.opened import Channels, OpenedChannel
from recado.channels.secrets import place_of, put_flow_key
from recado.channels.service import find_row
from recado.channels.whatsapp import flow_crypto
from recado.channels.whatsapp.forms.endpoint import load_key
from recado.channels.whatsapp.forms.schemas import FlowKeyShown
from recado.channels.whatsapp.graph import Graph, GraphFailure, reason_of
from recado.credentials.keys import Keyring
from recado.credentials.vault import Vault
from recado.db.columns import utc_now
from recado.db.engine import Database
from recado.errors import FormCannotDecrypt


async def show_flow_key(channels: Channels, base_url: str, caller: Caller, channel_id: str) -> FlowKeyShown:
    """The key of a channel's forms, or where to make one. Raises NotFound, SecretUnreadable, SecretKeyUnavailable."""
    channel = await channels.by_id(caller.workspace_id, channel_id)
    shown = FlowKeyShown(is_set=bool(channel.flow_key), endpoint_url=endpoint_url(base_url, channel.key))
    if channel.flow_key:
        key = await _key_of(channel)
        shown.public_key = None if key is None else key.public_pem()
    return shown


async def make_flow_key(
    database: Database,
    vault: Vault,
    channels: Channels,
    graph: Graph,
    base_url: str,
    caller: Caller,
    channel_id: str,
    *,
    is_new: bool,
) -> FlowKeyShown:
    """Hand the public key to Meta; made first where there is none, or where a new one is wanted.

    A new one takes the old one's place only when Meta has taken it, since until then it encrypts to the old one. Raises
    NotFound, SecretKeyUnavailable, SecretUnreadable.
    """
    channel = await channels.by_id(caller.workspace_id, channel_id)
    old = await _key_of(channel)
    key = old if old is not None and not is_new else await asyncio.to_thread(flow_crypto.FlowKey.generate)
    shown = FlowKeyShown(True, endpoint_url(base_url, channel.key), key.public_pem())
    try:
        await graph.set_flow_key(channel, key.public_pem())
        shown.is_uploaded = True
    except GraphFailure as failure:
        shown.problem = reason_of(channel, failure)
    if key is old:
        return shown
    if old is not None and not shown.is_uploaded:
        shown.public_key = old.public_pem()
        return shown
    await vault.secret_key(caller)
    await database.write(_keep, caller, vault.keyring, channel_id, key.private_pem())
    channels.forget()
    return shown


async def _key_of(channel: OpenedChannel) -> flow_crypto.FlowKey | None:
    """The key there is, unless it is damaged: then only another one helps."""
    try:
        return await load_key(channel)
    except FormCannotDecrypt:
        return None


def endpoint_url(base_url: str, channel_key: str) -> str:
    """What Meta asks on behalf of a form."""
    return f"{base_url}/api/v1/channels/whatsapp/{channel_key}/flows"


def _keep(connection: sa.Connection, caller: Caller, keyring: Keyring, channel_id: str, pem: str) -> None:
    row = find_row(connection, caller, channel_id, is_locked=True)
    put_flow_key(connection, keyring, place_of(caller.workspace_id, row.id, row.name), pem, utc_now())
    audit.record(connection, caller, "channel.set_flow_key", "channel", row.id, {"name": row.name, "secret": FLOW_KEY})
