"""Reads the engine's cases (`cases/*.yaml`) and walks one: what is done at each step, and what is true after it.

A case has `about`, a `flow` (a definition; it starts at its first block unless it says otherwise), the `flows` it calls by
name, `called` (which block calls which) and `steps`. A step is one event, what it does, and facts of the state:

    text: hello · tap: id of a button or row of this prompt · old_tap: one of the prompt before · reply_id: as it is
    media: {…} · location: {…} · form: {…} · nothing: true · call: {outcome: ok, …} · call_late: true · timer: its kind, when it is due
    started: {contact: …, variables: …} (the first step unless a case has its own) · taken_over · agent_closed · closed · cancelled · jump: a block
    undelivered: {block: …, visit: the newest, code: …}
    early_timer: its kind, at this very time · after: seconds that went by before it · says, path, notes: see below · state: facts

`says` is all that is said, run and handed over, in order, and nothing when it is left out (but of the first step); `path` the blocks entered, as
`block`, or `edge>block`; `notes` the codes noted.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from ruamel.yaml import YAML

from recado.flows.compiled import Program, compile_flow
from recado.flows.definition import Definition
from recado.flows.engine import start_state, step
from recado.flows.events import (
    AgentClosed,
    CallEnded,
    CallLate,
    Cancelled,
    Closed,
    Effect,
    Event,
    HandOver,
    Incoming,
    Jumped,
    Noted,
    Outgoing,
    Received,
    RunAction,
    Send,
    Started,
    State,
    TakenOver,
    TimerFired,
    Undelivered,
    Visited,
)

FOLDER = Path(__file__).parent / "cases"
AT = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)  # a Sunday


def read_table(name: str) -> Any:
    """What is in one file; `(5000 characters)` is a text of that length."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    return YAML(typ="safe").load(re.sub(r"\((\d+) characters\)", lambda found: "x" * int(found[1]), text))


