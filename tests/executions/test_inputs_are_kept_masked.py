"""An execution keeps the inputs it was run with, by the same rules as bodies: secrets masked, and none for private actions."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sqlalchemy as sa

from executions.conftest import KEY
from recado.db.tables import executions
from security.shapes import Door
from servers.echo import EchoServer

GIVEN = {"who": 'Ana "A" é', "amount": 12345678901234567890}
TYPES = {"who": "string", "amount": "integer"}


@pytest.fixture
def request_of(upstream: EchoServer) -> dict[str, Any]:
    return {
        "method": "POST",
        "endpoint": f"{upstream.url}/status/200",
        "headers": [{"key": "X-Key", "value": "{{auth.api_key}}"}],
        "body": {"type": "json", "json": {"who": "{{inputs.who}}", "amount": "{{inputs.amount}}"}},
    }


def kept(server: Any, execution_id: str) -> str | None:
    with server.database.begin() as connection:
        statement = sa.select(executions.c.inputs).where(executions.c.id == execution_id)
        text: str | None = connection.scalar(statement)
        return text


def test_the_answer_and_what_is_read_back_have_them(
    door: Door, integration: str, credential: str, request_of: Any
) -> None:
    action = door.make_action(integration, request_of, TYPES)
    for path in ("executions", "test"):
        made = door.post(f"/actions/{action}/{path}", {"credential_id": credential, "inputs": GIVEN}, 200)
        assert (made["outcome"], made["inputs"]) == ("ok", GIVEN)
        assert door.get(f"/executions/{made['id']}")["inputs"] == GIVEN
    assert [item["inputs"] for item in door.get("/executions")["items"]] == [None, None]


def test_with_an_idempotency_key_too(door: Door, integration: str, credential: str, request_of: Any) -> None:
    action = door.make_action(integration, request_of, TYPES)
    body = {"credential_id": credential, "inputs": GIVEN, "idempotency_key": "once"}
    first, again = (door.post(f"/actions/{action}/executions", body, 200) for _ in range(2))
    assert first["id"] == again["id"]
    assert first["inputs"] == again["inputs"] == GIVEN


def test_numbers_keep_their_digits(door: Door, integration: str, request_of: Any, client: Any) -> None:
    action = door.make_action(integration, request_of, {"who": "string", "amount": "number"})
    text = '{"inputs":{"who":"a","amount":12.10}}'
    made = client.post(f"/actions/{action}/executions", content=text, headers={"content-type": "application/json"})
    assert '"amount":12.10' in made.text
    assert '"inputs":{"who":"a","amount":12.10}' in client.get(f"/executions/{made.json()['id']}").text


def test_inputs_that_are_refused_are_kept_too(door: Door, integration: str, credential: str, request_of: Any) -> None:
    made = door.run(door.make_action(integration, request_of, TYPES), credential, who="a", amount="many")
    assert made["outcome"] == "input_invalid"
    assert door.get(f"/executions/{made['id']}")["inputs"] == {"who": "a", "amount": "many"}


def test_a_secret_in_an_input_is_masked_everywhere(
    server: Any, door: Door, integration: str, credential: str, request_of: Any
) -> None:
    action = door.make_action(integration, request_of, TYPES)
    made = door.run(action, credential, who=f"it is {KEY}, see", amount=1)
    expected = {"who": "it is ***, see", "amount": 1}
    assert made["inputs"] == door.get(f"/executions/{made['id']}")["inputs"] == expected
    assert KEY not in json.dumps(made)
    assert KEY not in (kept(server, made["id"]) or "")


def test_a_number_that_is_a_secret_is_masked_and_stays_json(
    server: Any, door: Door, integration: str, upstream: EchoServer, request_of: Any
) -> None:
    credential = door.make_credential(integration, {"api_key": "8675309123"}, [upstream.url])
    made = door.run(door.make_action(integration, request_of, TYPES), credential, who="a", amount=8675309123)
    assert made["inputs"] == door.get(f"/executions/{made['id']}")["inputs"] == {"who": "a", "amount": "***"}
    assert "8675309123" not in (kept(server, made["id"]) or "")


def test_private_actions_and_short_secrets_keep_none(
    server: Any, door: Door, integration: str, credential: str, upstream: EchoServer, request_of: Any
) -> None:
    private = door.make_action(integration, request_of, TYPES, is_private=True)
    short = door.make_credential(integration, {"api_key": "short1"}, [upstream.url])
    open_to_all = door.make_action(integration, request_of, TYPES)
    for action, used in ((private, credential), (open_to_all, short)):
        made = door.run(action, used, **GIVEN)
        assert (made["outcome"], made["inputs"]) == ("ok", None)
        assert door.get(f"/executions/{made['id']}")["inputs"] is None
        assert kept(server, made["id"]) is None


def test_damaged_inputs_are_not_shown_and_damage_nothing_else(
    server: Any, door: Door, integration: str, credential: str, request_of: Any
) -> None:
    made = door.run(door.make_action(integration, request_of, TYPES), credential, **GIVEN)
    with server.database.begin() as connection:
        damaged = sa.update(executions).where(executions.c.id == made["id"]).values(inputs='{"who":***}')
        connection.execute(damaged)
    found = door.get(f"/executions/{made['id']}")
    assert (found["outcome"], found["inputs"]) == ("ok", None)
