"""Values sealed by the client: with what the API tells, for one place only, and as the pinned vectors have it."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from recado import base64url
from recado.accounts import service as accounts
from recado.credentials import keys_repository
from recado.credentials.sealing import kid_of, private_key_aad, seal_secret, secret_info
from recado.db.columns import utc_now
from recado.db.tables import integrations, workspaces
from recado.ids import new_id

VECTORS = json.loads((Path(__file__).parents[1] / "testdata/sealing_vectors.json").read_text(encoding="utf-8"))


def opened(server: Any, workspace_id: str, credential_id: str) -> Any:
    return server.run(server.parts.vault.open_credential(workspace_id, credential_id))


def test_the_public_key_is_told_and_stays_the_same(acme: Any, workspace: Any) -> None:
    key = acme.client.get("/secret-key").json()

    public_key = base64.urlsafe_b64decode(key["public_key"] + "=")
    assert len(public_key) == 32
    assert key == {
        "kid": kid_of(public_key),
        "alg": "X25519-HKDF-SHA256-A256GCM",
        "public_key": base64url.encode(public_key),
        "fingerprint": hashlib.sha256(public_key).hexdigest(),
        "workspace_id": workspace.id,
    }
    assert workspace.client("viewer").get("/secret-key").json() == key


def test_another_workspace_has_another_key(acme: Any, server: Any) -> None:
    stranger = server.new_workspace()

    assert stranger.client().get("/secret-key").json()["kid"] != acme.client.get("/secret-key").json()["kid"]
    stranger.close()


def test_a_client_seals_for_an_id_of_its_own_and_creates_in_one_call(acme: Any, server: Any) -> None:
    own = new_id("crd")
    values = {
        "api_key": acme.seal(own, "api_key", "sealed-key", ["https://api.acme.com"]),
        "region": acme.seal(own, "region", "eu", []),
    }

    made = acme.created(values, id=own)

    assert made["hosts"] == ["api.acme.com"]
    credential = opened(server, acme.workspace_id, own)
    assert credential.values == {"api_key": "sealed-key", "region": "eu"}
    assert [entry.text for entry in credential.hosts["api_key"]] == ["api.acme.com"]


def test_a_client_seals_for_an_empty_credential_and_enters_afterwards(acme: Any, server: Any) -> None:
    made = acme.created({})
    sealed = acme.seal(made["id"], "api_key", "sealed-key", ["api.acme.com"])

    answer = acme.put(made["id"], {"api_key": sealed}, hosts=["https://api.acme.com"])

    assert answer.status_code == 200
    assert opened(server, acme.workspace_id, made["id"]).values == {"api_key": "sealed-key"}
    with server.database.begin() as connection:
        stored = connection.exec_driver_sql(
            f"select sealed, sealed_by from credential_values where credential_id = '{made['id']}'"
        ).one()
    assert tuple(stored) == (sealed["sealed"], "client")


def test_what_is_sealed_and_what_is_typed_go_together_when_their_hosts_agree(
    acme: Any, codes: Any, server: Any
) -> None:
    own = new_id("crd")
    sealed = acme.seal(own, "api_key", "sealed-key", ["only.acme.com"])

    made = acme.created({"api_key": sealed, "signing_key": "typed-key"}, id=own)

    assert made["hosts"] == ["only.acme.com"]
    assert [entry.text for entry in opened(server, acme.workspace_id, own).hosts["signing_key"]] == ["only.acme.com"]
    other = acme.seal(own, "api_key", "sealed-key", ["evil.example"])
    assert codes(acme.put(own, {"api_key": other})) == {"hosts": "secret_required_for_hosts"}
    assert codes(acme.put(own, {"api_key": other}, hosts=["only.acme.com"])) == {"values.api_key": "invalid_value"}


Seal = Callable[[Any, str], dict[str, Any]]
WRONG: dict[str, Seal] = {
    "another credential": lambda acme, _: acme.seal(new_id("crd"), "api_key", "k", ["a.com"]),
    "another field": lambda acme, own: acme.seal(own, "signing_key", "k", ["a.com"]),
    "another key": lambda acme, own: {**acme.seal(own, "api_key", "k", ["a.com"]), "kid": "0" * 16},
    "another algorithm": lambda acme, own: {**acme.seal(own, "api_key", "k", ["a.com"]), "alg": "none"},
    "a changed bit": lambda acme, own: flipped(acme.seal(own, "api_key", "k", ["a.com"])),
    "not base64url": lambda acme, own: {**acme.seal(own, "api_key", "k", ["a.com"]), "sealed": "+/=="},
    "nothing": lambda acme, own: {**acme.seal(own, "api_key", "k", ["a.com"]), "sealed": ""},
    "far too much": lambda acme, own: {**acme.seal(own, "api_key", "k", ["a.com"]), "sealed": "A" * 300_000},
    "no secret inside": lambda acme, own: raw_sealed(acme, own, b'{"value": "k"}'),
    "no JSON inside": lambda acme, own: raw_sealed(acme, own, b"\xff"),
}


def flipped(value: dict[str, str]) -> dict[str, str]:
    text = value["sealed"]
    return {**value, "sealed": text[:60] + ("A" if text[60] != "A" else "B") + text[61:]}


def raw_sealed(acme: Any, own: str, plaintext: bytes) -> dict[str, str]:
    from recado.credentials.sealing import encode_sealed, seal  # noqa: PLC0415  # used in this one case

    key = acme.client.get("/secret-key").json()
    info = secret_info(acme.workspace_id, acme.integration_id, own, acme.fields["api_key"])
    sealed = seal(base64.urlsafe_b64decode(key["public_key"] + "="), plaintext, info)
    return {"kid": key["kid"], "alg": key["alg"], "sealed": encode_sealed(sealed)}


@pytest.mark.parametrize("case", WRONG)
def test_what_was_sealed_for_another_place_is_refused(acme: Any, codes: Any, case: str) -> None:
    own = new_id("crd")

    answer = acme.create({"api_key": WRONG[case](acme, own)}, id=own)

    assert (answer.status_code, codes(answer)) == (422, {"values.api_key": "sealed_value_invalid"})
    assert acme.client.get(f"/credentials/{own}").status_code == 404


@pytest.mark.parametrize(
    ("identifier", "value", "hosts", "problem"),
    [
        ("api_key", "k\n", ["a.com"], {"values.api_key": "invalid_value"}),
        ("api_key", "", ["a.com"], {"values.api_key": "required"}),
        ("api_key", "a\0b", ["a.com"], {"values.api_key": "auth_value_not_allowed"}),
        ("api_key", "k" * 8193, ["a.com"], {"values.api_key": "too_long"}),
        ("api_key", "k", ["*"], {"values.api_key[0]": "host_entry_invalid"}),
        ("region", "eu", ["a.com"], {"values.region": "invalid_value", "values.api_key": "credential_incomplete"}),
    ],
)  # fmt: skip
def test_what_is_inside_is_held_to_the_same_rules(
    acme: Any, codes: Any, identifier: str, value: str, hosts: list[str], problem: dict[str, str]
) -> None:
    own = new_id("crd")

    answer = acme.create({identifier: acme.seal(own, identifier, value, hosts)}, id=own)

    assert (answer.status_code, codes(answer)) == (422, problem)


def test_a_secret_sealed_without_hosts_may_go_nowhere_and_is_refused(acme: Any, codes: Any) -> None:
    own = new_id("crd")
    sealed = acme.seal(own, "api_key", "k", [])

    assert codes(acme.create({"api_key": sealed}, id=own)) == {"values.api_key": "invalid_value"}
    assert codes(acme.create({"api_key": sealed}, id=own, hosts=[])) == {"hosts": "hosts_required"}


def test_a_server_may_ask_for_sealed_secrets_only(start_server: Any, make_acme_for: Any, codes: Any) -> None:
    workspace = start_server(secrets_require_client_sealing=True).new_workspace()
    acme = make_acme_for(workspace)
    own = new_id("crd")

    answer = acme.create({"api_key": "typed-key", "region": "eu"}, id=own)

    assert (answer.status_code, codes(answer)) == (422, {"values.api_key": "secret_must_be_sealed"})
    sealed = acme.seal(own, "api_key", "sealed-key", ["api.acme.com"])
    assert acme.create({"api_key": sealed, "region": "eu"}, id=own).status_code == 201
    workspace.close()


# ── the vectors that two libraries made ──────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def pinned(server: Any) -> Iterator[httpx.Client]:
    """A workspace whose ids and key are those of the vectors."""
    workspace_id, integration_id, _, field_id = VECTORS["place"]
    private_key, public_key = bytes.fromhex(VECTORS["private_key"]), bytes.fromhex(VECTORS["public_key"])
    now, kek = utc_now(), server.parts.kek
    field = {"id": field_id, "identifier": "api_key", "name": None, "type": "password", "required": True}
    auth = {"scheme": "api_key", "name": None, "key_in_url": False, "fields": [field]}
    with server.database.begin() as connection:
        connection.execute(workspaces.insert().values(id=workspace_id, name="Pinned", created_at=now))
        wrapped = kek.wrap(private_key, private_key_aad(workspace_id, VECTORS["kid"]))
        keys_repository.insert_key(
            connection,
            {
                "kid": VECTORS["kid"],
                "workspace_id": workspace_id,
                "public_key": base64url.encode(public_key),
                "private_key_wrapped": base64url.encode(wrapped),
                "kek_id": kek.key_id,
                "created_at": now,
            },
        )
        connection.execute(
            integrations.insert().values(
                id=integration_id, workspace_id=workspace_id, name="Acme", description="", auth=auth,
                created_at=now, updated_at=now,
            )
        )  # fmt: skip
        _, key = accounts.create_api_key(connection, accounts.system_caller(workspace_id), "key", "owner")
    headers = {"authorization": f"Bearer {key}"}
    with httpx.Client(base_url=f"{server.url}/api/v1", headers=headers, timeout=120, trust_env=False) as client:
        data = {"name": "Pinned", "id": VECTORS["place"][2]}
        assert client.post(f"/integrations/{integration_id}/credentials", json=data).status_code == 201
        yield client


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=lambda vector: f"{vector['made_by']}: {vector['name']}")
def test_a_pinned_vector_is_taken_over_http(
    server: Any, pinned: httpx.Client, codes: Any, vector: dict[str, Any]
) -> None:
    workspace_id, _, credential_id, _ = VECTORS["place"]
    values = {"api_key": {"kid": VECTORS["kid"], "alg": VECTORS["alg"], "sealed": vector["sealed"]}}

    answer = pinned.put(f"/credentials/{credential_id}/values", json={"values": values})

    if not vector["value"]:
        assert codes(answer)["values.api_key"] == "required"
    elif "\n" in vector["value"]:
        assert codes(answer)["values.api_key"] == "invalid_value"
    else:
        assert answer.status_code == 200
        assert opened(server, workspace_id, credential_id).values == {"api_key": vector["value"]}


def test_the_pinned_key_is_told_over_http(pinned: httpx.Client) -> None:
    key = pinned.get("/secret-key").json()

    assert key["kid"] == VECTORS["kid"]
    assert base64.urlsafe_b64decode(key["public_key"] + "=").hex() == VECTORS["public_key"]


def test_a_public_key_slipped_into_the_database_is_not_told(acme: Any, server: Any) -> None:
    key = acme.client.get("/secret-key").json()
    slipped = base64url.encode(bytes.fromhex(VECTORS["public_key"]))
    with server.database.begin() as connection:
        connection.exec_driver_sql(
            f"update sealing_keys set public_key = '{slipped}' where workspace_id = '{acme.workspace_id}'"
        )

    assert acme.client.get("/secret-key").json() == key
    made = acme.created({"api_key": "typed-key"})
    assert opened(server, acme.workspace_id, made["id"]).values == {"api_key": "typed-key"}


def test_a_value_sealed_by_python_for_the_vectors_place_opens(server: Any, pinned: httpx.Client) -> None:
    workspace_id, _, credential_id, _ = VECTORS["place"]
    sealed = seal_secret(
        bytes.fromhex(VECTORS["public_key"]), "another-key", ["api.acme.com"], bytes.fromhex(VECTORS["info"])
    )

    values = {"api_key": {"kid": VECTORS["kid"], "alg": VECTORS["alg"], "sealed": sealed}}
    assert pinned.put(f"/credentials/{credential_id}/values", json={"values": values}).status_code == 200
    assert opened(server, workspace_id, credential_id).values == {"api_key": "another-key"}
