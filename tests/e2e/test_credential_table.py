"""The credentials of an integration: tested one by one or all, renamed, given other values and hosts, removed, never shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from e2e.harness import Api


@pytest.fixture
def credentials_page(owner_page: Page, example: Any) -> Page:
    """The worked example's credentials: "Demo", whose key is right."""
    owner_page.goto(f"/integrations/{example.integration_id}/credentials")
    expect(owner_page.get_by_role("row").filter(has_text="Demo")).to_be_visible()
    return owner_page


def row_of(page: Page, name: str) -> Any:
    return page.get_by_role("row").filter(has_text=name)


def pick(page: Page, name: str, item: str) -> Any:
    page.get_by_role("button", name=f"More for {name}").click()
    page.get_by_role("menuitem", name=item).click()
    return page.get_by_role("dialog")


def listed(api: Api, example: Any) -> dict[str, Any]:
    items = api.get(f"/integrations/{example.integration_id}/credentials")["items"]
    return {item["name"]: item for item in items}


@pytest.mark.view(scheme="dark")
def test_a_wrong_key_is_rejected_saved_marked_and_mended(
    credentials_page: Page, api: Api, example: Any, emulator: Any, axe: Callable[..., None]
) -> None:
    page = credentials_page
    page.get_by_role("button", name="Add credential").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Credential name").fill("Production")
    dialog.get_by_role("textbox", name="API key").fill("a-key-nobody-knows")
    dialog.get_by_role("button", name="Save and continue").click()
    result = dialog.get_by_role("status").filter(has_text="Rejected")
    expect(result).to_contain_text("The API answered with 401: it does not accept these values.")
    expect(result).to_contain_text("The credential is saved all the same")
    expect(dialog.get_by_role("tabpanel")).to_contain_text("Unauthorized")
    axe(page)
    dialog.get_by_role("tab", name="Headers").click()
    expect(dialog.get_by_role("tabpanel")).to_contain_text("content-type", ignore_case=True)

    dialog.get_by_role("button", name="Enter other values").click()
    expect(dialog.get_by_role("textbox", name="API key")).to_have_value("")
    dialog.get_by_role("textbox", name="API key").fill(emulator.api_key)
    dialog.get_by_role("button", name="Save and continue").click()
    expect(dialog.get_by_text("The credential works.")).to_be_visible()
    dialog.get_by_role("button", name="Close").last.click()
    expect(row_of(page, "Production")).to_contain_text("Accepted")
    assert listed(api, example)["Production"]["last_test"]["verdict"] == "accepted"


