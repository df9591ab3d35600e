"""How secrets are kept is told to who may read the settings: keys, what is sealed to each, and where the KEK is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx

from recado.accounts.service import system_caller
from recado.credentials import keys


def state(client: httpx.Client) -> Any:
    answer = client.get("/secrets")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_before_the_first_key_there_is_none(client: httpx.Client) -> None:
    assert state(client) == {
        "kid": None,
        "fingerprint": None,
        "alg": "X25519-HKDF-SHA256-A256GCM",
        "created_at": None,
        "kek_provider": "file",
        "keys": [],
        "is_client_sealing_required": False,
    }


def test_the_current_key_is_the_one_that_values_are_sealed_to(client: httpx.Client) -> None:
    key = client.get("/secret-key").json()
    auth = {"fields": [{"identifier": name, "type": "password"} for name in ("one", "two")]}
    integration = client.post("/integrations", json={"name": "Acme", "auth": auth}).json()["id"]
    body = {"name": "A", "values": {"one": "a-key-7391", "two": "a-key-7392"}, "hosts": ["api.acme.com"]}
    assert client.post(f"/integrations/{integration}/credentials", json=body).status_code == 201
    told = state(client)
    assert (told["kid"], told["fingerprint"], told["alg"]) == (key["kid"], key["fingerprint"], key["alg"])
    assert told["keys"] == [
        {"kid": key["kid"], "created_at": told["created_at"], "is_current": True, "sealed_values": 2}
    ]
    assert "a-key" not in str(told)


def test_a_key_that_was_replaced_is_told_until_nothing_is_sealed_to_it(
    server: Any, workspace: Any, client: httpx.Client
) -> None:
    test_the_current_key_is_the_one_that_values_are_sealed_to(client)
    old = state(client)["kid"]
    with server.database.begin() as connection:
        caller = system_caller(workspace.id)
        new = keys.add_key(connection, caller, server.parts.kek, "key.rotate").kid
    told = state(client)
    assert told["kid"] == client.get("/secret-key").json()["kid"] == new
    listed = [(key["kid"], key["is_current"], key["sealed_values"]) for key in told["keys"]]
    assert listed == [(new, True, 0), (old, False, 2)]


def test_a_server_that_takes_sealed_values_only_says_so(start_server: Callable[..., Any]) -> None:
    workspace = start_server("sqlite", secrets_require_client_sealing=True).new_workspace()
    assert state(workspace.client("viewer"))["is_client_sealing_required"] is True
    workspace.close()


def test_a_program_that_only_runs_actions_may_not_ask(workspace: Any) -> None:
    assert workspace.client("runner").get("/secrets").status_code == 403
