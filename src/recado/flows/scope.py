"""What the references of a flow can name, and what kind of value each stands for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal

from recado.fields import FieldType
from recado.flows.catalog import Catalog
from recado.flows.definition import (
    Asking,
    ButtonsBlock,
    CallFlowBlock,
    CustomIntegrationBlock,
    FormBlock,
    ListBlock,
    QuestionBlock,
    Variable,
)
from recado.flows.references import FlowReference

Kind = Literal[
    "string", "integer", "number", "boolean", "datetime", "json", "email", "phone", "file", "location", "row", "any"
]
"""A type, or what a person was asked for; `any` where nothing is known."""

Problem = tuple[str, dict[str, str]]
"""A code and its facts."""

_ASKED: Final[dict[str, Kind]] = {"text": "string", "choice": "string"}
_FILE: Final[dict[str, Kind]] = {
    "url": "string", "mime_type": "string", "filename": "string", "id": "string", "caption": "string",
    "bytes": "integer",
}  # fmt: skip
_PLACE: Final[dict[str, Kind]] = {"latitude": "number", "longitude": "number", "name": "string", "address": "string"}
_ROW: Final[dict[str, Kind]] = {"id": "string", "title": "string", "description": "string"}
_FACTS: Final[dict[str, Kind]] = {"status": "integer", "outcome": "string", "error": "string", "body": "string"}

_NEVER: Final[dict[Kind, frozenset[str]]] = {
    "integer": frozenset({"datetime", "json"}),
    "number": frozenset({"datetime", "json"}),
    "boolean": frozenset({"integer", "number", "datetime", "json"}),
    "datetime": frozenset({"integer", "number", "boolean", "json"}),
    "json": frozenset({"integer", "number", "boolean", "datetime"}),
    "email": frozenset({"integer", "number", "boolean", "datetime", "json"}),
    "phone": frozenset({"boolean", "datetime", "json"}),
    "file": frozenset({"integer", "number", "boolean", "datetime", "json"}),
    "location": frozenset({"integer", "number", "boolean", "datetime", "json"}),
}
"""What a value of a kind can never be converted to."""


def can_become(kind: Kind, wanted: FieldType | Literal["json"]) -> bool:
    """Whether a value of this kind can be one of that type, if only sometimes."""
    return wanted not in _NEVER.get(kind, frozenset())


class Names:
    """All names of one flow."""

    def __init__(
        self,
        answers: Mapping[str, Sequence[Asking]],
        bringers: Mapping[str, Sequence[CustomIntegrationBlock | CallFlowBlock]],
        variables: Mapping[str, Variable],
        catalog: Catalog,
    ) -> None:
        self._answers = answers
        self._bringers = bringers
        self._variables = variables
        self._catalog = catalog

    def problem_of(self, reference: FlowReference) -> Problem | None:
        """The code and facts of what is wrong with a name; None for one that there is."""
        match reference.root:
            case "answers":
                return self._problem_of_answer(reference.key, reference.field)
            case "outputs":
                return self._problem_of_output(reference.key, reference.field)
            case "calls":
                bringers = self._bringers.get(reference.key, ())
                is_known = any(isinstance(block, CustomIntegrationBlock) for block in bringers)
                return None if is_known else ("call_unknown", {"key": reference.key})
            case "variables":
                return None if reference.key in self._variables else ("variable_unknown", {"key": reference.key})
            case "contact":
                return None

    def _problem_of_answer(self, key: str, field: str) -> Problem | None:
        if key not in self._answers:
            return "answer_unknown", {"key": key}
        if field and not any(field in _parts_of(block) for block in self._answers[key]):
            return "field_unknown", {"key": key, "field": field}
        return None

    def _problem_of_output(self, key: str, field: str) -> Problem | None:
        if key not in self._bringers:
            return "source_unknown", {"key": key}
        known = [self._outputs_of(block) for block in self._bringers[key]]
        if all(outputs is not None and field not in outputs for outputs in known):
            return "output_unknown", {"key": key, "field": field}
        return None

    def kind_of(self, reference: FlowReference) -> Kind:
        """What a reference stands for; `any` where the blocks that fill it differ, or nothing is known."""
        key, field = reference.key, reference.field
        kinds: set[Kind] = set()
        match reference.root:
            case "answers":
                kinds = {_kind_of_answer(block, field) for block in self._answers.get(key, ())}
            case "outputs":
                known = (self._outputs_of(block) for block in self._bringers.get(key, ()))
                kinds = {"any" if outputs is None else outputs.get(field, "any") for outputs in known}
            case "calls":
                kinds = {_FACTS.get(field, "string")}
            case "variables":
                kinds = {self._variables[key].type} if key in self._variables else set()
            case "contact":
                kinds = {"phone" if key == "phone" else "string"}
        return kinds.pop() if len(kinds) == 1 else "any"

    def _outputs_of(self, block: CustomIntegrationBlock | CallFlowBlock) -> Mapping[str, Kind] | None:
        """What a block brings, by identifier; None where that is not known."""
        if isinstance(block, CustomIntegrationBlock):
            action = self._catalog.actions.get(block.action_id)
            return None if action is None or action.outputs is None else dict(action.outputs)
        variables = self._catalog.variables_of(block.flow_id, block.version)
        return None if variables is None else {key: variable.type for key, variable in variables.items()}


def _parts_of(block: Asking) -> Mapping[str, Kind]:
    """The parts an answer has, beside being one whole."""
    if isinstance(block, QuestionBlock):
        return {"file": _FILE, "location": _PLACE}.get(block.expects, {})
    if isinstance(block, FormBlock):
        return {value.identifier: value.type for value in block.values}
    if isinstance(block, ButtonsBlock | ListBlock) and block.source is not None:
        return _ROW | {value.identifier: value.type for value in block.source.values}
    return _ROW


def _kind_of_answer(block: Asking, field: str) -> Kind:
    if isinstance(block, QuestionBlock) and block.expects == "file" and block.checks.several:
        return "json"
    if field:
        return _parts_of(block).get(field, "any")
    if isinstance(block, QuestionBlock):
        return _ASKED.get(block.expects, block.expects)  # type: ignore[arg-type]  # the other words are kinds too
    return "json" if isinstance(block, FormBlock) else "row"
