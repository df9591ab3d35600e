"""What is wrong with a form, each problem with its place; a form is kept whatever they are, and says so until they are solved  [pure]."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from recado.channels.whatsapp.forms.definition import END, FAILED, Fill, FormDefinition, Handler, Step
from recado.channels.whatsapp.forms.filling import TYPE_WORDS, Unfit, fit
from recado.channels.whatsapp.forms.flow_json import FlowJson, Screen, read_flow_json
from recado.channels.whatsapp.forms.references import FormReference, parse_text, references_in
from recado.errors import (
    DuplicateName,
    FieldRequired,
    FormActionUnfit,
    FormDataType,
    FormDataUnfilled,
    FormDataUnknown,
    FormJsonInvalid,
    FormOutputUnknown,
    FormRouteMissing,
    FormScreenUnanswered,
    FormScreenUnknown,
    Invalid,
    RecadoError,
    TemplateRefused,
    UnknownField,
)
from recado.flows.catalog import KnownAction
from recado.flows.ways import OUTCOMES

_GONE: Final = KnownAction("", "")
_WAYS: Final = frozenset({*OUTCOMES, FAILED})
_NEVER: Final = {
    "string": frozenset({"array", "object"}),
    "integer": frozenset({"array", "object", "boolean"}),
    "number": frozenset({"array", "object", "boolean"}),
    "boolean": frozenset({"array", "object", "number", "integer"}),
    "datetime": frozenset({"array", "object", "number", "integer", "boolean"}),
    "json": frozenset({"number", "integer", "boolean"}),
}
"""Which types of a screen's data an output of a type can never be."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a form may name outside itself: actions by id, and the integration that each credential belongs to."""

    actions: Mapping[str, KnownAction] = field(default_factory=dict)
    credentials: Mapping[str, str] = field(default_factory=dict)


def find_problems(definition: FormDefinition, known: Known) -> list[RecadoError]:
    """Everything that is wrong, in the order of the definition."""
    try:
        form = read_flow_json(definition.flow_json)
    except FormJsonInvalid as problem:
        return [problem.at("flow_json")]
    checks = _Checks(form, known)
    for index, handler in enumerate(definition.handlers):
        checks.handler(f"handlers[{index}]", handler)
    checks.unanswered(definition)
    return checks.found


