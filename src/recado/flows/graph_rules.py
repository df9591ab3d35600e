"""Rules about blocks and the ways between them: the start, names of ways, circles, messages in a row."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping

from recado.flows.definition import (
    Block,
    CallFlowBlock,
    CustomIntegrationBlock,
    Definition,
    EndBlock,
    JumpBlock,
    MessageBlock,
    WaitBlock,
)
from recado.flows.limits import LONG_WAIT_SECONDS, MAX_BLOCKS, MAX_MESSAGES
from recado.flows.rules import Rules
from recado.flows.ways import Unwired, steps_of, target_of, waits_for_person, ways_of

_MISSING: Mapping[Unwired, str] = {
    "ends": "edge_missing_ends",
    "fails": "edge_missing_fails",
    "expires": "edge_missing_expires",
}


def reachable(definition: Definition) -> set[str]:
    """The ids of the blocks that some way leads to."""
    blocks = {block.id: block for block in reversed(definition.blocks)}
    found: set[str] = set()
    waiting = [definition.start] if definition.start in blocks else []
    while waiting:
        block_id = waiting.pop()
        if block_id not in found:
            found.add(block_id)
            waiting += [target for _, target in steps_of(blocks[block_id], blocks)]
    return found


def check_graph(rules: Rules) -> None:
    """Every rule of this page."""
    _check_start(rules)
    seen_ids: set[str] = set()
    reached = reachable(rules.definition)
    for index, block in enumerate(rules.definition.blocks):
        path = f"blocks[{index}]"
        if not block.id:
            rules.add("block_id_missing", f"{path}.id", block)
        elif block.id in seen_ids:
            rules.add("block_id_duplicate", f"{path}.id", block, id=block.id)
        seen_ids.add(block.id)
        if reached and block.id not in reached:
            rules.add("block_unreachable", path, block)
        _check_edges(rules, path, block)
    if not _check_circles(rules):
        _check_messages(rules)


def _check_start(rules: Rules) -> None:
    start = rules.definition.start
    if not rules.definition.blocks:
        rules.add("flow_empty", "blocks")
    elif not start:
        rules.add("start_missing", "start")
    elif start not in rules.blocks:
        rules.add("start_unknown", "start")


def _check_edges(rules: Rules, path: str, block: Block) -> None:
    ways = ways_of(block)
    names = {way.name for way in ways}
    for name, target in block.edges.items():
        place = f"{path}.edges.{name}"
        if name not in names:
            rules.add("edge_unknown", place, block, edge=name)
        elif target not in rules.blocks:
            rules.add("edge_target_unknown", place, block, edge=name)
    if isinstance(block, JumpBlock):
        if not block.block:
            rules.add("jump_missing", f"{path}.block", block)
        elif block.block not in rules.blocks:
            rules.add("jump_unknown", f"{path}.block", block)
    for way in ways:
        if not way.is_quiet and way.name not in block.edges and target_of(block, way, rules.blocks) is None:
            rules.add(_MISSING[way.unwired], f"{path}.edges.{way.name}", block, edge=way.name)


# ── circles ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _check_circles(rules: Rules) -> bool:
    """Circles that nothing ever stops in are errors; those that only calls and short waits slow down are told of."""
    endless = _circles(rules.blocks, is_stopped=lambda block: _is_long_stop(block) or _is_short_stop(block))
    slow = _circles(rules.blocks, is_stopped=_is_long_stop)
    for index, block in enumerate(rules.definition.blocks):
        if block.id in endless:
            rules.add("loop_without_wait", f"blocks[{index}]", block)
        elif block.id in slow:
            rules.add("loop_of_calls", f"blocks[{index}]", block, limit=MAX_BLOCKS)
    return bool(slow)


def _is_long_stop(block: Block) -> bool:
    """Whether the guard against circles counts anew here; a called flow may ask somebody."""
    if isinstance(block, WaitBlock):
        return bool(block.until.strip()) or (block.seconds or 0) >= LONG_WAIT_SECONDS
    return waits_for_person(block) or isinstance(block, CallFlowBlock)


def _is_short_stop(block: Block) -> bool:
    return isinstance(block, CustomIntegrationBlock) or (isinstance(block, WaitBlock) and (block.seconds or 0) > 0)


def _on(block: Block, blocks: Mapping[str, Block], is_stopped: bool) -> list[str]:
    """Where the walk goes on from a block without a stop; a source without rows is not waited for."""
    steps = [(way.name, target) for way, target in steps_of(block, blocks) if way.name != "undelivered"]  # comes later
    return [target for name, target in steps if not is_stopped or name == "empty"]


def _circles(blocks: Mapping[str, Block], is_stopped: Callable[[Block], bool]) -> set[str]:
    """One block of each circle that no stop stands in: the first of it that is met."""
    found: set[str] = set()
    done: set[str] = set()
    for root in blocks:
        on_way: dict[str, None] = {}
        stack: list[tuple[str, list[str]]] = []
        if root not in done:
            on_way[root] = None
            stack.append((root, _on(blocks[root], blocks, is_stopped(blocks[root]))))
        while stack:
            block_id, targets = stack[-1]
            if not targets:
                stack.pop()
                del on_way[block_id]
                done.add(block_id)
                continue
            target = targets.pop()
            if target in on_way:
                found.add(target)
            elif target not in done:
                on_way[target] = None
                stack.append((target, _on(blocks[target], blocks, is_stopped(blocks[target]))))
    return found


def _check_messages(rules: Rules) -> None:
    """More messages than may follow each other without an answer; told where the first one too many is said."""
    said: dict[str, int] = {}
    waiting = deque([(rules.definition.start, 0)])
    while waiting:
        block_id, before = waiting.popleft()
        block = rules.blocks.get(block_id)
        if block is None or said.get(block_id, -1) >= before:
            continue
        said[block_id] = before
        is_said = isinstance(block, MessageBlock) or (isinstance(block, EndBlock) and block.text.strip())
        count = before + int(bool(is_said) or waits_for_person(block))
        if count > MAX_MESSAGES:
            place = rules.definition.blocks.index(block)
            rules.add("too_many_messages", f"blocks[{place}]", block, limit=MAX_MESSAGES)
            return
        is_stopped = _is_long_stop(block)
        for way, target in steps_of(block, rules.blocks):
            after = before if way.name == "empty" else 0 if is_stopped else count
            waiting.append((target, after))