def read_cases() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every case of every kind of block, with its name."""
    for path in sorted(FOLDER.glob("*.yaml")):
        if path.name.startswith("table_"):
            continue
        for case in read_table(path.name):
            yield f"{path.stem}: {case['about']}", case


def compile_case(case: dict[str, Any]) -> Program:
    """The flow of a case as `main`, and those it calls."""
    called = case.get("called", {})
    flows = {"main": case["flow"], **case.get("flows", {})}
    return {name: compile_flow(read_definition(flow), name, called) for name, flow in flows.items()}


def read_definition(flow: dict[str, Any]) -> Definition:
    """A definition that starts at its first block unless it says otherwise."""
    return msgspec.convert({"start": flow["blocks"][0]["id"], **flow}, Definition)


def walk_case(case: dict[str, Any]) -> None:
    """Raises AssertionError where a step does something else."""
    program, at, state = compile_case(case), AT, start_state("main")
    steps, start = case["steps"], case.get("start", {})
    if not steps or "started" not in steps[0]:
        steps = [
            {"started": {name: start[name] for name in ("contact", "variables") if name in start}, **start},
            *steps,
        ]
    for number, given in enumerate(steps):
        at += dt.timedelta(seconds=given.get("after", 0))
        if "timer" in given:
            at = max(at, next(timer.due_at for timer in state.timers if timer.kind == given["timer"]))
        state, effects = step(program, state, read_event(given, state, at))
        place = f"step {number}: {given}"
        if "says" in given or number:
            assert show(effects) == given.get("says", []), place
        if "path" in given:
            assert [show_path(effect) for effect in effects if isinstance(effect, Visited)] == given["path"], place
        if "notes" in given:
            assert [effect.code for effect in effects if isinstance(effect, Noted)] == given["notes"], place
        for name, expected in given.get("state", {}).items():
            assert fact_of(state, name, at) == expected, f"{place}: {name}"


def read_event(given: dict[str, Any], state: State, at: dt.datetime) -> Event:
    """The event of a step."""
    frame, visit = state.frames[-1], state.last_visit
    kinds: dict[str, Any] = {
        "started": lambda value: msgspec.convert({"event": "started", "at": at, **value}, Started),
        "text": lambda value: received(at, text=value),
        "tap": lambda value: received(at, reply_id=f"{visit}:{value}"),
        "old_tap": lambda value: received(at, reply_id=f"{visit - 1}:{value}"),
        "reply_id": lambda value: received(at, reply_id=value),
        "media": lambda value: received(at, media={"id": "file_1", **value}),
        "location": lambda value: received(at, location=value),
        "form": lambda value: received(at, form=value),
        "nothing": lambda _: received(at),
        "call": lambda value: msgspec.convert(
            {"event": "call_ended", "at": at, "block_id": frame.block_id, "visit": visit, **value}, CallEnded
        ),
        "call_late": lambda _: CallLate(at=at, block_id=frame.block_id, visit=visit),
        "timer": lambda value: TimerFired(at=at, kind=value),
        "early_timer": lambda value: TimerFired(at=at, kind=value),
        "taken_over": lambda _: TakenOver(at=at),
        "agent_closed": lambda _: AgentClosed(at=at),
        "closed": lambda _: Closed(at=at),
        "cancelled": lambda _: Cancelled(at=at),
        "undelivered": lambda value: Undelivered(
            at=at, block_id=value["block"], visit=value.get("visit", visit), code=value.get("code", "window_closed")
        ),
        "jump": lambda value: Jumped(at=at, block_id=value),
    }
    name = next(name for name in given if name in kinds)
    event: Event = kinds[name](given[name])
    return event


def received(at: dt.datetime, **message: Any) -> Received:
    """A message of the person."""
    return Received(at=at, message=msgspec.convert({"id": "msg_1", **message}, Incoming))


def show(effects: list[Effect]) -> list[Any]:
    """What is said, run and handed over, as cases write it."""
    shown = []
    for effect in effects:
        if isinstance(effect, Send):
            shown.append(show_message(effect.message))
        elif isinstance(effect, RunAction):
            shown.append(show_call(effect))
        elif isinstance(effect, HandOver):
            shown.append({"hand_over": effect.note})
    return shown


def show_call(effect: RunAction) -> dict[str, Any]:
    call: dict[str, Any] = {"run": effect.action_id, "inputs": effect.inputs}
    if effect.credential_id is not None:
        call["credential"] = effect.credential_id
    if effect.wait_text:
        call["wait"] = f"{effect.wait_text} after {effect.wait_after_seconds}"
    if effect.budget_seconds is not None:
        call["budget"] = effect.budget_seconds
    return call


def show_message(message: Outgoing) -> Any:
    """A text is its words; all else a mapping that begins with its type, empty fields left out."""
    if message.type == "text":
        return message.text
    shown: dict[str, Any] = {"body" if message.buttons else message.type: message.text}
    shown |= {
        name: value for name in ("header", "footer", "url", "filename", "label") if (value := getattr(message, name))
    }
    if message.location:
        shown["at"] = list(msgspec.structs.astuple(message.location))
    if message.form:
        shown |= {name: value for name, value in msgspec.to_builtins(message.form).items() if value}
    if message.buttons:
        shown["buttons"] = [button.title for button in message.buttons]
    if message.sections:
        sections = {
            section.title: [
                f"{row.title} - {row.description}" if row.description else row.title for row in section.rows
            ]
            for section in message.sections
        }
        shown["rows"] = sections[""] if list(sections) == [""] else sections
    return shown


def show_path(effect: Visited) -> str:
    return effect.block_id if effect.edge is None else f"{effect.edge}>{effect.block_id}"


def fact_of(state: State, name: str, at: dt.datetime) -> Any:
    """A fact of the state: a field of it or of the flow that is walked; timers in seconds from now."""
    frame = state.frames[-1]
    match name:
        case "timers":
            return {timer.kind: (timer.due_at - at).total_seconds() for timer in state.timers}
        case "block":
            return frame.block_id
        case "flows":
            return [frame.flow for frame in state.frames]
        case "calls":
            return {key: {k: v for k, v in msgspec.to_builtins(call).items() if v} for key, call in frame.calls.items()}
        case "waiting":
            return None if state.waiting is None else state.waiting.kind
        case "is_late" | "attempts" | "page":
            return getattr(state.waiting, name)
        case _:
            return getattr(state if hasattr(state, name) else frame, name)
