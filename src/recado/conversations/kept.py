"""What is kept of a conversation, read back: its state, its calls in the air, what people wrote; and what a turn came to."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from recado.conversations.repository import Row
from recado.db.columns import JSON_DECODER
from recado.errors import RecordCorrupt
from recado.flows.events import Incoming, RunAction, State, Status

_STATES: Final = msgspec.json.Decoder(State, float_hook=JSON_DECODER.float_hook)
_INCOMING: Final = msgspec.json.Decoder(Incoming, float_hook=JSON_DECODER.float_hook)
_CALLS: Final = msgspec.json.Decoder(RunAction, float_hook=JSON_DECODER.float_hook)


@dataclass(frozen=True, slots=True)
class Call:
    """A call in the air, as it is on disk."""

    workspace_id: str
    conversation_id: str
    effect: RunAction
    as_if: dict[str, Any] | None
    begun_at: dt.datetime
    is_said: bool = False
    is_late: bool = False


@dataclass(slots=True)
class Done:
    """What a turn came to; `status` is None where there is no such conversation."""

    conversation_id: str
    status: str | None = None
    calls: list[Call] = field(default_factory=list)
    next_due: dt.datetime | None = None
    has_more: bool = False
    said_on: str | None = None
    """The channel that has something to send now."""
    has_told: bool = False
    """Whether webhooks are to hear of it."""


def decode_state(row: Row) -> State:
    """The state of a conversation. Raises RecordCorrupt."""
    try:
        return _STATES.decode(row.state)
    except (msgspec.DecodeError, ArithmeticError) as problem:
        raise RecordCorrupt from problem


def read_incoming(row: Row) -> Incoming:
    """What somebody wrote."""
    return _INCOMING.decode(row.content)


def read_call(row: Row) -> Call:
    """A call in the air."""
    return Call(
        row.workspace_id,
        row.conversation_id,
        read_effect(row.effect),
        row.as_if,
        row.begun_at,
        is_said=row.said_at is not None,
        is_late=row.late_at is not None,
    )


def is_calling(state: State) -> bool:
    """Whether the conversation stands at a call, so that what people write has to wait."""
    return state.waiting is not None and state.waiting.kind == "call"


def status_of(state: State) -> Status:
    """The status that is shown: while a call is awaited in the turn, the conversation runs."""
    if is_calling(state) and state.waiting is not None and not state.waiting.is_late:
        return "running"
    return state.status


def read_effect(text: str) -> RunAction:
    """What a call is about."""
    return _CALLS.decode(text)
