"""One event's work: the state as it becomes, what is to be done, and what the blocks may ask of both."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Mapping
from typing import Any, Final, Literal

import msgspec

from recado.actions.paths import MISSING
from recado.flows.compiled import Flow, Program
from recado.flows.definition import Block, FlowSettings
from recado.flows.events import CallShown, Effect, Frame, Noted, Outgoing, Send, State, Timer, Waiting
from recado.flows.limits import MAX_MESSAGES, MAX_STATE_BYTES, MAX_VALUE_BYTES
from recado.flows.outgoing import limit_cut_to, text_message, visible
from recado.flows.references import FlowReference, fill, value_of
from recado.flows.texts import Texts
from recado.flows.values import moment_of, size_of, text_of

_SURELY_SMALL: Final = 256
"""Bytes of values that fit whatever else is kept: they are there once for each block."""


class Turn:
    """What a step works on; `state` is its own copy."""

    __slots__ = ("at", "effects", "has_said_too_much", "program", "state")

    def __init__(self, program: Program, state: State, at: dt.datetime) -> None:
        self.program = program
        self.state = copy_state(state)
        self.at = at
        self.effects: list[Effect] = []
        self.has_said_too_much = False

    # ── where we are ─────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def frame(self) -> Frame:
        """The flow that is walked now."""
        return self.state.frames[-1]

    @property
    def flow(self) -> Flow:
        """Its version."""
        return self.program[self.state.frames[-1].flow]

    @property
    def block(self) -> Block | None:
        """The block it stands at."""
        return self.flow.blocks.get(self.frame.block_id)

    @property
    def awaits(self) -> str | None:
        """What the conversation stands still for."""
        return None if self.state.waiting is None else self.state.waiting.kind

    @property
    def own(self) -> Flow:
        """The conversation's own flow: its settings hold for those it calls too."""
        return self.program[self.state.frames[0].flow]

    @property
    def settings(self) -> FlowSettings:
        """The settings that hold."""
        return self.own.settings

    @property
    def texts(self) -> Texts:
        """What is said where the author wrote nothing."""
        return self.own.texts

    @property
    def zone(self) -> dt.tzinfo:
        """The time zone that people's dates are read in."""
        return self.own.zone

    # ── texts and values ─────────────────────────────────────────────────────────────────────────────────────────────

    def text(self, template: str) -> str:
        """A text as a person reads it."""
        return fill(self.flow.read(template), self.look_up, self.write)

    def value(self, template: str) -> Any:
        """What a text stands for: a lone reference keeps its value's type, MISSING where it has none."""
        return value_of(self.flow.read(template), self.look_up, _write_plainly)

    def words(self, template: str, default: str = "") -> str:
        """A text as a person reads it, blanks around it dropped; `default` where nothing of it would be seen."""
        return visible(self.text(template)) or default

    def own_words(self, template: str, default: str) -> str:
        """The same for a text of the settings: its references are those of the conversation's own flow."""
        own, self.state.frames = self.state.frames, self.state.frames[:1]
        try:
            return self.words(template, default)
        finally:
            self.state.frames = own

    def look_up(self, reference: FlowReference) -> Any:
        """The value of a reference, MISSING where there is none."""
        frame = self.frame
        match reference.root:
            case "answers":
                return _part_of_answer(frame.answers.get(reference.key, MISSING), reference.field)
            case "outputs":
                return frame.outputs.get(reference.key, {}).get(reference.field, MISSING)
            case "calls":
                return _fact_of_call(frame.calls.get(reference.key), reference.field)
            case "variables":
                return frame.variables.get(reference.key, MISSING)
            case "contact":
                found = self.state.contact.name if reference.key == "name" else self.state.contact.phone
                return MISSING if found is None else found

    def write(self, reference: FlowReference, value: Any) -> str:
        """A value in a message: yes and no in the flow's language, dates in its time zone, all else as it is."""
        if isinstance(value, bool):
            return (self.texts.yes if value else self.texts.no).lower()
        if (reference.root, reference.key) in self.flow.moments and (moment := moment_of(value, self.zone)):
            return write_moment(moment, self.zone, self.settings.language)
        return text_of(value)

    def too_big(self, values: Mapping[str, Any]) -> Noted | None:
        """The note of what is too big to be kept, alone or beside all else; None where everything fits."""
        sizes = {name: size_of(value) for name, value in values.items()}
        whole = sum(sizes.values())
        if whole < _SURELY_SMALL:
            return None
        largest = max(sizes, key=sizes.__getitem__)
        if sizes[largest] > MAX_VALUE_BYTES:
            return self._note_of("value_too_big", largest, MAX_VALUE_BYTES)
        if whole + size_of(self.state.frames) > MAX_STATE_BYTES:
            self._forget_answers()
        if whole + size_of(self.state.frames) > MAX_STATE_BYTES:
            return self._note_of("state_too_big", largest, MAX_STATE_BYTES)
        return None

    def _forget_answers(self) -> None:
        """Give up the bodies and headers of earlier answers: executions have them, and outputs were picked out of them."""
        for frame in self.state.frames:
            for key, call in frame.calls.items():
                frame.calls[key] = msgspec.structs.replace(call, body=None, headers={})

    def _note_of(self, code: str, name: str, limit: int) -> Noted:
        return Noted(
            code=code, block_id=self.frame.block_id or None, params={"name": name, "limit": f"{limit // 1024} KiB"}
        )

    # ── what is done ─────────────────────────────────────────────────────────────────────────────────────────────────

    def say(self, block_id: str, message: Outgoing | None) -> None:
        """Send a message; one too many between two answers ends the conversation after this block."""
        if message is None:
            return
        self.state.said += 1
        if self.state.said > MAX_MESSAGES:
            self.has_said_too_much = True
            return
        self.effects.append(Send(block_id=block_id, message=message))
        if (limit := limit_cut_to(message)) is not None:
            self.note("text_cut", block_id, limit=limit)

    def tell(self, block_id: str, text: str) -> None:
        """Say some words that no guard may hold back: a failure, a reminder."""
        if (message := text_message(text)) is not None:
            self.effects.append(Send(block_id=block_id, message=message))

    def note(self, code: str, block_id: str | None = None, **params: Any) -> None:
        """Leave word for those who look at the conversation."""
        self.effects.append(Noted(code=code, block_id=block_id, params=params))

    def wait(self, kind: Literal["answer", "call", "time", "agent"], timers: list[Timer]) -> None:
        """Stand still until an event of this kind, or one of the timers."""
        self.state.waiting = Waiting(kind=kind)
        self.state.status = "with_agent" if kind == "agent" else "waiting"
        self.state.timers = timers

    def count_anew(self) -> None:
        """Count messages and blocks from here: somebody answered, or much time went by."""
        self.state.said = self.state.walked = 0

    def after(self, seconds: float) -> dt.datetime:
        """The time so many seconds from now; far ahead where the calendar ends."""
        try:
            return self.at + dt.timedelta(seconds=max(0, seconds))
        except OverflowError:
            return dt.datetime.max.replace(tzinfo=dt.UTC)


