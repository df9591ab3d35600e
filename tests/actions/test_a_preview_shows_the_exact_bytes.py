"""A preview is the request to the letter, with blocks for secrets, and nothing goes out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from recado import __version__
from recado.db.columns import utc_now
from recado.db.tables import credentials
from recado.ids import new_id

INPUTS = [
    {"key": "account_id", "name": "User", "type": "string", "required": True},
    {"key": "amount", "name": "Amount", "type": "number"},
    {"key": "count", "name": "Count", "type": "integer"},
]
REQUEST = {
    "method": "POST",
    "endpoint": "https://api.acme.com/v1/{{inputs.account_id}}?fixed=1",
    "query": [{"key": "count", "value": "{{inputs.count}}"}],
    "headers": [
        {"key": "Acme-Key", "value": "Bearer {{auth.api_key}}"},
        {"key": "X-Tenant", "value": "{{auth.tenant}}"},
    ],
    "body": {"type": "json", "json": {"amount": "{{inputs.amount}}", "price": 12, "who": "{{inputs.account_id}}!"}},
}


def preview(client: httpx.Client, action: Any, **body: Any) -> httpx.Response:
    return client.post(f"/actions/{action['id']}/preview", json=body)


@pytest.fixture
def action(new_action: Callable[..., Any]) -> Any:
    return new_action(inputs=INPUTS, request=REQUEST)


def test_the_bytes_are_shown_with_blocks_for_secrets(client: httpx.Client, action: Any) -> None:
    inputs = {"account_id": "a b", "amount": "12.10", "count": 12345678901234567890}
    response = preview(client, action, inputs=inputs)
    assert response.status_code == 200
    text = response.json()["request"]
    head, _, body = text.partition("\r\n\r\n")
    lines = head.split("\r\n")
    assert lines[0] == "POST /v1/a%20b?fixed=1&count=12345678901234567890 HTTP/1.1"
    assert lines[1] == "Host: api.acme.com"
    assert {"Acme-Key: Bearer ██████", "X-Tenant: {{auth.tenant}}"} <= set(lines)
    assert f"User-Agent: Recado/{__version__}" in lines
    assert body == '{"amount":12.10,"price":12,"who":"a b!"}'
    assert f"Content-Length: {len(body)}" in lines


def test_a_missing_optional_input_leaves_its_places_out(client: httpx.Client, action: Any) -> None:
    text = preview(client, action, inputs={"account_id": "{{auth.api_key}}", "amount": None}).json()["request"]
    assert text.startswith("POST /v1/%7B%7Bauth.api_key%7D%7D?fixed=1 HTTP/1.1\r\n")
    assert text.endswith('{"price":12,"who":"{{auth.api_key}}!"}')


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({}, [("inputs.account_id", "input_missing")]),
        ({"account_id": None}, [("inputs.account_id", "input_missing")]),
        ({"account_id": 5}, [("inputs.account_id", "input_type")]),
        ({"account_id": "a" * 70_000}, [("inputs.account_id", "input_too_long")]),
        (
            {"amount": "x", "count": 1.5, "other": 1},
            [
                ("inputs.other", "unknown_field"),
                ("inputs.account_id", "input_missing"),
                ("inputs.amount", "input_type"),
                ("inputs.count", "input_type"),
            ],
        ),
        ({"account_id": "../admin"}, [("inputs.account_id", "input_not_allowed_in_path")]),
        ({"account_id": ""}, [("inputs.account_id", "input_not_allowed_in_path")]),
    ],
)
def test_inputs_that_do_not_do_are_named(
    client: httpx.Client, action: Any, inputs: Any, expected: list[tuple[str, str]]
) -> None:
    response = preview(client, action, inputs=inputs)
    assert response.status_code == 422
    assert [(problem["path"], problem["code"]) for problem in response.json()["errors"]] == expected


def test_a_request_that_grows_too_large_is_said(client: httpx.Client, new_action: Callable[..., Any]) -> None:
    row = {"key": "a", "value": "{{inputs.account_id}}" * 10}
    body = {"type": "form", "fields": [row]}
    made = new_action(inputs=INPUTS, request={"method": "POST", "endpoint": "https://api.acme.com/", "body": body})
    response = preview(client, made, inputs={"account_id": "a" * 60_000})
    assert [(p["path"], p["code"]) for p in response.json()["errors"]] == [("request", "request_too_large")]


def test_an_action_without_a_request_has_no_preview(client: httpx.Client, new_action: Callable[..., Any]) -> None:
    response = preview(client, new_action())
    assert (response.status_code, response.json()["code"]) == (409, "action_incomplete")


def test_a_credential_must_be_one_of_the_integration(
    client: httpx.Client, server: Any, workspace: Any, action: Any, integration: Any
) -> None:
    other = client.post("/integrations", json={"name": "Other"}).json()
    ids = []
    now = utc_now()
    with server.database.begin() as connection:
        for integration_id in (integration["id"], other["id"]):
            ids.append(new_id("crd"))
            row = {"id": ids[-1], "workspace_id": workspace.id, "integration_id": integration_id, "name": "Main"}
            connection.execute(credentials.insert().values(row | {"hosts": [], "created_at": now, "updated_at": now}))
    inputs = {"account_id": "a"}
    assert preview(client, action, inputs=inputs, credential_id=ids[0]).status_code == 200
    response = preview(client, action, inputs=inputs, credential_id=ids[1])
    assert [problem["path"] for problem in response.json()["errors"]] == ["credential_id"]
    for unknown in (new_id("crd"), "crd_1", "\0"):
        assert preview(client, action, inputs=inputs, credential_id=unknown).status_code == 404


def test_multipart_and_raw_bodies_are_shown_as_text(client: httpx.Client, new_action: Callable[..., Any]) -> None:
    body = {"type": "raw", "content_type": "application/xml", "text": "<a>{{inputs.account_id}}</a>"}
    made = new_action(inputs=INPUTS, request={"method": "PUT", "endpoint": "https://api.acme.com/", "body": body})
    text = preview(client, made, inputs={"account_id": "<é>"}).json()["request"]
    assert text.endswith("<a>&lt;é&gt;</a>")
