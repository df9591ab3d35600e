"""Sends what conversations say on WhatsApp: woken when something was said, and each second for what others said."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Final

from recado.background import Background
from recado.channels.whatsapp import outbox
from recado.channels.whatsapp.graph import Graph
from recado.channels.whatsapp.pump import Around, OpensChannels, Pump
from recado.channels.whatsapp.stating import Stating
from recado.conversations.dispatcher import Dispatcher
from recado.db.engine import Database
from recado.errors import Unavailable
from recado.executions.tasks import DEAD_AFTER
from recado.ids import is_id
from recado.media.links import Links

_LOOK_SECONDS: Final = 1.0


class Sender:
    """One for each process that may open secrets; of several, one at a time sends for a channel."""

    def __init__(
        self,
        database: Database,
        dispatcher: Dispatcher,
        channels: OpensChannels,
        graph: Graph,
        links: Links,
        process_id: str,
    ) -> None:
        self._database = database
        self._owner = process_id
        self._around = Around(database, dispatcher, channels, graph, links, process_id)
        self._pumps: dict[str, Pump] = {}
        self._looking = Background("sender", self._look, _LOOK_SECONDS)
        self.stating = Stating(database, dispatcher)
        self.stating.when_heard = self._heard
        dispatcher.on_said = self.said
        dispatcher.on_said_elsewhere = self._hear

    def said(self, channel_id: str) -> None:
        """There is something to send on a channel."""
        pump = self._pumps.get(channel_id)
        if pump is not None:
            pump.wake()
        else:
            self._looking.wake()

    async def start(self) -> None:
        """Take up what is left to send, and go on looking for it."""
        self._looking.start()

    async def drain(self, grace_seconds: float) -> None:
        """Send nothing new, and wait for answers; what is left is for others, or for the next start."""
        await self._looking.stop()
        await asyncio.gather(*(pump.drain(grace_seconds) for pump in self._pumps.values()))
        if self._pumps:
            with contextlib.suppress(Unavailable):
                await self._database.write(outbox.leave, list(self._pumps), self._owner)

    def _hear(self, word: str) -> None:
        """What another process tells: of a channel that we may send for, or of a message that we may have sent."""
        if is_id(word, "msg"):
            self._heard(word)
        elif (pump := self._pumps.get(word)) is not None:
            pump.wake()

    def _heard(self, message_id: str) -> None:
        for pump in self._pumps.values():
            pump.heard(message_id)

    async def _look(self) -> None:
        for workspace_id, channel_id in await self._database.read(outbox.list_waiting, self._owner, DEAD_AFTER):
            pump = self._pumps.get(channel_id)
            if pump is None:
                pump = self._pumps[channel_id] = Pump(self._around, workspace_id, channel_id)
            pump.wake()
