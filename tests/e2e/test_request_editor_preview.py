"""Beside the request stand the very bytes it makes, and what hostile values do to them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from e2e.harness import check_both_colours
from e2e.request_editor import ENDPOINT, Editor, open_editor

REQUEST = {
    "method": "POST",
    "endpoint": ENDPOINT + "/{{inputs.account_id}}",
    "headers": [{"key": "X-Api-Key", "value": "{{auth.api_key}}"}],
    "body": {"type": "json", "json": {"note": "{{inputs.note}}", "due": "{{inputs.due}}"}},
}


@pytest.fixture
def editor(owner_page: Page, api: Any) -> Editor:
    return open_editor(owner_page, api, REQUEST)


def sample(page: Page, name: str) -> Any:
    return page.get_by_role("group", name="Sample values").get_by_label(re.compile(f"^{name}"))


def test_the_preview_is_what_the_server_would_send(editor: Editor) -> None:
    expect(editor.preview).to_contain_text("POST /v1/orders/example HTTP/1.1")
    expect(editor.preview).to_contain_text("Host: api.example.com")
    expect(editor.preview).to_contain_text("X-Api-Key: hidden value██████")
    expect(editor.preview).to_contain_text('{"note":"example","due":"2026-11-22T14:30:00Z"}')

    sample(editor.page, "Username").fill("Ana Díaz")
    expect(editor.preview).to_contain_text("POST /v1/orders/Ana%20D%C3%ADaz HTTP/1.1")
    sample(editor.page, "Due").fill("2026-12-01T08:05")
    expect(editor.preview).to_contain_text('"due":"2026-12-01T08:05:00Z"')
    sample(editor.page, "Note").fill('a "b"')
    expect(editor.preview).to_contain_text(r'"note":"a \"b\""')


def test_a_missing_value_is_not_an_empty_one(editor: Editor) -> None:
    sample(editor.page, "Note").fill("")
    expect(editor.preview).to_contain_text('{"note":"",')
    editor.page.get_by_role("button", name="Leave it out").click()
    expect(editor.preview).to_contain_text('{"due":')
    expect(editor.preview).not_to_contain_text("note")


def test_a_value_that_does_not_do_is_said_at_its_field(editor: Editor) -> None:
    expect(editor.preview).to_contain_text("/v1/orders/example")
    sample(editor.page, "Username").fill("../admin")
    expect(editor.page.get_by_role("group", name="Sample values").get_by_text(re.compile("account_id"))).to_be_visible()
    expect(editor.page.get_by_text("One thing is not right yet")).to_be_visible()
    expect(editor.preview).to_contain_text("/v1/orders/example")
    expect(editor.page.get_by_text("This is how it was before the last change.")).to_be_visible()


def test_the_last_good_request_stays_while_there_are_errors(editor: Editor) -> None:
    expect(editor.preview).to_contain_text("/v1/orders/example")
    editor.replace(editor.endpoint, "nowhere")
    expect(editor.page.get_by_text("This is how it was before the last change.")).to_be_visible()
    expect(editor.preview).to_contain_text("/v1/orders/example")
    expect(editor.endpoint).to_have_accessible_description(re.compile("must start with https://"))
    expect(editor.endpoint).not_to_have_attribute("aria-invalid", "true")
    editor.replace(editor.endpoint, ENDPOINT)
    expect(editor.page.get_by_text("This is how it was before the last change.")).to_have_count(0)
    expect(editor.preview).to_contain_text("POST /v1/orders HTTP/1.1")


def test_an_answer_that_is_overtaken_is_not_shown(editor: Editor) -> None:
    expect(editor.preview).to_contain_text("/v1/orders/example")
    held: list[Route] = []

    def hold(route: Route) -> None:
        if "slow" in (route.request.post_data or ""):
            held.append(route)
        else:
            route.continue_()

    editor.page.route("**/preview", hold)
    with editor.page.expect_request(
        lambda request: request.url.endswith("/preview") and "slow" in (request.post_data or "")
    ):
        editor.replace(editor.endpoint, f"{ENDPOINT}/slow")
    with editor.page.expect_event("requestfailed", lambda request: "slow" in (request.post_data or "")):
        editor.replace(editor.endpoint, f"{ENDPOINT}/fast")
    expect(editor.preview).to_contain_text("POST /v1/orders/fast HTTP/1.1")
    assert len(held) == 1


def test_a_query_is_moved_out_of_the_endpoint(editor: Editor) -> None:
    editor.paste(editor.endpoint, "")
    editor.replace(editor.endpoint, f"{ENDPOINT}?page=2&q=a%20b&id={{{{inputs.account_id}}}}")
    editor.page.get_by_role("button", name="Move to Query").click()
    assert editor.text(editor.endpoint) == ENDPOINT
    expect(editor.region("Query").get_by_role("listitem")).to_have_count(4)
    expect(editor.preview).to_contain_text("POST /v1/orders?page=2&q=a%20b&id=example HTTP/1.1")
    saved = editor.save()["query"]
    assert [(row["key"], row["value"]) for row in saved] == [
        ("page", "2"),
        ("q", "a b"),
        ("id", "{{inputs.account_id}}"),
    ]


def test_advanced_settings_are_kept_and_summed_up(editor: Editor) -> None:
    page = editor.page
    page.get_by_role("button", name=re.compile("^Advanced")).click()
    page.get_by_label("Wait at most").fill("7.5")
    page.get_by_role("switch", name="Follow redirects").check()
    page.get_by_role("combobox", name="Header for safe repeats").fill("Idempotency-Key")
    page.keyboard.press("Escape")
    expect(editor.preview).to_contain_text("Idempotency-Key: (made for each execution)")
    page.get_by_role("button", name=re.compile("^Advanced")).click()
    expect(page.get_by_text("Waits 7.5 s · Follows redirects · Repeats safely with Idempotency-Key")).to_be_visible()
    saved = editor.save()
    assert (saved["timeout_seconds"], saved["follow_redirects"], saved["idempotency_header"]) == (
        7.5,
        True,
        "Idempotency-Key",
    )


def test_hostile_values_are_shown_with_what_becomes_of_them(editor: Editor, axe: Callable[..., None]) -> None:
    editor.page.get_by_role("button", name="Try hostile values").click()
    panel = editor.page.get_by_role("dialog", name="Hostile values")
    expect(panel.get_by_text(re.compile(r"^\d+ go out safely encoded, \d+ are refused\.$"))).to_be_visible()
    cases = panel.get_by_role("button", name=re.compile("Refused$|Sent, encoded$"))
    expect(cases.first).to_be_visible()
    assert cases.count() >= 40
    axe(editor.page)

    panel.get_by_role("button", name="Up the path Refused").click()
    expect(panel.get_by_text("Nothing is sent:")).to_be_visible()
    panel.get_by_role("button", name="A JSON field added").click()
    made = panel.get_by_role("region", name="The request with this value")
    expect(made).to_contain_text(r'"note":"a\",\"is_admin\":true,\"b\":\""')
    expect(made.locator("mark").first).to_contain_text("a%22%2C%22is_admin%22")
    panel.get_by_text(re.compile(r"^Refused \(\d+\)$")).click()
    expect(panel.get_by_role("button", name=re.compile("Sent, encoded$"))).to_have_count(0)
    axe(editor.page)
    editor.page.keyboard.press("Escape")
    expect(panel).to_have_count(0)


def test_hostile_values_wait_for_a_request_that_holds(editor: Editor) -> None:
    editor.replace(editor.endpoint, "nowhere")
    editor.page.get_by_role("button", name="Try hostile values").click()
    panel = editor.page.get_by_role("dialog", name="Hostile values")
    expect(panel.get_by_role("alert")).to_contain_text("must start with https://")


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_whole_editor_is_accessible_and_fits(
    new_page: Callable[..., Page], owner: Any, api: Any, size: str
) -> None:
    page = new_page(owner, size=size)
    query = [{"key": "due", "value": "{{inputs.due}}", "datetime_format": "date"}, {"key": "b" * 60, "value": "c" * 90}]
    editor = open_editor(page, api, {**REQUEST, "query": query})
    expect(editor.preview).to_contain_text("POST")
    page.get_by_role("button", name="Options of due").click()
    page.get_by_role("button", name=re.compile("^Advanced")).click()
    check_both_colours(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= (390 if size == "phone" else 1440)
    editor.choose_view("Text")
    editor.replace(page.get_by_role("textbox", name="JSON text"), '{"a": [1, true, null, "x{{inputs.note}}"]')
    editor.endpoint.click()
    expect(page.get_by_text("something is missing at the end")).to_be_visible()
    check_both_colours(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= (390 if size == "phone" else 1440)
