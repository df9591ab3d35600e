"""Values of credentials are bound to a field's id: which edits keep it, which make a new field, which are refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

KEY = {"identifier": "api_key", "type": "password"}


def put_fields(client: httpx.Client, integration: Any, *fields: Any, force: bool = False) -> httpx.Response:
    return client.patch(
        f"/integrations/{integration['id']}", json={"auth": {"fields": fields}}, params={"force": force}
    )


def ids(response: httpx.Response) -> dict[str, str]:
    assert response.status_code == 200, response.text
    return {field["identifier"]: field["id"] for field in response.json()["auth"]["fields"]}


def test_the_server_gives_ids_and_keeps_the_ones_sent_back(
    client: httpx.Client, new_integration: Callable[..., Any]
) -> None:
    made = new_integration()
    key, tenant = made["auth"]["fields"]
    assert key["id"].startswith("fld_")
    assert key | {"id": ""} == {"id": "", "identifier": "api_key", "name": None, "type": "password", "required": True}
    renamed = put_fields(client, made, tenant, key | {"identifier": "token", "name": " Token "})
    assert ids(renamed) == {"tenant": tenant["id"], "token": key["id"]}
    assert renamed.json()["auth"]["fields"][1]["name"] == "Token"


def test_a_client_that_does_not_know_ids_edits_the_field_of_the_same_identifier(
    client: httpx.Client, new_integration: Callable[..., Any]
) -> None:
    made = new_integration()
    key = made["auth"]["fields"][0]
    edited = put_fields(client, made, KEY | {"required": False})
    assert ids(edited) == {"api_key": key["id"]}
    assert edited.json()["auth"]["fields"][0]["required"] is False


def test_a_field_that_was_deleted_and_made_again_is_another_one(
    client: httpx.Client, new_integration: Callable[..., Any]
) -> None:
    made = new_integration()
    before = made["auth"]["fields"][0]["id"]
    put_fields(client, made)
    assert ids(put_fields(client, made, KEY))["api_key"] != before


def test_another_type_makes_another_field(client: httpx.Client, new_integration: Callable[..., Any]) -> None:
    made = new_integration()
    before = made["auth"]["fields"][0]["id"]
    assert ids(put_fields(client, made, KEY | {"type": "text"}))["api_key"] != before


def test_an_identifier_may_move_to_another_field_in_one_call(
    client: httpx.Client, new_integration: Callable[..., Any]
) -> None:
    made = new_integration()
    key, _ = made["auth"]["fields"]
    moved = ids(put_fields(client, made, key | {"identifier": "old_key"}, KEY))
    assert moved["old_key"] == key["id"]
    assert moved["api_key"] != key["id"]


@pytest.mark.parametrize("is_forced", [False, True])
def test_the_type_of_a_field_that_holds_values_is_locked(
    client: httpx.Client,
    new_integration: Callable[..., Any],
    add_credential: Callable[..., str],
    is_forced: bool,
) -> None:
    made = new_integration()
    key, tenant = made["auth"]["fields"]
    add_credential(made["id"], [key["id"]])
    for retyped in (key | {"type": "text"}, {"identifier": "api_key", "type": "text"}):
        response = put_fields(client, made, retyped, tenant, force=is_forced)
        assert (response.status_code, response.json()["code"]) == (409, "auth_field_type_locked")
    assert client.get(f"/integrations/{made['id']}").json()["auth"] == made["auth"]
    assert ids(put_fields(client, made, key, tenant | {"type": "password"}))["tenant"] == tenant["id"]


def test_a_field_with_values_is_only_removed_by_force_and_takes_the_values_along(
    client: httpx.Client,
    workspace: Any,
    server: Any,
    new_integration: Callable[..., Any],
    add_credential: Callable[..., str],
) -> None:
    made = new_integration()
    key, tenant = made["auth"]["fields"]
    credential_id = add_credential(made["id"], [key["id"], tenant["id"]])
    response = put_fields(client, made, tenant)
    assert (response.status_code, response.json()["code"]) == (409, "in_use")
    assert response.json()["used_by"] == [{"kind": "credential", "id": credential_id, "name": "Main"}]
    assert put_fields(workspace.client("editor"), made, tenant, force=True).status_code == 403
    assert ids(put_fields(client, made, tenant, force=True)) == {"tenant": tenant["id"]}
    with server.database.begin() as connection:
        rows = connection.exec_driver_sql(
            f"select auth_field_id from credential_values where credential_id = '{credential_id}'"
        ).all()
    assert [row[0] for row in rows] == [tenant["id"]]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ([{"identifier": "", "type": "text"}], ("auth.fields[0].identifier", "required")),
        ([{"identifier": "Key", "type": "text"}], ("auth.fields[0].identifier", "identifier_invalid")),
        ([{"identifier": "1key", "type": "text"}], ("auth.fields[0].identifier", "identifier_invalid")),
        ([{"identifier": "key_", "type": "text"}], ("auth.fields[0].identifier", "identifier_invalid")),
        ([{"identifier": "_key", "type": "text"}], ("auth.fields[0].identifier", "identifier_invalid")),
        ([{"identifier": "a" * 65, "type": "text"}], ("auth.fields[0].identifier", "identifier_invalid")),
        ([{"identifier": "a", "type": "text"}] * 2, ("auth.fields[1].identifier", "duplicate")),
        ([{"identifier": "a", "type": "number"}], ("auth.fields[0].type", "invalid_value")),
        ([{"identifier": "a", "type": "text", "value": "x"}], ("auth.fields[0].value", "unknown_field")),
        ([{"identifier": "a", "type": "text", "id": "fld_1"}], ("auth.fields[0].id", "invalid_value")),
        ([{"identifier": "a", "type": "text", "name": "a\n"}], None),
        ([{"identifier": "a", "type": "text", "name": "a\nb"}], ("auth.fields[0].name", "invalid_value")),
        ([{"identifier": f"a{n}", "type": "text"} for n in range(51)], ("auth.fields", "too_many")),
    ],
)
def test_fields_are_held_to_the_rules(
    client: httpx.Client, new_integration: Callable[..., Any], fields: Any, expected: tuple[str, str] | None
) -> None:
    response = put_fields(client, new_integration(), *fields)
    if expected is None:
        assert response.status_code == 200
    else:
        assert response.status_code == 422, response.text
        assert [(problem["path"], problem["code"]) for problem in response.json()["errors"]] == [expected]


def test_the_id_of_another_integrations_field_cannot_be_taken(
    client: httpx.Client, new_integration: Callable[..., Any]
) -> None:
    one, other = new_integration(), new_integration()
    stolen = one["auth"]["fields"][0]
    assert put_fields(client, other, stolen).json()["errors"][0]["path"] == "auth.fields[0].id"
    key = other["auth"]["fields"][0]
    twice = put_fields(client, other, key, key | {"identifier": "second"})
    assert twice.json()["errors"][0]["path"] == "auth.fields[1].id"
