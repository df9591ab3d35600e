"""What happens in a conversation as it happens: server-sent events, read from what is on disk, so that none is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from recado.accounts.caller import Caller
from recado.conversations import reading, service
from recado.conversations.files import show_messages
from recado.conversations.kept import decode_state
from recado.conversations.live import Live
from recado.conversations.repository import Row
from recado.conversations.shown import show_step, values_of
from recado.db.columns import JSON_ENCODER
from recado.db.engine import Database
from recado.errors import NotFound, Unavailable

MEDIA_TYPE: Final = "text/event-stream"
_LOOK_SECONDS: Final = 1.0
_ALIVE_LOOKS: Final = 15


class Place(NamedTuple):
    """How far somebody has read: the newest message, the newest step and the turn they have seen."""

    message: int = 0
    step: int = 0
    turn: int = -1

    @classmethod
    def read(cls, text: str | None) -> Place:
        """The place that a `Last-Event-ID` names; the beginning for anything else."""
        parts = (text or "").split(".")
        if len(parts) == 3 and all(part.isdecimal() and len(part) < 10 for part in parts):
            return cls(*map(int, parts))
        return cls()

    @property
    def text(self) -> str:
        """As an event's id."""
        return f"{self.message}.{self.step}.{self.turn}"


async def stream_events(
    db: Database, live: Live, caller: Caller, conversation_id: str, place: Place
) -> AsyncIterator[bytes]:
    """`message`, `visited`, `note`, `call` and `status` events after a place, until whoever reads has gone."""
    quiet = 0
    with live.watching(conversation_id) as watch:
        while True:
            try:
                text, place = await db.read(_read_news, caller, conversation_id, place)
            except NotFound:  # deleted meanwhile
                return
            except Unavailable:
                text = ""
            quiet = 0 if text else quiet + 1
            if text:
                yield text.encode()
            elif quiet >= _ALIVE_LOOKS:
                quiet = 0
                yield b": still here\n\n"
            await watch.wait(_LOOK_SECONDS)


def _read_news(connection: sa.Connection, caller: Caller, conversation_id: str, place: Place) -> tuple[str, Place]:
    """What there is after a place, as text to send, and the place after it. Raises NotFound, RecordCorrupt."""
    row = service.find_row(connection, caller, conversation_id, is_simulated=True)
    if row.turn == place.turn and row.last_message == place.message:
        return "", place
    events: list[tuple[Any, int, str, Any, Place]] = [
        (step.at, 0, step.kind, show_step(step), place._replace(step=step.number))
        for step in reading.list_steps(connection, conversation_id, place.step)
    ]
    rows = reading.list_messages(connection, conversation_id, place.message)
    events += [
        (row.created_at, 1, "message", message, place._replace(message=row.number))
        for row, message in zip(rows, show_messages(connection, rows), strict=True)
    ]
    events.sort(key=lambda event: event[:2])
    texts = []
    for _, _, kind, data, reached in events:
        place = Place(max(place.message, reached.message), max(place.step, reached.step), place.turn)
        texts.append(_event(place, kind, data))
    place = Place(max(place.message, row.last_message), max(place.step, row.last_step), row.turn)
    texts.append(_event(place, "status", _status(row)))
    return "".join(texts), place


def _status(row: Row) -> dict[str, Any]:
    state = decode_state(row)
    return {"status": row.status, "block_id": row.block_id, "end_reason": state.end_reason, **values_of(state)}


def _event(place: Place, kind: str, data: Any) -> str:
    return f"id: {place.text}\nevent: {kind}\ndata: {JSON_ENCODER.encode(data).decode()}\n\n"
