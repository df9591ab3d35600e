"""Outputs in a browser: picked or typed by hand, judged against the last response, and amber when they are gone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e import answers

ORDER = {
    "id": 12345678901234567890,
    "total": 12.5,
    "paid": True,
    "placed_at": "2026-11-22T10:00:00Z",
    "note": None,
    "items": [{"sku": "A-1", "count": 2}, {"sku": "B-2", "count": 1}],
    "ship-to": {"user.name": "Ana"},
}


@pytest.fixture
def orders() -> Iterator[answers.Api]:
    with answers.serve_answers() as served:
        served.answers["/order"] = answers.Answer(ORDER)
        yield served


@pytest.fixture
def new_action(api: Any, orders: answers.Api) -> Callable[..., str]:
    """Makes an action that gets /order; the address of its page without the step."""
    integration_id = api.post("/integrations", orders.integration())["id"]

    def make(**changes: Any) -> str:
        action = api.post(f"/integrations/{integration_id}/actions", orders.action("/order", **changes))
        return f"/integrations/{integration_id}/actions/{action['id']}"

    return make


def run_test(page: Page, again: bool = False) -> None:
    page.get_by_role("tab", name=re.compile("^Test")).click()
    page.get_by_role("button", name="Test again" if again else "Test and continue").click()
    expect(page.get_by_role("region", name="Response", exact=True)).to_contain_text("now")
    expect(page.get_by_role("status").filter(has_text="The test is finished")).to_have_count(1)


def open_outputs(page: Page) -> None:
    page.get_by_role("tab", name=re.compile("^Outputs")).click()
    expect(page.get_by_role("heading", level=2, name="Outputs")).to_be_visible()


def row(page: Page, number: int) -> Locator:
    return page.get_by_role("group", name=re.compile(f"^Output {number}:"))


def saved_outputs(api: Any, url: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.get(f"/actions/{url.rsplit('/', 1)[1]}")["outputs"]
    return found


def test_picked_values_bring_name_key_identifier_type_and_required(
    owner_page: Page, api: Any, new_action: Callable[..., str], axe: Callable[..., None]
) -> None:
    page = owner_page
    url = new_action()
    page.goto(f"{url}?step=test")
    run_test(page)
    open_outputs(page)
    for name in ("id", "total", "paid", "placed_at", "note", "user.name"):
        page.get_by_role("treeitem", name=re.compile(f"^{re.escape(name)}:")).click()
    items = page.get_by_role("treeitem", name=re.compile("^items:"))
    items.get_by_role("button", name="Use whole").click()
    expect(row(page, 1)).to_contain_text("12345678901234567890")  # to the last digit
    expect(row(page, 5)).to_contain_text("empty (null)")
    axe(page)
    page.get_by_role("treeitem", name=re.compile("^total:")).click()  # is one already
    expect(page.get_by_role("group", name=re.compile("^Output"))).to_have_count(7)
    expect(row(page, 2).get_by_role("textbox", name="Output name")).to_be_focused()
    page.get_by_role("button", name="Save action").click()
    expect(page.get_by_role("heading", level=2, name="Actions")).to_be_visible()
    told = [(each["key"], each["identifier"], each["type"], each["required"]) for each in saved_outputs(api, url)]
    assert told == [
        ("id", "id", "integer", True),
        ("total", "total", "number", True),
        ("paid", "paid", "boolean", True),
        ("placed_at", "placed_at", "datetime", True),
        ("note", "note", "string", False),
        ("['ship-to']['user.name']", "user_name", "string", True),
        ("items", "items", "json", True),
    ]


def test_a_value_of_a_list_can_be_the_first_the_last_or_the_whole_list(
    owner_page: Page, new_action: Callable[..., str], axe: Callable[..., None]
) -> None:
    page = owner_page
    page.goto(f"{new_action()}?step=test")
    run_test(page)
    open_outputs(page)
    page.get_by_role("treeitem", name=re.compile("^sku:")).last.click()
    key = row(page, 1).get_by_role("combobox", name="Key in the response")
    expect(key).to_have_value("items[1].sku")
    expect(row(page, 1)).to_contain_text("This is item 2 of a list")
    axe(page)
    row(page, 1).get_by_role("button", name="First item").click()
    expect(key).to_have_value("items[0].sku")
    expect(row(page, 1)).to_contain_text("In the last response: A-1")
    row(page, 1).get_by_role("button", name="Last item").click()
    expect(key).to_have_value("items[-1].sku")
    row(page, 1).get_by_role("button", name="Whole list").click()
    expect(key).to_have_value("items")
    expect(row(page, 1).get_by_label("Type")).to_have_value("List or object (JSON)")


def test_a_key_is_typed_by_hand_and_need_not_be_there(
    owner_page: Page, api: Any, new_action: Callable[..., str], axe: Callable[..., None]
) -> None:
    page = owner_page
    url = new_action()
    page.goto(f"{url}?step=test")
    run_test(page)
    open_outputs(page)
    page.get_by_role("button", name="Add by hand").click()
    expect(row(page, 1).get_by_role("textbox", name="Output name")).to_be_focused()
    page.keyboard.insert_text("Coupon")
    key = row(page, 1).get_by_role("combobox", name="Key in the response")
    key.fill("data..coupon")
    expect(row(page, 1)).to_contain_text("at position 6")
    key.fill("items[0].count")
    expect(row(page, 1)).to_contain_text("In the last response: 2")
    key.fill("data.couponCode")
    expect(row(page, 1)).to_contain_text("It is not in the last response. It is required, so the block would fail.")
    page.keyboard.press("Escape")
    row(page, 1).get_by_role("checkbox", name="Required").uncheck()
    expect(row(page, 1)).to_contain_text("It is not required, so the block goes on without it.")
    expect(row(page, 1).get_by_role("textbox", name="Identifier")).to_have_value("coupon_code")
    axe(page)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    (output,) = saved_outputs(api, url)
    assert (output["key"], output["required"]) == ("data.couponCode", False)
    run_test(page, again=True)
    expect(page.get_by_role("tab", name="Test Done")).to_be_visible()  # it fails no run


def test_keys_are_offered_with_samples_and_take_the_type_along(
    owner_page: Page, new_action: Callable[..., str], axe: Callable[..., None]
) -> None:
    page = owner_page
    page.goto(f"{new_action()}?step=test")
    run_test(page)
    open_outputs(page)
    page.get_by_role("button", name="Add by hand").click()
    key = row(page, 1).get_by_role("combobox", name="Key in the response")
    key.press_sequentially("pla")
    option = page.get_by_role("option", name=re.compile("^placed_at"))
    expect(option).to_contain_text("2026-11-22T10:00:00Z")
    axe(page)
    option.click()
    expect(row(page, 1).get_by_label("Type")).to_have_value("Date and time")
    key.fill("$headers.content-t")
    page.get_by_role("option", name="$headers.content-type").click()
    expect(row(page, 1)).to_contain_text("application/json")
    row(page, 1).get_by_role("combobox", name="Type").or_(row(page, 1).get_by_label("Type")).first.click()
    page.get_by_role("option", name="Whole number").click()
    expect(row(page, 1)).to_contain_text("cannot become this type: Whole number")


def test_a_required_output_that_is_gone_turns_amber_and_says_why(
    owner_page: Page, new_action: Callable[..., str], orders: answers.Api, axe: Callable[..., None]
) -> None:
    page = owner_page
    output = {"key": "paid", "name": "Paid", "identifier": "paid", "type": "boolean", "required": True}
    page.goto(f"{new_action(outputs=[output])}?step=test")
    run_test(page)
    expect(page.get_by_role("tab", name="Outputs Done")).to_be_visible()
    orders.answers["/order"] = answers.Answer({"id": 1})
    run_test(page, again=True)
    alert = page.get_by_role("alert", name="A required output is missing")
    expect(alert).to_contain_text("output_missing")
    expect(page.get_by_role("tab", name="Outputs Have a look")).to_be_visible()
    axe(page)
    alert.get_by_role("link", name="Open the outputs").click()
    expect(row(page, 1)).to_contain_text("It is not in the last response. It is required, so the block would fail.")
    orders.answers["/order"] = answers.Answer({"paid": None})
    run_test(page, again=True)
    expect(page.get_by_role("alert", name="A required output is empty")).to_be_visible()
    orders.answers["/order"] = answers.Answer({"paid": "perhaps"})
    run_test(page, again=True)
    expect(page.get_by_role("alert", name="A required output has another type")).to_be_visible()


def test_a_reload_still_knows_the_last_response(owner_page: Page, new_action: Callable[..., str]) -> None:
    page = owner_page
    url = new_action()
    page.goto(f"{url}?step=test")
    run_test(page)
    page.goto(f"{url}?step=outputs")
    page.get_by_role("treeitem", name=re.compile("^id:")).click()
    expect(row(page, 1)).to_contain_text("12345678901234567890")


@pytest.mark.view(own=True)
def test_a_private_action_shows_names_and_types_and_keeps_no_values(
    owner_page: Page, new_action: Callable[..., str]
) -> None:
    page = owner_page
    inputs = [{"key": "email", "name": "E-mail", "type": "string", "required": True}]
    url = new_action(is_private=True, inputs=inputs)
    page.goto(f"{url}?step=test")
    page.get_by_role("textbox", name="E-mail").fill("ana@acme.example")
    run_test(page)
    expect(page.get_by_text("values are not kept")).to_be_visible()
    kept = page.evaluate("JSON.stringify(Object.entries(localStorage))")
    assert "placed_at" in kept
    assert "ana@acme.example" not in kept
    assert "2026-11-22T10:00:00Z" not in kept
    open_outputs(page)
    page.get_by_role("treeitem", name=re.compile("^placed_at:")).click()
    expect(row(page, 1).get_by_label("Type")).to_have_value("Text")
    expect(row(page, 1)).to_contain_text("its value is not kept")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(row(page, 1)).to_contain_text("its value is not kept")


@pytest.mark.view(own=True)
def test_a_long_body_is_cut_and_its_keys_are_offered_all_the_same(
    owner_page: Page, new_action: Callable[..., str], orders: answers.Api
) -> None:
    page = owner_page
    long = {"last": "here", "text": "x" * 300_000}
    orders.answers["/order"] = answers.Answer(json.dumps(dict(reversed(long.items()))).encode())
    url = new_action()
    page.goto(f"{url}?step=test")
    run_test(page)
    expect(page.get_by_text("Only its first 256 KiB are kept and shown").first).to_be_visible()
    open_outputs(page)
    page.get_by_role("button", name="Add by hand").click()
    row(page, 1).get_by_role("combobox", name="Key in the response").fill("last")
    expect(row(page, 1)).to_contain_text("In the last response: here")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(row(page, 1)).to_contain_text("It is in the last response; its value is not kept.")
