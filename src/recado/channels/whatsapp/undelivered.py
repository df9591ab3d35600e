"""A message that nobody gets: noted with its reason, and told to the flow, which may have a way out for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from recado.channels.whatsapp.graph_errors import GraphError, class_of
from recado.conversations import repository
from recado.conversations.kept import Done
from recado.conversations.programs import Programs
from recado.conversations.turns import take_turn_of
from recado.db.tables import messages, outbox
from recado.flows.events import Undelivered

Work = Callable[[sa.Connection, Programs, str], tuple[Done, bool]]


class MessageError(msgspec.Struct, frozen=True):
    """Why a message was not delivered: our word or WhatsApp's number for it, a sentence, and what WhatsApp adds."""

    code: str
    message: str
    details: str = ""


WINDOW_CLOSED: Final = MessageError(
    "window_closed",
    "The person has not written for 24 hours, so WhatsApp takes nothing but templates."
    " Wait until they write, or begin with a template.",
)
OPTED_OUT: Final = MessageError("opted_out", "The person asked to hear no more.")


def error_of(error: GraphError) -> MessageError:
    """An error of WhatsApp's, in an answer or a webhook."""
    if class_of(error) == "window":
        return msgspec.structs.replace(WINDOW_CLOSED, details=error.details or error.message)
    code = str(error.code) if error.code is not None else f"status_{error.status}" if error.status else "unknown"
    words = error.message or error.title or "WhatsApp did not say why."
    return MessageError(code, words, error.details if error.details != words else "")


def failing(message_id: str, conversation_id: str, error: MessageError, channel_message_id: str | None = None) -> Work:
    """The turn in which a message is given up; True where it was not before. Delivered is delivered: that is not undone."""

    def work(connection: sa.Connection, programs: Programs, owner: str) -> tuple[Done, bool]:
        row = repository.lock_conversation(connection, conversation_id)
        if row is None:
            return Done(conversation_id), False
        found = give_up(connection, message_id, error, channel_message_id)
        if found is None:
            return Done(conversation_id), False
        events = []
        if found.block_id:
            at = repository.now_of(connection)
            events.append(Undelivered(at=at, block_id=found.block_id, visit=found.visit or 0, code=error.code))
        done = take_turn_of(connection, programs, owner, row, events)
        done.status = done.status or row.status
        return done, True

    return work


def may_fail(channel_message_id: str | None) -> sa.ColumnElement[bool]:
    """Whether what failed under this id is what went out last: a message that waits to be sent again keeps its old id."""
    if channel_message_id is None:
        return messages.c.status.in_(("queued", "sent"))
    known = messages.c.channel_message_id
    return sa.or_(
        sa.and_(messages.c.status == "queued", sa.or_(known.is_(None), known != channel_message_id)),
        sa.and_(messages.c.status == "sent", sa.or_(known.is_(None), known == channel_message_id)),
    )


def give_up(connection: sa.Connection, message_id: str, error: MessageError, channel_message_id: str | None) -> Any:
    """Note it; the message, or None where it was delivered or given up before."""
    values: dict[str, Any] = {"status": "failed", "error": error}
    if channel_message_id is not None:
        values["channel_message_id"] = sa.func.coalesce(messages.c.channel_message_id, channel_message_id)
    found = connection.execute(
        sa.update(messages)
        .where(messages.c.id == message_id, may_fail(channel_message_id))
        .values(values)
        .returning(messages.c.block_id, messages.c.visit)
    ).one_or_none()
    if found is not None or channel_message_id is None:
        connection.execute(sa.delete(outbox).where(outbox.c.message_id == message_id))
    return found
