"""An integration with its actions goes out as one readable file, and a new integration is made of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import trustme

FILE = (Path(__file__).parent / "validations.yaml").read_text()


def test_a_file_that_was_imported_is_exported_with_the_same_bytes(
    client: httpx.Client, imported: Callable[[str], Any], exported: Callable[[str], str]
) -> None:
    made = imported(FILE)
    assert (made["name"], made["actions_count"], made["credentials_count"]) == ("Validations", 3, 0)
    assert [field["id"][:4] for field in made["auth"]["fields"]] == ["fld_", "fld_"]
    text = exported(made["id"])
    assert text == FILE
    again = imported(text)
    assert again["id"] != made["id"]
    assert exported(again["id"]) == FILE
    assert [item["name"] for item in client.get("/integrations").json()["items"]] == ["Validations"] * 2


def test_what_was_imported_is_what_the_file_says(client: httpx.Client, imported: Callable[[str], Any]) -> None:
    made = imported(FILE)
    listed = client.get(f"/integrations/{made['id']}/actions")
    actions = {action["name"]: action for action in listed.json()["items"]}
    create = actions["Create user validation"]
    assert create["is_private"] is True
    assert create["description"] == "Line one  \nline two"
    assert create["inputs"] == [{"key": "account_id", "name": "Nome do usuário", "type": "string", "required": True}]
    assert create["request"]["body"]["json"]["note"] == "first\n  second\n"
    assert create["request"]["body"]["json"][""] == "\0"
    for exact in ('"price":12.10', '"big":123456789012345678901234567890', '"huge":1E+400', '"text":"12.10"'):
        assert exact in listed.text
    assert actions["Validate code"]["request"]["body"]["text"] == "<a>\n  <b>{{auth.api_key}}</b>\n</a>"
    assert actions["Not configured yet"]["request"] is None


def test_certificates_and_switches_travel_too(
    client: httpx.Client, imported: Callable[[str], Any], exported: Callable[[str], str]
) -> None:
    pem = trustme.CA().cert_pem.bytes().decode()
    request = {"endpoint": "https://a.io/?k={{auth.k}}"}
    auth = {"key_in_url": True, "fields": [{"identifier": "k", "type": "password"}]}
    body = {"name": "Ça & <b>", "ca_certificates": pem, "auth": auth, "test_request": request}
    made = client.post("/integrations", json=body).json()
    text = exported(made["id"])
    assert "ca_certificates: |\n  -----BEGIN CERTIFICATE-----\n" in text
    again = imported(text)
    for name in ("name", "ca_certificates", "test_request"):
        assert again[name] == made[name]
    assert again["auth"]["key_in_url"] is True
    assert exported(again["id"]) == text


def test_no_id_and_no_time_of_ours_is_in_the_file(
    imported: Callable[[str], Any], exported: Callable[[str], str]
) -> None:
    made = imported(FILE)
    text = exported(made["id"])
    for forbidden in (made["id"], made["auth"]["fields"][0]["id"], "act_", "created_at", "workspace"):
        assert forbidden not in text


def test_the_file_has_a_name_to_be_saved_under(client: httpx.Client) -> None:
    for name, file_name in [
        ('A "b"\\c/../é', "a-b-c.yaml"),
        ("日本", "integration.yaml"),
        ("x" * 200, f"{'x' * 64}.yaml"),
    ]:
        made = client.post("/integrations", json={"name": name}).json()
        answer = client.get(f"/integrations/{made['id']}/export")
        assert answer.headers["content-disposition"] == f'attachment; filename="{file_name}"'


def test_all_problems_of_a_file_come_at_once_and_nothing_is_made(
    client: httpx.Client, import_file: Callable[[str], httpx.Response]
) -> None:
    text = FILE.replace("data.validation_id", "data[").replace("https://api.acme.com/soap", "https://localhost/")
    response = import_file(text)
    assert response.status_code == 422
    assert [(problem["path"], problem["code"]) for problem in response.json()["errors"]] == [
        ("actions[0].outputs[0].key", "output_key_invalid"),
        ("actions[1].request.endpoint", "endpoint_host_reserved"),
    ]
    assert client.get("/integrations").json()["items"] == []


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        (("recado: 1", "recado: 2"), "recado", "invalid_value"),
        (("kind: integration", "kind: flow"), "kind", "invalid_value"),
        (("name: Validations", "name: 5"), "name", "invalid_value"),
        (("name: Validations\n", ""), "name", "required"),
        (("name: Validations", 'name: " "'), "name", "required"),
        (("logo_url: https", "logo_url: http"), "logo_url", "logo_url_invalid"),
        (("scheme: api_key", "scheme: basic"), "auth.scheme", "invalid_value"),
        (("identifier: region", "identifier: Region"), "auth.fields[1].identifier", "identifier_invalid"),
        (("identifier: region", "id: fld_1\n      identifier: region"), "auth.fields[1].id", "invalid_value"),
        (("auth:", "secret: x\nauth:"), "secret", "unknown_field"),
        (("timeout_seconds: 2.5", "timeout_seconds: soon"), "test_request.timeout_seconds", "invalid_value"),
        (('value: "1"', "value: 1"), "test_request.query[0].value", "invalid_value"),
        (('value: "1"', 'value: "{{auth.api_key}}"'), "test_request.query[0].value", "secret_not_allowed_in_url"),
        (("name: Validate code", "title: Validate code"), "actions[1].title", "unknown_field"),
        (("recado: 1", "recado: [1"), "yaml", "document_invalid"),
    ],
)
def test_wrong_shapes_are_said_with_their_place(
    import_file: Callable[[str], httpx.Response], change: tuple[str, str], path: str, code: str
) -> None:
    assert change[0] in FILE
    response = import_file(FILE.replace(*change, 1))
    assert response.status_code == 422, response.text
    assert [(problem["path"], problem["code"]) for problem in response.json()["errors"]] == [(path, code)]


def test_only_who_may_write_imports_and_who_may_read_exports(workspace: Any, imported: Callable[[str], Any]) -> None:
    made = imported("recado: 1\nkind: integration\nname: A\n")
    for role, reads, writes in [("editor", 200, 201), ("viewer", 200, 403), ("runner", 403, 403)]:
        client = workspace.client(role)
        assert client.get(f"/integrations/{made['id']}/export").status_code == reads
        body = {"yaml": "recado: 1\nkind: integration\nname: B\n"}
        assert client.post("/integrations/import", json=body).status_code == writes


def test_import_and_export_are_noted_in_the_audit_log(
    server: Any, imported: Callable[[str], Any], exported: Callable[[str], str]
) -> None:
    made = imported(FILE)
    exported(made["id"])
    with server.database.begin() as connection:
        actions = connection.exec_driver_sql(
            f"select action from audit_log where object_id = '{made['id']}' order by sequence"
        ).scalars()
        assert list(actions) == ["integration.create", "integration.export"]
