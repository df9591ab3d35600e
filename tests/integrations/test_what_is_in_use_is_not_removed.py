"""What actions, the test request and credentials use is only removed by force, and the answer names who uses it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

REQUEST = {"endpoint": "https://api.acme.com/", "headers": [{"key": "X-Key", "value": "{{auth.api_key}}"}]}


def used_by(response: httpx.Response) -> list[tuple[str, str, str]]:
    assert (response.status_code, response.json()["code"]) == (409, "in_use"), response.text
    return [(user["kind"], user["id"], user["name"]) for user in response.json()["used_by"]]


def test_an_integration_with_actions_and_credentials_is_only_deleted_by_force(
    client: httpx.Client,
    workspace: Any,
    new_integration: Callable[..., Any],
    new_action: Callable[..., Any],
    add_credential: Callable[..., str],
) -> None:
    made = new_integration()
    action = new_action(made["id"])
    credential_id = add_credential(made["id"], [made["auth"]["fields"][0]["id"]])
    path = f"/integrations/{made['id']}"
    assert used_by(client.delete(path)) == [
        ("action", action["id"], "Do it"),
        ("credential", credential_id, "Main"),
    ]
    assert workspace.client("editor").delete(path, params={"force": True}).status_code == 403
    assert client.get(path).status_code == 200
    assert client.delete(path, params={"force": True}).status_code == 204
    assert client.get(f"/actions/{action['id']}").status_code == 404


def test_a_field_that_requests_refer_to_is_not_removed(
    client: httpx.Client, new_integration: Callable[..., Any], new_action: Callable[..., Any]
) -> None:
    made = new_integration(test_request=REQUEST)
    action = new_action(made["id"], name="Uses it", request=REQUEST)
    new_action(made["id"], name="Does not", request={"endpoint": "https://api.acme.com/"})
    new_action(made["id"], name="Has no request")
    path, tenant = f"/integrations/{made['id']}", made["auth"]["fields"][1]
    response = client.patch(path, json={"auth": {"fields": [tenant]}})
    assert used_by(response) == [("test_request", made["id"], "Acme"), ("action", action["id"], "Uses it")]
    assert 'There is no authentication field named "api_key"' in response.json()["used_by"][1]["reason"]
    renamed = [made["auth"]["fields"][0] | {"identifier": "key"}, tenant]
    assert len(used_by(client.patch(path, json={"auth": {"fields": renamed}}))) == 2


def test_a_change_of_the_test_request_in_the_same_call_frees_the_field(
    client: httpx.Client, new_integration: Callable[..., Any]
) -> None:
    made = new_integration(test_request=REQUEST)
    body = {"auth": {"fields": []}, "test_request": {"endpoint": "https://api.acme.com/"}}
    assert client.patch(f"/integrations/{made['id']}", json=body).status_code == 200
    body = {"auth": {"fields": []}, "test_request": REQUEST}
    response = client.patch(f"/integrations/{made['id']}", json=body)
    assert [problem["path"] for problem in response.json()["errors"]] == ["test_request.headers[0].value"]


@pytest.mark.parametrize(
    ("request_of_action", "auth"),
    [
        (
            {"endpoint": "https://api.acme.com/{{auth.tenant}}"},
            {"fields": [{"identifier": "tenant", "type": "password"}]},
        ),
        (
            {"endpoint": "http://api.acme.com/", "headers": [{"key": "X", "value": "{{auth.tenant}}"}]},
            {"fields": [{"identifier": "tenant", "type": "password"}]},
        ),
        ({"endpoint": "https://api.acme.com/?k={{auth.api_key}}"}, {"key_in_url": False}),
    ],
)
def test_a_change_that_breaks_an_action_in_another_way_is_refused_too(
    client: httpx.Client,
    new_integration: Callable[..., Any],
    new_action: Callable[..., Any],
    request_of_action: Any,
    auth: Any,
) -> None:
    made = new_integration()
    path = f"/integrations/{made['id']}"
    client.patch(path, json={"auth": {"key_in_url": True}})
    action = new_action(made["id"], request=request_of_action)
    assert used_by(client.patch(path, json={"auth": auth})) == [("action", action["id"], "Do it")]


def test_an_action_broken_by_force_stays_and_says_why_it_does_not_run(
    client: httpx.Client, new_integration: Callable[..., Any], new_action: Callable[..., Any]
) -> None:
    made = new_integration()
    action = new_action(made["id"], request=REQUEST)
    path = f"/integrations/{made['id']}"
    assert client.patch(path, json={"auth": {"fields": []}}, params={"force": True}).status_code == 200
    assert client.get(f"/actions/{action['id']}").json()["request"]["headers"] == REQUEST["headers"]
    preview = client.post(f"/actions/{action['id']}/preview", json={})
    assert (preview.status_code, preview.json()["code"]) == (409, "action_outdated")
    assert "headers[0].value: There is no authentication field" in preview.json()["detail"]
    # what is broken already stands in nobody's way
    assert client.patch(path, json={"auth": {"name": "N", "fields": []}}).status_code == 200
    assert client.patch(f"/actions/{action['id']}", json={"name": "Renamed"}).status_code == 200


def test_words_change_although_something_is_in_use(
    client: httpx.Client, new_integration: Callable[..., Any], add_credential: Callable[..., str]
) -> None:
    made = new_integration(test_request=REQUEST)
    fields = made["auth"]["fields"]
    add_credential(made["id"], [field["id"] for field in fields])
    changed = [field | {"name": "New", "required": not field["required"]} for field in reversed(fields)]
    answer = client.patch(f"/integrations/{made['id']}", json={"auth": {"fields": changed}})
    assert answer.json()["auth"]["fields"] == changed
