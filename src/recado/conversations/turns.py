"""One turn: what came in goes through the pure engine, and all that follows is written down in the same transaction.

The transaction loads the conversation, gives the engine its events, and writes state, replies, done-marks, path, timers and
calls. A call is written down before it begins and runs after the commit; its end is another turn. So whenever the process
dies, what is on disk is whole, and says what is still to be done.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
import sqlalchemy as sa
import structlog

from recado.conversations import repository
from recado.conversations.kept import Call, Done, decode_state, is_calling, read_incoming, status_of
from recado.conversations.programs import Programs
from recado.conversations.record import Record
from recado.conversations.repository import Row
from recado.conversations.told import tell
from recado.conversations.wakes import NOBODY
from recado.db import bare
from recado.db.columns import JSON_ENCODER
from recado.errors import NotFound, RecordCorrupt
from recado.flows import engine
from recado.flows.compiled import Program
from recado.flows.events import (
    ENDED,
    CallEnded,
    CallLate,
    Effect,
    Event,
    HandOver,
    Incoming,
    Noted,
    Outgoing,
    Received,
    RunAction,
    Send,
    State,
    TimerFired,
    Visited,
)
from recado.flows.texts import TEXTS

_MOST_TIMERS: Final = 10
_log: Final = structlog.get_logger("recado.conversations")


@dataclass(frozen=True, slots=True)
class Before:
    """What was said before the events of a turn and is no event itself: by the person, with its id on the channel, or to them."""

    heard: tuple[Incoming, str | None] | None = None
    said: Outgoing | None = None
    payload: str | None = None
    """JSON that is sent in place of what is said, as the channel takes it."""
    sent_by: str | None = None
    """The member who says it."""
    echoed: tuple[Outgoing, str | None] | None = None
    """What somebody said already by another way of the channel, with its id there."""


NOTHING: Final = Before()


def take_turn(
    connection: sa.Connection,
    programs: Programs,
    owner: str,
    conversation_id: str,
    events: Sequence[Event] = (),
    *,
    told_by: str | None = None,
) -> Done:
    """These events, what came in and the timers that are due, in this order. Raises RecordCorrupt.

    `owner` is the process that will run the calls. Ends of calls are told by `told_by`; one that has lost a call to another
    process, since it was thought dead, is not heard.
    """
    row = repository.lock_conversation(connection, conversation_id)
    if row is None:
        return Done(conversation_id)
    return take_turn_of(connection, programs, owner, row, events, told_by=told_by)


def take_turn_of(
    connection: sa.Connection,
    programs: Programs,
    owner: str,
    row: Row,
    events: Sequence[Event] = (),
    received: tuple[Incoming, str | None] | None = None,
    *,
    told_by: str | None = None,
    before: Before = NOTHING,
) -> Done:
    """The same for a conversation that is locked already; `received` just came, with its id on the channel."""
    turn = _Turn(connection, row, _load(programs, connection, row), owner, told_by)
    turn.write_before(before)
    if received is not None:
        turn.receive(*received)
        if owner == NOBODY:  # others take the turn
            return turn.write()
    for event in events:
        turn.feed(event)
    turn.take_messages()
    turn.take_timers()
    return turn.write()


def say_that_it_takes_long(connection: sa.Connection, programs: Programs, owner: str, call: Call) -> Done:
    """Say a block's words for a call that takes its time, once, while the conversation waits for it."""
    row = repository.lock_conversation(connection, call.conversation_id)
    if row is None:
        return Done(call.conversation_id)
    turn = _Turn(connection, row, _load(programs, connection, row), owner)
    turn.say_meanwhile(call.effect)
    return turn.write()


def _load(programs: Programs, connection: sa.Connection, row: Row) -> Program:
    try:
        return programs.load(connection, row.workspace_id, row.version_id)
    except (NotFound, RecordCorrupt):
        _log.exception("version_unreadable", conversation_id=row.id, version_id=row.version_id)
        return {}


