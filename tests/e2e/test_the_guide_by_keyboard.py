"""The guide without a mouse: from the set-up link to a picked output, and the focus is always somewhere, and always to be seen."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from playwright.sync_api import Locator, Page, expect

from e2e.harness import PASSWORD, RecadoServer
from e2e.words import Words

KEY_HEADER: Final = "Truora-API-Key"
MOST_TABS: Final = 90
t: Final = Words("en")
# Waits until something has the focus, and remembers how it looks, with what stands around it; says which one it is.
_LOOK: Final = """async () => {
    const isLost = () => !document.activeElement || document.activeElement === document.body;
    for (const end = Date.now() + 5_000; isLost() && Date.now() < end;) await new Promise(requestAnimationFrame);
    if (isLost()) return { isLost: true };
    await Promise.all(document.getAnimations().filter((each) => each.effect.getComputedTiming().endTime !== Infinity)
        .map((each) => each.finished.catch(() => null)));
    const around = (element) => [element, element.parentElement, element.parentElement?.parentElement,
        element.nextElementSibling, ...element.parentElement?.parentElement?.children ?? []].filter(Boolean);
    const parts = (element) => around(element).flatMap((each) => [[each], [each, '::before'], [each, '::after']]);
    const look = (element) => parts(element).map((part) => {
        const style = getComputedStyle(...part);
        return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow, style.borderColor,
            style.backgroundColor, style.top, style.color].join();
    }).join(';');
    const before = window.lastFocus;
    const isReached = before && before.element.tabIndex >= 0; // a part of the page that was given the focus needs no mark
    const unmarked = isReached && before.element.isConnected && before.element !== document.activeElement
        && look(before.element) === before.look ? before.element.outerHTML.slice(0, 300) : '';
    const element = document.activeElement;
    window.lastFocus = { element, look: look(element) };
    const place = element.getBoundingClientRect();
    const isOnScreen = place.bottom > 0 && place.right > 0 && place.top < innerHeight && place.left < innerWidth;
    return { unmarked, isOnScreen, html: element.outerHTML.slice(0, 300) };
}"""
_HAS_FOCUS: Final = "(element) => element === document.activeElement || element.contains(document.activeElement)"


class Keys:
    """A person with a keyboard. After each press the focus is looked at."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, key: str, times: int = 1) -> None:
        for _ in range(times):
            self.page.keyboard.press(key)
            self.look()

    def look(self) -> None:
        """The focus is on something, that is on the screen; what had it before looked different while it had it."""
        seen = self.page.evaluate(_LOOK)
        assert not seen.get("isLost"), f"the focus is lost at {self.page.url}"
        assert not seen["unmarked"], f"nobody could see that this had the focus: {seen['unmarked']}"
        assert seen["isOnScreen"], f"the focus is off the screen: {seen['html']}"

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def tab_to(self, target: Locator, *, back: bool = False) -> None:
        """Go on with Tab until the target has the focus."""
        expect(target).to_be_visible()
        for _ in range(MOST_TABS):
            if target.evaluate(_HAS_FOCUS):
                return
            self.press("Shift+Tab" if back else "Tab")
        raise AssertionError(f"Tab never comes to {target}")

    def fill(self, target: Locator, text: str) -> None:
        self.tab_to(target)
        self.type(text)

    def box(self, key: str, **values: Any) -> Locator:
        return self.page.get_by_role("textbox", name=t(key, **values), exact=True)

    def button(self, key: str, **values: Any) -> Locator:
        return self.page.get_by_role("button", name=t(key, **values), exact=True)

    def link(self, key: str) -> Locator:
        return self.page.get_by_role("link", name=t(key), exact=True)

    def enter(self, target: Locator, heading: str, level: int, *, back: bool = False) -> None:
        """Press a button or follow a link, and arrive; the focus arrives too."""
        self.tab_to(target, back=back)
        self.page.keyboard.press("Enter")
        self.arrive(heading, level)

    def arrive(self, heading: str, level: int) -> None:
        expect(self.page.get_by_role("heading", level=level, name=heading, exact=True)).to_be_visible()
        self.look()

    def save_and_continue(self, heading: str) -> None:
        self.enter(self.button("common:saveAndContinue"), t(heading), 2)

    def choose(self, target: Locator, option: str) -> None:
        """Open a list and take one of it with the arrows."""
        self.tab_to(target)
        self.press("Enter")
        wanted = self.page.get_by_role("option", name=re.compile(option))
        expect(wanted).to_be_visible()
        for _ in range(MOST_TABS):
            if wanted.evaluate("(option) => option.hasAttribute('data-combobox-selected')"):
                break
            self.press("ArrowDown")
        self.page.keyboard.press("Enter")
        expect(wanted).to_have_count(0)
        self.look()

    def add_row(self, section: str, name: str, value: str = "", *, reference: str = "") -> None:
        region = self.page.get_by_role("region", name=t(section), exact=True)
        new = region.get_by_label(t("requests:rows.newName"), exact=True).and_(region.locator("input"))
        self.fill(new, name)
        self.press("Escape")  # the names that are offered for headers
        of_row = t("requests:rows.valueOf", name=name)
        self.tab_to(region.get_by_role("textbox", name=of_row, exact=True))
        if reference:
            insert = region.get_by_role("combobox", name=t("requests:field.insertInto", label=of_row), exact=True)
            self.choose(insert, re.escape(reference))
        else:
            self.type(value)


