"""Forms over HTTP: what they are made of, every mistake with its place, and a try of them without a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from conftest import RunningServer, Workspace
from whatsapp.booking import APPOINTMENT, SORRY, BookingServer, FormDesk, Phone

Json = dict[str, Any]


def test_a_form_tells_its_screens_and_what_is_wrong(desk: FormDesk) -> None:
    form = desk.make_appointment()
    assert form["problems"] == []
    assert [(screen["id"], screen["leads_to"]) for screen in form["screens"]] == [
        ("DAY", ["DETAILS"]), ("DETAILS", ["SUMMARY"]), ("SUMMARY", []),
    ]  # fmt: skip
    assert form["screens"][0]["data"] == {"greeting": "string", "days": "array"}
    listed = desk.client.get(f"/channels/{desk.channel_id}/forms").json()["items"]
    assert [(item["id"], item["screens"]) for item in listed] == [(form["id"], 3)]
    empty = desk.client.post(f"/forms/{form['id']}/validate", json={"definition": {}}).json()
    assert [problem["code"] for problem in empty["problems"]] == ["form_json_invalid"]


WRONG: list[tuple[str, Json, str, str]] = [
    ("screen", {"ask": "data_exchange", "screen": "NONE"}, "screen", "form_screen_unknown"),
    (
        "next",
        {"ask": "data_exchange", "screen": "DAY", "next": {"screen": "NONE"}},
        "next.screen",
        "form_screen_unknown",
    ),
    (
        "route",
        {"ask": "data_exchange", "screen": "DAY", "next": {"screen": "SUMMARY", "data": {"summary": {"value": "x"}}}},
        "next.screen",
        "form_route_missing",
    ),
    (
        "unfilled",
        {"ask": "data_exchange", "screen": "DAY", "next": {"screen": "DETAILS", "data": {"price": {"value": 1}}}},
        "next.data.has_parking",
        "form_data_unfilled",
    ),
    (
        "unknown",
        {"ask": "data_exchange", "screen": "DAY", "next": {"data": {"x": {"value": 1}}}},
        "next.data.x",
        "form_data_unknown",
    ),
    (
        "type",
        {"ask": "data_exchange", "screen": "DAY", "next": {"data": {"days": {"value": "one"}}}},
        "next.data.days",
        "form_data_type",
    ),
    (
        "braces",
        {"ask": "data_exchange", "screen": "DAY", "next": {"message": "{{auth.key}}"}},
        "next.message",
        "form_reference_syntax",
    ),
    (
        "output",
        {"ask": "data_exchange", "screen": "DAY", "next": {"message": "{{outputs.x}}"}},
        "next.message",
        "form_output_unknown",
    ),
    ("action", {"ask": "data_exchange", "screen": "DAY", "action_id": "act_x"}, "action_id", "form_action_unfit"),
    ("way", {"ask": "data_exchange", "screen": "DAY", "failures": {"sunny": {}}}, "failures.sunny", "unknown_field"),
]


@pytest.mark.parametrize(("handler", "path", "code"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_each_mistake_is_told_with_its_place(desk: FormDesk, handler: Json, path: str, code: str) -> None:
    form = desk.make_form([handler])

    told = {problem["path"]: problem["code"] for problem in form["problems"]}

    assert told[f"handlers[0].{path}"] == code
    assert told["handlers"] == "form_screen_unanswered"


def test_inputs_and_outputs_are_held_to_their_action(desk: FormDesk) -> None:
    details = desk.make_action("details", {"day": "string!"}, {"price": "number!", "parking": "boolean", "all": "json"})
    data = {"price": {"value": "{{outputs.parking}}"}, "has_parking": {"value": "{{outputs.all}}"}}
    handler = {
        "ask": "data_exchange",
        "screen": "DAY",
        "action_id": details,
        "inputs": {"night": "{{data.day}}"},
        "next": {"screen": "DETAILS", "data": data, "message": "{{outputs.nothing}}"},
        "failures": {"failed": {"message": "{{outputs.price}}"}},
    }
    form = desk.make_form([handler, handler])

    told = [
        (problem["path"], problem["code"]) for problem in form["problems"] if problem["path"].startswith("handlers[0]")
    ]

    assert told == [
        ("handlers[0].inputs.night", "unknown_field"),
        ("handlers[0].inputs.day", "required"),
        ("handlers[0].next.message", "form_output_unknown"),
        ("handlers[0].next.data.price", "form_data_type"),
        ("handlers[0].next.data.has_parking", "form_data_type"),
        ("handlers[0].failures.failed.message", "form_output_unknown"),
    ]
    assert ("handlers[1]", "duplicate") in [(problem["path"], problem["code"]) for problem in form["problems"]]


def test_a_form_is_changed_and_deleted(desk: FormDesk, send: Callable[..., str]) -> None:
    form = desk.make_form([])
    phone = Phone(desk, send(form))
    path = f"/forms/{form['id']}"
    changed = desk.client.patch(path, json={"name": "Visit", "flow_id": "1234567890"}).json()
    assert (changed["name"], changed["flow_id"], changed["definition"]) == ("Visit", "1234567890", form["definition"])
    refused = desk.client.patch(path, json={"flow_id": "my flow", "name": ""})
    assert [problem["path"] for problem in refused.json()["errors"]] == ["name", "flow_id"]
    definition = {
        "flow_json": APPOINTMENT,
        "handlers": [{"ask": "INIT", "next": {"screen": "SUMMARY", "data": {"summary": {"value": "new"}}}}],
    }
    assert desk.client.patch(path, json={"definition": definition}).status_code == 200
    assert phone.asks("INIT") == {"screen": "SUMMARY", "data": {"summary": "new"}}
    assert desk.client.delete(path).status_code == 204
    assert desk.client.get(path).status_code == 404
    assert phone.send(phone.request("INIT")).status_code == 427


def test_forms_belong_to_their_workspace(server: RunningServer, desk: FormDesk) -> None:
    form = desk.make_form([])
    stranger = server.new_workspace()
    other = stranger.client()
    for method, path in (
        ("GET", f"/forms/{form['id']}"), ("PATCH", f"/forms/{form['id']}"), ("DELETE", f"/forms/{form['id']}"),
        ("POST", f"/forms/{form['id']}/validate"), ("POST", f"/forms/{form['id']}/try"),
        ("GET", f"/channels/{desk.channel_id}/forms"), ("GET", f"/channels/{desk.channel_id}/flow-key"),
        ("POST", f"/channels/{desk.channel_id}/flow-key"),
    ):  # fmt: skip
        body: Json | None = None if method in {"GET", "DELETE"} else {}
        assert other.request(method, path, json=body).status_code == 404, (method, path)
    assert other.post(f"/channels/{desk.channel_id}/forms", json={"name": "x"}).status_code == 404
    stranger.close()


def test_a_form_is_tried_as_a_phone_would(desk: FormDesk, api: BookingServer) -> None:
    form = desk.make_appointment()

    def tries(**body: Any) -> Json:
        answer = desk.client.post(f"/forms/{form['id']}/try", json=body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    begun = tries(given={"name": "Ana"})
    assert (begun["status"], begun["outcome"]) == (200, "ok")
    assert begun["answer"]["data"]["greeting"] == "Good morning, Ana"
    assert desk.client.get(f"/executions/{begun['execution_id']}").json()["outcome"] == "ok"
    api.statuses["details"] = 500
    failed = tries(action="data_exchange", screen="DAY", data={"day": "x"}, token=begun["token"])
    assert (failed["outcome"], failed["answer"]["data"]["error_message"]) == ("http_5xx", SORRY)
    assert "500" in failed["problem"]
    assert tries(action="ping")["answer"] == {"data": {"status": "active"}}
    over = tries(token="nobody's")
    assert (over["status"], over["answer"]) == (427, None)


def test_a_form_is_tried_only_with_a_key(workspace: Workspace, api: BookingServer) -> None:
    desk = FormDesk(workspace, api.url)
    form = desk.make_form([])
    answer = desk.client.post(f"/forms/{form['id']}/try", json={})
    assert (answer.status_code, answer.json()["code"]) == (409, "form_key_missing")
