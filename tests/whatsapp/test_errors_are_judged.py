"""What the Graph API refuses is read from any answer, and judged by its code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recado.channels.whatsapp.graph_errors import (
    MAX_WAIT_SECONDS,
    TREATMENTS,
    ErrorClass,
    GraphError,
    class_of,
    read_error,
    read_error_object,
    treatment_of,
    wait_seconds,
)

DATA = Path(__file__).parents[1] / "testdata" / "whatsapp"
CASES: list[dict[str, Any]] = json.loads((DATA / "error_classes.json").read_text(encoding="utf-8"))
SAMPLES = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((DATA / "graph_error").glob("*.json"))]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_each_has_its_class(case: dict[str, Any]) -> None:
    body = case["body"] if isinstance(case["body"], str) else json.dumps(case["body"])
    error = read_error(case["status"], {}, body.encode())
    assert class_of(error) == case["class"]
    assert error.status == case["status"]
    assert treatment_of(error).action == TREATMENTS[class_of(error)].action


def test_every_class_is_tried_and_treated() -> None:
    assert {case["class"] for case in CASES} | {"wrong_object"} == set(get_args(ErrorClass)) == set(TREATMENTS)


@pytest.mark.parametrize("sample", SAMPLES, ids=[sample["id"] for sample in SAMPLES])
def test_samples_are_read_whole(sample: dict[str, Any]) -> None:
    error, given_error = read_error(400, {}, json.dumps(sample["payload"]).encode()), sample["payload"]["error"]
    assert (error.code, error.subcode) == (given_error["code"], given_error.get("error_subcode"))
    assert error.message == given_error["message"]
    assert error.details == given_error.get("error_data", {}).get("details", "")
    assert (error.trace_id, error.type) == (given_error["fbtrace_id"], "OAuthException")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "30"}, 30),
        ({"retry-after": " 7 "}, 7),
        ({"Retry-After": "Sun, 06 Nov 1994 08:50:37 GMT", "Date": "Sun, 06 Nov 1994 08:49:37 GMT"}, 60),
        ({"Retry-After": "Sun, 06 Nov 1994 08:50:37 GMT"}, None),
        ({"Retry-After": "later"}, None),
        ({"Retry-After": "-5"}, None),
        ({"X-Business-Use-Case-Usage": '{"1": [{"estimated_time_to_regain_access": 5}, {}], "2": []}'}, 300),
        ({"X-Business-Use-Case-Usage": '{"1": [{"estimated_time_to_regain_access": 0}]}'}, None),
        ({"X-Business-Use-Case-Usage": '{"1": [{"estimated_time_to_regain_access": 1}]}', "Retry-After": "5"}, 60),
        ({"X-Business-Use-Case-Usage": "[]"}, None),
        ({"X-Business-Use-Case-Usage": "{"}, None),
    ],
)
def test_meta_tells_how_long_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert read_error(400, headers, b"{}").retry_after_seconds == seconds


def test_error_data_may_be_a_text() -> None:
    body = {"error": {"code": 100, "error_data": "not like this", "error_user_title": "t", "error_user_msg": "m"}}
    error = read_error(400, {}, json.dumps(body).encode())
    assert (error.details, error.title, error.message) == ("not like this", "t", "m")


def test_no_token_and_no_message_id_is_shown() -> None:
    token = "EAAG" + "x1Y2" * 20
    wamid = "wamid.HBgLMTU1NTAxMDAxMDAVAgARGBJBRkJENzExMTRFRjk2NTI1OTEA"
    body = {"error": {"message": f"Malformed access token {token}", "error_data": {"details": f"No message {wamid}!"}}}
    error = read_error(401, {}, json.dumps(body).encode())
    assert (error.message, error.details) == ("Malformed access token …", "No message …!")
    assert token not in repr(read_error(401, {}, token.encode()))
    assert len(read_error(500, {}, b"ab \r\n\t " * 9999).message) <= 500
    assert "\n" not in read_error(500, {}, b"ab \r\n\t cd").message


def test_waits_grow_and_end() -> None:
    pair = GraphError(code=131056, status=400)
    assert [wait_seconds(pair, tries) for tries in range(1, 6)] == [1, 4, 16, 64, 256]
    assert wait_seconds(pair, 10**9) == MAX_WAIT_SECONDS
    broken = GraphError(status=503)
    assert [wait_seconds(broken, tries, chance=1) for tries in range(6)] == [1, 1, 2, 4, 8, 16]
    assert [wait_seconds(broken, tries, chance=0) for tries in (1, 2)] == [0.5, 1]
    assert wait_seconds(GraphError(code=130429, retry_after_seconds=90), 1) == 90


def test_blocked_as_spam_is_an_alert_too() -> None:
    assert treatment_of(GraphError(code=131048)) == ("slow", True)
    assert treatment_of(GraphError(code=130429)) == ("slow", False)
    assert treatment_of(GraphError(code=190)) == ("park", True)
    assert class_of(GraphError()) == "transient"  # no answer at all
    assert class_of(GraphError(code=131036)) == "unknown"  # out of a webhook


@given(
    st.integers(100, 599),
    st.binary(max_size=100),
    st.dictionaries(st.sampled_from(["Retry-After", "Date"]), st.text(max_size=30)),
)
@settings(deadline=None)
def test_any_answer_is_read(status: int, body: bytes, headers: dict[str, str]) -> None:
    assert class_of(read_error(status, headers, body)) in TREATMENTS


@given(st.recursive(st.none() | st.text() | st.integers() | st.floats(), lambda inner: st.lists(inner) | st.dictionaries(
    st.sampled_from(["code", "message", "error_data", "details", "error_subcode", "is_transient", "title"]), inner)))  # fmt: skip
@settings(deadline=None)
def test_any_error_object_is_read(error: Any) -> None:
    assert class_of(read_error_object(error)) in TREATMENTS
