"""The stand-in's webhooks: where they go, how they are signed, what stands in them, and when they come again."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from recado.channels.whatsapp.inbound import read_delivery
from whatsapp.driver import Graph
from whatsapp.hook import Hook

Json = dict[str, Any]


def send(graph: Graph, body: str = "hola", to: str = "+15550102000", **more: Any) -> str:
    """A text of the business; its id."""
    message = {"messaging_product": "whatsapp", "to": to, "type": "text", "text": {"body": body}, **more}
    url = f"{graph.url}/v26.0/{more.pop('number', graph.phone_number_id)}/messages"
    answer = httpx.post(url, json=message, headers={"authorization": f"Bearer {graph.token}"}, trust_env=False)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["messages"][0]["id"])


def call(graph: Graph, method: str, path: str, body: Json | None = None) -> httpx.Response:
    headers = {"authorization": f"Bearer {graph.token}"}
    return httpx.request(method, f"{graph.url}/v26.0/{path}", json=body, headers=headers, trust_env=False)


@pytest.fixture
def told(graph: Graph, hook: Hook) -> Hook:
    """The app's callback."""
    graph.calls_back(hook.url)
    return hook


# ── where they go ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_callback_proves_that_it_is_ours(graph: Graph, hook: Hook) -> None:
    hook.verify_token = "mine"
    answer = call(
        graph,
        "POST",
        f"{graph.waba_id}/subscribed_apps",
        {"override_callback_uri": hook.url, "verify_token": "not mine"},
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, 2200)
    assert "403" in answer.json()["error"]["message"]
    body = {"override_callback_uri": hook.url, "verify_token": "mine"}
    answer = call(graph, "POST", f"{graph.waba_id}/subscribed_apps", body)
    assert answer.json() == {"success": True}
    listed = call(graph, "GET", f"{graph.waba_id}/subscribed_apps").json()
    assert listed["data"][0]["override_callback_uri"] == hook.url
    assert hook.asked[-1]["hub.mode"] == "subscribe"
    assert hook.asked[-1]["hub.challenge"].isdecimal()
    graph.person().says("hola")
    graph.settles()
    assert [message["text"]["body"] for message in hook.messages] == ["hola"]


def test_the_number_goes_before_the_account_and_the_account_before_the_app(graph: Graph, hook: Hook) -> None:
    number, waba, app = (f"{hook.url}/{place}" for place in ("number", "waba", "app"))
    secret = {"verify_token": hook.verify_token}
    ana = graph.person()
    graph.calls_back(app)
    ana.says("1")
    call(graph, "POST", f"{graph.waba_id}/subscribed_apps", {"override_callback_uri": waba, **secret})
    ana.says("2")
    set_number = {"webhook_configuration": {"override_callback_uri": number, **secret}}
    assert call(graph, "POST", graph.phone_number_id, set_number).json() == {"success": True}
    ana.says("3")
    fields = "webhook_configuration"
    shown = call(graph, "GET", f"{graph.phone_number_id}?fields={fields}").json()[fields]
    assert shown == {"phone_number": number, "whatsapp_business_account": waba, "application": app}
    call(graph, "POST", graph.phone_number_id, {"webhook_configuration": {"override_callback_uri": ""}})
    ana.says("4")
    call(graph, "POST", f"{graph.waba_id}/subscribed_apps", {})
    ana.says("5")
    assert call(graph, "DELETE", f"{graph.waba_id}/subscribed_apps").json() == {"success": True}
    ana.says("6")
    graph.settles()
    came = [(webhook.path.rpartition("/")[2], webhook.messages[0]["text"]["body"]) for webhook in hook.came]
    assert came == [("app", "1"), ("waba", "2"), ("number", "3"), ("waba", "4"), ("app", "5")]


def test_an_address_of_more_than_200_characters_is_refused(graph: Graph, hook: Hook) -> None:
    long = {"override_callback_uri": f"{hook.url}/{'x' * 200}", "verify_token": hook.verify_token}
    answer = call(graph, "POST", f"{graph.waba_id}/subscribed_apps", long)
    assert answer.json()["error"]["code"] == 100
    assert not hook.asked


# ── how they are signed ──────────────────────────────────────────────────────────────────────────────────────────────


def test_the_bytes_that_are_sent_are_signed(graph: Graph, told: Hook) -> None:
    graph.person("Zoë").says("¡Olá! ☂ 😀")
    graph.settles()
    webhook = told.came[0]
    assert webhook.is_signed_with(graph.app_secret)
    assert webhook.headers["content-type"] == "application/json"
    assert webhook.body.isascii()
    assert b"\\u00a1Ol\\u00e1! \\u2602 \\ud83d\\ude00" in webhook.body


