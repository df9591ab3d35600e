"""What people of the team do in a conversation: take it over, write in it, give it back, close it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from recado.accounts import audit
from recado.accounts.caller import Caller
from recado.conversations import repository
from recado.conversations.kept import Done
from recado.conversations.programs import Programs
from recado.conversations.repository import Row
from recado.conversations.schemas import AgentMessage
from recado.conversations.service import find_row
from recado.conversations.turns import Before, take_turn, take_turn_of
from recado.errors import ConversationEnded, Invalid, NotWithAgent, ValidationFailed
from recado.flows.events import ENDED, AgentClosed, Closed, Event, Outgoing, TakenOver
from recado.flows.outgoing import is_link, media_message, text_message


def take_over(
    connection: sa.Connection, programs: Programs, owner: str, caller: Caller, conversation_id: str
) -> tuple[Done, None]:
    """Write to the person from now on, wherever the flow stands. Raises NotFound, ConversationEnded."""
    row = find_row(connection, caller, conversation_id)
    if row.status in ENDED:
        raise ConversationEnded(status=row.status)
    done = take_turn(connection, programs, owner, conversation_id, [TakenOver(at=row.updated_at)])
    repository.set_agent(connection, conversation_id, caller.id if caller.kind == "user" else None)
    _note(connection, caller, "conversation.take_over", row)
    return done, None


def give_back(
    connection: sa.Connection, programs: Programs, owner: str, caller: Caller, conversation_id: str
) -> tuple[Done, None]:
    """Let the flow go on where a person had taken over. Raises NotFound, NotWithAgent."""
    return _leave(connection, programs, owner, caller, conversation_id, "conversation.give_back", AgentClosed)


def close(
    connection: sa.Connection, programs: Programs, owner: str, caller: Caller, conversation_id: str
) -> tuple[Done, None]:
    """End a conversation that a person has talked in. Raises NotFound, NotWithAgent."""
    return _leave(connection, programs, owner, caller, conversation_id, "conversation.close", Closed)


def write(
    connection: sa.Connection,
    programs: Programs,
    owner: str,
    caller: Caller,
    conversation_id: str,
    data: AgentMessage,
) -> tuple[Done, None]:
    """Say something to the person. Raises NotFound, NotWithAgent, ValidationFailed."""
    message = _read_message(data)
    _find_taken(connection, caller, conversation_id)
    row = repository.lock_conversation(connection, conversation_id)
    assert row is not None, "it was just found"
    before = Before(said=message, sent_by=caller.id if caller.kind == "user" else None)
    return take_turn_of(connection, programs, owner, row, before=before), None


def _find_taken(connection: sa.Connection, caller: Caller, conversation_id: str) -> Row:
    """A conversation that a person has. Raises NotFound, NotWithAgent."""
    row = find_row(connection, caller, conversation_id)
    if row.status != "with_agent":
        raise NotWithAgent(status=row.status)
    return row


def _leave(
    connection: sa.Connection,
    programs: Programs,
    owner: str,
    caller: Caller,
    conversation_id: str,
    action: str,
    event: Callable[..., Event],
) -> tuple[Done, None]:
    row = _find_taken(connection, caller, conversation_id)
    moment: dt.datetime = row.updated_at
    done = take_turn(connection, programs, owner, conversation_id, [event(at=moment)])
    repository.set_agent(connection, conversation_id, None)
    _note(connection, caller, action, row)
    return done, None


def _read_message(data: AgentMessage) -> Outgoing:
    """What is to be said. Raises ValidationFailed unless it is a text or a file, with something in it."""
    if (data.text is None) == (data.media is None):
        raise ValidationFailed([Invalid("text", reason="Send exactly one of text and media.")])
    if data.media is None:
        message = text_message(data.text or "")
        if message is None:
            raise ValidationFailed([Invalid("text", reason="There is nothing to say in it.")])
        return message
    media = data.media
    if not is_link(media.url):
        raise ValidationFailed(
            [Invalid("media.url", reason="WhatsApp fetches the file, so it takes an http(s) address.")]
        )
    message = media_message(media.kind, media.url, media.caption, media.filename)
    assert message is not None, "its address is one"
    return message


def _note(connection: sa.Connection, caller: Caller, action: str, row: Row) -> None:
    details: dict[str, Any] = {"flow_id": row.flow_id}
    audit.record(connection, caller, action, "conversation", row.id, details, is_change=False)
