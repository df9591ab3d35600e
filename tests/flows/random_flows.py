"""Flows, answers and events at random, right and wrong ones alike, out of a seed: a thousand a second."""

from __future__ import annotations

import datetime as dt
import random
import typing
from decimal import Decimal
from typing import Any

import msgspec

from recado.flows.definition import AnswerType, Definition, Operator
from recado.flows.events import (
    ENDED,
    AgentClosed,
    CallEnded,
    CallLate,
    Cancelled,
    Contact,
    Event,
    Incoming,
    Jumped,
    Media,
    Place,
    Received,
    State,
    TimerFired,
)

IDS = [f"b{number}" for number in range(7)]
OUTCOMES = ["ok", "http_4xx", "http_5xx", "rate_limited", "auth_failed", "timeout", "network", "blocked", "bad_response",
            "output_missing", "input_invalid", "unknown", "redirect", "of_tomorrow"]  # fmt: skip
KEYS = ["a", "b", "c"]
TYPES = ["string", "integer", "number", "boolean", "datetime", "json"]
REFERENCES = [
    "{{answers.a}}", "{{answers.b.id}}", "{{answers.c.latitude}}", "{{outputs.a.items}}", "{{outputs.b.text}}",
    "{{calls.a.status}}", "{{calls.b.headers.date}}", "{{variables.a}}", "{{variables.b}}", "{{contact.name}}",
    r"\{{", "{{broken", "{{auth.secret}}",
]  # fmt: skip
WORDS = ["", " ", "Hi", "Ñandú 👩‍👩‍👧", "x" * 30, "🇨🇴" * 40, "y" * 5000, "1", "12,5", "31/12/2026", "https://example.com/a",
         "\u200d", "4.6", "-74", "More", "exit", "a@example.com", "+57 300 123 4567", "yes", "no", "2", "10", "11",
         "31/12/9999 23:59", "9" * 40, "One", "Two", "x", "\0", "e\u0301" * 2000]  # fmt: skip
EDGES = ["next", "no_match", "timeout", "empty", "button:x", "button:y", "row:x", "branch:x", "else", "failed", "success",
         "http_4xx", "closed", "undelivered"]  # fmt: skip


class Chance(random.Random):
    """What is drawn from."""

    def maybe(self, value: Any, default: Any = "") -> Any:
        """`value` half of the time."""
        return value if self.random() < 0.5 else default

    def some(self, make: Any, most: int) -> list[Any]:
        """Up to so many."""
        return [make() for _ in range(self.randint(0, most))]

    def text(self) -> str:
        """A text of a flow."""
        if self.random() < 0.6:
            return self.choice(WORDS + REFERENCES)
        return "".join(self.choice(WORDS + REFERENCES) for _ in range(self.randint(0, 3)))

    def short(self) -> str:
        """A title."""
        return self.choice(["One", "Two", "Three", "", "x" * 30, "1", self.text()])

    def number(self) -> int | None:
        """Seconds."""
        return self.choice([None, -5, 0, 1, 59, 60, 200_000, 10**12])

    def value(self, depth: int = 0) -> Any:
        """What an API may answer."""
        kind = self.randint(0, 9 if depth < 3 else 6)
        plain = [None, True, self.randint(-9, 10**20), self.text(), Decimal("12.10"), float("nan"), 1.5]
        if kind < len(plain):
            return plain[kind]
        if kind == 7:
            return {self.choice(["id", "name", "about"]): self.value(depth + 1) for _ in range(3)}
        return self.some(lambda: self.value(depth + 1), 3)

    def outputs(self) -> dict[str, Any]:
        """The outputs of a call."""
        items = [
            {"id": self.randint(0, 3), "name": self.short(), "about": self.text()} for _ in range(self.randint(0, 30))
        ]
        return {"items": self.maybe(items, self.value()), "text": self.value()}


def definition(chance: Chance) -> Definition:
    """A flow of one to seven blocks."""
    hours = {"days": chance.some(lambda: chance.randint(0, 8), 5), "begins": chance.choice(["09:00", "22:00", "late"])}
    reminder = {
        "after_seconds": chance.choice([0, 60, 10**12]),
        "text": chance.text(),
        "hours": chance.maybe(hours, None),
    }
    return msgspec.convert({
        "start": chance.choice([*IDS[:1] * 40, ""]),
        "blocks": [block(chance, identifier) for identifier in IDS[: chance.choice([1, 3, 5, 7, 7])]],
        "variables": [{"key": key, "default": chance.text(), "type": chance.choice(TYPES)} for key in KEYS if chance.maybe(1)],
        "settings": {
            "exit_words": chance.some(lambda: chance.choice(["EXIT", "", "x"]), 2),
            "exit_text": chance.text(), "failure_message": chance.text(),
            "expires_after_seconds": chance.choice([0, 60, 86_400, 10**12]),
            "language": chance.choice(["en", "es", "pt"]),
            "timezone": chance.choice(["UTC", "America/Bogota", "Nowhere/Never"]),
            "reminder": chance.maybe(reminder, None),
        },
    }, Definition)  # fmt: skip


