"""The worked example is made with one call, against an API that runs beside the server and may be called, and nothing else."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from recado.emulator.example import ACCOUNT_ID


@pytest.fixture(scope="module")
def example_server(database_kind: str, start_server: Callable[..., Any], unused_port: Callable[[], int]) -> Any:
    """A server with the example beside it, whose operator allows nothing."""
    return start_server(database_kind, example_port=unused_port(), egress_allow=())


@pytest.fixture
def caller(example_server: Any) -> Iterator[Any]:
    made = example_server.new_workspace()
    yield made
    made.close()


def create(workspace: Any, role: str = "owner") -> Any:
    answer = workspace.client(role).post("/example")
    assert answer.status_code == 201, answer.text
    return answer.json()


def run(client: httpx.Client, action: str, credential: str, **inputs: str) -> Any:
    answer = client.post(f"/actions/{action}/executions", json={"credential_id": credential, "inputs": inputs})
    assert answer.json()["outcome"] == "ok", answer.text
    return answer.json()


def test_it_is_made_and_runs_from_end_to_end(example_server: Any, caller: Any) -> None:
    client = caller.client()
    url = f"http://127.0.0.1:{example_server.settings.example_port}"
    assert client.get("/example").json() == {
        "is_available": True,
        "base_url": url,
        "integration_id": None,
        "flow_id": None,
        "codes": [],
    }
    made = create(caller)
    assert client.get("/example").json()["integration_id"] == made["integration_id"]
    tested = client.post(f"/credentials/{made['credential_id']}/test").json()
    assert (tested["verdict"], tested["outcome"]) == ("accepted", "ok")
    assert client.get(f"/credentials/{made['credential_id']}").json()["hosts"] == [url]
    assert client.get("/example").json()["flow_id"] == made["flow_id"]
    mail, check = made["actions"]
    validation = run(client, mail, made["credential_id"], account_id=ACCOUNT_ID)["outputs"]["validation_id"]
    (code,) = client.get("/example").json()["codes"]
    assert (code["account_id"], code["validation_id"]) == (ACCOUNT_ID, validation)
    inputs = {"validation_id": validation, "code": code["code"]}
    assert run(client, check, made["credential_id"], **inputs)["outputs"] == {"validation_status": "success"}


def test_its_flow_can_be_tried_at_once(caller: Any) -> None:
    client, made = caller.client(), create(caller)
    begun = client.post("/simulator/conversations", json={"flow_id": made["flow_id"], "version": 1}).json()

    def say(text: str) -> Any:
        return client.post(f"/simulator/conversations/{begun['id']}/messages", json={"text": text}).json()

    assert "no account" in say("nobody")["messages"][0]["text"]
    say(ACCOUNT_ID)
    code = client.get("/example").json()["codes"][0]["code"]
    last = say(code)
    assert (last["status"], last["messages"][-1]["text"]) == ("finished", f"Welcome, {ACCOUNT_ID}! You are logged in.")


def test_once_for_each_workspace_and_again_when_it_was_deleted(caller: Any, example_server: Any) -> None:
    client = caller.client()
    made = create(caller)
    again = client.post("/example")
    assert (again.status_code, again.json()["code"]) == (409, "example_exists")
    assert "Validations" in again.json()["detail"]
    other = example_server.new_workspace()
    assert create(other)["integration_id"] != made["integration_id"]
    other.close()
    assert client.delete(f"/integrations/{made['integration_id']}?force=true").status_code == 204
    assert client.get("/example").json()["integration_id"] is None
    create(caller)


def test_what_is_mailed_for_one_workspace_is_not_told_another(caller: Any, example_server: Any) -> None:
    other = example_server.new_workspace()
    made, theirs = create(caller), create(other)
    run(caller.client(), made["actions"][0], made["credential_id"], account_id=ACCOUNT_ID)
    assert len(caller.client().get("/example").json()["codes"]) == 1
    assert other.client().get("/example").json()["codes"] == []
    listed = other.client().post(f"/credentials/{theirs['credential_id']}/test").json()
    assert listed["response"]["body"] == '{"validations":[],"self":"/v1/validations"}'
    other.close()


def test_who_may_edit_integrations_may_make_it(caller: Any) -> None:
    for role in ("viewer", "runner", "credential_manager"):
        assert caller.client(role).post("/example").status_code == 403
    assert caller.client("viewer").get("/example").status_code == 200
    create(caller, "editor")


def test_the_policy_allows_that_address_and_port_and_no_more(caller: Any, example_server: Any, emulator: Any) -> None:
    client = caller.client()
    rules = {rule["code"]: rule["values"] for rule in client.get("/address-policy").json()["rules"]}
    assert rules["allowed"] == [f"127.0.0.1/32:{example_server.settings.example_port}"]
    for url in (emulator.url, f"http://127.0.0.2:{example_server.settings.example_port}"):
        answer = client.post(
            "/integrations", json={"name": "Else", "test_request": {"endpoint": f"{url}/v1/validations"}}
        )
        assert (answer.status_code, answer.json()["code"]) == (422, "endpoint_address_blocked"), url


def test_sealed_secrets_only_is_no_hindrance(start_server: Callable[..., Any], unused_port: Callable[[], int]) -> None:
    server = start_server("sqlite", example_port=unused_port(), egress_allow=(), secrets_require_client_sealing=True)
    workspace = server.new_workspace()
    made = create(workspace)
    assert workspace.client().post(f"/credentials/{made['credential_id']}/test").json()["verdict"] == "accepted"
    workspace.close()


def test_a_stranger_without_the_key_is_refused(example_server: Any) -> None:
    url = f"http://127.0.0.1:{example_server.settings.example_port}/v1/validations"
    for headers in ({}, {"truora-api-key": "guess"}):
        assert httpx.get(url, headers=headers, trust_env=False).status_code == 401


# ── where it does not run ────────────────────────────────────────────────────────────────────────────────────────────


def check_unavailable(server: Any) -> None:
    workspace = server.new_workspace()
    client = workspace.client()
    assert client.get("/example").json() == {
        "is_available": False,
        "base_url": None,
        "integration_id": None,
        "flow_id": None,
        "codes": [],
    }
    refused = client.post("/example")
    assert (refused.status_code, refused.json()["code"]) == (409, "example_unavailable")
    rules = {rule["code"] for rule in client.get("/address-policy").json()["rules"]}
    assert "allowed" not in rules
    workspace.close()


def test_port_0_switches_it_off(start_server: Callable[..., Any]) -> None:
    check_unavailable(start_server("sqlite", example_port=0, egress_allow=()))


def test_a_port_that_is_taken_is_no_reason_not_to_serve(start_server: Callable[..., Any]) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        check_unavailable(start_server("sqlite", example_port=port, egress_allow=()))


def test_a_server_that_others_reach_has_none(start_server: Callable[..., Any], unused_port: Callable[[], int]) -> None:
    check_unavailable(start_server("sqlite", host="0.0.0.0", example_port=unused_port(), egress_allow=()))


def test_it_is_gone_with_the_server(start_server: Callable[..., Any], unused_port: Callable[[], int]) -> None:
    port = unused_port()
    server = start_server("sqlite", example_port=port, egress_allow=())
    assert httpx.get(f"http://127.0.0.1:{port}/v1/validations", trust_env=False).status_code == 401
    server.stop()
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{port}/", trust_env=False)
