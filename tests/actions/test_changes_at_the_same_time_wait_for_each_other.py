"""People change an integration and its actions at the same moment: nobody gets an error of the database, nothing breaks."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

HEADERS = [{"key": "K", "value": "{{auth.api_key}}"}]


def test_edits_and_removals_do_not_wait_in_a_circle(
    client: httpx.Client, integration: Any, new_action: Callable[..., Any]
) -> None:
    made = [new_action() for _ in range(4)]
    path = f"/integrations/{integration['id']}"

    def edit(number: int) -> int:
        match number % 4:
            case 0:
                answer = client.patch(path, json={"name": f"Name {number}"})
            case 1:
                answer = client.post(f"{path}/actions", json={"name": f"New {number}"})
            case 2:
                answer = client.patch(f"/actions/{made[number % 3]['id']}", json={"description": str(number)})
            case _:
                answer = client.delete(f"/actions/{made[3]['id']}" if number % 8 == 3 else path)
        return answer.status_code

    with ThreadPoolExecutor(8) as threads:
        statuses = list(threads.map(edit, range(64)))
    assert set(statuses) <= {200, 201, 204, 404, 409}
    assert client.delete(path, params={"force": True}).status_code == 204


def test_a_field_is_not_removed_while_an_action_begins_to_use_it(
    client: httpx.Client, integration: Any, new_action: Callable[..., Any]
) -> None:
    tenant = integration["auth"]["fields"][1]
    request = {"endpoint": "https://api.acme.com/", "headers": HEADERS}
    path = f"/integrations/{integration['id']}"
    for _ in range(8):
        client.patch(path, json={"auth": {"fields": integration["auth"]["fields"]}})
        made = new_action()
        fields = client.get(path).json()["auth"]["fields"]
        integration["auth"]["fields"] = fields
        with ThreadPoolExecutor(2) as threads:
            removed = threads.submit(client.patch, path, json={"auth": {"fields": [tenant]}})
            used = threads.submit(client.patch, f"/actions/{made['id']}", json={"request": request})
        assert sorted([removed.result().status_code, used.result().status_code]) in ([200, 409], [200, 422])
        if removed.result().status_code == 409:
            client.patch(f"/actions/{made['id']}", json={"request": None})
        else:
            auth = {"fields": [{"identifier": "api_key", "type": "password", "required": True}, tenant]}
            integration["auth"] = client.patch(path, json={"auth": auth}).json()["auth"]
