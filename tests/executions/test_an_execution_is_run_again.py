"""An execution is run again as a new one of the same kind, or it is said why not."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from executions.conftest import KEY
from recado.db.tables import execution_results, executions
from recado.ids import new_id
from security.shapes import Door
from servers.echo import EchoServer

KEY_ROW = {"key": "X-Key", "value": "{{auth.api_key}}"}


@pytest.fixture
def action(door: Door, integration: str, upstream: EchoServer) -> str:
    """An action with one text input that answers 200."""
    endpoint = f"{upstream.url}/status/200/{{{{inputs.who}}}}"
    return door.make_action(
        integration, {"method": "POST", "endpoint": endpoint, "headers": [KEY_ROW]}, {"who": "string"}
    )


def again(client: httpx.Client, execution: Any) -> httpx.Response:
    return client.post(f"/executions/{execution['id']}/run-again")


def refusal(answer: httpx.Response) -> str:
    """Why an execution is not run again."""
    assert (answer.status_code, answer.json()["code"]) == (409, "not_repeatable"), answer.text
    return str(answer.json()["detail"])


def test_a_live_run_and_a_test_are_repeated_as_what_they_were(
    client: httpx.Client, door: Door, action: str, credential: str, upstream: EchoServer
) -> None:
    for path, kind in (("executions", "live"), ("test", "test")):
        body = {"credential_id": credential, "inputs": {"who": f"ana-{kind}"}}
        first = door.post(f"/actions/{action}/{path}", body, 200)
        answer = again(client, first)
        assert answer.status_code == 200, answer.text
        second = answer.json()
        assert second["id"] > first["id"]
        same = ("kind", "action_id", "credential_id", "inputs", "outcome", "request")
        assert {name: second[name] for name in same} == {name: first[name] for name in same}
        assert second["kind"] == kind
        assert ("candidates" in second) == (kind == "test")
        assert upstream.requests[-1] == upstream.requests[-2]
        assert f"/ana-{kind} ".encode() in upstream.requests[-1]


def test_a_credentials_test_is_repeated(client: httpx.Client, door: Door, credential: str) -> None:
    first = door.post(f"/credentials/{credential}/test", status=200)
    second = again(client, first).json()
    assert (second["kind"], second["verdict"]) == ("credential_test", "accepted")
    assert door.get(f"/credentials/{credential}")["last_test"]["at"] == second["finished_at"]


def test_what_failed_may_go_better_now(client: httpx.Client, door: Door, action: str, credential: str) -> None:
    first = door.run(action, credential, who="../up")
    assert first["outcome"] == "input_invalid"
    assert again(client, first).json()["outcome"] == "input_invalid"


def test_an_unknown_outcome_is_repeated_only_where_that_is_safe(
    client: httpx.Client, server: Any, door: Door, integration: str, action: str, credential: str, upstream: EchoServer
) -> None:
    reading = door.make_action(integration, {"endpoint": f"{upstream.url}/status/200"})
    for used, is_repeated in ((action, False), (reading, True)):
        first = door.run(used, credential, **({"who": "ana"} if used == action else {}))
        with server.database.begin() as connection:
            closed = sa.update(execution_results).where(execution_results.c.id == first["id"]).values(outcome="unknown")
            connection.execute(closed)
        before = len(upstream.requests)
        answer = again(client, first)
        if is_repeated:
            assert answer.json()["outcome"] == "ok"
        else:
            assert "POST may not be safe to repeat" in refusal(answer)
        assert len(upstream.requests) == before + is_repeated


def test_without_its_inputs_nothing_is_repeated(
    client: httpx.Client, door: Door, integration: str, credential: str, upstream: EchoServer, action: str
) -> None:
    request = {"method": "POST", "endpoint": f"{upstream.url}/status/200", "headers": [KEY_ROW]}
    private = door.make_action(integration, request, is_private=True)
    assert "not kept" in refusal(again(client, door.run(private, credential)))
    assert "held a secret" in refusal(again(client, door.run(action, credential, who=KEY)))


def test_what_is_gone_or_changed_is_said(
    client: httpx.Client, door: Door, integration: str, credential: str, action: str
) -> None:
    first = door.run(action, credential, who="ana")
    door.patch(f"/actions/{action}", {"inputs": [], "request": {"endpoint": "https://api.acme.com/"}})
    assert "was changed" in refusal(again(client, first))
    tested = door.post(f"/credentials/{credential}/test", status=200)
    assert client.delete(f"/actions/{action}").status_code == 204
    assert "is gone" in refusal(again(client, first))
    assert client.delete(f"/credentials/{credential}").status_code == 204
    assert "is gone" in refusal(again(client, tested))


def test_what_still_runs_is_left_alone(
    client: httpx.Client, server: Any, door: Door, action: str, credential: str
) -> None:
    first = door.run(action, credential, who="ana")
    with server.database.begin() as connection:
        connection.execute(sa.delete(execution_results).where(execution_results.c.id == first["id"]))
    assert "still running" in refusal(again(client, first))
    with server.database.begin() as connection:
        connection.execute(sa.delete(executions).where(executions.c.id == first["id"]))


def test_it_takes_the_permission_of_its_kind(workspace: Any, door: Door, action: str, credential: str) -> None:
    live = door.run(action, credential, who="ana")
    test = door.post(f"/actions/{action}/test", {"credential_id": credential, "inputs": {"who": "ana"}}, 200)
    proof = door.post(f"/credentials/{credential}/test", status=200)
    expected = {
        "editor": (200, 200, 200),
        "runner": (200, 403, 403),
        "viewer": (403, 403, 403),
        "credential_manager": (403, 403, 403),
    }
    for role, statuses in expected.items():
        found = tuple(again(workspace.client(role), execution).status_code for execution in (live, test, proof))
        assert found == statuses, role


def test_an_unknown_execution_is_404(client: httpx.Client) -> None:
    for unknown in (new_id("exe"), "exe_1"):
        answer = again(client, {"id": unknown})
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
