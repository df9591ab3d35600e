"""Markup in every text that can be stored, and in what an API answers, is shown as the text it is: nothing is made of it, nothing runs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Page, expect

from e2e.harness import PASSWORD, Api, Person
from servers.background import Background
from servers.raw import RawServer, response

pytestmark = pytest.mark.view(own=True)

MARKUP: Final = "<img src=x onerror=alert(1)>"
IN_A_KEY: Final = f"['{MARKUP}']"
# How often the markup is to be read, as soon as that is often enough.
_COUNT: Final = """async ([markup, least]) => {
    const count = () => {
        const values = [...document.querySelectorAll('input, textarea')].map((field) => field.value);
        return [document.body.innerText, ...values].reduce((sum, text) => sum + text.split(markup).length - 1, 0);
    };
    for (const end = Date.now() + 10_000; count() < least && Date.now() < end;) await new Promise(requestAnimationFrame);
    return count();
}"""
_MADE_OF_IT: Final = "() => document.querySelectorAll('[onerror], img[src=\"x\"]').length"


class MarkupServer(RawServer):
    """Answers with markup: in a name, in a value and in a header of the answer; `/refuse` refuses with it, `/page` is a web page."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Request after request."""
        while await self._record(reader):
            writer.write(_answer(self.requests[-1].split(b" ", 2)[1]))
            await writer.drain()


def _answer(target: bytes) -> bytes:
    headers = ["Content-Type: application/json", f"X-Markup: {MARKUP}"]
    if target.startswith(b"/refuse"):
        return response(400, json.dumps({"message": MARKUP}).encode(), headers, reason=MARKUP)
    if target.startswith(b"/page"):
        return response(200, f"<!doctype html><h1>Hello</h1>{MARKUP}".encode(), ["Content-Type: text/html", headers[1]])
    return response(200, json.dumps({MARKUP: MARKUP, "list": [{MARKUP: MARKUP}]}).encode(), headers)


@pytest.fixture
def upstream() -> Iterator[MarkupServer]:
    background = Background()
    with background.serving(MarkupServer()) as server:
        yield server
    background.close()


class Stored:
    """A workspace whose every text is markup; the addresses of what shows it."""

    def __init__(self, api: Api, url: str) -> None:
        self.api = api
        row = {"key": MARKUP, "value": f"{MARKUP} {{{{inputs.text}}}}"}
        headers = [{"key": "X-Text", "value": MARKUP}, {"key": "X-Key", "value": "{{auth.api_key}}"}]
        fields = [
            {"identifier": "api_key", "name": MARKUP, "type": "password", "required": True},
            {"identifier": "region", "name": MARKUP, "type": "text", "required": False},
        ]
        whole = api.post(
            "/integrations",
            {
                "name": MARKUP,
                "description": MARKUP,
                "auth": {"scheme": "api_key", "name": MARKUP, "fields": fields},
                "test_request": {
                    "method": "GET",
                    "endpoint": f"{url}/test",
                    "query": [{"key": MARKUP, "value": MARKUP}],
                    "headers": headers,
                },
            },
        )
        self.integration = f"/integrations/{whole['id']}"
        values = {"api_key": "a-key-of-the-tests", "region": MARKUP}
        credential = api.post(f"{self.integration}/credentials", {"name": MARKUP, "values": values})
        self.credential_id = credential["id"]
        output = {"name": MARKUP, "key": IN_A_KEY, "identifier": "text", "type": "string", "required": True}
        bodies = {
            "/json": {"type": "json", "json": {MARKUP: [MARKUP, {MARKUP: "{{inputs.text}}"}]}},
            "/refuse": {"type": "form", "fields": [row]},
            "/page": {"type": "raw", "content_type": "text/plain", "text": f"{MARKUP} {{{{inputs.text}}}}"},
        }
        self.actions: dict[str, str] = {}
        self.executions: dict[str, str] = {}
        for path, body in bodies.items():
            action = api.post(
                f"{self.integration}/actions",
                {
                    "name": f"{MARKUP} {path}",
                    "description": MARKUP,
                    "inputs": [{"key": "text", "name": MARKUP, "type": "string", "required": True}],
                    "request": {
                        "method": "POST", "endpoint": url + path, "query": [row], "headers": headers, "body": body
                    },
                    "outputs": [output],
                },
            )  # fmt: skip
            given = {"credential_id": self.credential_id, "inputs": {"text": MARKUP}}
            execution = api.post(f"/actions/{action['id']}/test", given)
            self.actions[path] = f"{self.integration}/actions/{action['id']}"
            self.executions[path] = f"/executions/{execution['id']}"
        self.credential_test = f"/executions/{api.post(f'/credentials/{self.credential_id}/test')['id']}"
        api.post("/api-keys", {"name": MARKUP, "role": "viewer"})
        api.patch("/session", {"name": MARKUP})