def copy_state(state: State) -> State:
    """A state that may be changed without the other changing; values inside are never changed, so they are shared."""
    copied = msgspec.structs.replace(
        state, frames=[_copy_frame(frame) for frame in state.frames], timers=list(state.timers)
    )
    if state.waiting is not None:
        copied.waiting = msgspec.structs.replace(state.waiting)
    return copied


def write_moment(moment: dt.datetime, zone: dt.tzinfo, language: str) -> str:
    """A date as people write it, in their time zone; the time is left out at midnight."""
    with contextlib.suppress(OverflowError):  # at either end of the calendar
        moment = moment.astimezone(zone)
    date = f"{moment:%Y-%m-%d}" if language == "en" else f"{moment:%d/%m/%Y}"
    return date if (moment.hour, moment.minute, moment.second) == (0, 0, 0) else f"{date} {moment:%H:%M}"


def _copy_frame(frame: Frame) -> Frame:
    return Frame(
        flow=frame.flow,
        block_id=frame.block_id,
        answers=dict(frame.answers),
        outputs=dict(frame.outputs),
        calls=dict(frame.calls),
        variables=dict(frame.variables),
        asked_again=dict(frame.asked_again),
        answered_at=dict(frame.answered_at),
        late_calls=dict(frame.late_calls),
    )


def _part_of_answer(answer: Any, name: str) -> Any:
    """An answer, or a part of one that has several: a chosen row, a file, a location; of files that part of each."""
    if isinstance(answer, list) and name:
        return [_part_of_answer(each, name) for each in answer]
    if not isinstance(answer, dict):
        return MISSING if name else answer
    if name:
        values = answer.get("values", {})
        return values[name] if name in values else answer.get(name, MISSING)
    match answer.get("kind"):
        case "row":
            return answer.get("title", "")
        case "form":
            return answer.get("values", {})
        case "file":
            return answer.get("url") or answer.get("filename") or answer.get("id", "")
        case _:
            return f"{answer.get('latitude')},{answer.get('longitude')}"


def _fact_of_call(call: CallShown | None, name: str) -> Any:
    if call is None:
        return MISSING
    if name.startswith("headers."):
        return call.headers.get(name[len("headers.") :], MISSING)
    found = getattr(call, name)
    return MISSING if found is None else found


def _write_plainly(_reference: FlowReference, value: Any) -> str:
    return text_of(value)
