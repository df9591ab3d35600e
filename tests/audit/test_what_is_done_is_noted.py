"""The audit log says who did what, to which thing and from where; it is read by few, filtered, and never crosses workspaces."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

MEMBER = {"password": "seven-otters-paint-31", "role": "editor", "name": "New"}


def noted(client: Any, **filters: Any) -> list[Any]:
    answer = client.get("/audit-log", params=filters)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


@pytest.fixture(scope="module")
def busy(server: Any) -> Iterator[Any]:
    """A workspace in which a member and a key were made, changed and removed."""
    workspace = server.new_workspace()
    owner = workspace.client("owner")
    email = f"member-{workspace.id}@acme.example"
    member = owner.post("/members", json={**MEMBER, "email": email}).json()
    owner.patch(f"/members/{member['id']}", json={"role": "viewer", "password": "nine-herons-sing-77"})
    key = owner.post("/api-keys", json={"name": "A program", "role": "runner"}).json()
    owner.delete(f"/api-keys/{key['id']}")
    owner.delete(f"/members/{member['id']}")
    workspace.member, workspace.key = member, key
    yield workspace
    workspace.close()


def test_changes_are_noted_newest_first_with_who_and_where(busy: Any) -> None:
    owner = busy.client("owner")
    own_id = owner.get("/session").json()["api_key"]["id"]
    entries = [entry for entry in noted(owner, actor_id=own_id) if entry["object_id"] != own_id]
    assert [entry["action"] for entry in entries] == [
        "member.delete", "api_key.revoke", "api_key.create", "member.update", "member.create",
    ]  # fmt: skip
    assert {(entry["actor_kind"], entry["actor_id"], entry["address"]) for entry in entries} == {
        ("api_key", own_id, "127.0.0.1")
    }
    update = entries[3]
    assert (update["object_kind"], update["object_id"]) == ("member", busy.member["id"])
    assert update["details"] == {"role": {"before": "editor", "after": "viewer"}, "password": "changed"}


def test_no_secret_gets_into_the_log(busy: Any) -> None:
    text = busy.client("owner").get("/audit-log", params={"limit": 200}).text
    for secret in (MEMBER["password"], "nine-herons-sing-77", busy.key["key"], "argon2", *busy.keys.values()):
        assert secret not in text


@pytest.mark.parametrize(
    ("filters", "actions"),
    [
        ({"action": "member.update"}, ["member.update"]),
        ({"object_kind": "api_key", "search": "A PROGRAM"}, ["api_key.revoke", "api_key.create"]),
        ({"search": "member-wsp_"}, ["member.delete", "member.create"]),
        ({"object_kind": "member", "limit": 1}, ["member.delete"]),
        ({"action": "member.update", "until": "2000-01-01T00:00:00"}, []),
        ({"action": "member.update", "since": "2000-01-01T00:00:00+05:00"}, ["member.update"]),
        ({"since": "2900-01-01T00:00:00Z"}, []),
        ({"actor_id": "usr_nobody"}, []),
    ],
)
def test_the_log_is_filtered(busy: Any, filters: Any, actions: list[str]) -> None:
    assert [entry["action"] for entry in noted(busy.client("admin"), **filters)] == actions


@pytest.mark.parametrize(
    "filters",
    [{"limit": 0}, {"limit": 201}, {"cursor": "!"}, {"cursor": "YWJj"}, {"action": "\x00"}, {"since": "yesterday"}],
)
def test_a_filter_that_makes_no_sense_is_refused(workspace: Any, filters: Any) -> None:
    assert workspace.client("owner").get("/audit-log", params=filters).status_code == 422


def test_the_log_comes_in_pages_without_gaps(busy: Any) -> None:
    owner, cursor, seen = busy.client("owner"), None, []
    while True:
        page = owner.get("/audit-log", params={"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
        seen += [entry["sequence"] for entry in page["items"]]
        if (cursor := page["next_cursor"]) is None:
            break
    assert len(seen) >= 6 + 5, "six keys of the workspace, five changes"
    assert seen == sorted(set(seen), reverse=True)


def test_the_first_use_of_a_key_is_noted_once_with_its_address(workspace: Any) -> None:
    client, entries = workspace.client("admin"), []
    own_id = client.get("/session").json()["api_key"]["id"]
    for _ in range(200):  # noted beside the request, so shortly after it
        entries = noted(client, object_id=own_id, action="api_key.first_use")
        if entries:
            break
    assert [(entry["actor_id"], entry["address"]) for entry in entries] == [(own_id, "127.0.0.1")]


def test_logins_and_logouts_are_noted(server: Any, workspace: Any, new_audited_person: Any) -> None:
    person = new_audited_person("viewer")
    person.browser.delete("/session")
    own = noted(workspace.client("owner"), actor_id=person.id)
    assert [entry["action"] for entry in own] == ["session.delete", "session.create"]
    assert {entry["address"] for entry in own} == {person.address}


def test_other_workspaces_see_nothing_of_it(server: Any, busy: Any) -> None:
    stranger = server.new_workspace()
    with_keys = noted(stranger.client("owner"), limit=200)
    stranger.close()
    own_ids = {entry["object_id"] for entry in with_keys if entry["action"] == "api_key.create"}
    assert len(own_ids) == 6
    assert {entry["object_id"] for entry in with_keys} == own_ids


def test_the_server_vouches_for_its_log(busy: Any) -> None:
    report = busy.client("owner").post("/audit-log/verify").json()
    assert report["is_intact"] is True
    assert report["findings"] == []
    assert report["sequence"] >= noted(busy.client("owner"), limit=1)[0]["sequence"]
    assert len(report["hash"]) == 64
