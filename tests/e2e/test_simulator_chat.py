"""A flow is tried in a chat: people log in, calls are answered as asked for, keys are enough, and markup stays text."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.words import Words

t: Final = Words("en")
ACCOUNT: Final = "ana.demo"
MARKUP: Final = "<img src=x onerror=alert(1)>"
PICTURE: Final = {"name": "lamp.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n"}


def block(block_id: str, kind: str, edges: dict[str, str] | None = None, **settings: Any) -> dict[str, Any]:
    return {"id": block_id, "type": kind, "edges": edges or {}, **settings}


def text(words: str) -> dict[str, str]:
    return {"kind": "text", "text": words}


def make_flow(api: Any, *blocks: dict[str, Any], name: str = "Orders") -> str:
    placed = [{**each, "position": {"x": 340 * place, "y": 0}} for place, each in enumerate(blocks)]
    made: str = api.post("/flows", {"name": name, "definition": {"start": placed[0]["id"], "blocks": placed}})["id"]
    return made


def orders(words: str = "") -> list[dict[str, Any]]:
    """Buttons, a list, a file and a place, in this order; `words` stand in every text."""
    rows = [{"id": "r1", "title": "Lamp", "description": f"Two of them {words}"}, {"id": "r2", "title": "Chair"}]
    return [
        block("hello", "message", {"next": "what"}, content=text(f"Welcome {words}")),
        block("what", "buttons", {"button:o": "which"}, answer="what", text=f"What next? {words}", footer="Acme support",
              buttons=[{"id": "o", "title": "My orders"}, {"id": "h", "title": "Help"}]),
        block("which", "list", {"next": "photo"}, answer="order", text="Which order?", label="Orders",
              sections=[{"title": "This month", "rows": rows}]),
        block("photo", "question", {"next": "place"}, answer="photo", expects="file", text="Send a picture of it."),
        block("place", "question", {"next": "bye"}, answer="place", expects="location", text="Where is it?"),
        block("bye", "end", text="{{answers.photo.filename}} at {{answers.place.latitude}}. Bye!"),
    ]  # fmt: skip


class Chat:
    """The simulator's page, as somebody uses it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.log: Locator = page.get_by_role("log", name=t("simulator:chat.messages"))
        self.line: Locator = page.get_by_role("textbox", name=t("simulator:composer.message"), exact=True)

    def open(self, flow_id: str) -> Chat:
        self.page.goto(f"/flows/{flow_id}/simulator")
        expect(self.page.get_by_text(t("simulator:notSent"))).to_be_visible()
        return self

    def say(self, words: str) -> None:
        self.line.fill(words)
        self.line.press("Enter")
        expect(self.log).to_contain_text(words)

    def hears(self, words: str | re.Pattern[str]) -> None:
        expect(self.log).to_contain_text(words)

    def tab(self, name: str) -> None:
        self.page.get_by_role("tab", name=t(f"simulator:tabs.{name}")).click()

    def has_ended(self, how: str = "finished") -> None:
        self.hears(t(f"simulator:ends.{how}"))


@pytest.fixture
def chat(owner_page: Page) -> Chat:
    return Chat(owner_page)


@pytest.fixture
def log_in(api: Any) -> Any:
    """The worked example with its flow, against the API beside the server."""
    return api.post("/example")


# ── the worked example ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_person_logs_in(chat: Chat, api: Any, log_in: Any) -> None:
    page = chat.page
    page.goto("/")
    page.get_by_role("link", name=t("home:example.chat")).click()
    chat.hears("What is your user name?")
    expect(page.get_by_text(t("simulator:mail.none"))).to_be_visible()
    chat.say("nobody")
    chat.hears("We found no account")
    chat.say(ACCOUNT)
    chat.hears("mailed you a code")
    code = api.get("/example")["codes"][0]["code"]
    expect(page.get_by_role("status").filter(has_text=t("simulator:mail.to", account=ACCOUNT))).to_contain_text(code)
    chat.say("000000" if code != "000000" else "111111")
    chat.hears("That code is wrong.")
    page.get_by_role("button", name=t("simulator:mail.use")).click()
    expect(chat.line).to_have_value(code)
    chat.line.press("Enter")
    chat.hears(f"Welcome, {ACCOUNT}!")
    chat.has_ended()
    expect(page.get_by_role("button", name=t("simulator:startAgain"), exact=True).last).to_be_focused()

    chat.tab("values")
    expect(page.get_by_role("table", name=t("simulator:values.answers"))).to_contain_text(ACCOUNT)
    expect(page.get_by_role("table", name=t("simulator:values.outputs"))).to_contain_text("success")
    chat.log.get_by_role("button", name=re.compile("Create user validation: 400")).click()
    panel = page.get_by_role("tabpanel", name=t("simulator:tabs.calls"))
    expect(panel.get_by_text("Validation account not found").first).to_be_visible()
    panel.get_by_role("tab", name=t("responses:tabs.sent")).click()
    expect(panel.get_by_text("account_id=nobody")).to_be_visible()


