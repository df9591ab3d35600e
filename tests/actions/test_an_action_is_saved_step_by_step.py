"""An action over HTTP: a name first, then inputs, request and outputs; read, listed, changed, deleted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

ACCOUNT = {"key": "account_id", "name": "Username", "type": "string", "required": True}
REQUEST = {
    "method": "POST",
    "endpoint": "https://api.acme.com/v1/validations",
    "query": [],
    "headers": [{"key": "Acme-Key", "value": "{{auth.api_key}}"}],
    "body": {"type": "form", "fields": [{"key": "account_id", "value": "{{inputs.account_id}}"}]},
    "timeout_seconds": 2.5,
    "follow_redirects": True,
    "idempotency_header": "Idempotency-Key",
}
OUTPUT = {"key": "data.validation_id", "name": "Validation", "type": "string", "required": True}


def test_each_step_of_the_guide_can_be_saved_alone(
    client: httpx.Client, integration: Any, new_action: Callable[..., Any]
) -> None:
    made = new_action(name=" Create user validation ")
    assert made["id"].startswith("act_")
    assert made["integration_id"] == integration["id"]
    empty: dict[str, Any] = {"description": "", "inputs": [], "request": None, "outputs": [], "is_private": False}
    assert made == made | empty | {"name": "Create user validation"}
    path = f"/actions/{made['id']}"
    steps: list[dict[str, Any]] = [{"inputs": [ACCOUNT]}, {"request": REQUEST}, {"outputs": [OUTPUT]}]
    for step in steps:
        assert client.patch(path, json=step).status_code == 200
    shown = client.get(path).json()
    assert shown["inputs"] == [ACCOUNT]
    assert shown["request"] == REQUEST
    assert shown["outputs"] == [OUTPUT | {"identifier": "validation_id"}]
    changed = client.patch(path, json={"is_private": True, "description": "Mails a code."}).json()
    assert changed == shown | {
        "is_private": True,
        "description": "Mails a code.",
        "updated_at": changed["updated_at"],
    }
    assert client.patch(path, json={"request": None}).json()["request"] is None


def test_an_action_can_be_made_at_once(new_action: Callable[..., Any]) -> None:
    made = new_action(inputs=[ACCOUNT], request=REQUEST, outputs=[OUTPUT], is_private=True)
    assert (made["request"], made["is_private"]) == (REQUEST, True)


def test_actions_are_listed_newest_first_and_searched_by_name(
    client: httpx.Client, integration: Any, new_action: Callable[..., Any]
) -> None:
    made = [new_action(name=name)["id"] for name in ("Create", "Validate", "Update")]
    path = f"/integrations/{integration['id']}/actions"
    first = client.get(path, params={"limit": 2}).json()
    rest = client.get(path, params={"cursor": first["next_cursor"]}).json()
    assert [item["id"] for item in first["items"] + rest["items"]] == sorted(made, reverse=True)
    found = client.get(path, params={"search": "ATE"}).json()["items"]
    assert {item["name"] for item in found} == {"Create", "Validate", "Update"}
    assert client.get(path, params={"search": "val"}).json()["items"][0]["name"] == "Validate"
    assert client.get(path, params={"search": "\0"}).json()["items"] == []


@pytest.mark.parametrize("force", ["true", "false"])
def test_a_deleted_action_is_gone(client: httpx.Client, new_action: Callable[..., Any], force: str) -> None:
    made = new_action()
    assert client.delete(f"/actions/{made['id']}", params={"force": force}).status_code == 204
    for method, path, body in [
        ("GET", "", None),
        ("PATCH", "", {"name": "A"}),
        ("DELETE", "", None),
        ("POST", "/preview", {}),
    ]:
        assert client.request(method, f"/actions/{made['id']}{path}", json=body).status_code == 404


def test_another_workspace_sees_and_changes_nothing(
    server: Any, client: httpx.Client, new_action: Callable[..., Any]
) -> None:
    made = new_action(request=REQUEST | {"body": {"type": "none"}})
    stranger = server.new_workspace()
    for method, path, body in [
        ("GET", "", None),
        ("PATCH", "", {"name": "Mine"}),
        ("DELETE", "", None),
        ("POST", "/preview", {}),
    ]:
        response = stranger.client("owner").request(method, f"/actions/{made['id']}{path}", json=body)
        assert (response.status_code, response.json()["code"]) == (404, "not_found")
    stranger.close()
    assert client.get(f"/actions/{made['id']}").json() == made


@pytest.mark.parametrize("action_id", ["act_1", "int_01h00000000000000000000000", "%00", "x" * 500])
def test_what_is_no_id_is_not_found(client: httpx.Client, action_id: str) -> None:
    for method, body in (("GET", None), ("PATCH", {}), ("DELETE", None)):
        assert client.request(method, f"/actions/{action_id}", json=body).status_code == 404


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [
        ("admin", 200, 200),
        ("editor", 200, 200),
        ("credential_manager", 200, 403),
        ("viewer", 200, 403),
        ("runner", 403, 403),
    ],
)
def test_roles_decide_who_may_read_and_write(
    workspace: Any, new_action: Callable[..., Any], role: str, reads: int, writes: int
) -> None:
    made = new_action(request={"endpoint": "https://api.acme.com/"})
    client = workspace.client(role)
    assert client.get(f"/actions/{made['id']}").status_code == reads
    assert client.post(f"/actions/{made['id']}/preview", json={}).status_code == reads
    assert client.patch(f"/actions/{made['id']}", json={"name": role}).status_code == writes


def test_changes_are_noted_in_the_audit_log(client: httpx.Client, server: Any, new_action: Callable[..., Any]) -> None:
    made = new_action(request={"endpoint": "https://api.acme.com/a?literal=hunter2"})
    path = f"/actions/{made['id']}"
    client.patch(path, json={"request": {"endpoint": "https://api.other.com/b"}})
    client.patch(path, json={})
    client.delete(path)
    with server.database.begin() as connection:
        rows = connection.exec_driver_sql(
            f"select action, details from audit_log where object_id = '{made['id']}' order by sequence"
        ).all()
    assert [row[0] for row in rows] == ["action.create", "action.update", "action.delete"]
    assert rows[1][1] == '{"request":{"before":"GET https://api.acme.com/a","after":"GET https://api.other.com/b"}}'
    assert "hunter2" not in str(rows)
