"""The request editor as its tests use it: opened on an action of a fresh integration, with ways to find its parts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import Locator, Page, expect

FIELDS: Final = [
    {"identifier": "api_key", "type": "password", "required": True, "name": "API key"},
    {"identifier": "region", "type": "text", "required": False, "name": "Region"},
]
INPUTS: Final = [
    {"key": "account_id", "name": "Username", "type": "string", "required": True},
    {"key": "order_id", "name": "Order", "type": "integer", "required": True},
    {"key": "note", "name": "Note", "type": "string", "required": False},
    {"key": "due", "name": "Due", "type": "datetime", "required": False},
]
ENDPOINT: Final = "https://api.example.com/v1/orders"


@dataclass(frozen=True)
class Editor:
    """One request on the page."""

    page: Page
    api: Any
    integration_id: str
    action_id: str

    @property
    def endpoint(self) -> Locator:
        return self.page.get_by_role("textbox", name="Endpoint", exact=True)

    @property
    def preview(self) -> Locator:
        return self.page.get_by_role("region", name="The request to the letter")

    def region(self, name: str) -> Locator:
        """The part of the editor that is called `Query`, `Body` or `Headers`."""
        return self.page.get_by_role("region", name=name, exact=True)

    def key(self, region: str, row: int) -> Locator:
        """The name of a row, from 0; -1 is the empty one at the end."""
        return self.region(region).locator("[data-row-key]").nth(row)

    def value(self, region: str, row: int) -> Locator:
        return self.region(region).get_by_role("textbox", name=re.compile("^Value of")).nth(row)

    def text(self, field: Locator) -> str:
        """What a field holds, as it is copied."""
        field.click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.press("Control+c")
        copied = self.page.evaluate("navigator.clipboard.readText()")
        assert isinstance(copied, str)
        return copied

    def paste(self, field: Locator, text: str) -> None:
        field.click()
        self.page.evaluate("text => navigator.clipboard.writeText(text)", text)
        self.page.keyboard.press("Control+v")

    def replace(self, field: Locator, text: str) -> None:
        field.click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)

    def choose_body(self, name: str) -> None:
        self.page.get_by_role("radiogroup", name="Kind of body").get_by_text(name, exact=True).click()

    def choose_view(self, name: str) -> None:
        self.page.get_by_role("radiogroup", name="Edit the JSON as").get_by_text(name, exact=True).click()

    def save(self) -> Any:
        """Save, and the request as the server holds it then."""
        self.page.get_by_role("button", name="Save", exact=True).click()
        expect(self.page.get_by_role("button", name="Save", exact=True)).to_have_count(0)
        return self.api.get(f"/actions/{self.action_id}")["request"]


def make_action(api: Any, request: dict[str, Any] | None, inputs: list[dict[str, Any]], **auth: Any) -> tuple[str, str]:
    """An integration with the fields above, and an action in it; their ids."""
    integration = api.post(
        "/integrations", {"name": "Acme CRM", "auth": {"scheme": "api_key", "fields": FIELDS, **auth}}
    )
    body = {"name": "Find order", "inputs": inputs, **({"request": request} if request else {})}
    return integration["id"], api.post(f"/integrations/{integration['id']}/actions", body)["id"]


def open_editor(
    page: Page,
    api: Any,
    request: dict[str, Any] | None = None,
    inputs: list[dict[str, Any]] = INPUTS,
    **auth: Any,
) -> Editor:
    """Open the request of a new action; without `request` it is still empty."""
    integration_id, action_id = make_action(api, request, inputs, **auth)
    page.goto(f"/integrations/{integration_id}/actions/{action_id}?step=request")
    editor = Editor(page, api, integration_id, action_id)
    expect(editor.endpoint).to_be_visible()
    return editor
