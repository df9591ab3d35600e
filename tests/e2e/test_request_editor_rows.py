"""Query, headers and forms are rows: added by typing, moved, tuned, removed, or edited all at once as text."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from e2e.request_editor import ENDPOINT, Editor, open_editor

TWO = {"endpoint": ENDPOINT, "query": [{"key": "a", "value": "1"}, {"key": "b", "value": "{{inputs.note}}"}]}


@pytest.fixture
def editor(owner_page: Page, api: Any) -> Editor:
    return open_editor(owner_page, api, TWO)


def pairs(rows: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(row["key"], row["value"]) for row in rows]


def test_typing_in_the_last_row_adds_it_and_the_focus_stays(editor: Editor) -> None:
    editor.key("Query", -1).click()
    editor.page.keyboard.type("page")
    expect(editor.region("Query").get_by_role("listitem")).to_have_count(4)
    editor.page.keyboard.press("Enter")
    expect(editor.value("Query", 2)).to_be_focused()
    editor.page.keyboard.type("2")

    assert pairs(editor.save()["query"]) == [("a", "1"), ("b", "{{inputs.note}}"), ("page", "2")]


def test_a_row_may_begin_with_its_value(editor: Editor) -> None:
    editor.value("Query", -1).click()
    editor.page.keyboard.type("x")
    expect(editor.region("Query").get_by_role("listitem")).to_have_count(4)
    editor.page.keyboard.type("y")
    expect(editor.value("Query", 2)).to_be_focused()
    assert editor.text(editor.value("Query", 2)) == "xy"


def test_a_row_that_was_emptied_goes_when_it_is_left(editor: Editor) -> None:
    editor.key("Query", 0).fill("")
    editor.replace(editor.value("Query", 0), " ")
    editor.page.keyboard.press("Backspace")
    expect(editor.region("Query").get_by_role("listitem")).to_have_count(3)
    editor.endpoint.click()
    expect(editor.region("Query").get_by_role("listitem")).to_have_count(2)
    assert pairs(editor.save()["query"]) == [("b", "{{inputs.note}}")]


def test_removing_a_row_puts_the_focus_on_its_follower(editor: Editor) -> None:
    editor.page.get_by_role("button", name="Remove a", exact=True).click()
    expect(editor.key("Query", 0)).to_have_value("b")
    expect(editor.key("Query", 0)).to_be_focused()
    assert pairs(editor.save()["query"]) == [("b", "{{inputs.note}}")]


def test_rows_are_moved_by_arrows_by_buttons_and_by_dragging(editor: Editor) -> None:
    editor.page.get_by_role("button", name="Move a:").press("ArrowDown")
    expect(editor.key("Query", 0)).to_have_value("b")
    expect(editor.page.get_by_role("button", name="Move a:")).to_be_focused()
    expect(editor.page.get_by_role("status").filter(has_text="a is now number 2 of 2")).to_be_attached()

    editor.page.get_by_role("button", name="Options of a").click()
    editor.page.get_by_role("button", name="Move up").click()
    expect(editor.key("Query", 0)).to_have_value("a")

    editor.page.get_by_role("button", name="Move b:").drag_to(editor.key("Query", 0))
    expect(editor.key("Query", 0)).to_have_value("b")
    assert pairs(editor.save()["query"]) == [("b", "{{inputs.note}}"), ("a", "1")]


def test_options_of_a_row_are_kept_and_seen(editor: Editor) -> None:
    editor.page.get_by_role("button", name="Options of b").click()
    editor.page.get_by_role("switch", name="Send it even when its value is missing").check()
    editor.page.get_by_role("combobox", name="How dates are written").or_(
        editor.page.get_by_label("How dates are written")
    ).first.click()
    editor.page.get_by_role("option", name=re.compile("A pattern of your own")).click()
    editor.page.get_by_label("Pattern", exact=True).fill("%Y")
    editor.page.get_by_role("button", name="Options of b").click()
    expect(editor.page.get_by_text("sent even when missing")).to_be_visible()
    expect(editor.page.get_by_text("dates: %Y")).to_be_visible()

    assert editor.save()["query"][1] == {
        "key": "b",
        "value": "{{inputs.note}}",
        "send_empty": True,
        "datetime_format": "%Y",
    }


def test_all_rows_are_edited_as_text(editor: Editor) -> None:
    editor.page.get_by_role("button", name="Edit as text: Query").click()
    text = editor.page.get_by_role("textbox", name="Query as text")
    assert editor.text(text) == "a=1\nb={{inputs.note}}"
    editor.replace(text, "b={{inputs.note}}\nc=d=e\n\nf")
    editor.page.get_by_role("button", name="Edit as rows: Query").click()
    expect(editor.region("Query").get_by_role("listitem")).to_have_count(4)
    assert pairs(editor.save()["query"]) == [("b", "{{inputs.note}}"), ("c", "d=e"), ("f", "")]


def test_lines_pasted_into_a_name_become_rows(editor: Editor) -> None:
    editor.paste(editor.key("Headers", -1), "Accept: application/json\r\nX-Trace: abc\r\n")
    expect(editor.region("Headers").get_by_role("listitem")).to_have_count(3)
    assert pairs(editor.save()["headers"]) == [("Accept", "application/json"), ("X-Trace", "abc")]


def test_header_names_are_suggested_and_doubles_are_told(editor: Editor) -> None:
    editor.key("Headers", -1).click()
    editor.page.keyboard.type("x-api")
    editor.page.get_by_role("option", name="X-Api-Key").click()
    expect(editor.key("Headers", 0)).to_have_value("X-Api-Key")
    editor.key("Headers", -1).click()
    editor.page.keyboard.type("x-api-key")
    expect(editor.page.get_by_text("This header is there already.")).to_be_visible()


def test_a_header_that_is_set_by_the_server_is_told_without_saving(editor: Editor) -> None:
    editor.key("Headers", -1).click()
    editor.page.keyboard.type("Host")
    expect(editor.region("Headers").get_by_text('"Host" is set by the server.')).to_be_visible()


def test_errors_of_a_save_stand_at_their_rows(editor: Editor) -> None:
    editor.key("Headers", -1).fill("Bad Name")
    editor.page.keyboard.press("Escape")
    editor.page.get_by_role("button", name="Save", exact=True).click()
    expect(editor.key("Headers", 0)).to_have_attribute("aria-invalid", "true")
    expect(editor.region("Headers").get_by_text('"Bad Name" is not a valid header name.')).to_be_visible()
    editor.key("Headers", 0).fill("Good-Name")
    expect(editor.region("Headers").get_by_text("is not a valid header name")).to_have_count(0)


def test_somebody_who_only_reads_can_change_nothing(new_person: Any, new_page: Any, api: Any, owner_page: Page) -> None:
    editor = open_editor(owner_page, api, TWO)
    page = new_page(new_person("viewer", "Ben Ito"))
    page.goto(f"/integrations/{editor.integration_id}/actions/{editor.action_id}?step=request")
    endpoint = page.get_by_role("textbox", name="Endpoint", exact=True)
    expect(endpoint).to_have_attribute("aria-readonly", "true")
    expect(page.get_by_role("textbox", name="Name of a new row")).to_have_count(0)
    expect(page.get_by_role("combobox", name=re.compile("^Insert a value"))).to_have_count(0)
    expect(page.get_by_role("button", name="Import cURL")).to_have_count(0)
    expect(page.get_by_role("button", name=re.compile("^Remove"))).to_have_count(0)
