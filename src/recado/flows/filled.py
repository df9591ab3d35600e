"""Which values are there when a block is entered: on some way to it, and on every way."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from recado.flows.definition import Asking, Block, CallFlowBlock, CustomIntegrationBlock
from recado.flows.references import FlowReference
from recado.flows.ways import Way, steps_of

Fact = tuple[str, str]
"""A root of references and a key in it."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What can be there, and what is there for certain: a bit for each fact, as there may be a thousand of each."""

    bits: Mapping[Fact, int]
    may: int
    must: int

    def may_be(self, reference: FlowReference) -> bool:
        """Whether some way fills it; variables and the contact come from outside too."""
        return self._is_in(self.may, reference)

    def must_be(self, reference: FlowReference) -> bool:
        """Whether every way fills it."""
        return self._is_in(self.must, reference)

    def _is_in(self, facts: int, reference: FlowReference) -> bool:
        if reference.root in {"variables", "contact"}:
            return True
        return bool(facts & self.bits.get((reference.root, reference.key), 0))


def find_filled(start: str, blocks: Mapping[str, Block]) -> dict[str, Filled]:
    """For each block that can be reached, what is filled as it is entered."""
    bits: dict[Fact, int] = {}
    steps = {
        block_id: [(target, _bits_of(_brought(block, way), bits)) for way, target in steps_of(block, blocks)]
        for block_id, block in blocks.items()
    }
    found = {start: (0, 0)} if start in blocks else {}
    waiting = deque(found)
    while waiting:
        block_id = waiting.popleft()
        may_here, must_here = found[block_id]
        for target, brought in steps[block_id]:
            may, must = may_here | brought, must_here | brought
            if (known := found.get(target)) is not None:
                may, must = known[0] | may, known[1] & must
                if (may, must) == known:
                    continue
            found[target] = (may, must)
            waiting.append(target)
    return {block_id: Filled(bits, may, must) for block_id, (may, must) in found.items()}


def _bits_of(facts: Iterable[Fact], bits: dict[Fact, int]) -> int:
    found = 0
    for fact in facts:
        found |= bits.setdefault(fact, 1 << len(bits))
    return found


def _brought(block: Block, way: Way) -> list[Fact]:
    """What is filled by leaving a block this way."""
    if isinstance(block, Asking):
        return [("answers", block.answer)] if way.is_answered and block.answer else []
    if isinstance(block, CustomIntegrationBlock) and block.key:
        brought = [("calls", block.key)]
        return [*brought, ("outputs", block.key)] if way.name == "success" else brought
    if isinstance(block, CallFlowBlock) and block.key:
        return [("outputs", block.key)] if way.name == "next" else []
    return []
