"""What is done where the 24 hours are over: a template asks the person to write, and what was to be said waits for that."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import sqlalchemy as sa

from recado.channels.definition import FallbackTemplate
from recado.channels.starting_schemas import BeginHeader, BeginTemplate
from recado.channels.whatsapp.payloads import Address, File, Parameter, Template, TemplateButton, build
from recado.channels.whatsapp.undelivered import MessageError, Work, failing, may_fail
from recado.conversations import repository
from recado.conversations.kept import Done
from recado.conversations.programs import Programs
from recado.conversations.turns import NOTHING, Before, take_turn_of
from recado.db.bare import Row
from recado.db.columns import JSON_ENCODER
from recado.db.tables import contacts, conversations, messages, outbox
from recado.flows.events import Outgoing

HELD_FOR: Final = dt.timedelta(hours=24)
"""How long messages wait for an answer to the template that was sent in their place."""
_SURELY_BEFORE: Final = dt.timedelta(minutes=1)
"""WhatsApp's times are whole seconds of its own clock: an answer that comes at once may seem older than the template."""

_HELD: Final = (
    sa.select(outbox.c.message_id)
    .where(outbox.c.contact_id == sa.bindparam("contact"), outbox.c.held_at.is_not(None))
    .limit(1)
)


def template_message(given: BeginTemplate) -> Before:
    """A template as it is written down and sent."""
    said = Outgoing(type="text", text=f"[{given.name}]")
    return Before(said=said, payload=JSON_ENCODER.encode(build(_template(given), Address())).decode())


def _template(given: BeginTemplate) -> Template:
    values = given.parameters
    body = (
        [Parameter(text=text, name=name) for name, text in values.items()]
        if isinstance(values, dict)
        else [Parameter(text=text) for text in values]
    )
    return Template(
        name=given.name,
        language=given.language,
        header=[] if given.header is None else [_header(given.header)],
        body=body,
        buttons=[TemplateButton(index=each.index, kind=each.kind, value=each.value) for each in given.buttons],
    )


def _header(given: BeginHeader) -> Parameter:
    if given.kind == "text":
        return Parameter(text=given.value, name=given.name)
    return Parameter(file=File(kind=given.kind, link=given.value, filename=given.filename))


def falling_back(row: Row, template: FallbackTemplate | None) -> Work:
    """The turn that has a message wait, and sends the template unless the person has had one since they wrote last.

    False where there is no template at all.
    """

    def work(connection: sa.Connection, programs: Programs, owner: str) -> tuple[Done, bool]:
        conversation = repository.lock_conversation(connection, row.conversation_id)
        contact = connection.execute(sa.select(contacts).where(contacts.c.id == row.contact_id)).one_or_none()
        if conversation is None or contact is None:
            return Done(row.conversation_id), True
        has_had = _has_had(contact)
        if template is None and not has_had:
            return Done(row.conversation_id), False
        hold(connection, outbox.c.message_id == row.message_id)
        before = NOTHING if template is None or has_had else _say(connection, row.contact_id, template)
        return take_turn_of(connection, programs, owner, conversation, before=before), True

    return work


def falling_back_late(
    message_id: str,
    conversation_id: str,
    template: FallbackTemplate | None,
    error: MessageError,
    channel_message_id: str | None,
) -> Work:
    """The same for what WhatsApp took and let fail afterwards; True where it is given up: without a template, or the second time."""
    giving_up = failing(message_id, conversation_id, error, channel_message_id)

    def work(connection: sa.Connection, programs: Programs, owner: str) -> tuple[Done, bool]:
        conversation = repository.lock_conversation(connection, conversation_id)
        found = _find_taken(connection, message_id, channel_message_id)
        if conversation is None or found is None:
            return giving_up(connection, programs, owner)
        heard_at = found.last_message_at
        has_written = heard_at is not None and heard_at > found.created_at
        has_had = _has_had(found)
        if template is None and not has_had and not has_written:
            return giving_up(connection, programs, owner)
        _take_back(connection, found, error, channel_message_id, is_due=has_written)
        if template is None or has_had or has_written:
            said_on = found.channel_id if has_written else None
            return Done(conversation_id, status=conversation.status, said_on=said_on), False
        before = _say(connection, found.contact_id, template)
        return take_turn_of(connection, programs, owner, conversation, before=before), False

    return work


def _has_had(contact: Row) -> bool:
    """Whether the template was sent to a person since they wrote last."""
    heard_at, sent_at = contact.last_message_at, contact.fallback_at
    return sent_at is not None and (heard_at is None or heard_at <= sent_at)


def _say(connection: sa.Connection, contact_id: str, template: FallbackTemplate) -> Before:
    """The template, which counts as sent from now on."""
    note_template(connection, contact_id)
    return template_message(template)


def _find_taken(connection: sa.Connection, message_id: str, channel_message_id: str | None) -> Any:
    """What a flow said and WhatsApp took, with its person; None for all else, and for what has waited once already."""
    columns = (
        messages.c.id,
        messages.c.workspace_id,
        messages.c.channel_id,
        messages.c.created_at,
        contacts.c.id.label("contact_id"),
        contacts.c.last_message_at,
        contacts.c.fallback_at,
    )
    return connection.execute(
        sa.select(*columns)
        .join_from(messages, conversations, conversations.c.id == messages.c.conversation_id)
        .join(contacts, contacts.c.id == conversations.c.contact_key)
        .where(
            messages.c.id == message_id,
            messages.c.block_id.is_not(None),
            messages.c.error.is_(None),
            may_fail(channel_message_id),
        )
    ).one_or_none()


def _take_back(
    connection: sa.Connection, found: Any, error: MessageError, channel_message_id: str | None, *, is_due: bool
) -> None:
    """Have it wait like one that was refused at once, or send it again now; its error says that this was so once."""
    values: dict[str, Any] = {"status": "queued", "error": error}
    if channel_message_id is not None:
        values["channel_message_id"] = channel_message_id
    connection.execute(sa.update(messages).where(messages.c.id == found.id).values(values))
    connection.execute(sa.delete(outbox).where(outbox.c.message_id == found.id))
    now = repository.now_of(connection)
    row = {
        "message_id": found.id,
        "workspace_id": found.workspace_id,
        "channel_id": found.channel_id,
        "contact_id": found.contact_id,
        "due_at": now if is_due else now + HELD_FOR,
        "held_at": found.last_message_at or now - _SURELY_BEFORE,
        "tries": 0,
    }
    connection.execute(sa.insert(outbox).values(row))


def hold(connection: sa.Connection, which: sa.ColumnElement[bool]) -> None:
    """Have messages wait for the person to write."""
    now = repository.now_of(connection)
    since = now - _SURELY_BEFORE
    held = {"owner": None, "begun_at": None, "due_at": now + HELD_FOR, "held_at": since, "tries": 0}
    connection.execute(sa.update(outbox).where(which).values(held))


def note_template(connection: sa.Connection, contact_id: str) -> None:
    """A template asks this person to write, whatever they wrote before."""
    since = repository.now_of(connection) - _SURELY_BEFORE
    heard_at = connection.scalar(sa.select(contacts.c.last_message_at).where(contacts.c.id == contact_id))
    values = {"fallback_at": since if heard_at is None else max(since, heard_at)}
    connection.execute(sa.update(contacts).where(contacts.c.id == contact_id).values(values))


def waits_for(connection: sa.Connection, contact_id: str) -> bool:
    """Whether something waits for this person to write: then what they write is no answer to what they have not seen."""
    return connection.scalar(_HELD, {"contact": contact_id}) is not None
