"""Begins conversations: the row, what was written first, and the first turn, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from recado.conversations import repository
from recado.conversations.kept import Done
from recado.conversations.programs import Programs
from recado.conversations.turns import NOTHING, Before, take_turn_of
from recado.db.columns import JSON_ENCODER
from recado.errors import Invalid, RecadoError
from recado.flows import engine
from recado.flows.events import Contact, Started
from recado.flows.limits import MAX_VALUE_BYTES
from recado.integrations.checks import raise_if_any


@dataclass(frozen=True, slots=True)
class Beginning:
    """Who begins which version of a flow, where, and with what."""

    conversation_id: str
    workspace_id: str
    flow_id: str
    version_id: str
    channel_id: str
    contact_key: str
    contact: Contact
    begun_with: dict[str, Any]
    """{version, variables} and whatever else there is to know of how it began."""
    before: Before = NOTHING
    """What began it, which is no answer to anything."""


def begin(connection: sa.Connection, programs: Programs, owner: str, beginning: Beginning) -> Done:
    """Write it down and take its first turn, unless others take the turns. Raises ValidationFailed, RecordCorrupt."""
    _check(beginning.begun_with["variables"])
    now = repository.now_of(connection)
    values: dict[str, Any] = {
        "id": beginning.conversation_id,
        "workspace_id": beginning.workspace_id,
        "flow_id": beginning.flow_id,
        "version_id": beginning.version_id,
        "channel_id": beginning.channel_id,
        "contact_key": beginning.contact_key,
        "contact": beginning.contact,
        "status": "running",
        "block_id": None,
        "state": JSON_ENCODER.encode(engine.start_state(beginning.version_id)).decode(),
        "begun_with": beginning.begun_with,
        "as_if": None,
        "turn": 0,
        "last_message": 0,
        "last_step": 0,
        "created_at": now,
        "updated_at": now,
        "ended_at": None,
    }
    repository.insert_conversation(connection, values)
    row = repository.lock_conversation(connection, beginning.conversation_id)
    assert row is not None, "it was just written"
    started = Started(at=now, contact=beginning.contact, variables=beginning.begun_with["variables"])
    return take_turn_of(connection, programs, owner, row, [started], before=beginning.before)


def _check(variables: dict[str, Any]) -> None:
    """Raise ValidationFailed for values that no conversation keeps."""
    limit = f"{MAX_VALUE_BYTES // 1024} KiB"
    problems: list[RecadoError] = [
        Invalid(
            f"variables.{key[:64]}", reason=f"This is larger than {limit}, more than a conversation keeps of one value."
        )
        for key, value in variables.items()
        if len(JSON_ENCODER.encode(value)) > MAX_VALUE_BYTES
    ]
    raise_if_any(problems)
