"""Deleting over HTTP: what is in use is kept unless forced, what was done stays readable, and what runs runs to its end."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from api.shapes import everything_there
from servers.counting import CountingServer

FIELD = {"identifier": "api_key", "type": "password", "required": True}


class House:
    """An integration on a slow API, with an action and a credential."""

    def __init__(self, client: httpx.Client, url: str) -> None:
        self.client = client
        auth = {"fields": [FIELD]}
        self.integration = self._make("/integrations", {"name": "Upstream", "auth": auth})
        request = {
            "method": "POST",
            "endpoint": f"{url}/things",
            "headers": [{"key": "X-Key", "value": "{{auth.api_key}}"}],
            "body": {"type": "raw", "content_type": "text/plain", "text": "token=x1"},
        }
        self.action = self._make(f"/integrations/{self.integration}/actions", {"name": "Post", "request": request})
        body = {"name": "Account", "values": {"api_key": "a-key-of-the-tests"}, "hosts": [url]}
        self.credential = self._make(f"/integrations/{self.integration}/credentials", body)

    def _make(self, path: str, body: dict[str, Any]) -> str:
        answer = self.client.post(path, json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def run(self) -> httpx.Response:
        return self.client.post(f"/actions/{self.action}/executions", json={"credential_id": self.credential})

    def path_of(self, kind: str) -> str:
        return f"/{kind}s/{getattr(self, kind)}"


@pytest.fixture
def house(client: httpx.Client, slow: CountingServer) -> House:
    return House(client, slow.url)


def test_what_is_in_use_stays_and_its_users_are_named(house: House) -> None:
    answer = house.client.delete(house.path_of("integration"))
    assert (answer.status_code, answer.json()["code"]) == (409, "in_use")
    assert sorted((user["kind"], user["id"]) for user in answer.json()["used_by"]) == [
        ("action", house.action),
        ("credential", house.credential),
    ]
    assert house.run().json()["outcome"] == "ok"


def test_force_takes_all_of_it_and_executions_stay(house: House) -> None:
    ran = house.run().json()
    assert house.client.delete(house.path_of("integration"), params={"force": "true"}).status_code == 204
    for kind in ("integration", "action", "credential"):
        assert house.client.get(house.path_of(kind)).status_code == 404
        assert house.client.delete(house.path_of(kind)).status_code == 404
    assert house.run().status_code == 404
    assert house.client.get(f"/executions/{ran['id']}").json() == ran
    listed = house.client.get("/executions", params={"integration_id": house.integration}).json()["items"]
    assert [each["id"] for each in listed] == [ran["id"]]


@pytest.mark.parametrize("kind", ["action", "credential", "integration"])
def test_a_run_under_way_ends_well_although_its_things_are_deleted(
    house: House, slow: CountingServer, kind: str
) -> None:
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(house.run)
        while not slow.hits:
            time.sleep(0.005)
        assert house.client.delete(house.path_of(kind), params={"force": "true"}).status_code == 204
        answer = running.result(30)
    assert (answer.status_code, answer.json()["outcome"]) == (200, "ok")
    assert house.client.get(f"/executions/{answer.json()['id']}").json() == answer.json()
    assert house.run().status_code == 404
    assert sum(slow.hits.values()) == 1


def test_deleting_twice_at_once_deletes_once(house: House) -> None:
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: house.client.delete(house.path_of("action")).status_code, range(6)))
    assert sorted(answers) == [204] + [404] * 5


def test_a_secret_is_gone_with_its_credential(house: House) -> None:
    assert house.client.delete(house.path_of("credential")).status_code == 204
    answer = house.run()
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    listed = house.client.get(f"/integrations/{house.integration}/credentials").json()["items"]
    assert listed == []


def test_everything_can_be_deleted_one_by_one(workspace: Any) -> None:
    client = workspace.client()
    made = everything_there(workspace)
    for kind, name in (
        ("actions", "action_id"),
        ("credentials", "credential_id"),
        ("integrations", "integration_id"),
        ("members", "user_id"),
        ("api-keys", "key_id"),
    ):
        assert client.delete(f"/{kind}/{made[name]}").status_code == 204, kind
        assert client.delete(f"/{kind}/{made[name]}").status_code == 404, kind
    for kind in ("integrations", "members"):
        assert client.get(f"/{kind}").json()["items"] == []
    assert [entry["action"] for entry in client.get("/audit-log").json()["items"]][:5] == [
        "api_key.revoke",
        "member.delete",
        "integration.delete",
        "credential.delete",
        "action.delete",
    ]
