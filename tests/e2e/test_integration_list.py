"""The list of integrations: what it shows when empty and full, search, paging, files out and in, and deleting one."""

from __future__ import annotations

import re
import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import trustme
from playwright.sync_api import Page, expect

from e2e.harness import check_both_colours

PICTURE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><rect width="40" height="40" fill="teal"/></svg>'
)


def card(page: Page, name: str) -> Any:
    return page.get_by_role("listitem").filter(has=page.get_by_role("link", name=name, exact=True))


def test_an_empty_list_shows_how_to_begin(owner_page: Page, axe: Callable[..., None]) -> None:
    page = owner_page
    page.goto("/integrations")

    expect(page.get_by_role("heading", level=2, name="Ready-made connections")).to_be_visible()
    expect(page.get_by_text("None are available yet")).to_be_visible()
    expect(page.get_by_role("heading", name="No integrations yet")).to_be_visible()
    expect(page.get_by_role("link", name="New integration")).to_have_count(1)
    expect(page.get_by_role("button", name="Import a file")).to_have_count(1)
    axe(page)


def test_the_example_is_made_with_one_click(owner_page: Page, api: Any) -> None:
    page = owner_page
    page.goto("/integrations")
    page.get_by_role("button", name="Try the example").click()

    expect(page.get_by_role("heading", level=2, name="Actions", exact=True)).to_be_visible()
    steps = page.get_by_role("navigation", name="Steps of the set-up")
    expect(steps.get_by_role("link", name=re.compile("Done$"))).to_have_count(5)
    [made] = api.get("/integrations")["items"]
    [credential] = api.get(f"/integrations/{made['id']}/credentials")["items"]
    assert api.post(f"/credentials/{credential['id']}/test")["verdict"] == "accepted"


def test_a_viewer_of_an_empty_list_is_offered_nothing(
    new_page: Callable[..., Page], new_person: Callable[..., Any]
) -> None:
    page = new_page(new_person("viewer", "Vera Lima"))
    page.goto("/integrations")

    expect(page.get_by_text("Somebody whose role may create integrations")).to_be_visible()
    expect(page.get_by_role("link", name="New integration")).to_have_count(0)
    expect(page.get_by_role("button", name="Import a file")).to_have_count(0)


@pytest.fixture
def logo_server() -> Iterator[tuple[str, str]]:
    """The URL of a logo, and the certificate of the authority that vouches for its server."""
    authority = trustme.CA()

    class Logo(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-length", str(len(PICTURE)))
            self.end_headers()
            self.wfile.write(PICTURE)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ARG002  # as in the base class
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Logo)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"https://127.0.0.1:{server.server_port}/logo.svg", authority.cert_pem.bytes().decode()
    server.shutdown()
    server.server_close()
    thread.join(10)


def test_a_logo_comes_through_the_server(owner_page: Page, api: Any, logo_server: tuple[str, str]) -> None:
    url, certificate = logo_server
    made = api.post("/integrations", {"name": "Acme CRM", "logo_url": url, "ca_certificates": certificate})
    page = owner_page
    page.goto("/integrations")
    picture = card(page, "Acme CRM").locator("img")
    expect(picture).to_have_js_property("naturalWidth", 40)
    expect(picture).to_have_attribute("src", re.compile(f"/api/v1/integrations/{made['id']}/logo"))

    page.goto(f"/integrations/{made['id']}/settings")
    expect(page.locator("form img").first).to_have_js_property("naturalWidth", 40)
    page.get_by_role("textbox", name="Logo URL").fill("https://www.acme.example/another.png")
    expect(page.locator("form img")).to_have_count(0)
    expect(page.get_by_text("The picture appears once you save")).to_be_visible()


def test_a_card_says_what_an_integration_holds_and_lacks(owner_page: Page, owner: Any, example: Any) -> None:
    owner.api.post(f"/credentials/{example.credential_id}/test")
    owner.api.post("/integrations", {"name": "Acme CRM", "logo_url": "https://127.0.0.1:9/logo.png"})
    page = owner_page
    page.goto("/integrations")

    done, fresh = card(page, "Validations"), card(page, "Acme CRM")
    expect(done).to_contain_text("Proves that a person owns an e-mail address")
    expect(done).to_contain_text("2 actions · 1 credential")
    expect(done).to_contain_text("1 call in 24 hours, OK")
    expect(done).not_to_contain_text("Next:")
    expect(fresh).to_contain_text("No calls in 24 hours")
    expect(fresh).to_contain_text("Next: Authentication")
    expect(fresh.get_by_text("AC", exact=True)).to_be_visible()  # the logo cannot be had, which is no error
    check_both_colours(page)
    fresh.get_by_role("link", name="Acme CRM").click()
    expect(page).to_have_url(re.compile("/authentication$"))


