"""Rules about values: what is compared, what variables are given, what an input or a variable of a type can take."""

from __future__ import annotations

import datetime as dt
from typing import Final

from recado.actions.outputs import OutputFieldType
from recado.actions.paths import MISSING
from recado.errors import FieldTooLong, PatternInvalid
from recado.flows.definition import Block, ConditionBlock, SetVariableBlock, Test
from recado.flows.limits import MAX_TEXT
from recado.flows.patterns import check_pattern
from recado.flows.references import FlowReference, FlowText
from recado.flows.rules import MAX_ANY_TEXT, Rules
from recado.flows.scope import can_become
from recado.flows.values import convert, moment_of, number_of

_ALONE: Final = frozenset({"is_empty", "is_not_empty", "is_true", "is_false"})
_ORDERED: Final = frozenset({"greater_than", "at_least", "less_than", "at_most"})


def check_condition(rules: Rules, path: str, block: ConditionBlock) -> None:
    """Branches with ids of their own, and tests that can hold."""
    if not block.branches:
        rules.add("branches_missing", f"{path}.branches", block)
    seen: set[str] = set()
    for index, branch in enumerate(block.branches):
        place = f"{path}.branches[{index}]"
        if not branch.id:
            rules.add("required", f"{place}.id", block)
        elif branch.id in seen:
            rules.add("branch_id_duplicate", f"{place}.id", block, id=branch.id)
        seen.add(branch.id)
        if not any(group.tests for group in branch.groups):
            rules.add("tests_missing", f"{place}.groups", block)
        for number, group in enumerate(branch.groups):
            for count, test in enumerate(group.tests):
                _check_test(rules, f"{place}.groups[{number}].tests[{count}]", block, test)


def _check_test(rules: Rules, path: str, block: ConditionBlock, test: Test) -> None:
    rules.text(test.left, f"{path}.left", block, MAX_TEXT, missing="required")
    if test.operator in _ALONE:
        return
    parts = rules.text(test.right, f"{path}.right", block, MAX_ANY_TEXT)
    if parts is None or not all(isinstance(part, str) for part in parts):
        return
    if test.operator == "matches":
        try:
            check_pattern("".join(part for part in parts if isinstance(part, str)))
        except (PatternInvalid, FieldTooLong) as error:
            rules.findings.add_error(error, f"{path}.right", block.id)
    elif test.operator in _ORDERED and number_of(test.right.strip()) is None and moment_of(test.right, dt.UTC) is None:
        rules.add("comparison_invalid", f"{path}.right", block)


def check_set_variable(rules: Rules, path: str, block: SetVariableBlock) -> None:
    """A variable that there is, and a value that it can take."""
    text = rules.text(block.value, f"{path}.value", block, MAX_ANY_TEXT)
    variable = rules.variables.get(block.variable)
    if not block.variable:
        rules.add("required", f"{path}.variable", block)
    elif variable is None:
        rules.add("variable_unknown", f"{path}.variable", block, key=block.variable)
    elif text is not None and block.value.strip():
        check_binding(rules, f"{path}.value", block, text, variable.type)


def check_binding(
    rules: Rules, path: str, block: Block, text: FlowText, wanted: OutputFieldType, *, is_input: bool = False
) -> None:
    """Whether what a text stands for can be of this type: a constant is tried, of a lone reference its kind judged.

    Inputs of actions take no lists and objects, of which variables keep the text.
    """
    if len(text) == 1 and isinstance(text[0], FlowReference):
        kind = rules.kind_of(text[0])
        if not can_become(kind, wanted) or (is_input and kind == "json"):
            rules.add("binding_type", path, block, name=str(text[0])[2:-2], found=kind, type=wanted)
    elif all(isinstance(part, str) for part in text) and (
        convert("".join(str(part) for part in text), wanted, dt.UTC) is MISSING
    ):
        rules.add("value_invalid", path, block, type=wanted)