def block(chance: Chance, identifier: str) -> dict[str, Any]:
    """A block of any kind."""
    kind = chance.choice([*KINDS, "question", "buttons", "list", "custom_integration", "custom_integration"])
    edges = {edge: chance.choice([*IDS, *IDS, *IDS, "nowhere"]) for edge in EDGES if chance.random() < 0.85}
    return {"type": kind, "id": identifier, "edges": edges, **KINDS[kind](chance)}


def _asking(chance: Chance) -> dict[str, Any]:
    return {
        "answer": chance.choice(["", *KEYS]), "text": chance.text(), "retry_text": chance.maybe(chance.text()),
        "attempts": chance.randint(-1, 4), "timeout_seconds": chance.number(),
    }  # fmt: skip


def _content(chance: Chance) -> dict[str, Any]:
    texts = {
        "text": ["text"], "image": ["url", "caption"], "video": ["url", "caption"],
        "document": ["url", "caption", "filename"], "location": ["latitude", "longitude", "name", "address"],
        "link_button": ["text", "label", "url"],
    }  # fmt: skip
    kind = chance.choice(["text", *texts])
    return {"kind": kind, **{name: chance.text() for name in texts[kind]}}


def _checks(chance: Chance) -> dict[str, Any]:
    option = lambda: {"value": chance.short(), "label": chance.short(), "synonyms": [chance.short()]}  # noqa: E731 - short
    return {
        "minimum": chance.maybe(chance.text()), "maximum": chance.maybe(chance.text()),
        "min_length": chance.maybe(chance.randint(0, 9), None), "max_length": chance.maybe(chance.randint(0, 9), None),
        "pattern": chance.choice(["", "", "(a+)+$", "[0-9]+", "[", r"(a)\1"]),
        "options": chance.some(option, 12), "media_types": chance.some(lambda: chance.choice(["image", "application/pdf"]), 1),
        "max_bytes": chance.maybe(1000, None),
    }  # fmt: skip


def _source(chance: Chance) -> dict[str, Any]:
    value = lambda: {  # noqa: E731 - short
        "identifier": chance.choice(KEYS), "key": chance.choice(["id", "name", "", "x["]), "type": chance.choice(TYPES),
    }  # fmt: skip
    return {
        "rows": chance.choice(["{{outputs.a.items}}", "{{outputs.b.items}}", "[1,2]", "{{variables.c}}", ""]),
        "id": chance.choice(["", "id", "$", "broken["]), "title": chance.choice(["", "name", "$"]),
        "description": chance.choice(["", "about"]), "values": chance.some(value, 2),
    }  # fmt: skip


def _buttons(chance: Chance) -> dict[str, Any]:
    button = lambda: {"id": chance.choice(["x", "y", "", "i" * 300]), "title": chance.short()}  # noqa: E731 - short
    return {
        **_asking(chance), "header": chance.text(), "footer": chance.text(),
        "source": _source(chance) if chance.random() < 0.25 else None, "buttons": chance.some(button, 5),
    }  # fmt: skip


def _list(chance: Chance) -> dict[str, Any]:
    row = lambda: {  # noqa: E731 - short
        "id": chance.choice(["x", "y", "", " z", "i" * 300]), "title": chance.short(), "description": chance.text(),
    }  # fmt: skip
    section = lambda: {"title": chance.short(), "rows": chance.some(row, chance.choice([3, 13]))}  # noqa: E731 - short
    return {
        **_asking(chance), "header": chance.text(), "label": chance.text(), "more_label": chance.text(),
        "source": _source(chance) if chance.random() < 0.25 else None, "sections": chance.some(section, chance.choice([2, 12])),
    }  # fmt: skip


def _condition(chance: Chance) -> dict[str, Any]:
    def test() -> dict[str, Any]:
        return {"left": chance.text(), "operator": chance.choice(typing.get_args(Operator)), "right": chance.text()}

    def group() -> dict[str, Any]:
        return {"match": chance.choice(["all", "any"]), "tests": chance.some(test, 3)}

    def branch() -> dict[str, Any]:
        return {"id": chance.choice("xy"), "match": chance.choice(["all", "any"]), "groups": chance.some(group, 2)}

    return {"branches": chance.some(branch, 3)}


