"""A form: sends it, and keeps what it was sent off with."""

from __future__ import annotations

from recado.actions.paths import MISSING, compile_path, walk
from recado.errors import FieldTooLong, OutputKeyInvalid
from recado.flows.answers import Refused
from recado.flows.asking import Taken, ask
from recado.flows.definition import FormBlock
from recado.flows.events import Incoming, Outgoing, OutgoingForm
from recado.flows.moves import Leave, Move
from recado.flows.outgoing import form_message
from recado.flows.turn import Turn
from recado.flows.values import convert, to_plain


def enter(turn: Turn, block: FormBlock) -> Move:
    """Send it and wait."""
    if not block.form_id:
        turn.note("form_missing", block.id)
        return Leave("no_match")
    return ask(turn, block, prompt(turn, block))


def prompt(turn: Turn, block: FormBlock) -> Outgoing:
    """The words with the button that opens the form."""
    form = OutgoingForm(
        form_id=block.form_id,
        given=_values(turn, block.given),
        screen=block.screen,
        data=_values(turn, block.data) if block.screen else {},
    )
    text, label = turn.words(block.text, turn.texts.prompt), turn.words(block.label, turn.texts.label)
    return form_message(text, label, form, turn.text(block.header), turn.text(block.footer))


def read(turn: Turn, block: FormBlock, message: Incoming) -> Taken | Refused:
    """What the form was sent off with; anything else is no answer."""
    if message.form is None:
        return Refused("form")
    whole = to_plain(message.form)
    if not block.values:
        return Taken({"kind": "form", "values": whole})
    values = {}
    for value in block.values:
        try:
            path = compile_path(value.key or value.identifier)
        except (OutputKeyInvalid, FieldTooLong):
            continue
        if (found := convert(walk(whole, path.segments), value.type, turn.zone)) is not MISSING:
            values[value.identifier] = found
    return Taken({"kind": "form", "values": values})


def _values(turn: Turn, templates: dict[str, str]) -> dict[str, object]:
    filled = {key: turn.value(template) for key, template in templates.items() if template}
    return {key: value for key, value in filled.items() if value is not MISSING and value is not None}
