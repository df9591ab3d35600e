"""Writes down what webhooks are to be told, in the transaction of what happened."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import sqlalchemy as sa

from recado.db.bare import Bare
from recado.db.columns import JSON_ENCODER, utc_text
from recado.db.tables import webhook_events, webhooks
from recado.ids import new_id
from recado.webhooks.definition import EventType

_TOLD: Final = Bare(
    sa.select(webhooks.c.id, webhooks.c.events, webhooks.c.includes_simulator).where(
        webhooks.c.workspace_id == sa.bindparam("own_workspace"), ~webhooks.c.is_paused
    )
)
_EVENT: Final = Bare(sa.insert(webhook_events), webhook_events.c.keys())


def note(
    connection: sa.Connection,
    workspace_id: str,
    event_type: EventType,
    now: dt.datetime,
    data: dict[str, Any],
    *,
    is_simulated: bool = False,
) -> bool:
    """Have every webhook of the workspace that wants to hear of it told; whether there is any."""
    told = [
        row.id
        for row in _TOLD.all(connection, {"own_workspace": workspace_id})
        if event_type in row.events and (row.includes_simulator or not is_simulated)
    ]
    for webhook_id in told:
        insert(connection, workspace_id, webhook_id, event_type, now, data)
    return bool(told)


def insert(
    connection: sa.Connection,
    workspace_id: str,
    webhook_id: str,
    event_type: str,
    now: dt.datetime,
    data: dict[str, Any],
) -> str:
    """Write an event down for one webhook; its id."""
    event_id = new_id("evt")
    body = {"id": event_id, "type": event_type, "at": utc_text(now), "data": data}
    values = {
        "id": event_id,
        "workspace_id": workspace_id,
        "webhook_id": webhook_id,
        "type": event_type,
        "body": JSON_ENCODER.encode(body).decode(),
        "status": "waiting",
        "tries": 0,
        "due_at": now,
        "owner": None,
        "answer": None,
        "created_at": now,
    }
    _EVENT.run(connection, values)
    return event_id