class Reader:
    """Looks at screens, and counts how often the markup is to be read there."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.dialogs: list[str] = []
        self.asked: list[str] = []
        page.on("dialog", self._on_dialog)
        page.on("request", lambda request: self.asked.append(urlsplit(request.url).path))

    def _on_dialog(self, dialog: Any) -> None:
        if dialog.type == "beforeunload":  # the app's own: there is work that is not saved
            dialog.accept()
            return
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def go(self, address: str, least: int) -> None:
        self.page.goto(address)
        self.expect(least)

    def expect(self, least: int) -> None:
        """At least so often, and never as an element."""
        count = self.page.evaluate(_COUNT, [MARKUP, least])
        assert count >= least, f"{self.page.url}: to be read {count} times"
        assert self.page.evaluate(_MADE_OF_IT) == 0

    def press(self, name: str, least: int) -> None:
        """Press the first button of that name, and look at what opens."""
        self.page.get_by_role("button", name=name).first.click()
        self.expect(least)

    def open(self, menu: str, entry: str, least: int) -> None:
        """A window that an entry of a menu opens; it is closed again."""
        self.page.get_by_role("button", name=menu).first.click()
        self.page.get_by_role("menuitem", name=entry).click()
        expect(self.page.get_by_role("dialog")).to_be_visible()
        self.expect(least)
        self.close()

    def close(self) -> None:
        self.page.keyboard.press("Escape")
        expect(self.page.get_by_role("dialog")).to_have_count(0)


@pytest.fixture
def stored(api: Api, upstream: MarkupServer) -> Stored:
    return Stored(api, upstream.url)


@pytest.fixture
def reader(owner_page: Page) -> Iterator[Reader]:
    """Nothing may have come of the markup by the end."""
    made = Reader(owner_page)
    yield made
    assert made.dialogs == []
    assert "/x" not in {path[-2:] for path in made.asked}, "no picture was asked for"


def test_markup_in_an_integration_is_text(reader: Reader, stored: Stored) -> None:
    page = reader.page
    reader.go("/", 2)
    reader.go("/integrations", 2)
    reader.go(f"/integrations?search={quote(MARKUP)}", 3)
    reader.go(f"/integrations?search={quote(MARKUP * 2)}", 1)
    reader.go(f"{stored.integration}/settings", 4)
    reader.press("Delete…", 5)
    expect(page.get_by_role("dialog").get_by_text(MARKUP).nth(3)).to_be_visible()
    reader.close()
    reader.go(f"{stored.integration}/authentication", 5)
    page.get_by_role("button", name=f"Remove {MARKUP}").first.click()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text(MARKUP)
    reader.expect(6)
    reader.go(f"{stored.integration}/test-request", 5)
    page.get_by_role("combobox", name="Insert a value into").first.click()
    expect(page.get_by_role("option").first).to_contain_text(MARKUP)
    reader.expect(6)
    reader.go(f"{stored.integration}/credentials", 4)
    reader.open(f"More for {MARKUP}", "Rename", 5)
    reader.open(f"More for {MARKUP}", "Replace values", 5)
    reader.open(f"More for {MARKUP}", "Remove", 5)
    page.get_by_role("button", name=f"Test {MARKUP}").click()
    expect(page.get_by_role("dialog").get_by_role("treeitem").first).to_be_visible()
    reader.expect(6)


def test_markup_in_an_action_is_text(reader: Reader, stored: Stored) -> None:
    page = reader.page
    reader.go(f"{stored.integration}/actions", 5)
    reader.open(f"More for {MARKUP} /json", "Remove", 6)
    for path, action in stored.actions.items():
        reader.go(f"{action}?step=details", 3)
        reader.go(f"{action}?step=request", 8)
        page.get_by_role("combobox", name="Insert a value into").first.click()
        expect(page.get_by_role("option").first).to_contain_text(MARKUP)
        if path == "/json":
            page.keyboard.press("Escape")
            for view in ("Text", "Tree"):
                page.get_by_role("radiogroup", name="Edit the JSON as").get_by_text(view, exact=True).click()
                reader.expect(8)
    action = stored.actions["/json"]
    reader.go(f"{action}?step=inputs", 3)
    reader.go(f"{action}?step=test", 4)
    reader.go(f"{action}?step=outputs", 5)
    page.get_by_role("treeitem").last.click()
    expect(page.get_by_role("group", name="Output 2")).to_be_visible()
    reader.expect(6)


def test_markup_in_an_answer_is_text(reader: Reader, stored: Stored) -> None:
    page = reader.page
    reader.go("/executions", 3)
    page.get_by_role("combobox", name="Integration").click()
    expect(page.get_by_role("option").first).to_contain_text(MARKUP)
    page.get_by_role("option").first.click()
    reader.expect(4)
    reader.go(f"/executions?search={quote(MARKUP)}", 1)
    for execution in [*stored.executions.values(), stored.credential_test]:
        reader.go(execution, 3)
        for tab in ("Headers", "Request sent", "Attempts"):
            page.get_by_role("tab", name=tab).click()
            reader.expect(2)
    reader.go(stored.executions["/json"], 6)
    page.get_by_role("radiogroup", name="Show the body as").get_by_text("Raw").click()
    reader.expect(6)


def test_markup_in_the_settings_is_text(reader: Reader, stored: Stored, owner: Person) -> None:
    member = {"email": f"vera-{owner.email}", "password": PASSWORD, "role": "viewer", "name": MARKUP}
    stored.api.post("/members", member)
    page = reader.page
    reader.go("/settings/profile", 2)
    reader.go("/settings/members", 2)
    reader.open(f"Actions for {MARKUP}", "Remove", 3)
    reader.open(f"Actions for {MARKUP}", "Edit", 3)
    reader.go("/settings/api-keys", 2)
    reader.press(f"End the key {MARKUP}", 3)
    page.get_by_role("dialog").get_by_role("button", name="End").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    reader.go("/settings/audit-log", 1)
    for button in page.get_by_role("button", name="Show more").all():
        button.click()
    reader.expect(2)


def test_what_is_said_in_passing_is_text(reader: Reader, stored: Stored) -> None:
    """Short notes at the edge of the page, after an import and after a deletion."""
    page = reader.page
    exported = stored.api.client.get(f"{stored.integration}/export").text
    page.goto("/integrations")
    page.get_by_role("button", name="Import a file").click()
    file = {"name": "x.yaml", "mimeType": "application/yaml", "buffer": exported.encode()}
    page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]  # a file as Playwright takes it
    page.get_by_role("dialog").get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text(f"“{MARKUP}” is imported")).to_be_visible()
    reader.expect(3)
    reader.go(f"{stored.integration}/settings", 4)
    page.get_by_role("button", name="Delete…").click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_text(f"“{MARKUP}” is deleted")).to_be_visible()
    reader.expect(1)
