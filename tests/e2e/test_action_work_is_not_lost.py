"""What is typed into an action outlives a reload, is saved part by part, and errors stand where they belong."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Request, expect


def open_action(page: Page, example: Any, step: str) -> None:
    page.goto(f"/integrations/{example.integration_id}/actions/{example.validate_action_id}?step={step}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.view(own=True)
def test_a_reload_keeps_the_draft_of_a_saved_action(owner_page: Page, api: Any, example: Any) -> None:
    page = owner_page
    open_action(page, example, "details")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    page.get_by_role("textbox", name="Action name").fill("Check the code")
    page.get_by_role("tab", name=re.compile("Inputs")).click()
    page.get_by_role("checkbox", name="Required").last.uncheck()
    expect(page.get_by_text("Unsaved changes")).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())  # the browser's own question before it reloads
    page.reload()
    expect(page.get_by_role("status").filter(has_text="You did not save this last time")).to_be_visible()
    expect(page.get_by_role("heading", level=1, name="Check the code")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Required").last).not_to_be_checked()
    assert api.get(f"/actions/{example.validate_action_id}")["name"] == "Validate code"
    page.get_by_role("button", name="Discard changes").click()
    expect(page.get_by_role("heading", level=1, name="Validate code")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Required").last).to_be_checked()
    page.reload()
    expect(page.get_by_text("You did not save this last time")).to_have_count(0)


@pytest.mark.view(own=True)
def test_a_reload_keeps_the_draft_of_a_new_action(owner_page: Page, example: Any) -> None:
    page = owner_page
    page.goto(f"/integrations/{example.integration_id}/actions/new")
    page.get_by_role("textbox", name="Action name").fill("Cancel order")
    page.get_by_role("tab", name=re.compile("Inputs")).click()
    page.get_by_role("button", name="Add input").click()
    page.keyboard.insert_text("Order")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.get_by_role("textbox", name="Action name")).to_have_value("Cancel order")
    page.get_by_role("tab", name=re.compile("Inputs")).click()
    expect(page.get_by_role("textbox", name="Key")).to_have_value("order")


def test_leaving_with_unsaved_work_is_asked_about_once(
    owner_page: Page, example: Any, axe: Callable[..., None]
) -> None:
    page = owner_page
    open_action(page, example, "details")
    page.get_by_role("textbox", name="Description").fill("Another text")
    page.get_by_role("tab", name=re.compile("Test")).click()  # another step is no other page
    expect(page.get_by_role("heading", level=2, name="Test")).to_be_visible()
    page.get_by_role("link", name="Executions").click()
    dialog = page.get_by_role("dialog", name="Leave without saving?")
    expect(dialog).to_be_visible()
    axe(page)
    dialog.get_by_role("button", name="Stay").click()
    expect(dialog).to_have_count(0)
    page.get_by_role("link", name="Executions").click()
    dialog.get_by_role("button", name="Leave").click()
    expect(page.get_by_role("heading", level=1, name="Executions")).to_be_visible()


def test_a_test_pressed_before_the_credentials_are_there_runs_with_the_first(owner_page: Page, example: Any) -> None:
    page = owner_page
    held: list[Any] = []
    page.goto(f"/integrations/{example.integration_id}/actions/{example.create_action_id}?step=test")
    page.get_by_role("textbox", name="Account").fill("ana.demo")
    page.route("**/credentials?*", lambda route: held.append(route), times=1)  # noqa: PLW0108  # it is given a mark
    page.reload()
    expect(page.get_by_role("textbox", name="Account")).to_have_value("ana.demo")
    page.get_by_role("button", name=re.compile("^Test")).click()
    held[0].continue_()
    expect(page.get_by_role("region", name="Response", exact=True)).to_contain_text("200 OK")


@pytest.mark.view(own=True)
def test_only_what_was_changed_is_sent(owner_page: Page, api: Any, example: Any) -> None:
    page = owner_page
    sent: list[Any] = []

    def note(request: Request) -> None:
        if request.method == "PATCH":
            sent.append(json.loads(request.post_data or ""))

    page.on("request", note)
    open_action(page, example, "details")
    page.get_by_role("textbox", name="Description").fill("Checks what was typed.")
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    assert sent == [{"description": "Checks what was typed."}]
    assert api.get(f"/actions/{example.validate_action_id}")["description"] == "Checks what was typed."
    expect(page.get_by_role("heading", level=2, name="Details")).to_be_visible()


def test_an_error_stands_at_its_field_and_its_step(
    owner_page: Page, api: Any, example: Any, axe: Callable[..., None]
) -> None:
    page = owner_page
    open_action(page, example, "inputs")
    page.get_by_role("textbox", name="Key").last.fill("Code")
    expect(page.get_by_text("Only lowercase letters without accents, digits and _.")).to_be_visible()
    page.get_by_role("textbox", name="Key").last.fill("validation_id")
    expect(page.get_by_text("Another row has this already.")).to_have_count(2)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("tab", name="Inputs To correct")).to_be_visible()
    expect(page.get_by_text("Could not be saved").first).to_be_visible()
    axe(page)
    page.get_by_role("textbox", name="Key").last.fill("code")
    expect(page.get_by_role("tab", name="Inputs Done")).to_be_visible()

    page.get_by_role("tab", name=re.compile("Details")).click()
    page.get_by_role("textbox", name="Action name").fill("Check it")
    page.get_by_role("tab", name=re.compile("Request")).click()
    endpoint = page.get_by_role("textbox", name="Endpoint", exact=True)
    endpoint.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("ftp://api.acme.example")
    page.get_by_role("tab", name=re.compile("Details")).click()
    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        page.get_by_role("button", name="Save", exact=True).click()
    alert = page.get_by_role("alert", name="Some steps need to be corrected")
    expect(alert).to_contain_text("The endpoint must start with https:// or http://.")
    expect(page.get_by_role("tab", name="Request To correct")).to_be_visible()
    assert api.get(f"/actions/{example.validate_action_id}")["name"] == "Check it"  # what is right is saved
    expect(page.get_by_text("Unsaved changes").or_(page.get_by_text("Could not be saved"))).not_to_have_count(0)
    alert.get_by_role("button", name="Request").click()
    expect(page.get_by_text("The endpoint must start with").first).to_be_visible()


def test_a_renamed_input_takes_its_references_along(
    owner_page: Page, api: Any, example: Any, axe: Callable[..., None]
) -> None:
    page = owner_page
    open_action(page, example, "inputs")
    page.get_by_role("textbox", name="Key").first.fill("id")
    expect(page.get_by_text("in the endpoint.")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Call it id there too").click()
    expect(page.get_by_text("The request still calls it")).to_have_count(0)
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", level=2, name="Request")).to_be_visible()
    saved = api.get(f"/actions/{example.validate_action_id}")
    assert saved["request"]["endpoint"].endswith("/v1/validations/{{inputs.id}}")
    assert saved["inputs"][0]["key"] == "id"


def test_a_removed_input_can_take_its_references_away(
    owner_page: Page, api: Any, example: Any, axe: Callable[..., None]
) -> None:
    page = owner_page
    open_action(page, example, "inputs")
    page.get_by_role("button", name="Remove Code").click()
    dialog = page.get_by_role("dialog", name="Remove “Code”?")
    expect(dialog).to_contain_text("the body field token")
    axe(page)
    dialog.get_by_role("button", name="Only the input").click()
    expect(page.get_by_role("textbox", name="Input name")).to_be_focused()
    page.get_by_role("button", name="Save", exact=True).click()
    alert = page.get_by_role("alert", name="Some steps need to be corrected")
    expect(alert).to_contain_text('There is no input named "code".')
    page.get_by_role("button", name="Add input").click()
    page.keyboard.insert_text("Code")
    page.get_by_role("button", name="Remove Code").click()
    dialog.get_by_role("button", name="Input and references").click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    fields = api.get(f"/actions/{example.validate_action_id}")["request"]["body"]["fields"]
    assert [(row["key"], row["value"]) for row in fields] == [("type", "email-verification"), ("token", "")]


def test_inputs_are_moved_by_keyboard(owner_page: Page, api: Any, example: Any) -> None:
    page = owner_page
    open_action(page, example, "inputs")
    page.get_by_role("button", name="Move Code up").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Code is now number 1 of 2.")).to_have_count(1)
    expect(page.get_by_role("button", name="Move Code down")).to_be_focused()
    page.keyboard.press("Control+s")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    saved = api.get(f"/actions/{example.validate_action_id}")
    assert [each["key"] for each in saved["inputs"]] == ["code", "validation_id"]


def test_what_somebody_else_saved_is_not_overwritten_unseen(
    owner_page: Page, api: Any, example: Any, axe: Callable[..., None]
) -> None:
    page = owner_page
    path = f"/actions/{example.validate_action_id}"
    open_action(page, example, "details")
    page.get_by_role("textbox", name="Action name").fill("Mine")
    api.patch(path, {"name": "Theirs", "description": "Theirs too"})
    page.get_by_role("button", name="Save", exact=True).click()
    alert = page.get_by_role("alert", name="This action was changed elsewhere")
    expect(alert).to_be_visible()
    axe(page)
    assert api.get(path)["name"] == "Theirs"
    expect(page.get_by_role("textbox", name="Description")).to_have_value("Theirs too")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    saved = api.get(path)
    assert (saved["name"], saved["description"]) == ("Mine", "Theirs too")


def test_a_failed_save_can_be_tried_again(owner_page: Page, api: Any, example: Any, watch: Any) -> None:
    page = owner_page
    watch.allow(r"^503 PATCH ")
    open_action(page, example, "details")
    page.get_by_role("textbox", name="Action name").fill("Kept")
    answer = {
        "status": 503,
        "code": "storage_unavailable",
        "title": "Later",
        "detail": "The database cannot be reached.",
    }
    page.route(
        "**/api/v1/actions/*",
        lambda route: route.fulfill(status=503, json=answer) if route.request.method == "PATCH" else route.continue_(),
    )
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("The database cannot be reached.")).to_be_visible()
    page.unroute("**/api/v1/actions/*")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    assert api.get(f"/actions/{example.validate_action_id}")["name"] == "Kept"


def test_a_viewer_sees_everything_and_changes_nothing(
    new_page: Callable[..., Page], new_person: Callable[..., Any], example: Any, axe: Callable[..., None]
) -> None:
    page = new_page(new_person("viewer", "Ben Ito"))
    page.goto(f"/integrations/{example.integration_id}/actions")
    expect(page.get_by_role("link", name="Validate code")).to_be_visible()
    expect(page.get_by_role("link", name="Add action")).to_have_count(0)
    page.get_by_role("link", name="Validate code").click()
    expect(page.get_by_text("your role does not allow changes")).to_be_visible()
    expect(page.get_by_role("textbox", name="Action name")).to_have_attribute("readonly", "")
    for step in ("Inputs", "Request", "Test", "Outputs"):
        page.get_by_role("tab", name=re.compile(step)).click()
        expect(page.get_by_role("heading", level=2, name=step)).to_be_visible()
        axe(page)
    expect(page.get_by_role("button", name=re.compile("^(Save|Add|Test and|Test again)"))).to_have_count(0)
    page.goto(f"/integrations/{example.integration_id}/actions/new")
    expect(page.get_by_text("Your role does not allow this")).to_be_visible()
