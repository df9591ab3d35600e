"""The stand-in takes every documented message and refuses what Meta refuses, in Meta's words and codes."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from emulator.messages import calls, error_of, text
from recado.emulator.whatsapp.app import WhatsAppServer
from recado.emulator.whatsapp.setting_up import new_world
from servers.background import Background
from whatsapp.corpus import FOLDER, filled, ids_of, read
from whatsapp.driver import Graph

Json = dict[str, Any]
CASES = json.loads((FOLDER / "refused.json").read_text())
REQUESTS = [one for one in read("graph_request") if ".other" not in one["id"]]


@pytest.fixture
def api(graph: Graph) -> Iterator[httpx.Client]:
    with calls(graph) as client:
        yield client


@pytest.fixture(scope="module")
def patient(background: Background) -> Iterator[Graph]:
    """A stand-in for the tables, which counts nothing."""
    with background.serving(WhatsAppServer(new_world(identity="tables"))) as server:
        graph = Graph(server.url)
        graph.set(per_second=1e6, pair_burst=1e6)
        yield graph
        graph.close()


@pytest.fixture(scope="module")
def patient_api(patient: Graph) -> Iterator[httpx.Client]:
    with calls(patient) as client:
        yield client


def upload(api: httpx.Client, data: bytes = b"x", mime_type: str = "image/png") -> str:
    files = {"file": ("a.bin", data, mime_type)}
    answer = api.post("/media", data={"messaging_product": "whatsapp"}, files=files)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


def approve(graph: Graph, sent: Json) -> None:
    """Make the template that a documented message sends."""
    components: list[Json] = []
    is_named = False
    for part in sent.get("components", []):
        parameters = part.get("parameters", [])
        is_named = is_named or any("parameter_name" in one for one in parameters)
        slots = [one.get("parameter_name", str(at)) for at, one in enumerate(parameters, 1)]
        if part["type"] == "body":
            components.append({"type": "BODY", "text": " ".join(f"{{{{{slot}}}}}" for slot in slots)})
        elif part["type"] == "header":
            kind = parameters[0]["type"].upper()
            components.append({"type": "HEADER", "format": kind, "text": "{{1}}" if kind == "TEXT" else ""})
    kinds = {
        int(part["index"]): part["sub_type"].upper() for part in sent.get("components", []) if part["type"] == "button"
    }
    buttons = [
        {"type": kinds.get(at, "QUICK_REPLY"), "text": "x", "url": "https://shop.example/{{1}}"}
        for at in range(max(kinds, default=-1) + 1)
    ]
    if buttons:
        components.append({"type": "BUTTONS", "buttons": buttons})
    more = {"parameter_format": "NAMED"} if is_named else {}
    graph.new_template(sent["name"], sent["language"]["code"], components, **more)


@pytest.mark.parametrize("request_", REQUESTS, ids=[one["id"] for one in REQUESTS])
def test_every_documented_message_is_taken(patient: Graph, patient_api: httpx.Client, request_: Json) -> None:
    graph, api = patient, patient_api
    file = upload(api)
    placeholders = {
        r"<?http\(s\)://([a-z-]+)>?": r"https://shop.example/\1",
        "<HEADER_TYPE>": "text",
        r"\{\{Recipient-Phone-Number\}\}|91xxxxxxxxxx": "+15550102000",
        r"<\w*(MEDIA|VIDEO|DOCUMENT|IMAGE)_OBJECT_ID>": file,
    }
    body = filled(request_["payload"], placeholders)
    body = filled(body, {f"^{re.escape(one)}$": file for one in ids_of(body)})
    if body.get("type") == "template":
        approve(graph, body["template"])
    if body.get("status") == "read":
        body["message_id"] = graph.person().says("hola")["id"]
    answer = api.post("/messages", json=body)
    assert answer.status_code == 200, answer.text
    given = answer.json()
    if body.get("status") == "read":
        assert given == {"success": True}
        return
    assert set(given) == {"messaging_product", "contacts", "messages"}
    assert given["contacts"][0]["input"] == body["to"]
    assert given["contacts"][0]["wa_id"].endswith(body["to"].lstrip("+"))
    assert set(given["messages"][0]) == {"id", "message_status"}
    raw = base64.b64decode(given["messages"][0]["id"].removeprefix("wamid."), validate=True)
    assert raw.startswith(b"\x1c\x18")
    assert given["contacts"][0]["wa_id"].encode() in raw
    assert b"\x15\x02\x00\x11\x18" in raw


def spelled_out(value: Any) -> Any:
    """`{"$repeat": ["a", 3]}` is `aaa`."""
    if isinstance(value, dict):
        if "$repeat" in value:
            letter, times = value["$repeat"]
            return letter * times
        return {key: spelled_out(one) for key, one in value.items() if one is not None}
    return [spelled_out(one) for one in value] if isinstance(value, list) else value


def interactive(kind: str, action: Json) -> Json:
    return {"type": "interactive", "interactive": {"type": kind, "body": {"text": "x"}, "action": action}}


def body_of(case: Json) -> Json:
    if "buttons" in case:
        replies = [{"type": "reply", "reply": {"id": one, "title": title}} for one, title in case["buttons"]]
        return interactive("button", {"buttons": replies})
    if "rows" in case:
        rows = case["rows"] if isinstance(case["rows"], list) else [[str(at), "t", "d"] for at in range(case["rows"])]
        shown = [{"id": one, "title": title, "description": more} for one, title, more in rows]
        return interactive("list", {"button": "Choose", "sections": [{"rows": shown}]})
    if "flow" in case:
        given = {"flow_message_version": "3", "flow_cta": "Open", "flow_token": "t", **case["flow"]}
        return interactive("flow", {"name": "flow", "parameters": given})
    if "cards" in case:
        link = {"name": "cta_url", "parameters": {"display_text": "Go", "url": "https://shop.example/"}}
        header = {"type": "image", "image": {"link": "https://shop.example/a.png"}}
        cards = [{"card_index": at, "type": "cta_url", "header": header, "action": link} for at in range(case["cards"])]
        return interactive("carousel", {"cards": cards})
    if "contacts" in case:
        return {
            "type": "contacts",
            "contacts": [{"name": {"formatted_name": "A B", "first_name": "A"}}] * case["contacts"],
        }
    if "template" in case:
        name, parameters = case["template"]
        components = [{"type": "body", "parameters": parameters}, *case.get("beside", [])]
        sent = {"name": name, "language": {"code": "es"}, "components": components}
        return {"type": "template", "template": sent}
    body: Json = case["body"]
    return body


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_what_meta_refuses_is_refused(patient_api: httpx.Client, case: Json) -> None:
    body = spelled_out({"messaging_product": "whatsapp", "to": "+15550102000", **body_of(case)})
    answer = patient_api.post("/messages", json=body)
    if case["code"] is None:
        assert answer.status_code == 200, answer.text
        return
    error = error_of(answer)
    assert answer.status_code >= 400
    assert error["code"] == case["code"], error
    assert error.get("error_subcode") == case.get("subcode")
    assert case.get("says", "") in json.dumps(error)


def test_a_limit_may_count_utf_16(graph: Graph, api: httpx.Client) -> None:
    assert api.post("/messages", json=text("😀" * 4096)).status_code == 200
    graph.set(text_unit="utf16")
    assert error_of(api.post("/messages", json=text("😀" * 4096)))["code"] == 100


@pytest.mark.parametrize("documented", read("graph_error"), ids=lambda one: str(one["id"]))
def test_a_documented_error_has_the_shape_of_ours(graph: Graph, api: httpx.Client, documented: Json) -> None:
    error = documented["payload"]["error"]
    details = error.get("error_data", {}).get("details", "")
    graph.fails(error["code"], details=details, subcode=error.get("error_subcode"))
    answer = api.post("/messages", json=text())
    ours = error_of(answer)
    assert ours["code"] == error["code"]
    assert ours.get("error_subcode") == error.get("error_subcode")
    if details:
        assert ours["message"] == error["message"]
        assert ours["error_data"] == {"messaging_product": "whatsapp", "details": details}
    assert api.post("/messages", json=text()).status_code == 200


# ── to whom ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("to", "digits"),
    [
        ("+15550102000", "15550102000"),
        ("15550102000", "15550102000"),
        ("+1 (555) 010-2000", "15550102000"),
        ("5550102000", "15550102000"),
        ("+5215550102000", "525550102000"),
    ],
)
def test_a_number_is_read_in_every_form(graph: Graph, api: httpx.Client, to: str, digits: str) -> None:
    graph.person("Ana", phone="15550102000")
    graph.person("Lupe", phone="525550102000", also=["5215550102000"])
    contact = api.post("/messages", json=text(to=to)).json()["contacts"][0]
    assert contact == {"input": to, "wa_id": digits}


def test_a_user_id_is_an_address(graph: Graph, api: httpx.Client) -> None:
    ana = graph.person("Ana", user_id="BR.1A2B3C4D", wa_id_form="absent")
    ana.says("hola")
    body = text()
    del body["to"]
    answer = api.post("/messages", json={**body, "recipient": "BR.1A2B3C4D"}).json()
    assert answer["contacts"] == [{"input": "BR.1A2B3C4D", "user_id": "BR.1A2B3C4D"}]
    assert ana.received()[0]["id"] == answer["messages"][0]["id"]


def test_a_business_cannot_write_to_itself(graph: Graph, api: httpx.Client) -> None:
    own = api.get("").json()["display_phone_number"]
    assert error_of(api.post("/messages", json=text(to=own)))["code"] == 131021


def test_a_test_account_writes_to_its_list(graph: Graph, api: httpx.Client) -> None:
    graph.set(allowed_recipients=["+15550102001"])
    assert error_of(api.post("/messages", json=text()))["code"] == 131030
    assert api.post("/messages", json=text(to="+15550102001")).status_code == 200


# ── what a person sees ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_read_mark_shows_typing_until_something_is_said(graph: Graph, api: httpx.Client) -> None:
    ana = graph.person(phone="15550102000")
    first, second = ana.says("hola"), ana.says("¿hay alguien?")
    mark = {"messaging_product": "whatsapp", "status": "read", "message_id": second["id"]}
    answer = api.post("/messages", json={**mark, "typing_indicator": {"type": "text"}})
    assert answer.json() == {"success": True}
    assert ana.is_shown_typing()
    assert [message["status"] for message in ana.chat()] == ["read", "read"]
    graph.forward(26)
    assert not ana.is_shown_typing()
    api.post("/messages", json={**mark, "message_id": first["id"], "typing_indicator": {"type": "text"}})
    api.post("/messages", json=text("aquí estoy"))
    assert not ana.is_shown_typing()


def test_a_number_that_was_written_to_gets_its_person(graph: Graph, api: httpx.Client) -> None:
    graph.set(window="off")
    api.post("/messages", json=text("¿hay alguien?"))
    assert graph.person("Beto").phone != "15550102000"
    assert graph.person("Ana", phone="+15550102000").received()[0]["text"] == "¿hay alguien?"


def test_a_template_is_shown_with_its_values(graph: Graph, api: httpx.Client) -> None:
    ana = graph.person(phone="15550102000")
    values = [{"type": "text", "text": "Ana"}, {"type": "text", "text": "lunes"}]
    components = [
        {"type": "body", "parameters": values},
        {
            "type": "button",
            "sub_type": "quick_reply",
            "index": "0",
            "parameters": [{"type": "payload", "payload": "ok"}],
        },
    ]
    sent = {"name": "appointment_reminder", "language": {"code": "es"}, "components": components}
    assert api.post("/messages", json={**text(), "type": "template", "template": sent}).status_code == 200
    seen = ana.sees("Hola Ana, le esperamos el lunes.")
    assert [choice["title"] for choice in seen["choices"]] == ["Confirmar", "Cambiar"]
    assert ana.taps("Confirmar")["content"] == {"payload": "ok", "text": "Confirmar"}
