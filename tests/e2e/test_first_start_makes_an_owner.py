"""From the printed link to a signed-in owner, and what is said when the link does not do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from e2e.harness import PASSWORD, RecadoServer


def test_the_link_makes_the_owner_and_leaves_the_address_bar(
    start_recado: Callable[..., RecadoServer], new_page: Callable[..., Page], axe: Callable[..., None]
) -> None:
    server = start_recado()
    page = new_page(server=server)
    page.goto(server.setup_url)
    expect(page.get_by_role("heading", name="Welcome to Recado")).to_be_visible()
    assert "#" not in page.url
    axe(page)

    page.get_by_label("Your name").fill("Ana Silva")
    page.get_by_label("E-mail").fill("not an address")
    page.get_by_role("textbox", name="Password").fill("short")
    page.get_by_role("button", name="Make my account").click()
    expect(page.get_by_text("This is not an e-mail address.")).to_be_visible()

    page.get_by_label("E-mail").fill("ana@acme.example")
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Make my account").click()
    expect(page.get_by_role("heading", name="Hello, Ana")).to_be_visible()
    expect(page.get_by_role("heading", name="Connect your first API")).to_be_visible()

    page.goto(server.setup_url)
    expect(page.get_by_role("heading", name="All set up")).to_be_visible()


def test_a_link_that_is_used_or_wrong_says_how_to_get_another(
    start_recado: Callable[..., RecadoServer], new_page: Callable[..., Page], watch: Any
) -> None:
    server = start_recado()
    page = new_page(server=server)
    watch.allow(r"console: .*403")
    page.goto("/setup")
    expect(page.get_by_text("link that the server printed")).to_be_visible()
    page.get_by_label("Set-up link").fill(f"{server.url}/setup#this-is-not-the-token")
    page.get_by_role("button", name="Next").click()
    page.get_by_label("E-mail").fill("ana@acme.example")
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Make my account").click()
    expect(page.get_by_role("alert").filter(has_text="Restart the server for a new one")).to_be_visible()
    page.get_by_role("button", name="Use another link").click()
    page.get_by_label("Set-up link").fill(server.setup_url)
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("button", name="Make my account")).to_be_visible()


def test_a_stranger_is_led_to_sign_in_and_back(page: Page, owner: Any, watch: Any, axe: Callable[..., None]) -> None:
    watch.allow(r"console: .*401")
    page.goto("/settings/members")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    axe(page)
    page.get_by_label("E-mail").fill(owner.email)
    page.get_by_role("textbox", name="Password").fill("wrong-password-entirely")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert").filter(has_text="Wrong e-mail or password.")).to_be_visible()
    page.get_by_role("textbox", name="Password").fill(owner.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Members")).to_be_visible()
    assert page.url.endswith("/settings/members")


def test_signing_in_never_leads_to_another_site(page: Page, owner: Any, watch: Any) -> None:
    watch.allow(r"console: .*401")
    page.goto("/login?next=//evil.example/x")
    page.get_by_label("E-mail").fill(owner.email)
    page.get_by_role("textbox", name="Password").fill(owner.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Hello, Ana")).to_be_visible()
    assert page.url.startswith("http://127.0.0.1:")


def test_the_language_is_the_browsers_and_can_be_chosen(new_page: Callable[..., Page], owner: Any) -> None:
    page = new_page(owner, locale="es")
    page.goto("/")
    expect(page.get_by_role("heading", name="Hola, Ana")).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "es"
    page.get_by_role("button", name="Cuenta de Ana Silva").click()
    page.get_by_role("menuitem", name="Português").click()
    expect(page.get_by_role("heading", name="Olá, Ana")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Olá, Ana")).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "pt-BR"
    other = new_page(owner, locale="en")  # another browser of the same person: the profile remembers
    other.goto("/")
    expect(other.get_by_role("heading", name="Olá, Ana")).to_be_visible()


def test_signing_out_ends_the_session(owner_page: Page, watch: Any) -> None:
    watch.allow(r"console: .*401")
    owner_page.goto("/")
    owner_page.get_by_role("button", name="Account of Ana Silva").click()
    owner_page.get_by_role("menuitem", name="Sign out").click()
    expect(owner_page.get_by_role("heading", name="Sign in")).to_be_visible()
    owner_page.goto("/integrations")
    expect(owner_page.get_by_role("heading", name="Sign in")).to_be_visible()
