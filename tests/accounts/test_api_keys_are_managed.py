"""API keys are shown once, do no more than their maker may, and end when revoked or old."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from recado.db.columns import utc_now
from recado.db.tables import api_keys


def new_key(client: httpx.Client, **more: Any) -> Any:
    answer = client.post("/api-keys", json={"name": "A program", "role": "runner", **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


def use(url: str, key: str) -> int:
    return httpx.get(f"{url}/api/v1/session", headers={"authorization": f"Bearer {key}"}, trust_env=False).status_code


def test_a_key_is_shown_once_and_kept_as_a_hash(server: Any, workspace: Any) -> None:
    made = new_key(workspace.client("owner"))
    assert re.fullmatch(r"rck_[0-9a-z]{8}_[A-Za-z0-9_-]{43}", made["key"])
    assert made["key"].startswith(made["prefix"] + "_")
    assert made["role"] == "runner"
    assert made["last_used_at"] is None
    lifetime = dt.datetime.fromisoformat(made["expires_at"]) - dt.datetime.fromisoformat(made["created_at"])
    assert abs(lifetime - dt.timedelta(days=90)) < dt.timedelta(minutes=1)
    listed = workspace.client("owner").get("/api-keys")
    assert made["key"] not in listed.text
    assert {name: value for name, value in made.items() if name != "key"} in listed.json()["items"]
    with server.database.begin() as connection:
        rows = connection.execute(sa.select(api_keys).where(api_keys.c.id == made["id"])).mappings().all()
    assert made["key"][-43:] not in repr(rows)
    assert use(server.url, made["key"]) == 200


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"expires_in_days": 0}, "expires_in_days"),
        ({"expires_in_days": 366}, "expires_in_days"),
        ({"expires_in_days": None}, "expires_in_days"),
        ({"name": "  "}, "name"),
        ({"role": "root"}, "role"),
        ({"key_hash": "x"}, "key_hash"),
    ],
)
def test_what_is_wrong_with_a_new_key_is_said(workspace: Any, change: Any, path: str) -> None:
    answer = workspace.client("owner").post("/api-keys", json={"name": "A program", "role": "runner", **change})
    assert answer.status_code == 422
    assert [problem["path"] for problem in answer.json()["errors"]] == [path]


def test_nobody_makes_or_revokes_a_key_that_may_do_more_than_they(workspace: Any) -> None:
    admin, owner = workspace.client("admin"), workspace.client("owner")
    answer = admin.post("/api-keys", json={"name": "Up", "role": "owner"})
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    made = new_key(owner, role="owner")
    assert admin.delete(f"/api-keys/{made['id']}").status_code == 403
    assert new_key(admin, role="admin")["role"] == "admin"


def test_a_revoked_key_ends_at_once(server: Any, workspace: Any) -> None:
    owner = workspace.client("owner")
    made = new_key(owner)
    assert use(server.url, made["key"]) == 200
    assert owner.delete(f"/api-keys/{made['id']}").status_code == 204
    assert use(server.url, made["key"]) == 401
    assert owner.delete(f"/api-keys/{made['id']}").status_code == 404
    assert made["id"] not in owner.get("/api-keys").text
    revoked = owner.get("/api-keys", params={"include_revoked": "true", "search": "a PROGRAM"}).json()["items"]
    assert [item["id"] for item in revoked if item["revoked_at"]] == [made["id"]]


def test_a_key_may_revoke_itself(server: Any, workspace: Any) -> None:
    made = new_key(workspace.client("owner"), role="admin")
    headers = {"authorization": f"Bearer {made['key']}"}
    answer = httpx.delete(f"{server.url}/api/v1/api-keys/{made['id']}", headers=headers, trust_env=False)
    assert answer.status_code == 204
    assert use(server.url, made["key"]) == 401


def test_an_expired_key_is_nobody(server: Any, workspace: Any) -> None:
    made = new_key(workspace.client("owner"), expires_in_days=1)
    with server.database.begin() as connection:
        past = utc_now() - dt.timedelta(seconds=1)
        connection.execute(sa.update(api_keys).where(api_keys.c.id == made["id"]).values(expires_at=past))
    assert use(server.url, made["key"]) == 401


def test_the_last_use_is_noted(server: Any, workspace: Any) -> None:
    owner = workspace.client("owner")
    made = new_key(owner)
    use(server.url, made["key"])
    deadline, noted = utc_now() + dt.timedelta(seconds=5), None
    while utc_now() < deadline and noted is None:  # noted beside the request, so shortly after it
        noted = next(i for i in owner.get("/api-keys").json()["items"] if i["id"] == made["id"])["last_used_at"]
    assert noted is not None


@pytest.mark.parametrize(
    "credential",
    [
        "Bearer",
        "Bearer x",
        "Bearer rck_00000000_" + "x" * 43,
        "Bearer rck_00000000_" + "x" * 4000,
        "Bearer rck_00000000_" + "\u00e9" * 43,
        "Token {key}",
        "Bearer  {key}",
        "Bearer {key}x",
        "Bearer {upper}",
        "Bearer {key}, Bearer {key}",
    ],
)
def test_what_is_not_a_key_is_nobody(server: Any, workspace: Any, credential: str) -> None:
    key = workspace.keys["owner"]
    value = credential.format(key=key, upper=key.upper()).encode("latin-1")
    answer = httpx.get(f"{server.url}/api/v1/session", headers={b"authorization": value}, trust_env=False)
    assert answer.status_code == 401
    assert answer.json()["code"] == "login_required"
    assert answer.headers["www-authenticate"] == "Bearer"


def test_the_scheme_is_taken_in_any_case(server: Any, workspace: Any) -> None:
    headers = {"authorization": f"bEARER {workspace.keys['owner']}"}
    assert httpx.get(f"{server.url}/api/v1/session", headers=headers, trust_env=False).status_code == 200


def test_keys_of_other_workspaces_are_not_there(server: Any, workspace: Any, new_workspace: Any) -> None:
    made = new_key(workspace.client("owner"))
    stranger = new_workspace().client("owner")
    assert stranger.delete(f"/api-keys/{made['id']}").status_code == 404
    assert made["id"] not in stranger.get("/api-keys").text
    assert use(server.url, made["key"]) == 200


def test_the_rate_of_a_key_is_limited_when_the_operator_says_so(start_server: Any, new_workspace: Any) -> None:
    made = new_workspace(start_server(api_rate_per_second=0.5))
    client = made.client("viewer")
    assert client.get("/session").status_code == 200
    answer = client.get("/session")
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_requests")
    assert 1 <= int(answer.headers["retry-after"]) <= 2
    assert made.client("owner").get("/session").status_code == 200, "each key has a bucket of its own"
