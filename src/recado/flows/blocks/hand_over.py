"""Hand over: a person talks on, until they give the conversation back."""

from __future__ import annotations

from recado.flows.definition import HandOverBlock
from recado.flows.events import HandOver, Timer
from recado.flows.moves import STAY, Move
from recado.flows.outgoing import text_message
from recado.flows.turn import Turn


def enter(turn: Turn, block: HandOverBlock) -> Move:
    """Say so and hand over."""
    turn.say(block.id, text_message(turn.words(block.text, turn.texts.hand_over)))
    if turn.has_said_too_much:
        return STAY
    turn.effects.append(HandOver(block_id=block.id, note=turn.text(block.note)))
    turn.wait("agent", timers(turn, block))
    return STAY


def timers(turn: Turn, block: HandOverBlock) -> list[Timer]:
    """When the flow takes the conversation back by itself: after its own time, else the conversation's; nobody is forgotten."""
    seconds = block.timeout_seconds
    if seconds is None:
        seconds = turn.settings.expires_after_seconds
    return [Timer(kind="agent", due_at=turn.after(seconds))]
