"""Each value in each place gives exactly these bytes, or exactly this error."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from recado.errors import RecadoError
from recado.fields import FieldType, Value, check_value
from recado.outbound.request import RequestTemplate, WireRequest

TABLE = json.loads((Path(__file__).parent.parent / "testdata" / "request_cases.json").read_text(encoding="utf-8"))
PLACES = [
    pytest.param(place["request"], TABLE["values"][name], expected, id=f"{about}-{name}")
    for about, place in TABLE["places"].items()
    for name, expected in (place["sent"] | place["refused"]).items()
]


def outcome(render: Callable[[], WireRequest], send: Callable[[WireRequest], bytes]) -> str:
    try:
        return send(render()).decode()
    except RecadoError as problem:
        refused = problem
    assert refused.outcome in {"input_invalid", "blocked"}
    assert "{" not in str(refused), "the sentence is complete"
    return refused.code


@pytest.mark.parametrize(("request_", "value", "expected"), PLACES)
def test_a_value_keeps_to_its_place(
    compile_definition: Callable[..., RequestTemplate],
    send: Callable[[WireRequest], bytes],
    request_: dict[str, Any],
    value: str | int,
    expected: str,
) -> None:
    template = compile_definition(request_, types={"x": "string" if isinstance(value, str) else "integer"})

    assert outcome(lambda: template.render({"x": value}, {"api_key": "never sent"}), send) == expected


def test_every_value_is_tried_in_every_place() -> None:
    for place in TABLE["places"].values():
        assert place["sent"].keys() | place["refused"].keys() == TABLE["values"].keys()


def given(key: str, raw: Any, types: dict[str, FieldType]) -> Value:
    """The value of a case; `["a", 9]` is nine times `a`."""
    if isinstance(raw, list):
        return str(raw[0] * raw[1])
    return check_value(key, types.get(key, "string"), raw, is_lenient=key in types)


@pytest.mark.parametrize("case", [pytest.param(case, id=case["about"]) for case in TABLE["cases"]])
def test_a_case(
    compile_definition: Callable[..., RequestTemplate], send: Callable[[WireRequest], bytes], case: dict[str, Any]
) -> None:
    types = case.get("types", {})
    template = compile_definition(
        case["request"],
        types=types,
        optional=tuple(case.get("optional", ())),
        is_key_in_url_allowed=case.get("is_key_in_url_allowed", False),
    )
    inputs = {key: given(key, raw, types) for key, raw in case.get("inputs", {}).items()}

    assert outcome(lambda: template.render(inputs, case.get("auth", {})), send) == case.get("sent", case.get("error"))