def test_secrets_change(graph: Graph, told: Hook) -> None:
    ana = graph.person()
    graph.set_secrets("new", graph.app_secret)
    for kind in ("right", "wrong", "missing", "upper"):
        graph.set(signature=kind)
        ana.says(kind)
        graph.settles()
    signed = [webhook.is_signed_with("new") for webhook in told.came]
    assert signed == [True, False, False, False]
    assert "x-hub-signature-256" not in told.came[2].headers


# ── what stands in them ──────────────────────────────────────────────────────────────────────────────────────────────


def test_everything_people_do_is_read_by_the_product(graph: Graph, told: Hook) -> None:
    ana = graph.person("Ana")
    ana.says("hola")
    buttons = [{"type": "reply", "reply": {"id": "b1", "title": "Sí"}}]
    rows = [{"id": "r1", "title": "Uno"}, {"id": "r2", "title": "Dos", "description": "más"}]
    prompts = [
        {"type": "button", "body": {"text": "?"}, "action": {"buttons": buttons}},
        {"type": "list", "body": {"text": "?"}, "action": {"button": "Ver", "sections": [{"rows": rows}]}},
    ]
    ids = [send(graph, type="interactive", interactive=prompt, to=f"+{ana.phone}") for prompt in prompts]
    deeds = [
        ana.taps("Sí"),
        ana.taps("r1"),
        ana.taps("Dos"),
        ana.says("así no", reply_to=ids[0]),
        ana.sends("image", caption="foto"),
        ana.sends("audio", voice=True),
        ana.sends("document", filename="a.pdf", mime_type="application/pdf", has_url=False),
        ana.sends("sticker"),
        ana.is_at(-12.05, -77.04, name="Lima"),
        ana.shares({"name": {"formatted_name": "Beto B", "first_name": "Beto"}, "phones": [{"phone": "+15550102009"}]}),
        ana.reacts(ids[0]),
        ana.reacts(ids[0], ""),
        ana.fills({"flow_token": "tok", "city": "Lima"}, of=ids[1]),
        ana.fills("{not json"),
        ana.sends_unsupported(),
        ana.says("del anuncio", referral={"source_id": "ad", "source_type": "ad", "ctwa_clid": "c"}),
        ana.changes_number("+15550102777"),
        ana.does(raw={"type": "hologram", "hologram": {"a": 1}}),
    ]
    graph.settles()
    messages = [message for message in told.messages if message["id"] in {deed["id"] for deed in deeds}]
    assert [message["id"] for message in messages] == [deed["id"] for deed in deeds]
    assert messages[0]["context"] == {"from": "15550198000", "id": ids[0]}
    assert messages[0]["interactive"] == {"type": "button_reply", "button_reply": {"id": "b1", "title": "Sí"}}
    assert messages[1]["interactive"] == {"type": "list_reply", "list_reply": {"id": "r1", "title": "Uno"}}
    assert messages[2]["interactive"]["list_reply"]["description"] == "más"
    assert messages[3]["context"]["id"] == ids[0]
    assert messages[4]["image"]["url"].startswith(graph.url)
    assert "url" not in messages[6]["document"]
    assert messages[12]["interactive"]["nfm_reply"]["response_json"] == '{"flow_token":"tok","city":"Lima"}'
    assert messages[13]["interactive"]["nfm_reply"]["response_json"] == "{not json"
    assert messages[14]["errors"][0]["code"] == 131051
    assert messages[15]["referral"]["source_id"] == "ad"
    assert messages[16]["system"]["wa_id"] == "15550102777"
    assert messages[16]["from"] == "15550102000"
    system = next(value for webhook in told.came for value in webhook.values if value.get("messages") == [messages[16]])
    assert "contacts" not in system
    read = [read_delivery(webhook.body) for webhook in told.came]
    assert [problem for delivery in read for problem in delivery.problems] == []
    assert sum(len(delivery.updates) for delivery in read) == len(told.messages) + len(told.statuses)


