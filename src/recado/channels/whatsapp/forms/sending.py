"""A form on its way to a person: whose it is, and the token that its answers come back with."""

from __future__ import annotations

from typing import Final

import msgspec
import sqlalchemy as sa

from recado.channels.whatsapp.forms import repository, service
from recado.channels.whatsapp.payloads import FormMessage
from recado.channels.whatsapp.undelivered import MessageError
from recado.db.bare import Row
from recado.db.columns import JSON_DECODER
from recado.flows.events import Outgoing

UNSENDABLE: Final = MessageError(
    "form_unsendable", "The form is not there, is one of another channel, or Meta's id of it is not entered."
)
_OUTGOING: Final = msgspec.json.Decoder(Outgoing, float_hook=JSON_DECODER.float_hook)


def is_form(row: Row) -> bool:
    """Whether a message of the outbox opens a form."""
    return row.payload is None and '"type":"form"' in row.content[:40]


def open_form(connection: sa.Connection, workspace_id: str, row: Row) -> FormMessage | MessageError:
    """What is sent, with a token of its own for each try: whichever arrives, its answers are this conversation's."""
    try:
        message = _OUTGOING.decode(row.content)
    except (msgspec.MsgspecError, ArithmeticError):
        return UNSENDABLE
    form = message.form
    found = None if form is None else repository.find_form(connection, workspace_id, form.form_id)
    if form is None or found is None or found.channel_id != row.channel_id or not found.flow_id:
        return UNSENDABLE
    return FormMessage(
        text=message.text,
        label=message.label,
        token=service.send_form(connection, form.form_id, row.conversation_id, form.given),
        flow_id=found.flow_id,
        screen=form.screen,
        data=form.data,
        header=message.header,
        footer=message.footer,
    )