def test_one_and_all_are_tested(credentials_page: Page, api: Api, example: Any, axe: Callable[..., None]) -> None:
    page = credentials_page
    wrong = {"name": "Old", "values": {"api_key": "a-key-nobody-knows"}}
    api.post(f"/integrations/{example.integration_id}/credentials", wrong)
    page.reload()
    expect(row_of(page, "Demo")).to_contain_text("Not tested")
    page.get_by_role("button", name="Test Demo").click()
    dialog = page.get_by_role("dialog", name="Test of “Demo”")
    expect(dialog).to_contain_text("200 OK")
    dialog.get_by_role("button", name="Test again").click()
    expect(dialog.get_by_text("The credential works.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(row_of(page, "Demo")).to_contain_text("Accepted")
    expect(row_of(page, "Old")).to_contain_text("Not tested")

    page.get_by_role("button", name="Test all").click()
    expect(page.get_by_text("Tested: 1 accepted, 1 rejected")).to_be_visible()
    expect(row_of(page, "Old")).to_contain_text("Rejected")
    expect(row_of(page, "Old")).to_contain_text("401")
    page.get_by_role("button", name="More for Old").click()
    axe(page)


def test_an_api_that_is_away_fails_the_test_and_says_why(
    credentials_page: Page, api: Api, example: Any, unused_port: Callable[[], int]
) -> None:
    page = credentials_page
    away = {"method": "GET", "endpoint": f"http://127.0.0.1:{unused_port()}/", "headers": []}
    api.patch(f"/integrations/{example.integration_id}", {"test_request": away})
    page.reload()
    page.get_by_role("button", name="Test Demo").click()

    expect(page.get_by_role("dialog").get_by_role("status").filter(has_text="Failed")).to_be_visible()


def test_a_credential_gets_another_name(credentials_page: Page, api: Api, example: Any) -> None:
    page = credentials_page
    dialog = pick(page, "Demo", "Rename")
    name = dialog.get_by_role("textbox", name="Credential name")
    expect(name).to_have_value("Demo")
    name.fill("  ")
    expect(dialog.get_by_role("button", name="Rename")).to_be_disabled()
    name.fill("Sandbox")
    page.keyboard.press("Enter")

    expect(row_of(page, "Sandbox")).to_be_visible()
    assert list(listed(api, example)) == ["Sandbox"]


@pytest.mark.view(scheme="dark")
def test_values_are_replaced_without_being_shown(
    credentials_page: Page, api: Api, example: Any, axe: Callable[..., None]
) -> None:
    page = credentials_page
    dialog = pick(page, "Demo", "Replace values")
    saved = dialog.get_by_role("group", name="API key")
    expect(saved).to_contain_text("Set ")
    expect(dialog.get_by_role("textbox")).to_have_count(0)
    axe(page)
    saved.get_by_role("button", name="Replace API key").click()
    key = dialog.get_by_role("textbox", name="API key")
    expect(key).to_be_focused()
    expect(key).to_have_value("")
    expect(key).to_have_attribute("type", "password")
    expect(key).to_have_attribute("autocomplete", "new-password")
    dialog.get_by_role("button", name="Save and continue").click()
    expect(dialog.get_by_text("Enter a value.")).to_be_visible()
    key.fill("short")
    expect(dialog.get_by_text("Shorter than 8 characters")).to_be_visible()
    key.fill(" dragged along ")
    expect(dialog.get_by_text("begins or ends with a blank")).to_be_visible()
    dialog.get_by_role("button", name="Show or hide API key").click()
    expect(key).to_have_attribute("type", "text")
    key.fill("another-wrong-key")
    dialog.get_by_role("button", name="Save and continue").click()

    expect(dialog.get_by_role("status").filter(has_text="Rejected")).to_be_visible()
    assert listed(api, example)["Demo"]["last_test"]["verdict"] == "rejected"


def test_other_hosts_need_the_password_again(
    credentials_page: Page, api: Api, example: Any, emulator: Any, axe: Callable[..., None]
) -> None:
    page = credentials_page
    dialog = pick(page, "Demo", "Replace values")
    dialog.get_by_role("button", name="Change").click()
    host = dialog.get_by_role("textbox", name="Host 1")
    expect(host).to_be_focused()
    host.fill("*.com")
    expect(dialog.get_by_text("every password has to be entered again")).to_be_visible()
    expect(dialog.get_by_text(f"also go to {emulator.url}")).to_be_visible()
    axe(page)
    dialog.get_by_role("textbox", name="API key").fill(emulator.api_key)
    dialog.get_by_role("button", name="Save and continue").click()
    expect(host).to_have_attribute("aria-invalid", "true")
    expect(host).to_be_focused()
    host.fill("api.acme.example")
    dialog.get_by_role("button", name="Add a host").click()
    expect(dialog.get_by_role("textbox", name="Host 2")).to_be_focused()
    page.keyboard.type("*.acme.example")
    dialog.get_by_role("button", name="Save and continue").click()

    expect(dialog.get_by_role("status").filter(has_text="Failed")).to_be_visible()
    assert sorted(listed(api, example)["Demo"]["hosts"]) == ["*.acme.example", "api.acme.example"]


def test_a_credential_is_removed(credentials_page: Page, api: Api, example: Any) -> None:
    page = credentials_page
    dialog = pick(page, "Demo", "Remove")
    expect(dialog.get_by_text("cannot be brought back")).to_be_visible()
    dialog.get_by_role("button", name="Remove").click()

    expect(page.get_by_role("heading", name="No credentials yet")).to_be_visible()
    assert listed(api, example) == {}


def test_a_role_is_offered_what_it_may_do(
    new_page: Callable[..., Page], new_person: Callable[..., Any], example: Any
) -> None:
    address = f"/integrations/{example.integration_id}/credentials"
    editor = new_page(new_person("editor", "Edu Costa"))
    editor.goto(address)
    expect(editor.get_by_text("Your role may test credentials, not enter or change them.")).to_be_visible()
    expect(editor.get_by_role("button", name="Add credential")).to_have_count(0)
    editor.get_by_role("button", name="Test Demo").click()
    dialog = editor.get_by_role("dialog")
    expect(dialog.get_by_text("The credential works.")).to_be_visible()

    viewer = new_page(new_person("viewer", "Vera Lima"))
    viewer.goto(address)
    expect(viewer.get_by_text("Nobody sees their values.")).to_be_visible()
    expect(viewer.get_by_role("button", name="Test Demo")).to_have_count(0)
    viewer.get_by_role("button", name="More for Demo").click()
    expect(viewer.get_by_role("menuitem")).to_have_text(["Show executions"])


@pytest.mark.view(size="phone", locale="pt")
def test_all_of_it_works_on_a_phone(owner_page: Page, example: Any, emulator: Any, axe: Callable[..., None]) -> None:
    page = owner_page
    page.goto(f"/integrations/{example.integration_id}/credentials")
    page.get_by_role("button", name="Adicionar credencial").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Nome da credencial").fill("Produção")
    dialog.get_by_role("textbox", name="API key").fill(emulator.api_key)
    axe(page)
    dialog.get_by_role("button", name="Salvar e continuar").click()
    expect(dialog.get_by_text("A credencial funciona.")).to_be_visible()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth <= 390")
    dialog.get_by_role("button", name="Fechar").last.click()
    expect(page.get_by_role("listitem").filter(has_text="Produção")).to_contain_text("Aceita")