@pytest.mark.parametrize(
    ("form", "shown"), [("present", {"wa_id": "15550102000"}), ("absent", {}), ("empty", {"wa_id": ""})]
)
def test_a_person_may_be_known_by_user_id_alone(graph: Graph, told: Hook, form: str, shown: Json) -> None:
    ana = graph.person("Ana", user_id="BR.1A2B", parent_user_id="BR.ENT.9", username="@ana", wa_id_form=form)
    ana.says("hola")
    send(graph)
    graph.settles()
    value = told.came[0].values[0]
    profile = {"name": "Ana", "username": "@ana"}
    assert value["contacts"] == [{"profile": profile, **shown, "user_id": "BR.1A2B", "parent_user_id": "BR.ENT.9"}]
    message = value["messages"][0]
    assert message["from_user_id"] == "BR.1A2B"
    assert {"wa_id": message["from"]} == shown if "from" in message else not shown
    status = told.statuses[0]
    assert (status["recipient_user_id"], status.get("recipient_id")) == ("BR.1A2B", shown.get("wa_id"))


def test_payloads_can_be_as_they_were_before_user_ids(graph: Graph, told: Hook) -> None:
    graph.set(has_user_ids=False)
    graph.person().says("hola")
    graph.settles()
    assert set(told.came[0].values[0]["contacts"][0]) == {"profile", "wa_id"}
    assert "from_user_id" not in told.messages[0]


def test_many_updates_come_in_one_webhook(graph: Graph, told: Hook) -> None:
    ana, beto = graph.person("Ana"), graph.person("Beto")
    other = graph.new_number()
    waba = graph.new_waba()
    third = graph.new_number(waba_id=waba)
    numbers = [graph.phone_number_id, other, third]
    deeds = [{"person": (ana, beto)[at % 2].id, "text": str(at), "number": numbers[at % 3]} for at in range(1000)]
    done = graph.acts(*deeds)
    graph.settles()
    assert len(told.came) == 1
    entries = told.came[0].json["entry"]
    assert [(entry["id"], len(entry["changes"])) for entry in entries] == [(graph.waba_id, 2), (waba, 1)]
    assert {message["id"] for message in told.messages} == {message["id"] for message in done}
    assert [contact["profile"]["name"] for contact in told.came[0].values[0]["contacts"]] == ["Ana", "Beto"]
    for value in told.came[0].values:
        at = [int(message["text"]["body"]) for message in value["messages"]]
        assert at == sorted(at)
    assert told.came[0].is_signed_with(graph.app_secret)
    assert len(told.came[0].body) < 3_000_000


def test_what_is_held_comes_together(graph: Graph, told: Hook) -> None:
    ana = graph.person()
    graph.hold()
    ana.says("hola")
    send(graph)
    graph.settles()
    assert told.came == []
    assert graph.release() == 3
    graph.settles()
    assert len(told.came) == 1
    assert (len(told.messages), [status["status"] for status in told.statuses]) == (1, ["sent", "delivered"])


def test_any_payload_can_be_sent(graph: Graph, told: Hook) -> None:
    graph.send_raw({"object": "whatsapp_business_account", "entry": []})
    graph.send_raw(text="<html>")
    graph.settles()
    assert [webhook.body for webhook in told.came] == [b'{"object":"whatsapp_business_account","entry":[]}', b"<html>"]
    assert all(webhook.is_signed_with(graph.app_secret) for webhook in told.came)


# ── statuses ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_message_comes_to_its_statuses(graph: Graph, told: Hook) -> None:
    ana = graph.person()
    ana.says("hola")
    graph.ladder("sent", "delivered", "read")
    message_id = send(graph, biz_opaque_callback_data="out_1")
    graph.settles()
    assert [status["status"] for status in told.statuses] == ["sent", "delivered", "read"]
    assert {status["id"] for status in told.statuses} == {message_id}
    assert {status["biz_opaque_callback_data"] for status in told.statuses} == {"out_1"}
    assert all(status["timestamp"].isdecimal() for status in told.statuses)
    assert {status["recipient_id"] for status in told.statuses} == {ana.phone}
    assert told.statuses[0]["pricing"]["type"] == "free_customer_service"


@pytest.mark.parametrize(
    "ladder",
    [
        ["sent"],
        ["sent", "read"],
        ["delivered", "sent", "read"],
        ["sent", "delivered", "delivered", "read", "delivered"],
        [],
    ],
    ids=" ".join,
)
def test_statuses_are_skipped_reordered_and_repeated(graph: Graph, told: Hook, ladder: list[str]) -> None:
    graph.person().says("hola")
    graph.ladder(*ladder)
    send(graph)
    graph.settles()
    assert [status["status"] for status in told.statuses] == ladder


