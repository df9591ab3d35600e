"""A person takes a conversation over from its flow, wherever it stands, and gives it back  [pure]."""

from __future__ import annotations

from recado.flows.blocks import hand_over
from recado.flows.definition import CustomIntegrationBlock, HandOverBlock, WaitBlock
from recado.flows.events import Timer
from recado.flows.moves import STAY, Go, Leave, Move
from recado.flows.turn import Turn


def take_over(turn: Turn) -> Move:
    """Wait for the person; a call that is in the air goes on, and its answer is kept."""
    if turn.awaits == "agent":
        return STAY
    if turn.awaits == "call":
        turn.frame.late_calls[turn.frame.block_id] = turn.state.last_visit
    turn.note("taken_over", turn.frame.block_id or None)
    turn.wait("agent", timers(turn))
    return STAY


def timers(turn: Turn) -> list[Timer]:
    """When the flow takes the conversation back by itself; who took over keeps it as long as a conversation may last."""
    block = turn.block
    if isinstance(block, HandOverBlock):
        return hand_over.timers(turn, block)
    return [Timer(kind="agent", due_at=turn.after(turn.settings.expires_after_seconds))]


def give_back(turn: Turn) -> Move:
    """Go on where the person came in: what was asked is asked again, a call is waited for or has its answer by now."""
    turn.count_anew()
    block = turn.block
    match block:
        case _ if turn.awaits != "agent":
            return STAY
        case HandOverBlock():
            return Leave("closed")
        case WaitBlock():
            return Leave("next")
        case CustomIntegrationBlock():
            return _call_on(turn, block)
        case _:
            return Go(turn.frame.block_id, "given_back")


def _call_on(turn: Turn, block: CustomIntegrationBlock) -> Move:
    if turn.frame.late_calls.pop(block.id, None) is not None:
        turn.wait("call", [Timer(kind="expiry", due_at=turn.after(turn.settings.expires_after_seconds))])
        return STAY
    ended = turn.frame.calls.get(block.key or block.id)
    outcome = "timeout" if ended is None else ended.outcome
    return Leave("success" if outcome == "ok" else outcome)
