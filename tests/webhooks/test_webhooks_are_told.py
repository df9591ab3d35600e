"""Servers of the workspace's own hear what happens in conversations: signed, in one piece, and until they have heard it."""

from __future__ import annotations

import time
from typing import Any

import httpx
import pytest

from conversations.shapes import Desk, asks, block, flow_of
from webhooks.conftest import Receiver

EVERYTHING = [
    "conversation.started",
    "conversation.handed_over",
    "conversation.finished",
    "conversation.failed",
    "action.failed",
]


def make(client: httpx.Client, receiver: Receiver, **more: Any) -> dict[str, Any]:
    body = {"name": "CRM", "url": receiver.url, "events": EVERYTHING, "includes_simulator": True, **more}
    answer = client.post("/webhooks", json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def events_of(client: httpx.Client, webhook: dict[str, Any], **query: str) -> list[dict[str, Any]]:
    return list(client.get(f"/webhooks/{webhook['id']}/events", params=query).json()["items"])


def wait_for_event(client: httpx.Client, webhook: dict[str, Any], **facts: Any) -> dict[str, Any]:
    """The newest event once it was answered and these facts hold of it."""
    deadline = time.monotonic() + 30
    while True:
        newest = events_of(client, webhook)[0]
        if newest["answer"] is not None and all(newest[name] == value for name, value in facts.items()):
            return newest
        assert time.monotonic() < deadline, newest
        time.sleep(0.05)


def test_the_beginning_and_the_end_are_told(desk: Desk, receiver: Receiver) -> None:
    webhook = make(desk.client, receiver)
    person = desk.start(
        desk.make(flow_of(asks("name", "name", "bye"), block("bye", "end", text="Bye."))), contact={"name": "Ana"}
    )
    person.say("Ana Silva")
    began, ended = receiver.wait_for(2)
    assert [began.body["type"], ended.body["type"]] == ["conversation.started", "conversation.finished"]
    told = ended.body["data"]["conversation"]
    assert (told["id"], told["status"], told["end_reason"]) == (person.id, "finished", "end")
    assert (told["contact"]["name"], told["answers"]) == ("Ana", {"name": "Ana Silva"})
    for each in (began, ended):
        assert each.is_signed_with(webhook["secret"])
        assert each.headers["webhook-id"] == each.body["id"]
        assert abs(int(each.headers["webhook-timestamp"]) - time.time()) < 60
        assert each.headers["content-type"] == "application/json"
    newest = wait_for_event(desk.client, webhook, status="delivered")
    assert (newest["type"], newest["tries"], newest["answer"]["status"]) == ("conversation.finished", 1, 200)


def test_a_failed_call_and_a_hand_over_are_told(desk: Desk, receiver: Receiver) -> None:
    make(desk.client, receiver)
    action = desk.make_action("POST", "http://127.0.0.1:65321/nobody")
    flow = flow_of(
        block("call", "custom_integration", {"failed": "help"}, **action, inputs={"token": "t"}),
        block("help", "hand_over", text="Somebody will write to you."),
    )
    person = desk.start(desk.make(flow))
    told = {each.body["type"]: each.body["data"] for each in receiver.wait_for(3)}
    assert sorted(told) == ["action.failed", "conversation.handed_over", "conversation.started"]
    call = told["action.failed"]["call"]
    assert (call["block_id"], call["outcome"], call["status"]) == ("call", "network", None)
    assert desk.client.get(f"/executions/{call['execution_id']}").json()["outcome"] == "network"
    assert told["conversation.handed_over"]["conversation"]["id"] == person.id


def test_only_what_was_asked_for_is_told(desk: Desk, receiver: Receiver) -> None:
    make(desk.client, receiver, events=["conversation.finished"])
    make(desk.client, receiver, includes_simulator=False)
    paused = make(desk.client, receiver)
    desk.client.patch(f"/webhooks/{paused['id']}", json={"is_paused": True})
    desk.start(desk.make(flow_of(block("bye", "end", text="Bye."))))
    assert [each.body["type"] for each in receiver.wait_for(1)] == ["conversation.finished"]
    assert events_of(desk.client, paused) == []


def test_what_was_not_heard_is_sent_again_under_the_same_id(client: httpx.Client, receiver: Receiver) -> None:
    webhook = make(client, receiver)
    receiver.answers = [500]
    event = client.post(f"/webhooks/{webhook['id']}/test").json()
    assert (event["type"], event["status"]) == ("ping", "waiting")
    waits = wait_for_event(client, webhook, tries=1, status="waiting")
    assert waits["answer"]["status"] == 500
    assert client.get(f"/webhooks/{webhook['id']}").json()["waiting"] == 1
    first, second = receiver.wait_for(2)
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == event["id"]
    assert first.raw == second.raw
    assert wait_for_event(client, webhook, status="delivered")["tries"] == 2
    again = client.post(f"/webhooks/{webhook['id']}/events/{event['id']}/send-anew")
    assert (again.status_code, again.json()["status"]) == (200, "waiting")
    assert receiver.wait_for(3)[2].raw == first.raw


def test_a_receiver_that_is_not_there_is_told_of(client: httpx.Client, receiver: Receiver) -> None:
    webhook = make(client, receiver, url="http://127.0.0.1:65321/nobody")
    client.post(f"/webhooks/{webhook['id']}/test")
    waits = wait_for_event(client, webhook, tries=1)
    assert (waits["status"], waits["answer"]["status"]) == ("waiting", None)
    assert waits["answer"]["error"]
    assert waits["due_at"] > waits["created_at"]


def test_two_secrets_sign_while_one_is_replaced(client: httpx.Client, receiver: Receiver) -> None:
    webhook = make(client, receiver)
    changed = client.post(f"/webhooks/{webhook['id']}/rotate-secret").json()
    assert changed["has_two_secrets"]
    assert changed["secret"] != webhook["secret"]
    client.post(f"/webhooks/{webhook['id']}/test")
    told = receiver.wait_for(1)[0]
    assert told.is_signed_with(webhook["secret"])
    assert told.is_signed_with(changed["secret"])
    dropped = client.post(f"/webhooks/{webhook['id']}/drop-secret").json()
    assert not dropped["has_two_secrets"]
    assert "secret" not in dropped
    client.post(f"/webhooks/{webhook['id']}/test")
    told = receiver.wait_for(2)[1]
    assert told.is_signed_with(changed["secret"])
    assert not told.is_signed_with(webhook["secret"])


def test_webhooks_are_listed_changed_and_deleted(client: httpx.Client, receiver: Receiver) -> None:
    webhook = make(client, receiver)
    path = f"/webhooks/{webhook['id']}"
    listed = client.get("/webhooks").json()["items"]
    assert [each["id"] for each in listed] == [webhook["id"]]
    assert "secret" not in listed[0]
    changed = client.patch(path, json={"name": "Data lake", "events": ["conversation.failed"]}).json()
    assert (changed["name"], changed["events"], changed["url"]) == ("Data lake", ["conversation.failed"], receiver.url)
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"url": "ftp://acme.example/"}, "url"),
        ({"url": "http://169.254.169.254/latest"}, "url"),
        ({"events": []}, "events"),
        ({"events": ["conversation.exploded"]}, "events[0]"),
        ({"name": "  "}, "name"),
    ],
)
def test_a_webhook_that_cannot_be_is_refused(
    client: httpx.Client, receiver: Receiver, body: dict[str, Any], path: str
) -> None:
    whole = {"name": "CRM", "url": receiver.url, "events": EVERYTHING} | body
    answer = client.post("/webhooks", json=whole)
    assert answer.status_code == 422, answer.text
    assert [problem["path"] for problem in answer.json()["errors"]] == [path]
