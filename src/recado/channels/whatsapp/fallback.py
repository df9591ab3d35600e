"""What is done where the 24 hours are over: a template asks the person to write, and what was to be said waits for that."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Final

import sqlalchemy as sa

from recado.channels.definition import FallbackTemplate
from recado.channels.whatsapp.payloads import Address, Template, build
from recado.conversations import repository
from recado.conversations.kept import Done
from recado.conversations.programs import Programs
from recado.conversations.turns import NOTHING, Before, take_turn_of
from recado.db.bare import Row
from recado.db.columns import JSON_ENCODER
from recado.db.tables import contacts, outbox
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


def template_message(template: Template) -> Before:
    """A template as it is written down and sent."""
    said = Outgoing(type="text", text=f"[{template.name}]")
    return Before(said=said, payload=JSON_ENCODER.encode(build(template, Address())).decode())


def falling_back(
    row: Row, template: FallbackTemplate | None
) -> Callable[[sa.Connection, Programs, str], tuple[Done, bool]]:
    """The turn that has a message wait, and sends the template unless the person has had one since they wrote last.

    False where there is no template at all.
    """

    def work(connection: sa.Connection, programs: Programs, owner: str) -> tuple[Done, bool]:
        conversation = repository.lock_conversation(connection, row.conversation_id)
        contact = connection.execute(sa.select(contacts).where(contacts.c.id == row.contact_id)).one_or_none()
        if conversation is None or contact is None:
            return Done(row.conversation_id), True
        has_had = contact.fallback_at is not None and (
            contact.last_message_at is None or contact.last_message_at <= contact.fallback_at
        )
        if template is None and not has_had:
            return Done(row.conversation_id), False
        hold(connection, outbox.c.message_id == row.message_id)
        before = NOTHING
        if template is not None and not has_had:
            note_template(connection, row.contact_id)
            before = template_message(Template(name=template.name, language=template.language))
        return take_turn_of(connection, programs, owner, conversation, before=before), True

    return work


def hold(connection: sa.Connection, which: sa.ColumnElement[bool]) -> None:
    """Have messages wait for the person to write."""
    now = repository.now_of(connection)
    since = now - _SURELY_BEFORE
    held = {"owner": None, "begun_at": None, "due_at": now + HELD_FOR, "held_at": since, "tries": 0}
    connection.execute(sa.update(outbox).where(which).values(held))


def note_template(connection: sa.Connection, contact_id: str) -> None:
    """A template asks this person to write."""
    since = repository.now_of(connection) - _SURELY_BEFORE
    connection.execute(sa.update(contacts).where(contacts.c.id == contact_id).values(fallback_at=since))


def waits_for(connection: sa.Connection, contact_id: str) -> bool:
    """Whether something waits for this person to write: then what they write is no answer to what they have not seen."""
    return connection.scalar(_HELD, {"contact": contact_id}) is not None
