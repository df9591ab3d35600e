"""Buttons: offers up to three to tap; rows of a source that are more become a list."""

from __future__ import annotations

from typing import Final

from recado.flows.blocks.offered import Offered
from recado.flows.choices import Choice, Offer, short_id
from recado.flows.definition import ButtonsBlock
from recado.flows.turn import Turn


def _dress(turn: Turn, block: ButtonsBlock, choices: list[Choice]) -> Offer:
    text = turn.words(block.text, turn.texts.choose)
    header, footer = turn.text(block.header), turn.text(block.footer)
    return Offer(choices, text, turn.texts.label, turn.texts.more, header, footer, is_buttons=True)


def _own(turn: Turn, block: ButtonsBlock) -> list[Choice]:
    choices: list[Choice] = []
    for button in block.buttons:
        title = turn.words(button.title, button.id)
        answer = {"kind": "row", "id": button.id, "title": title}
        identifier = short_id(button.id, choices)
        choices.append(Choice(identifier, title, answer, f"button:{button.id}", value=button.id))
    return choices


KIND: Final = Offered(_own, _dress)
