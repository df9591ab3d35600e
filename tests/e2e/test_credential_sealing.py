"""A secret typed into a page leaves it sealed or not at all: nothing the browser sends, receives or keeps holds it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from playwright.sync_api import Page, Request, expect

from e2e.harness import PASSWORD, Api, RecadoServer
from recado.emulator import example as worked_example

pytestmark = pytest.mark.view(own=True)

WITHOUT_X25519 = """
for (const name of ['importKey', 'generateKey']) {
  const native = SubtleCrypto.prototype[name];
  SubtleCrypto.prototype[name] = function (...given) {
    return JSON.stringify(given).includes('X25519')
      ? Promise.reject(new DOMException('Unrecognized name.', 'NotSupportedError'))
      : native.apply(this, given);
  };
}
"""
NOT_SECURE = """
Object.defineProperty(window, 'isSecureContext', { get: () => false });
Object.defineProperty(Crypto.prototype, 'subtle', { get: () => undefined });
"""


@pytest.fixture
def integration(api: Api, emulator: Any) -> dict[str, Any]:
    """The worked example's integration, without a credential."""
    made: dict[str, Any] = api.post("/integrations", worked_example.integration(emulator.url))
    return made


def open_form(page: Page, integration_id: str) -> Any:
    page.goto(f"/integrations/{integration_id}/credentials")
    page.get_by_role("button", name="Add credential").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("textbox", name="Credential name")).to_be_visible()
    return dialog


def enter(dialog: Any, key: str, name: str = "Test account") -> None:
    dialog.get_by_role("textbox", name="Credential name").fill(name)
    dialog.get_by_role("textbox", name="API key").fill(key)
    dialog.get_by_role("button", name="Save and continue").click()


def forms_of(secret: str) -> list[str]:
    """A secret as it could be hidden in a text: as it is, encoded for URLs and JSON, in hex, and in base64 at each offset."""
    raw = secret.encode()
    inner = [base64.b64encode(b"x" * pad + raw).decode()[[0, 2, 3][pad] : -4] for pad in range(3)]
    shapes = [secret, quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1], raw.hex(), *inner]
    return [*shapes, *(text.replace("+", "-").replace("/", "_") for text in inner)]


def test_a_typed_password_is_in_nothing_that_the_page_sends_or_keeps(
    owner_page: Page, integration: dict[str, Any], recado_server: RecadoServer
) -> None:
    page = owner_page
    canary = "canary/+&= key-4711?~"
    sent: list[Request] = []

    def note(request: Request) -> None:
        sent.append(request)

    page.on("request", note)
    dialog = open_form(page, integration["id"])
    enter(dialog, canary)
    expect(dialog.get_by_text("does not accept these values")).to_be_visible()
    dialog.get_by_role("tab", name="Request sent").click()
    expect(dialog.get_by_text("Truora-API-Key").first).to_be_visible()
    dialog.get_by_role("button", name="Close").last.click()
    expect(page.get_by_role("row").filter(has_text="Test account")).to_contain_text("Rejected")

    told = []
    for request in sent:
        told += [request.url, json.dumps(request.headers), (request.post_data_buffer or b"").decode("latin-1")]
        answer = request.response()
        if answer and "/api/" in request.url and answer.status != 204:
            told.append(answer.body().decode())
    kept = page.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])")
    told += [kept, page.content(), recado_server.log.read_text()]
    assert any('"sealed"' in text for text in told)
    latin = [form.encode().decode("latin-1") for form in forms_of(canary)]
    for form in {*forms_of(canary), *latin}:
        assert not [text[:200] for text in told if form in text], form


def test_what_is_sealed_in_a_browser_opens_on_the_server(
    owner_page: Page, api: Api, integration: dict[str, Any], emulator: Any
) -> None:
    dialog = open_form(owner_page, integration["id"])
    with owner_page.expect_request("**/credentials") as sending:
        enter(dialog, emulator.api_key)
    expect(dialog.get_by_text("The credential works.")).to_be_visible()

    value = json.loads(sending.value.post_data or "")["values"]["api_key"]
    assert set(value) == {"kid", "alg", "sealed"}
    assert value["kid"] == api.get("/secret-key")["kid"]
    [entry] = [row for row in api.get("/audit-log")["items"] if row["action"] == "credential.create"]
    assert entry["details"]["set"] == {"api_key": {"sealed_by": "client"}}


def test_a_browser_without_x25519_seals_all_the_same(
    owner_page: Page, api: Api, integration: dict[str, Any], emulator: Any
) -> None:
    owner_page.add_init_script(WITHOUT_X25519)
    dialog = open_form(owner_page, integration["id"])
    enter(dialog, emulator.api_key)

    expect(dialog.get_by_text("The credential works.")).to_be_visible()
    [entry] = [row for row in api.get("/audit-log")["items"] if row["action"] == "credential.create"]
    assert entry["details"]["set"] == {"api_key": {"sealed_by": "client"}}


