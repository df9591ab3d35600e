"""Begins conversations that no person began: with a template, or while somebody may still be written to freely."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa

from recado.accounts.caller import Caller
from recado.channels import contacts
from recado.channels.contacts import shown_phone
from recado.channels.service import find_row as find_channel
from recado.channels.starting_schemas import BeginContact, BeginConversation
from recado.channels.whatsapp import window
from recado.channels.whatsapp.fallback import hold, note_template, template_message
from recado.channels.whatsapp.limits import MAX_DIGITS, MIN_DIGITS
from recado.channels.whatsapp.places import find_open_id, number_of
from recado.conversations import repository
from recado.conversations.beginning import Beginning, begin
from recado.conversations.kept import Done
from recado.conversations.programs import Programs
from recado.conversations.repository import Row
from recado.conversations.turns import NOTHING
from recado.db.tables import messages, outbox
from recado.errors import ContactOptedOut, ConversationOpen, Invalid, NotFound, ValidationFailed, WindowClosed
from recado.flows.events import Contact
from recado.flows.versions import find_published
from recado.ids import is_id

_BLANKS: Final = str.maketrans("", "", " -().\u00a0")


def begin_conversation(
    connection: sa.Connection,
    programs: Programs,
    owner: str,
    caller: Caller,
    data: BeginConversation,
    conversation_id: str,
) -> tuple[Done, str]:
    """Begin a flow with somebody; the conversation's id.

    Raises NotFound, ValidationFailed, ContactOptedOut, ConversationOpen, WindowClosed.
    """
    channel = find_channel(connection, caller, data.channel_id)
    version_id = _find_version(connection, caller, data.flow_id)
    now = repository.now_of(connection)
    contact = _find_contact(connection, caller, channel.id, data.contact)
    if contact.opted_out_at is not None:
        raise ContactOptedOut
    if data.template is None and not window.is_open(contact.last_message_at, now):
        raise WindowClosed
    if (open_id := find_open_id(connection, channel.id, contact.id)) is not None:
        raise ConversationOpen(conversation_id=open_id)
    begun_with: dict[str, Any] = {"version": number_of(connection, version_id), "variables": data.variables}
    if data.template is not None:
        begun_with["template"] = {"name": data.template.name, "language": data.template.language}
    beginning = Beginning(
        conversation_id=conversation_id,
        workspace_id=caller.workspace_id,
        flow_id=data.flow_id,
        version_id=version_id,
        channel_id=channel.id,
        contact_key=contact.id,
        contact=Contact(name=contact.name, phone=shown_phone(contact.phone)),
        begun_with=begun_with,
        before=NOTHING if data.template is None else template_message(data.template),
    )
    done = begin(connection, programs, owner, beginning)
    if data.template is not None and not window.is_open(contact.last_message_at, now):
        note_template(connection, contact.id)  # and what the flow says follows the answer to it
        hold(connection, outbox.c.message_id.in_(_said_by_flow(conversation_id)))
    return done, conversation_id


def _said_by_flow(conversation_id: str) -> sa.Select[Any]:
    return sa.select(messages.c.id).where(
        messages.c.conversation_id == conversation_id, messages.c.direction == "out", messages.c.block_id.is_not(None)
    )


def _find_version(connection: sa.Connection, caller: Caller, flow_id: str) -> str:
    try:
        if is_id(flow_id, "flw"):
            return find_published(connection, caller, flow_id)
    except NotFound:
        pass
    raise ValidationFailed([Invalid("flow_id", reason="Choose a flow of this workspace that is published.")])


def _find_contact(connection: sa.Connection, caller: Caller, channel_id: str, wanted: BeginContact) -> Row:
    """Held until the transaction ends, so that none begins twice with the same person."""
    if (wanted.phone is None) == (wanted.contact_id is None):
        raise ValidationFailed([Invalid("contact", reason="Give a phone number or the id of a contact.")])
    if wanted.contact_id is not None:
        row = contacts.lock(connection, wanted.contact_id) if is_id(wanted.contact_id, "cnt") else None
        if row is None or row.workspace_id != caller.workspace_id or row.channel_id != channel_id:
            raise ValidationFailed([Invalid("contact.contact_id", reason="The channel knows no such contact.")])
        return row
    assert wanted.phone is not None
    digits = wanted.phone.translate(_BLANKS).removeprefix("+")
    if not (digits.isascii() and digits.isdigit() and MIN_DIGITS <= len(digits) <= MAX_DIGITS) or digits[0] == "0":
        reason = "Write a phone number with its country code, such as +1 555 0100."
        raise ValidationFailed([Invalid("contact.phone", reason=reason)])
    now = repository.now_of(connection)
    return contacts.meet(connection, caller.workspace_id, channel_id, [("phone", digits)], wanted.name, now)
