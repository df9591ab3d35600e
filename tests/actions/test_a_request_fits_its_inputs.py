"""A request is saved only when it could run: its references lead somewhere, its target may be called."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

INPUT = {"key": "code", "name": "Code", "type": "string", "required": True}
ENDPOINT = "https://api.acme.com/v1"


def problems(response: httpx.Response) -> list[tuple[str, str]]:
    assert response.status_code == 422, response.text
    return [(problem["path"], problem["code"]) for problem in response.json()["errors"]]


def test_an_input_that_the_request_uses_cannot_be_taken_away(
    client: httpx.Client, new_action: Callable[..., Any]
) -> None:
    body = {"type": "form", "fields": [{"key": "token", "value": "{{inputs.code}}"}]}
    made = new_action(inputs=[INPUT], request={"method": "POST", "endpoint": ENDPOINT, "body": body})
    path = f"/actions/{made['id']}"
    response = client.patch(path, json={"inputs": []})
    assert problems(response) == [("request.body.fields[0].value", "reference_unknown")]
    response = client.patch(path, json={"inputs": [INPUT | {"key": "codes"}]})
    assert "Did you mean {{inputs.codes}}?" in response.json()["detail"]
    both = {"inputs": [], "request": {"endpoint": ENDPOINT}}
    assert client.patch(path, json=both).status_code == 200
    assert problems(client.patch(path, json={"request": made["request"]})) == [
        ("request.body.fields[0].value", "reference_unknown")
    ]


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ({"endpoint": "https://{{inputs.code}}.acme.com/"}, [("request.endpoint", "reference_not_allowed_in_host")]),
        ({"endpoint": ENDPOINT + "/{{auth.api_key}}"}, [("request.endpoint", "secret_not_allowed_in_url")]),
        ({"endpoint": "http://api.acme.com/{{inputs.code}}"}, []),
        (
            {"endpoint": "http://api.acme.com/", "headers": [{"key": "K", "value": "{{auth.api_key}}"}]},
            [("request.endpoint", "endpoint_insecure")],
        ),
        ({"endpoint": "http://192.168.0.1/{{inputs.code}}"}, [("request.endpoint", "endpoint_address_blocked")]),
        ({"endpoint": "https://{{auth.tenant}}.acme.com/"}, []),
        ({"endpoint": ENDPOINT, "method": "GETT"}, [("request.method", "invalid_value")]),
        ({"endpoint": ENDPOINT, "method": "TRACE"}, []),
        ({"endpoint": ENDPOINT, "timeout_seconds": 60.1}, [("request.timeout_seconds", "invalid_value")]),
        ({"endpoint": ENDPOINT, "timeout_seconds": -1}, [("request.timeout_seconds", "invalid_value")]),
        ({"endpoint": ENDPOINT, "timeout_seconds": 60}, []),
        ({"endpoint": ENDPOINT, "idempotency_header": "Host"}, [("request.idempotency_header", "header_reserved")]),
        ({"endpoint": ENDPOINT, "retries": 3}, [("request.retries", "unknown_field")]),
        ({"endpoint": ENDPOINT, "body": {"type": "xml"}}, [("request.body.type", "invalid_value")]),
        (
            {
                "endpoint": ENDPOINT,
                "method": "POST",
                "body": {"type": "json", "json": {"a": [{"b": "{{inputs.cod}}"}]}},
            },
            [("request.body.json.a[0].b", "reference_unknown")],
        ),
    ],
)
def test_what_cannot_be_sent_is_not_saved(
    post_action: Callable[..., httpx.Response], request_: Any, expected: list[tuple[str, str]]
) -> None:
    response = post_action(inputs=[INPUT], request=request_)
    if expected:
        assert problems(response) == expected
    else:
        assert response.status_code == 201, response.text


def test_words_change_although_the_request_could_not_be_saved_today(
    start_server: Callable[..., Any], server: Any, client: httpx.Client, new_action: Callable[..., Any]
) -> None:
    made = new_action(request={"endpoint": "http://127.0.0.1:8080/"})
    assert client.patch(f"/actions/{made['id']}", json={"name": "New"}).status_code == 200
    assert client.patch(f"/actions/{made['id']}", json={"request": {"endpoint": "http://10.0.0.1/"}}).status_code == 422
    with server.database.begin() as connection:  # as if it were from a time with other rules
        connection.exec_driver_sql(
            f"update actions set request = replace(request, '127.0.0.1', '10.0.0.1') where id = '{made['id']}'"
        )
    assert client.patch(f"/actions/{made['id']}", json={"name": "Newer", "outputs": []}).status_code == 200
    assert problems(client.patch(f"/actions/{made['id']}", json={"inputs": []})) == [
        ("request.endpoint", "endpoint_address_blocked")
    ]
