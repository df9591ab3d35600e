"""Answers the screens of forms: runs the action of a screen within its time, once for each question, and never fails for the client."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
import structlog

from recado.accounts.service import system_caller
from recado.actions.paths import MISSING
from recado.channels.whatsapp.forms import words
from recado.channels.whatsapp.forms.definition import END, FAILED, FormDefinition, Handler, Step
from recado.channels.whatsapp.forms.exchange import Answer, Asked, finish, show
from recado.channels.whatsapp.forms.filling import TYPE_WORDS, Unfit, fill_data
from recado.channels.whatsapp.forms.flow_json import FlowJson
from recado.channels.whatsapp.forms.references import Values, fill
from recado.errors import Invalid, RecadoError, TemplateRefused, ValidationFailed
from recado.executions.runner import Runner
from recado.flows.values import text_of

BUDGET_SECONDS: Final = 8.0
"""From the request's arrival to its answer; the client gives up after ten."""
KEPT_SECONDS: Final = 20.0
"""How long an answer is given again to the same question: a client repeats one that it has not heard the answer of."""
_MARGIN_SECONDS: Final = 0.5
_LEAST_SECONDS: Final = 0.5
_MOST_KEPT: Final = 2_000
_GOOD: Final = frozenset({None, "ok"})
_UNFIT: Final = "unfit"
_log: Final = structlog.get_logger("recado.forms")


@dataclass(frozen=True, slots=True)
class Form:
    """A form ready to answer."""

    id: str
    workspace_id: str
    definition: FormDefinition
    json: FlowJson


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as it was sent to somebody: by its token, with the values that came along and what is known of the conversation."""

    token: str = field(repr=False)
    token_hash: str
    form: Form
    given: dict[str, Any] = field(default_factory=dict, repr=False)
    variables: dict[str, Any] = field(default_factory=dict, repr=False)
    contact: dict[str, Any] = field(default_factory=dict, repr=False)

    def values(self, asked: Asked, outputs: dict[str, Any] | None = None) -> Values:
        """What references stand for."""
        return Values(asked.data, self.given, self.variables, self.contact, outputs or {})


@dataclass(frozen=True, slots=True)
class Ran:
    """How the action of a screen ended; no outcome where none was to be run."""

    outcome: str | None = None
    execution_id: str | None = None
    outputs: dict[str, Any] = field(default_factory=dict, repr=False)
    problem: str = ""
    """What went wrong, in words for the form's author."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a screen is answered, and what came of its action."""

    answer: Answer = field(repr=False)
    ran: Ran
    is_failure: bool = False
    """Failures are tried again at once, everything else is answered the same for a while."""


