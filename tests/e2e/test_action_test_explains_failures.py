"""A test of an action says what went wrong, what the API said, and what to do next; and it can be waited for no longer."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from e2e import answers


@pytest.fixture
def upstream() -> Iterator[answers.Api]:
    with answers.serve_answers() as served:
        yield served


@pytest.fixture
def integration_id(api: Any, upstream: answers.Api) -> str:
    made: str = api.post("/integrations", upstream.integration())["id"]
    return made


@pytest.fixture
def open_test(owner_page: Page, api: Any, upstream: answers.Api, integration_id: str) -> Callable[..., Page]:
    """Opens the test step of a new action that calls an address, or a path of the API."""

    def open_step(endpoint: str, **changes: Any) -> Page:
        request = {"method": "GET", "endpoint": endpoint if "://" in endpoint else f"{upstream.url}{endpoint}"}
        body = upstream.action("/", **{"request": request, **changes})
        action = api.post(f"/integrations/{integration_id}/actions", body)
        owner_page.goto(f"/integrations/{integration_id}/actions/{action['id']}?step=test")
        expect(owner_page.get_by_role("heading", level=2, name="Test")).to_be_visible()
        return owner_page

    return open_step


def run(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Test (and continue|again)$")).click()


EXPLAINED = (
    (answers.Answer({"message": "The key has expired."}, 401), "The API did not accept the credential", "The key has expired."),
    (answers.Answer({"detail": "No such order."}, 404), "The API found nothing there", "No such order."),
    (answers.Answer({"error": {"message": "No"}}, 403), "The API did not accept the credential", "403 Not allowed"),
    (answers.Answer({"errors": [{"detail": "Too short."}]}, 422), "The API refused the request", "Too short."),
    (answers.Answer({}, 429), "The API asks to slow down", "Wait a little"),
    (answers.Answer(b"<h1>Down</h1>", 500, "text/html"), "The API itself failed", "500 Error inside the API"),
    (answers.Answer(b"x" * 1_100_000, 200, "text/plain"), "The answer is too large", "at most 1 MiB"),
    (answers.Answer({}, 302), "The API points to another address", "was not followed"),
)  # fmt: skip


def test_an_answer_that_does_not_do_is_explained(open_test: Callable[..., Page], upstream: answers.Api) -> None:
    """One after the other on the same page; two that follow each other have different titles."""
    page = open_test("/order")
    for answer, title, text in EXPLAINED:
        upstream.answers["/order"] = answer
        run(page)
        expect(page.get_by_role("alert", name=title)).to_be_visible()
        expect(page.get_by_role("region", name="Response", exact=True)).to_contain_text(text)
        expect(page.get_by_role("tab", name="Test Have a look")).to_be_visible()


def test_a_server_that_refuses_is_explained(
    open_test: Callable[..., Page], unused_port: Callable[[], int], axe: Callable[..., None]
) -> None:
    page = open_test(f"http://127.0.0.1:{unused_port()}/order")
    run(page)
    alert = page.get_by_role("alert", name="The server refused the connection")
    expect(alert).to_contain_text("Check the port in the endpoint")
    axe(page)
    alert.get_by_role("link", name="Open the request").click()
    expect(page.get_by_role("heading", level=2, name="Request")).to_be_visible()


def test_an_address_that_may_not_be_called_is_explained(open_test: Callable[..., Page], upstream: answers.Api) -> None:
    upstream.answers["/order"] = answers.Answer({}, 302, headers={"location": "http://10.1.2.3/order"})
    request = {"method": "GET", "endpoint": f"{upstream.url}/order", "follow_redirects": True}
    page = open_test("/order", request=request)
    run(page)
    alert = page.get_by_role("alert", name="This address may not be called")
    expect(alert.get_by_role("link", name="See what may be called")).to_be_visible()
    page.get_by_role("tab", name=re.compile("^Attempts")).click()
    expect(page.get_by_role("tabpanel", name=re.compile("^Attempts"))).to_contain_text("After a redirect")


def test_time_that_ran_out_says_in_which_part(open_test: Callable[..., Page], upstream: answers.Api) -> None:
    upstream.answers["/order"] = answers.Answer({}, gate=threading.Event())
    request = {"method": "POST", "endpoint": f"{upstream.url}/order", "timeout_seconds": 1}
    page = open_test("/order", request=request)
    run(page)
    alert = page.get_by_role("alert", name=re.compile("It took too long|Nobody knows whether it happened"))
    expect(alert).to_be_visible()


def test_no_json_where_outputs_need_it_is_explained(open_test: Callable[..., Page], upstream: answers.Api) -> None:
    upstream.answers["/order"] = answers.Answer(b"{broken", 200, "application/json")
    output = {"key": "id", "name": "Id", "identifier": "id", "type": "string", "required": True}
    page = open_test("/order", outputs=[output])
    run(page)
    expect(page.get_by_role("alert", name="The answer is not JSON")).to_contain_text("$body")
    expect(page.get_by_text("it cannot be read as JSON")).to_be_visible()


def test_nobody_needs_to_wait(
    open_test: Callable[..., Page], upstream: answers.Api, api: Any, axe: Callable[..., None]
) -> None:
    gate = threading.Event()
    upstream.answers["/order"] = answers.Answer({"id": 1}, gate=gate)
    page = open_test("/order")
    run(page)
    expect(page.get_by_text("Waiting for the API…")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Stop waiting").click()
    expect(page.get_by_text("You stopped waiting")).to_be_visible()
    gate.set()  # the run itself went on
    page.wait_for_function(
        "async () => (await (await fetch('api/v1/executions?kind=test')).json()).items.some((one) => one.outcome === 'ok')"
    )


def test_values_have_controls_by_type_and_keep_every_digit(
    open_test: Callable[..., Page], upstream: answers.Api, api: Any, axe: Callable[..., None]
) -> None:
    upstream.answers["/order"] = answers.Answer({})
    kinds = ("string", "integer", "number", "boolean", "datetime")
    inputs = [{"key": kind, "name": f"Some {kind}", "type": kind, "required": True} for kind in kinds]
    inputs.append({"key": "extra", "name": "Some extra", "type": "boolean", "required": False})
    fields = {key: f"{{{{inputs.{key}}}}}" for key in (*kinds, "extra")}
    request = {"method": "POST", "endpoint": f"{upstream.url}/order", "body": {"type": "json", "json": fields}}
    page = open_test("/order", inputs=inputs, request=request)
    page.get_by_role("textbox", name="Some string").fill('Ana "Díaz"')
    page.get_by_role("textbox", name="Some integer").fill("12.5")
    expect(page.get_by_text("This is not a whole number.")).to_be_visible()
    page.get_by_role("textbox", name="Some integer").fill("12345678901234567890")
    page.get_by_role("textbox", name="Some number").fill("12.10")
    page.get_by_role("radiogroup", name="Some boolean").get_by_role("radio", name="Yes").check()
    page.get_by_role("textbox", name="Some datetime").fill("22/11/2026 14:30")
    axe(page)
    run(page)
    expect(page.get_by_role("region", name="Response", exact=True)).to_contain_text("200 OK")
    assert json.loads(upstream.sent["/order"][0]) == {
        "string": 'Ana "Díaz"',
        "integer": 12345678901234567890,
        "number": 12.1,
        "boolean": True,
        "datetime": "2026-11-22T14:30:00Z",
    }
    assert b"12.10" in upstream.sent["/order"][0]
    page.reload()
    expect(page.get_by_role("textbox", name="Some integer")).to_have_value("12345678901234567890")
    expect(page.get_by_role("radio", name="Yes").first).to_be_checked()


def test_unsaved_changes_are_saved_before_the_test(open_test: Callable[..., Page], upstream: answers.Api) -> None:
    upstream.answers["/order"] = answers.Answer({"is": "old"})
    upstream.answers["/new"] = answers.Answer({"is": "new"})
    page = open_test("/order")
    page.get_by_role("tab", name=re.compile("^Request")).click()
    page.get_by_role("textbox", name="Endpoint", exact=True).click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(f"{upstream.url}/new")
    page.get_by_role("tab", name=re.compile("^Test")).click()
    expect(page.get_by_text("Unsaved changes are saved before the test.")).to_be_visible()
    run(page)
    expect(page.get_by_text("Your changes were saved before the test.")).to_be_visible()
    expect(page.get_by_role("treeitem", name=re.compile("^is:"))).to_contain_text("new")
    assert "/order" not in upstream.sent


def test_a_credential_is_asked_for_where_the_request_needs_one(
    owner_page: Page, api: Any, example: Any, emulator: Any
) -> None:
    page = owner_page
    second = api.post(
        f"/integrations/{example.integration_id}/credentials",
        {"name": "Wrong", "values": {"api_key": "not-the-key-at-all"}},
    )
    page.goto(f"/integrations/{example.integration_id}/actions/{example.create_action_id}?step=test")
    page.get_by_role("textbox", name="Account", exact=True).fill("ana.demo")
    picker = page.get_by_role("combobox", name="Credential").or_(page.get_by_label("Credential", exact=True)).first
    picker.click()
    page.get_by_role("option", name=re.compile("^Wrong")).click()
    run(page)
    alert = page.get_by_role("alert", name="The API did not accept the credential")
    expect(alert.get_by_role("link", name="Open the credentials")).to_be_visible()
    assert api.get("/executions", kind="test")["items"][0]["credential_id"] == second["id"]
    page.reload()
    expect(page.get_by_label("Credential", exact=True).first).to_have_value("Wrong")  # the one used last
    assert emulator.api_key not in page.content()
