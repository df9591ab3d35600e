"""Authentication fields: identifiers made and judged as one types, order, and what happens to fields that are in use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect


@pytest.fixture
def fields_page(owner_page: Page, example: Any) -> Page:
    owner_page.goto(f"/integrations/{example.integration_id}/authentication")
    expect(owner_page.get_by_role("textbox", name="Identifier")).to_have_value("api_key")
    return owner_page


def identifiers(page: Page) -> list[str]:
    return [box.input_value() for box in page.get_by_role("textbox", name="Identifier").all()]


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()


def test_an_identifier_follows_the_name_until_it_is_touched(fields_page: Page) -> None:
    page = fields_page
    page.get_by_role("button", name="Add a field").click()
    name, identifier = (page.get_by_role("textbox", name=label).nth(1) for label in ("Field name", "Identifier"))
    name.fill("Código de acceso")
    expect(identifier).to_have_value("codigo_de_acceso")
    identifier.fill("token")
    name.fill("Something else")
    expect(identifier).to_have_value("token")


IDENTIFIER_RULES = (
    ("Api-Key", "Only lowercase letters a to z, digits and underscores."),
    ("2fa", "It must begin with a letter."),
    ("key_", "It must not end with an underscore."),
    ("a" * 65, "At most 64 characters."),
)


def test_the_identifier_rule_is_told_while_one_types(fields_page: Page) -> None:
    page = fields_page
    identifier = page.get_by_role("textbox", name="Identifier")
    for typed, sentence in IDENTIFIER_RULES:
        identifier.fill(typed)
        expect(page.get_by_text(sentence)).to_be_visible()
        save(page)
        expect(identifier).to_be_focused()
        identifier.fill("api_key")
        expect(page.get_by_text(sentence)).to_have_count(0)


def test_fields_are_moved_and_removed_by_buttons(fields_page: Page, api: Any, example: Any) -> None:
    page = fields_page
    page.get_by_role("button", name="Add a field").click()
    page.keyboard.type("Region")
    page.get_by_role("combobox", name="Type").nth(1).click()
    page.get_by_role("option", name="Text").click()
    page.get_by_role("checkbox", name="Required").nth(1).uncheck()
    page.get_by_role("button", name="Move Region up").focus()
    page.keyboard.press("Enter")
    assert identifiers(page) == ["region", "api_key"]
    expect(page.get_by_text("Region is now 1 of 2")).to_have_count(1)
    expect(page.get_by_role("button", name="Move Region down")).to_be_focused()
    save(page)
    expect(page.get_by_text("Unsaved changes")).to_have_count(0)

    saved = api.get(f"/integrations/{example.integration_id}")["auth"]["fields"]
    assert [(field["identifier"], field["type"], field["required"]) for field in saved] == [
        ("region", "text", False),
        ("api_key", "password", True),
    ]
    page.get_by_role("button", name="Remove Region").click()
    expect(page.get_by_role("textbox", name="Field name")).to_be_focused()
    save(page)
    expect(page.get_by_text("Unsaved changes")).to_have_count(0)
    assert [field["id"] for field in api.get(f"/integrations/{example.integration_id}")["auth"]["fields"]] == [
        saved[1]["id"]
    ]


def test_removing_a_field_in_use_shows_where_and_asks(
    fields_page: Page, api: Any, example: Any, axe: Callable[..., None]
) -> None:
    page = fields_page
    page.get_by_role("button", name="Remove API key").click()
    save(page)
    dialog = page.get_by_role("dialog", name="These fields are in use")
    expect(dialog).to_contain_text("Credential “Demo”: its value is deleted")
    expect(dialog).to_contain_text("Test request: it must be edited")
    expect(dialog).to_contain_text("Action “Create user validation”")
    axe(page)
    dialog.get_by_role("button", name="Cancel").click()
    assert api.get(f"/integrations/{example.integration_id}")["auth"]["fields"]

    save(page)
    page.get_by_role("button", name="Save all the same").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("link", name="Test request Needs a look")).to_be_visible()
    assert api.get(f"/integrations/{example.integration_id}")["auth"]["fields"] == []


def test_a_renamed_field_keeps_its_value_and_its_references(fields_page: Page, api: Any, example: Any) -> None:
    page = fields_page
    page.get_by_role("textbox", name="Identifier").fill("token")
    save(page)
    dialog = page.get_by_role("dialog", name="These fields are in use")
    expect(dialog).to_contain_text("Action “Validate code”: it follows a new identifier")
    dialog.get_by_role("button", name="Save all the same").click()
    expect(dialog).to_have_count(0)

    for action_id in (example.create_action_id, example.validate_action_id):
        assert api.get(f"/actions/{action_id}")["request"]["headers"][0]["value"] == "{{auth.token}}"
    integration = api.get(f"/integrations/{example.integration_id}")
    assert integration["test_request"]["headers"][0]["value"] == "{{auth.token}}"
    assert api.post(f"/credentials/{example.credential_id}/test")["verdict"] == "accepted"


def test_the_type_of_a_field_with_values_stays(fields_page: Page) -> None:
    page = fields_page
    page.get_by_role("combobox", name="Type").click()
    page.get_by_role("option", name="Text").click()
    save(page)

    expect(page.get_by_role("combobox", name="Type")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text('Credentials hold values for "api_key".').first).to_be_visible()
