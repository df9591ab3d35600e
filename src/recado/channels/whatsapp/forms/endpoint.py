"""The endpoint that WhatsApp asks on behalf of a form: signature, decryption, whose form it is, the answer, encryption."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any, Final

import structlog

from recado.channels.opened import Channels, OpenedChannel
from recado.channels.whatsapp import flow_crypto
from recado.channels.whatsapp.forms import exchange, service, tokens, words
from recado.channels.whatsapp.forms.answering import Answerer, Ran
from recado.channels.whatsapp.forms.definition import FormDefinition
from recado.channels.whatsapp.forms.exchange import Answer, Asked
from recado.channels.whatsapp.signature import is_signed
from recado.db.columns import JSON_ENCODER
from recado.db.engine import Database
from recado.errors import (
    FormCannotDecrypt,
    FormSignatureInvalid,
    SecretKeyUnavailable,
    SecretUnreadable,
    Unavailable,
)
from recado.executions.runner import Runner

_KEY: Final = "flow_key"
_NOT_TOLD: Final = Ran()
_log: Final = structlog.get_logger("recado.forms")


@dataclass(frozen=True, slots=True)
class Exchanged:
    """The encrypted answer, and what came of it."""

    sealed: str = field(repr=False)
    ran: Ran


class Forms:
    """The endpoint of all forms; one for a process."""

    def __init__(self, database: Database, runner: Runner, channels: Channels) -> None:
        self._database = database
        self._channels = channels
        self._answerer = Answerer(runner)

    async def exchange(self, channel_key: str, body: bytes, signature: str | None) -> Exchanged:
        """Answer one request.

        Raises NotFound for a channel that is not there, and with Meta's statuses FormSignatureInvalid, FormCannotDecrypt,
        FormRequestInvalid, FormEnded; whatever else happens is told on the screen.
        """
        since = time.monotonic()
        try:
            channel = await self._channels.by_key(channel_key)
        except (SecretUnreadable, SecretKeyUnavailable) as problem:
            _log.warning("form_key_unavailable", code=problem.code)
            raise FormCannotDecrypt from None
        if not is_signed(body, signature, channel.app_secrets):
            raise FormSignatureInvalid
        opened = (await load_key(channel)).open(body)
        asked = exchange.read_asked(opened.plain)
        answer, ran = await self._answer(channel, asked, since)
        return Exchanged(opened.seal(JSON_ENCODER.encode(answer)), ran)

    async def _answer(self, channel: OpenedChannel, asked: Asked, since: float) -> tuple[Answer, Ran]:
        if asked.is_ping:
            return exchange.ACTIVE, _NOT_TOLD
        if asked.flow_token_signature and not tokens.is_signed(
            asked.flow_token, asked.flow_token_signature, channel.app_secrets
        ):
            raise FormSignatureInvalid
        if asked.is_notice:
            _log.warning("form_answer_refused", channel_id=channel.id, error=_short(asked.data))
            return exchange.ACKNOWLEDGED, _NOT_TOLD
        asked.ask  # noqa: B018  # a word nobody knows is refused before anything is looked up
        try:
            sent = await self._database.read(service.find_sent, asked.flow_token, channel.id)
        except Unavailable as problem:
            if not asked.screen:
                raise
            _log.warning("form_waits", code=problem.code)
            return exchange.show(asked.screen, {}, words.failed(FormDefinition())), _NOT_TOLD
        told = await self._answerer.answer(sent, asked, since)
        return told.answer, told.ran


async def load_key(channel: OpenedChannel) -> flow_crypto.FlowKey:
    """The key of a channel's forms, read once for as long as the channel is open. Raises FormCannotDecrypt."""
    found = channel.notes.get(_KEY)
    if isinstance(found, flow_crypto.FlowKey):
        return found
    try:
        made = await asyncio.to_thread(
            flow_crypto.FlowKey.load, channel.flow_key
        )  # nothing, while there is no key, is no PEM either
    except ValueError:
        raise FormCannotDecrypt from None
    channel.notes[_KEY] = made
    return made


def _short(data: dict[str, Any]) -> str:
    """Meta's code of the complaint; its sentence may hold what somebody entered."""
    return str(data.get("error") or data.get("error_key"))[:64]
