"""Takes in what Meta delivers: on disk first, then each message once, in its person's order; nothing is ever raised out."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import traceback
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Hashable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

import structlog

from recado.background import Background
from recado.channels.opened import Channels, OpenedChannel
from recado.channels.whatsapp import deliveries
from recado.channels.whatsapp.ending import Endings
from recado.channels.whatsapp.inbound import read_delivery
from recado.channels.whatsapp.judging import Became, Moved, Scene, find_place, judge, judge_echo
from recado.channels.whatsapp.lanes import Lanes
from recado.channels.whatsapp.reading import identities_of
from recado.channels.whatsapp.signature import is_signed
from recado.channels.whatsapp.updates import (
    AccountProblem,
    Echo,
    Identity,
    InboundMessage,
    Media,
    StatusUpdate,
    Update,
)
from recado.conversations.dispatcher import Dispatcher
from recado.db.columns import utc_now
from recado.db.engine import Database
from recado.errors import NotFound, RecadoError, SignatureWrong, Unavailable
from recado.executions.tasks import DEAD_AFTER
from recado.ids import new_id
from recado.settings import Settings

T = TypeVar("T")
TakeStatuses = Callable[[OpenedChannel, list[StatusUpdate]], Awaitable[None]]
Answered = Callable[[OpenedChannel, InboundMessage], None]

_MOST_AT_ONCE: Final = 500
_MOST_BYTES: Final = 16 * 1024 * 1024
"""Deliveries in memory, and their bodies; what comes beyond waits on disk."""
_CLAIM: Final = 500
_BATCH: Final = 50
_PARALLEL: Final = 24
"""People at once; on SQLite they share the flushes of one writer."""
_PARALLEL_CONNECTIONS: Final = 6
"""The same where each has a connection of the pool, for which what comes in must not wait long."""
_AT_ONCE: Final = dt.timedelta(seconds=-1)
_LOOK_SECONDS: Final = 1.0
_LOOK_AGAIN_SECONDS: Final = 0.05
_LEFT_AFTER: Final = dt.timedelta(seconds=2)
_HEAVY_BYTES: Final = 65_536
_FIRST_PAUSE: Final = 0.1
_LONGEST_PAUSE: Final = 2.0
_SEEN_FOR: Final = dt.timedelta(days=9)
"""Meta delivers anew for 7 days."""
_log: Final = structlog.get_logger("recado.channels")


async def _take_no_statuses(_channel: OpenedChannel, _statuses: list[StatusUpdate]) -> None:
    """Until somebody sends, nobody wants to know."""


class Receiver:
    """One for each process that may open secrets. `when_stated` takes statuses in, `when_answered` is told of each message that a flow answers."""

    def __init__(
        self, database: Database, dispatcher: Dispatcher, channels: Channels, settings: Settings, process_id: str
    ) -> None:
        self._database = database
        self._dispatcher = dispatcher
        self._channels = channels
        self._settings = settings
        self._owner = process_id
        self._lanes = Lanes(_PARALLEL if database.is_sqlite else _PARALLEL_CONNECTIONS)
        self._endings = Endings(database)
        self._held: dict[str, asyncio.Task[None]] = {}
        self._held_bytes = 0
        self._is_behind = False
        self._skipped = 0
        self._is_closing = False
        self._looking = Background("deliveries", self._look, _LOOK_SECONDS)
        self.when_stated: TakeStatuses = _take_no_statuses
        self.when_answered: Answered = lambda _channel, _message: None
        self.when_file_came: Callable[[], None] = lambda: None

    # ── from outside ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def receive(self, channel: OpenedChannel, body: bytes) -> None:
        """Put a delivery down, and take it in afterwards. Raises StorageUnavailable, StorageFull."""
        delivery_id = new_id("dlv")
        await self._database.write_briefly(
            deliveries.insert, delivery_id, channel.workspace_id, channel.id, body, self._owner
        )
        if self._is_behind or len(self._held) >= _MOST_AT_ONCE or self._held_bytes > _MOST_BYTES:
            self._is_behind = True  # what waits on disk comes first
            self._skipped += 1
        else:
            self._hold(delivery_id, channel.workspace_id, channel.id, body)

    async def start(self) -> None:
        """Take up what is left behind before anything new comes in, and go on looking for it."""
        self._looking.start(await self._looking.look())

    async def drain(self, grace_seconds: float) -> None:
        """Begin nothing new and wait for what is under way; the rest is on disk, for others or for the next start."""
        self._is_closing = True
        await self._looking.stop()
        if self._held:
            await asyncio.wait(self._held.values(), timeout=grace_seconds)
        for task in list(self._held.values()):
            task.cancel()
        await self._lanes.stop()
        await self._endings.drain()

    async def retain(self) -> None:
        """Delete what is older than the operator keeps, a little at a time."""
        now = utc_now()
        oldest = now - dt.timedelta(days=self._settings.delivery_retention_days)
        while await self._database.write(deliveries.delete_before, oldest):
            pass
        while await self._database.write(deliveries.forget_before, now - _SEEN_FOR):
            pass

    # ── what is left behind ──────────────────────────────────────────────────────────────────────────────────────────

    async def _look(self) -> float:
        """Take over what dead processes left, and take up what is ours and not held; in how many seconds to look again."""
        if await self._database.read(deliveries.has_left, self._owner):
            is_alone = self._database.is_sqlite
            while count := await self._database.write(
                deliveries.claim, self._owner, DEAD_AFTER, _CLAIM, is_only_server=is_alone
            ):
                self._is_behind = True
                _log.info("deliveries_taken_over", count=count)
        if len(self._held) > _MOST_AT_ONCE - _BATCH:
            return self._pause()
        after = _AT_ONCE if self._is_behind else _LEFT_AFTER
        skipped = self._skipped
        own = await self._database.read(deliveries.list_own, self._owner, after, _MOST_AT_ONCE + _BATCH)
        left = [
            delivery_id for delivery_id in own if delivery_id not in self._held and not self._endings.has(delivery_id)
        ]
        taken_up = 0
        for delivery_id in left[:_BATCH]:
            if self._held_bytes > _MOST_BYTES:
                break
            row = await self._database.read(deliveries.find, delivery_id)
            taken_up += 1
            if row is not None and row.status == "received":
                self._hold(row.id, row.workspace_id, row.channel_id, row.body)
        self._is_behind = len(left) > taken_up or self._skipped != skipped
        return self._pause()

    def _pause(self) -> float:
        return _LOOK_AGAIN_SECONDS if self._is_behind else _LOOK_SECONDS

    def _hold(self, delivery_id: str, workspace_id: str, channel_id: str, body: bytes) -> None:
        if delivery_id in self._held or self._is_closing:
            return
        work = self._take_in(delivery_id, workspace_id, channel_id, body)
        task = asyncio.create_task(work, name="recado-delivery")
        self._held[delivery_id] = task
        self._held_bytes += len(body)
        task.add_done_callback(lambda _: self._let_go(delivery_id, len(body)))

    def _let_go(self, delivery_id: str, size: int) -> None:
        del self._held[delivery_id]
        self._held_bytes -= size

    # ── one delivery ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def _take_in(self, delivery_id: str, workspace_id: str, channel_id: str, body: bytes) -> None:
        try:
            note = await self._take_all(workspace_id, channel_id, body)
        except NotFound:  # the channel is gone, and with it what was delivered
            return
        except Exception as problem:  # noqa: BLE001  # one that cannot be taken in must not keep the others waiting
            note = type(problem).__name__
            _log.error("delivery_failed", delivery_id=delivery_id, code=note, place=_place_of(problem))
        self._endings.add(delivery_id, note)

    async def _take_all(self, workspace_id: str, channel_id: str, body: bytes) -> str | None:
        """Every update of a delivery; what went wrong with some, without anybody's data. Raises NotFound."""
        channel = await self._surely(lambda: self._channels.by_id(workspace_id, channel_id))
        is_heavy = len(body) > _HEAVY_BYTES
        found = await asyncio.to_thread(read_delivery, body) if is_heavy else read_delivery(body)
        notes = list(found.problems)
        works = self._begin_all(channel, found.updates)
        for ended in await asyncio.gather(*works, return_exceptions=True):
            if isinstance(ended, Exception):
                code = ended.code if isinstance(ended, RecadoError) else type(ended).__name__
                notes.append(code)
                _log.error("update_failed", channel_id=channel_id, code=code, place=_place_of(ended))
            elif isinstance(ended, BaseException):
                raise ended
        return "; ".join(f"{note} ({count})" for note, count in Counter(notes).items())[:2000] or None

    def _begin_all(self, channel: OpenedChannel, updates: Sequence[Update]) -> list[Awaitable[None]]:
        works: list[Awaitable[None]] = []
        statuses: list[StatusUpdate] = []
        for update in updates:
            if update.phone_number_id not in {None, channel.settings.phone_number_id}:
                _log.warning("update_for_another_number", channel_id=channel.id, kind=type(update).__name__)
                continue
            match update:
                case InboundMessage():
                    works.append(self._in_lane(channel, update.sender, update.at, partial(self._hear, channel, update)))
                case Echo():
                    works.append(
                        self._in_lane(channel, update.recipient, update.at, partial(self._echo, channel, update))
                    )
                case StatusUpdate():
                    statuses.append(update)
                case AccountProblem():
                    codes = [error.code for error in update.errors]
                    _log.warning("account_problem", channel_id=channel.id, codes=codes)
                case _:
                    _log.info("update_noted", channel_id=channel.id, field=(update.field or "")[:64])
        if statuses:
            works.append(self._surely(lambda: self.when_stated(channel, statuses)))
        return works

    def _in_lane(
        self, channel: OpenedChannel, person: Identity, at: int | None, work: Callable[[], Coroutine[Any, Any, None]]
    ) -> Awaitable[None]:
        names: list[Hashable] = [(channel.id, *identity) for identity in identities_of(person)] or [channel.id]
        return self._lanes.add(names, at or 0, work)

    # ── one update ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def _hear(self, channel: OpenedChannel, message: InboundMessage) -> None:
        became = await self._judged(channel, message.sender, lambda scene: judge(scene, message))
        if became != "seen":
            _log.info("message_received", channel_id=channel.id, kind=message.kind, became=became)
            if isinstance(message.content, Media):
                self.when_file_came()
            if became in {"taken", "begun"}:
                self.when_answered(channel, message)

    async def _echo(self, channel: OpenedChannel, echo: Echo) -> None:
        await self._judged(channel, echo.recipient, lambda scene: judge_echo(scene, echo))

    async def _judged(self, channel: OpenedChannel, person: Identity, judgement: Callable[[Scene], Any]) -> Became:
        """In the order of the conversation that is open with the person, or of one that may begin."""

        async def try_once() -> Became | None:
            place = await self._database.read(find_place, channel.id, person)
            conversation_id = place or new_id("cnv")
            with contextlib.suppress(Moved):
                return await self._dispatcher.run(
                    conversation_id,
                    lambda connection, programs, owner: judgement(
                        Scene(connection, programs, owner, channel, conversation_id)
                    ),
                )
            return None

        while (became := await self._surely(try_once)) is None:
            pass
        return became

    async def _surely(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do it, again and again while storage is in trouble."""
        pause = _FIRST_PAUSE
        while True:
            try:
                return await work()
            except Unavailable as problem:
                _log.warning("receiving_waits", code=problem.code)
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)


def _place_of(problem: Exception) -> str:
    """Where it was raised; its text may hold what people wrote, or their numbers, and goes to no log."""
    frames = traceback.extract_tb(problem.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""


async def take(channels: Channels, receiver: Receiver, key: str, signature: str | None, body: bytes) -> None:
    """Put a delivery down, as it came. Raises NotFound, SignatureWrong, StorageUnavailable, StorageFull."""
    channel = await channels.by_key(key)
    if not is_signed(body, signature, channel.app_secrets):
        raise SignatureWrong
    await receiver.receive(channel, body)
