"""Jump: goes on at another block of the flow."""

from __future__ import annotations

from recado.flows.definition import JumpBlock
from recado.flows.moves import Fail, Go, Move
from recado.flows.turn import Turn


def enter(turn: Turn, block: JumpBlock) -> Move:
    """Go there."""
    return Go(block.block, "jump") if block.block in turn.flow.blocks else Fail("block_missing")