def test_the_guide_needs_no_mouse(
    start_recado: Callable[..., RecadoServer], new_page: Callable[..., Page], emulator: Any, watch: Any
) -> None:
    watch.allow(r"console: .*401")  # nobody is signed in yet
    server = start_recado()
    page = new_page(server=server)
    keys = Keys(page)
    page.goto(server.setup_url)
    set_up(keys)
    make_integration(keys, emulator.url)
    add_credential(keys, emulator.api_key)
    make_action(keys, emulator.url)
    keys.enter(keys.link("actions:list.finish"), t("integrations:list.title"), 1)
    expect(page.get_by_role("link", name="Validations", exact=True)).to_be_visible()


def set_up(keys: Keys) -> None:
    expect(keys.box("accounts:yourName")).to_be_focused()
    keys.type("Ana Silva")
    keys.fill(keys.box("accounts:email"), "ana@acme.example")
    keys.fill(keys.box("accounts:password"), PASSWORD)
    keys.enter(keys.button("accounts:setup.submit"), t("home:hello", name="Ana"), 1)


def make_integration(keys: Keys, url: str) -> None:
    keys.enter(keys.link("common:places.integrations"), t("integrations:list.title"), 1, back=True)
    keys.enter(keys.link("integrations:list.new"), t("integrations:new.title"), 1)
    keys.fill(keys.box("integrations:form.name"), "Validations")
    keys.save_and_continue("integrations:auth.title")

    keys.fill(keys.box("integrations:auth.name"), "API key")
    keys.choose(
        keys.page.get_by_role("combobox", name=t("integrations:auth.type"), exact=True), t("common:types.password")
    )
    keys.save_and_continue("integrations:testRequest.title")

    keys.fill(keys.box("requests:endpoint.label"), f"{url}/v1/validations")
    keys.add_row("requests:headers.title", KEY_HEADER, reference="auth.api_key")
    keys.save_and_continue("credentials:list.title")


def add_credential(keys: Keys, api_key: str) -> None:
    page = keys.page
    keys.tab_to(keys.button("credentials:list.add"))
    page.keyboard.press("Enter")
    expect(keys.box("credentials:form.name")).to_be_focused()
    keys.type("Test account")
    keys.fill(page.get_by_role("textbox", name="API key", exact=True), api_key)
    keys.tab_to(page.get_by_role("dialog").get_by_role("button", name=t("common:saveAndContinue")))
    page.keyboard.press("Enter")
    expect(page.get_by_text(t("credentials:verdict.accepted", status=200))).to_be_visible()
    keys.look()
    keys.tab_to(page.get_by_role("dialog").get_by_role("button", name=t("common:close"), exact=True).last)
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("row").filter(has_text="Test account")).to_contain_text(t("common:verdicts.accepted"))
    keys.look()
    keys.enter(keys.link("credentials:list.toActions"), t("actions:list.title"), 2)


def make_action(keys: Keys, url: str) -> None:
    page = keys.page
    keys.enter(keys.link("actions:list.add"), t("actions:editor.new"), 1)
    keys.fill(keys.box("actions:details.name"), "Create user validation")
    keys.save_and_continue("actions:steps.inputs")

    keys.tab_to(keys.button("actions:inputs.add"))
    page.keyboard.press("Enter")
    expect(keys.box("actions:inputs.name")).to_be_focused()
    keys.type("Account ID")
    expect(keys.box("actions:inputs.key")).to_have_value("account_id")
    keys.save_and_continue("actions:steps.request")

    keys.choose(page.get_by_role("combobox", name=t("requests:method.label"), exact=True), "^POST")
    keys.fill(keys.box("requests:endpoint.label"), f"{url}/v1/validations")
    keys.tab_to(page.get_by_role("radiogroup", name=t("requests:body.type")))
    form = page.get_by_role("radio", name=t("requests:body.types.form"), exact=True)
    while not form.is_checked():
        keys.press("ArrowRight")
    keys.add_row("requests:body.title", "type", "email-verification")
    keys.add_row("requests:body.title", "user_authorized", "true")
    keys.add_row("requests:body.title", "account_id", reference="inputs.account_id")
    keys.add_row("requests:headers.title", KEY_HEADER, reference="auth.api_key")
    keys.save_and_continue("actions:steps.test")

    keys.fill(page.get_by_role("textbox", name="Account ID", exact=True), "ana.demo")
    keys.tab_to(keys.button("actions:test.run"))
    page.keyboard.press("Enter")
    response = page.get_by_role("region", name=t("actions:test.response"), exact=True)
    expect(response).to_contain_text(f"200 {t('responses:status.200')}")
    keys.look()
    keys.enter(keys.button("common:next"), t("actions:steps.outputs"), 2)

    keys.tab_to(page.get_by_role("tree"))
    wanted = page.get_by_role("treeitem", name=re.compile("^validation_id"))
    while wanted.get_attribute("aria-selected") != "true":
        keys.press("ArrowDown")
    keys.press("Enter")
    output = page.get_by_role("group", name=t("actions:outputs.one", number=1, name="Validation id"))
    expect(output).to_be_visible()
    keys.tab_to(keys.button("actions:editor.saveAction"))
    page.keyboard.press("Enter")
    keys.arrive(t("actions:list.title"), 2)
