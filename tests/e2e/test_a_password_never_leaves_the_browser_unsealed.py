"""In two processes: a password typed in the browser is in nothing that the page sends, and not in the memory of what it sends it to."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Page, Request, expect

from e2e.harness import PASSWORD
from recado.accounts import service as accounts
from recado.accounts.passwords import hash_password
from recado.db.engine import Database
from security.canaries import find
from servers.background import Background
from servers.echo import EchoServer
from servers.memory import memory_of
from servers.split import SealingClient, Split

FIRST: Final = 'canary-B7-first+4Rz82/wC31=="nX&<y>%41'
SECOND: Final = "canary-B7-second+8Tk55/sQ72==nX&<y>"
CONTROL: Final = "control-B7-which-the-page-does-send+6Vp19/uD43=="
EMAIL: Final = "ana@acme.example"
KEPT_IN_THE_BROWSER: Final = (
    "JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), history.state, location.href])"
)
SEND_IT: Final = """([text, path]) => fetch(path, {
    method: 'POST', headers: {'content-type': 'application/json'}, body: JSON.stringify({name: 'Control', description: text}),
}).then((answer) => answer.status)"""


class Served:
    """The api process as `new_page` wants a server: where it is, and its log."""

    def __init__(self, split: Split, log: Path) -> None:
        self.url = split.api.url
        self.log = log


@pytest.fixture
def split(
    tmp_path: Path, new_postgresql_database: Callable[[], str], unused_port: Callable[[], int]
) -> Iterator[Split]:
    made = Split(tmp_path, new_postgresql_database(), unused_port)
    database = Database(made.executor.settings)
    with database.begin() as connection:
        caller = accounts.system_caller(made.api.workspace_id)
        accounts.create_user(connection, caller, EMAIL, hash_password(PASSWORD), "owner", "Ana Silva")
    database.close()
    try:
        made.start()
        yield made
    finally:
        made.close()


@pytest.fixture
def upstream() -> Iterator[EchoServer]:
    background = Background()
    with background.serving(EchoServer()) as server:
        yield server
    background.close()


class Traffic:
    """Every request of a page, with all its headers and its body."""

    def __init__(self, page: Page) -> None:
        self._seen: list[Request] = []
        page.context.on("request", lambda request: self._seen.append(request))  # noqa: PLW0108  # Playwright marks what it is given

    def heap(self) -> dict[str, bytes]:
        return {
            f"{number} {request.method} {request.url}": _bytes_of(request) for number, request in enumerate(self._seen)
        }


def _bytes_of(request: Request) -> bytes:
    headers = "\n".join(f"{name}: {value}" for name, value in request.all_headers().items())
    return f"{request.url}\n{headers}\n\n".encode() + (request.post_data_buffer or b"")


def sign_in(page: Page) -> None:
    page.goto("/login")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Hello, Ana")).to_be_visible()


def enter(page: Page, secret: str) -> None:
    """Type a key into the open window, look at it, and save; the API's answer shows whether it was sealed rightly."""
    dialog = page.get_by_role("dialog")
    field = dialog.get_by_role("textbox", name="api_key")
    field.click()
    page.keyboard.type(secret)
    dialog.get_by_role("button", name="Show or hide api_key").click()
    expect(field).to_have_value(secret)
    dialog.get_by_role("button", name="Save and continue").click()
    expect(dialog.get_by_text("Accepted", exact=True)).to_be_visible()
    dialog.get_by_role("button", name="Close").last.click()
    expect(dialog).to_have_count(0)


def test_a_typed_password_is_in_no_request_and_not_in_the_api_process(
    split: Split, upstream: EchoServer, new_page: Callable[..., Page], tmp_path: Path, watch: Any
) -> None:
    watch.allow(r"console: .*401")
    with split.api.client() as client:
        headers = [{"key": "X-Key", "value": "{{auth.api_key}}"}]
        request = {"method": "GET", "endpoint": f"{upstream.url}/headers/test", "headers": headers}
        integration = SealingClient(client).make_integration(test_request=request)
    page = new_page(server=Served(split, tmp_path / "api.log"))
    traffic = Traffic(page)
    sign_in(page)

    page.goto(f"/integrations/{integration['id']}/credentials")
    page.get_by_role("button", name="Add credential").click()
    page.get_by_role("textbox", name="Credential name").fill("Production")
    enter(page, FIRST)
    page.get_by_role("button", name="More for Production").click()
    page.get_by_role("menuitem", name="Replace values").click()
    page.get_by_role("button", name="Replace api_key").click()
    enter(page, SECOND)
    expect(page.get_by_role("row").filter(has_text="Production")).to_contain_text("Accepted")

    sent = b"".join(upstream.requests)
    assert FIRST.encode() in sent
    assert SECOND.encode() in sent, "what the executor opened is what was typed"
    assert find([FIRST, SECOND], {"kept": page.evaluate(KEPT_IN_THE_BROWSER).encode()}) == []
    assert page.locator("html").evaluate("(html) => html.outerHTML").count("canary-B7") == 0
    in_base64 = base64.b64encode(b"#" + CONTROL.encode()).decode()
    assert page.evaluate(SEND_IT, [in_base64, "/api/v1/integrations"]) == 201

    heap = traffic.heap()
    assert any(b'"sealed"' in data for data in heap.values()), "the sealed values are among the requests"
    assert find([CONTROL], heap), "the search finds what a page does send, in another form"
    assert find([FIRST, SECOND], heap) == []
    faces_browsers, opens_secrets = memory_of(split.api), memory_of(split.executor)
    assert find([CONTROL], faces_browsers), "the search finds what the api process does hold"
    assert any(SECOND.encode() in region for region in opens_secrets.values()), "the executor opened it"
    assert find([FIRST, SECOND], faces_browsers) == []
    logs = {"api": split.api.log().encode(), "executor": split.executor.log().encode()}
    assert find([FIRST, SECOND], logs) == []
