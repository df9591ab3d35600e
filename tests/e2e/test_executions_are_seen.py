"""Executions in a browser: the list, its filters, one of them, and running it again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect


def run(api: Any, example: Any, account_id: str = "ana.demo") -> Any:
    body = {"credential_id": example.credential_id, "inputs": {"account_id": account_id}}
    return api.post(f"/actions/{example.create_action_id}/executions", body)


def test_nothing_has_run_yet(owner_page: Page, axe: Callable[..., None]) -> None:
    owner_page.goto("/executions")
    expect(owner_page.get_by_text("Nothing has run yet")).to_be_visible()
    axe(owner_page)


def test_the_list_is_live_and_filtered(owner_page: Page, api: Any, example: Any, axe: Callable[..., None]) -> None:
    page = owner_page
    run(api, example)
    page.goto("/executions")
    rows = page.get_by_role("table", name="Executions").get_by_role("row")
    expect(rows).to_have_count(2)
    expect(page.get_by_role("img", name="Executions over time: 1 OK, 0 failed")).to_be_visible()
    axe(page)
    run(api, example, "nobody.here")  # shows up by itself
    expect(rows).to_have_count(3)
    page.get_by_role("combobox", name="Outcome").click()
    page.get_by_role("option", name="Refused by the API (4xx)").click()
    expect(rows).to_have_count(2)
    assert "outcome=http_4xx" in page.url
    page.reload()
    expect(rows).to_have_count(2)
    page.get_by_role("button", name="Clear all filters").click()
    expect(rows).to_have_count(3)
    page.get_by_label("Search").fill("no such thing anywhere")
    expect(page.get_by_text("Nothing matches")).to_be_visible()


def test_one_execution_tells_everything_and_runs_again(
    owner_page: Page, api: Any, example: Any, emulator: Any, axe: Callable[..., None]
) -> None:
    page = owner_page
    made = run(api, example)
    page.goto(f"/executions/{made['id']}")
    expect(page.get_by_role("heading", name="Create user validation")).to_be_visible()
    expect(page.get_by_text("ana.demo").first).to_be_visible()
    expect(page.get_by_text(made["outputs"]["validation_id"]).first).to_be_visible()
    assert emulator.api_key not in page.content()
    axe(page)
    page.get_by_role("button", name="Run again with the same inputs").click()
    page.wait_for_url(lambda url: "/executions/" in url and made["id"] not in url)
    again = api.get(f"/executions/{page.url.rsplit('/', 1)[1]}")
    assert again["inputs"] == {"account_id": "ana.demo"}
    assert again["outcome"] == "ok"


def test_a_failure_says_why_in_the_readers_language(
    new_page: Callable[..., Page], owner: Any, api: Any, example: Any
) -> None:
    made = run(api, example, "nobody.here")
    page = new_page(owner, locale="es")
    page.goto(f"/executions/{made['id']}")
    expect(page.get_by_role("alert", name="La API rechazó la solicitud")).to_be_visible()
    expect(page.get_by_text("Validation account not found").first).to_be_visible()


def test_what_is_not_there_is_said(owner_page: Page, watch: Any) -> None:
    watch.allow(r"console: .*404")
    owner_page.goto("/executions/exe_00000000000000000000000000")
    expect(owner_page.get_by_role("heading", name="This execution is not kept any more")).to_be_visible()
    owner_page.goto("/no/such/page")
    expect(owner_page.get_by_role("heading", name="There is nothing here")).to_be_visible()


def test_the_start_shows_how_it_goes(owner_page: Page, api: Any, example: Any, axe: Callable[..., None]) -> None:
    page = owner_page
    page.goto("/")
    expect(page.get_by_role("heading", name="First steps")).to_be_visible()
    axe(page)
    run(api, example, "nobody.here")
    page.reload()
    expect(page.get_by_role("heading", name="Had failures in the last day")).to_be_visible()
    run(api, example)
    page.reload()
    expect(page.get_by_role("heading", name="Latest executions")).to_be_visible()
    expect(page.get_by_role("heading", name="First steps")).to_have_count(0)