def test_the_path_is_shown_on_the_drawing_as_it_grows(chat: Chat, log_in: Any) -> None:
    page = chat.open(log_in["flow_id"]).page
    drawing = page.get_by_role("tabpanel", name=t("simulator:tabs.path"))
    expect(drawing.locator("[data-current]")).to_have_attribute("data-block", "ask_user")
    expect(drawing.locator("[data-block=ask_code]")).to_have_attribute("data-faded", "true")
    chat.say(ACCOUNT)
    expect(drawing.locator("[data-current]")).to_have_attribute("data-block", "ask_code")
    expect(drawing.locator("[data-block=mail_code]")).not_to_have_attribute("data-faded", "true")


def test_an_answer_that_is_made_up_leads_to_a_next_message(chat: Chat, api: Any, log_in: Any) -> None:
    page = chat.open(log_in["flow_id"]).page
    chat.tab("controls")
    for word in ("http_5xx", "timeout", "auth_failed"):
        page.get_by_role("combobox", name="Create user validation").click()
        page.get_by_role("option", name=t(f"simulator:asIf.{word}"), exact=True).click()
        expect(page.get_by_text(t("simulator:asIf.on", count=1))).to_be_visible()
        chat.say(ACCOUNT)
        chat.hears("We cannot log you in just now.")
        chat.has_ended()
        page.get_by_role("button", name=t("simulator:startAgain"), exact=True).last.click()
        expect(chat.log).not_to_contain_text("We cannot log you in just now.")
    assert api.get("/executions")["items"] == [], "nothing was sent"
    page.get_by_role("combobox", name="Create user validation").click()
    page.get_by_role("option", name=t("simulator:asIf.real"), exact=True).click()
    expect(page.get_by_text(t("simulator:asIf.on", count=1))).to_have_count(0)
    chat.say(ACCOUNT)
    chat.hears("mailed you a code")


def test_an_output_is_left_out(chat: Chat, log_in: Any) -> None:
    page = chat.open(log_in["flow_id"]).page
    chat.tab("controls")
    page.get_by_role("combobox", name="Create user validation").click()
    page.get_by_role("option", name=t("simulator:asIf.without", output="Validation")).click()
    chat.say(ACCOUNT)
    chat.hears(t("common:outcomes.output_missing"))
    chat.hears("We cannot log you in just now.")


def test_a_chat_goes_on_at_another_block_and_with_another_person(chat: Chat, api: Any, log_in: Any) -> None:
    page = chat.open(log_in["flow_id"]).page
    chat.hears("What is your user name?")
    chat.tab("controls")
    page.get_by_role("combobox", name=t("simulator:jump.block")).click()
    page.get_by_role("option", name="Too often").click()
    page.get_by_role("button", name=t("simulator:jump.go")).click()
    chat.hears("The code was wrong too often")
    page.get_by_role("textbox", name=t("simulator:who.name")).fill("Ben Ito")
    page.get_by_role("textbox", name=t("simulator:who.phone")).fill("+573001234567")
    page.get_by_role("button", name=t("simulator:who.restart")).click()
    expect(chat.log).not_to_contain_text("The code was wrong too often")
    chat.hears("What is your user name?")
    assert api.get("/conversations")["items"][0]["contact"] == {"name": "Ben Ito", "phone": "+573001234567"}


# ── everything a chat can send ───────────────────────────────────────────────────────────────────────────────────────


def test_buttons_a_list_a_file_and_a_place_are_sent(chat: Chat, api: Any) -> None:
    page = chat.open(make_flow(api, *orders())).page
    page.get_by_role("button", name="My orders").click()
    page.get_by_role("button", name="Orders", exact=True).click()
    sheet = page.get_by_role("dialog", name="Orders")
    sheet.get_by_role("radio", name=re.compile("Chair")).check()
    sheet.get_by_role("button", name=t("simulator:list.send")).click()
    chat.hears("Send a picture of it.")
    with page.expect_file_chooser() as chosen:
        page.get_by_role("button", name=t("simulator:composer.attach")).click()
        page.get_by_role("menuitem", name=t("simulator:composer.file")).click()
    chosen.value.set_files(PICTURE)  # type: ignore[arg-type]  # a file as Playwright takes it
    chat.hears("Where is it?")
    page.get_by_role("button", name=t("simulator:composer.attach")).click()
    page.get_by_role("menuitem", name=t("simulator:composer.place")).click()
    window = page.get_by_role("dialog", name=t("simulator:place.title"))
    window.get_by_label(t("simulator:place.latitude")).fill("95")
    window.get_by_label(t("simulator:place.longitude")).fill("-74.08")
    window.get_by_role("button", name=t("simulator:place.send")).click()
    expect(window.get_by_text(t("simulator:place.latitudeWrong"))).to_be_visible()
    window.get_by_label(t("simulator:place.latitude")).fill("4.6")
    window.get_by_role("button", name=t("simulator:place.send")).click()
    chat.hears("lamp.png at 4.6. Bye!")
    chat.has_ended()
    tapped = chat.log.locator("[data-mine=true]")
    expect(tapped.nth(0)).to_contain_text("My orders")
    expect(tapped.nth(1)).to_contain_text("Chair")


