"""The actions of an integration: listed, duplicated, removed, and shown on phones, in the dark and in other languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect


def test_each_action_tells_what_it_takes_gives_and_how_it_went(
    owner_page: Page, api: Any, example: Any, axe: Callable[..., None]
) -> None:
    page = owner_page
    inputs = {"credential_id": example.credential_id, "inputs": {"account_id": "nobody.here"}}
    execution = api.post(f"/actions/{example.create_action_id}/executions", inputs)
    api.post(f"/integrations/{example.integration_id}/actions", {"name": "Half done"})
    page.goto(f"/integrations/{example.integration_id}/actions")
    cards = page.get_by_role("list", name="Actions").get_by_role("listitem")
    expect(cards).to_have_count(3)
    card = cards.filter(has_text="Create user validation")
    for text in ("POST", "Mails a code", "account_id", "validation_id", "Last run", "Refused by the API (4xx)"):
        expect(card).to_contain_text(text)
    expect(cards.filter(has_text="Half done")).to_contain_text("Request missing")
    expect(cards.filter(has_text="Half done")).to_contain_text("Never ran")
    axe(page)
    card.get_by_role("link", name="Refused by the API (4xx)").click()
    expect(page).to_have_url(re.compile(f"/executions/{execution['id']}$"))


def test_an_action_is_duplicated(owner_page: Page, api: Any, example: Any, axe: Callable[..., None]) -> None:
    page = owner_page
    page.goto(f"/integrations/{example.integration_id}/actions")
    page.get_by_role("button", name="More for Validate code").click()
    axe(page)
    page.get_by_role("menuitem", name="Duplicate").click()
    expect(page.get_by_role("heading", level=1, name="Validate code (copy)")).to_be_visible()
    items = api.get(f"/integrations/{example.integration_id}/actions")["items"]
    copy, original = (
        next(each for each in items if each["name"] == name) for name in ("Validate code (copy)", "Validate code")
    )
    for part in ("description", "inputs", "request", "outputs", "is_private"):
        assert copy[part] == original[part]


def test_an_action_is_removed(owner_page: Page, api: Any, example: Any, axe: Callable[..., None]) -> None:
    page = owner_page
    page.goto(f"/integrations/{example.integration_id}/actions")
    page.get_by_role("button", name="More for Validate code").click()
    page.get_by_role("menuitem", name="Remove").click()
    dialog = page.get_by_role("dialog", name="Remove “Validate code”?")
    expect(dialog).to_contain_text("Its past executions stay")
    axe(page)
    dialog.get_by_role("button", name="Remove action").click()
    expect(page.get_by_role("list", name="Actions").get_by_role("listitem")).to_have_count(1)
    assert len(api.get(f"/integrations/{example.integration_id}/actions")["items"]) == 1


def test_a_copy_keeps_every_digit(owner_page: Page, api: Any, example: Any) -> None:
    page = owner_page
    request = b'{"method":"POST","endpoint":"https://api.acme.com/v1","body":{"type":"json","json":{"id":12345678901234567890,"price":12.10}}}'
    path = f"/integrations/{example.integration_id}/actions"
    made = api.client.post(
        path, content=b'{"name":"Exact","request":' + request + b"}", headers={"content-type": "application/json"}
    )
    assert made.status_code == 201
    page.goto(path)
    page.get_by_role("button", name="More for Exact").click()
    page.get_by_role("menuitem", name="Duplicate").click()
    expect(page.get_by_role("heading", level=1, name="Exact (copy)")).to_be_visible()
    page.get_by_role("textbox", name="Description").fill("Kept")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    text = api.client.get(path).text
    assert text.count('{"id":12345678901234567890,"price":12.10}') == 2


@pytest.mark.parametrize(
    ("locale", "scheme", "words"), [("es", "light", "Finalizar integración"), ("pt", "dark", "Concluir integração")]
)
def test_every_step_fits_a_phone(
    new_page: Callable[..., Page], owner: Any, api: Any, example: Any, axe: Callable[..., None], locale: str, scheme: str,
    words: str,
) -> None:  # fmt: skip
    inputs = {"credential_id": example.credential_id, "inputs": {"account_id": "ana.demo"}}
    api.post(f"/actions/{example.create_action_id}/test", inputs)
    page = new_page(owner, scheme=scheme, locale=locale, size="phone")
    below = f"/integrations/{example.integration_id}/actions"
    page.goto(below)
    expect(page.get_by_role("link", name=words)).to_be_visible()
    fits(page)
    axe(page)
    for step in ("details", "inputs", "request", "test", "outputs"):
        page.goto(f"{below}/{example.create_action_id}?step={step}")
        expect(page.get_by_role("tab", selected=True).first).to_be_visible()
        expect(page.get_by_role("heading", level=2).first).to_be_visible()
        fits(page)
        axe(page)


def fits(page: Page) -> None:
    """Nothing makes the page wider than the screen."""
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("window.innerWidth")


def test_an_action_is_made_without_a_mouse(owner_page: Page, api: Any, example: Any) -> None:
    page = owner_page
    page.goto(f"/integrations/{example.integration_id}/actions")
    page.get_by_role("link", name="Add action").focus()
    page.keyboard.press("Enter")
    page.get_by_role("textbox", name="Action name").focus()
    page.keyboard.insert_text("By keyboard")
    page.keyboard.press("Control+s")
    page.wait_for_url("**/actions/act_*")
    expect(page.get_by_role("heading", level=1, name="By keyboard")).to_be_visible()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()  # on the page of the action that there is now
    page.get_by_role("tab", name=re.compile("^Details")).focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name=re.compile("^Inputs"))).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=2, name="Inputs")).to_be_visible()
    page.get_by_role("button", name="Add input").focus()
    page.keyboard.press("Enter")
    page.keyboard.insert_text("Order")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    items = api.get(f"/integrations/{example.integration_id}/actions")["items"]
    assert [each["key"] for each in items[0]["inputs"]] == ["order"]
