"""How what can be opened on the screens of the web UI is opened: the menus, windows, lists and tabs of each."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from playwright.sync_api import Page, expect

from e2e.words import Words

Open = Callable[[Page], None]

t: Final = Words("en")
KEY_VALUE: Final = t("requests:rows.valueOf", name="Truora-API-Key")


# ── by what it is ────────────────────────────────────────────────────────────────────────────────────────────────────


def press(key: str, **values: Any) -> Open:
    """A button opens it."""
    return lambda page: page.get_by_role("button", name=t.like(key, **values)).first.click()


def unfold(key: str) -> Open:
    """A button whose name goes on with what is folded away."""
    return lambda page: page.get_by_role("button", name=re.compile("^" + re.escape(t(key)))).click()


def press_all(*keys: str) -> Open:
    """A button, then an entry of the menu."""

    def run(page: Page) -> None:
        page.get_by_role("button", name=t.like(keys[0])).first.click()
        page.get_by_role("menuitem", name=t.like(keys[1])).click()
        expect(page.get_by_role("dialog")).to_be_visible()

    return run


def pull(key: str, **values: Any) -> Open:
    """A list falls down."""

    def run(page: Page) -> None:
        page.get_by_role("combobox", name=t.like(key, **values)).first.click()
        expect(page.get_by_role("option").first).to_be_visible()

    return run


def show(key: str) -> Open:
    """A tab comes to the front."""
    return lambda page: page.get_by_role("tab", name=re.compile("^" + re.escape(t(key)))).click()


def dialog(opens: Open) -> Open:
    """It is a window."""

    def run(page: Page) -> None:
        opens(page)
        expect(page.get_by_role("dialog")).to_be_visible()

    return run


def menu(opens: Open) -> Open:
    """It is a menu."""

    def run(page: Page) -> None:
        opens(page)
        expect(page.get_by_role("menuitem").first).to_be_visible()

    return run


# ── on one screen ────────────────────────────────────────────────────────────────────────────────────────────────────


def type_braces(page: Page) -> None:
    page.get_by_role("textbox", name=KEY_VALUE, exact=True).click()
    page.keyboard.press("End")
    page.keyboard.type("{{")
    expect(page.get_by_role("listbox")).to_be_visible()


def offer_header_names(page: Page) -> None:
    headers = page.get_by_role("region", name=t("requests:headers.title"), exact=True)
    headers.get_by_role("combobox", name=t("requests:rows.newName"), exact=True).fill("c")
    expect(page.get_by_role("option").first).to_be_visible()


def save_fields_without_one(page: Page) -> None:
    page.get_by_role("button", name=t("common:rows.remove", name="API key")).click()
    page.get_by_role("button", name=t("common:save"), exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible()


def submit_nothing(page: Page) -> None:
    page.get_by_role("button", name=t("common:saveAndContinue")).click()
    expect(page.locator("[aria-invalid=true]").first).to_be_visible()


def sign_in_wrongly(page: Page) -> None:
    page.get_by_label(t("accounts:email")).fill("ana@acme.example")
    page.get_by_role("textbox", name=t("accounts:password")).fill("not the right one")
    page.get_by_role("button", name=t("accounts:login.submit")).click()
    expect(page.get_by_role("alert")).to_be_visible()


def search_for_nothing(page: Page) -> None:
    page.get_by_role("searchbox").fill("no such thing")
    expect(page.get_by_role("button", name=t("integrations:list.clear"))).to_be_visible()


def show_code_once(page: Page) -> None:
    page.get_by_role("button", name=t("settings:apiKeys.add")).click()
    page.get_by_role("textbox", name=t("common:name")).fill("CRM server")
    page.get_by_role("button", name=t("settings:apiKeys.make")).click()
    expect(page.get_by_role("button", name=t("settings:apiKeys.kept"))).to_be_visible()


def show_secret_once(page: Page) -> None:
    page.get_by_role("button", name=t("webhooks:add")).click()
    page.get_by_role("textbox", name=t("common:name")).fill("CRM")
    page.get_by_role("textbox", name=t("webhooks:url")).fill("http://127.0.0.1:65321/hooks")
    page.get_by_role("button", name=t("webhooks:make")).click()
    expect(page.get_by_role("button", name=t("webhooks:secretKept"))).to_be_visible()


def see_what_was_told(page: Page) -> None:
    page.get_by_role("table").get_by_role("button", name=t("webhooks:types.ping")).click()
    expect(page.get_by_role("dialog")).to_be_visible()


def test_credential(page: Page) -> None:
    page.get_by_role("button", name=t("credentials:row.testNamed", name="Demo")).first.click()
    expect(page.get_by_text(t("credentials:verdict.accepted", status=200))).to_be_visible()


def remove_used_input(page: Page) -> None:
    page.get_by_role("button", name=t.like("common:rows.remove")).first.click()
    expect(page.get_by_role("dialog")).to_be_visible()


def leave_unsaved(page: Page) -> None:
    page.get_by_role("textbox", name=t("actions:details.name")).fill("Another name")
    page.get_by_role("link", name=t("common:places.executions")).click()
    expect(page.get_by_role("dialog")).to_be_visible()


def add_output(page: Page) -> None:
    page.get_by_role("button", name=t("actions:outputs.add")).click()
    page.get_by_role("combobox", name=t("actions:outputs.key"), exact=True).last.click()
    expect(page.get_by_role("option").first).to_be_visible()


def say(page: Page, words: str) -> None:
    line = page.get_by_role("textbox", name=t("simulator:composer.message"), exact=True)
    line.fill(words)
    line.press("Enter")


def ask_for_place(page: Page) -> None:
    page.get_by_role("button", name=t("simulator:composer.attach")).click()
    page.get_by_role("menuitem", name=t("simulator:composer.place")).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name=t("simulator:place.send")).click()


def show_a_call(page: Page) -> None:
    say(page, "nobody")
    page.get_by_role("log").get_by_role("button", name=re.compile("400")).click()
    expect(page.get_by_role("tabpanel", name=t("simulator:tabs.calls")).get_by_role("treeitem").first).to_be_visible()


def open_a_list(page: Page) -> None:
    """At the end of the chat, where somebody who logged in chooses what to do."""
    show("simulator:tabs.controls")(page)
    page.get_by_role("combobox", name=t("simulator:jump.block")).click()
    page.get_by_role("option", name="Orders").click()
    page.get_by_role("button", name=t("simulator:jump.go")).click()
    page.get_by_role("log").get_by_role("button", name="See them").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def take_over(page: Page) -> None:
    page.get_by_role("button", name=t("inbox:takeOver")).click()
    expect(page.get_by_role("textbox", name=t("inbox:write"))).to_be_visible()


def paste_people(page: Page) -> None:
    page.get_by_role("textbox", name=t("batches:people.lines")).fill("number,name\n+1 555 0100,Ana\n0155 0101,Luz")
    expect(page.get_by_text(t("batches:people.good", count=1))).to_be_visible()


def open_block(page: Page) -> None:
    page.locator(".react-flow__node").first.press("Enter")
    expect(page.get_by_role("complementary", name=t("flows:panel.title"))).to_be_visible()


def offer_blocks(page: Page) -> None:
    page.locator("[data-edge]").first.evaluate("(button) => button.click()")
    expect(page.get_by_role("menuitem").first).to_be_visible()


def show_list(page: Page) -> None:
    page.get_by_role("radiogroup", name=t("flows:tools.view")).get_by_text(t("flows:tools.outline")).click()
    expect(page.get_by_role("list", name=t("flows:outline.title"))).to_be_visible()


def publish(page: Page) -> None:
    page.keyboard.press("Escape")
    page.get_by_role("button", name=t("flows:tools.settings")).click()
    page.get_by_role("button", name=t("flows:settings.addVariable")).click()
    page.get_by_role("button", name=t("flows:publish.open"), exact=True).click()
