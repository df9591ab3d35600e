"""A text field with references in it: typed, picked, pasted, removed in one piece, and known to everybody who reads the page."""

from __future__ import annotations

import re
import statistics
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.harness import check_both_colours
from e2e.request_editor import ENDPOINT, Editor, open_editor


@pytest.fixture
def editor(owner_page: Page, api: Any) -> Editor:
    return open_editor(owner_page, api)


def chip(field: Locator, name: str) -> Locator:
    return field.get_by_role("img", name=name)


USERNAME = "reference Username, Text"


# ── ways in ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_two_braces_open_a_list_and_enter_takes_the_first_match(editor: Editor) -> None:
    editor.endpoint.click()
    editor.page.keyboard.type("https://x.io/{{use")
    expect(editor.page.get_by_role("option")).to_have_count(1)
    expect(editor.endpoint).to_have_attribute("aria-haspopup", "listbox")
    assert editor.endpoint.get_attribute("aria-activedescendant")
    editor.page.keyboard.press("Enter")

    expect(chip(editor.endpoint, USERNAME)).to_be_visible()
    expect(editor.page.get_by_role("status").filter(has_text="Inserted reference Username")).to_be_attached()
    editor.page.keyboard.type("/x")
    assert editor.text(editor.endpoint) == "https://x.io/{{inputs.account_id}}/x"


def test_the_list_follows_what_is_typed_and_goes_with_escape(editor: Editor) -> None:
    editor.endpoint.click()
    editor.page.keyboard.press("Control+Space")
    expect(editor.page.get_by_role("option")).to_have_text(
        [re.compile(name) for name in ("Username", "Order", "Note", "Due", "Region")]
    )
    expect(editor.page.locator("completion-section")).to_have_text(["Inputs", "Authentication"])
    editor.page.keyboard.press("Escape")
    expect(editor.page.get_by_role("option")).to_have_count(0)
    editor.page.keyboard.type("{{ due")
    expect(editor.page.get_by_role("option")).to_have_text([re.compile("Due")])
    editor.page.keyboard.press("Enter")
    assert editor.text(editor.endpoint) == "{{inputs.due}}"


def test_the_button_inserts_where_the_caret_is_and_gives_the_focus_back(editor: Editor) -> None:
    editor.endpoint.click()
    editor.page.keyboard.type("ab")
    editor.page.keyboard.press("ArrowLeft")
    button = editor.page.get_by_role("combobox", name="Insert a value into Endpoint")
    button.click()
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(editor.page.get_by_role("listbox", name="Values that can be inserted")).to_be_visible()
    editor.page.get_by_role("option", name="Username").click()

    expect(editor.endpoint).to_be_focused()
    editor.page.keyboard.type("!")
    assert editor.text(editor.endpoint) == "a{{inputs.account_id}}!b"


def test_the_button_works_by_keyboard_alone(editor: Editor) -> None:
    editor.endpoint.focus()
    editor.page.keyboard.press("Tab")
    expect(editor.page.get_by_role("combobox", name="Insert a value into Endpoint")).to_be_focused()
    editor.page.keyboard.press("Enter")
    editor.page.keyboard.press("ArrowDown")
    editor.page.keyboard.press("Enter")
    expect(editor.endpoint).to_be_focused()
    assert editor.text(editor.endpoint) == "{{inputs.order_id}}"


def test_a_reference_typed_by_hand_becomes_a_chip(editor: Editor) -> None:
    editor.endpoint.click()
    editor.page.keyboard.type("{{auth.region}}.example.com", delay=5)
    expect(chip(editor.endpoint, "reference Region, Text")).to_be_visible()
    assert editor.text(editor.endpoint) == "{{auth.region}}.example.com"


def test_pasted_lines_become_one_and_references_chips(editor: Editor) -> None:
    editor.paste(editor.endpoint, "a\n  b {{inputs.account_id}}\n")
    expect(chip(editor.endpoint, USERNAME)).to_be_visible()
    assert editor.text(editor.endpoint) == "a b {{inputs.account_id}}"


def test_enter_neither_breaks_the_line_nor_sends_the_form(editor: Editor) -> None:
    editor.endpoint.click()
    editor.page.keyboard.type("a")
    editor.page.keyboard.press("Enter")
    editor.page.keyboard.press("Shift+Enter")
    editor.page.keyboard.type("b")
    assert editor.text(editor.endpoint) == "ab"
    expect(editor.page).to_have_url(re.compile("step=request"))