def test_text_fields_are_sealed_too(owner_page: Page, api: Api, integration: dict[str, Any], emulator: Any) -> None:
    fields = [*integration["auth"]["fields"], {"identifier": "region", "name": "Region", "type": "text"}]
    api.patch(f"/integrations/{integration['id']}", {"auth": {"scheme": "api_key", "fields": fields}})
    dialog = open_form(owner_page, integration["id"])
    dialog.get_by_role("textbox", name="Region").fill("south-east")
    with owner_page.expect_request("**/credentials") as sending:
        enter(dialog, emulator.api_key)
    expect(dialog.get_by_text("The credential works.")).to_be_visible()

    assert "south-east" not in (sending.value.post_data or "")
    [credential] = api.get(f"/integrations/{integration['id']}/credentials")["items"]
    assert {name: field["is_set"] for name, field in credential["fields"].items()} == {"api_key": True, "region": True}


def test_a_page_that_cannot_seal_sends_nothing_before_one_agrees(
    owner_page: Page, api: Api, integration: dict[str, Any], emulator: Any, axe: Callable[..., None]
) -> None:
    page = owner_page
    page.add_init_script(NOT_SECURE)
    dialog = open_form(page, integration["id"])
    expect(dialog.get_by_text("Values cannot be encrypted on this page")).to_be_visible()
    expect(dialog.get_by_role("textbox", name="API key")).to_be_disabled()
    expect(dialog.get_by_role("button", name="Save and continue")).to_be_disabled()
    axe(page)

    dialog.get_by_role("checkbox", name="I understand").check()
    enter(dialog, emulator.api_key)
    expect(dialog.get_by_text("The credential works.")).to_be_visible()
    [entry] = [row for row in api.get("/audit-log")["items"] if row["action"] == "credential.create"]
    assert entry["details"]["set"] == {"api_key": {"sealed_by": "server"}}


def test_where_sealing_is_required_such_a_page_offers_nothing(
    start_recado: Callable[..., RecadoServer], new_page: Callable[..., Page], emulator: Any
) -> None:
    server = start_recado(RECADO_SECRETS_REQUIRE_CLIENT_SEALING="true")
    api = Api(server.url)
    owner = {"token": server.setup_token, "email": "ana@acme.example", "password": PASSWORD, "name": "Ana Silva"}
    api.post("/setup", owner)
    api.post("/sessions", {"email": "ana@acme.example", "password": PASSWORD})
    made = api.post("/integrations", worked_example.integration(emulator.url))
    page = new_page(server=server)
    page.context.add_cookies(api.cookies())
    page.add_init_script(NOT_SECURE)
    dialog = open_form(page, made["id"])

    expect(dialog.get_by_text("this server takes encrypted values only")).to_be_visible()
    expect(dialog.get_by_role("checkbox")).to_have_count(0)
    expect(dialog.get_by_role("button", name="Save and continue")).to_be_disabled()
    api.client.close()


def test_another_key_than_last_time_is_shown_before_anything_is_sealed_to_it(
    owner_page: Page, owner: Any, integration: dict[str, Any], emulator: Any, axe: Callable[..., None]
) -> None:
    page = owner_page
    key = owner.api.get("/secret-key")
    known = "f" * 64
    page.add_init_script(
        f"if (!localStorage['recado.sealing-key.{owner.workspace_id}'])"
        f" localStorage['recado.sealing-key.{owner.workspace_id}'] = '{known}'"
    )
    dialog = open_form(page, integration["id"])
    expect(dialog.get_by_text("This server has another key than last time")).to_be_visible()
    expect(dialog).to_contain_text(grouped(known))
    expect(dialog).to_contain_text(grouped(key["fingerprint"]))
    expect(dialog.get_by_role("textbox", name="API key")).to_be_disabled()
    axe(page)
    dialog.get_by_role("button", name="Use the new key").click()

    dialog.get_by_role("button", name="The key they are sealed to").click()
    expect(dialog.get_by_text(grouped(key["fingerprint"]))).to_be_visible()
    enter(dialog, emulator.api_key)
    expect(dialog.get_by_text("The credential works.")).to_be_visible()


def grouped(fingerprint: str) -> str:
    return " ".join(fingerprint[at : at + 4] for at in range(0, 64, 4))


def test_a_key_of_a_pasted_curl_command_reaches_its_credential_and_nothing_else(
    owner_page: Page, api: Api, integration: dict[str, Any], emulator: Any
) -> None:
    page = owner_page
    api.patch(f"/integrations/{integration['id']}", {"test_request": None, "auth": {"scheme": "api_key", "fields": []}})
    page.goto(f"/integrations/{integration['id']}/test-request")
    page.get_by_role("button", name="Import cURL").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Command").fill(
        f"curl {emulator.url}/v1/validations -H 'Truora-API-Key: {emulator.api_key}'"
    )
    dialog.get_by_role("button", name="Fill in the request").click()
    expect(page.get_by_role("region", name="What is sent")).to_contain_text("Truora-API-Key: ")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", level=2, name="Credentials")).to_be_visible()
    assert emulator.api_key not in page.evaluate("JSON.stringify({ ...localStorage })")
    assert emulator.api_key not in json.dumps(api.get(f"/integrations/{integration['id']}"))

    page.get_by_role("button", name="Add credential").click()
    dialog.get_by_role("textbox", name="Credential name").fill("Pasted")
    dialog.get_by_role("button", name="Use the key of the pasted cURL command").click()
    dialog.get_by_role("button", name="Save and continue").click()
    expect(dialog.get_by_text("The credential works.")).to_be_visible()
