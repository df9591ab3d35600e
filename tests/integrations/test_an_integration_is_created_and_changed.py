"""An integration over HTTP: made, read, listed, changed, deleted; and what its words may be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
import trustme

ROWS = {"description": "", "logo_url": None, "test_request": None, "ca_certificates": None}


def problems(response: httpx.Response) -> list[tuple[str, str]]:
    assert response.status_code == 422, response.text
    return [(problem["path"], problem["code"]) for problem in response.json()["errors"]]


def test_an_integration_with_a_name_alone_has_everything_else_empty(client: httpx.Client) -> None:
    response = client.post("/integrations", json={"name": "  Acme  "})
    assert response.status_code == 201
    made = response.json()
    assert made["id"].startswith("int_")
    assert made["name"] == "Acme"
    assert ROWS.items() <= made.items()
    assert made["auth"] == {"scheme": "api_key", "name": None, "key_in_url": False, "fields": []}
    assert (made["actions_count"], made["credentials_count"]) == (0, 0)
    assert made["created_at"] == made["updated_at"]
    assert made["created_at"].endswith("Z")
    assert client.get(f"/integrations/{made['id']}").json() == made


def test_a_change_leaves_alone_what_it_does_not_name(client: httpx.Client, new_integration: Callable[..., Any]) -> None:
    made = new_integration(description="Two\r\nlines", logo_url="https://acme.com/logo.svg")
    assert made["description"] == "Two\nlines"
    changed = client.patch(f"/integrations/{made['id']}", json={"name": "Acme 2", "logo_url": None}).json()
    assert changed == made | {"name": "Acme 2", "logo_url": None, "updated_at": changed["updated_at"]}
    assert changed["updated_at"] > made["updated_at"]
    assert client.patch(f"/integrations/{made['id']}", json={"name": "Acme 2"}).json() == changed


def test_parts_of_the_authentication_that_are_absent_stay(
    client: httpx.Client, new_integration: Callable[..., Any]
) -> None:
    made = new_integration()
    body = {"auth": {"scheme": "api_key", "name": "Acme key", "key_in_url": True}}
    changed = client.patch(f"/integrations/{made['id']}", json=body).json()
    assert changed["auth"] == made["auth"] | {"name": "Acme key", "key_in_url": True}
    body = {"auth": {"fields": []}}
    assert client.patch(f"/integrations/{made['id']}", json=body).json()["auth"] == changed["auth"] | {"fields": []}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"name": ""}, ("name", "required")),
        ({"name": " \t "}, ("name", "required")),
        ({"name": "a" * 201}, ("name", "too_long")),
        ({"name": "a\0b"}, ("name", "invalid_value")),
        ({"name": None}, ("name", "invalid_value")),
        ({}, ("name", "required")),
        ({"name": "A", "id": "int_1"}, ("id", "unknown_field")),
        ({"name": "A", "workspace_id": "wsp_1"}, ("workspace_id", "unknown_field")),
        ({"name": "A", "description": "a" * 2001}, ("description", "too_long")),
        ({"name": "A", "description": "\0"}, ("description", "invalid_value")),
        ({"name": "A", "logo_url": "http://acme.com/logo.png"}, ("logo_url", "logo_url_invalid")),
        ({"name": "A", "logo_url": "javascript:alert(1)"}, ("logo_url", "logo_url_invalid")),
        ({"name": "A", "logo_url": "https://a:b@acme.com/"}, ("logo_url", "logo_url_invalid")),
        ({"name": "A", "auth": {"scheme": "oauth2"}}, ("auth.scheme", "invalid_value")),
        ({"name": "A", "ca_certificates": "no certificate"}, ("ca_certificates", "certificate_invalid")),
        ({"name": "A", "ca_certificates": "é"}, ("ca_certificates", "certificate_invalid")),
        ({"name": "A", "ca_certificates": "-" * 65537}, ("ca_certificates", "too_long")),
    ],
)
def test_what_cannot_be_saved_is_said_with_its_place(
    client: httpx.Client, body: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert problems(client.post("/integrations", json=body)) == [expected]
    assert client.get("/integrations").json()["items"] == []


def test_all_problems_come_at_once(client: httpx.Client) -> None:
    body = {
        "name": "",
        "logo_url": "ftp://x",
        "auth": {"name": "a\u0085b", "fields": [{"identifier": "Key", "type": "text"}]},
    }
    assert problems(client.post("/integrations", json=body)) == [
        ("name", "required"),
        ("logo_url", "logo_url_invalid"),
        ("auth.name", "invalid_value"),
        ("auth.fields[0].identifier", "identifier_invalid"),
    ]


def test_certificates_are_kept_and_nothing_around_them(client: httpx.Client) -> None:
    authority = trustme.CA()
    pem = authority.cert_pem.bytes().decode()
    made = client.post("/integrations", json={"name": "A", "ca_certificates": f"my notes\n{pem}\n{pem}"}).json()
    assert made["ca_certificates"] == pem * 2
    private = authority.private_key_pem.bytes().decode()
    response = client.patch(f"/integrations/{made['id']}", json={"ca_certificates": pem + private})
    assert problems(response) == [("ca_certificates", "certificate_invalid")]
    assert private.splitlines()[1] not in response.text
    emptied = client.patch(f"/integrations/{made['id']}", json={"ca_certificates": ""}).json()
    assert emptied["ca_certificates"] is None


def test_lists_are_newest_first_in_pages_and_searched_by_name(
    client: httpx.Client, new_integration: Callable[..., Any]
) -> None:
    names = ["Álpha", "beta 100%", "Gamma", "delta"]
    made = [new_integration(name=name)["id"] for name in names]
    wanted = sorted(made, reverse=True)
    first = client.get("/integrations", params={"limit": 3}).json()
    rest = client.get("/integrations", params={"limit": 3, "cursor": first["next_cursor"]}).json()
    assert [item["id"] for item in first["items"] + rest["items"]] == wanted
    assert rest["next_cursor"] is None
    for search, found in [("BETA", ["beta 100%"]), ("%", ["beta 100%"]), ("ta", ["beta 100%", "delta"]), ("\0", [])]:
        items = client.get("/integrations", params={"search": search}).json()["items"]
        assert sorted(item["name"] for item in items) == found


def test_counts_say_how_much_an_integration_holds(
    client: httpx.Client,
    new_integration: Callable[..., Any],
    new_action: Callable[..., Any],
    add_credential: Callable[..., str],
) -> None:
    made, other = new_integration(), new_integration()
    new_action(made["id"])
    new_action(made["id"])
    add_credential(made["id"], [])
    shown = client.get(f"/integrations/{made['id']}").json()
    assert (shown["actions_count"], shown["credentials_count"]) == (2, 1)
    counts = {item["id"]: item["actions_count"] for item in client.get("/integrations").json()["items"]}
    assert counts == {made["id"]: 2, other["id"]: 0}


def test_a_deleted_integration_is_gone(client: httpx.Client, new_integration: Callable[..., Any]) -> None:
    made = new_integration()
    assert client.delete(f"/integrations/{made['id']}").status_code == 204
    assert client.get(f"/integrations/{made['id']}").status_code == 404
    assert client.delete(f"/integrations/{made['id']}").status_code == 404


def test_another_workspace_sees_and_changes_nothing(
    server: Any, client: httpx.Client, new_integration: Callable[..., Any]
) -> None:
    made = new_integration()
    stranger = server.new_workspace()
    other = stranger.client("owner")
    assert other.get("/integrations").json()["items"] == []
    for method, path, body in [
        ("GET", "", None),
        ("PATCH", "", {"name": "Mine"}),
        ("DELETE", "?force=true", None),
        ("GET", "/actions", None),
        ("POST", "/actions", {"name": "Mine"}),
        ("GET", "/export", None),
    ]:
        response = other.request(method, f"/integrations/{made['id']}{path}", json=body)
        assert (response.status_code, response.json()["code"]) == (404, "not_found")
    stranger.close()
    assert client.get(f"/integrations/{made['id']}").json() == made


@pytest.mark.parametrize("integration_id", ["int_1", "act_01h00000000000000000000000", "%00", "..%2F", "x" * 500])
def test_what_is_no_id_is_not_found(client: httpx.Client, integration_id: str) -> None:
    assert client.get(f"/integrations/{integration_id}").status_code == 404
    assert client.patch(f"/integrations/{integration_id}", json={}).status_code == 404
    assert client.delete(f"/integrations/{integration_id}").status_code == 404


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [
        ("admin", 200, 201),
        ("editor", 200, 201),
        ("credential_manager", 200, 403),
        ("viewer", 200, 403),
        ("runner", 403, 403),
    ],
)
def test_roles_decide_who_may_read_and_write(workspace: Any, role: str, reads: int, writes: int) -> None:
    client = workspace.client(role)
    assert client.get("/integrations").status_code == reads
    assert client.post("/integrations", json={"name": "A"}).status_code == writes
