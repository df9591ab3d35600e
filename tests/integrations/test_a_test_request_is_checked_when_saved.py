"""The test request of an integration: kept to the letter, or refused with every problem and its place."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

ENDPOINT = "https://api.acme.com/v1/me"


def save(client: httpx.Client, integration: Any, request: Any, **more: Any) -> httpx.Response:
    return client.patch(f"/integrations/{integration['id']}", json={"test_request": request, **more})


def test_a_test_request_is_kept_with_its_defaults(client: httpx.Client, new_integration: Callable[..., Any]) -> None:
    header = {"key": "X-Key", "value": "Bearer {{auth.api_key}}"}
    made = new_integration(test_request={"endpoint": ENDPOINT, "headers": [header]})
    assert made["test_request"] == {
        "method": "GET",
        "endpoint": ENDPOINT,
        "query": [],
        "headers": [header],
        "body": {"type": "none"},
        "timeout_seconds": None,
        "follow_redirects": False,
        "idempotency_header": None,
    }
    assert save(client, made, None).json()["test_request"] is None


def test_numbers_in_a_json_body_keep_their_digits(client: httpx.Client, new_integration: Callable[..., Any]) -> None:
    made = new_integration()
    exact = '{"price":12.10,"big":123456789012345678901234567890,"huge":1E+400,"flag":true}'
    body = f'{{"test_request":{{"method":"POST","endpoint":"{ENDPOINT}","body":{{"type":"json","json":{exact}}}}}}}'
    headers = {"content-type": "application/json"}
    answer = client.patch(f"/integrations/{made['id']}", content=body, headers=headers)
    assert answer.status_code == 200, answer.text
    assert exact in answer.text
    assert exact in client.get(f"/integrations/{made['id']}").text
    changed = client.patch(f"/integrations/{made['id']}", content=body.replace("12.10", "12.1"), headers=headers)
    assert '"price":12.1,' in changed.text
    changed = client.patch(f"/integrations/{made['id']}", content=body.replace("true", "1"), headers=headers)
    assert '"flag":1}' in client.get(f"/integrations/{made['id']}").text


@pytest.mark.parametrize(
    ("request_changes", "expected"),
    [
        ({"endpoint": ""}, [("endpoint", "required")]),
        ({"endpoint": "ftp://acme.com"}, [("endpoint", "endpoint_scheme")]),
        ({"endpoint": "https://10.0.0.1/"}, [("endpoint", "endpoint_address_blocked")]),
        ({"endpoint": "https://169.254.169.254/"}, [("endpoint", "endpoint_address_blocked")]),
        ({"endpoint": "https://localhost/"}, [("endpoint", "endpoint_host_reserved")]),
        ({"endpoint": "https://api.acme.com:22/"}, [("endpoint", "endpoint_port")]),
        ({"endpoint": "http://api.acme.com/"}, [("endpoint", "endpoint_insecure")]),
        ({"endpoint": ENDPOINT + "?key={{auth.api_key}}"}, [("endpoint", "secret_not_allowed_in_url")]),
        ({"endpoint": ENDPOINT + "/{{inputs.id}}"}, [("endpoint", "reference_unknown")]),
        ({"query": [{"key": "k", "value": "{{auth.api_key}}"}]}, [("query[0].value", "secret_not_allowed_in_url")]),
        ({"headers": [{"key": "X Y", "value": ""}]}, [("headers[0].key", "header_name_invalid")]),
        ({"headers": [{"key": "Host", "value": "x"}]}, [("headers[0].key", "header_reserved")]),
        ({"headers": [{"key": "X", "value": "{{auth.nothing}}"}]}, [("headers[0].value", "reference_unknown")]),
        ({"method": "TRACE"}, [("headers[0].value", "method_forbids_secret")]),
        ({"timeout_seconds": 61}, [("timeout_seconds", "invalid_value")]),
        ({"timeout_seconds": 0}, [("timeout_seconds", "invalid_value")]),
        ({"idempotency_header": "a b"}, [("idempotency_header", "header_name_invalid")]),
        (
            {"endpoint": "https://127.0.0.1.nip.local/", "headers": [{"key": "X", "value": "{{input.a}}"}]},
            [("headers[0].value", "template_syntax"), ("endpoint", "endpoint_host_reserved")],
        ),
    ],
)
def test_what_cannot_be_sent_is_not_saved(
    client: httpx.Client, new_integration: Callable[..., Any], request_changes: Any, expected: list[tuple[str, str]]
) -> None:
    made = new_integration()
    good = {"endpoint": ENDPOINT, "headers": [{"key": "X-Key", "value": "{{auth.api_key}}"}]}
    assert save(client, made, good).status_code == 200
    response = save(client, made, good | request_changes)
    assert response.status_code == 422, response.text
    found = [(problem["path"], problem["code"]) for problem in response.json()["errors"]]
    assert found == [(f"test_request.{path}", code) for path, code in expected]
    assert client.get(f"/integrations/{made['id']}").json()["test_request"]["endpoint"] == ENDPOINT


def test_problems_of_all_parts_come_together(client: httpx.Client, new_integration: Callable[..., Any]) -> None:
    made = new_integration()
    response = save(client, made, {"endpoint": "https://localhost/"}, name="", auth={"key_in_url": True})
    paths = [problem["path"] for problem in response.json()["errors"]]
    assert paths == ["name", "test_request.endpoint"]


def test_a_secret_may_stand_in_the_query_where_the_integration_says_so(
    client: httpx.Client, new_integration: Callable[..., Any]
) -> None:
    request = {"endpoint": ENDPOINT, "query": [{"key": "api_key", "value": "{{auth.api_key}}"}]}
    made = new_integration()
    assert save(client, made, request).status_code == 422
    assert save(client, made, request, auth={"key_in_url": True}).status_code == 200
    response = client.patch(f"/integrations/{made['id']}", json={"auth": {"key_in_url": False}})
    assert (response.status_code, response.json()["code"]) == (409, "in_use")


def test_the_operator_can_switch_special_methods_off(start_server: Callable[..., Any]) -> None:
    workspace = start_server(egress_special_methods=False).new_workspace()
    client = workspace.client("owner")
    body = {"name": "A", "test_request": {"method": "OPTIONS", "endpoint": ENDPOINT}}
    response = client.post("/integrations", json=body)
    assert [(p["path"], p["code"]) for p in response.json()["errors"]] == [("test_request.method", "method_disabled")]
    workspace.close()


def test_a_secret_over_plain_http_needs_the_operators_word(
    client: httpx.Client, new_integration: Callable[..., Any]
) -> None:
    made = new_integration()
    header = {"key": "X-Key", "value": "{{auth.api_key}}"}
    allowed = {"endpoint": "http://127.0.0.1:8080/", "headers": [header]}
    assert save(client, made, allowed).status_code == 200
    assert json.loads(client.get(f"/integrations/{made['id']}").text)["test_request"]["headers"] == [header]