def test_an_older_prompt_that_is_tapped_brings_back_the_current_one(chat: Chat, api: Any) -> None:
    page = chat.open(make_flow(api, *orders())).page
    page.get_by_role("button", name="My orders").click()
    chat.hears("Which order?")
    page.get_by_role("button", name="My orders").click()
    chat.hears(t("simulator:notes.menu_closed"))
    expect(page.get_by_role("button", name="Orders", exact=True)).to_have_count(2)


def test_keys_are_enough(chat: Chat, api: Any) -> None:
    page = chat.open(make_flow(api, *orders())).page
    chat.hears("What next?")

    def reach(control: Locator, key: str = "Tab") -> None:
        for _ in range(60):
            if control.evaluate("each => each === document.activeElement"):
                return
            page.keyboard.press(key)
        raise AssertionError(f"not reached: {control}")

    reach(page.get_by_role("button", name="My orders"))
    page.keyboard.press("Enter")
    chat.hears("Which order?")
    expect(chat.line).to_be_focused()
    reach(page.get_by_role("button", name="Orders", exact=True), "Shift+Tab")
    page.keyboard.press("Enter")
    sheet = page.get_by_role("dialog", name="Orders")
    expect(sheet.get_by_role("radio").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    expect(page.get_by_role("button", name="Orders", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(sheet.get_by_role("radio").first).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(sheet.get_by_role("radio").nth(1)).to_be_checked()
    page.keyboard.press("Enter")
    chat.hears("Send a picture of it.")
    expect(chat.line).to_be_focused()
    page.keyboard.type("EXIT")
    page.keyboard.press("Enter")
    chat.has_ended("cancelled")
    expect(page.get_by_role("button", name=t("simulator:startAgain"), exact=True).last).to_be_focused()
    page.keyboard.press("Enter")
    expect(chat.line).to_be_focused()
    expect(chat.log).not_to_contain_text("EXIT")


@pytest.mark.view(size="phone")
def test_a_phone_shows_one_thing_at_a_time(chat: Chat, log_in: Any) -> None:
    page = chat.open(log_in["flow_id"]).page
    chat.say(ACCOUNT)
    chat.hears("mailed you a code")
    page.get_by_role("button", name=t("simulator:mail.use")).click()
    chat.line.press("Enter")
    chat.hears(f"Welcome, {ACCOUNT}!")
    chat.tab("calls")
    expect(page.get_by_role("button", name=re.compile("Validate code"))).to_be_visible()
    chat.tab("chat")
    chat.hears(f"Welcome, {ACCOUNT}!")


def test_what_is_not_taken_comes_back_to_the_line(chat: Chat, api: Any, watch: Any) -> None:
    watch.allow(r"^failed: POST .*/messages").allow(r"console: ")
    page = chat.open(make_flow(api, *orders())).page
    chat.hears("What next?")
    page.route("**/messages", lambda route: route.abort())
    chat.line.fill("My orders")
    chat.line.press("Enter")
    expect(page.get_by_text(t("common:offline"))).to_be_visible()
    expect(chat.line).to_have_value("My orders")
    page.unroute("**/messages")
    chat.line.press("Enter")
    chat.hears("Which order?")


def test_markup_in_messages_is_text(chat: Chat, api: Any) -> None:
    flow_id = make_flow(api, *orders(MARKUP), name=MARKUP)
    page = chat.open(flow_id).page
    chat.hears(f"Welcome {MARKUP}")
    chat.hears(f"What next? {MARKUP}")
    page.get_by_role("button", name="My orders").click()
    page.get_by_role("button", name="Orders", exact=True).click()
    expect(page.get_by_role("dialog", name="Orders")).to_contain_text(MARKUP)
    page.keyboard.press("Escape")
    chat.line.fill(f"*{MARKUP}*")
    chat.line.press("Enter")
    expect(chat.log.locator("strong")).to_have_text(MARKUP)
    chat.hears("Please choose one of the options.")
    conversation = api.get("/conversations")["items"][0]["id"]
    page.goto(f"/conversations/{conversation}")
    transcript = page.get_by_role("log")
    expect(transcript).to_contain_text(f"What next? {MARKUP}")
    expect(transcript.locator("strong")).to_have_text(MARKUP)
    page.get_by_role("tab", name=t("conversations:tabs.steps")).click()
    expect(page.get_by_role("table", name=t("conversations:tabs.steps"))).to_contain_text(MARKUP)
    page.goto("/conversations")
    expect(page.get_by_role("table")).to_contain_text(MARKUP)
    assert page.evaluate("document.querySelectorAll('[onerror], img[src=\"x\"]').length") == 0


def test_who_may_only_read_cannot_try(new_page: Callable[..., Page], new_person: Callable[..., Any], api: Any) -> None:
    page = new_page(new_person("viewer", "Vera Lima"))
    page.goto(f"/flows/{make_flow(api, *orders())}/simulator")
    expect(page.get_by_role("heading", name=t("common:forbidden.title"))).to_be_visible()
