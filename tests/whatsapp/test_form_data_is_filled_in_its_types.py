"""Values of a screen are filled in the types that the form's JSON gives them, or refused, and never guessed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recado.channels.whatsapp.forms.definition import Fill
from recado.channels.whatsapp.forms.filling import Unfit, fill_data, fit
from recado.channels.whatsapp.forms.references import Values, parse_text
from recado.db.columns import JSON_ENCODER
from recado.errors import FormReferenceSyntax, TooManyReferences

CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent.parent / "testdata" / "whatsapp" / "forms" / "fill_cases.json").read_text()
)
VALUES = Values(
    data={"amount": "12.5", "agreed": "sí", "address": {"city": "Lima"}},
    token={"kept": "[1, 2]"},
    variables={"label": "Room"},
    contact={"name": "Ana"},
    outputs={
        "count": 3,
        "words": ["a", "b"],
        "slots": [{"code": 1, "name": "10:00", "secret": "x"}, {"code": 2, "name": "11:00", "secret": "y"}],
    },
)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_each_case(case: dict[str, Any]) -> None:
    wanted = msgspec.convert(case["fill"], Fill)
    if "unfit" in case:
        with pytest.raises(Unfit) as raised:
            fill_data({"key": wanted}, VALUES, {"key": case["schema"]})
        assert (raised.value.key, raised.value.type) == ("key", case["unfit"])
        return
    filled = fill_data({"key": wanted}, VALUES, {"key": case["schema"]})
    assert json.loads(JSON_ENCODER.encode(filled)) == ({} if case.get("missing") else {"key": case["gives"]})


@pytest.mark.parametrize(
    "text", ["{{", "{{data}}", "{{auth.key}}", "{{data.}}", "{{inputs.x}}", "{{data.x", "{{data.a b}}"]
)
def test_what_is_no_reference_is_refused(text: str) -> None:
    with pytest.raises(FormReferenceSyntax):
        parse_text(text)


def test_a_text_has_so_many_references_and_no_more() -> None:
    with pytest.raises(TooManyReferences):
        parse_text("{{data.x}}" * 65)


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(value=ANY, schema=ANY, type_=st.sampled_from(["string", "number", "integer", "boolean", "array", "object"]))
def test_any_value_fits_or_does_not(value: Any, schema: Any, type_: str) -> None:
    given_schema = {**(schema if isinstance(schema, dict) else {}), "type": type_, "items": schema}
    try:
        found = fit(value, given_schema)
    except Unfit:
        return
    JSON_ENCODER.encode(found)
    expected = {"string": str, "boolean": bool, "array": list, "object": dict}.get(type_)
    assert expected is None or isinstance(found, expected)
