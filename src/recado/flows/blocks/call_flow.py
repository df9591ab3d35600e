"""Call flow: walks another flow with values for its variables, and comes back with what they are then."""

from __future__ import annotations

from recado.actions.paths import MISSING
from recado.flows.definition import CallFlowBlock
from recado.flows.events import Frame
from recado.flows.moves import Call, Leave, Move
from recado.flows.turn import Turn


def enter(turn: Turn, block: CallFlowBlock) -> Move:
    """Call the pinned version of the other flow."""
    version_id = turn.flow.called.get(block.id)
    if version_id is None or version_id not in turn.program:
        turn.note("flow_missing", block.id)
        return Leave("failed")
    values = {key: turn.value(template) for key, template in block.variables.items() if template}
    given = {key: value for key, value in values.items() if value is not MISSING and value is not None}
    if (found := turn.too_big(given)) is not None:
        turn.effects.append(found)
        return Leave("failed")
    return Call(version_id, given)


def come_back(turn: Turn, block: CallFlowBlock, called: Frame) -> Move:
    """Take over the called flow's variables as outputs."""
    turn.frame.outputs[block.key or block.id] = dict(called.variables)
    return Leave("next")
