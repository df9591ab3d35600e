"""A list: offers rows under headings, ten at a time."""

from __future__ import annotations

from typing import Final

from recado.flows.blocks.offered import Offered
from recado.flows.choices import Choice, Offer, short_id
from recado.flows.definition import ListBlock
from recado.flows.turn import Turn


def _dress(turn: Turn, block: ListBlock, choices: list[Choice]) -> Offer:
    return Offer(
        choices,
        turn.words(block.text, turn.texts.choose),
        turn.words(block.label, turn.texts.label),
        turn.words(block.more_label, turn.texts.more),
        turn.text(block.header),
        turn.text(block.footer),
    )


def _own(turn: Turn, block: ListBlock) -> list[Choice]:
    choices: list[Choice] = []
    for section in block.sections:
        heading = turn.text(section.title)
        for row in section.rows:
            title = turn.words(row.title, row.id)
            description = turn.text(row.description)
            answer = {"kind": "row", "id": row.id, "title": title, "description": description}
            identifier = short_id(row.id, choices)
            choices.append(Choice(identifier, title, answer, f"row:{row.id}", description, heading, value=row.id))
    return choices


KIND: Final = Offered(_own, _dress)
