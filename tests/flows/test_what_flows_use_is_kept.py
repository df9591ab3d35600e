"""What a flow's draft or published version uses is not deleted unawares: integrations, actions, credentials and forms."""

from __future__ import annotations

from typing import Any

import pytest

from flows.shapes import Flows, block, hello


@pytest.fixture
def house(client: Any) -> dict[str, str]:
    """An integration with an action and a credential."""
    integration = client.post("/integrations", json={"name": "Acme"}).json()["id"]
    field = {"identifier": "api_key", "type": "password", "required": True}
    client.patch(f"/integrations/{integration}", json={"auth": {"fields": [field]}})
    request = {"endpoint": "https://api.acme.com/"}
    action = client.post(f"/integrations/{integration}/actions", json={"name": "Look", "request": request}).json()["id"]
    given = {"name": "One", "values": {"api_key": "a-key-of-the-tests"}, "hosts": ["api.acme.com"]}
    credential = client.post(f"/integrations/{integration}/credentials", json=given).json()["id"]
    return {"integration": integration, "action": action, "credential": credential}


def running(house: dict[str, str]) -> dict[str, Any]:
    ids = {f"{kind}_id": value for kind, value in house.items()}
    run = block("r", "custom_integration", key="look", edges={"success": "z", "failed": "z"}, **ids)
    return {"start": "r", "blocks": [run, block("z", "end", text="Bye.")]}


@pytest.mark.parametrize("kind", ["integration", "action", "credential"])
def test_it_is_told_which_flow_uses_it(client: Any, flows: Flows, house: dict[str, str], kind: str) -> None:
    flow = flows.make(running(house), name="Looks")
    path = f"/{kind}s/{house[kind]}"
    refused = client.delete(path)
    assert (refused.status_code, refused.json()["code"]) == (409, "in_use")
    assert {"kind": "flow", "id": flow["id"], "name": "Looks"} in refused.json()["used_by"]
    assert client.delete(path, params={"force": "true"}).status_code == 204
    assert client.get(f"/flows/{flow['id']}").status_code == 200


def test_a_credential_tells_the_flows_that_use_it(client: Any, flows: Flows, house: dict[str, str]) -> None:
    flow = flows.make(running(house), name="Looks")
    flows.publish(flow["id"])
    shown = client.get(f"/credentials/{house['credential']}").json()
    assert shown["used_by"] == [{"kind": "flow", "id": flow["id"], "name": "Looks"}]


def test_what_only_the_published_version_uses_is_in_use_too(client: Any, flows: Flows, house: dict[str, str]) -> None:
    flow = flows.make(running(house))
    flows.publish(flow["id"])
    flows.save(flow["id"], hello())
    assert client.delete(f"/actions/{house['action']}").status_code == 409
    flows.publish(flow["id"])
    assert client.delete(f"/actions/{house['action']}").status_code == 204


NUMBER = {"phone_number_id": "106540352242922", "waba_id": "102290129340398"}


def in_use(answer: Any) -> list[dict[str, str]]:
    """What is told of who uses it."""
    assert (answer.status_code, answer.json()["code"]) == (409, "in_use")
    used: list[dict[str, str]] = answer.json()["used_by"]
    return used


def test_a_form_is_kept_by_flows_that_send_it_and_keeps_what_answers_it(
    client: Any, flows: Flows, house: dict[str, str]
) -> None:
    channel = client.post("/channels", json={"name": "Shop", "settings": NUMBER}).json()["id"]
    handler = {"screen": "A", "ask": "INIT", "action_id": house["action"], "credential_id": house["credential"]}
    given = {"name": "Visit", "definition": {"flow_json": {}, "handlers": [handler]}}
    made = client.post(f"/channels/{channel}/forms", json=given)
    assert made.status_code == 201, made.text
    form = made.json()
    sends = block("f", "form", form_id=form["id"], text="Book", label="Open", answer="visit", edges={"next": "z"})
    flow = flows.make({"start": "f", "blocks": [sends, block("z", "end", text="Bye.")]}, name="Books")
    flow_as_told = {"kind": "flow", "id": flow["id"], "name": "Books"}
    form_as_told = {"kind": "form", "id": form["id"], "name": "Visit"}
    for path in (f"/forms/{form['id']}", f"/channels/{channel}"):
        assert in_use(client.delete(path)) == [flow_as_told]
    for kind in ("integration", "action", "credential"):
        assert form_as_told in in_use(client.delete(f"/{kind}s/{house[kind]}"))
    assert client.delete(f"/forms/{form['id']}", params={"force": "true"}).status_code == 204
    assert client.delete(f"/actions/{house['action']}").status_code == 204
    assert client.delete(f"/channels/{channel}").status_code == 204