# ── one piece ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_chip_is_removed_jumped_and_selected_as_one_and_comes_back_with_undo(editor: Editor) -> None:
    keyboard = editor.page.keyboard
    editor.paste(editor.endpoint, "a{{inputs.account_id}}b")
    keyboard.press("Home")
    for _ in range(2):
        keyboard.press("ArrowRight")
    keyboard.type("1")
    assert editor.text(editor.endpoint) == "a{{inputs.account_id}}1b"

    keyboard.press("End")
    for _ in range(2):
        keyboard.press("ArrowLeft")
    keyboard.press("Shift+ArrowLeft")
    expect(chip(editor.endpoint, USERNAME)).to_have_class(re.compile("selected"))
    keyboard.press("Control+c")
    assert editor.page.evaluate("navigator.clipboard.readText()") == "{{inputs.account_id}}"

    keyboard.press("ArrowRight")
    keyboard.press("Backspace")
    expect(chip(editor.endpoint, USERNAME)).to_have_count(0)
    assert editor.text(editor.endpoint) == "a1b"
    keyboard.press("Control+z")
    expect(chip(editor.endpoint, USERNAME)).to_be_visible()


def test_a_click_selects_a_chip_and_delete_removes_it(editor: Editor) -> None:
    editor.paste(editor.endpoint, "a{{inputs.account_id}}b")
    chip(editor.endpoint, USERNAME).click()
    editor.page.keyboard.press("Delete")
    assert editor.text(editor.endpoint) == "ab"


@pytest.mark.parametrize("place", ["before", "behind"])
@pytest.mark.view(own=True)
def test_dead_keys_beside_a_chip_make_their_letter(editor: Editor, place: str) -> None:
    editor.paste(editor.endpoint, "{{inputs.account_id}}")
    editor.page.keyboard.press("Home" if place == "before" else "End")
    devtools = editor.page.context.new_cdp_session(editor.page)
    for text in ("\N{ACUTE ACCENT}", "á"):
        devtools.send("Input.imeSetComposition", {"text": text, "selectionStart": 1, "selectionEnd": 1})
    devtools.send("Input.insertText", {"text": "á"})
    editor.page.keyboard.type("b")
    expect(chip(editor.endpoint, USERNAME)).to_be_visible()
    assert editor.text(editor.endpoint) == (
        "áb{{inputs.account_id}}" if place == "before" else "{{inputs.account_id}}áb"
    )


# ── what is wrong ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_unknown_reference_is_struck_and_set_right_by_a_click(editor: Editor) -> None:
    editor.replace(editor.endpoint, "https://{{auth.regoin}}.example.com/")
    struck = chip(editor.endpoint, "unknown reference auth.regoin")
    expect(struck).to_be_visible()
    assert (
        struck.locator(".cm-chip-text").evaluate("text => getComputedStyle(text).textDecorationLine") == "line-through"
    )
    expect(editor.page.get_by_text("There is no “auth.regoin”. Did you mean auth.region?")).to_be_visible()
    expect(editor.endpoint).to_have_accessible_description(re.compile("Did you mean auth.region"))

    editor.page.get_by_role("button", name="Use auth.region").click()
    expect(struck).to_have_count(0)
    expect(editor.endpoint).to_be_focused()
    assert editor.text(editor.endpoint) == "https://{{auth.region}}.example.com/"


def test_braces_that_are_no_reference_are_told_once_they_are_left(editor: Editor) -> None:
    editor.endpoint.click()
    editor.page.keyboard.type("{{account_i")
    expect(editor.page.get_by_text("is not a reference")).to_have_count(0)
    editor.page.keyboard.press("Escape")
    editor.page.keyboard.press("Tab")
    expect(editor.page.get_by_text("“account_i” in double braces is not a reference")).to_be_visible()
    editor.page.get_by_role("button", name="Use inputs.account_id").click()
    expect(chip(editor.endpoint, USERNAME)).to_be_visible()


def test_a_refused_save_is_said_at_the_field(owner_page: Page, api: Any) -> None:
    editor = open_editor(owner_page, api, {"endpoint": ENDPOINT})
    editor.replace(editor.endpoint, "api.example.com")
    owner_page.get_by_role("button", name="Save", exact=True).click()
    expect(editor.endpoint).to_have_attribute("aria-invalid", "true")
    expect(editor.endpoint).to_have_accessible_description(re.compile("must start with https://"))
    editor.replace(editor.endpoint, ENDPOINT)
    expect(editor.endpoint).not_to_have_attribute("aria-invalid", "true")


# ── secrets ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_secrets_are_offered_in_headers_and_marked_and_not_in_the_url(editor: Editor) -> None:
    editor.page.get_by_role("combobox", name="Insert a value into Endpoint").click()
    expect(editor.page.get_by_role("option", name="Region")).to_be_visible()
    expect(editor.page.get_by_role("option", name="API key")).to_have_count(0)
    editor.page.keyboard.press("Escape")

    editor.region("Headers").get_by_role("combobox", name=re.compile("^Insert a value into")).click()
    editor.page.get_by_role("option", name="API key").click()
    secret = chip(editor.value("Headers", 0), "reference API key, secret")
    expect(secret).to_be_visible()
    expect(secret.locator("svg")).to_be_visible()


