"""A condition: goes on at the first branch that holds."""

from __future__ import annotations

from recado.flows.conditions import holds
from recado.flows.definition import ConditionBlock
from recado.flows.moves import Leave, Move
from recado.flows.turn import Turn


def enter(turn: Turn, block: ConditionBlock) -> Move:
    """Choose the way."""
    return Leave(next((f"branch:{branch.id}" for branch in block.branches if holds(turn, branch)), "else"))
