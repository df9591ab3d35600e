"""The two actions of the worked example made by hand in a browser: inputs, request, a real test, outputs picked by a click."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

from recado.emulator import example as worked_example

KEY_HEADER = "Truora-API-Key"


def add_input(page: Page, name: str, key: str) -> None:
    """Add an input by its name; the key follows it."""
    page.get_by_role("button", name="Add input").click()
    expect(page.get_by_role("textbox", name="Input name").last).to_be_focused()
    page.keyboard.insert_text(name)
    expect(page.get_by_role("textbox", name="Key").last).to_have_value(key)


def add_row(region: Locator, name: str, value: str = "", reference: str = "") -> None:
    """Fill the row that waits at the end of a table of names and values."""
    page = region.page
    before = region.get_by_role("textbox", name=re.compile("^Value")).count()
    field = region.get_by_role("combobox", name=re.compile("^Name of a new row")).or_(
        region.get_by_role("textbox", name=re.compile("^Name of a new row"))
    )
    field.fill(name)
    page.keyboard.press("Escape")
    expect(region.get_by_role("textbox", name=re.compile("^Value"))).to_have_count(before + 1)
    if value:
        region.get_by_role("textbox", name=re.compile("^Value")).nth(before - 1).click()
        page.keyboard.insert_text(value)
    if reference:
        region.get_by_role("combobox", name=re.compile("Insert a value into")).nth(before - 1).click()
        page.get_by_role("option", name=re.compile(reference)).click()


def continue_to(page: Page, step: str) -> None:
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", level=2, name=step, exact=True)).to_be_visible()
    expect(page.get_by_role("heading", level=2, name=step, exact=True)).to_be_focused()


def begin_action(page: Page, name: str) -> None:
    page.get_by_role("link", name="Add action").click()
    expect(page.get_by_role("heading", level=1, name="New action")).to_be_visible()
    page.get_by_role("textbox", name="Action name").fill(name)
    continue_to(page, "Inputs")
    expect(page).to_have_url(re.compile(r"/actions/act_\w+\?step=inputs$"))


def make_create_validation(page: Page, emulator: Any, axe: Callable[..., None]) -> None:
    """The first action: one input, a form, a test, and an output picked by a click."""
    begin_action(page, "Create user validation")
    add_input(page, "Account ID", "account_id")
    axe(page)
    continue_to(page, "Request")
    begin_form(page, f"{emulator.url}/v1/validations")
    fields = page.get_by_role("region", name="Body")
    add_row(fields, "type", "email-verification")
    add_row(fields, "user_authorized", "true")
    add_row(fields, "account_id", reference="Account ID")
    add_row(page.get_by_role("region", name="Headers"), KEY_HEADER, reference="API key")
    continue_to(page, "Test")

    page.get_by_role("button", name="Test and continue").click()
    expect(page.get_by_text("This input is required.")).to_be_visible()
    expect(page.get_by_role("textbox", name="Account ID")).to_be_focused()
    page.keyboard.insert_text("ana.demo")
    page.keyboard.press("Control+Enter")
    response = page.get_by_role("region", name="Response", exact=True)
    expect(response).to_contain_text("200 OK")
    expect(response.get_by_role("list", name="Where the time went")).to_contain_text("Wait for the answer")
    axe(page)
    page.get_by_role("button", name="Next").click()

    page.get_by_role("treeitem", name=re.compile("^validation_id")).click()
    row = page.get_by_role("group", name="Output 1: Validation id")
    expect(row.get_by_role("textbox", name="Output name")).to_have_value("Validation id")
    expect(row.get_by_role("combobox", name="Key in the response")).to_have_value("validation_id")
    expect(row.get_by_role("textbox", name="Identifier")).to_have_value("validation_id")
    expect(row.get_by_label("Type")).to_have_value("Text")
    expect(row.get_by_role("checkbox", name="Required")).to_be_checked()
    expect(row).to_contain_text("In the last response: VLD")
    expect(page.get_by_role("treeitem", name=re.compile("^validation_id"))).to_contain_text("Output")
    axe(page)
    page.get_by_role("button", name="Save action").click()
    expect(page.get_by_role("heading", level=2, name="Actions")).to_be_visible()


def make_validate_code(page: Page, emulator: Any) -> None:
    """The second action: two inputs, one of them in the endpoint."""
    begin_action(page, "Validate code")
    add_input(page, "Validation id", "validation_id")
    add_input(page, "Code", "code")
    continue_to(page, "Request")
    begin_form(page, f"{emulator.url}/v1/validations/{{{{inputs.validation_id}}}}")
    fields = page.get_by_role("region", name="Body")
    add_row(fields, "type", "email-verification")
    add_row(fields, "token", reference="Code")
    add_row(page.get_by_role("region", name="Headers"), KEY_HEADER, reference="API key")
    continue_to(page, "Test")
    validation_id, code = next(reversed(emulator.codes.items()))
    page.get_by_role("textbox", name="Validation id").fill(validation_id)
    page.get_by_role("textbox", name="Code").fill(code)
    page.get_by_role("button", name="Test and continue").click()
    expect(page.get_by_role("region", name="Response", exact=True)).to_contain_text("200 OK")
    page.get_by_role("tab", name=re.compile("Outputs")).click()
    page.get_by_role("treeitem", name=re.compile("^validation_status")).click()
    page.get_by_role("button", name="Save action").click()


def begin_form(page: Page, endpoint: str) -> None:
    page.get_by_label("Type of request").first.click()
    page.get_by_role("option", name=re.compile("^POST")).click()
    page.get_by_role("textbox", name="Endpoint", exact=True).click()
    page.keyboard.insert_text(endpoint)
    page.get_by_role("radiogroup", name="Body").get_by_text("Form", exact=True).click()


def told(rows: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(row["key"], row["value"]) for row in rows]


def test_both_actions_of_the_worked_example_are_made_by_hand(
    owner_page: Page, api: Any, emulator: Any, axe: Callable[..., None]
) -> None:
    page = owner_page
    integration_id = api.post("/integrations", worked_example.integration(emulator.url))["id"]
    api.post(f"/integrations/{integration_id}/credentials", worked_example.credential(emulator.api_key))
    page.goto(f"/integrations/{integration_id}/actions")
    expect(page.get_by_text("No actions yet")).to_be_visible()
    axe(page)
    make_create_validation(page, emulator, axe)
    make_validate_code(page, emulator)
    expect(page.get_by_role("list", name="Actions").get_by_role("listitem")).to_have_count(2)
    axe(page)

    saved = api.get(f"/integrations/{integration_id}/actions")["items"]
    made = {action["name"]: action for action in saved}
    for wanted in (worked_example.create_validation(emulator.url), worked_example.validate_code(emulator.url)):
        action = made[wanted["name"]]
        assert [each["key"] for each in action["inputs"]] == [each["key"] for each in wanted["inputs"]]
        assert action["request"]["endpoint"] == wanted["request"]["endpoint"]
        assert told(action["request"]["headers"]) == told(wanted["request"]["headers"])
        assert told(action["request"]["body"]["fields"]) == told(wanted["request"]["body"]["fields"])
        assert [each["identifier"] for each in action["outputs"]] == [each["identifier"] for each in wanted["outputs"]]
        assert action["outputs"][0]["required"]
    page.get_by_role("link", name="Finish integration").click()
    expect(page.get_by_role("link", name="Validations")).to_be_visible()
