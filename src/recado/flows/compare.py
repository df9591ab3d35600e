"""What differs between two definitions."""

from __future__ import annotations

from typing import Any

import msgspec

from recado.flows.definition import Definition
from recado.flows.schemas import ChangedBlock, Comparison


def compare(before: Definition, after: Definition) -> Comparison:
    """What was added, removed, changed and moved on the way from one definition to the other."""
    old = {block.id: block for block in before.blocks}
    new = {block.id: block for block in after.blocks}
    changed: list[ChangedBlock] = []
    moved: list[str] = []
    for block_id, block in new.items():
        if block_id not in old or old[block_id] == block:
            continue
        fields = [name for name in _differing(old[block_id], block) if name != "position"]
        if fields:
            changed.append(ChangedBlock(block_id, fields, old[block_id], block))
        else:
            moved.append(block_id)
    return Comparison(
        added=[block for block_id, block in new.items() if block_id not in old],
        removed=[block for block_id, block in old.items() if block_id not in new],
        changed=changed,
        moved=moved,
        is_start_changed=before.start != after.start,
        variables_changed=_variables(before, after),
        settings_changed=_differing(before.settings, after.settings),
    )


def _variables(before: Definition, after: Definition) -> list[str]:
    old = {variable.key: variable for variable in before.variables}
    new = {variable.key: variable for variable in after.variables}
    return [key for key in dict.fromkeys([*old, *new]) if old.get(key) != new.get(key)]


def _differing(before: Any, after: Any) -> list[str]:
    """The names of fields that differ; `type` comes first where the kind does."""
    one, other = msgspec.to_builtins(before), msgspec.to_builtins(after)
    return [name for name in dict.fromkeys([*one, *other]) if one.get(name) != other.get(name)]
