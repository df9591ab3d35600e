"""What happens on its own: this process's heartbeat, the recovery of what dead processes left, and retention."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import socket
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

import structlog

from recado.accounts import audit, sessions
from recado.accounts.service import system_caller
from recado.background import Background
from recado.db import counts
from recado.db.ballast import Ballast
from recado.db.columns import utc_now
from recado.db.engine import Database
from recado.errors import RecadoError, StorageFull, Unavailable
from recado.executions import repository
from recado.executions.again import is_repeatable
from recado.executions.runner import Runner
from recado.outbound.definition import IDEMPOTENT_METHODS
from recado.settings import Settings

BEAT_SECONDS: Final = 2.0
DEAD_AFTER: Final = dt.timedelta(seconds=6)
"""So that what a killed process left behind goes on within 10 s; a pause of our own is no proof that others are dead."""
_RETENTION_SECONDS: Final = 600.0
_COUNT_SECONDS: Final = 30.0
_CLAIM: Final = 100
_log: Final = structlog.get_logger("recado.executions.tasks")


class Tasks:
    """The background work of one process."""

    def __init__(
        self,
        database: Database,
        runner: Runner,
        settings: Settings,
        process_id: str,
        ballast: Ballast | None,
        also_retain: Sequence[Callable[[], Awaitable[None]]] = (),
        kind: str = "server",
    ) -> None:
        self._database = database
        self._runner = runner
        self._settings = settings
        self._process_id = process_id
        self._ballast = ballast
        self._also_retain = also_retain
        self._kind = kind
        self._works = [
            Background("heartbeat", self._making_room(self._beat), BEAT_SECONDS),
            Background("recovery", self._making_room(self.recover), BEAT_SECONDS),
            Background("retention", self._making_room(self.retain), _RETENTION_SECONDS),
            Background("counts", self._making_room(self.count), _COUNT_SECONDS),
        ]
        self._beaten_at = 0.0
        self._judges_from = 0.0

    async def start(self) -> None:
        """Announce this process, take over what is left behind, and go on doing so."""
        await self._database.write(repository.insert_process, self._process_id, self._kind, socket.gethostname())
        self._beaten_at = time.monotonic()
        for work in self._works:
            work.start()

    async def stop(self) -> None:
        """Stop, and take this process off the list."""
        for work in self._works:
            await work.stop()
        if not self._runner.open_ids:  # else the next one finds what is left
            with contextlib.suppress(Unavailable):
                await self._database.write(repository.delete_process, self._process_id)

    def _making_room(self, work: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        """A full disk refuses even deletions: give back the ballast, so that retention can delete."""

        async def look() -> None:
            try:
                await work()
            except StorageFull:
                if self._ballast and self._ballast.release():
                    _log.warning("ballast_released")
                raise

        return look

    async def _beat(self) -> None:
        if not await self._database.write(repository.beat, self._process_id, tuple(self._runner.open_ids)):
            _log.warning("taken_for_dead")
            await self._database.write(repository.insert_process, self._process_id, self._kind, socket.gethostname())
        now = time.monotonic()
        if now - self._beaten_at > DEAD_AFTER.total_seconds() / 2:  # storage was gone: the others could not beat either
            self._judges_from = now + DEAD_AFTER.total_seconds()
        self._beaten_at = now

    async def recover(self) -> None:
        """Close or repeat what dead processes left open, then take them off the list."""
        if not self._database.is_sqlite and time.monotonic() < self._judges_from:
            return
        dead = await self._database.read(
            repository.list_dead_processes, self._process_id, DEAD_AFTER, is_only_server=self._database.is_sqlite
        )
        for process in dead:
            while rows := await self._database.write(repository.claim_orphans, self._process_id, process, _CLAIM):
                _log.info("executions_taken_over", count=len(rows))
                await asyncio.gather(*(self._recover_one(row) for row in rows))
            await self._database.write(repository.delete_process, process.id)

    async def _recover_one(self, row: Any) -> None:
        if row.method in IDEMPOTENT_METHODS and is_repeatable(row):
            try:
                await self._runner.repeat(row)
            except RecadoError as problem:
                _log.info("not_repeated", execution_id=row.id, code=problem.code)
            else:
                return
        await self._runner.close_unknown(row)

    async def count(self) -> None:
        """Count what is settled, so that statistics need not read it again."""
        while (counted := await self._database.read(counts.find_settled)) is not None:
            if not await self._database.write(counts.keep_counts, counted):
                return  # another process is at it

    async def retain(self) -> None:
        """Delete what is older than the operator keeps, a little at a time."""
        await self._database.write(repository.release_old_idempotency_keys)
        await self._database.write(sessions.delete_expired, utc_now())
        await self._database.write(
            audit.prune, system_caller(""), utc_now() - dt.timedelta(days=self._settings.audit_retention_days)
        )
        oldest = utc_now() - dt.timedelta(days=self._settings.retention_days)
        while deleted := await self._database.write(repository.delete_executions_before, oldest):
            _log.info("executions_deleted", count=deleted)
        await self._database.write(counts.delete_counts_before, oldest)
        for retain in self._also_retain:
            await retain()
        if self._ballast:
            self._ballast.keep()
