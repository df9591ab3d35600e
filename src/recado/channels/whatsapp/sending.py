"""Sends what conversations say on WhatsApp: woken when something was said, and each second for what others said."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Final

import structlog

from recado.channels.whatsapp import outbox
from recado.channels.whatsapp.graph import Graph
from recado.channels.whatsapp.pump import Around, OpensChannels, Pump
from recado.channels.whatsapp.stating import Stating
from recado.conversations.dispatcher import Dispatcher
from recado.db.engine import Database
from recado.errors import Unavailable
from recado.executions.tasks import DEAD_AFTER
from recado.ids import is_id

_LOOK_SECONDS: Final = 1.0
_log: Final = structlog.get_logger("recado.channels")


class Sender:
    """One for each process that may open secrets; of several, one at a time sends for a channel."""

    def __init__(
        self, database: Database, dispatcher: Dispatcher, channels: OpensChannels, graph: Graph, process_id: str
    ) -> None:
        self._database = database
        self._owner = process_id
        self._around = Around(database, dispatcher, channels, graph, process_id)
        self._pumps: dict[str, Pump] = {}
        self._look_at = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None
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
            self._look_at.set()

    async def start(self) -> None:
        """Take up what is left to send, and go on looking for it."""
        self._looking = asyncio.create_task(self._keep_looking(), name="recado-sender")

    async def drain(self, grace_seconds: float) -> None:
        """Send nothing new, and wait for answers; what is left is for others, or for the next start."""
        if self._looking is None:
            return
        self._looking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._looking
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

    async def _keep_looking(self) -> None:
        while True:
            self._look_at.clear()
            try:
                for workspace_id, channel_id in await self._database.read(outbox.list_waiting, self._owner, DEAD_AFTER):
                    pump = self._pumps.get(channel_id)
                    if pump is None:
                        pump = self._pumps[channel_id] = Pump(self._around, workspace_id, channel_id)
                    pump.wake()
            except Unavailable as problem:
                _log.warning("outbox_waits", code=problem.code)
            except Exception:  # noqa: BLE001  # it outlives one bad moment
                _log.exception("outbox_unseen")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._look_at.wait(), _LOOK_SECONDS)
