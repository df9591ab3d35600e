"""Set variable: gives a variable of the flow a value of its type."""

from __future__ import annotations

from recado.actions.paths import MISSING
from recado.flows.definition import SetVariableBlock
from recado.flows.moves import Leave, Move
from recado.flows.turn import Turn
from recado.flows.values import convert, to_plain


def enter(turn: Turn, block: SetVariableBlock) -> Move:
    """Keep the value; nothing (and a blank text, but for a text) takes the variable's value away."""
    variable = turn.flow.variables.get(block.variable)
    if variable is None:
        turn.note("variable_unknown", block.id, variable=block.variable)
        return Leave("failed")
    raw = turn.value(block.value)
    if raw is MISSING or raw is None or (isinstance(raw, str) and not raw.strip() and variable.type != "string"):
        turn.frame.variables.pop(block.variable, None)
        return Leave("next")
    value = convert(raw, variable.type, turn.zone)
    if value is MISSING:
        turn.note("value_refused", block.id, variable=block.variable, type=variable.type)
        return Leave("failed")
    plain = to_plain(value)
    kept = turn.frame.variables.pop(block.variable, MISSING)
    if (found := turn.too_big({block.variable: plain})) is not None:
        if kept is not MISSING:
            turn.frame.variables[block.variable] = kept
        turn.effects.append(found)
        return Leave("failed")
    turn.frame.variables[block.variable] = plain
    return Leave("next")
