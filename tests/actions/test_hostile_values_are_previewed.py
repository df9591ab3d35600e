"""Some fifty hostile values are shown in a request that is still being written: none of them changes its shape."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from recado.actions.hostile_values import HOSTILE_VALUES

INPUTS = [
    {"key": "who", "name": "Who", "type": "string", "required": True},
    {"key": "count", "name": "Count", "type": "integer", "required": True},
    {"key": "price", "name": "Price", "type": "number"},
    {"key": "is_new", "name": "New", "type": "boolean"},
    {"key": "at", "name": "At", "type": "datetime"},
]
HEADER = {"key": "X-Who", "value": "{{inputs.who}}"}
KEY = {"key": "Acme-Key", "value": "{{auth.api_key}}"}
TREE = {"who": "{{inputs.who}}", "n": "{{inputs.count}}", "p": "{{inputs.price}}", "b": "{{inputs.is_new}}", "at": "{{inputs.at}}"}  # fmt: skip


@pytest.fixture
def ask(client: httpx.Client, integration: Any) -> Any:
    """Asks for the hostile preview of a request."""

    def post(request: Any, inputs: Any = INPUTS) -> httpx.Response:
        return client.post(
            f"/integrations/{integration['id']}/preview/hostile", json={"request": request, "inputs": inputs}
        )

    return post


@pytest.fixture
def cases(ask: Any) -> Any:
    """The cases of a request, by name."""

    def of(request: Any) -> dict[str, Any]:
        answer = ask(request)
        assert answer.status_code == 200, answer.text
        return {case["name"]: case for case in answer.json()["cases"]}

    return of


def test_every_value_is_shown_or_refused_with_a_reason(cases: Any) -> None:
    found = cases({"endpoint": "https://api.acme.com/v1/{{inputs.who}}"})
    assert list(found) == [name for name, _ in HOSTILE_VALUES]
    assert len(found) > 40
    for case in found.values():
        assert case["is_refused"] == (case["request"] is None) == (case["error"] is not None), case
        if case["is_refused"]:
            assert case["error"]["path"] in {"inputs.who", "request.endpoint"}
            assert case["error"]["message"]


def test_a_path_keeps_its_segments(cases: Any) -> None:
    found = cases({"endpoint": "https://api.acme.com/v1/{{inputs.who}}/end", "headers": [KEY]})
    refused = {name for name, case in found.items() if case["is_refused"]}
    assert {"empty", "path_parent", "path_dot", "path_slash", "path_parent_backslash", "line_feed", "nul"} <= refused
    assert found["too_long"]["error"]["code"] == "input_too_long"
    for name, case in found.items():
        if name in refused or name == "long":
            continue
        line, host, *_ = case["request"].split("\r\n")
        assert line.startswith("GET /v1/"), name
        assert line.endswith("/end HTTP/1.1"), name
        assert line.count("/") == 4, name
        assert line.count(" ") == 2, name
        assert "?" not in line, name
        assert host == "Host: api.acme.com", name
        assert "Acme-Key: ██████\r\n" in case["request"]


def test_a_header_stays_one_line(cases: Any) -> None:
    found = cases({"endpoint": "https://api.acme.com/", "headers": [HEADER, KEY]})
    assert found["header_injection"]["error"]["code"] == "input_not_allowed_in_header"
    assert found["double_quote"]["request"] is not None
    for case in found.values():
        if not case["is_refused"]:
            head, _, body = case["request"].partition("\r\n\r\n")
            names = [line.partition(":")[0] for line in head.split("\r\n")[1:]]
            assert (names.count("X-Who"), names.count("Acme-Key"), "X-Evil" in names, body) == (1, 1, False, "")


def test_a_body_of_json_keeps_its_members(cases: Any) -> None:
    request = {"method": "POST", "endpoint": "https://api.acme.com/", "body": {"type": "json", "json": TREE}}
    values = dict(HOSTILE_VALUES)
    for name, case in cases(request).items():
        if case["is_refused"]:
            assert name in {"nul", "half_a_character", "too_long"}
            continue
        body = json.loads(case["request"].partition("\r\n\r\n")[2])
        assert list(body) == ["who", "n", "p", "b", "at"], name
        assert body["who"] == values[name]
        assert (body["n"], body["b"], body["at"]) == (42, True, "2026-11-22T14:30:00Z")


def test_values_are_told_within_what_json_can_hold(cases: Any) -> None:
    found = cases({"endpoint": "https://api.acme.com/?q={{inputs.who}}"})
    assert found["half_a_character"]["value"] == "a\\ud800b"
    assert found["nul"]["value"] == "a\0b"
    assert found["too_long"]["value"] == "a" * 200 + "…"
    assert found["reference_to_secret"]["request"].startswith("GET /?q=%7B%7Bauth.api_key%7D%7D HTTP/1.1")


def test_long_requests_are_cut(cases: Any) -> None:
    body = {"type": "raw", "content_type": "text/plain", "text": "{{inputs.who}}{{inputs.who}}"}
    found = cases({"method": "POST", "endpoint": "https://api.acme.com/", "body": body})
    assert len(found["long"]["request"]) == 16 * 1024 + 1
    assert found["long"]["request"].endswith("a…")


def test_a_request_without_text_inputs_has_no_cases(ask: Any) -> None:
    assert ask({"endpoint": "https://api.acme.com/"}, INPUTS[1:]).json() == {"cases": []}


def test_a_request_that_is_wrong_is_422(ask: Any) -> None:
    answer = ask({"endpoint": "https://api.acme.com/{{inputs.nobody}}"})
    assert answer.status_code == 422
    assert [(e["path"], e["code"]) for e in answer.json()["errors"]] == [("request.endpoint", "reference_unknown")]


def test_names_of_cases_are_stable_words() -> None:
    names = [name for name, _ in HOSTILE_VALUES]
    assert len(set(names)) == len(names)
    assert all(name.replace("_", "").isalpha() and name.islower() for name in names)
