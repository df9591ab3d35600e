"""Ends all conversations of a channel that goes away, in one transaction: nothing is said, so no flow is walked."""

from __future__ import annotations

import datetime as dt

import msgspec
import sqlalchemy as sa

from recado.conversations import repository
from recado.conversations.kept import decode_state
from recado.conversations.repository import Row
from recado.conversations.told import tell
from recado.db.columns import JSON_ENCODER
from recado.errors import RecordCorrupt
from recado.flows.events import State


def cancel_all(connection: sa.Connection, channel_id: str) -> int:
    """Cancel what is open on a channel, and note it for webhooks; how many that were."""
    now = repository.now_of(connection)
    open_ones = repository.lock_open(connection, channel_id)
    repository.end_all_waits(connection, channel_id, now)
    for conversation_id in open_ones:
        row = repository.lock_conversation(connection, conversation_id)
        assert row is not None, "it is locked"
        _cancel(connection, row, now)
    return len(open_ones)


def _cancel(connection: sa.Connection, row: Row, now: dt.datetime) -> None:
    try:
        before = decode_state(row)
    except RecordCorrupt:
        before = State()
    state = msgspec.structs.replace(before, status="cancelled", waiting=None, timers=[], end_reason="cancelled")
    text = JSON_ENCODER.encode(state).decode()
    values = {"status": state.status, "state": text, "updated_at": now, "ended_at": now}
    repository.update_conversation(connection, row.id, row.turn, values)
    tell(connection, row, state, [], now)