class Answerer:
    """Answers; one for a process, which alone knows what it has answered."""

    def __init__(self, runner: Runner, budget_seconds: float = BUDGET_SECONDS) -> None:
        self._runner = runner
        self._budget = budget_seconds
        self._answers: dict[tuple[str, str], asyncio.Task[Told]] = {}
        self._shown: dict[tuple[str, str], dict[str, Any]] = {}

    async def answer(self, sent: Sent, asked: Asked, since: float) -> Told:
        """The answer, at the latest when the budget that began `since` (`time.monotonic`) is spent.

        Whoever asks the same while it is being found out waits for the same answer. Raises FormRequestInvalid.
        """
        key = (sent.token_hash, asked.fingerprint)
        task = self._answers.get(key)
        if task is None:
            handler = sent.form.definition.handler_of(asked.ask, asked.screen)
            task = asyncio.create_task(self._answer(sent, asked, handler, since), name="recado-form")
            _make_room(self._answers)
            self._answers[key] = task
            task.add_done_callback(lambda done: self._answered(key, done))
        left = self._budget - (time.monotonic() - since)
        await asyncio.wait({task}, timeout=max(left, 0.0))
        if not task.done():  # it goes on, so that who repeats the question finds its answer
            return self._sorry(sent, asked, Ran("timeout", problem="No answer within the time of the form."))
        return task.result()

    def _answered(self, key: tuple[str, str], task: asyncio.Task[Told]) -> None:
        if task.cancelled() or task.exception() is not None or task.result().is_failure:
            self._answers.pop(key, None)
        else:
            asyncio.get_running_loop().call_later(KEPT_SECONDS, self._answers.pop, key, None)

    # ── one question ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def _answer(self, sent: Sent, asked: Asked, handler: Handler | None, since: float) -> Told:
        if handler is None:
            return self._unhandled(sent, asked)
        ran = Ran()
        try:
            if handler.action_id:
                ran = await self._run(sent, asked, handler, since)
            if ran.outcome not in _GOOD:
                return self._failure(sent, asked, handler, ran)
            values = sent.values(asked, ran.outputs)
            return self._step(sent, asked, _choose(handler, values), values, ran)
        except (Unfit, TemplateRefused) as problem:
            unfit = Ran(_UNFIT, ran.execution_id, ran.outputs, _words_of(problem))
            return self._failure(sent, asked, handler, unfit)
        except Exception:  # noqa: BLE001  # the client hears of a failure in words, never as one of ours
            _log.exception("form_failed", form_id=sent.form.id)
            return self._sorry(sent, asked, Ran("unknown", ran.execution_id))

    async def _run(self, sent: Sent, asked: Asked, handler: Handler, since: float) -> Ran:
        """Run the action, within what is left of the budget."""
        workspace_id, values = sent.form.workspace_id, sent.values(asked)
        inputs = {key: _as_input(fill(text, values)) for key, text in handler.inputs.items()}
        left = self._budget - _MARGIN_SECONDS - (time.monotonic() - since)
        try:
            action = await self._runner.ready.action(workspace_id, handler.action_id)
            execution = await self._runner.run_action(
                system_caller(workspace_id),
                handler.action_id,
                action.fit_inputs({key: value for key, value in inputs.items() if value is not None}),
                handler.credential_id or None,
                most_seconds=max(left, _LEAST_SECONDS),
            )
        except RecadoError as problem:
            return _refused(problem)
        told = execution.error.message if execution.error else ""
        return Ran(execution.outcome or "unknown", execution.id, execution.outputs, told)

    # ── what is shown ────────────────────────────────────────────────────────────────────────────────────────────────

    def _step(self, sent: Sent, asked: Asked, step: Step, values: Values, ran: Ran) -> Told:
        """Raises Unfit, TemplateRefused."""
        is_failure = ran.outcome not in _GOOD
        if step.screen == END:
            return Told(finish(sent.token, fill_data(step.data, values, None)), ran, is_failure)
        screen = step.screen or self._screen_of(sent, asked)
        known = sent.form.json.screens.get(screen)
        data = fill_data(step.data, values, known.data if known else {})
        if screen == asked.screen:
            data = self._shown_on(sent, screen) | data
        _make_room(self._shown)
        self._shown[sent.token_hash, screen] = data
        return Told(show(screen, data, text_of(fill(step.message, values))), ran, is_failure)

    def _failure(self, sent: Sent, asked: Asked, handler: Handler, ran: Ran) -> Told:
        """The step of a failure; without one, and whatever is wrong with it, the same screen with words above it."""
        _log.warning("form_screen_failed", form_id=sent.form.id, outcome=ran.outcome, execution_id=ran.execution_id)
        step = handler.failures.get(ran.outcome or FAILED) or handler.failures.get(FAILED)
        if step is None:
            return self._sorry(sent, asked, ran)
        if not step.message and step.screen in {"", asked.screen}:
            step = msgspec.structs.replace(step, message=_literal(words.failed(sent.form.definition)))
        try:
            return self._step(sent, asked, step, sent.values(asked), ran)
        except (Unfit, TemplateRefused):
            return self._sorry(sent, asked, ran)

    def _sorry(self, sent: Sent, asked: Asked, ran: Ran) -> Told:
        """The same screen as it was, with words above it."""
        screen = self._screen_of(sent, asked)
        answer = show(screen, self._shown_on(sent, screen), words.failed(sent.form.definition))
        return Told(answer, ran, is_failure=True)

    def _unhandled(self, sent: Sent, asked: Asked) -> Told:
        """Opening and coming back need no words; whoever sends a screen off has to hear that nothing came of it."""
        if asked.ask == "data_exchange":
            return self._sorry(sent, asked, Ran("blocked", problem="Nothing answers this screen."))
        screen = self._screen_of(sent, asked)
        return Told(show(screen, self._shown_on(sent, screen)), Ran())

    def _screen_of(self, sent: Sent, asked: Asked) -> str:
        return asked.screen if asked.screen in sent.form.json.screens else sent.form.json.first

    def _shown_on(self, sent: Sent, screen: str) -> dict[str, Any]:
        """What the screen was filled with last, as far as this process knows."""
        return self._shown.get((sent.token_hash, screen), {})


def _choose(handler: Handler, values: Values) -> Step:
    """The step that follows when all went well. Raises TemplateRefused."""
    for branch in handler.branches:
        if text_of(fill(branch.value, values)).strip().casefold() == branch.equals.strip().casefold():
            return branch.step
    return handler.next


def _as_input(value: Any) -> Any:
    """A value as an action takes it: lists and objects as their JSON, nothing for what is empty."""
    if value is MISSING or value is None or value == "":
        return None
    return text_of(value) if isinstance(value, dict | list) else value


def _refused(problem: RecadoError) -> Ran:
    """The action could not even be run."""
    told = problem.problems[0] if isinstance(problem, ValidationFailed) and problem.problems else problem
    is_input = isinstance(problem, ValidationFailed | Invalid)
    return Ran("input_invalid" if is_input else "blocked", problem=str(told))


def _words_of(problem: Unfit | TemplateRefused) -> str:
    if isinstance(problem, Unfit):
        return f'The value for "{problem.key}" is not {TYPE_WORDS.get(problem.type, problem.type)}.'
    return str(problem)


def _literal(text: str) -> str:
    """A text that is filled as it stands."""
    return text.replace("{{", "\\{{")


def _make_room(kept: dict[Any, Any]) -> None:
    while len(kept) >= _MOST_KEPT:
        kept.pop(next(iter(kept)))
