"""Sends what waits on one channel: in its pace, each person's messages one after the other, different people's at once."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol, TypeVar

import sqlalchemy as sa
import structlog

from recado.background import insist
from recado.channels.opened import OpenedChannel
from recado.channels.whatsapp import outbox
from recado.channels.whatsapp.buckets import Bucket, number_bucket, pair_bucket
from recado.channels.whatsapp.fallback import falling_back
from recado.channels.whatsapp.flights import Slowed, Unreached, is_settled, refusal_of, send
from recado.channels.whatsapp.forms.sending import is_form, open_form
from recado.channels.whatsapp.graph import SEND_SECONDS, Graph
from recado.channels.whatsapp.outbox import Accepted, Later, Outcome, Taken
from recado.channels.whatsapp.undelivered import WINDOW_CLOSED, MessageError, failing, give_up
from recado.conversations.dispatcher import Dispatcher
from recado.db.bare import Row
from recado.db.columns import utc_now
from recado.db.engine import Database
from recado.errors import NotFound, RecadoError, ShuttingDown
from recado.executions.tasks import DEAD_AFTER
from recado.media.definition import files_in
from recado.media.links import Links

T = TypeVar("T")
STATUS_SECONDS: Final = 3.0
"""How long a file or a choice keeps the same person's next message waiting for its status."""
MOST_IN_FLIGHT: Final = 64
_ROUND_SECONDS: Final = 0.05
_MOST_DUE: Final = 500
_MOST_PAIRS: Final = 10_000
_LONGEST_PAUSE: Final = 60.0
_log: Final = structlog.get_logger("recado.channels")


class OpensChannels(Protocol):
    """Where channels are opened."""

    async def by_id(self, workspace_id: str, channel_id: str) -> OpenedChannel:
        """A channel ready for use."""
        ...


@dataclass(frozen=True, slots=True)
class Around:
    """What all pumps of a process share."""

    database: Database
    dispatcher: Dispatcher
    channels: OpensChannels
    graph: Graph
    links: Links
    owner: str


