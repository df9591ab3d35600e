"""Conversations as they are shown: rows read back into messages, path and values."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from recado.conversations.repository import Row
from recado.conversations.schemas import AsIf, Message, PathStep
from recado.db.columns import JSON_DECODER
from recado.errors import RecordCorrupt
from recado.flows.events import Contact, Frame, Incoming, Outgoing, State

_OUTGOING: Final = msgspec.json.Decoder(Outgoing, float_hook=JSON_DECODER.float_hook)
_INCOMING: Final = msgspec.json.Decoder(Incoming, float_hook=JSON_DECODER.float_hook)
_NOTHING: Final[tuple[Any, ...]] = ("", [], None)


def show_message(row: Row) -> Message:
    """A message. Raises RecordCorrupt."""
    try:
        facts = _of_outgoing(row) if row.direction == "out" else _of_incoming(row)
    except (msgspec.DecodeError, ArithmeticError) as problem:
        raise RecordCorrupt from problem
    return Message(row.id, row.direction, status=row.status, at=row.created_at, block_id=row.block_id or None, **facts)


def _of_outgoing(row: Row) -> dict[str, Any]:
    message = _OUTGOING.decode(row.content)
    facts = {name: getattr(message, name) for name in message.__struct_fields__}
    return {name: value for name, value in facts.items() if value not in _NOTHING}


def _of_incoming(row: Row) -> dict[str, Any]:
    message = _INCOMING.decode(row.content)
    facts: dict[str, Any] = {"type": "unsupported"}
    if message.text is not None:
        facts = {"type": "text", "text": message.text}
    if message.reply_id is not None:
        facts |= {"type": "reply", "reply_id": message.reply_id, "reply_to": message.reply_to}
    elif message.media is not None:
        facts |= {"type": message.media.kind, "media": message.media}
    elif message.location is not None:
        facts = {"type": "location", "location": message.location}
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