def test_statuses_take_their_time_by_the_clock(graph: Graph, told: Hook) -> None:
    graph.stop_clock()
    graph.person().says("hola")
    graph.ladder("sent", ("delivered", 60), ("read", 3600))
    send(graph)
    graph.settles()
    assert [status["status"] for status in told.statuses] == ["sent"]
    graph.forward(60)
    graph.settles()
    graph.forward(3600)
    graph.settles()
    assert [status["status"] for status in told.statuses] == ["sent", "delivered", "read"]
    times = [int(status["timestamp"]) for status in told.statuses]
    assert (times[1] - times[0], times[2] - times[1]) == (60, 3600)


def test_a_person_reads(graph: Graph, told: Hook) -> None:
    ana = graph.person()
    ana.says("hola")
    send(graph)
    graph.settles()
    assert (ana.reads(), ana.reads()) == (1, 0)
    graph.settles()
    assert [status["status"] for status in told.statuses] == ["sent", "delivered", "read"]


def test_a_message_fails_later(graph: Graph, told: Hook) -> None:
    ana = graph.person()
    ana.says("hola")
    graph.fails(131026, at="status")
    send(graph, "lost", biz_opaque_callback_data="out_2")
    send(graph, "found")
    graph.settles()
    failed = [status for status in told.statuses if status["status"] == "failed"]
    assert [(status["errors"][0]["code"], status["biz_opaque_callback_data"]) for status in failed] == [
        (131026, "out_2")
    ]
    assert {"code", "title", "message", "error_data", "href"} == set(failed[0]["errors"][0])
    assert [message["text"] for message in ana.received()] == ["found"]


def test_what_comes_too_late_or_for_nobody_fails_by_status(graph: Graph, told: Hook) -> None:
    graph.set(strangers="failed")
    ana = graph.person()
    ana.says("hola")
    graph.forward(86_401)
    send(graph)
    send(graph, to="+15550102999")
    graph.settles()
    assert [(status["status"], status["errors"][0]["code"]) for status in told.statuses] == [
        ("failed", 131047),
        ("failed", 131026),
    ]
    ana.sees_nothing(0.1)


# ── again ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("status", [500, 404, 201, 302])
def test_what_is_not_answered_with_200_comes_again(graph: Graph, told: Hook, status: int) -> None:
    graph.stop_clock()
    graph.set(redelivery=[10, 100])
    told.answers.extend([status, status, status])
    graph.person().says("hola")
    graph.settles()
    assert len(told.came) == 1
    for seconds, count in ((9, 1), (1, 2), (100, 3), (100_000, 3)):
        graph.forward(seconds)
        graph.settles()
        assert len(told.came) == count
    assert len({webhook.body for webhook in told.came}) == 1
    delivery = graph.webhooks()[0]
    assert (delivery["state"], [tried["status"] for tried in delivery["tries"]]) == ("given_up", [status] * 3)


def test_a_callback_that_is_gone_is_tried_again(graph: Graph, hook: Hook) -> None:
    graph.stop_clock()
    graph.calls_back("http://127.0.0.1:1/gone", is_verified=False)
    graph.person().says("hola")
    graph.settles()
    delivery = graph.webhooks()[0]
    assert (delivery["state"], "problem" in delivery["tries"][0]) == ("to_be_retried", True)


def test_a_slow_callback_is_given_up_on(graph: Graph, told: Hook) -> None:
    graph.set(webhook_timeout=0.2, redelivery=[])
    told.seconds = 1.0
    graph.person().says("hola")
    graph.settles()
    assert graph.webhooks()[0]["state"] == "given_up"


def test_webhooks_come_twice_on_purpose(graph: Graph, told: Hook) -> None:
    ana = graph.person()
    ana.says("1", copies=3)
    graph.settles()
    assert len(told.came) == 3
    graph.send_again(graph.webhooks()[0]["id"])
    graph.settles()
    assert (len(told.came), len({webhook.body for webhook in told.came})) == (4, 1)


def test_one_that_fails_does_not_hold_up_the_others(graph: Graph, told: Hook) -> None:
    graph.stop_clock()
    told.answers.append(503)
    ana = graph.person()
    ana.says("1")
    ana.says("2")
    graph.settles()
    graph.forward(1)
    graph.settles()
    assert [message["text"]["body"] for message in told.messages] == ["1", "2", "1"]


def test_many_webhooks_go_out_at_once(graph: Graph, told: Hook) -> None:
    graph.set(at_once=8)
    told.seconds = 0.05
    ana = graph.person()
    for at in range(24):
        ana.says(str(at))
    graph.settles()
    assert len({message["id"] for message in told.messages}) == 24
