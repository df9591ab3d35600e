"""Whatever a flow says and whatever happens: it waits for something that will come or ends, and people are not left alone."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.limits_kept import check_limits
from flows.random_flows import Chance, contact, definition, event
from recado.flows.compiled import Flow, Program, compile_flow
from recado.flows.definition import CallFlowBlock, Definition
from recado.flows.engine import start_state, step
from recado.flows.events import ENDED, Effect, Event, HandOver, Noted, Received, RunAction, Send, Started, State
from recado.flows.notes import NOTES

EXACT = msgspec.json.Decoder(State, float_hook=Decimal)
AT = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


def compile_both(first: Definition, second: Definition) -> Program:
    """Two flows that may call each other, and themselves."""

    def compile_one(definition: Definition, version_id: str) -> Flow:
        calls = [block.id for block in definition.blocks if isinstance(block, CallFlowBlock)]
        called = {
            block_id: ("two", "gone", "one")[(index + (version_id == "two")) % 3]
            for index, block_id in enumerate(calls)
        }
        return compile_flow(definition, version_id, called)

    return {"one": compile_one(first, "one"), "two": compile_one(second, "two")}


def take(program: Program, state: State, what: Event) -> State:
    """One step, held to everything that must be true of it."""
    before = msgspec.json.encode(state)
    after, effects = step(program, state, what)

    assert msgspec.json.encode(state) == before, "the state given was changed"
    assert msgspec.json.decode(msgspec.json.encode(after), type=State) == after
    assert EXACT.decode(msgspec.json.encode(after)) == after, "a number with a fraction is kept as text"
    assert step(program, state, what) == (after, effects), "the same event went two ways"
    check_state(after)
    check_effects(what, after, effects)
    return after


def check_state(state: State) -> None:
    if state.status in ENDED:
        assert state.end_reason
        assert state.waiting is None
        assert state.timers == []
    else:
        assert state.status in {"waiting", "with_agent"}
        assert state.waiting is not None
        assert (state.waiting.kind == "agent") == (state.status == "with_agent")
        assert {"answer": "expiry", "call": "expiry", "time": "wait", "agent": "agent"}[state.waiting.kind] in {
            timer.kind for timer in state.timers
        }, "nothing ends this wait"


def check_effects(what: Event, state: State, effects: list[Effect]) -> None:
    said = [effect.message for effect in effects if isinstance(effect, Send)]
    notes = [effect for effect in effects if isinstance(effect, Noted)]
    assert len(said) <= 11
    for message in said:
        check_limits(message)
    for note in notes:
        assert NOTES[note.code].format_map(note.params)
    calls = [effect for effect in effects if isinstance(effect, RunAction)]
    assert len(calls) <= 1
    assert bool(calls) <= (state.waiting is not None and state.waiting.kind == "call")
    assert len([effect for effect in effects if isinstance(effect, HandOver)]) == (
        state.status == "with_agent" and any(isinstance(effect, HandOver) for effect in effects)
    )
    if any(note.code == "failed" for note in notes) and state.status == "failed":
        assert isinstance(effects[-1], Send), "a failure that nobody hears of"
    if any(note.code in {"answer_refused", "menu_closed", "message_unsupported"} for note in notes):
        assert said or calls or state.status in {"finished", "expired"} or state.waiting, "no answer to an answer"
    if isinstance(what, Received) and state.waiting is not None and state.waiting.kind == "answer":
        assert said, "the person wrote and hears nothing"


@settings(max_examples=400, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_any_flow_with_any_events(seed: int) -> None:
    chance = Chance(seed)
    walk(chance, compile_both(definition(chance), definition(chance)))


@pytest.mark.slow
def test_many_thousand_flows() -> None:
    for seed in range(10_000):
        chance = Chance(seed)
        walk(chance, compile_both(definition(chance), definition(chance)))


def walk(chance: Chance, program: Program) -> None:
    """One conversation, from its start through some events."""
    at = AT
    started = Started(at=at, contact=contact(chance), variables={"a": "12", "b": None, "c": chance.value()})
    state = take(program, start_state("one"), started)
    for _ in range(chance.randint(1, 15)):
        at += dt.timedelta(seconds=chance.choice([0, 1, 3600, 100_000]))
        state = take(program, state, event(chance, state, at))