def test_search_stands_in_the_address(owner_page: Page, api: Any) -> None:
    for name in ("Acme CRM", "Shipping", "Acme Billing"):
        api.post("/integrations", {"name": name})
    page = owner_page
    page.goto("/integrations")
    page.get_by_role("searchbox", name="Search integrations").fill("acme")

    expect(page).to_have_url(re.compile(r"\?search=acme$"))
    expect(page.get_by_role("link", name="Shipping")).to_have_count(0)
    expect(page.get_by_role("link", name="Acme Billing")).to_be_visible()
    page.reload()
    expect(page.get_by_role("searchbox", name="Search integrations")).to_have_value("acme")
    expect(page.get_by_role("link", name="Acme CRM")).to_be_visible()
    expect(page.get_by_role("link", name="Shipping")).to_have_count(0)
    page.get_by_role("searchbox", name="Search integrations").fill("nothing like it")
    expect(page.get_by_role("heading", name="Nothing matches “nothing like it”")).to_be_visible()
    page.get_by_role("button", name="Clear the search").click()
    expect(page.get_by_role("link", name="Shipping")).to_be_visible()
    expect(page).to_have_url(re.compile("/integrations$"))


def test_more_are_shown_on_demand(owner_page: Page, api: Any) -> None:
    for number in range(25):
        api.post("/integrations", {"name": f"Integration {number:02}"})
    page = owner_page
    page.goto("/integrations")
    expect(page.get_by_role("link", name="Integration 24")).to_be_visible()
    expect(page.get_by_role("link", name="Integration 00")).to_have_count(0)

    page.get_by_role("button", name="Show more").click()

    expect(page.get_by_role("link", name="Integration 00")).to_be_visible()
    expect(page.get_by_role("button", name="Show more")).to_have_count(0)


def test_a_file_goes_out_and_comes_in(
    owner_page: Page, api: Any, example: Any, tmp_path: Path, axe: Callable[..., None]
) -> None:
    page = owner_page
    page.goto(f"/integrations/{example.integration_id}/settings")
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Download the file").click()
    file = tmp_path / downloading.value.suggested_filename
    downloading.value.save_as(file)
    assert file.suffix in {".yaml", ".yml"}
    assert "Create user validation" in file.read_text()

    page.goto("/integrations")
    page.get_by_role("button", name="Import a file").click()
    dialog = page.get_by_role("dialog")
    axe(page)
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("recado: 1\nkind: integration\nname: ''\n")
    choose(page, dialog, wrong)
    dialog.get_by_role("button", name="Import").click()
    expect(dialog.get_by_text("Nothing was imported")).to_be_visible()
    choose(page, dialog, file)
    dialog.get_by_role("button", name="Import").click()

    expect(page.get_by_role("heading", level=2, name="Credentials")).to_be_visible()
    expect(page.get_by_text("is imported, with 2 actions")).to_be_visible()
    assert [item["actions_count"] for item in api.get("/integrations")["items"]] == [2, 2]


def choose(page: Page, dialog: Any, file: Path) -> None:
    with page.expect_file_chooser() as choosing:
        dialog.get_by_role("button", name="File", exact=False).first.click()
    choosing.value.set_files(file)


def test_deleting_names_what_goes(owner_page: Page, api: Any, example: Any, axe: Callable[..., None]) -> None:
    page = owner_page
    page.goto(f"/integrations/{example.integration_id}/settings")
    page.get_by_role("button", name="Delete…").click()
    dialog = page.get_by_role("dialog", name="Delete “Validations”?")
    for loss in ("Action: Create user validation", "Action: Validate code", "Credential: Demo"):
        expect(dialog.get_by_text(loss)).to_be_visible()
    axe(page)
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_have_count(0)
    assert api.get("/integrations")["items"]

    page.get_by_role("button", name="Delete…").click()
    page.get_by_role("button", name="Delete for good").click()

    expect(page.get_by_role("heading", name="No integrations yet")).to_be_visible()
    assert api.get("/integrations")["items"] == []


def test_settings_and_certificates_are_changed(owner_page: Page, api: Any, example: Any) -> None:
    page = owner_page
    page.goto(f"/integrations/{example.integration_id}/settings")
    page.get_by_role("textbox", name="Name").fill("Proof of address")
    page.get_by_role("button", name="Advanced: certificates").click()
    certificates = page.get_by_role("textbox", name="CA certificates")
    certificates.fill("not a certificate")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("This is not a list of certificates in PEM form.").first).to_be_visible()
    expect(certificates).to_have_value("not a certificate")
    certificates.fill("")
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_role("heading", level=1, name="Proof of address")).to_be_visible()
    expect(page.get_by_role("button", name="Save", exact=True)).to_have_count(0)
    assert api.get(f"/integrations/{example.integration_id}")["name"] == "Proof of address"
