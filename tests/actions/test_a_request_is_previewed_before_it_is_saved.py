"""A request that is still being written is shown as it would be sent, with everything that is wrong with it, at 200."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from recado.ids import new_id

INPUTS: list[dict[str, Any]] = [
    {"key": "account_id", "name": "User", "type": "string", "required": True},
    {"key": "amount", "name": "Amount", "type": "number"},
]
REQUEST = {
    "method": "POST",
    "endpoint": "https://api.acme.com/v1/{{inputs.account_id}}",
    "headers": [{"key": "Acme-Key", "value": "{{auth.api_key}}"}],
    "body": {"type": "json", "json": {"amount": "{{inputs.amount}}"}},
}


@pytest.fixture
def preview(client: httpx.Client, integration: Any) -> Any:
    """Asks for a preview; gives (request, [(path, code), …])."""

    def ask(**changes: Any) -> tuple[str | None, list[tuple[str, str]]]:
        body = {"inputs": INPUTS, "request": REQUEST, "values": {"account_id": "ana"}, **changes}
        answer = client.post(f"/integrations/{integration['id']}/preview", json=body)
        assert answer.status_code == 200, answer.text
        told = answer.json()
        assert all(problem["message"] for problem in told["errors"])
        return told["request"], [(problem["path"], problem["code"]) for problem in told["errors"]]

    return ask


def test_the_preview_is_the_one_the_saved_action_has(client: httpx.Client, preview: Any, new_action: Any) -> None:
    values = {"account_id": "a b/../c"[:3], "amount": "12.10"}
    saved = client.post(f"/actions/{new_action(inputs=INPUTS, request=REQUEST)['id']}/preview", json={"inputs": values})
    shown, errors = preview(values=values)
    assert (shown, errors) == (saved.json()["request"], [])
    assert shown is not None
    assert shown.startswith("POST /v1/a%20b HTTP/1.1\r\nHost: api.acme.com\r\n")
    assert shown.endswith('\r\n\r\n{"amount":12.10}')
    assert "Acme-Key: ██████\r\n" in shown


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({}, [("values.account_id", "input_missing")]),
        (
            {"account_id": 5, "amount": "x", "other": 1},
            [("values.other", "unknown_field"), ("values.account_id", "input_type"), ("values.amount", "input_type")],
        ),
        ({"account_id": "../admin"}, [("values.account_id", "input_not_allowed_in_path")]),
        ({"account_id": "a" * 9_000}, [("request.endpoint", "endpoint_too_long")]),
    ],
)
def test_values_that_do_not_do_are_named_and_nothing_is_shown(
    preview: Any, values: Any, errors: list[tuple[str, str]]
) -> None:
    shown, found = preview(values=values)
    assert shown is None
    assert found == errors


def test_a_half_written_request_says_all_that_is_wrong(preview: Any) -> None:
    request = REQUEST | {"endpoint": "https://api.acme.com/{{inputs.acount}}", "headers": [{"key": "", "value": "x"}]}
    inputs = [*INPUTS, {"key": "9lives", "name": "", "type": "string"}]
    shown, errors = preview(request=request, inputs=inputs, values={})
    assert shown is None
    assert set(errors) >= {
        ("inputs[2].key", "identifier_invalid"),
        ("inputs[2].name", "required"),
        ("request.endpoint", "reference_unknown"),
        ("request.headers[0].key", "header_name_invalid"),
        ("values.account_id", "input_missing"),
    }


def test_an_input_without_a_name_yet_stops_no_preview(preview: Any) -> None:
    shown, errors = preview(inputs=[INPUTS[0] | {"name": ""}], request={"endpoint": REQUEST["endpoint"]})
    assert shown is not None
    assert shown.startswith("GET /v1/ana HTTP/1.1")
    assert errors == [("inputs[0].name", "required")]


def test_what_may_not_be_called_is_shown_with_the_reason(preview: Any) -> None:
    shown, errors = preview(request={"endpoint": "https://10.0.0.1/"}, values={"account_id": "ana"})
    assert shown is not None
    assert shown.startswith("GET / HTTP/1.1\r\nHost: 10.0.0.1\r\n")
    assert errors == [("request.endpoint", "endpoint_address_blocked")]


def test_a_credential_that_is_not_of_this_integration_is_a_field_that_is_wrong(
    client: httpx.Client, preview: Any
) -> None:
    other = client.post("/integrations", json={"name": "Other"}).json()
    foreign = client.post(f"/integrations/{other['id']}/credentials", json={"name": "One"}).json()
    for unknown in (foreign["id"], new_id("crd"), "crd_1"):
        shown, errors = preview(credential_id=unknown)
        assert shown is not None
        assert errors == [("credential_id", "invalid_value")]


def test_an_unknown_integration_is_404_and_a_body_of_another_shape_422(client: httpx.Client, integration: Any) -> None:
    for unknown in (new_id("int"), "int_1"):
        answer = client.post(f"/integrations/{unknown}/preview", json={"request": REQUEST})
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    for body in ({}, {"request": REQUEST, "else": 1}, {"request": {"method": "LOOK"}}):
        assert client.post(f"/integrations/{integration['id']}/preview", json=body).status_code == 422


def test_nothing_is_saved(client: httpx.Client, integration: Any, preview: Any) -> None:
    def noted() -> list[Any]:  # but that the key was used, which is noted on the side, now or a moment later
        return [each for each in client.get("/audit-log").json()["items"] if each["action"] != "api_key.first_use"]

    before = noted()
    preview()
    assert client.get(f"/integrations/{integration['id']}/actions").json()["items"] == []
    assert client.get("/executions").json()["items"] == []
    assert noted() == before
