"""Values for a template's header, body and buttons: sent as Meta wants them, or refused by name and place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from whatsapp.driver import Graph
from whatsapp.talking import Line, ask, published

CASES = json.loads((Path(__file__).parents[1] / "testdata" / "whatsapp" / "template_values.json").read_text())
OFFER = {
    "name": "offer",
    "language": "en",
    "header": {"kind": "image", "value": "https://shop.example/ana.png"},
    "parameters": ["Ana", "May"],
    "buttons": [{"index": 1, "kind": "url", "value": "A-17"}, {"index": 2, "kind": "copy_code", "value": "MAY25"}],
}
BUTTONS = [
    {"type": "QUICK_REPLY", "text": "No more"},
    {"type": "URL", "text": "Look", "url": "https://shop.example/{{1}}"},
    {"type": "COPY_CODE", "text": "Copy offer code"},
    {"type": "URL", "text": "Home", "url": "https://shop.example/"},
]


@pytest.fixture
def line(client: httpx.Client, server: Any, graph: Graph) -> Line:
    """A number whose templates take values everywhere."""
    body = {"type": "BODY", "text": "{{1}}, this is for {{2}}."}
    graph.new_template(
        "offer", "en", [{"type": "HEADER", "format": "IMAGE"}, body, {"type": "BUTTONS", "buttons": BUTTONS}]
    )
    named = [{"type": "HEADER", "format": "TEXT", "text": "Hello {{who}}"}, {"type": "BODY", "text": "See you {{day}}"}]
    graph.new_template("hello_named", "en", named, parameter_format="NAMED")
    return Line(client, server.url, graph, published(client, ask("q", "Shall we?")))


def test_every_value_is_at_its_place(line: Line, graph: Graph) -> None:
    people = [graph.person(f"P{number}", phone=f"155501003{number:02}") for number in range(len(CASES))]
    for person, case in zip(people, CASES, strict=True):
        template = {**OFFER, **case["change"]}
        body = {
            "flow_id": line.flow_id,
            "channel_id": line.id,
            "contact": {"phone": person.phone},
            "template": template,
        }
        answer = line.client.post("/conversations", json=body)
        wrong = [[problem["path"], problem["code"]] for problem in answer.json().get("errors", [])]
        assert wrong == case["wrong"], case["name"]
        assert answer.status_code == (422 if wrong else 201), answer.text
        if not wrong:
            person.sees(type="template")
    assert people[0].received()[0]["content"]["components"] == [
        {"type": "header", "parameters": [{"type": "image", "image": {"link": "https://shop.example/ana.png"}}]},
        {"type": "body", "parameters": [{"type": "text", "text": "Ana"}, {"type": "text", "text": "May"}]},
        {"type": "button", "sub_type": "url", "index": 1, "parameters": [{"type": "text", "text": "A-17"}]},
        {
            "type": "button",
            "sub_type": "copy_code",
            "index": 2,
            "parameters": [{"type": "coupon_code", "coupon_code": "MAY25"}],
        },
    ]


def test_what_is_sent_after_24_hours_has_its_values(line: Line) -> None:
    url = f"/channels/{line.id}"
    whole = {"settings": {"fallback_template": OFFER}}
    kept = line.client.patch(url, json=whole)
    assert kept.status_code == 200, kept.text
    assert kept.json()["settings"]["fallback_template"] == OFFER
    for change, place in (({"parameters": ["Ana"]}, "parameters[1]"), ({"name": "news"}, "name")):
        refused = line.client.patch(url, json={"settings": {"fallback_template": {**OFFER, **change}}})
        assert [problem["path"] for problem in refused.json()["errors"]] == [f"settings.fallback_template.{place}"]
    assert line.client.get(url).json()["settings"]["fallback_template"] == OFFER


def test_many_have_values_of_their_own(line: Line, graph: Graph) -> None:
    ana, luz = graph.person("Ana", phone="15550100201"), graph.person("Luz", phone="15550100202")
    own = {"header": {"kind": "image", "value": "https://shop.example/luz.png"}, "parameters": ["Luz", "June"]}
    contacts: list[dict[str, Any]] = [{"phone": ana.phone}, {"phone": luz.phone, **own}]
    body = {"flow_id": line.flow_id, "channel_id": line.id, "template": OFFER, "contacts": contacts}
    slips: list[dict[str, Any]] = [{"buttons": OFFER["buttons"][:1]}, {"parameters": ["Eva"]}]  # type: ignore[index]
    others = [{"phone": f"+1555010030{number}", **slip} for number, slip in enumerate(slips)]
    refused = line.client.post("/batches", json={**body, "contacts": [*contacts, *others]})
    assert refused.status_code == 422
    places = [(problem["path"], problem["params"]["what"]) for problem in refused.json()["errors"]]
    assert places == [("contacts[2].buttons", "button 2 (copy_code)"), ("contacts[3].parameters[1]", "body {{2}}")]

    assert line.client.post("/batches", json=body).status_code == 201
    for person, name in ((ana, "ana"), (luz, "luz")):
        seen = person.sees(type="template")["content"]["components"]
        assert seen[0]["parameters"][0]["image"]["link"] == f"https://shop.example/{name}.png"
        assert seen[1]["parameters"][0]["text"] == name.title()
        assert [part["index"] for part in seen[2:]] == [1, 2]


def test_where_meta_cannot_be_asked_values_are_judged_by_themselves(line: Line) -> None:
    settings = {"phone_number_id": "100200300400500", "waba_id": "500400300200100", "fallback_template": OFFER}
    bare = line.client.post("/channels", json={"name": "Bare", "settings": settings})
    assert bare.status_code == 201, bare.text
    body = {"flow_id": line.flow_id, "channel_id": bare.json()["id"], "contacts": [{"phone": "+15550100300"}]}
    assert line.client.post("/batches", json={**body, "template": OFFER}).status_code == 201
    refused = line.client.post("/batches", json={**body, "template": {**OFFER, "parameters": ["Ana", ""]}})
    assert [problem["path"] for problem in refused.json()["errors"]] == ["template.parameters[1]"]
