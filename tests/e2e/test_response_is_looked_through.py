"""A response in a browser: its tree by keyboard and search, its raw text, headers, times, attempts, and what was sent."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from e2e import answers
from e2e.harness import check_both_colours

DATA = {
    "order": {"number": 12345678901234567890, "price": 12.10, "open": True, "note": None, "2nd": "x"},
    "lines": [{"sku": "A-1"}, {"sku": "B-2"}],
    "text": "a long line " * 40,
}


@pytest.fixture
def upstream() -> Iterator[answers.Api]:
    with answers.serve_answers() as served:
        yield served


@pytest.fixture
def open_response(owner_page: Page, api: Any, upstream: answers.Api) -> Callable[..., Page]:
    """Runs a new action against a body and opens its test step, where the response is."""

    def run(body: Any, content_type: str = "application/json", page: Page = owner_page, **request: Any) -> Page:
        upstream.answers["/data"] = answers.Answer(body, content_type=content_type)
        integration_id = api.post("/integrations", {"name": "Acme data"})["id"]
        action = api.post(
            f"/integrations/{integration_id}/actions",
            upstream.action("/data", request={"method": "GET", "endpoint": f"{upstream.url}/data", **request}),
        )
        api.post(f"/actions/{action['id']}/test", {})
        page.goto(f"/integrations/{integration_id}/actions/{action['id']}?step=test")
        expect(page.get_by_text("200 OK").first).to_be_visible()
        return page

    return run


def test_the_tree_is_walked_by_keyboard(open_response: Callable[..., Page], axe: Callable[..., None]) -> None:
    page = open_response(DATA)
    tree = page.get_by_role("tree", name="Body of the response")
    tree.focus()
    active = page.locator("[role=treeitem][aria-selected=true]")
    expect(active).to_contain_text("Whole response")
    for pressed, name in [
        ("ArrowDown", "order"),
        ("ArrowRight", "number"),
        ("ArrowDown", "price"),
        ("ArrowLeft", "order"),
        ("ArrowLeft", "order"),
        ("ArrowDown", "lines"),
        ("End", "text"),
        ("Home", "Whole response"),
        ("o", "order"),
    ]:
        page.keyboard.press(pressed)
        expect(active).to_contain_text(name)
    expect(active).to_have_attribute("aria-expanded", "false")
    expect(active).to_have_attribute("aria-level", "2")
    expect(tree).to_have_attribute("aria-activedescendant", active.get_attribute("id") or "")
    page.keyboard.press("Space")
    expect(active).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("treeitem", name=re.compile("^number:"))).to_contain_text("12345678901234567890")
    axe(page)
    page.keyboard.press("End")
    expect(page.get_by_role("region", name="Whole value")).to_contain_text("a long line")


def test_values_are_searched_and_filtered(open_response: Callable[..., Page], axe: Callable[..., None]) -> None:
    page = open_response(DATA)
    search = page.get_by_role("searchbox", name="Search names and values")
    search.fill("b-2")
    expect(page.get_by_text("1 found")).to_be_visible()
    page.get_by_role("switch", name="Only what is found").check()
    expect(page.get_by_role("treeitem")).to_have_count(4)  # the value, its item, its list, the whole
    search.press("Enter")
    expect(page.locator("[role=treeitem][aria-selected=true]")).to_contain_text("B-2")
    axe(page)
    page.get_by_role("button", name="Copy key").click()
    assert page.evaluate("navigator.clipboard.readText()") == "lines[1].sku"
    page.get_by_role("button", name="Copied").click()
    search.fill("nothing like it")
    expect(page.get_by_text("Nothing contains “nothing like it”.")).to_be_visible()
    page.get_by_role("button", name="Clear the search").click()
    page.get_by_role("button", name="Fold everything", exact=True).click()
    expect(page.get_by_role("treeitem")).to_have_count(4)
    page.get_by_role("button", name="Unfold everything").click()
    expect(page.get_by_role("treeitem")).to_have_count(13)
    page.get_by_role("radiogroup", name="Show the body as").get_by_text("Raw").click()
    expect(page.get_by_role("region", name="Body of the response")).to_contain_text('"number": 12345678901234567890')


def test_thousands_of_values_cost_a_screenful(open_response: Callable[..., Page]) -> None:
    page = open_response([{"id": number, "name": f"Order {number}"} for number in range(3000)])
    page.get_by_role("button", name="Unfold everything").click()
    tree = page.get_by_role("tree")
    assert page.get_by_role("treeitem").count() < 120
    tree.focus()
    page.keyboard.press("End")
    expect(page.locator("[role=treeitem][aria-selected=true]")).to_contain_text("Order 2999")
    page.get_by_role("searchbox").fill("Order 1500")
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator("[role=treeitem][aria-selected=true]")).to_contain_text("Order 1500")
    page.get_by_role("button", name="Copy key").click()
    assert page.evaluate("navigator.clipboard.readText()") == "[1500].name"


def test_what_was_sent_hides_its_secret(
    owner_page: Page, api: Any, example: Any, emulator: Any, axe: Callable[..., None]
) -> None:
    page = owner_page
    inputs = {"credential_id": example.credential_id, "inputs": {"account_id": "ana.demo"}}
    api.post(f"/actions/{example.create_action_id}/test", inputs)
    page.goto(f"/integrations/{example.integration_id}/actions/{example.create_action_id}?step=test")
    page.get_by_role("tab", name="Request sent").click()
    sent = page.get_by_role("region", name="Request as it was sent")
    expect(sent).to_contain_text(f"POST {emulator.url}/v1/validations")
    expect(sent).to_contain_text("Truora-API-Key: ***")
    expect(sent).to_contain_text("account_id=ana.demo")
    axe(page)
    page.get_by_role("tab", name=re.compile("^Headers")).click()
    expect(page.get_by_role("table", name="Headers").get_by_role("row")).not_to_have_count(0)
    axe(page)
    page.get_by_role("tab", name=re.compile("^Attempts")).click()
    attempts = page.get_by_role("tabpanel", name=re.compile("^Attempts"))
    expect(attempts).to_contain_text("Attempt 1")
    expect(attempts.get_by_role("list", name="Where the time went")).to_contain_text("Wait for the answer")
    axe(page)
    assert emulator.api_key not in page.content()


NO_TREES = (
    (b"", "application/json", "The response has no body."),
    (b"\xff\xfe\x00binary", "application/octet-stream", "The body is not text"),
    (b"<p>Hello</p>", "text/html", "<p>Hello</p>"),
    (b"{half", "application/json", "it cannot be read as JSON"),
    (json.dumps(["y" * 300_000]).encode(), "application/json", "Only its first 256 KiB are kept and shown"),
)


def test_what_is_no_tree_is_said(open_response: Callable[..., Page]) -> None:
    for body, content_type, words in NO_TREES:
        page = open_response(body, content_type)
        expect(page.get_by_role("tabpanel", name="Body")).to_contain_text(words)
        expect(page.get_by_role("tree")).to_have_count(0)


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_response_fits_and_reads_well(
    open_response: Callable[..., Page], new_page: Callable[..., Page], owner: Any, size: str
) -> None:
    page = open_response(DATA, page=new_page(owner, size=size))
    page.get_by_role("treeitem", name=re.compile("^text:")).click()
    check_both_colours(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("window.innerWidth")
