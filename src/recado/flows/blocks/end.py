"""End: says goodbye and ends the flow; a flow that was called goes back to its caller."""

from __future__ import annotations

from recado.flows.definition import EndBlock
from recado.flows.moves import Move, Return
from recado.flows.outgoing import text_message
from recado.flows.turn import Turn


def enter(turn: Turn, block: EndBlock) -> Move:
    """End."""
    turn.say(block.id, text_message(turn.text(block.text)))
    return Return("end")
