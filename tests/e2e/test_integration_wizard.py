"""A first integration, made by hand in a browser: settings, authentication, test request, credential, all the way to the actions."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

KEY_HEADER = "Truora-API-Key"


def open_wizard(page: Page) -> None:
    page.goto("/integrations")
    page.get_by_role("link", name="New integration").click()
    expect(page.get_by_role("heading", level=1, name="New integration")).to_be_visible()


def go_on(page: Page, step: str) -> None:
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", level=2, name=step, exact=True)).to_be_visible()


def fill_settings(page: Page) -> None:
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_text("Give the integration a name.")).to_be_visible()
    expect(page.get_by_role("textbox", name="Name")).to_be_focused()
    page.get_by_role("textbox", name="Name").fill("Validations")
    page.get_by_role("textbox", name="Description").fill("Proves that a person owns an e-mail address.")
    page.get_by_role("textbox", name="Logo URL").fill("http://www.acme.example/logo.png")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_text("must begin with https://")).to_be_visible()
    page.get_by_role("textbox", name="Logo URL").fill("")


def fill_authentication(page: Page) -> None:
    expect(page.get_by_text("Do not type real keys here")).to_be_visible()
    page.get_by_role("textbox", name="Authentication name").fill("Validations key")
    page.get_by_role("textbox", name="Field name").fill("API key")
    expect(page.get_by_role("textbox", name="Identifier")).to_have_value("api_key")


def fill_test_request(page: Page, url: str) -> None:
    page.get_by_role("textbox", name="Endpoint", exact=True).click()
    page.keyboard.insert_text(url)
    headers = page.get_by_role("region", name="Headers")
    headers.get_by_role("combobox", name="Name of a new row").fill(KEY_HEADER)
    page.keyboard.press("Escape")
    headers.get_by_role("combobox", name=re.compile("Insert a value into")).first.click()
    page.get_by_role("option", name=re.compile("API key")).click()
    expect(page.get_by_role("region", name="What is sent")).to_contain_text(f"{KEY_HEADER}: ")
    expect(page.get_by_label("Updating")).to_have_count(0)


def add_credential(page: Page, emulator: Any, axe: Callable[..., None]) -> None:
    page.get_by_role("button", name="Add credential").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("textbox", name="Credential name")).to_be_focused()
    expect(dialog).to_contain_text(emulator.url)
    axe(page)
    dialog.get_by_role("textbox", name="Credential name").fill("Test account")
    dialog.get_by_role("textbox", name="API key").fill(emulator.api_key)
    dialog.get_by_role("button", name="Save and continue").click()
    expect(dialog.get_by_text("The API answered with 200. The credential works.")).to_be_visible()
    expect(dialog).to_contain_text("200 OK")
    expect(dialog).to_contain_text("/v1/validations")
    axe(page)
    dialog.get_by_role("button", name="Close").last.click()


def test_an_integration_is_made_by_hand_up_to_an_accepted_credential(
    owner_page: Page, api: Any, emulator: Any, axe: Callable[..., None]
) -> None:
    page = owner_page
    open_wizard(page)
    axe(page)
    fill_settings(page)
    go_on(page, "Authentication")
    axe(page)
    fill_authentication(page)
    go_on(page, "Test request")
    fill_test_request(page, f"{emulator.url}/v1/validations")
    axe(page)
    go_on(page, "Credentials")
    expect(page.get_by_text("No credentials yet")).to_be_visible()
    axe(page)
    add_credential(page, emulator, axe)

    row = page.get_by_role("row").filter(has_text="Test account")
    expect(row).to_contain_text("Accepted")
    expect(row).to_contain_text("API key: set")
    page.get_by_role("link", name="Continue to actions").click()
    expect(page).to_have_url(re.compile("/actions$"))
    steps = page.get_by_role("navigation", name="Steps of the set-up")
    for step in ("Settings", "Authentication", "Test request", "Credentials"):
        expect(steps.get_by_role("link", name=f"{step} Done")).to_be_visible()
    expect(steps.get_by_role("link", name="Actions Missing")).to_be_visible()

    made = api.get("/integrations")["items"][0]
    assert (made["name"], made["auth"]["name"]) == ("Validations", "Validations key")
    assert made["test_request"]["headers"][0]["value"] == "{{auth.api_key}}"
    [credential] = api.get(f"/integrations/{made['id']}/credentials")["items"]
    assert credential["last_test"]["verdict"] == "accepted"


def test_every_step_can_be_visited_again(owner_page: Page, api: Any, example: Any) -> None:
    page = owner_page
    page.goto(f"/integrations/{example.integration_id}/credentials")
    steps = page.get_by_role("navigation", name="Steps of the set-up")

    steps.get_by_role("link", name="Authentication Done").click()
    expect(page.get_by_role("textbox", name="Identifier")).to_have_value("api_key")
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_role("textbox", name="Endpoint", exact=True)).to_contain_text("/v1/validations")
    page.get_by_role("link", name="Back").click()
    expect(page.get_by_role("textbox", name="Identifier")).to_have_value("api_key")
    page.get_by_role("link", name="Back").click()
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value("Validations")


@pytest.mark.view(size="phone", scheme="dark", locale="es")
def test_on_a_phone_the_steps_are_one_menu(owner_page: Page, example: Any, axe: Callable[..., None]) -> None:
    page = owner_page
    page.goto(f"/integrations/{example.integration_id}/authentication")
    expect(page.get_by_role("heading", level=2, name="Autenticación")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Paso 2 de 5").click()
    axe(page)
    page.get_by_role("menuitem", name="Credenciales").click()

    expect(page.get_by_role("heading", level=2, name="Credenciales")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="Sin probar")).to_be_visible()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= 390")


def test_a_request_that_may_change_something_is_warned_of(owner_page: Page, example: Any) -> None:
    page = owner_page
    page.goto(f"/integrations/{example.integration_id}/test-request")
    expect(page.get_by_text("may change something")).to_have_count(0)

    page.get_by_role("combobox", name="Type of request").click()
    page.get_by_role("option", name="DELETE").click()

    expect(page.get_by_text("DELETE may change something")).to_be_visible()


def test_what_the_server_refuses_stands_at_its_field(owner_page: Page, example: Any) -> None:
    page = owner_page
    page.goto(f"/integrations/{example.integration_id}/test-request")
    endpoint = page.get_by_role("textbox", name="Endpoint", exact=True)
    endpoint.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("ftp://acme.example/")
    page.get_by_role("button", name="Save and continue").click()

    expect(endpoint).to_have_attribute("aria-invalid", "true")
    expect(endpoint).to_be_focused()
    expect(page.get_by_text("must start with https://").first).to_be_visible()


def test_who_may_only_look_is_told_so(
    new_page: Callable[..., Page], new_person: Callable[..., Any], example: Any
) -> None:
    page = new_page(new_person("viewer", "Vera Lima"))
    page.goto(f"/integrations/{example.integration_id}/settings")

    expect(page.get_by_text("You can look, not change")).to_be_visible()
    expect(page.get_by_role("textbox", name="Name")).to_have_attribute("readonly", "")
    expect(page.get_by_role("button", name="Save")).to_have_count(0)
    expect(page.get_by_role("button", name="Delete")).to_have_count(0)
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_role("textbox", name="Identifier")).to_be_disabled()
    page.goto("/integrations/new")
    expect(page.get_by_role("heading", name="Your role does not allow this")).to_be_visible()
