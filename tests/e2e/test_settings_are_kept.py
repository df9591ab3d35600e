"""The settings in a browser: people, keys, secrets, the address policy and the audit log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

NEW_PASSWORD = "violet-harbour-lantern-42"


def test_a_member_is_added_changed_and_removed(owner_page: Page, api: Any, axe: Callable[..., None]) -> None:
    page = owner_page
    page.goto("/settings/members")
    page.get_by_role("button", name="Add member").click()
    dialog = page.get_by_role("dialog")
    axe(page)
    dialog.get_by_label("E-mail").fill("ben@acme.example")
    dialog.get_by_label("Name").fill("Ben Ito")
    dialog.get_by_role("textbox", name="First password").fill("short")
    dialog.get_by_role("button", name="Add member").click()
    expect(dialog.get_by_text("at least 12 characters")).to_be_visible()
    dialog.get_by_role("textbox", name="First password").fill(NEW_PASSWORD)
    dialog.get_by_role("button", name="Add member").click()
    row = page.get_by_role("row").filter(has_text="ben@acme.example")
    expect(row).to_contain_text("Editor")

    page.get_by_role("button", name="Actions for Ben Ito").click()
    page.get_by_role("menuitem", name="Edit").click()
    page.get_by_role("dialog").get_by_role("combobox", name="Role").click()
    page.get_by_role("option", name="Viewer").click()
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(row).to_contain_text("Viewer")

    page.get_by_role("button", name="Actions for Ben Ito").click()
    page.get_by_role("menuitem", name="Remove").click()
    expect(page.get_by_role("dialog")).to_contain_text("Remove Ben Ito?")
    page.get_by_role("button", name="Remove member").click()
    expect(row).to_have_count(0)
    assert [member["email"] for member in api.get("/members")["items"] if member["name"] == "Ben Ito"] == []


def test_an_api_key_is_shown_once_and_ended(owner_page: Page, api: Any, axe: Callable[..., None]) -> None:
    page = owner_page
    page.goto("/settings/api-keys")
    expect(page.get_by_text("No API keys yet")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="New API key").click()
    page.get_by_role("dialog").get_by_label("Name").fill("CRM server")
    page.get_by_role("button", name="Make the key").click()
    dialog = page.get_by_role("dialog")
    key = dialog.locator("pre").inner_text()
    assert key.startswith(api.get("/api-keys")["items"][0]["prefix"])
    axe(page)
    dialog.get_by_role("button", name="I have copied it").click()
    assert key not in page.content()
    page.reload()
    assert key not in page.content()
    expect(page.get_by_role("row", name="CRM server")).to_contain_text("in 90 days")
    page.get_by_role("button", name="End the key CRM server").click()
    page.get_by_role("dialog").get_by_role("button", name="End").click()
    expect(page.get_by_text("No API keys yet")).to_be_visible()


def test_a_password_is_changed(owner_page: Page, owner: Any, new_page: Callable[..., Page], watch: Any) -> None:
    watch.allow(r"console: .*4(01|22|03)")
    page = owner_page
    page.goto("/settings/profile")
    page.get_by_role("textbox", name="Password now").fill("not-my-password-at-all")
    page.get_by_role("textbox", name="New password").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_text("This is not your present password.")).to_be_visible()
    page.get_by_role("textbox", name="Password now").fill(owner.password)
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_text("Password changed.")).to_be_visible()
    stranger = new_page()
    stranger.goto("/login")
    stranger.get_by_label("E-mail").fill(owner.email)
    stranger.get_by_role("textbox", name="Password").fill(NEW_PASSWORD)
    stranger.get_by_role("button", name="Sign in").click()
    expect(stranger.get_by_role("heading", name="Hello, Ana")).to_be_visible()


def test_secrets_policy_log_and_version_are_told(
    owner_page: Page, api: Any, example: Any, axe: Callable[..., None]
) -> None:
    page = owner_page
    fingerprint = api.get("/secrets")["fingerprint"]
    page.goto("/settings/secrets")
    expect(page.get_by_text(fingerprint[:4] + " " + fingerprint[4:8])).to_be_visible()
    expect(page.get_by_text("Current")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Address policy").click()
    expect(page.get_by_text("Only public addresses are called.")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Audit log").click()
    expect(page.get_by_text("Integration created").first).to_be_visible()
    page.get_by_role("button", name="Check the log").click()
    expect(page.get_by_role("status").filter(has_text="The log is intact")).to_be_visible()
    page.get_by_label("Search").fill("credential.create")
    expect(page.get_by_text("Integration created")).to_have_count(0)
    expect(page.get_by_text("Credential added").first).to_be_visible()
    axe(page)
    page.get_by_role("link", name="About").click()
    expect(page.get_by_text("Running")).to_be_visible()
    axe(page)


def test_a_viewer_sees_no_buttons_that_would_be_refused(
    new_page: Callable[..., Page], new_person: Callable[..., Any], owner: Any
) -> None:
    page = new_page(new_person("viewer", "Vi Ewer"))
    page.goto("/settings/members")
    expect(page.get_by_role("row").filter(has_text=owner.email)).to_be_visible()
    expect(page.get_by_role("button", name="Add member")).to_have_count(0)
    expect(page.get_by_role("link", name="API keys")).to_have_count(0)
    expect(page.get_by_role("link", name="Audit log")).to_have_count(0)
