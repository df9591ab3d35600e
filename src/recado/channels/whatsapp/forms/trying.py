"""Tries a form as WhatsApp's client would, through all of its endpoint: encrypted, signed, asked, answered, decrypted."""

from __future__ import annotations

import time
from typing import Any

from recado.accounts.caller import Caller
from recado.channels.opened import Channels
from recado.channels.whatsapp.forms import client, service
from recado.channels.whatsapp.forms.answering import Ran
from recado.channels.whatsapp.forms.endpoint import Forms, load_key
from recado.channels.whatsapp.forms.schemas import TriedForm, TryForm
from recado.db.engine import Database
from recado.errors import FormCannotDecrypt, FormEnded, FormKeyMissing, FormRequestInvalid, FormSignatureInvalid


async def try_form(
    database: Database, channels: Channels, forms: Forms, caller: Caller, form_id: str, data: TryForm
) -> TriedForm:
    """Ask once. Raises NotFound, FormKeyMissing while the channel has no key for forms or no app secret."""
    row = await database.read(service.find_row, caller, form_id)
    channel = await channels.by_id(caller.workspace_id, row.channel_id)
    if not channel.flow_key or not channel.app_secrets:
        raise FormKeyMissing
    public_pem = (await load_key(channel)).public_pem()
    token = data.token or await database.write(service.try_form, caller, form_id, data.given)
    asked: dict[str, Any] = {"action": data.action}
    if data.action != "ping":
        asked |= {"screen": data.screen, "data": data.data}
    request = client.ask(public_pem, channel.app_secrets[0], asked, "" if data.action == "ping" else token)
    since = time.monotonic()
    try:
        exchanged = await forms.exchange(channel.key, request.body, request.signature)
    except (FormCannotDecrypt, FormEnded, FormRequestInvalid, FormSignatureInvalid) as problem:
        return _tried(problem.status, None, token, Ran(problem=str(problem)), since)
    return _tried(200, request.read(exchanged.sealed), token, exchanged.ran, since)


def _tried(status: int, answer: dict[str, Any] | None, token: str, ran: Ran, since: float) -> TriedForm:
    spent = round((time.monotonic() - since) * 1000)
    return TriedForm(status, answer, token, ran.outcome, ran.execution_id, ran.problem, spent)
