"""What webhooks are told of a turn, written down in the turn's own transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from recado.conversations.channel import is_carried
from recado.conversations.repository import Row
from recado.db.columns import JSON_ENCODER, utc_text
from recado.flows.events import ENDED, CallEnded, State
from recado.webhooks.definition import EventType
from recado.webhooks.events import note

_MOST_VALUES: Final = 65_536
"""Bytes of answers and variables; larger ones are left to who asks for the conversation."""


def tell(connection: sa.Connection, row: Row, state: State, failed: Sequence[CallEnded], now: dt.datetime) -> bool:
    """Note what happened between `row` and `state`, and the calls that failed; whether anybody is to be told."""
    facts: dict[str, Any] | None = None
    is_anything = False
    for event_type, more in _happened(row, state, failed):
        facts = facts or _facts_of(row, state)
        data = {"conversation": facts, **more}
        is_simulated = not is_carried(row.channel_id)
        is_anything |= note(connection, row.workspace_id, event_type, now, data, is_simulated=is_simulated)
    return is_anything


def _happened(row: Row, state: State, failed: Sequence[CallEnded]) -> Iterator[tuple[EventType, dict[str, Any]]]:
    if row.turn == 0:
        yield "conversation.started", {}
    for call in failed:
        yield "action.failed", {"call": _facts_of_call(call)}
    if state.status == row.status:
        return
    if state.status == "with_agent":
        yield "conversation.handed_over", {}
    elif state.status == "failed":
        yield "conversation.failed", {}
    elif state.status in ENDED:
        yield "conversation.finished", {}


def _facts_of(row: Row, state: State) -> dict[str, Any]:
    own = state.frames[0] if state.frames else None
    values: dict[str, Any] = {} if own is None else {"answers": own.answers, "variables": own.variables}
    if len(JSON_ENCODER.encode(values)) > _MOST_VALUES:
        values = {"answers": None, "variables": None}
    return {
        "id": row.id,
        "flow_id": row.flow_id,
        "channel_id": row.channel_id,
        "status": state.status,
        "end_reason": state.end_reason,
        "contact": msgspec.to_builtins(state.contact),
        "created_at": utc_text(row.created_at),
        **values,
    }


def _facts_of_call(call: CallEnded) -> dict[str, Any]:
    return {
        "block_id": call.block_id,
        "execution_id": call.execution_id,
        "outcome": call.outcome,
        "status": call.status,
        "error": call.error,
    }
