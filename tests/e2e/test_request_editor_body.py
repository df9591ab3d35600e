"""A body in any of its forms: what was written stays, whichever way it is looked at."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from e2e.request_editor import ENDPOINT, Editor, open_editor


def post(body: dict[str, Any]) -> dict[str, Any]:
    return {"method": "POST", "endpoint": ENDPOINT, "body": body}


ROWS = [{"key": "a", "value": "{{inputs.note}}"}, {"key": "b", "value": "x"}]


@pytest.fixture
def editor(owner_page: Page, api: Any) -> Editor:
    return open_editor(owner_page, api, post({"type": "form", "fields": ROWS}))


def test_rows_go_along_from_form_to_multipart_to_json(editor: Editor) -> None:
    for name, kind in (("Multipart", "multipart"), ("JSON", "json"), ("Form", "form")):
        editor.choose_body(name)
        expect(editor.key("Body", 1)).to_have_value("b")
        saved = editor.save()["body"]
        assert saved["type"] == kind
        assert [(row["key"], row["value"]) for row in saved["fields"]] == [("a", "{{inputs.note}}"), ("b", "x")]


def test_each_form_comes_back_as_it_was_left(editor: Editor) -> None:
    editor.choose_body("Raw")
    text = editor.page.get_by_role("textbox", name="Text", exact=True)
    editor.replace(text, "hello {{inputs.note}}")
    editor.choose_body("None")
    expect(text).to_have_count(0)
    editor.choose_body("Form")
    expect(editor.key("Body", 1)).to_have_value("b")
    editor.choose_body("Raw")
    assert editor.text(text) == "hello {{inputs.note}}"
    assert editor.save()["body"] == {"type": "raw", "content_type": "text/plain", "text": "hello {{inputs.note}}"}


def test_json_is_seen_as_fields_tree_and_text(editor: Editor) -> None:
    editor.choose_body("JSON")
    editor.choose_view("Text")
    text = editor.page.get_by_role("textbox", name="JSON text")
    assert editor.text(text) == '{\n  "a": "{{inputs.note}}",\n  "b": "x"\n}'
    editor.choose_view("Tree")
    expect(editor.page.get_by_role("textbox", name="Name of field 2")).to_have_value("b")
    editor.choose_view("Fields")
    expect(editor.key("Body", 1)).to_have_value("b")
    assert editor.save()["body"]["fields"][0]["value"] == "{{inputs.note}}"


def test_a_text_keeps_the_form_it_was_written_in(editor: Editor) -> None:
    editor.choose_body("JSON")
    editor.choose_view("Text")
    text = editor.page.get_by_role("textbox", name="JSON text")
    editor.replace(
        text, '{"id": {{inputs.order_id}}, "big": 12345678901234567890, "price": 12.10, "list": [true, null]}'
    )
    assert editor.save()["body"]["json"] == {
        "id": "{{inputs.order_id}}",
        "big": 12345678901234567890,
        "price": 12.10,
        "list": [True, None],
    }
    raw = editor.api.client.get(f"/actions/{editor.action_id}").text
    assert '"price":12.10' in raw
    assert editor.text(text).startswith('{"id": {{inputs.order_id}}, "big": 12345678901234567890, "price": 12.10')
    expect(editor.preview).to_contain_text('{"id":42,"big":12345678901234567890,"price":12.10,"list":[true,null]}')

    editor.page.reload()
    editor.choose_view("Text")
    assert '"price": 12.10' in editor.text(text)
    assert '"big": 12345678901234567890' in editor.text(text)


def test_a_text_that_is_not_json_is_kept_and_said_where_it_is_wrong(editor: Editor) -> None:
    editor.choose_body("JSON")
    editor.choose_view("Text")
    text = editor.page.get_by_role("textbox", name="JSON text")
    editor.replace(text, '{"a": 1,\n"b" 2}')
    editor.endpoint.click()
    expect(text).to_have_attribute("aria-invalid", "true")
    expect(text).to_have_accessible_description(re.compile("Line 2: “2}” is not expected here"))
    expect(editor.page.get_by_text("Finish the text to see it as fields or as a tree.")).to_be_visible()
    editor.page.get_by_role("button", name="Save", exact=True).click()
    expect(editor.page.get_by_text("not valid JSON", exact=False).first).to_be_visible()
    assert editor.text(text) == '{"a": 1,\n"b" 2}'

    editor.replace(text, '{"a": 1,\n"b": 2}')
    assert editor.save()["body"] == {"type": "json", "json": {"a": 1, "b": 2}}


def test_a_reference_alone_keeps_its_type_and_says_so(editor: Editor) -> None:
    editor.choose_body("JSON")
    editor.value("Body", 0).click()
    editor.page.keyboard.press("Control+a")
    editor.page.keyboard.type("{{order")
    editor.page.get_by_role("option").first.click()
    expect(editor.region("Body").get_by_text("Keeps its type: Whole number")).to_be_visible()
    expect(editor.preview).to_contain_text('{"a":42,"b":"x"}')
    editor.value("Body", 0).click()
    editor.page.keyboard.press("End")
    editor.page.keyboard.type("!")
    expect(editor.preview).to_contain_text('{"a":"42!","b":"x"}')
    expect(editor.region("Body").get_by_text("Keeps its type")).to_have_count(0)


def test_a_tree_is_built_by_hand(owner_page: Page, api: Any) -> None:
    editor = open_editor(owner_page, api, post({"type": "json", "json": {}}))
    page = owner_page
    page.get_by_role("button", name="Add a field to the body").click()
    expect(page.get_by_role("textbox", name="Name of field 1")).to_be_focused()
    page.keyboard.type("note")
    page.get_by_role("textbox", name="Value of note").click()
    page.keyboard.type("for {{user")
    page.get_by_role("option").first.click()
    page.get_by_role("button", name="Add a list to the body").click()
    expect(page.get_by_role("textbox", name="Name of field 2")).to_be_focused()
    page.keyboard.type("tags")
    page.get_by_role("button", name="Add an item to tags").click()
    expect(page.get_by_role("textbox", name="Value of item 1")).to_be_focused()
    page.keyboard.type("12")
    page.get_by_role("combobox", name="Kind of item 1").or_(page.get_by_label("Kind of item 1")).first.click()
    page.get_by_role("option", name="Number").click()
    page.get_by_role("button", name="Add a group of fields to tags").click()
    assert editor.save()["body"]["json"] == {"note": "for {{inputs.account_id}}", "tags": [12, {}]}

    page.get_by_role("button", name="Move tags", exact=True).click()
    page.get_by_role("menuitem", name="Move up").click()
    page.get_by_role("button", name="Remove note", exact=True).click()
    assert editor.save()["body"]["json"] == {"tags": [12, {}]}


def test_a_name_that_is_taken_is_told_and_set_back(owner_page: Page, api: Any) -> None:
    editor = open_editor(owner_page, api, post({"type": "json", "json": {"a": 1, "b": [2]}}))
    name = owner_page.get_by_role("textbox", name="Name of field 2")
    name.fill("a")
    expect(owner_page.get_by_text("This name is there twice.").first).to_be_visible()
    editor.endpoint.click()
    expect(name).to_have_value("b")
    number = owner_page.get_by_role("textbox", name="Value of a", exact=True)
    number.fill("1,5")
    expect(owner_page.get_by_text("Write a number such as 12 or 12.50.")).to_be_visible()
    editor.endpoint.click()
    expect(number).to_have_value("1")


def test_errors_in_a_tree_stand_at_their_values(owner_page: Page, api: Any) -> None:
    editor = open_editor(owner_page, api, post({"type": "json", "json": {"a": {"b": ["x"]}}}))
    value = owner_page.get_by_role("textbox", name="Value of item 1")
    editor.replace(value, "{{inputs.nobody}}")
    owner_page.get_by_role("button", name="Save", exact=True).click()
    expect(value).to_have_attribute("aria-invalid", "true")
    expect(value).to_have_accessible_description(re.compile('There is no input named "nobody"'))


def test_options_of_fields_come_back_from_the_tree(owner_page: Page, api: Any) -> None:
    rows = [{"key": "a", "value": "{{inputs.note}}", "send_empty": True}]
    editor = open_editor(owner_page, api, post({"type": "json", "fields": rows}))
    editor.choose_view("Tree")
    expect(owner_page.get_by_text("One field had options")).to_be_visible()
    editor.choose_view("Fields")
    expect(editor.region("Body").get_by_text("sent even when missing")).to_be_visible()


def test_line_breaks_stand_in_values_of_fields(editor: Editor) -> None:
    editor.value("Body", 1).click()
    editor.page.keyboard.press("End")
    editor.page.keyboard.press("Enter")
    editor.page.keyboard.press("Shift+Enter")
    editor.page.keyboard.type("y")
    assert editor.save()["body"]["fields"][1]["value"] == "x\ny"
    expect(editor.page.get_by_role("button", name="Edit as text: Fields")).to_be_disabled()


def test_methods_without_bodies_say_so(editor: Editor) -> None:
    method = editor.page.get_by_label("Type of request").first
    method.click()
    expect(editor.page.get_by_role("option")).to_have_count(9)
    expect(editor.page.get_by_role("option", name=re.compile("^GET Gets data"))).to_be_visible()
    editor.page.get_by_role("option", name=re.compile("^TRACE")).click()
    expect(editor.page.get_by_text("TRACE sends back what it was sent, so it may not carry")).to_be_visible()
    expect(editor.page.get_by_text("TRACE requests have no body, but this one has one.")).to_be_visible()
    editor.page.get_by_role("button", name="Send no body").click()
    expect(editor.page.get_by_text("TRACE requests have no body.", exact=True)).to_be_visible()
    method.click()
    editor.page.get_by_role("option", name=re.compile("^GET")).click()
    editor.choose_body("Form")
    expect(editor.page.get_by_text("Many servers ignore the body of a GET request.")).to_be_visible()
    expect(editor.key("Body", 1)).to_have_value("b")
