"""The life of a credential over HTTP: made, listed, renamed, given new values, deleted, and never shown from inside."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from recado.credentials.service import note_last_test
from recado.db.columns import utc_now
from recado.ids import new_id

SHAPE = {
    "id", "integration_id", "name", "hosts", "fields", "last_test", "used_by", "created_at", "updated_at", "is_damaged",
}  # fmt: skip


def test_a_credential_is_made_and_its_values_never_come_back(acme: Any) -> None:
    answer = acme.create({"api_key": "sk_canary_4711", "region": "eu-canary"})

    assert answer.status_code == 201
    made = answer.json()
    assert set(made) == SHAPE
    assert (made["name"], made["hosts"], made["last_test"], made["used_by"]) == ("Acme", ["api.acme.com"], None, [])
    assert {name: field["is_set"] for name, field in made["fields"].items()} == {
        "api_key": True,
        "signing_key": False,
        "region": True,
    }
    assert made["fields"]["api_key"]["updated_at"] == made["updated_at"] == made["created_at"]
    assert made["fields"]["signing_key"]["updated_at"] is None
    for text in (answer.text, acme.client.get(f"/credentials/{made['id']}").text):
        assert "canary" not in text


def test_a_name_is_trimmed_and_must_be_one(acme: Any, codes: Any) -> None:
    assert acme.created({}, name="  Production ")["name"] == "Production"
    for name, code in {"  ": "required", "x" * 201: "too_long", "a\u0007": "invalid_value"}.items():
        answer = acme.create({"api_key": "k"}, name=name)
        assert (answer.status_code, codes(answer)) == (422, {"name": code})


def test_credentials_are_listed_by_page_and_searched(acme: Any, make_another: Any) -> None:
    made = [acme.created({}, name=name)["id"] for name in ("Production", "Staging", "Pröduction 2")]
    make_another().created({}, name="Elsewhere")
    path = f"/integrations/{acme.integration_id}/credentials"

    first = acme.client.get(path, params={"limit": 2}).json()
    second = acme.client.get(path, params={"limit": 2, "cursor": first["next_cursor"]}).json()

    assert [item["id"] for item in first["items"] + second["items"]] == made[::-1]
    assert second["next_cursor"] is None
    found = acme.client.get(path, params={"search": "STAG"}).json()["items"]
    assert [item["name"] for item in found] == ["Staging"]
    assert set(found[0]) == SHAPE
    assert acme.client.get(path, params={"search": "a\0"}).json()["items"] == []


def test_a_credential_is_renamed(acme: Any, codes: Any) -> None:
    made = acme.created({"api_key": "k-4711-4711"})

    renamed = acme.client.patch(f"/credentials/{made['id']}", json={"name": " Staging "}).json()

    assert renamed["name"] == "Staging"
    assert renamed["updated_at"] > made["updated_at"]
    assert renamed["fields"] == made["fields"]
    assert acme.client.patch(f"/credentials/{made['id']}", json={}).json() == renamed
    answer = acme.client.patch(f"/credentials/{made['id']}", json={"name": ""})
    assert (answer.status_code, codes(answer)) == (422, {"name": "required"})
    answer = acme.client.patch(f"/credentials/{made['id']}", json={"values": {"api_key": "x"}})
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_field")


def test_values_given_replace_and_values_not_given_stay(acme: Any, server: Any) -> None:
    made = acme.created({"api_key": "first-key", "region": "eu"})
    answer = acme.put(made["id"], {"api_key": "second-key", "signing_key": "third-key"})

    assert answer.status_code == 200
    after = answer.json()
    assert after["fields"]["api_key"]["updated_at"] > made["fields"]["api_key"]["updated_at"]
    assert after["fields"]["region"] == made["fields"]["region"]
    opened = server.run(server.parts.vault.open_credential(acme.workspace_id, made["id"]))
    assert opened.values == {"api_key": "second-key", "signing_key": "third-key", "region": "eu"}


def test_null_clears_an_optional_value_and_no_required_one(acme: Any, codes: Any) -> None:
    made = acme.created({"api_key": "first-key", "signing_key": "second-key"})

    cleared = acme.put(made["id"], {"signing_key": None}).json()

    assert (cleared["fields"]["signing_key"], cleared["fields"]["api_key"]["is_set"]) == (
        {"is_set": False, "updated_at": None},
        True,
    )
    answer = acme.put(made["id"], {"api_key": None})
    assert (answer.status_code, codes(answer)) == (422, {"values.api_key": "credential_incomplete"})


def test_an_empty_credential_waits_for_its_values(acme: Any, codes: Any) -> None:
    made = acme.created({})
    assert made["hosts"] == []

    answer = acme.put(made["id"], {"region": "eu"})
    assert (answer.status_code, codes(answer)) == (422, {"values.api_key": "credential_incomplete"})
    answer = acme.put(made["id"], {})
    assert (answer.status_code, answer.json()) == (200, made)
    answer = acme.put(made["id"], {"api_key": "first-key"})
    assert (answer.status_code, answer.json()["hosts"]) == (200, ["api.acme.com"])


def test_a_client_may_make_the_id(acme: Any, codes: Any) -> None:
    own = new_id("crd")

    assert acme.created({}, id=own)["id"] == own

    taken = acme.create({}, id=own)
    assert (taken.status_code, taken.json()["code"]) == (409, "conflict")
    for wrong in ("", "crd_1", new_id("int"), own.upper()):
        answer = acme.create({}, id=wrong)
        assert (answer.status_code, codes(answer)) == (422, {"id": "invalid_value"})


def test_new_values_make_an_old_test_result_void(acme: Any, server: Any) -> None:
    made = acme.created({"api_key": "first-key"})
    result = {"verdict": "rejected", "outcome": "auth_failed", "status": 401, "at": "2026-11-22T10:00:00.000000Z"}
    with server.database.begin() as connection:
        note_last_test(connection, acme.workspace_id, made["id"], result, utc_now())

    tested = acme.get(made["id"])

    assert tested["last_test"] == {**result, "at": "2026-11-22T10:00:00Z"}
    assert tested["updated_at"] == made["updated_at"]
    began_at = utc_now()
    assert acme.put(made["id"], {"api_key": "second-key"}).json()["last_test"] is None

    with server.database.begin() as connection:
        note_last_test(connection, acme.workspace_id, made["id"], result, began_at)
    assert acme.get(made["id"])["last_test"] is None, "a test of the old values came late"


def test_a_deleted_credential_is_gone_with_its_values(acme: Any, server: Any) -> None:
    made = acme.created({"api_key": "first-key"})
    path = f"/credentials/{made['id']}"

    assert acme.client.delete(path).status_code == 204

    for answer in (
        acme.client.get(path),
        acme.client.delete(path, params={"force": True}),
        acme.client.patch(path, json={"name": "x"}),
        acme.put(made["id"], {"api_key": "k"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    with server.database.begin() as connection:
        left = connection.exec_driver_sql(
            f"select count(*) from credential_values where credential_id = '{made['id']}'"
        ).scalar()
    assert left == 0


def test_another_workspace_sees_and_changes_nothing(acme: Any, server: Any) -> None:
    made = acme.created({"api_key": "first-key"})
    stranger = server.new_workspace()
    client: httpx.Client = stranger.client()

    for answer in (
        client.get(f"/credentials/{made['id']}"),
        client.patch(f"/credentials/{made['id']}", json={"name": "x"}),
        client.put(f"/credentials/{made['id']}/values", json={"values": {"api_key": "x"}}),
        client.delete(f"/credentials/{made['id']}"),
        client.get(f"/integrations/{acme.integration_id}/credentials"),
        client.get(f"/integrations/{acme.integration_id}/proposed-hosts"),
        client.post(f"/integrations/{acme.integration_id}/credentials", json={"name": "x", "values": {"api_key": "x"}}),
    ):
        assert answer.status_code == 404
    assert acme.get(made["id"]) == made
    stranger.close()


@pytest.mark.parametrize("role", ["editor", "runner", "viewer"])
def test_only_who_may_write_credentials_enters_values(acme: Any, workspace: Any, role: str) -> None:
    made = acme.created({"api_key": "first-key"})
    client = workspace.client(role)

    for answer in (
        client.post(f"/integrations/{acme.integration_id}/credentials", json={"name": "x"}),
        client.put(f"/credentials/{made['id']}/values", json={"values": {"api_key": "x"}}),
        client.patch(f"/credentials/{made['id']}", json={"name": "x"}),
        client.delete(f"/credentials/{made['id']}"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert client.get("/secret-key").status_code == (403 if role == "runner" else 200)


def test_what_was_done_is_in_the_audit_log_without_values(acme: Any) -> None:
    made = acme.created({"api_key": "canary-key", "region": "canary-region"})
    acme.put(made["id"], {"signing_key": "canary-key-2", "region": None})
    acme.client.patch(f"/credentials/{made['id']}", json={"name": "Other"})
    acme.client.delete(f"/credentials/{made['id']}")

    answer = acme.client.get("/audit-log", params={"object_id": made["id"]})

    entries = answer.json()["items"][::-1]
    assert [entry["action"] for entry in entries] == [
        "credential.create",
        "credential.set_values",
        "credential.update",
        "credential.delete",
    ]
    assert entries[0]["details"]["set"] == {
        "api_key": {"sealed_by": "server"},
        "region": {"sealed_by": "server"},
    }
    assert entries[0]["details"]["hosts"] == {"before": [], "after": ["api.acme.com"]}
    assert entries[1]["details"]["set"] == {"signing_key": {"sealed_by": "server"}}
    assert entries[1]["details"]["cleared"] == ["region"]
    assert "canary" not in answer.text


def test_a_damaged_credential_is_shown_bare_in_lists_and_leaves_others_alone(acme: Any, server: Any) -> None:
    good, bad = acme.created({"api_key": "k-4711-4711"}), acme.created({"api_key": "k-4711-4711"})
    with server.database.begin() as connection:
        connection.exec_driver_sql(f"update credentials set hosts = '[' where id = '{bad['id']}'")

    listed = acme.client.get(f"/integrations/{acme.integration_id}/credentials").json()["items"]

    assert {item["id"]: item["is_damaged"] for item in listed} == {good["id"]: False, bad["id"]: True}
    assert acme.client.get(f"/credentials/{bad['id']}").json()["code"] == "record_corrupt"
    mended = acme.put(bad["id"], {"api_key": "k-4711-4711"}, hosts=["api.acme.com"])
    assert (mended.status_code, mended.json()["hosts"]) == (200, ["api.acme.com"])
