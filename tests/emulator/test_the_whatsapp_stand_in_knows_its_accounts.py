"""What the stand-in tells of numbers, templates, subscriptions, keys and tokens, and who may drive it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from recado.emulator.whatsapp.clock import Clock
from whatsapp.corpus import FOLDER, read
from whatsapp.driver import Graph

Json = dict[str, Any]
VECTORS = FOLDER / "flow_endpoint_crypto" / "meta-sample-server-vectors.json"


def documented(name: str) -> Json:
    found: Json = next(one["payload"] for one in read("graph_response") if one["id"] == f"graph_response.{name}")
    return found


def test_a_number_tells_of_itself(api: httpx.Client, graph: Graph) -> None:
    shown = api.get(f"/{graph.phone_number_id}").json()
    assert set(documented("other-07")) <= set(shown)
    assert shown["id"] == graph.phone_number_id
    wanted = "throughput,name_status,nothing"
    assert api.get(f"/{graph.phone_number_id}", params={"fields": wanted}).json() == {
        "throughput": {"level": "STANDARD"},
        "name_status": "APPROVED",
        "id": graph.phone_number_id,
    }
    graph.change_number(graph.phone_number_id, quality_rating="RED")
    assert api.get(f"/{graph.phone_number_id}").json()["quality_rating"] == "RED"
    listed = api.get(f"/{graph.waba_id}/phone_numbers").json()["data"]
    assert [one["id"] for one in listed] == [graph.phone_number_id]


def test_a_number_that_is_not_connected_sends_nothing(api: httpx.Client, graph: Graph) -> None:
    url = f"/{graph.phone_number_id}"
    body = {"messaging_product": "whatsapp", "to": "+15550102000", "text": {"body": "x"}}
    assert api.post(f"{url}/deregister").json() == {"success": True}
    assert api.post(f"{url}/messages", json=body).json()["error"]["code"] == 133010
    assert api.post(f"{url}/register", json={"messaging_product": "whatsapp", "pin": "12"}).status_code == 400
    assert api.post(f"{url}/register", json={"messaging_product": "whatsapp", "pin": "123456"}).status_code == 200
    assert api.post(f"{url}/messages", json=body).status_code == 200


def test_templates_are_listed_page_by_page(api: httpx.Client, graph: Graph) -> None:
    url = f"/{graph.waba_id}/message_templates"
    everything = api.get(url).json()
    assert set(everything) == set(documented("other-08"))
    names = [template["name"] for template in everything["data"]]
    assert names == ["hello_world", "appointment_reminder", "order_on_its_way", "ticket_with_picture", "spring_sale"]
    assert "next" not in everything["paging"]
    first = api.get(url, params={"limit": 3}).json()
    assert api.get(first["paging"]["next"]).json()["data"][0]["name"] == names[3]
    rest = api.get(url, params={"limit": 3, "after": first["paging"]["cursors"]["after"]}).json()
    assert [template["name"] for template in first["data"] + rest["data"]] == names
    assert "next" not in rest["paging"]
    approved = api.get(url, params={"status": "approved", "fields": "name"}).json()["data"]
    assert [set(template) for template in approved] == [{"name", "id"}] * 4
    assert api.get(url, params={"summary": "total_count"}).json()["summary"]["total_count"] == 5
    made = api.post(url, json={"name": "mine", "language": "pt_BR", "category": "UTILITY", "components": [{}]}).json()
    assert api.get(f"/{made['id']}").json()["name"] == "mine"


def test_subscriptions_are_listed(api: httpx.Client, graph: Graph) -> None:
    url = f"/{graph.waba_id}/subscribed_apps"
    assert set(api.get(url).json()["data"][0]) == set(documented("other-09")["data"][0])
    assert api.delete(url).json() == {"success": True}
    assert api.get(url).json() == {"data": []}
    assert api.post(url).json() == documented("success-01")


def test_an_app_subscribes_with_its_own_token(api: httpx.Client, graph: Graph, hook: Any) -> None:
    app_id = graph.connection["app_id"]
    own = {"authorization": f"Bearer {app_id}|{graph.app_secret}"}
    body = {"object": "whatsapp_business_account", "callback_url": hook.url, "verify_token": hook.verify_token}
    assert api.post(f"/{app_id}/subscriptions", data=body, headers=own).json() == {"success": True}
    graph.person().says("hola")
    graph.settles()
    assert len(hook.messages) == 1


def test_a_key_is_kept_when_it_is_one(api: httpx.Client, graph: Graph) -> None:
    url = f"/{graph.phone_number_id}/whatsapp_business_encryption"
    assert api.get(url).json() == {"data": []}
    pem = read("flow_endpoint_crypto")[0]["public_key_pem"]
    assert api.post(url, data={"business_public_key": pem}).json() == {"success": True}
    assert api.get(url).json()["data"][0]["business_public_key"] == pem
    curve = ec.generate_private_key(ec.SECP256R1()).public_key()
    other = curve.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    for wrong in ("", "no key", other):
        assert api.post(url, json={"business_public_key": wrong}).json()["error"]["code"] == 100


def test_a_token_is_looked_into(api: httpx.Client, graph: Graph) -> None:
    def look(token: str) -> Json:
        found: Json = api.get("/debug_token", params={"input_token": token}).json()["data"]
        return found

    assert look(graph.token)["is_valid"]
    assert look(graph.token)["granular_scopes"][0]["target_ids"] == [graph.waba_id]
    assert not look(graph.new_token(seconds=-1))["is_valid"]
    assert not look("nonsense")["is_valid"]


def test_forms_are_made_and_pointed_at_their_endpoint(api: httpx.Client, graph: Graph) -> None:
    url = f"/{graph.waba_id}/flows"
    assert api.post(url, json={}).json()["error"]["code"] == 100
    made = api.post(url, json={"name": "booking", "categories": ["OTHER"]}).json()
    endpoint = {"endpoint_uri": "https://recado.example/wa/flows/k"}
    assert api.post(f"/{made['id']}", json=endpoint).json() == {"success": True}
    shown = api.get(f"/{made['id']}").json()
    assert (shown["name"], shown["endpoint_uri"]) == ("booking", endpoint["endpoint_uri"])
    assert [form["id"] for form in api.get(url).json()["data"]] == [made["id"]]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "{number}/messages", 400),
        ("PUT", "{number}", 400),
        ("POST", "{waba}/nothing", 400),
        ("POST", "{app}/nothing", 400),
        ("GET", "{waba}", 200),
    ],
)
def test_edges_that_are_not_there_are_refused(
    api: httpx.Client, graph: Graph, method: str, path: str, status: int
) -> None:
    names = {"number": graph.phone_number_id, "waba": graph.waba_id, "app": graph.connection["app_id"]}
    assert api.request(method, f"/{path.format(**names)}").status_code == status


def test_the_page_loads_nothing_from_elsewhere(api: httpx.Client, graph: Graph) -> None:
    for path, kind in (("/", "text/html"), ("/phone.js", "text/javascript"), ("/phone.css", "text/css")):
        answer = api.get(f"{graph.url}{path}")
        assert answer.headers["content-type"].startswith(kind)
        assert "default-src 'none'" in answer.headers["content-security-policy"]
    page = api.get(f"{graph.url}/").text
    assert "http" not in page
    assert "<script>" not in page
    assert api.get(f"{graph.url}/secret").status_code == 404


def test_the_page_shows_files_as_what_they_are_or_not_at_all(api: httpx.Client, graph: Graph) -> None:
    ana = graph.person()
    picture, script = ana.sends("image", b"png"), ana.sends("document", b"<script>", mime_type="text/html")
    shown = [api.get(f"{graph.url}/_standin/files/{one['content']['id']}") for one in (picture, script)]
    assert [answer.headers["content-type"] for answer in shown] == ["image/jpeg", "application/octet-stream"]
    assert "sandbox" in shown[0].headers["content-security-policy"]
    assert api.get(f"{graph.url}/_standin/files/1").status_code == 404


# ── who may drive it ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"host": "localhost:1"}, 200),
        ({"host": "evil.example"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://127.0.0.1:5"}, 200),
    ],
)
def test_only_this_machine_drives_it(graph: Graph, headers: dict[str, str], status: int) -> None:
    for path in ("/", "/_standin", "/_standin/people"):
        assert httpx.get(f"{graph.url}{path}", headers=headers, trust_env=False).status_code == status


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/nothing", None, 404),
        ("POST", "/nothing", {}, 404),
        ("POST", "/people/none/messages", {"text": "x"}, 404),
        ("POST", "/people", {"phone": "15550102000"}, 400),
        ("PATCH", "/people/ana", {"wa_id_form": "hidden"}, 400),
        ("PATCH", "/people/ana", {"phone": "15550102001"}, 400),
        ("POST", "/people/ana/messages", {"changes_number": "15550102001"}, 400),
        ("POST", "/people/ana/messages", {}, 400),
        ("POST", "/people/ana/messages", {"tap": "nothing"}, 400),
        ("POST", "/people/ana/messages", {"media": {"type": "hologram"}}, 400),
        ("POST", "/people/ana/messages", {"media": {"data": "%"}}, 400),
        ("POST", "/people/ana/messages", {"text": "x", "number": "none"}, 400),
        ("POST", "/messages", {"acts": []}, 400),
        ("PATCH", "/settings", {"per_secnd": 1}, 400),
        ("PATCH", "/settings", {"ladder": [{"status": "eaten"}]}, 400),
        ("POST", "/failures", {"code": "x"}, 400),
        ("POST", "/trouble", {"trouble": "frogs"}, 400),
        ("POST", "/webhooks/raw", {"payload": {}}, 400),
        ("POST", "/flows/exchange", {"action": "ping"}, 400),
        ("POST", "/wabas/none/templates", {}, 400),
    ],
)
def test_what_it_cannot_do_it_says(graph: Graph, method: str, path: str, body: Json | None, status: int) -> None:
    graph.person("Ana", id="ana", phone="15550102000")
    graph.person("Beto", id="beto", phone="15550102001")
    answer = graph.client.request(method, path, json=body)
    assert (answer.status_code, set(answer.json())) == (status, {"message"})
    assert answer.json()["message"]


def test_settings_are_told_and_changed(graph: Graph) -> None:
    graph.set(per_second=5)
    settings = graph.ask("GET", "/settings")
    assert (settings["per_second"], settings["window"]) == (5, "status")
    assert [rung["status"] for rung in settings["ladder"]] == ["sent", "delivered"]


def test_a_clock_stands_still_runs_and_is_set_forward() -> None:
    real = [1000.0]
    clock = Clock(start=50.0, real=lambda: real[0])
    real[0] += 7
    assert (clock.now(), clock.is_running) == (50.0, False)
    clock.forward(10)
    clock.run()
    real[0] += 5
    assert clock.now() == 65.0
    clock.forward(100)
    clock.stop()
    real[0] += 1000
    assert clock.now() == 165.0
