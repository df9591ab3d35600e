"""One key, one execution: the same call again gets the first one's result, also while that still runs, and after a restart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from recado.db.columns import utc_now
from recado.db.tables import executions
from servers.background import Background
from servers.counting import CountingServer
from servers.raw import Answer, RawServer, response

BODY = {"type": "form", "fields": [{"key": "token", "value": "{{inputs.token}}"}]}
TOKEN = {"key": "token", "name": "Token", "type": "string", "required": False}


def make_action(client: httpx.Client, url: str, **more: Any) -> str:
    """The id of an action that posts a token."""
    integration = client.post("/integrations", json={"name": "Upstream"}).json()["id"]
    request = {"method": "POST", "endpoint": f"{url}/things", "body": BODY}
    number = {"key": "number", "name": "Number", "type": "number", "required": False}
    body = {"name": "Post", "inputs": [TOKEN, number], "request": request, **more}
    answer = client.post(f"/integrations/{integration}/actions", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def run(client: httpx.Client, action: str, key: str | None, status: int = 200, **inputs: Any) -> dict[str, Any]:
    body = {"inputs": inputs, **({} if key is None else {"idempotency_key": key})}
    answer = client.post(f"/actions/{action}/executions", json=body)
    assert answer.status_code == status, answer.text
    return dict(answer.json())


def at_once(count: int, work: Callable[[int], Any]) -> list[Any]:
    """The results of `count` threads that start together."""
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(work, range(count)))


def test_the_same_call_again_gets_the_first_ones_result(client: httpx.Client, slow: CountingServer) -> None:
    action = make_action(client, slow.url)
    first = run(client, action, "order-1", token="a1")
    again = run(client, action, "order-1", token="a1")
    assert again == first == client.get(f"/executions/{first['id']}").json()
    assert slow.hits == {("POST", "a1"): 1}


def test_the_order_of_inputs_does_not_matter_and_their_values_do(client: httpx.Client, slow: CountingServer) -> None:
    action = make_action(client, slow.url)
    first = run(client, action, "k", token="a1", number=1.50)
    assert run(client, action, "k", number=1.50, token="a1")["id"] == first["id"]
    for inputs in ({"token": "a1"}, {"token": "a2", "number": 1.5}, {"token": "a1", "number": 2}, {}):
        told = run(client, action, "k", 409, **inputs)
        assert (told["code"], told["type"]) == ("idempotency_conflict", "urn:recado:error:idempotency_conflict")
    assert sum(slow.hits.values()) == 1


def test_another_credential_is_another_call(client: httpx.Client, slow: CountingServer) -> None:
    action = make_action(client, slow.url)
    integration = client.get(f"/actions/{action}").json()["integration_id"]
    credential = client.post(f"/integrations/{integration}/credentials", json={"name": "C"}).json()["id"]
    run(client, action, "k", token="a1")
    body = {"inputs": {"token": "a1"}, "idempotency_key": "k", "credential_id": credential}
    assert client.post(f"/actions/{action}/executions", json=body).status_code == 409


@pytest.mark.parametrize("count", [2, 24])
def test_calls_at_the_same_time_wait_for_the_first(client: httpx.Client, slow: CountingServer, count: int) -> None:
    action = make_action(client, slow.url)
    found = at_once(count, lambda _: run(client, action, "together", token="b1"))
    assert all(each == found[0] for each in found)
    assert found[0]["outcome"] == "ok"
    assert slow.hits == {("POST", "b1"): 1}


def test_different_calls_at_the_same_time_under_one_key_run_once(client: httpx.Client, slow: CountingServer) -> None:
    action = make_action(client, slow.url)

    def call(number: int) -> int:
        body = {"inputs": {"token": f"c{number}"}, "idempotency_key": "one"}
        return client.post(f"/actions/{action}/executions", json=body).status_code

    assert sorted(at_once(8, call)) == [200] + [409] * 7
    assert sum(slow.hits.values()) == 1


def test_two_servers_on_one_database_agree(
    start_server: Callable[..., Any], new_postgresql_database: Callable[[], str], slow: CountingServer
) -> None:
    url = new_postgresql_database()
    servers = [start_server("sqlite", database_url=url) for _ in range(2)]
    workspace = servers[0].new_workspace()
    headers = {"authorization": f"Bearer {workspace.keys['owner']}"}
    clients = [
        httpx.Client(base_url=f"{server.url}/api/v1", headers=headers, timeout=120, trust_env=False)
        for server in servers
    ]
    action = make_action(clients[0], slow.url)
    found = at_once(12, lambda number: run(clients[number % 2], action, "shared", token="d1"))
    assert len({each["id"] for each in found}) == 1
    assert slow.hits == {("POST", "d1"): 1}
    for client in (*clients, workspace):
        client.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_key_holds_over_a_restart(
    start_server: Callable[..., Any], request: pytest.FixtureRequest, tmp_path: Any, slow: CountingServer, kind: str
) -> None:
    url = request.getfixturevalue("new_postgresql_database")() if kind == "postgresql" else ""
    first_server = start_server("sqlite", data_dir=tmp_path, database_url=url)
    workspace = first_server.new_workspace()
    action = make_action(workspace.client(), slow.url)
    first = run(workspace.client(), action, "k", token="e1")
    workspace.close()
    first_server.stop()
    second_server = start_server("sqlite", data_dir=tmp_path, database_url=url)
    headers = {"authorization": f"Bearer {workspace.keys['owner']}"}
    with httpx.Client(base_url=f"{second_server.url}/api/v1", headers=headers, trust_env=False) as client:
        assert run(client, action, "k", token="e1") == first
        assert run(client, action, "k", 409, token="e2")["code"] == "idempotency_conflict"
    assert slow.hits == {("POST", "e1"): 1}


def test_a_failure_is_a_result_too(client: httpx.Client, background: Background) -> None:
    with background.serving(RawServer(Answer(response(500, b"no")))) as failing:
        action = make_action(client, failing.url)
        first = run(client, action, "k", token="f1")
        assert (first["outcome"], run(client, action, "k", token="f1")) == ("http_5xx", first)
        assert len(failing.requests) == 1


def test_a_run_that_sent_nothing_is_a_result_too(client: httpx.Client, slow: CountingServer) -> None:
    action = make_action(client, slow.url)
    first = run(client, action, "k", number="not a number")
    assert (first["outcome"], run(client, action, "k", number="not a number")) == ("input_invalid", first)
    assert not slow.hits


def test_a_key_belongs_to_its_action(client: httpx.Client, slow: CountingServer) -> None:
    one, two = (make_action(client, slow.url) for _ in range(2))
    assert run(client, one, "k", token="g1")["id"] != run(client, two, "k", token="g1")["id"]
    assert slow.hits == {("POST", "g1"): 2}


def test_without_a_key_every_call_runs(client: httpx.Client, slow: CountingServer) -> None:
    action = make_action(client, slow.url)
    assert run(client, action, None, token="h1")["id"] != run(client, action, None, token="h1")["id"]
    assert slow.hits == {("POST", "h1"): 2}


def test_a_key_is_free_again_after_a_day(server: Any, client: httpx.Client, slow: CountingServer) -> None:
    action = make_action(client, slow.url)
    first = run(client, action, "daily", token="i1")
    for hours, is_first in ((23, True), (25, False)):
        with server.database.begin() as connection:
            moment = utc_now() - dt.timedelta(hours=hours)
            connection.execute(sa.update(executions).where(executions.c.id == first["id"]).values(created_at=moment))
        assert (run(client, action, "daily", token="i1")["id"] == first["id"]) is is_first
    assert run(client, action, "daily", token="i1")["id"] != first["id"], "the new one holds the key now"
    assert slow.hits == {("POST", "i1"): 2}


@pytest.mark.parametrize(("key", "status"), [("k" * 255, 200), ("k" * 256, 422), ("", 422), ("día/🙂 \t", 200)])
def test_a_key_has_1_to_255_characters(client: httpx.Client, slow: CountingServer, key: str, status: int) -> None:
    action = make_action(client, slow.url)
    told = run(client, action, key, status, token="j1")
    if status == 200:
        assert run(client, action, key, token="j1") == told
    else:
        assert [error["path"] for error in told["errors"]] == ["idempotency_key"]


def test_a_key_with_a_character_no_database_can_hold_is_refused(client: httpx.Client, slow: CountingServer) -> None:
    action = make_action(client, slow.url)
    told = run(client, action, "a\0b", 422, token="l1")
    assert [error["path"] for error in told["errors"]] == ["idempotency_key"]


def test_the_api_is_sent_one_key_for_one_execution(client: httpx.Client, background: Background) -> None:
    """An action may name a header for a key: then even a POST is repeated, under the same key."""
    answers = [Answer(response(503, b"")), Answer(response(503, b"")), Answer(response(200, b"{}"))]
    with background.serving(RawServer(*answers)) as upstream:
        request = {"method": "POST", "endpoint": upstream.url, "idempotency_header": "Idempotency-Key"}
        action = make_action(client, upstream.url, request=request, inputs=[TOKEN])
        first = run(client, action, "ours")
        run(client, action, "ours")
        run(client, action, "another")
        sent = [
            line.partition(b": ")[2]
            for each in upstream.requests
            for line in each.split(b"\r\n")
            if line[:12] == b"Idempotency-"
        ]
        assert first["outcome"] == "ok"
        assert len(first["attempts"]) == 3
        assert (len(sent), len(set(sent[:3])), len(set(sent))) == (4, 1, 2)
