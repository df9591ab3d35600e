"""A form's screens are answered through the front door: by actions, within their time, and never with a failure of ours."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from conftest import RunningServer
from recado.channels.whatsapp.forms.answering import Answerer
from whatsapp.booking import SORRY, BookingServer, FormDesk, Phone

Json = dict[str, Any]


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