class _Checks:
    """One look over one form."""

    def __init__(self, form: FlowJson, known: Known) -> None:
        self._form = form
        self._known = known
        self._seen: set[tuple[str, str]] = set()
        self.found: list[RecadoError] = []

    # ── handlers ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def handler(self, path: str, handler: Handler) -> None:
        place = (handler.ask, handler.screen)
        if place in self._seen:
            self._add(DuplicateName(path, name=f"{handler.ask} {handler.screen}".strip()))
        self._seen.add(place)
        if handler.screen and handler.screen not in self._form.screens:
            self._add(FormScreenUnknown(f"{path}.screen", screen=handler.screen))
        action = self._action(path, handler)
        for where, step in _steps_of(handler):
            self._step(f"{path}.{where}", handler, step, action, has_outputs=not where.startswith("failures."))
        for way in handler.failures:
            if way not in _WAYS:
                self._add(UnknownField(f"{path}.failures.{way}", name=way[:64]))
        for index, branch in enumerate(handler.branches):
            self._references(f"{path}.branches[{index}].value", branch.value, action)

    def _action(self, path: str, handler: Handler) -> KnownAction | None:
        if not handler.action_id:
            return None
        place = f"{path}.action_id"
        action = self._known.actions.get(handler.action_id)
        if action is None:
            self._add(FormActionUnfit(place, reason="it is not there"))
            return _GONE
        if action.inputs is None or not action.has_request:
            self._add(FormActionUnfit(place, reason="it has no request, or is damaged"))
        credential = self._known.credentials.get(handler.credential_id)
        if handler.credential_id and credential != action.integration_id:
            self._add(Invalid(f"{path}.credential_id", reason="This credential belongs to another integration."))
        self._inputs(path, handler, action)
        return action

    def _inputs(self, path: str, handler: Handler, action: KnownAction) -> None:
        known = action.inputs or {}
        for key, text in handler.inputs.items():
            place = f"{path}.inputs.{key}"
            if action.inputs is not None and key not in known:
                self._add(UnknownField(place, name=key))
            self._references(place, text, None)
        for key, spec in known.items():
            if spec.is_required and not handler.inputs.get(key):
                self._add(FieldRequired(f"{path}.inputs.{key}"))

    # ── steps ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _step(self, path: str, handler: Handler, step: Step, action: KnownAction | None, *, has_outputs: bool) -> None:
        brought = action if has_outputs else None
        self._references(f"{path}.message", step.message, brought)
        for key, wanted in step.data.items():
            self._fill(f"{path}.data.{key}", wanted, brought)
        name = step.screen or handler.screen
        if name in {"", END}:
            return
        screen = self._form.screens.get(name)
        if screen is None:
            if step.screen:
                self._add(FormScreenUnknown(f"{path}.screen", screen=name))
            return
        if handler.ask == "data_exchange" and handler.screen and not self._form.leads(handler.screen, name):
            self._add(FormRouteMissing(f"{path}.screen", screen=handler.screen, next=name))
        self._data(path, step, screen, brought, is_same=name == handler.screen)

    def _data(self, path: str, step: Step, screen: Screen, action: KnownAction | None, *, is_same: bool) -> None:
        for key, wanted in step.data.items():
            schema = screen.data.get(key)
            if schema is None:
                self._add(FormDataUnknown(f"{path}.data.{key}", screen=screen.id, key=key))
            else:
                self._type(f"{path}.data.{key}", wanted, schema, screen, key, action)
        if not is_same:
            for key in screen.data:
                if key not in step.data:
                    self._add(FormDataUnfilled(f"{path}.data.{key}", screen=screen.id, key=key))

    def _type(
        self,
        path: str,
        wanted: Fill,
        schema: Mapping[str, Any],
        screen: Screen,
        key: str,
        action: KnownAction | None,
    ) -> None:
        """A constant has to fit; what an output brings must at least be able to."""
        if _is_unfit(wanted, schema, action):
            word = TYPE_WORDS.get(str(schema.get("type")), str(schema.get("type"))[:40])
            self._add(FormDataType(path, screen=screen.id, key=key, type=word))

    def _fill(self, path: str, wanted: Fill, action: KnownAction | None) -> None:
        self._references(f"{path}.each", wanted.each, action)
        self._references(f"{path}.value", wanted.value, action)
        for name, text in wanted.item.items():
            self._references(f"{path}.item.{name}", text, action)

    def _references(self, path: str, value: Any, action: KnownAction | None) -> None:
        try:
            references = list(references_in(value))
        except TemplateRefused as problem:
            self._add(problem.at(path))
            return
        for reference in references:
            if reference.root == "outputs" and not _brings(action, reference):
                self._add(FormOutputUnknown(path, key=reference.key))

    # ── the whole ────────────────────────────────────────────────────────────────────────────────────────────────────

    def unanswered(self, definition: FormDefinition) -> None:
        for screen in self._form.screens.values():
            if screen.is_asking and definition.handler_of("data_exchange", screen.id) is None:
                self._add(FormScreenUnanswered("handlers", screen=screen.id, action="data_exchange"))
            if screen.is_refreshed and definition.handler_of("BACK", screen.id) is None:
                self._add(FormScreenUnanswered("handlers", screen=screen.id, action="BACK"))

    def _add(self, problem: RecadoError) -> None:
        self.found.append(problem)


def _steps_of(handler: Handler) -> Iterator[tuple[str, Step]]:
    yield "next", handler.next
    for index, branch in enumerate(handler.branches):
        yield f"branches[{index}].step", branch.step
    for way, step in handler.failures.items():
        yield f"failures.{way}", step


def _brings(action: KnownAction | None, reference: FormReference) -> bool:
    """Whether the action has such an output; of one that is gone or damaged nothing is said twice."""
    return action is not None and (action.outputs is None or reference.key in action.outputs)


def _is_unfit(wanted: Fill, schema: Mapping[str, Any], action: KnownAction | None) -> bool:
    if wanted.each:
        return schema.get("type") not in {None, "array"}
    try:
        references = list(references_in(wanted.value))
        if not references:
            fit(wanted.value, schema)
            return False
        text = parse_text(wanted.value) if isinstance(wanted.value, str) else ()
    except TemplateRefused:  # told already
        return False
    except Unfit:
        return True
    if len(text) != 1 or action is None or action.outputs is None:
        return False
    reference = references[0]
    type_ = action.outputs.get(reference.key) if reference.root == "outputs" and len(reference.path) == 1 else None
    return type_ is not None and schema.get("type") in _NEVER[type_]
