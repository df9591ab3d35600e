"""Members are made, changed and removed by those who may; the last owner stays, and nobody reaches across workspaces."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from recado.accounts import service
from recado.db.columns import utc_now
from recado.db.tables import memberships, sessions, users

NEW = {"email": "New.Member@Acme.example", "password": "seven-otters-paint-31", "role": "editor", "name": " New "}


def new_member(workspace: Any, number: int, **more: str) -> Any:
    email = f"member-{number}-{workspace.id}@acme.example"
    answer = workspace.client("owner").post("/members", json={**NEW, "email": email, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_new_member_can_sign_in_and_is_listed(workspace: Any, new_browser: Any) -> None:
    admin = workspace.client("admin")
    email = f"New.{workspace.id}@Acme.example"
    answer = admin.post("/members", json={**NEW, "email": email})
    assert answer.status_code == 201
    member = answer.json()
    assert {**member, "id": "", "created_at": ""} == {
        "id": "", "created_at": "", "email": email.lower(), "name": "New", "role": "editor", "is_disabled": False,
    }  # fmt: skip
    assert "password" not in answer.text
    assert admin.get(f"/members/{member['id']}").json() == member
    assert admin.get("/members").json() == {"items": [member], "next_cursor": None}
    assert admin.get("/members", params={"search": "NEW."}).json()["items"] == [member]
    assert admin.get("/members", params={"search": "nobody"}).json()["items"] == []
    login = new_browser().post("/sessions", json={"email": email, "password": NEW["password"]})
    assert login.json()["role"] == "editor"


def test_members_come_in_pages(workspace: Any) -> None:
    made = [new_member(workspace, number)["id"] for number in range(3)]
    client, cursor, seen = workspace.client("viewer"), None, []
    for _ in range(3):
        page = client.get("/members", params={"limit": 1, **({"cursor": cursor} if cursor else {})}).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert cursor is None
    assert sorted(seen) == sorted(made)


@pytest.mark.parametrize(
    ("change", "problems"),
    [
        ({"email": "nobody"}, [("email", "invalid_value")]),
        ({"email": "", "name": "x" * 201}, [("email", "required"), ("name", "too_long")]),
        ({"name": "a\u0007b"}, [("name", "invalid_value")]),
        ({"password": "short"}, [("password", "password_too_weak")]),
        ({"role": "boss"}, [("role", "invalid_value")]),
        ({"workspace_id": "wsp_x"}, [("workspace_id", "unknown_field")]),
        ({"is_disabled": True}, [("is_disabled", "unknown_field")]),
    ],
)
def test_what_is_wrong_with_a_new_member_is_said(workspace: Any, change: Any, problems: Any) -> None:
    answer = workspace.client("owner").post("/members", json={**NEW, **change})
    assert answer.status_code == 422
    assert [(problem["path"], problem["code"]) for problem in answer.json()["errors"]] == problems


def test_an_address_has_one_account(workspace: Any, new_workspace: Any) -> None:
    taken = new_member(workspace, 1)["email"]
    for owner in (workspace.client("owner"), new_workspace().client("owner")):
        answer = owner.post("/members", json={**NEW, "email": taken.upper()})
        assert (answer.status_code, answer.json()["code"]) == (409, "name_taken")


@pytest.mark.parametrize(
    ("change", "status_after"),
    [
        ({"name": "Other"}, 200),
        ({"role": "editor"}, 200),
        ({"is_disabled": False}, 200),
        ({"role": "viewer"}, 401),
        ({"is_disabled": True}, 401),
        ({"password": "seven-otters-paint-31"}, 401),
    ],
)
def test_a_new_role_a_new_password_and_disabling_end_the_sessions(
    workspace: Any, new_person: Any, change: Any, status_after: int
) -> None:
    person = new_person("editor")
    answer = workspace.client("admin").patch(f"/members/{person.id}", json=change)
    assert answer.status_code == 200
    expected = {name: value for name, value in change.items() if name != "password"}
    assert answer.json().items() >= expected.items()
    assert person.browser.get("/session").status_code == status_after


def test_a_disabled_member_signs_in_again_once_enabled(workspace: Any, new_person: Any) -> None:
    person, admin = new_person("editor"), workspace.client("admin")
    admin.patch(f"/members/{person.id}", json={"is_disabled": True})
    assert person.sign_in().status_code == 401
    admin.patch(f"/members/{person.id}", json={"is_disabled": False})
    assert person.sign_in().status_code == 201


def test_a_removed_member_is_gone_and_the_address_is_free(workspace: Any, new_person: Any, server: Any) -> None:
    person, admin = new_person("editor"), workspace.client("admin")
    assert admin.delete(f"/members/{person.id}").status_code == 204
    assert person.browser.get("/session").status_code == 401
    assert person.sign_in().status_code == 401
    assert admin.get(f"/members/{person.id}").status_code == 404
    assert admin.delete(f"/members/{person.id}").status_code == 404
    with server.database.begin() as connection:
        for table, column in (
            (users, users.c.id),
            (sessions, sessions.c.user_id),
            (memberships, memberships.c.user_id),
        ):
            assert connection.scalar(sa.select(sa.func.count()).select_from(table).where(column == person.id)) == 0
    assert admin.post("/members", json={**NEW, "email": person.email}).status_code == 201


@pytest.mark.parametrize(
    ("method", "change"),
    [
        ("PATCH", {"role": "viewer"}),
        ("PATCH", {"is_disabled": True}),
        ("PATCH", {"password": "seven-otters-paint-31"}),
        ("PATCH", {"name": "Other"}),
        ("DELETE", None),
    ],
)
def test_only_owners_change_owners(workspace: Any, new_person: Any, method: str, change: Any) -> None:
    new_person("owner", is_signed_in=False)
    owner = new_person("owner", is_signed_in=False)
    path = f"/members/{owner.id}"
    answer = workspace.client("admin").request(method, path, json=change)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert "owners:write" in answer.json()["detail"]
    assert workspace.client("owner").request(method, path, json=change).status_code in {200, 204}


def test_only_owners_make_owners(workspace: Any, new_person: Any) -> None:
    editor, admin = new_person("editor", is_signed_in=False), workspace.client("admin")
    assert admin.patch(f"/members/{editor.id}", json={"role": "owner"}).status_code == 403
    assert admin.post("/members", json={**NEW, "role": "owner"}).status_code == 403
    assert workspace.client("owner").patch(f"/members/{editor.id}", json={"role": "owner"}).status_code == 200


def test_the_last_owner_who_can_sign_in_stays(workspace: Any, new_person: Any) -> None:
    last, client = new_person("owner"), workspace.client("owner")
    other = new_person("owner", is_signed_in=False)
    assert client.patch(f"/members/{other.id}", json={"is_disabled": True}).status_code == 200
    path = f"/members/{last.id}"
    for answer in (
        client.patch(path, json={"role": "admin"}),
        client.patch(path, json={"is_disabled": True}),
        client.delete(path),
        last.browser.delete(path),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "last_owner")
    assert last.browser.get("/session").json()["role"] == "owner"
    client.patch(f"/members/{other.id}", json={"is_disabled": False})
    assert client.delete(path).status_code == 204


def test_owners_who_remove_each_other_at_the_same_moment_leave_one(workspace: Any, new_person: Any) -> None:
    owners = [new_person("owner") for _ in range(2)]

    def step_down(person: Any) -> int:
        return int(person.browser.patch(f"/members/{person.id}", json={"role": "viewer"}).status_code)

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(step_down, owners)) == [200, 409]


def test_ones_own_password_is_not_changed_without_the_present_one(new_person: Any) -> None:
    person = new_person("owner")
    answer = person.browser.patch(f"/members/{person.id}", json={"password": "seven-otters-paint-31"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"] == "password"


def test_an_account_of_several_workspaces_is_not_taken_over_from_one(
    server: Any, workspace: Any, new_workspace: Any, new_person: Any
) -> None:
    elsewhere = new_workspace()
    person = new_person("owner", workspace_id=elsewhere.id)
    with server.database.begin() as connection:
        connection.execute(
            memberships.insert().values(
                workspace_id=workspace.id, user_id=person.id, role="editor", created_at=utc_now()
            )
        )
    client, path = workspace.client("owner"), f"/members/{person.id}"
    for change in ({"password": "seven-otters-paint-31"}, {"is_disabled": True}, {"name": "Other"}):
        assert client.patch(path, json=change).status_code == 409
    assert client.patch(path, json={"role": "viewer"}).json()["role"] == "viewer"
    assert client.delete(path).status_code == 204
    assert person.sign_in().json()["workspace"]["id"] == elsewhere.id


def test_members_of_other_workspaces_are_not_there(new_workspace: Any, new_person: Any) -> None:
    person = new_person("viewer")
    stranger = new_workspace().client("owner")
    path = f"/members/{person.id}"
    for answer in (
        stranger.get(path),
        stranger.patch(path, json={"role": "owner"}),
        stranger.patch(path, json={"password": "seven-otters-paint-31"}),
        stranger.delete(path),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert stranger.get("/members").json()["items"] == []
    assert person.browser.get("/session").json()["role"] == "viewer"


@pytest.mark.parametrize("user_id", ["usr_x", "x", "%00", "usr_00000000000000000000000000", "%F0%9F%8C%B3"])
def test_what_is_no_id_is_not_there(workspace: Any, user_id: str) -> None:
    assert workspace.client("owner").get(f"/members/{user_id}").status_code == 404


def test_system_callers_are_who_they_say() -> None:
    assert service.system_caller("wsp_x", "cli").kind == "cli"
    assert service.system_caller("wsp_x").kind == "system"
