"""Whether a test of a condition holds: values are compared as what they are, texts as people read them."""

from __future__ import annotations

import datetime as dt
import operator
import re
from collections.abc import Callable
from typing import Any, Final

from recado.actions.paths import MISSING
from recado.flows.answers import read_yes_or_no
from recado.flows.definition import Branch, Group, Operator, Test
from recado.flows.matching import fold
from recado.flows.patterns import fits
from recado.flows.turn import Turn
from recado.flows.values import moment_of, number_of, text_of

_SEPARATOR: Final = re.compile(r"[,;\n]")
_ORDER: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "greater_than": operator.gt, "at_least": operator.ge, "less_than": operator.lt, "at_most": operator.le,
}  # fmt: skip
_NEGATED: Final[dict[str, Operator]] = {
    "not_equals": "equals", "not_contains": "contains", "is_not_empty": "is_empty",
}  # fmt: skip


def holds(turn: Turn, branch: Branch) -> bool:
    """Whether a branch is taken; one without groups never is."""
    found = (_group_holds(turn, group) for group in branch.groups)
    return bool(branch.groups) and (all(found) if branch.match == "all" else any(found))


def compare(name: Operator, left: Any, right: Any, zone: dt.tzinfo = dt.UTC) -> bool:  # noqa: C901 - a line each
    """Whether `left` stands to `right` as the operator says; values as the state keeps them, MISSING for none."""
    if name in _NEGATED:
        return not compare(_NEGATED[name], left, right, zone)
    match name:
        case "is_empty":
            return (
                left is MISSING or left is None or left in ("", [], {}) or (isinstance(left, str) and not left.strip())
            )
        case "is_true":
            return _truth_of(left) is True
        case "is_false":
            return _truth_of(left) is False
        case "equals":
            return _equal(left, right, zone)
        case "is_one_of":
            return any(_equal(left, item, zone) for item in _items_of(right))
        case "contains":
            if isinstance(left, list):
                return any(_equal(item, right, zone) for item in left)
            return _folded(right) in _folded(left)
        case "starts_with":
            return _folded(left).startswith(_folded(right))
        case "ends_with":
            return _folded(left).endswith(_folded(right))
        case "matches":
            return fits(text_of(right), text_of(left)) is True
        case _:
            return _in_order(_ORDER[name], left, right, zone)


def _group_holds(turn: Turn, group: Group) -> bool:
    found = (_test_holds(turn, test) for test in group.tests)
    return bool(group.tests) and (all(found) if group.match == "all" else any(found))


def _test_holds(turn: Turn, test: Test) -> bool:
    return compare(test.operator, turn.value(test.left), turn.value(test.right), turn.zone)


def _equal(left: Any, right: Any, zone: dt.tzinfo) -> bool:
    """Booleans by their words, numbers by their value, times as instants, all else as folded text."""
    if isinstance(left, bool) or isinstance(right, bool):
        return _truth_of(left) is not None and _truth_of(left) == _truth_of(right)
    if isinstance(left, (list, dict)) and isinstance(right, (list, dict)):
        return bool(left == right)
    for read in (number_of, lambda value: moment_of(value, zone)):
        one = read(left)
        other = None if one is None else read(right)
        if one is not None and other is not None:
            return bool(one == other)
    return _folded(left) == _folded(right)


def _in_order(order: Callable[[Any, Any], bool], left: Any, right: Any, zone: dt.tzinfo) -> bool:
    """By number, else by time; what is neither stands in no order."""
    for read in (number_of, lambda value: moment_of(value, zone)):
        one = read(left)
        other = None if one is None else read(right)
        if one is not None and other is not None:
            return order(one, other)
    return False


def _truth_of(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    return read_yes_or_no(text_of(value)) if isinstance(value, (str, int)) else None


def _items_of(value: Any) -> list[Any]:
    return value if isinstance(value, list) else _SEPARATOR.split(text_of(value))


def _folded(value: Any) -> str:
    return fold(text_of(value))
