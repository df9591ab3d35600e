"""Marks what a flow answers as read, and shows that an answer is being written: as well as it goes, never twice, never waited for."""

from __future__ import annotations

import asyncio
from typing import Final

import structlog

from recado.channels.opened import OpenedChannel
from recado.channels.whatsapp.graph import Graph, GraphFailure
from recado.channels.whatsapp.payloads import read_mark
from recado.channels.whatsapp.updates import InboundMessage
from recado.errors import RecadoError

_MOST: Final = 20
"""At once in one process; beyond that people see no ticks, which is better than that answers wait."""
_log: Final = structlog.get_logger("recado.channels")


class Marker:
    """One for each process that receives."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._tasks: set[asyncio.Task[None]] = set()

    def mark(self, channel: OpenedChannel, message: InboundMessage) -> None:
        """Mark this one, and so all before it, unless the channel's settings say otherwise."""
        settings = channel.settings
        can_send = channel.parked is None and bool(channel.access_token)
        if not settings.marks_read or not can_send or message.message_id is None or len(self._tasks) >= _MOST:
            return
        task = asyncio.create_task(self._mark(channel, message.message_id), name="recado-mark-read")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Leave what is under way."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _mark(self, channel: OpenedChannel, message_id: str) -> None:
        try:
            await self._graph.mark_read(channel, read_mark(message_id, is_typing=channel.settings.shows_typing))
        except (GraphFailure, RecadoError) as problem:
            _log.info("not_marked_read", channel_id=channel.id, reason=type(problem).__name__)
        except Exception:  # noqa: BLE001  # nobody waits for it
            _log.exception("not_marked_read", channel_id=channel.id)