def _custom_integration(chance: Chance) -> dict[str, Any]:
    rule = lambda: {  # noqa: E731 - short
        "input": chance.choice(KEYS), "text": chance.text(), "at_most": chance.randint(0, 3),
        "outcomes": ["http_4xx", "input_invalid"], "contains": chance.maybe("hi"),
    }  # fmt: skip
    return {
        "key": chance.choice(["", *KEYS]), "action_id": chance.choice(["", "act_1", "act_1", "act_1"]),
        "inputs": {key: chance.maybe("{{answers.a}}", chance.text()) for key in KEYS if chance.maybe(1)}, "wait_text": chance.text(),
        "on_late": chance.choice(["wait", "timeout"]), "ask_again": chance.some(rule, 2),
    }  # fmt: skip


KINDS: dict[str, Any] = {
    "message": lambda chance: {"content": _content(chance)},
    "question": lambda chance: {
        **_asking(chance), "expects": chance.choice(typing.get_args(AnswerType)), "checks": chance.maybe(_checks(chance), {}),
    },
    "buttons": _buttons,
    "list": _list,
    "condition": _condition,
    "set_variable": lambda chance: {"variable": chance.choice([*KEYS, "none"]), "value": chance.text()},
    "custom_integration": _custom_integration,
    "wait": lambda chance: {"seconds": chance.number(), "until": chance.maybe(chance.text())},
    "jump": lambda chance: {"block": chance.choice([*IDS, ""])},
    "call_flow": lambda chance: {"key": chance.choice(["", *KEYS]), "variables": {key: chance.text() for key in KEYS}},
    "form": lambda chance: {"text": chance.text(), "form_id": chance.text(), "answer": "x", "given": {"a": chance.text()}},
    "hand_over": lambda chance: {"text": chance.text(), "note": chance.text(), "timeout_seconds": chance.number()},
    "end": lambda chance: {"text": chance.text()},
}  # fmt: skip


def contact(chance: Chance) -> Contact:
    """Somebody known or not."""
    return Contact(name=chance.maybe("Ana", None), phone=chance.maybe("+573001234567", None))


def incoming(chance: Chance, state: State) -> Incoming:
    """Any message; taps on what stands open, stood open, and never was."""
    kind = chance.randint(0, 9)
    if kind < 4:
        return Incoming(id="m", text=chance.choice(WORDS))
    if kind < 7:
        names = ["x", "y", "yes", "no", "row-0", "row-1", "row-12", "more:1", "more:2", "more:999", "1"]
        visit = max(0, state.last_visit - chance.choice([0, 0, 0, 1]))
        return Incoming(id="m", reply_id=chance.choice(["x", f"{visit}:{chance.choice(names)}"]))
    if kind == 7:
        return Incoming(id="m", media=Media(
            id="f", kind=chance.choice(["image", "video", "audio", "document", "sticker"]),
            mime_type=chance.choice(["", "application/pdf; a=b"]), bytes=chance.choice([None, 10, 2000]),
        ))  # fmt: skip
    if kind == 8:
        return Incoming(id="m", location=Place(latitude=chance.uniform(-100, 100), longitude=chance.uniform(-200, 200)))
    return Incoming(id="m")


def call_ended(chance: Chance, state: State, at: dt.datetime) -> CallEnded:
    """The end of a call, mostly of the one that is waited for."""
    is_this = chance.random() < 0.9
    return CallEnded(
        at=at,
        block_id=state.frames[-1].block_id if is_this else chance.choice(IDS),
        visit=state.last_visit if is_this else chance.randint(0, state.last_visit),
        outcome=chance.choice(["ok"] * 8 + OUTCOMES),
        status=chance.maybe(404, None),
        outputs=chance.outputs(),
        headers={"Date": "now"},
        body=chance.maybe(chance.text(), None),
        error=chance.maybe(chance.text(), None),
        refused_inputs=chance.some(lambda: chance.choice(KEYS), 2),
    )


def event(chance: Chance, state: State, at: dt.datetime) -> Event:
    """Something that may happen next: mostly what is waited for, at times what is not."""
    kind = chance.randint(0, 19)
    if state.status in ENDED and kind < 14:
        return Jumped(at=at, block_id=chance.choice(IDS))
    awaited = state.waiting.kind if state.waiting else None
    if kind < 12 and awaited in {"answer", "call"}:
        return (
            Received(at=at, message=incoming(chance, state)) if awaited == "answer" else call_ended(chance, state, at)
        )
    if kind < 15 and state.timers:
        timer = chance.choice(state.timers)
        return TimerFired(at=chance.choice([at, max(at, timer.due_at)]), kind=timer.kind)
    others: list[Event] = [
        Received(at=at, message=incoming(chance, state)),
        call_ended(chance, state, at),
        CallLate(at=at, block_id=state.frames[-1].block_id, visit=state.last_visit),
        AgentClosed(at=at),
        TimerFired(at=at, kind="expiry"),
        Jumped(at=at, block_id=chance.choice(IDS)),
        Cancelled(at=at) if chance.random() < 0.3 else AgentClosed(at=at),
    ]
    return chance.choice(others)
