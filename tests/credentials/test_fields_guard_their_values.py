"""What an editor of the integration can and cannot do to the values that credentials hold for its fields."""

from __future__ import annotations

from typing import Any


def patch_fields(acme: Any, fields: list[dict[str, Any]], *, is_forced: bool = False) -> Any:
    data = {"auth": {"fields": fields}}
    return acme.client.patch(f"/integrations/{acme.integration_id}", json=data, params={"force": is_forced})


def field(acme: Any, known_as: str, **changes: Any) -> dict[str, Any]:
    kinds = {"api_key": "password", "signing_key": "password", "region": "text"}
    whole = {"id": acme.fields[known_as], "identifier": known_as, "type": kinds[known_as], "required": False}
    return {**whole, **changes}


def opened(server: Any, acme: Any, credential_id: str) -> Any:
    return server.run(server.parts.vault.open_credential(acme.workspace_id, credential_id))


def test_a_field_with_values_keeps_its_type(acme: Any) -> None:
    acme.created({"api_key": "first-key"})
    rest = [field(acme, "signing_key"), field(acme, "region")]

    answer = patch_fields(acme, [field(acme, "api_key", type="text"), *rest])

    assert (answer.status_code, answer.json()["code"]) == (409, "auth_field_type_locked")


def test_a_field_made_anew_under_the_same_name_has_no_value(acme: Any, server: Any) -> None:
    made = acme.created({"api_key": "first-key"})
    rest = [field(acme, "signing_key"), field(acme, "region")]
    assert patch_fields(acme, rest).json()["code"] == "in_use"

    assert patch_fields(acme, [field(acme, "region")], is_forced=True).status_code == 200
    anew = {"identifier": "api_key", "type": "text", "required": True}
    assert patch_fields(acme, [anew, field(acme, "region")], is_forced=True).status_code == 200

    assert acme.get(made["id"])["fields"]["api_key"] == {"is_set": False, "updated_at": None}
    assert opened(server, acme, made["id"]).values == {}


def test_a_renamed_field_keeps_its_value(make_another: Any, server: Any) -> None:
    acme = make_another(test_request=None)
    made = acme.created({"api_key": "first-key"}, hosts=["api.acme.com"])
    rest = [field(acme, "signing_key"), field(acme, "region")]

    assert patch_fields(acme, [field(acme, "api_key", identifier="token"), *rest]).status_code == 200

    assert acme.get(made["id"])["fields"]["token"]["is_set"]
    credential = opened(server, acme, made["id"])
    assert credential.values == {"token": "first-key"}
    assert [entry.text for entry in credential.hosts["token"]] == ["api.acme.com"]


def test_a_new_required_field_is_asked_for_with_the_next_values(make_another: Any, codes: Any) -> None:
    acme = make_another(test_request=None)
    made = acme.created({"api_key": "first-key"}, hosts=["api.acme.com"])
    rest = [field(acme, "api_key"), field(acme, "region")]
    patch_fields(acme, [*rest, field(acme, "signing_key", required=True)])

    answer = acme.put(made["id"], {"api_key": "second-key"})

    assert codes(answer) == {"values.signing_key": "credential_incomplete"}
    assert acme.put(made["id"], {"signing_key": "third-key"}).status_code == 200


def test_deleting_the_integration_deletes_the_values(acme: Any, server: Any) -> None:
    acme.created({"api_key": "first-key"})

    assert acme.client.delete(f"/integrations/{acme.integration_id}", params={"force": True}).status_code == 204

    with server.database.begin() as connection:
        left = connection.exec_driver_sql(
            f"select count(*) from credential_values where workspace_id = '{acme.workspace_id}'"
        ).scalar()
    assert left == 0