def test_secrets_are_offered_in_the_url_with_a_warning_where_the_integration_has_them_there(
    owner_page: Page, api: Any
) -> None:
    editor = open_editor(owner_page, api, key_in_url=True)
    editor.region("Query").get_by_role("combobox", name=re.compile("^Insert a value into")).click()
    expect(owner_page.get_by_role("option", name=re.compile("API key.*URLs are often logged"))).to_be_visible()


# ── for everybody ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_field_has_a_name_and_says_what_it_needs(editor: Editor) -> None:
    expect(editor.endpoint).to_have_attribute("aria-required", "true")
    expect(editor.endpoint).to_have_attribute("aria-multiline", "false")
    editor.page.locator(f"[id='{editor.endpoint.get_attribute('id')}-label']").click()
    expect(editor.endpoint).to_be_focused()


def test_fields_lists_and_menus_are_accessible(owner_page: Page, api: Any) -> None:
    page = owner_page
    editor = open_editor(page, api, {"endpoint": ENDPOINT, "headers": [{"key": "X-Key", "value": "{{auth.api_key}}"}]})
    editor.endpoint.click()
    page.keyboard.press("End")
    page.keyboard.type("/{{inputs.account_id}}/{{auth.region}}/{{inputs.nobody}}/{{")
    expect(page.get_by_role("option")).to_have_count(5)
    check_both_colours(page)
    page.keyboard.press("Escape")
    page.get_by_role("combobox", name="Insert a value into Endpoint").click()
    expect(page.get_by_role("listbox", name="Values that can be inserted")).to_be_visible()
    check_both_colours(page)


@pytest.mark.view(size="phone")
def test_on_a_phone_the_text_wraps_and_chips_stay_whole(owner_page: Page, api: Any) -> None:
    long = [
        {
            "key": "a" * 40,
            "name": "A name that is much too long for one line of a telephone's screen",
            "type": "string",
            "required": True,
        }
    ]
    editor = open_editor(owner_page, api, inputs=long)
    editor.replace(editor.endpoint, f"https://api.example.com/v1/{{{{inputs.{'a' * 40}}}}}/{'b' * 60}")
    box = editor.endpoint.locator(".cm-chip").bounding_box()
    assert box is not None
    assert box["height"] < 30
    assert box["x"] + box["width"] <= 390
    assert owner_page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.view(own=True)
def test_the_editor_is_not_loaded_before_a_field_is_shown(owner_page: Page, api: Any) -> None:
    loaded: list[str] = []
    owner_page.on("request", lambda request: loaded.append(request.url))
    owner_page.goto("/integrations")
    expect(owner_page.get_by_role("heading", level=1)).to_be_visible()
    owner_page.wait_for_load_state("networkidle")
    before = list(loaded)
    sizes = "Array.from(document.querySelectorAll('.cm-editor')).length"
    assert owner_page.evaluate(sizes) == 0
    open_editor(owner_page, api)
    expect(owner_page.locator(".cm-editor").first).to_be_visible()
    editors = [url for url in loaded if re.search(r"/assets/Editor-[\w-]+\.js", url)]
    assert editors
    assert not set(editors) & set(before)


def spent_on_keys(editor: Editor, chips: int) -> float:
    """Milliseconds of the processor that a key costs the page, in a field with so many chips."""
    page = editor.page
    editor.replace(editor.endpoint, f"{ENDPOINT}/{'/'.join(['{{inputs.account_id}}'] * chips)}")
    expect(editor.endpoint.get_by_role("img")).to_have_count(chips)
    page.keyboard.press("End")
    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable", {"timeDomain": "threadTicks"})

    def work() -> float:
        metrics = {metric["name"]: metric["value"] for metric in devtools.send("Performance.getMetrics")["metrics"]}
        return 1000 * float(metrics["ScriptDuration"] + metrics["LayoutDuration"] + metrics["RecalcStyleDuration"])

    spent = []
    for _ in range(5):
        before = work()
        page.keyboard.type("abcdefghij")
        spent.append((work() - before) / 10)
    devtools.send("Performance.disable")
    return statistics.median(spent)


def test_typing_in_a_field_with_twenty_chips_keeps_up_with_the_screen(editor: Editor) -> None:
    plain = spent_on_keys(editor, 0)
    full = spent_on_keys(editor, 20)

    assert full < 16  # a frame at 60 Hz; the processor's time, so that other work on the machine does not count
    assert full < 2 * plain + 2
    assert editor.text(editor.endpoint).endswith("}}" + "abcdefghij" * 5)