class _Turn:
    """A conversation between two commits."""

    def __init__(
        self, connection: sa.Connection, row: Row, program: Program, owner: str, told_by: str | None = None
    ) -> None:
        self._connection = connection
        self._row = row
        self._program = program
        self._owner = owner
        self._told_by = told_by
        self._now = repository.read_at(connection, row)
        self.state = decode_state(row)
        self._timers = list(self.state.timers)
        self._block_id: str | None = row.block_id
        self._record = Record(row, self._now)
        self._taken: list[str] = []
        self._received: list[tuple[dict[str, Any], Incoming]] = []
        self._done = Done(row.id)
        self._is_changed = False
        self._failed_calls: list[CallEnded] = []

    # ── events ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def feed(self, event: Event) -> None:
        """Give the engine an event, at this very moment, and note what it wants."""
        if isinstance(event, CallEnded | CallLate) and not self._is_news(event):
            return
        if isinstance(event, CallEnded) and event.outcome != "ok":
            self._failed_calls.append(event)
        event = msgspec.structs.replace(event, at=self._now)
        try:
            state, effects = engine.step(self._program, self.state, event)
        except Exception:  # noqa: BLE001  # whatever goes wrong, nobody is left without an answer
            _log.exception("engine_failed", conversation_id=self._row.id, version_id=self._row.version_id)
            state, effects = self._failed()
        self.state = state
        self._is_changed = True
        for effect in effects:
            self._carry_out(effect)

    def _is_news(self, event: CallEnded | CallLate) -> bool:
        """Whether that call is in the air still; its end is noted on the path."""
        if isinstance(event, CallLate):
            return repository.mark_call(self._connection, self._row.id, event.visit, "late_at", self._now)
        if not repository.delete_call(self._connection, self._row.id, event.visit, self._told_by):
            return False
        note = {"state": "ended", "outcome": event.outcome, "status": event.status, "error": event.error}
        self._record.step("call", event.block_id, event.visit, execution_id=event.execution_id, note=note)
        return True

    def receive(self, incoming: Incoming, channel_message_id: str | None) -> None:
        """Write a message down; it waits for its turn like those before it."""
        message = self._record.hear(incoming, channel_message_id, self._block_id)
        self._received.append((message, incoming))
        self._is_changed = True

    def write_before(self, before: Before) -> None:
        """Write down what no event tells of."""
        if before.heard is not None:
            self.receive(*before.heard)
            message, _ = self._received.pop()
            message |= {"status": "done", "done_at": self._now}
        if before.said is not None:
            self._say(None, before.said, before.payload, before.sent_by)
            self._is_changed = True
        if before.echoed is not None:
            self._record.show(*before.echoed)
            self._is_changed = True

    def take_messages(self) -> None:
        """What people wrote; during a call only words that end the conversation are heard."""
        if self.state.status in ENDED:
            return
        rows = repository.list_received(self._connection, self._row.id)
        self._done.has_more = len(rows) > repository.MOST_RECEIVED
        waiting = [(row.id, read_incoming(row)) for row in rows[: repository.MOST_RECEIVED]]
        if not self._done.has_more:
            waiting += [(message["id"], incoming) for message, incoming in self._received]
        for at, (message_id, incoming) in enumerate(waiting):
            if is_calling(self.state):
                self._done.has_more = False
                last_words = next((later for _, later in waiting[at:] if self._is_exit(later)), None)
                if last_words is not None:
                    self.feed(Received(at=self._now, message=last_words))
                return
            self._taken.append(message_id)
            self.feed(Received(at=self._now, message=incoming))
            if self.state.status in ENDED:
                return

    def _is_exit(self, incoming: Incoming) -> bool:
        flow = self._program.get(self.state.frames[0].flow) if self.state.frames else None
        return flow is not None and incoming.text is not None and engine.is_exit_word(flow, incoming.text)

    def say_meanwhile(self, effect: RunAction) -> None:
        """The words for a call that takes its time, where the conversation stands at it still."""
        is_at_it = is_calling(self.state) and self.state.last_visit == effect.visit
        if is_at_it and repository.mark_call(self._connection, self._row.id, effect.visit, "said_at", self._now):
            self._say(effect.block_id, Outgoing(type="text", text=effect.wait_text))
            self._is_changed = True

    def take_timers(self) -> None:
        """The timers that are due."""
        for _ in range(_MOST_TIMERS):
            due = [timer for timer in self.state.timers if timer.due_at <= self._now]
            if not due or self.state.status in ENDED:
                return
            first = min(due, key=lambda timer: timer.due_at)
            self.feed(TimerFired(at=self._now, kind=first.kind))
            if first in self.state.timers:  # it would fire for ever
                self.state.timers = [timer for timer in self.state.timers if timer != first]

    def _failed(self) -> tuple[State, list[Effect]]:
        """The end that is left when the engine itself is at a loss."""
        state = msgspec.structs.replace(
            self.state, status="failed", waiting=None, timers=[], end_reason="failed:internal_error"
        )
        flow = self._program.get(state.frames[0].flow) if state.frames else None
        written = flow.settings.failure_message if flow else ""
        text = written if written and "{{" not in written else (flow.texts if flow else TEXTS["en"]).failure
        return state, [Send(block_id=self._block_id or "", message=Outgoing(type="text", text=text))]

    # ── effects ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _carry_out(self, effect: Effect) -> None:
        match effect:
            case Send():
                self._say(effect.block_id, effect.message)
            case Visited():
                self._record.step(
                    "visited",
                    effect.block_id,
                    effect.visit,
                    edge=effect.edge,
                    left_block_id=effect.left,
                    version_id=effect.flow,
                )
                self._block_id = effect.block_id
            case RunAction():
                self._done.calls.append(self._record.begin_call(effect, self._owner))
            case Noted():
                self._record.step("note", effect.block_id, note={"code": effect.code, "params": effect.params})
            case HandOver():
                self._record.step(
                    "note", effect.block_id, note={"code": "handed_over", "params": {"note": effect.note}}
                )

    def _say(
        self, block_id: str | None, message: Outgoing, payload: str | None = None, sent_by: str | None = None
    ) -> None:
        self._record.say(block_id, self.state.last_visit, message, payload, sent_by)

    # ── the end of the turn ──────────────────────────────────────────────────────────────────────────────────────────

    def write(self) -> Done:
        """Put everything down; nothing is written where nothing happened."""
        done = self._done
        done.status = status_of(self.state)
        done.said_on = self._row.channel_id if self._record.has_something_to_send else None
        has_ended = self.state.status in ENDED
        own = {message["id"]: message for message, _ in self._received}
        for message_id, message in own.items():
            if has_ended or message_id in self._taken:
                message |= {"status": "done", "done_at": self._now}
        if has_ended:
            repository.mark_all_done(self._connection, self._row.id, self._now)
        earlier = [message_id for message_id in self._taken if message_id not in own]
        if not self._is_changed and not earlier:
            return done
        with bare.together(self._connection):
            repository.mark_done(self._connection, earlier, self._now)
            if not self._is_changed:
                return done
            self._record.put(self._connection)
            self._write_timers()
            count = self._write_state(has_ended=has_ended)
        assert count() == 1, "it is locked, so nobody else can have raised its turn"
        done.has_told = tell(self._connection, self._row, self.state, self._failed_calls, self._now)
        return done

    def _write_timers(self) -> None:
        wanted = [] if self.state.status in ENDED else self.state.timers
        self._done.next_due = min((timer.due_at for timer in wanted), default=None)
        if wanted == self._timers:
            return
        rows = [{"conversation_id": self._row.id, "kind": timer.kind, "due_at": timer.due_at} for timer in wanted]
        if {timer.kind for timer in self._timers} <= {timer.kind for timer in wanted}:
            repository.put_timers(self._connection, rows)
        else:
            repository.replace_timers(self._connection, self._row.id, rows)

    def _write_state(self, *, has_ended: bool) -> Callable[[], int]:
        state = self.state
        values = {
            "status": status_of(state),
            "state": JSON_ENCODER.encode(state).decode(),
            "block_id": self._block_id,
            "contact": state.contact,
            "last_message": self._record.last_message,
            "last_step": self._record.last_step,
            "updated_at": self._now,
        }
        if has_ended or self._row.ended_at is not None:  # it is in an index, which would be written each time
            values["ended_at"] = self._now if has_ended else None
        return repository.put_conversation(self._connection, self._row.id, self._row.turn, values)