class Pump:
    """One channel of one process; it runs while there is something to send."""

    def __init__(self, around: Around, workspace_id: str, channel_id: str) -> None:
        self._around = around
        self._workspace_id = workspace_id
        self.channel_id = channel_id
        self._task: asyncio.Task[None] | None = None
        self._event = asyncio.Event()
        self._ended: list[Outcome] = []
        self._flights: dict[str, asyncio.Task[None]] = {}
        """By the person's contact id."""
        self._holds: dict[str, tuple[float, str]] = {}
        """Until when a person's next message waits for the status of which one."""
        self._number = number_bucket()
        self._rate = 0.0
        self._pairs: dict[str, Bucket] = {}
        self._skipped = 0
        """How many people had to wait in the last round."""
        self._troubles: list[Slowed | Unreached | None] = []
        self._unreached = 0
        self._next_at: float | None = None
        self._is_closing = False

    # ── from outside ─────────────────────────────────────────────────────────────────────────────────────────────────

    def wake(self) -> None:
        """There is something to send."""
        self._event.set()
        if (self._task is None or self._task.done()) and not self._is_closing:
            self._task = asyncio.create_task(self._run(), name="recado-outbox")

    def heard(self, message_id: str) -> None:
        """WhatsApp said something of a message."""
        for contact_id, (_, held_by) in list(self._holds.items()):
            if held_by == message_id:
                del self._holds[contact_id]
                self.wake()
                return

    async def drain(self, grace_seconds: float) -> None:
        """Begin nothing new, and wait for the answers to what was sent."""
        self._is_closing = True
        self._event.set()
        if self._task is not None:
            await asyncio.wait({self._task}, timeout=grace_seconds)
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await self._task
        for flight in list(self._flights.values()):
            flight.cancel()

    # ── rounds ───────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _run(self) -> None:
        while True:
            self._event.clear()
            begun = time.monotonic()
            try:
                taken = await self._round()
            except ShuttingDown:
                return
            except Exception:  # noqa: BLE001  # the next look tries again
                _log.exception("outbox_failed", channel_id=self.channel_id)
                await asyncio.sleep(1.0)
                continue
            for row in taken.rows:
                self._start(row)
            if taken.state != "ours":
                self._next_at = None
            if self._is_over():
                return
            await self._wait(begun)

    def _is_over(self) -> bool:
        if self._ended or self._flights:
            return False
        return self._is_closing or (self._next_at is None and not self._event.is_set())

    async def _wait(self, begun: float) -> None:
        """Until something happens, or may be sent; rounds that follow each other share what ended meanwhile."""
        timeout = None if self._next_at is None else max(0.0, self._next_at - time.monotonic())
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._event.wait(), timeout)
        pause = _ROUND_SECONDS - (time.monotonic() - begun)
        if pause > 0 and len(self._flights) + len(self._ended) > 1:
            await asyncio.sleep(pause)

    async def _round(self) -> Taken:
        """Raises StorageUnavailable, StorageFull."""
        await self._set_pace()
        self._next_at = None
        for trouble in self._troubles:
            self._learn(trouble)
        self._troubles.clear()
        ended, self._ended = self._ended, []
        try:
            taken = await self._take(ended)
        except sa.exc.IntegrityError:  # an id that another message has: this one is sent all the same, and goes without
            bare = [replace(one, channel_message_id="") if isinstance(one, Accepted) else one for one in ended]
            self._ended = bare + self._ended
            raise
        except BaseException:
            self._ended = ended + self._ended
            raise
        if taken.has_parked is not None:
            _log.error("channel_parked", channel_id=self.channel_id, code=taken.has_parked.code)
        return taken

    async def _take(self, ended: Sequence[Outcome]) -> Taken:
        room = 0 if self._is_closing else MOST_IN_FLIGHT - len(self._flights)
        waiting = len(self._holds) + 2 * self._skipped
        return await self._around.database.write_briefly(
            outbox.take_round,
            self._workspace_id,
            self.channel_id,
            self._around.owner,
            DEAD_AFTER,
            ended,
            lambda due: self._pick(due, room),
            min(_MOST_DUE, room + waiting) if room > 0 else 0,
        )

    async def _set_pace(self) -> None:
        try:
            channel = await self._around.channels.by_id(self._workspace_id, self.channel_id)
        except NotFound:  # the round finds that out
            return
        if channel.settings.sends_per_second != self._rate:
            self._rate = channel.settings.sends_per_second
            self._number = number_bucket(self._rate)

    def _pick(self, due: Sequence[Row], room: int) -> list[Row]:
        """What may go out now; runs in the round's transaction, while nothing else touches the buckets."""
        now = time.monotonic()
        self._next_at = None
        self._skipped = 0
        picked: list[Row] = []
        for row in due:
            if len(picked) >= room:
                break
            if (wait := self._wait_of(row.contact_id, now)) > 0:
                self._skip(now + wait)
            elif (wait := self._number.take(now)) > 0:
                self._expect(now + max(wait, _ROUND_SECONDS))
                break
            elif (wait := self._pair(row.contact_id, now).take(now)) > 0:
                self._number.give_back(now)
                self._skip(now + wait)
            else:
                picked.append(row)
        return picked

    def _wait_of(self, contact_id: str, now: float) -> float:
        """How long this person waits for a status."""
        until, _ = self._holds.get(contact_id, (0.0, ""))
        if until <= now:
            self._holds.pop(contact_id, None)
        return until - now

    def _pair(self, contact_id: str, now: float) -> Bucket:
        found = self._pairs.get(contact_id)
        if found is None:
            if len(self._pairs) >= _MOST_PAIRS:
                self._pairs = {key: bucket for key, bucket in self._pairs.items() if not bucket.is_full(now)}
            found = self._pairs[contact_id] = pair_bucket()
        return found

    def _skip(self, until: float) -> None:
        self._skipped += 1
        self._expect(until)

    def _expect(self, at: float) -> None:
        self._next_at = at if self._next_at is None else min(self._next_at, at)

    # ── one message ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _start(self, row: Row) -> None:
        task = asyncio.create_task(self._fly(row), name="recado-send")
        self._flights[row.contact_id] = task

        def landed(_: asyncio.Task[None]) -> None:
            self._flights.pop(row.contact_id, None)
            self._event.set()

        task.add_done_callback(landed)

    async def _fly(self, row: Row) -> None:
        try:
            outcome = await self._outcome(row)
        except ShuttingDown:
            return
        except Exception:  # noqa: BLE001  # one bad record must not keep the others waiting
            _log.exception("send_failed", channel_id=self.channel_id)
            outcome = MessageError("internal_error", "An error of the server kept it from being sent.")
        if isinstance(outcome, MessageError):
            with contextlib.suppress(ShuttingDown):
                await self._give_up(row, outcome)
        elif outcome is not None:
            self._ended.append(outcome)

    async def _outcome(self, row: Row) -> Outcome | MessageError | None:
        """None where it is on disk already."""
        try:
            channel = await self._around.channels.by_id(self._workspace_id, self.channel_id)
        except RecadoError as problem:
            _log.warning("channel_unopened", channel_id=self.channel_id, code=problem.code)
            return Later(row, 10.0, is_untried=True)
        refusal = refusal_of(row, utc_now())
        if refusal is not None:
            return await self._instead(channel, row, refusal)
        form = None
        if is_form(row):
            opened = await self._surely(lambda: self._around.database.write(open_form, self._workspace_id, row))
            if isinstance(opened, MessageError):
                return opened
            form = opened
        if not is_settled(row):  # its status may come before its answer
            self._holds[row.contact_id] = (time.monotonic() + SEND_SECONDS, row.message_id)
        links = await self._links_of(row) if row.payload is None and files_in(row.content) else None
        ended, trouble = await send(self._around.graph, channel, row, form, links)
        self._troubles.append(trouble)
        if self._holds.pop(row.contact_id, None) is not None and isinstance(ended, Accepted):
            self._holds[row.contact_id] = (time.monotonic() + STATUS_SECONDS, row.message_id)
        if isinstance(ended, MessageError):
            return await self._instead(channel, row, ended)
        return ended

    async def _links_of(self, row: Row) -> dict[str, str]:
        """Links to the files of the conversation that the message names."""
        links, named = self._around.links, set(files_in(row.content))
        found = await self._surely(lambda: links.find(self._workspace_id, row.conversation_id, named))
        return {media_id: links.link_to(media) for media_id, media in found.items()}

    def _learn(self, trouble: Slowed | Unreached | None) -> None:
        now = time.monotonic()
        match trouble:
            case Slowed(seconds=seconds):
                self._number.slow_down(now, seconds)
            case Unreached(code=code):
                if self._unreached == 0:
                    _log.warning("graph_unreachable", channel_id=self.channel_id, code=code)
                self._unreached += 1
                self._number.hold(now, min(2.0 ** min(self._unreached - 1, 6), _LONGEST_PAUSE))
            case None:
                self._unreached = 0

    async def _instead(self, channel: OpenedChannel, row: Row, error: MessageError) -> MessageError | None:
        """Where the window is shut, a template asks the person to write, and the message waits for that."""
        if error.code != WINDOW_CLOSED.code or row.held_at is not None or not row.block_id:
            return error
        work = falling_back(row, channel.settings.fallback_template)
        return None if await self._surely(lambda: self._around.dispatcher.run(row.conversation_id, work)) else error

    async def _give_up(self, row: Row, error: MessageError) -> None:
        work = failing(row.message_id, row.conversation_id, error)
        _log.info("message_undelivered", channel_id=self.channel_id, code=error.code)
        try:
            await self._surely(lambda: self._around.dispatcher.run(row.conversation_id, work))
        except ShuttingDown:
            raise
        except Exception:  # noqa: BLE001  # the conversation cannot be read: the message is given up all the same
            _log.exception("turn_failed", conversation_id=row.conversation_id)
            await self._surely(lambda: self._around.database.write(give_up, row.message_id, error, None))

    async def _surely(self, work: Callable[[], Awaitable[T]]) -> T:
        return await insist("outbox", work, channel_id=self.channel_id)
