"""The validation says of random flows what the engine then does: it never raises, and knows every way that is taken."""

from __future__ import annotations

import datetime as dt

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.random_flows import Chance, contact, definition, event
from recado.flows.catalog import Catalog, KnownAction, KnownIntegration
from recado.flows.compare import compare
from recado.flows.compiled import compile_flow
from recado.flows.definition import Definition, FormBlock, JumpBlock
from recado.flows.document import read_flow, write_definition
from recado.flows.engine import start_state, step
from recado.flows.events import ENDED, Jumped, Started, Visited
from recado.flows.graph_rules import reachable
from recado.flows.schemas import FlowProblem
from recado.flows.validation import MAX_PROBLEMS, validate
from recado.flows.ways import ways_of
from recado.integrations.document import write_document

AT = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
CATALOG = Catalog(
    "flw_own", {"int_1": KnownIntegration("Any")}, {"act_1": KnownAction("Any", "int_1", True, {}, {"items": "json"})}
)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32))
def test_any_flow_is_looked_over(seed: int) -> None:
    drawn = definition(Chance(seed))
    found = validate(drawn, CATALOG)
    assert len(found) <= MAX_PROBLEMS
    assert validate(drawn, CATALOG) == found
    assert msgspec.json.decode(msgspec.json.encode(found), type=list[FlowProblem]) == found
    ids = {block.id for block in drawn.blocks}
    for problem in found:
        assert problem.block_id is None or problem.block_id in ids
        assert problem.message


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32))
def test_the_engine_takes_no_way_that_the_validation_does_not_know(seed: int) -> None:
    chance = Chance(seed)
    drawn = definition(chance)
    program = {"one": compile_flow(drawn, "one")}
    blocks = program["one"].blocks
    seen = reachable(drawn)
    state, effects = step(program, start_state("one"), Started(at=AT, contact=contact(chance)))
    at, before = AT, None
    for _ in range(12):
        for effect in effects:
            if isinstance(effect, Visited):
                assert effect.block_id in seen
                if before is not None and effect.edge not in {None, "jump", "ask_again"}:
                    names = {way.name for way in ways_of(blocks[before])}
                    assert effect.edge in names, (before, effect.edge)
                before = effect.block_id
        if state.status in ENDED:
            return
        at += dt.timedelta(seconds=chance.choice([1, 60, 90_000]))
        what = event(chance, state, at)
        if isinstance(what, Jumped):
            return
        state, effects = step(program, state, what)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32), st.integers(0, 2**32))
def test_any_two_flows_can_be_compared(one: int, other: int) -> None:
    before, after = definition(Chance(one)), definition(Chance(other))
    same = compare(before, before)
    assert (same.added, same.changed, same.moved) == ([], [], [])
    told, back = compare(before, after), compare(after, before)
    assert {block.id for block in told.added} == {block.id for block in back.removed}
    assert all(change.fields for change in told.changed)


@pytest.mark.parametrize("seed", range(150))
def test_any_flow_survives_its_file(seed: int) -> None:
    drawn = definition(Chance(seed))
    named = [block for block in drawn.blocks if block.__struct_config__.tag not in {"custom_integration", "call_flow"}]
    kept = msgspec.structs.replace(drawn, blocks=named)
    forms = {block.form_id: block.form_id for block in named if isinstance(block, FormBlock)}
    tree = {"recado": 1, "kind": "flow", "name": "Any", "definition": write_definition(kept, forms)}
    assert read_flow(write_document(tree)).definition == kept


def test_a_jump_of_the_drawing_is_a_step() -> None:
    drawn = Definition(start="j", blocks=[JumpBlock(id="j", block="k"), JumpBlock(id="k", block="gone")])
    assert reachable(drawn) == {"j", "k"}
