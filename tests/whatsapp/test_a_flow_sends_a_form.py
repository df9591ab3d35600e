"""A flow sends a form on WhatsApp, its screens are answered, and the flow goes on with what it was sent off with."""

from __future__ import annotations

from typing import Any

import pytest

from conftest import Workspace
from conversations.shapes import Desk, flow_of
from whatsapp.booking import BookingServer, FormDesk
from whatsapp.driver import Graph
from whatsapp.talking import Line, ask, say

Json = dict[str, Any]


@pytest.fixture
def line(workspace: Workspace, graph: Graph) -> Line:
    return Line(workspace.client(), workspace.url, graph)


@pytest.fixture
def desk(workspace: Workspace, api: BookingServer, line: Line) -> FormDesk:
    return FormDesk(workspace, api.url, channel_id=line.id)


def begins(line: Line, *blocks: Json) -> None:
    """Any message begins a flow of these blocks."""
    desk = Desk(line.client)
    flow_id = desk.make(flow_of(*blocks))
    desk.publish(flow_id)
    line.change(starts=[{"kind": "any", "flow_id": flow_id}])


def form_block(form: Json, **more: Any) -> Json:
    return {
        "id": "f",
        "type": "form",
        "form_id": form["id"],
        "text": "Book a visit",
        "label": "Open",
        "answer": "visit",
        "given": {"name": "{{contact.name}}"},
        "values": [{"identifier": "day"}, {"identifier": "sure", "type": "boolean"}],
        "edges": {"next": "bye", "no_match": "lost", "undelivered": "lost"},
        **more,
    }


BYE = {"id": "bye", "type": "end", "text": "See you on {{answers.visit.day}}"}
LOST = {"id": "lost", "type": "end", "text": "Another time"}


def test_a_person_goes_through_a_form_and_the_flow_goes_on(
    line: Line, desk: FormDesk, graph: Graph, api: BookingServer
) -> None:
    endpoint = f"{line.url}/api/v1{desk.make_key()['endpoint_url'].partition('/api/v1')[2]}"
    form = desk.make_appointment()
    line.client.patch(f"/forms/{form['id']}", json={"flow_id": graph.new_form(endpoint, "visit")})
    begins(line, ask("who", "Who?", "f"), form_block(form, given={"name": "{{answers.who}}"}), BYE, LOST)
    api.says["book"] = {"summary": "Tuesday", "accepted": True}
    ana = graph.person("Ana")
    ana.says("hola")
    ana.sees("Who?")
    ana.says("Ana María")
    ana.sees("Book a visit")
    [sent] = [call["body"]["interactive"] for call in line.sends() if call["body"]["type"] == "interactive"]
    parameters = sent["action"]["parameters"]
    assert (parameters["flow_cta"], parameters["flow_action"]) == ("Open", "data_exchange")
    token = parameters["flow_token"]

    def asks(action: str, screen: str = "", **data: Any) -> Json:
        result = graph.exchange(action, endpoint=endpoint, screen=screen, data=data, flow_token=token)
        assert result["status"] == 200, result
        return dict(result["answer"])

    assert asks("INIT")["data"]["greeting"] == "Good morning, Ana María"
    asks("data_exchange", "DAY", day="2026-12-01")
    asks("data_exchange", "DETAILS", email="ana@example.com")
    end = asks("data_exchange", "SUMMARY", day="2026-12-01")
    ana.fills(end["data"]["extension_message_response"]["params"])
    ana.sees("See you on 2026-12-01")

    talk = line.talk()
    opened = next(
        message for message in talk["messages"] if message["type"] == "form" and message["direction"] == "out"
    )
    assert opened["form"]["given"] == {"name": "Ana María"}
    filled = next(message for message in talk["messages"] if message["type"] == "form" and message["direction"] == "in")
    assert filled["form"] == {"day": "2026-12-01", "sure": True}
    assert token not in str(talk)
    # The conversation has ended, and the form with it.
    over = graph.exchange("data_exchange", endpoint=endpoint, screen="DAY", data={"day": "x"}, flow_token=token)
    assert over["status"] == 427


def test_a_form_opens_with_what_the_flow_knows(line: Line, desk: FormDesk, graph: Graph) -> None:
    form = desk.make_form([])
    line.client.patch(f"/forms/{form['id']}", json={"flow_id": graph.new_form(line.url, "visit")})
    begins(line, form_block(form, screen="SUMMARY", data={"summary": "For {{contact.name}}"}), BYE, LOST)
    ana = graph.person("Ana")
    ana.says("hola")
    ana.sees("Book a visit")
    parameters = line.sends()[-1]["body"]["interactive"]["action"]["parameters"]
    assert parameters["flow_action"] == "navigate"
    assert parameters["flow_action_payload"] == {"screen": "SUMMARY", "data": {"summary": "For Ana"}}
    ana.says("what?")
    ana.sees("Please tap the button, fill in the form and send it.")


def test_a_form_that_cannot_be_sent_takes_the_way_of_what_does_not_arrive(
    line: Line, desk: FormDesk, graph: Graph
) -> None:
    form = desk.make_form([])
    path = f"/forms/{form['id']}"
    line.client.patch(path, json={"flow_id": graph.new_form(line.url, "visit")})
    begins(line, say("a", "Hello", "f"), form_block(form), BYE, LOST)
    line.client.patch(path, json={"flow_id": ""})
    ana = graph.person("Ana")
    ana.says("hola")
    ana.sees("Another time")
    failed = next(message for message in line.talk()["messages"] if message["type"] == "form")
    assert (failed["status"], failed["error"]["code"]) == ("failed", "form_unsendable")


def test_a_form_is_tried_in_the_simulator(desk: FormDesk, workspace: Workspace) -> None:
    form = desk.make_form([])
    person = Desk(workspace.client()).talk(form_block(form), BYE, LOST)
    assert person.last["messages"][-1]["type"] == "form"
    sent = person.send(form={"day": "Monday", "sure": "yes"})
    assert sent.status_code == 200, sent.text
    assert sent.json()["messages"][-1]["text"] == "See you on Monday"
