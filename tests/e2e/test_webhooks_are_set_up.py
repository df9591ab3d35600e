"""Webhooks in a browser: made, tried, followed while something waits, and ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from webhooks.conftest import Receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    yield server
    server.close()


def test_a_webhook_is_made_tried_and_deleted(
    owner_page: Page, api: Any, receiver: Receiver, axe: Callable[..., None], watch: Any
) -> None:
    watch.allow(r"console: .*422")
    page, dialog = owner_page, owner_page.get_by_role("dialog")
    page.goto("/settings/profile")
    page.get_by_role("navigation", name="Settings").get_by_role("link", name="Webhooks").click()
    expect(page.get_by_text("No webhooks yet")).to_be_visible()
    page.get_by_role("button", name="Add webhook").click()
    dialog.get_by_label("Name").fill("CRM")
    dialog.get_by_label("URL").fill("http://169.254.169.254/latest")
    dialog.get_by_role("checkbox", name="Call failed").check()
    dialog.get_by_role("checkbox", name="Person needed").uncheck()
    dialog.get_by_role("button", name="Make the webhook").click()
    expect(dialog.get_by_label("URL")).to_have_attribute("aria-invalid", "true")
    dialog.get_by_label("URL").fill(receiver.url)
    dialog.get_by_role("button", name="Make the webhook").click()

    secret = dialog.locator("pre").inner_text()
    axe(page)
    dialog.get_by_role("button", name="I have copied it").click()
    expect(dialog).to_have_count(0)
    assert secret not in page.content()
    (made,) = api.get("/webhooks")["items"]
    assert made["events"] == ["conversation.finished", "action.failed"]

    receiver.answers = [500]
    page.get_by_role("button", name="Actions for CRM").click()
    page.get_by_role("menuitem", name="Send a test").click()
    expect(dialog.get_by_text("Your server answered 500")).to_be_visible(timeout=30_000)
    assert receiver.wait_for(1)[0].is_signed_with(secret)
    dialog.get_by_role("button", name="Close").last.click()

    page.get_by_role("link", name="CRM", exact=True).click()
    row = page.get_by_role("table", name="Events").get_by_role("row").nth(1)
    expect(row).to_contain_text("Delivered", timeout=40_000)  # it is sent again after five seconds, and seen at once
    row.get_by_role("button", name="Test").click()
    expect(dialog).to_contain_text('"type": "ping"')
    expect(dialog).to_contain_text("Tried 2 times")
    axe(page)
    dialog.get_by_role("button", name="Send once more").click()
    first, *_, third = receiver.wait_for(3)
    assert first.raw == third.raw
    expect(dialog).to_contain_text("Delivered", timeout=30_000)
    dialog.get_by_role("button", name="Close").last.click()
    page.get_by_role("radiogroup", name="State").get_by_text("Given up").click()
    expect(page.get_by_text("None like that")).to_be_visible()

    page.get_by_role("button", name="Actions for CRM").click()
    page.get_by_role("menuitem", name="Delete").click()
    dialog.get_by_role("button", name="Delete webhook").click()
    expect(page.get_by_text("No webhooks yet")).to_be_visible()
    assert api.get("/webhooks")["items"] == []


def test_a_webhook_is_changed_paused_and_given_a_new_secret(owner_page: Page, api: Any, receiver: Receiver) -> None:
    webhook = api.post("/webhooks", {"name": "CRM", "url": receiver.url, "events": ["action.failed"]})
    path = f"/webhooks/{webhook['id']}"
    page, dialog = owner_page, owner_page.get_by_role("dialog")

    def choose(name: str) -> None:
        page.get_by_role("button", name="Actions for").click()
        page.get_by_role("menuitem", name=name).click()

    page.goto(f"/settings{path}")
    expect(page.get_by_text("Nothing told yet")).to_be_visible()
    choose("Edit")
    dialog.get_by_label("Name").fill("Data lake")
    dialog.get_by_role("switch", name="Also conversations that are tried").check()
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Data lake", exact=True)).to_be_visible()
    assert api.get(path)["includes_simulator"]

    choose("New secret")
    dialog.get_by_role("button", name="Make a new secret").click()
    secret = dialog.locator("pre").inner_text()
    assert secret.startswith("whsec_")
    assert secret != webhook["secret"]
    dialog.get_by_role("button", name="I have copied it").click()
    expect(page.get_by_text("Two secrets sign")).to_be_visible()
    choose("Drop the old secret")
    dialog.get_by_role("button", name="Drop the old secret").click()
    expect(page.get_by_text("Two secrets sign")).to_have_count(0)
    assert not api.get(path)["has_two_secrets"]

    choose("Pause")
    expect(page.get_by_text("It is paused")).to_be_visible()
    expect(page.get_by_role("button", name="Send a test")).to_be_disabled()
    choose("Resume")
    expect(page.get_by_text("It is paused")).to_have_count(0)
