"""One function a verb: list, look at, end, and how what people write comes in."""

from __future__ import annotations

import datetime as dt
from typing import Final

import sqlalchemy as sa

from recado.accounts import audit
from recado.accounts.caller import Caller
from recado.conversations import reading, repository
from recado.conversations.channel import SIMULATOR
from recado.conversations.files import show_messages
from recado.conversations.kept import Done, decode_state
from recado.conversations.programs import Programs
from recado.conversations.repository import Row
from recado.conversations.schemas import Conversation, ListedConversation, SimConversation
from recado.conversations.shown import show_as_if, show_contact, show_last, show_step, values_of
from recado.conversations.turns import take_turn, take_turn_of
from recado.errors import ConversationEnded, NotFound
from recado.flows.events import ENDED, Cancelled, Incoming
from recado.ids import is_id
from recado.web.pages import Page, page_of

_WINDOW: Final = dt.timedelta(hours=24)
"""How long after a person's message WhatsApp carries anything but templates to them."""


def list_conversations(
    connection: sa.Connection,
    caller: Caller,
    filters: dict[str, str],
    search: str | None,
    span: tuple[dt.datetime | None, dt.datetime | None],
    limit: int,
    cursor: str | None,
) -> Page[ListedConversation]:
    """Newest first."""
    rows = reading.list_conversations(connection, caller.workspace_id, filters, search, span, limit, cursor)
    return page_of(rows, limit, _listed)


def get_conversation(connection: sa.Connection, caller: Caller, conversation_id: str) -> Conversation:
    """One conversation with all that was said and done. Raises NotFound, RecordCorrupt."""
    row = find_row(connection, caller, conversation_id)
    path = [show_step(step) for step in reading.list_steps(connection, conversation_id, 0)]
    state = decode_state(row)
    listed = _listed(row)
    return Conversation(
        **{name: getattr(listed, name) for name in listed.__struct_fields__},
        end_reason=state.end_reason,
        window_until=None if row.heard_at is None else row.heard_at + _WINDOW,
        messages=show_messages(connection, reading.list_messages(connection, conversation_id, 0)),
        path=path,
        executions=[step.execution_id for step in path if step.execution_id is not None],
        as_if=show_as_if(row.as_if),
        **values_of(state),
    )


def get_sim_conversation(
    connection: sa.Connection, caller: Caller, conversation_id: str, after: int
) -> SimConversation:
    """A conversation of the simulator, with the messages that follow the one with this number. Raises NotFound, RecordCorrupt."""
    row = find_row(connection, caller, conversation_id, is_simulated=True)
    state = decode_state(row)
    return SimConversation(
        id=row.id,
        status=row.status,
        block_id=row.block_id,
        end_reason=state.end_reason,
        messages=show_messages(connection, reading.list_messages(connection, conversation_id, after)),
        flow_id=row.flow_id,
        version=row.version,
        as_if=show_as_if(row.as_if),
        **values_of(state),
    )


def find_row(connection: sa.Connection, caller: Caller, conversation_id: str, *, is_simulated: bool = False) -> Row:
    """A conversation of the caller's workspace. Raises NotFound."""
    row = None
    if is_id(conversation_id, "cnv"):
        row = reading.find_conversation(connection, caller.workspace_id, conversation_id)
    if row is None or (is_simulated and row.channel_id != SIMULATOR):
        raise NotFound
    return row


def cancel_conversation(
    connection: sa.Connection, programs: Programs, owner: str, caller: Caller, conversation_id: str
) -> tuple[Done, None]:
    """End a conversation from outside. Raises NotFound, ConversationEnded."""
    row = find_row(connection, caller, conversation_id)
    if row.status in ENDED:
        raise ConversationEnded(status=row.status)
    done = take_turn(connection, programs, owner, conversation_id, [Cancelled(at=row.updated_at)])
    details = {"flow_id": row.flow_id}
    audit.record(connection, caller, "conversation.cancel", "conversation", row.id, details, is_change=False)
    return done, None


def receive(
    connection: sa.Connection,
    programs: Programs,
    owner: str,
    caller: Caller,
    conversation_id: str,
    incoming: Incoming,
    channel_message_id: str | None,
) -> tuple[Done, int]:
    """Write down what somebody wrote, and take the turn unless others do; the number of the message. One handed over before changes nothing.

    Raises NotFound, ConversationEnded.
    """
    row = repository.lock_conversation(connection, conversation_id)
    if row is None or row.workspace_id != caller.workspace_id or row.channel_id != SIMULATOR:
        raise NotFound
    return take_in(connection, programs, owner, row, incoming, channel_message_id)


def take_in(
    connection: sa.Connection,
    programs: Programs,
    owner: str,
    row: Row,
    incoming: Incoming,
    channel_message_id: str | None,
) -> tuple[Done, int]:
    """The same for a conversation that is locked already. Raises ConversationEnded."""
    if channel_message_id is not None:
        earlier = repository.find_redelivered(connection, row.channel_id, channel_message_id)
        if earlier is not None:
            return Done(row.id, row.status), int(earlier.number)
    if row.status in ENDED:
        raise ConversationEnded(status=row.status)
    done = take_turn_of(connection, programs, owner, row, received=(incoming, channel_message_id))
    return done, int(row.last_message) + 1


def _listed(row: Row) -> ListedConversation:
    return ListedConversation(
        id=row.id,
        flow_id=row.flow_id,
        version=row.version,
        channel_id=row.channel_id,
        status=row.status,
        contact=show_contact(row.contact),
        block_id=row.block_id,
        agent_id=row.agent_id,
        last=show_last(row),
        created_at=row.created_at,
        updated_at=row.updated_at,
        ended_at=row.ended_at,
    )
