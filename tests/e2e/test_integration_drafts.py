"""Nothing typed is lost: a reload brings it back, leaving asks first, and what others saved meanwhile is told."""

from __future__ import annotations

import re
from typing import Any, Final

from playwright.sync_api import Page, expect

LONG: Final = 12345678901234567890
FIELDS: Final = [{"identifier": "api_key", "type": "password", "required": True}]


def test_a_reload_brings_back_what_was_typed(owner_page: Page, api: Any) -> None:
    page = owner_page
    page.goto("/integrations/new")
    page.get_by_role("textbox", name="Name").fill("Acme CRM")
    page.get_by_role("textbox", name="Description").fill("Customers and orders")
    page.reload()

    expect(page.get_by_text("Draft kept in this browser")).to_be_visible()
    expect(page.get_by_role("textbox", name="Name")).to_have_value("Acme CRM")
    expect(page.get_by_role("textbox", name="Description")).to_have_value("Customers and orders")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", level=2, name="Authentication")).to_be_visible()
    page.goto("/integrations/new")
    expect(page.get_by_role("textbox", name="Name")).to_have_value("")  # it was saved, so no draft is left
    assert [item["name"] for item in api.get("/integrations")["items"]] == ["Acme CRM"]


def test_a_draft_of_every_step_comes_back_and_can_be_thrown_away(owner_page: Page, example: Any) -> None:
    page = owner_page
    page.goto(f"/integrations/{example.integration_id}/authentication")
    page.get_by_role("button", name="Add a field").click()
    expect(page.get_by_role("textbox", name="Field name").nth(1)).to_be_focused()
    page.keyboard.type("Region of the account")
    page.reload()
    expect(page.get_by_role("textbox", name="Identifier").nth(1)).to_have_value("region_of_the_account")
    page.get_by_role("button", name="Discard changes").click()
    expect(page.get_by_role("textbox", name="Identifier")).to_have_count(1)
    page.reload()
    expect(page.get_by_role("textbox", name="Identifier")).to_have_count(1)

    page.goto(f"/integrations/{example.integration_id}/test-request")
    endpoint = page.get_by_role("textbox", name="Endpoint", exact=True)
    endpoint.click()
    page.keyboard.press("End")
    page.keyboard.insert_text("/late")
    page.reload()
    expect(endpoint).to_contain_text("/v1/validations/late")
    expect(page.get_by_text("Draft kept in this browser")).to_be_visible()


def test_leaving_unsaved_work_is_asked_first(owner_page: Page, example: Any) -> None:
    page = owner_page
    page.goto(f"/integrations/{example.integration_id}/settings")
    page.get_by_role("textbox", name="Name").fill("Another name")
    page.get_by_role("link", name="Executions", exact=True).click()
    dialog = page.get_by_role("dialog", name="Leave without saving?")
    dialog.get_by_role("button", name="Stay").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("textbox", name="Name")).to_have_value("Another name")

    page.get_by_role("link", name="Executions", exact=True).click()
    dialog.get_by_role("button", name="Leave").click()
    expect(page).to_have_url(re.compile("/executions$"))


def test_a_saved_change_of_somebody_else_is_not_overwritten_unseen(owner_page: Page, api: Any, example: Any) -> None:
    page = owner_page
    path = f"/integrations/{example.integration_id}"
    page.goto(f"{path}/settings")
    page.get_by_role("textbox", name="Description").fill("Typed, not saved")
    expect(page.get_by_text("Unsaved changes")).to_be_visible()
    api.patch(path, {"description": "Saved by somebody else"})
    page.reload()

    expect(page.get_by_text("maybe by somebody else")).to_be_visible()
    page.get_by_role("button", name="Discard changes").click()
    expect(page.get_by_role("textbox", name="Description")).to_have_value("Saved by somebody else")


def test_a_number_longer_than_those_of_javascript_keeps_its_digits(owner_page: Page, api: Any) -> None:
    """In the draft that a reload brings back, when it is saved, and when a field that is renamed is followed."""
    page = owner_page
    body = {"type": "json", "json": {"id": LONG, "key": "{{auth.api_key}}"}}
    request = {"method": "GET", "endpoint": "https://api.example.com/v1/me", "body": body}
    integration = api.post("/integrations", {"name": "Acme CRM", "auth": {"scheme": "api_key", "fields": FIELDS}})
    address = f"/integrations/{integration['id']}"
    api.patch(address, {"test_request": request})
    action = api.post(f"{address}/actions", {"name": "Find order", "request": request})

    page.goto(f"{address}/test-request")
    endpoint = page.get_by_role("textbox", name="Endpoint", exact=True)
    endpoint.click()
    page.keyboard.press("End")
    page.keyboard.insert_text("/late")
    page.reload()
    expect(endpoint).to_contain_text("/v1/me/late")
    save(page)
    assert api.get(address)["test_request"]["body"] == body

    page.goto(f"{address}/authentication")
    page.get_by_role("textbox", name="Identifier").fill("token")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name="Save all the same").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    renamed = {"type": "json", "json": {"id": LONG, "key": "{{auth.token}}"}}
    assert api.get(address)["test_request"]["body"] == renamed
    assert api.get(f"/actions/{action['id']}")["request"]["body"] == renamed


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Unsaved changes")).to_have_count(0)
