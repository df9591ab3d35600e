"""Conversations as they are shown: rows read back into messages, path and values."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from recado.conversations.repository import Row
from recado.conversations.schemas import AsIf, LastMessage, Message, PathStep
from recado.db.columns import JSON_DECODER
from recado.errors import RecordCorrupt
from recado.flows.events import Contact, Frame, Incoming, Outgoing, State

_OUTGOING: Final = msgspec.json.Decoder(Outgoing, float_hook=JSON_DECODER.float_hook)
_INCOMING: Final = msgspec.json.Decoder(Incoming, float_hook=JSON_DECODER.float_hook)
_NOTHING: Final[tuple[Any, ...]] = ("", [], None)
_MOST_SHOWN: Final = 160


def show_message(row: Row) -> Message:
    """A message. Raises RecordCorrupt."""
    return Message(
        row.id,
        row.direction,
        status=row.status,
        at=row.created_at,
        block_id=row.block_id or None,
        sent_by=row.sent_by,
        error=row.error if row.status == "failed" else None,
        **_facts_of(row.direction, row.content),
    )


def show_last(row: Row) -> LastMessage | None:
    """The newest message of a listed conversation. Raises RecordCorrupt."""
    if row.last_content is None:
        return None
    facts = _facts_of(row.last_direction, row.last_content)
    media = facts.get("media")
    text = facts.get("text") or (media.caption if media is not None else "")
    return LastMessage(row.last_direction, facts["type"], text[:_MOST_SHOWN], row.last_at)


def _facts_of(direction: str, content: str) -> dict[str, Any]:
    try:
        return _of_outgoing(content) if direction == "out" else _of_incoming(content)
    except (msgspec.DecodeError, ArithmeticError) as problem:
        raise RecordCorrupt from problem


def _of_outgoing(content: str) -> dict[str, Any]:
    message = _OUTGOING.decode(content)
    facts = {name: getattr(message, name) for name in message.__struct_fields__}
    return {name: value for name, value in facts.items() if value not in _NOTHING}


def _of_incoming(content: str) -> dict[str, Any]:
    message = _INCOMING.decode(content)
    facts: dict[str, Any] = {"type": "unsupported"}
    if message.text is not None:
        facts = {"type": "text", "text": message.text}
    if message.reply_id is not None:
        facts |= {"type": "reply", "reply_id": message.reply_id, "reply_to": message.reply_to}
    elif message.media is not None:
        facts |= {"type": message.media.kind, "media": message.media}
    elif message.location is not None:
        facts = {"type": "location", "location": message.location}
    elif message.form is not None:
        facts = {"type": "form", "form": message.form}
    return facts


def show_step(row: Row) -> PathStep:
    """A piece of the path."""
    return PathStep(row.number, row.kind, row.block_id, row.visit, row.edge, row.execution_id, row.note, row.at)


def show_contact(contact: Any) -> Contact:
    """Who writes."""
    return msgspec.convert(contact or {}, Contact)


def show_as_if(as_if: Any) -> dict[str, AsIf]:
    """How calls of blocks are answered as asked for."""
    return msgspec.convert(as_if or {}, dict[str, AsIf])


def values_of(state: State) -> dict[str, Any]:
    """Answers, outputs and variables of the flow that is walked now, as fields of what is shown."""
    frame = state.frames[-1] if state.frames else Frame(flow="", block_id="")
    return {"answers": frame.answers, "outputs": frame.outputs, "variables": frame.variables}
