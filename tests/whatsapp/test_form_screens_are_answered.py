"""A form's screens are answered through the front door: encrypted, by actions, within their time, and never with a failure of ours."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from conftest import RunningServer, Workspace
from recado.channels.whatsapp.forms import service
from recado.channels.whatsapp.forms.answering import Answerer
from recado.channels.whatsapp.forms.tokens import sign as sign_token
from whatsapp.booking import APPOINTMENT, SECRET, BookingServer, FormDesk, Phone

Json = dict[str, Any]
OVER = "This form has expired. Please ask for it again in the chat."
SORRY = "That did not work just now. Please try again."


@pytest.fixture
def desk(workspace: Workspace, api: BookingServer) -> FormDesk:
    made = FormDesk(workspace, api.url)
    made.make_key()
    return made


@pytest.fixture
def opened(desk: FormDesk, send: Callable[..., str]) -> Phone:
    """A phone with the appointment form open."""
    return Phone(desk, send(desk.make_appointment(), name="Ana"))


def test_a_form_is_gone_through_from_beginning_to_end(opened: Phone, api: BookingServer) -> None:
    api.says["book"] = {"summary": "Tuesday, 12.50", "accepted": True}

    assert opened.asks("INIT") == {
        "screen": "DAY",
        "data": {
            "greeting": "Good morning, Ana",
            "days": [{"id": "2026-12-01", "title": "Tuesday"}, {"id": "2026-12-02", "title": "Wednesday"}],
        },
    }
    details = {"price": 12.5, "has_parking": True}
    assert opened.asks("data_exchange", "DAY", {"day": "2026-12-01"}) == {"screen": "DETAILS", "data": details}
    assert opened.asks("BACK", "DETAILS") == {"screen": "DETAILS", "data": {**details, "price": 1}}
    summary = opened.asks("data_exchange", "DETAILS", {"email": "ana@example.com"})
    assert summary == {"screen": "SUMMARY", "data": {"summary": "Tuesday, 12.50"}}
    end = opened.asks("data_exchange", "SUMMARY", {"day": "2026-12-01"})
    params = {"day": "2026-12-01", "sure": True, "flow_token": opened.token}
    assert end == {"screen": "SUCCESS", "data": {"extension_message_response": {"params": params}}}
    assert api.bodies == [{"day": "2026-12-01"}, {"email": "ana@example.com", "who": "Ana"}]


def test_ping_and_notices_need_no_form(desk: FormDesk, opened: Phone) -> None:
    assert Phone(desk).asks("ping") == {"data": {"status": "active"}}
    complaint = {"error": "invalid-screen-transition", "error_message": "Invalid screen transition"}
    assert opened.asks("data_exchange", "DAY", complaint) == {"data": {"acknowledged": True}}
    assert opened.asks("INIT", "", {"error_key": "x", "error_message": "y"}) == {"data": {"acknowledged": True}}


def test_another_answer_takes_another_way(opened: Phone, api: BookingServer) -> None:
    api.says["book"] = {"summary": "…", "accepted": False}
    opened.asks("data_exchange", "DAY", {"day": "2026-12-01"})

    refused = opened.asks("data_exchange", "DETAILS", {"email": "nobody"})

    # The screen is shown as it was, with words above it.
    data = {"price": 12.5, "has_parking": True, "error_message": "Not this address."}
    assert refused == {"screen": "DETAILS", "data": data}


@pytest.mark.parametrize(
    ("status", "says", "message"),
    [
        (404, {}, "No free time on 2026-12-01."),
        (500, {}, SORRY),
        (401, {}, SORRY),
        (200, {"parking": True}, SORRY),
        (200, {"price": "much"}, SORRY),
        (200, b"<html>", SORRY),
    ],
    ids=["its own words", "broken", "not allowed", "a required output is missing", "a wrong type", "no JSON"],
)
def test_a_failure_is_told_on_the_same_screen(
    opened: Phone, api: BookingServer, status: int, says: Any, message: str
) -> None:
    api.statuses["details"], api.says["details"] = status, says

    answer = opened.asks("data_exchange", "DAY", {"day": "2026-12-01"})

    assert answer == {"screen": "DAY", "data": {"error_message": message}}
    # A failure is not kept: the very same question is asked anew.
    api.statuses.clear()
    api.says.clear()
    assert opened.asks("data_exchange", "DAY", {"day": "2026-12-01"})["screen"] == "DETAILS"


def test_an_input_that_cannot_be_filled_is_told_on_the_same_screen(opened: Phone, api: BookingServer) -> None:
    assert opened.asks("data_exchange", "DAY", {})["data"] == {"error_message": SORRY}
    assert api.calls["details"] == 0


def test_an_action_that_is_gone_is_told_on_the_same_screen(desk: FormDesk, send: Callable[..., str]) -> None:
    form = desk.make_appointment()
    phone = Phone(desk, send(form))
    handler = form["definition"]["handlers"][1]
    assert desk.client.delete(f"/actions/{handler['action_id']}?force=true").status_code == 204

    assert phone.asks("data_exchange", "DAY", {"day": "x"}) == {"screen": "DAY", "data": {"error_message": SORRY}}
    problems = desk.client.get(f"/forms/{form['id']}").json()["problems"]
    assert [(problem["path"], problem["code"]) for problem in problems] == [
        ("handlers[1].action_id", "form_action_unfit")
    ]


def test_a_value_of_another_type_than_the_screens_is_told(
    desk: FormDesk, send: Callable[..., str], api: BookingServer
) -> None:
    days = desk.make_action("days", {}, {"days": "json"})
    fill = {"greeting": {"value": "hi"}, "days": {"value": "{{outputs.days}}"}}
    form = desk.make_form([{"ask": "INIT", "action_id": days, "next": {"screen": "DAY", "data": fill}}])
    api.says["days"] = {"days": {"no": "list"}}

    assert Phone(desk, send(form)).asks("INIT") == {"screen": "DAY", "data": {"error_message": SORRY}}


def test_a_screen_without_a_handler_says_so(desk: FormDesk, send: Callable[..., str]) -> None:
    phone = Phone(desk, send(desk.make_form([], error_message="Later.")))

    assert phone.asks("data_exchange", "DETAILS", {"x": 1}) == {
        "screen": "DETAILS",
        "data": {"error_message": "Later."},
    }
    assert phone.asks("INIT") == {"screen": "DAY", "data": {}}
    assert phone.asks("BACK", "SUMMARY") == {"screen": "SUMMARY", "data": {}}
    assert phone.asks("data_exchange", "NOWHERE")["screen"] == "DAY"


# ── in its time, and once ────────────────────────────────────────────────────────────────────────────────────────────


def test_an_api_that_does_not_answer_is_given_up_in_time(
    server: RunningServer, opened: Phone, api: BookingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server.parts.forms, "_answerer", Answerer(server.parts.runner, budget_seconds=2.0))
    api.delays["details"] = 30

    began = time.monotonic()
    answer = opened.asks("data_exchange", "DAY", {"day": "2026-12-01"})

    assert answer == {"screen": "DAY", "data": {"error_message": SORRY}}
    assert time.monotonic() - began < 9  # the API would have taken 30 s, its action 10 s
    assert api.calls["details"] == 1


def test_the_same_question_at_the_same_time_is_asked_once(opened: Phone, api: BookingServer) -> None:
    api.delays["details"] = 0.5
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda _: opened.asks("data_exchange", "DAY", {"day": "2026-12-01"}), range(6)))

    assert {answer["screen"] for answer in found} == {"DETAILS"}
    assert api.calls["details"] == 1
    opened.asks("data_exchange", "DAY", {"day": "2026-12-02"})
    assert api.calls["details"] == 2


def test_who_hangs_up_and_asks_again_gets_the_answer_of_the_first_call(opened: Phone, api: BookingServer) -> None:
    api.delays["details"] = 1.0
    first = threading.Thread(target=lambda: opened.asks("data_exchange", "DAY", {"day": "2026-12-01"}))
    first.start()
    while not api.calls["details"]:
        time.sleep(0.01)
    api.says["details"] = {"price": 99}

    assert opened.asks("data_exchange", "DAY", {"day": "2026-12-01"})["data"]["price"] in {12.5, 99}
    first.join()
    assert opened.asks("data_exchange", "DAY", {"day": "2026-12-01"})["screen"] == "DETAILS"
    assert api.calls["details"] == 1


# ── whose form, and whether it is from Meta ──────────────────────────────────────────────────────────────────────────


def test_a_token_of_nobody_or_of_another_channel_is_over(
    workspace: Workspace, desk: FormDesk, send: Callable[..., str], api: BookingServer
) -> None:
    other = FormDesk(workspace, api.url)
    other.make_key()
    elsewhere = send(other.make_form([]))
    for token in ("made-up", elsewhere, "x" * 2000, "ü"):
        phone = Phone(desk, token)
        answer = phone.send(phone.request("INIT"))
        assert answer.status_code == 427
        assert answer.json() == {"error_msg": "Este formulario ya no es válido. Pídalo de nuevo en el chat."}
    without = Phone(desk)
    assert without.send(without.request("INIT")).status_code == 427


def test_a_form_ends_with_its_conversation(
    server: RunningServer, workspace: Workspace, desk: FormDesk, api: BookingServer
) -> None:
    from conversations.shapes import Desk, asks  # noqa: PLC0415

    talk = Desk(workspace.client()).talk(asks("q", "name", "q"))
    form = desk.make_appointment()
    with server.database.begin() as connection:
        token = service.send_form(connection, form["id"], talk.id, {"name": "Ana"})
    phone = Phone(desk, token)
    assert phone.asks("INIT")["data"]["greeting"] == "Good morning, Ana"
    answer = workspace.client().post(f"/conversations/{talk.id}/cancel")
    assert answer.status_code in {200, 201, 204}, answer.text

    over = phone.send(phone.request("data_exchange", "DAY", {"day": "2026-12-01"}))

    assert (over.status_code, over.json()) == (427, {"error_msg": OVER})
    assert api.calls["details"] == 0


def test_a_signature_that_does_not_fit_is_told_as_432(opened: Phone) -> None:
    request = opened.request("INIT")
    for signature in ("", "sha256=" + "0" * 64, "sha256=", "nonsense"):
        answer = opened.send(request, signature=signature)
        assert (answer.status_code, answer.json()["code"]) == (432, "form_signature_invalid")
    assert opened.send(request, body=request.body + b" ").status_code == 432


def test_a_token_that_meta_has_not_signed_is_told_as_432(opened: Phone) -> None:
    from recado.channels.whatsapp.forms import client as phone  # noqa: PLC0415

    secret = SECRET.encode()
    for signature in ("no.jwt.here", sign_token("another", secret), sign_token(opened.token, b"not the secret")):
        asked = {"action": "INIT", "flow_token": opened.token, "flow_token_signature": signature}
        assert opened.send(phone.ask(opened.public_key, secret, asked)).status_code == 432
    # Older forms come without one.
    request = phone.ask(opened.public_key, secret, {"action": "INIT", "flow_token": opened.token})
    assert opened.send(request).status_code == 200


def test_what_cannot_be_decrypted_is_told_as_421(opened: Phone, desk: FormDesk) -> None:
    from recado.channels.whatsapp.signature import sign  # noqa: PLC0415

    request = opened.request("INIT")
    for field in ("encrypted_flow_data", "encrypted_aes_key", "initial_vector"):
        body = json.loads(request.body)
        body[field] = body[field][:-4] + ("AAA=" if body[field].endswith("=") else "AAAA")
        raw = json.dumps(body).encode()
        answer = opened.send(request, body=raw, signature=sign(raw, SECRET.encode()))
        assert (answer.status_code, answer.json()["code"]) == (421, "form_cannot_decrypt"), field
    for raw in (b"", b"{}", b"\xff", b"[1]"):
        answer = opened.send(request, body=raw, signature=sign(raw, SECRET.encode()))
        assert (answer.status_code, answer.json()["code"]) == (400, "form_request_invalid")


@pytest.mark.parametrize("plain", [b"", b"[]", b"nonsense", b"\xff", b"1", b"[" * 5000, b'{"action": "dance"}', b"{}"])
def test_what_makes_no_sense_in_plain_is_a_bad_request(opened: Phone, plain: bytes, monkeypatch: Any) -> None:
    from recado.channels.whatsapp.forms import client as phone  # noqa: PLC0415

    class Fixed:
        def encode(self, _: Any) -> bytes:
            return plain

    monkeypatch.setattr(phone, "_ENCODER", Fixed())
    answer = opened.send(opened.request("INIT"))
    assert (answer.status_code, answer.json()["code"]) == (400, "form_request_invalid")


def test_a_channel_that_is_not_there_or_has_no_key(workspace: Workspace, desk: FormDesk, api: BookingServer) -> None:
    phone = Phone(desk)
    request = phone.request("ping")
    path, phone.path = phone.path, "/api/v1/channels/whatsapp/nothing/flows"
    assert phone.send(request).status_code == 404
    keyless = FormDesk(workspace, api.url)
    shown = keyless.client.get(f"/channels/{keyless.channel_id}/flow-key").json()
    assert (shown["is_set"], shown["public_key"]) == (False, None)
    phone.path = "/api/v1" + shown["endpoint_url"].partition("/api/v1")[2]
    assert phone.send(request).status_code == 421
    phone.path = path
    assert phone.send(request).status_code == 200


# ── forms over HTTP ──────────────────────────────────────────────────────────────────────────────────────────────────


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
