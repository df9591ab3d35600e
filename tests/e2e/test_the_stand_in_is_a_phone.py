"""Who has no account with Meta chats in the browser, on a phone that the stand-in draws."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from e2e.harness import Watch
from whatsapp.driver import Graph


@pytest.fixture
def phone(graph: Graph, browser: Browser, watch: Watch) -> Iterator[Page]:
    graph.person("Ana", id="ana")
    graph.person("Beto", id="beto")
    context = browser.new_context(base_url=graph.url, viewport={"width": 390, "height": 844}, locale="es-CO")
    watch.over(context)
    page = context.new_page()
    page.goto("/")
    yield page
    context.close()
    assert not watch.troubles(), "\n".join(watch.troubles())


def send(graph: Graph, **message: Any) -> None:
    body = {"messaging_product": "whatsapp", "to": "+15550102000", **message}
    headers = {"authorization": f"Bearer {graph.token}"}
    url = f"{graph.url}/v26.0/{graph.phone_number_id}/messages"
    answer = httpx.post(url, json=body, headers=headers, trust_env=False)
    assert answer.status_code == 200, answer.text


def test_a_person_writes_taps_and_chooses(graph: Graph, phone: Page, axe: Callable[..., None]) -> None:
    phone.get_by_label("Mensaje").fill("¡Hola! <b>yo</b>")
    phone.get_by_role("button", name="Enviar").click()
    chat = phone.get_by_role("log")
    expect(chat.get_by_text("¡Hola! <b>yo</b>")).to_be_visible()
    buttons = [{"type": "reply", "reply": {"id": "yes", "title": "Sí"}}]
    interactive = {"type": "button", "body": {"text": "¿Seguimos?"}, "action": {"buttons": buttons}}
    send(graph, type="interactive", interactive=interactive)
    chat.get_by_role("button", name="Sí").click()
    expect(chat.get_by_text("Sí")).to_have_count(2)
    rows = [{"id": "r1", "title": "Grande", "description": "Un litro"}]
    listed = {"type": "list", "body": {"text": "Tamaño"}, "action": {"button": "Ver", "sections": [{"rows": rows}]}}
    send(graph, type="interactive", interactive=listed)
    chat.get_by_role("button", name="Grande").click()
    expect(chat.get_by_text("Grande")).to_have_count(2)
    axe(phone)
    said = [message for message in graph.ask("GET", "/people/ana/chat")["messages"] if message["from"] == "person"]
    assert [message["text"] for message in said] == ["¡Hola! <b>yo</b>", "Sí", "Grande"]
    assert said[1]["content"]["button_reply"] == {"id": "yes", "title": "Sí"}
    assert said[2]["content"]["list_reply"] == {"id": "r1", "title": "Grande", "description": "Un litro"}


def test_people_and_files_and_places(graph: Graph, phone: Page) -> None:
    phone.get_by_label("Usted es").select_option("beto")
    phone.get_by_role("button", name="Mi ubicación").click()
    phone.get_by_label("Archivo").set_input_files(
        {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"}
    )
    chat = phone.get_by_role("log")
    expect(chat.get_by_text("Bogotá")).to_be_visible()
    expect(chat.get_by_role("link", name="a.pdf")).to_be_visible()
    types = [message["type"] for message in graph.ask("GET", "/people/beto/chat")["messages"]]
    assert sorted(types) == ["document", "location"]


def test_a_form_is_filled_in(graph: Graph, phone: Page) -> None:
    parameters = {"flow_message_version": "3", "flow_id": "1", "flow_cta": "Abrir", "flow_token": "tok"}
    flow = {"type": "flow", "body": {"text": "Sus datos"}, "action": {"name": "flow", "parameters": parameters}}
    graph.set(window="off")
    send(graph, type="interactive", interactive=flow)
    phone.get_by_role("button", name="Abrir").click()
    phone.get_by_label("Respuestas").fill('{"flow_token": "tok", "city": "Lima"}')
    phone.get_by_role("dialog").get_by_role("button", name="Enviar").click()
    graph.until(lambda: len(graph.ask("GET", "/people/ana/chat")["messages"]) == 2)
    reply = graph.ask("GET", "/people/ana/chat")["messages"][1]["content"]["nfm_reply"]
    assert reply["response_json"] == '{"flow_token":"tok","city":"Lima"}'
