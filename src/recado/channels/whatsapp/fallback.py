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


def template_message(template: Template) -> Before:
    """A template as it is written down and sent."""
    said = Outgoing(type="text", text=f"[{template.name}]")
    return Before(said=said, payload=JSON_ENCODER.encode(build(template, Address())).decode())


def falling_back(row: Row, template: FallbackTemplate) -> Callable[[sa.Connection, Programs, str], tuple[Done, None]]:
    """The turn that sends the template, unless the person has had it since they wrote last; the message waits."""

    def work(connection: sa.Connection, programs: Programs, owner: str) -> tuple[Done, None]:
        conversation = repository.lock_conversation(connection, row.conversation_id)
        if conversation is None:
            return Done(row.conversation_id), None
        now = repository.now_of(connection)
        since = now - _SURELY_BEFORE
        held = {"owner": None, "begun_at": None, "due_at": now + HELD_FOR, "held_at": since, "tries": 0}
        connection.execute(sa.update(outbox).where(outbox.c.message_id == row.message_id).values(held))
        is_first = connection.execute(
            sa.update(contacts)
            .where(
                contacts.c.id == row.contact_id,
                sa.or_(contacts.c.fallback_at.is_(None), contacts.c.last_message_at > contacts.c.fallback_at),
            )
            .values(fallback_at=since)
        ).rowcount
        before = template_message(Template(name=template.name, language=template.language)) if is_first else NOTHING
        return take_turn_of(connection, programs, owner, conversation, before=before), None

    return work
