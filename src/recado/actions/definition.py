"""What an action is made of: its inputs and outputs, and the rules for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from recado.accounts.words import clean_name
from recado.actions.outputs import CompiledOutput, OutputFieldType, OutputSpec, compile_output, suggest_identifier
from recado.errors import FieldRequired, RecadoError, TooMany
from recado.fields import FieldType
from recado.integrations.checks import check_identifiers, collecting, raise_if_any
from recado.outbound.scope import InputSpec

MAX_INPUTS: Final = 100
MAX_OUTPUTS: Final = 100


class Input(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A value that a run of the action is given; requests refer to it as `{{inputs.key}}`."""

    key: str
    name: str
    type: FieldType
    required: bool = False


class OutputIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An output as a client sends it; without an identifier it gets the last name of its key."""

    key: str
    name: str
    type: OutputFieldType
    identifier: str | None = None
    required: bool = False


class Output(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of the answer: `key` is where it stands there, `identifier` what flows and executions call it."""

    key: str
    name: str
    identifier: str
    type: OutputFieldType
    required: bool


def clean_inputs(given: Sequence[Input]) -> list[Input]:
    """The inputs as they are stored. Raises ValidationFailed with every problem, paths such as `[0].key`."""
    problems: list[RecadoError] = []
    _check_count(given, MAX_INPUTS)
    check_identifiers([(f"[{index}].key", item.key) for index, item in enumerate(given)], problems)
    names = _names_of(given, problems)
    raise_if_any(problems)
    return [msgspec.structs.replace(item, name=name) for item, name in zip(given, names, strict=True)]


def clean_outputs(given: Sequence[OutputIn]) -> list[Output]:
    """The outputs as they are stored. Raises ValidationFailed with every problem, paths such as `[0].key`."""
    problems: list[RecadoError] = []
    _check_count(given, MAX_OUTPUTS)
    identifiers = _identifiers_of(given, problems)
    names = _names_of(given, problems)
    raise_if_any(problems)
    return [
        Output(item.key, name, identifier, item.type, item.required)
        for item, name, identifier in zip(given, names, identifiers, strict=True)
    ]


def input_specs(inputs: Sequence[Input]) -> Mapping[str, InputSpec]:
    """The inputs as a request's templates see them, by key."""
    return {item.key: InputSpec(item.key, item.type, item.required) for item in inputs}


def compile_outputs(outputs: Sequence[Output]) -> tuple[CompiledOutput, ...]:
    """The outputs ready to be picked."""
    return tuple(compile_output(OutputSpec(item.key, item.identifier, item.type, item.required)) for item in outputs)


def _identifiers_of(given: Sequence[OutputIn], problems: list[RecadoError]) -> list[str]:
    """The identifier of each output; those that are made from keys give way to those that were written."""
    written = [(index, item.identifier) for index, item in enumerate(given) if item.identifier]
    check_identifiers([(f"[{index}].identifier", identifier) for index, identifier in written], problems)
    taken = {identifier for _, identifier in written}
    identifiers = []
    for index, item in enumerate(given):
        identifier = item.identifier or ""
        with collecting(problems, f"[{index}].key"):
            if not item.key:
                raise FieldRequired
            compile_output(OutputSpec(item.key, identifier, item.type, item.required))
            identifier = identifier or _free(suggest_identifier(item.key), taken)
        taken.add(identifier)
        identifiers.append(identifier)
    return identifiers


def _free(wanted: str, taken: set[str]) -> str:
    """`wanted`, or `wanted_2` and so on where that is taken; never longer than an identifier may be."""
    number, identifier = 1, wanted
    while identifier in taken:
        number += 1
        suffix = f"_{number}"
        identifier = wanted[: 64 - len(suffix)].rstrip("_") + suffix
    return identifier


def _check_count(given: Sequence[object], limit: int) -> None:
    if len(given) > limit:
        raise TooMany(limit=limit)


def _names_of(given: Sequence[Input | OutputIn], problems: list[RecadoError]) -> list[str]:
    names = []
    for index, item in enumerate(given):
        with collecting(problems, f"[{index}].name"):
            names.append(clean_name(item.name, ""))
    return names
