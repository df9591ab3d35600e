"""Fetches the files that people sent from WhatsApp, in the background, until each is kept or nobody can keep it."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from functools import partial
from typing import Any, Final

import sqlalchemy as sa
import structlog

from recado.background import Background, insist
from recado.channels.opened import Channels, OpenedChannel
from recado.channels.whatsapp.graph import Graph, GraphFailure, GraphRefused, MediaInfo
from recado.channels.whatsapp.graph_errors import GraphError
from recado.db.columns import utc_now
from recado.db.engine import Database
from recado.errors import (
    MediaDamaged,
    MediaExpired,
    MediaNotKept,
    MediaTooLarge,
    MediaTypeNotAllowed,
    MediaUnreachable,
    NotFound,
    RecadoError,
)
from recado.executions.tasks import DEAD_AFTER
from recado.media import repository, service
from recado.media.definition import clean_type, hex_of, is_type_allowed
from recado.media.repository import Row
from recado.media.service import Kept, MediaLost
from recado.outbound.intake import Intake
from recado.settings import Settings

_LOOK_SECONDS: Final = 1.0
_AT_ONCE: Final = 4
_PAUSES: Final = (1, 5, 30, 300, 1800, 7200, 21_600, 86_400)
"""Seconds between tries, half a day and a day at the end: somebody may have to enter a new access token."""
_NOT_THERE: Final = frozenset({100, 131052})
_log: Final = structlog.get_logger("recado.channels")


class MediaFetcher(Background):
    """One for each process that may open secrets; what is being fetched when it stops is fetched again by whoever finds it."""

    def __init__(
        self, database: Database, channels: Channels, graph: Graph, settings: Settings, process_id: str
    ) -> None:
        super().__init__("media", self._fetch_due, _LOOK_SECONDS)
        self._database = database
        self._channels = channels
        self._graph = graph
        self._settings = settings
        self._owner = process_id
        self._under_way: set[asyncio.Task[None]] = set()

    async def stop(self) -> None:
        """End it, in the middle of files too."""
        await super().stop()
        for task in list(self._under_way):
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def retain(self) -> None:
        """Delete the contents whose time is over."""
        await service.retain(self._database)

    # ── what is due ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def _fetch_due(self) -> None:
        """Take what is due, a few at a time; each ends by itself, so that a slow one keeps no other waiting."""
        room = _AT_ONCE - len(self._under_way)
        if room <= 0 or not await self._database.read(_is_any_due):
            return
        for row in await self._database.write(self._claim, room):
            task = asyncio.create_task(self._fetch_one(row), name="recado-media-fetch")
            self._under_way.add(task)
            task.add_done_callback(self._let_go)

    def _let_go(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self.wake()

    def _claim(self, connection: sa.Connection, room: int) -> list[Row]:
        is_only = self._database.is_sqlite
        return list(repository.claim_due(connection, self._owner, utc_now(), room, DEAD_AFTER, is_only_server=is_only))

    async def _fetch_one(self, row: Row) -> None:
        """One try; its end is written down, however long storage is in trouble."""
        values = await self._try(row)
        if values is not None:
            write = partial(self._database.write, repository.settle, row.id, self._owner, values)
            await insist("media", write, media_id=row.id)

    async def _try(self, row: Row) -> dict[str, Any] | None:
        """What is to be written down of it; None where somebody else has the file now."""
        try:
            kept = await self._fetch(row)
        except MediaLost:
            return None
        except MediaNotKept as problem:
            return _over(row, "gone" if isinstance(problem, MediaExpired) else "refused", problem)
        except (GraphFailure, RecadoError) as problem:
            return _again(row, _code_of(problem))
        except Exception:  # noqa: BLE001  # one bad record must not keep the others waiting
            _log.exception("media_failed", media_id=row.id)
            return _again(row, "internal_error")
        _log.info("media_kept", media_id=row.id, channel_id=row.channel_id, bytes=kept.size)
        return service.as_kept(kept, self._settings.media_retention_days)

    # ── one file ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _fetch(self, row: Row) -> Kept:
        """Both hops. Raises MediaNotKept, MediaLost, GraphFailure, RecadoError."""
        try:
            channel = await self._channels.by_id(row.workspace_id, row.channel_id)
        except NotFound:  # the channel is gone; or an upload of the simulator was cut off
            raise MediaExpired from None
        self._check(row.content_type, None)
        try:
            told = await self._graph.media_url(channel, row.provider_id)
            self._check(clean_type(told.mime_type) if told.mime_type else row.content_type, told.file_size)
            kept = await self._stream(channel, row, told)
        except GraphRefused as refused:
            if _is_gone(refused.error):
                raise MediaExpired from None
            raise
        wanted = {row.sha256, hex_of(told.sha256)} - {""}
        if wanted != {kept.sha256} and wanted:
            raise MediaDamaged
        if told.file_size is not None and told.file_size != kept.size:
            raise MediaDamaged
        return kept

    def _check(self, content_type: str, size: int | None) -> None:
        if not is_type_allowed(content_type, self._settings.media_types):
            raise MediaTypeNotAllowed
        if size is not None and size > self._settings.media_max_bytes:
            raise MediaTooLarge

    async def _stream(self, channel: OpenedChannel, row: Row, told: MediaInfo) -> Kept:
        into = Intake()
        coming = asyncio.create_task(self._graph.download(channel, told.url, into), name="recado-media-download")
        coming.add_done_callback(lambda _: into.end())
        try:
            kept = await service.keep(
                self._database, row.id, self._owner, into.pieces(), self._settings.media_max_bytes
            )
            await coming
        finally:
            coming.cancel()
            with contextlib.suppress(asyncio.CancelledError, GraphFailure):
                await coming
        return kept


def _is_any_due(connection: sa.Connection) -> bool:
    return repository.is_any_due(connection, utc_now())


def _again(row: Row, code: str) -> dict[str, Any]:
    """It waits for the next try, while there is one."""
    tries = int(row.tries) + 1
    if tries > len(_PAUSES):
        return _over(row, "refused", MediaUnreachable())
    _log.warning("media_waits", media_id=row.id, channel_id=row.channel_id, code=code, tries=tries)
    return {"status": "waiting", "due_at": utc_now() + dt.timedelta(seconds=_PAUSES[tries - 1])}


def _over(row: Row, status: str, problem: MediaNotKept) -> dict[str, Any]:
    _log.warning("media_not_kept", media_id=row.id, channel_id=row.channel_id, code=problem.code)
    return {"status": status, "error": problem.code, "due_at": None}


def _is_gone(error: GraphError) -> bool:
    return error.status in {404, 410} or error.code in _NOT_THERE


def _code_of(problem: GraphFailure | RecadoError) -> str:
    """What goes to the log: a code, none of anybody's words."""
    if isinstance(problem, RecadoError):
        return problem.code
    return f"graph_{problem.args[0]}" if problem.args else type(problem).__name__
