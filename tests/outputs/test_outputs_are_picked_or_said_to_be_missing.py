"""Each output is found, null, missing or of another type, and a required one that was not found ends the block."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recado.actions.outputs import (
    OutputFieldType,
    OutputSet,
    OutputSpec,
    Picked,
    ResponseView,
    compile_output,
    pick_outputs,
)
from recado.actions.paths import write_key
from recado.errors import RecadoError
from recado.fields import check_value
from recado.outbound.response import Response, Timing

CONVERSIONS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "conversions.json").read_bytes(), parse_float=Decimal
)
JSON = ("content-type", "application/json")
CREATED = b'{"account_id":"ana.demo","remaining_retries":2,"validation_id":"VLD1","failure_status":null,"details":{"ok":true}}'


def spec(key: str, kind: OutputFieldType = "string", *, required: bool = True, identifier: str = "it") -> OutputSpec:
    return OutputSpec(key, identifier, kind, required)


def pick(
    *specs: OutputSpec, body: bytes = CREATED, content_type: str = "application/json", status: int = 200
) -> Picked:
    """What is picked; reading only what the outputs want gives the same as reading the whole body."""
    headers = [("Content-Type", content_type), ("X-Request-Id", "r-1"), ("x-request-id", "r-2")]
    outputs = [compile_output(one) for one in specs]
    picked = pick_outputs(outputs, ResponseView(status, headers, body))
    again = pick_outputs(OutputSet(outputs), ResponseView(status, headers, body))
    assert repr(again[:2]) == repr(picked[:2])
    assert (type(again.error), str(again.error)) == (type(picked.error), str(picked.error))
    return picked


def code_of(error: RecadoError | None) -> str | None:
    return None if error is None else error.code


@pytest.mark.parametrize(
    "case", CONVERSIONS, ids=lambda case: f"{case['type']} from {type(case['raw']).__name__} {case['raw']}"
)
def test_a_value_is_converted_only_where_nothing_is_lost(case: dict[str, Any]) -> None:
    body = msgspec.json.Encoder(decimal_format="number").encode({"it": case["raw"]})
    picked = pick(spec("it", case["type"]), body=body)
    result = case.get("result", "found")
    assert [one.result for one in picked.results] == [result]
    assert code_of(picked.error) == (None if result == "found" else "output_type")
    if result == "found":
        value = picked.outputs["it"]
        assert value == case["value"]
        assert str(value) == str(case["value"])
    else:
        assert picked.outputs == {}


def test_the_worked_example() -> None:
    picked = pick(
        spec("validation_id", identifier="validation_id"), spec("remaining_retries", "integer", identifier="left")
    )
    assert picked.outputs == {"validation_id": "VLD1", "left": 2}
    assert picked.error is None
    assert msgspec.to_builtins(picked.results) == [
        {"identifier": "validation_id", "key": "validation_id", "result": "found", "value": "VLD1"},
        {"identifier": "left", "key": "remaining_retries", "result": "found", "value": 2},
    ]


@pytest.mark.parametrize(
    ("key", "kind", "result", "code", "sentence"),
    [
        ("nope", "string", "missing", "output_missing", 'Required output "nope" is not in the response.'),
        (
            "failure_status",
            "string",
            "null",
            "output_null",
            'Required output "failure_status" is null in the response.',
        ),
        (
            "details",
            "integer",
            "wrong_type",
            "output_type",
            'Required output "details" is in the response but is not a whole number.',
        ),
    ],
)
def test_a_required_output_that_was_not_found_is_an_error_that_says_why(
    key: str, kind: OutputFieldType, result: str, code: str, sentence: str
) -> None:
    picked = pick(spec(key, kind))
    assert [one.result for one in picked.results] == [result]
    assert code_of(picked.error) == code
    assert str(picked.error) == sentence
    assert picked.error is not None
    assert picked.error.outcome == "output_missing"

    optional = pick(spec(key, kind, required=False))
    assert [one.result for one in optional.results] == [result]
    assert optional.error is None


def test_null_is_kept_apart_from_missing() -> None:
    picked = pick(
        spec("failure_status", required=False, identifier="null_one"),
        spec("nope", required=False, identifier="absent_one"),
    )
    assert picked.outputs == {"null_one": None}
    assert msgspec.to_builtins(picked.results) == [
        {"identifier": "null_one", "key": "failure_status", "result": "null", "value": None},
        {"identifier": "absent_one", "key": "nope", "result": "missing"},
    ]


def test_the_first_required_failure_is_the_error_and_the_rest_is_still_picked() -> None:
    picked = pick(
        spec("a", required=False, identifier="a"),
        spec("failure_status", identifier="b"),
        spec("nope", identifier="c"),
        spec("validation_id", identifier="d"),
    )
    assert code_of(picked.error) == "output_null"
    assert picked.outputs["d"] == "VLD1"


def test_the_built_in_outputs_need_no_json() -> None:
    picked = pick(
        spec("$status", "integer", identifier="status"),
        spec("$status", "string", identifier="status_text"),
        spec("$headers.X-REQUEST-ID", identifier="request"),
        spec("$body", identifier="body"),
        body=b"<ok/>",
        content_type="application/xml",
        status=201,
    )
    assert picked.outputs == {"status": 201, "status_text": "201", "request": "r-1", "body": "<ok/>"}
    assert picked.error is None


def test_a_header_that_is_absent_is_missing() -> None:
    assert code_of(pick(spec("$headers.etag")).error) == "output_missing"


def test_the_body_can_be_picked_as_text_or_as_json() -> None:
    body = b'[1, {"n": 2.50}]'
    assert pick(spec("$body"), body=body).outputs == {"it": '[1, {"n": 2.50}]'}
    assert pick(spec("$body", "json"), body=body).outputs == {"it": [1, {"n": Decimal("2.50")}]}
    assert pick(spec("$", "json"), body=body).outputs == {"it": [1, {"n": Decimal("2.50")}]}
    assert pick(spec("$body", "number"), body=b"12.10", content_type="text/plain").outputs == {"it": Decimal("12.10")}


def test_an_empty_body_has_nothing_in_it() -> None:
    for content_type in ("application/json", "text/plain", ""):
        assert pick(body=b"", content_type=content_type).error is None
        assert code_of(pick(spec("id"), body=b"", content_type=content_type).error) == "output_missing"
        assert code_of(pick(spec("$body"), body=b"", content_type=content_type).error) == "output_missing"
        assert pick(spec("id", required=False), body=b"", content_type=content_type).error is None


def test_text_has_no_paths() -> None:
    assert code_of(pick(spec("id"), body=b"<id>1</id>", content_type="text/xml").error) == "output_missing"


def test_broken_json_matters_only_where_an_output_needs_it() -> None:
    broken = b'{"id": '
    assert code_of(pick(spec("id"), body=broken).error) == "response_not_json"
    assert code_of(pick(spec("id", required=False), body=broken).error) == "response_not_json"
    assert code_of(pick(spec("$body", "json"), body=broken).error) == "response_not_json"
    assert pick(spec("$body"), body=broken).outputs == {"it": '{"id": '}
    assert pick(body=broken).error is None


def test_json_beyond_the_limits_matters_only_where_an_output_needs_it() -> None:
    deep = b"[" * 65 + b"]" * 65
    assert code_of(pick(spec("[0]", "json"), body=deep).error) == "response_json_limit"
    assert pick(spec("$status", "integer"), body=deep).error is None


NAMES = st.sampled_from(["a", "b", "ñ", 'a"b', "x y"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
KEYS = st.lists(NAMES | st.integers(-2, 2), min_size=1, max_size=4).map(lambda way: write_key(tuple(way)))


@given(VALUES, st.lists(KEYS, min_size=1, max_size=4), st.none() | st.tuples(st.integers(0, 60), st.binary(max_size=3)))
@settings(deadline=None, max_examples=300)
def test_outputs_are_the_same_whether_all_is_read_or_what_they_want(
    value: object, keys: list[str], junk: tuple[int, bytes] | None
) -> None:
    body = json.dumps(value, ensure_ascii=False).encode()
    if junk is not None:
        body = body[: junk[0]] + junk[1] + body[junk[0] :]
    pick(*(spec(key, "json", identifier=f"it_{number}") for number, key in enumerate(keys)), body=body)


def test_a_number_nothing_can_hold_does_no_harm_where_no_output_stands() -> None:
    body = b'{"a":{"b":1},"huge":1e99999999999999999999,"long":%b}' % (b"9" * 4301)
    for key, code in (("a.b", None), ("huge", "response_json_limit"), ("long", "response_json_limit")):
        picked = pick_outputs(OutputSet([compile_output(spec(key, "json"))]), ResponseView(200, [JSON], body))
        assert code_of(picked.error) == code


def test_json_under_a_wrong_content_type_is_picked_and_noted() -> None:
    view = ResponseView(200, [("content-type", "text/html")], CREATED)
    picked = pick_outputs([compile_output(spec("validation_id"))], view)
    assert picked.outputs == {"it": "VLD1"}
    assert view.content.is_mislabelled


def test_a_view_is_made_of_a_response() -> None:
    view = ResponseView.of(Response(200, [("Content-Type", "application/json")], CREATED, Timing()))
    assert view.content.content_type == "application/json"
    assert pick_outputs([compile_output(spec("details.ok", "boolean"))], view).outputs == {"it": True}


def test_a_datetime_output_is_a_datetime_input() -> None:
    picked = pick(spec("at", "datetime"), body=b'{"at": "2026-04-01T10:00:00.123456789Z"}')
    assert check_value("at", "datetime", picked.outputs["it"])
