"""Buttons: offers up to three to tap; rows of a source that are more become a list."""

from __future__ import annotations

from recado.flows.answers import Refused
from recado.flows.asking import Taken, choose, offer
from recado.flows.blocks.rows import choices_of, rows_of
from recado.flows.choices import Choice, Offer, Page, short_id, show
from recado.flows.definition import ButtonsBlock
from recado.flows.events import Incoming, Outgoing
from recado.flows.moves import Leave, Move
from recado.flows.turn import Turn


def enter(turn: Turn, block: ButtonsBlock) -> Move:
    """Offer the buttons; a source without rows is left at `empty`."""
    rows = rows_of(turn, block.source) if block.source is not None else []
    offered = _offer(turn, block, choices_of(rows) if block.source is not None else _own(turn, block))
    if not offered.choices:
        return Leave("empty")
    move = offer(turn, block, offered)
    if turn.state.waiting is not None:
        turn.state.waiting.rows = rows
    return move


def prompt(turn: Turn, block: ButtonsBlock) -> Outgoing:
    """The buttons once more."""
    assert turn.state.waiting is not None
    return show(_offered(turn, block), turn.state.last_visit, turn.state.waiting.page)


def read(turn: Turn, block: ButtonsBlock, message: Incoming) -> Taken | Page | Refused:
    """The button a message means."""
    return choose(turn, _offered(turn, block), message)


def _offered(turn: Turn, block: ButtonsBlock) -> Offer:
    assert turn.state.waiting is not None
    return _offer(turn, block, choices_of(turn.state.waiting.rows) if block.source is not None else _own(turn, block))


def _offer(turn: Turn, block: ButtonsBlock, choices: list[Choice]) -> Offer:
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
