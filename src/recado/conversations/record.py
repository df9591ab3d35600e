"""What a turn writes down, as rows: messages, their places in the outbox, the path, and calls that begin."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from recado.conversations import repository
from recado.conversations.channel import first_status, is_carried
from recado.conversations.kept import Call, read_effect
from recado.conversations.repository import Row
from recado.db.columns import JSON_ENCODER
from recado.flows.events import Incoming, Outgoing, RunAction
from recado.ids import new_id


class Record:
    """Of one turn; numbers go on from those of its conversation."""

    def __init__(self, row: Row, now: dt.datetime) -> None:
        self._row = row
        self._now = now
        self.last_message: int = row.last_message
        self.last_step: int = row.last_step
        self._messages: list[dict[str, Any]] = []
        self._outbox: list[dict[str, Any]] = []
        self._steps: list[dict[str, Any]] = []
        self._calls: list[dict[str, Any]] = []

    @property
    def has_something_to_send(self) -> bool:
        """Whether anything waits in the outbox."""
        return bool(self._outbox)

    def put(self, connection: sa.Connection) -> None:
        """Write it all."""
        repository.insert_messages(connection, self._messages)
        repository.insert_outbox(connection, self._outbox)
        repository.insert_steps(connection, self._steps)
        repository.insert_calls(connection, self._calls)

    # ── messages ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def hear(self, incoming: Incoming, channel_message_id: str | None, block_id: str | None) -> dict[str, Any]:
        """What the person wrote while the conversation stood at a block; the row waits for its turn."""
        return self._message(
            incoming,
            id=incoming.id,
            channel_message_id=channel_message_id,
            direction="in",
            block_id=block_id,
            visit=None,
            status="received",
        )

    def say(
        self,
        block_id: str | None,
        visit: int,
        message: Outgoing,
        payload: str | None = None,
        sent_by: str | None = None,
    ) -> None:
        """What is said to the person; where a channel carries it, with its place in the outbox."""
        channel_id = self._row.channel_id
        said = self._message(
            message,
            id=new_id("msg"),
            channel_message_id=None,
            direction="out",
            block_id=block_id,
            visit=visit,
            status=first_status(channel_id),
            sent_by=sent_by,
        )
        if is_carried(channel_id):
            self._outbox.append(
                {
                    "message_id": said["id"],
                    "workspace_id": self._row.workspace_id,
                    "channel_id": channel_id,
                    "contact_id": self._row.contact_key,
                    "payload": payload,
                    "due_at": self._now,
                    "tries": 0,
                }
            )

    def show(self, message: Outgoing, channel_message_id: str | None) -> None:
        """What was said without us; nobody sends it."""
        self._message(
            message,
            id=new_id("msg"),
            channel_message_id=channel_message_id,
            direction="out",
            block_id=None,
            visit=None,
            status="sent",
        )

    def _message(self, content: Incoming | Outgoing, **facts: Any) -> dict[str, Any]:
        self.last_message += 1
        message = {
            "workspace_id": self._row.workspace_id,
            "conversation_id": self._row.id,
            "number": self.last_message,
            "channel_id": self._row.channel_id,
            "content": JSON_ENCODER.encode(content).decode(),
            "sent_by": None,
            "created_at": self._now,
            "done_at": None,
            **facts,
        }
        self._messages.append(message)
        return message

    # ── path and calls ───────────────────────────────────────────────────────────────────────────────────────────────

    def step(
        self,
        kind: str,
        block_id: str | None,
        visit: int | None = None,
        *,
        edge: str | None = None,
        left_block_id: str | None = None,
        version_id: str = "",
        execution_id: str | None = None,
        note: dict[str, Any] | None = None,
    ) -> None:
        """More of the path."""
        self.last_step += 1
        self._steps.append(
            {
                "conversation_id": self._row.id,
                "number": self.last_step,
                "version_id": version_id or self._row.version_id,
                "kind": kind,
                "block_id": block_id,
                "visit": visit,
                "edge": edge,
                "left_block_id": left_block_id,
                "execution_id": execution_id,
                "note": note,
                "at": self._now,
            }
        )

    def begin_call(self, effect: RunAction, owner: str) -> Call:
        """A call that is about to begin, as it would be read after a crash, so that both runs are the same to the letter."""
        as_if = (self._row.as_if or {}).get(effect.block_id)
        values = {
            "workspace_id": self._row.workspace_id,
            "conversation_id": self._row.id,
            "visit": effect.visit,
            "effect": JSON_ENCODER.encode(effect).decode(),
            "as_if": as_if,
            "owner": owner,
            "begun_at": self._now,
        }
        self._calls.append(values)
        self.step("call", effect.block_id, effect.visit, note={"state": "started"})
        return Call(self._row.workspace_id, self._row.id, read_effect(values["effect"]), as_if, self._now)
