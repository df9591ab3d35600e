"""The stand-in takes every documented message and refuses what Meta refuses, in Meta's words and codes."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from recado.emulator.whatsapp.app import WhatsAppServer
from recado.emulator.whatsapp.setting_up import new_world
from servers.background import Background
from whatsapp.corpus import FOLDER, filled, ids_of, read
from whatsapp.driver import Graph

Json = dict[str, Any]
CASES = json.loads((FOLDER / "refused.json").read_text())
REQUESTS = [one for one in read("graph_request") if ".other" not in one["id"]]
KEYS_OF_ERRORS = {"message", "type", "code", "error_data", "error_subcode", "fbtrace_id"}


@contextmanager
def calls(graph: Graph) -> Iterator[httpx.Client]:
    """Calls below the number, with the token."""
    headers = {"authorization": f"Bearer {graph.token}"}
    url = f"{graph.url}/v26.0/{graph.phone_number_id}"
    with httpx.Client(base_url=url, headers=headers, trust_env=False, timeout=120, verify=False) as client:
        yield client


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


def text(body: str = "hola", to: str = "+15550102000", **more: Any) -> Json:
    return {"messaging_product": "whatsapp", "to": to, "type": "text", "text": {"body": body}, **more}


def error_of(answer: httpx.Response) -> Json:
    """The error, which has the shape of the documented ones."""
    value: Json = answer.json()
    assert set(value) == {"error"}
    error: Json = value["error"]
    assert set(error) <= KEYS_OF_ERRORS
    assert {"message", "type", "code", "fbtrace_id"} <= set(error)
    assert error["type"] == "OAuthException"
    if "error_data" in error:
        assert set(error["error_data"]) == {"messaging_product", "details"}
    return error


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


# ── who may ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_call_needs_a_token_that_is_known(graph: Graph, api: httpx.Client) -> None:
    for authorization in ("", "Bearer", "Bearer nonsense", "Basic abc"):
        answer = api.get("", headers={"authorization": authorization})
        assert answer.status_code == 401
        error = error_of(answer)
        assert error["code"] == 190
        assert "error_subcode" not in error
    graph.drop_token(graph.token)
    assert api.get("").status_code == 401


def test_a_token_expires(graph: Graph, api: httpx.Client) -> None:
    token = graph.new_token(seconds=100)
    headers = {"authorization": f"Bearer {token}"}
    assert api.post("/messages", json=text(), headers=headers).status_code == 200
    graph.forward(101)
    answer = api.post("/messages", json=text(), headers=headers)
    error = error_of(answer)
    assert (answer.status_code, error["code"], error["error_subcode"]) == (401, 190, 463)


def test_a_token_sees_only_its_accounts(graph: Graph, api: httpx.Client) -> None:
    other = graph.new_waba()
    theirs = {"authorization": f"Bearer {graph.new_token(wabas=[other])}"}
    error = error_of(api.get("", headers=theirs))
    assert (error["code"], error["error_subcode"]) == (100, 33)
    url = f"{graph.url}/v26.0/{other}/phone_numbers"
    assert httpx.get(url, headers=theirs, trust_env=False).json() == {"data": []}


@pytest.mark.parametrize(("version", "is_taken"), [("v19.0", True), ("v26.0", True), ("v31.1", True), ("v18.0", False)])
def test_versions_from_19_on_are_taken(graph: Graph, api: httpx.Client, version: str, is_taken: bool) -> None:
    answer = api.get(f"{graph.url}/{version}/{graph.phone_number_id}")
    assert (answer.status_code == 200) == is_taken


@pytest.mark.parametrize("path", ["999999999999999", "999999999999999/messages", "me/accounts"])
def test_an_object_nobody_knows_is_100_33(graph: Graph, api: httpx.Client, path: str) -> None:
    answer = api.get(f"{graph.url}/v26.0/{path}")
    error = error_of(answer)
    assert (answer.status_code, error["code"], error["error_subcode"]) == (400, 100, 33)


@pytest.mark.parametrize("body", ["", "{", "[]", '"text"', "null"])
def test_a_body_that_is_no_object_is_refused(api: httpx.Client, body: str) -> None:
    answer = api.post("/messages", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, error_of(answer)["code"]) == (400, 100)


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


# ── how much, and when ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_number_sends_80_in_a_second(graph: Graph, api: httpx.Client) -> None:
    graph.stop_clock()
    graph.set(window="off")
    for at in range(80):
        assert api.post("/messages", json=text(to=f"+1555010{at:04}")).status_code == 200
    answer = api.post("/messages", json=text())
    assert error_of(answer)["code"] == 130429
    assert answer.headers["retry-after"] == "1"
    assert graph.waba_id in json.loads(answer.headers["x-business-use-case-usage"])
    graph.forward(0.5)
    sent = [api.post("/messages", json=text(to=f"+1555020{at:04}")).status_code for at in range(41)]
    assert sent == [200] * 40 + [429]


def test_a_person_is_sent_45_and_then_one_in_six_seconds(graph: Graph, api: httpx.Client) -> None:
    graph.stop_clock()
    graph.set(window="off")
    assert {api.post("/messages", json=text()).status_code for _ in range(45)} == {200}
    answer = api.post("/messages", json=text())
    assert error_of(answer)["code"] == 131056
    assert answer.headers["retry-after"] == "6"
    assert api.post("/messages", json=text(to="+15550102009")).status_code == 200
    graph.forward(6)
    assert [api.post("/messages", json=text()).status_code for _ in range(2)] == [200, 429]


def test_rates_can_be_set(graph: Graph, api: httpx.Client) -> None:
    graph.stop_clock()
    graph.set(window="off", per_second=2, pair_burst=100)
    assert [api.post("/messages", json=text()).status_code for _ in range(3)] == [200, 200, 429]


def test_a_window_shuts_after_24_hours(graph: Graph, api: httpx.Client) -> None:
    graph.set(window="answer")
    ana = graph.person(phone="15550102000")
    assert error_of(api.post("/messages", json=text()))["code"] == 131047
    template = {"type": "template", "template": {"name": "hello_world", "language": {"code": "en_US"}}}
    assert api.post("/messages", json={**text(), **template}).status_code == 200
    ana.says("hola")
    assert api.post("/messages", json=text()).status_code == 200
    graph.forward(86_399)
    assert api.post("/messages", json=text()).status_code == 200
    graph.forward(2)
    assert error_of(api.post("/messages", json=text()))["code"] == 131047


def test_ids_are_never_used_twice(graph: Graph, api: httpx.Client) -> None:
    graph.set(per_second=1000, pair_burst=1000)

    def send(_: int) -> str:
        return str(api.post("/messages", json=text()).json()["messages"][0]["id"])

    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(send, range(100)))
    assert len(set(ids)) == 100


def test_the_same_seed_makes_the_same_ids(start_graph: Callable[..., Graph]) -> None:
    one, two = [start_graph(identity="one").person().says("hola")["id"] for _ in range(2)]
    assert one == two
    other = start_graph(identity="one", seed="other")
    assert other.person().says("hola")["id"] != one
    assert other.phone_number_id == start_graph(identity="one").phone_number_id


# ── trouble ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_errors_are_ordered_for_some(graph: Graph, api: httpx.Client) -> None:
    graph.fails(131026, to="+15550102001", times=2)
    graph.fails(130429, type="image", times=None, retry_after=7)
    assert api.post("/messages", json=text()).status_code == 200
    to_them = [api.post("/messages", json=text(to="+15550102001")) for _ in range(3)]
    assert [answer.status_code for answer in to_them] == [400, 400, 200]
    picture = {**text(), "type": "image", "image": {"link": "https://shop.example/a.png"}}
    for _ in range(3):
        answer = api.post("/messages", json=picture)
        assert (error_of(answer)["code"], answer.headers["retry-after"]) == (130429, "7")
    graph.is_well()
    assert api.post("/messages", json=picture).status_code == 200


def test_an_answer_can_be_lost_after_the_message_was_taken(graph: Graph, api: httpx.Client) -> None:
    ana = graph.person(phone="15550102000")
    ana.says("hola")
    graph.trouble("hangup")
    with pytest.raises(httpx.HTTPError):
        api.post("/messages", json=text("once", biz_opaque_callback_data="out_1"))
    assert ana.sees("once")["opaque"] == "out_1"
    assert api.post("/messages", json=text("twice")).status_code == 200


def test_a_page_can_come_where_json_should(graph: Graph, api: httpx.Client) -> None:
    graph.trouble("html:502")
    answer = api.post("/messages", json=text())
    assert (answer.status_code, answer.headers["content-type"][:9]) == (502, "text/html")
    graph.trouble("delay:0.3")
    assert api.post("/messages", json=text()).elapsed.total_seconds() >= 0.3


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
