"""The simulator's other verbs: buttons and lists, begin anew, jump, cancel, watch; and lists of conversations."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from typing import Any

import httpx

from conversations.shapes import Desk, Person, asks, block, flow_of, says
from servers.pace import slowness


def menu(**settings: Any) -> dict[str, Any]:
    return flow_of(
        block(
            "menu", "buttons", {"button:yes": "yes", "button:no": "no"}, answer="choice", text="Shall we?", footer="Tap",
            buttons=[{"id": "yes", "title": "Yes"}, {"id": "no", "title": "No"}],
        ),
        says("yes", "Good.", "name"),
        block("no", "end", text="Another time."),
        asks("name", "name", "bye"),
        block("bye", "end", text="Bye, {{answers.name}}."),
        **settings,
    )  # fmt: skip


def test_a_button_is_tapped(desk: Desk) -> None:
    person = desk.start(desk.make(menu()))
    offered = person.last["messages"][-1]
    assert offered["type"] == "buttons"
    assert [button["title"] for button in offered["buttons"]] == ["Yes", "No"]
    assert (offered["footer"], offered["status"], offered["block_id"]) == ("Tap", "delivered", "menu")
    yes = offered["buttons"][0]["id"]
    assert person.tap(yes) == ["Good.", "name?"]
    tapped = next(message for message in person.look()["messages"] if message["direction"] == "in")
    assert (tapped["type"], tapped["reply_id"], tapped["status"]) == ("reply", yes, "done")


def test_exactly_one_thing_is_sent(desk: Desk) -> None:
    person = desk.start(desk.make(menu()))
    for message in ({}, {"text": "a", "reply_id": "yes"}, {"text": None}):
        answer = person.send(**message)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_value")
    assert person.send(media={"kind": "image", "mime_type": "image/png"}).status_code == 200
    assert person.send(location={"latitude": 1.5, "longitude": 2}).status_code == 200
    kinds = [message["type"] for message in person.look()["messages"] if message["direction"] == "in"]
    assert kinds == ["image", "location"]


def test_it_begins_anew_with_the_draft_as_it_is_now(desk: Desk) -> None:
    flow = desk.make(menu())
    person = desk.start(flow, contact={"name": "Ana"})
    person.tap("yes")
    changed = menu()
    changed["blocks"][0]["text"] = "Shall we now?"
    assert desk.client.put(f"/flows/{flow}/draft", json={"definition": changed}).status_code == 200
    assert person.does("restart") == ["Shall we now?"]
    whole = person.look()
    assert (len(whole["messages"]), whole["answers"], whole["contact"]["name"]) == (1, {}, "Ana")
    person.tap("no")
    assert person.status == "finished"
    assert person.does("restart") == ["Shall we now?"]
    assert person.look()["ended_at"] is None


def test_it_goes_on_at_another_block(desk: Desk) -> None:
    person = desk.start(desk.make(menu()))
    assert person.does("jump", block_id="name") == ["name?"]
    assert person.say("Ana") == ["Bye, Ana."]
    assert person.does("jump", block_id="menu") == ["Shall we?"]
    assert person.status == "waiting"
    nowhere = desk.client.post(f"/simulator/conversations/{person.id}/jump", json={"block_id": "nowhere"})
    assert (nowhere.status_code, nowhere.json()["code"]) == (422, "invalid_value")


def test_somebody_ends_it(desk: Desk) -> None:
    person = desk.start(desk.make(menu()))
    ended = desk.client.post(f"/conversations/{person.id}/cancel")
    assert (ended.status_code, ended.json()["status"], ended.json()["end_reason"]) == (200, "cancelled", "cancelled")
    assert ended.json()["ended_at"]
    again = desk.client.post(f"/conversations/{person.id}/cancel")
    assert (again.status_code, again.json()["code"]) == (409, "conversation_ended")


def test_a_person_takes_over_and_gives_it_back(desk: Desk) -> None:
    definition = flow_of(
        block("ask", "hand_over", text="Somebody will write to you.", edges={"closed": "z"}),
        block("z", "end", text="Was that of help?"),
    )
    person = desk.start(desk.make(definition))
    assert (person.status, person.heard) == ("with_agent", ["Somebody will write to you."])
    assert person.say("Hello?") == []
    given = desk.client.post(f"/conversations/{person.id}/give-back")
    assert (given.status_code, given.json()["status"]) == (200, "finished")
    assert given.json()["messages"][-1]["text"] == "Was that of help?"
    again = desk.client.post(f"/conversations/{person.id}/give-back")
    assert (again.status_code, again.json()["code"]) == (409, "not_with_agent")


def test_a_member_takes_a_conversation_over_writes_and_closes_it(desk: Desk) -> None:
    person = desk.start(desk.make(flow_of(asks("name", "name", "bye"), block("bye", "end", text="Bye."))))
    path = f"/conversations/{person.id}"
    early = desk.client.post(f"{path}/messages", json={"text": "Hello"})
    assert (early.status_code, early.json()["code"]) == (409, "not_with_agent")
    taken = desk.client.post(f"{path}/take-over")
    assert (taken.status_code, taken.json()["status"]) == (200, "with_agent")
    assert person.say("Is somebody there?") == []
    said = desk.client.post(f"{path}/messages", json={"text": "Yes, I am."})
    assert said.status_code == 201
    message = said.json()["messages"][-1]
    assert (message["text"], message["block_id"], message["status"]) == ("Yes, I am.", None, "delivered")
    assert said.json()["last"]["text"] == "Yes, I am."
    picture = {"kind": "image", "url": "https://acme.example/a.png", "caption": "Look"}
    assert desk.client.post(f"{path}/messages", json={"media": picture}).json()["messages"][-1]["type"] == "image"
    for wrong in ({}, {"text": " "}, {"text": "a", "media": picture}, {"media": picture | {"url": "file:///etc"}}):
        answer = desk.client.post(f"{path}/messages", json=wrong)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_value")
    closed = desk.client.post(f"{path}/close").json()
    assert (closed["status"], closed["end_reason"]) == ("finished", "closed")
    assert desk.client.post(f"{path}/take-over").json()["code"] == "conversation_ended"


def test_what_was_asked_is_asked_again_when_a_member_gives_it_back(desk: Desk) -> None:
    person = desk.start(desk.make(flow_of(asks("name", "name", "bye"), block("bye", "end", text="Bye."))))
    desk.client.post(f"/conversations/{person.id}/take-over")
    given = desk.client.post(f"/conversations/{person.id}/give-back").json()
    assert (given["status"], given["messages"][-1]["text"]) == ("waiting", "name?")
    assert person.say("Ana") == ["Bye."]


def test_variables_are_given_at_the_start(desk: Desk) -> None:
    definition = flow_of(block("z", "end", text="{{variables.plan}} for {{contact.name}}, {{contact.phone}}"))
    definition["variables"] = [{"key": "plan", "type": "string", "default": "basic"}]
    flow = desk.make(definition)
    contact = {"name": "Ana", "phone": "+573001112233"}
    assert desk.start(flow, contact=contact, variables={"plan": "gold"}).heard == ["gold for Ana, +573001112233"]
    assert desk.start(flow, contact=contact).heard == ["basic for Ana, +573001112233"]


def test_what_no_conversation_keeps_is_refused_at_the_start(desk: Desk) -> None:
    given = {"flow_id": desk.make(menu()), "variables": {"plan": "gold", "rows": ["x" * 65_536]}}
    answer = desk.client.post("/simulator/conversations", json=given)
    assert answer.status_code == 422
    assert [error["path"] for error in answer.json()["errors"]] == ["variables.rows"]


def test_conversations_are_listed_and_found(desk: Desk) -> None:
    flow = desk.make(menu())
    version = desk.publish(flow)
    first = desk.start(flow, version=version, contact={"name": "Ana Pérez", "phone": "+573001112233"})
    second = desk.start(flow)
    second.tap("no")

    def ids(**params: Any) -> list[str]:
        answer = desk.client.get("/conversations", params=params)
        assert answer.status_code == 200, answer.text
        return [item["id"] for item in answer.json()["items"]]

    assert ids() == [second.id, first.id]
    assert ids(flow_id=flow, status="waiting") == [first.id]
    assert ids(status="finished") == [second.id]
    assert ids(channel_id="simulator") == [second.id, first.id]
    assert ids(search="pérez") == ids(search="3001112233") == ids(search=first.id) == [first.id]
    assert ids(until="2020-01-01T00:00:00Z") == []
    page = desk.client.get("/conversations", params={"limit": 1}).json()
    assert [item["id"] for item in page["items"]] == [second.id]
    assert ids(limit=1, cursor=page["next_cursor"]) == [first.id]
    assert page["items"][0]["version"] is None
    assert "messages" not in page["items"][0]


def test_it_is_told_where_people_stop(desk: Desk) -> None:
    flow = desk.make(menu())
    assert desk.client.get(f"/flows/{flow}/statistics").json() == {"version": None, "conversations": {}, "blocks": []}
    desk.publish(flow)
    people = [desk.start(flow, version=1) for _ in range(4)]
    people[0].tap("no")
    for person in people[1:3]:
        person.tap("yes")
    desk.client.post(f"/conversations/{people[1].id}/cancel")
    desk.start(flow).tap("no")  # a draft is not counted
    told = desk.client.get(f"/flows/{flow}/statistics").json()
    assert (told["version"], told["conversations"]) == (1, {"finished": 1, "cancelled": 1, "waiting": 2})
    blocks = {item.pop("block_id"): item for item in told["blocks"]}
    nothing = {"left": {}, "stopped": 0, "waiting": 0, "failed": 0}
    assert blocks["menu"] == {**nothing, "entered": 4, "left": {"button:yes": 2, "button:no": 1}, "waiting": 1}
    assert blocks["name"] == {**nothing, "entered": 2, "stopped": 1, "waiting": 1}
    assert blocks["no"] == {**nothing, "entered": 1}
    later = desk.client.get(f"/flows/{flow}/statistics", params={"since": "2100-01-01T00:00:00Z"}).json()
    assert later["blocks"] == []


class Watcher:
    """Reads the events of a conversation in a thread."""

    def __init__(self, person: Person, last_id: str | None = None) -> None:
        self.events: list[tuple[str, str, dict[str, Any]]] = []
        self._person, self._last_id = person, last_id
        self._response: httpx.Response | None = None
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        with contextlib.suppress(httpx.TransportError):  # the server ends, or the test
            self._read_lines()

    def _read_lines(self) -> None:
        headers = {"last-event-id": self._last_id} if self._last_id else {}
        path = f"/simulator/conversations/{self._person.id}/events"
        with self._person.client.stream("GET", path, headers=headers, timeout=20) as self._response:
            event: dict[str, str] = {}
            for line in self._response.iter_lines():
                if line.startswith(":"):
                    continue
                if line:
                    name, _, value = line.partition(": ")
                    event[name] = value
                elif event:
                    self.events.append((event["event"], event["id"], json.loads(event["data"])))
                    event = {}
                    if len(self.events) >= 200:
                        return

    def wait_for(self, kind: str, **facts: Any) -> dict[str, Any]:
        deadline = time.monotonic() + 10
        while True:
            for name, _, data in list(self.events):
                if name == kind and facts.items() <= data.items():
                    return data
            assert time.monotonic() < deadline, self.events
            time.sleep(0.01)


def test_it_is_watched_as_it_happens(desk: Desk) -> None:
    person = desk.start(desk.make(menu()))
    watcher = Watcher(person)
    assert watcher.wait_for("visited", block_id="menu")["edge"] is None
    assert watcher.wait_for("message", block_id="menu")["type"] == "buttons"
    assert watcher.wait_for("status")["status"] == "waiting"
    assert watcher._response is not None
    assert watcher._response.headers["content-type"].startswith("text/event-stream")
    person.tap("yes")
    assert watcher.wait_for("visited", block_id="name")["edge"] == "next"
    seen = len(watcher.events)
    last_id = watcher.events[-1][1]
    person.say("Ana")
    assert watcher.wait_for("status", status="finished")["end_reason"] == "end"
    later = Watcher(person, last_id)
    later.wait_for("status", status="finished")
    assert [event[:2] for event in later.events] == [event[:2] for event in watcher.events[seen:]]


def test_a_watcher_does_not_keep_the_server_from_stopping(start_server: Any) -> None:
    server = start_server()
    workspace = server.new_workspace()
    watcher = Watcher(Desk(workspace.client()).start(Desk(workspace.client()).make(menu())))
    watcher.wait_for("status")
    begun = time.monotonic()
    server._server.should_exit = True
    server._thread.join(20)
    assert time.monotonic() - begun < 10 * slowness()
