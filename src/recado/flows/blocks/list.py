"""A list: offers rows under headings, ten at a time."""

from __future__ import annotations

from recado.flows.answers import Refused
from recado.flows.asking import Taken, choose, offer
from recado.flows.blocks.rows import choices_of, rows_of
from recado.flows.choices import Choice, Offer, Page, short_id, show
from recado.flows.definition import ListBlock
from recado.flows.events import Incoming, Outgoing
from recado.flows.moves import Leave, Move
from recado.flows.turn import Turn


def enter(turn: Turn, block: ListBlock) -> Move:
    """Offer the rows; a source without any is left at `empty`."""
    rows = rows_of(turn, block.source) if block.source is not None else []
    offered = _offer(turn, block, choices_of(rows) if block.source is not None else _own(turn, block))
    if not offered.choices:
        return Leave("empty")
    move = offer(turn, block, offered)
    if turn.state.waiting is not None:
        turn.state.waiting.rows = rows
    return move


def prompt(turn: Turn, block: ListBlock) -> Outgoing:
    """The page that is open, once more."""
    assert turn.state.waiting is not None
    return show(_offered(turn, block), turn.state.last_visit, turn.state.waiting.page)


def read(turn: Turn, block: ListBlock, message: Incoming) -> Taken | Page | Refused:
    """The row a message means, or the page it asks for."""
    return choose(turn, _offered(turn, block), message)


def _offered(turn: Turn, block: ListBlock) -> Offer:
    assert turn.state.waiting is not None
    return _offer(turn, block, choices_of(turn.state.waiting.rows) if block.source is not None else _own(turn, block))


def _offer(turn: Turn, block: ListBlock, choices: list[Choice]) -> Offer:
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
