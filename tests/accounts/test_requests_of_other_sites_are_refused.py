"""A request that another site's page makes a browser send is refused, whatever cookie the browser adds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

CASES = json.loads(Path(__file__).with_name("cross_site_cases.json").read_text())


def headers_of(case: Any, own: str) -> list[tuple[str, str]]:
    given = case["headers"]
    pairs = given.items() if isinstance(given, dict) else given
    return [(name, value.replace("{own}", own)) for name, value in pairs]


@pytest.fixture
def plain(server: Any) -> Any:
    """A client that sends no header of its own accord that a browser would vouch with."""
    with httpx.Client(base_url=f"{server.url}/api/v1", timeout=120) as client:
        yield client


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_cookie_signs_in_only_what_our_own_page_sends(
    server: Any, plain: httpx.Client, new_person: Any, case: Any
) -> None:
    person = new_person("viewer")
    cookie = ("cookie", f"session={person.browser.cookies['session']}")
    headers = [cookie, *headers_of(case, server.url)]
    answer = plain.patch("/session", json={"language": "es"}, headers=headers)
    assert answer.status_code == case["cookie"]
    if answer.status_code == 403:
        assert answer.json()["code"] == "csrf_refused"
    assert plain.get("/session", headers=headers).status_code == 200, "reading changes nothing and may be linked to"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_another_site_cannot_sign_anybody_in(server: Any, plain: httpx.Client, new_person: Any, case: Any) -> None:
    person = new_person("viewer", is_signed_in=False)
    body = {"email": person.email, "password": person.password}
    answer = plain.post("/sessions", json=body, headers=headers_of(case, server.url))
    assert answer.status_code == case["login"]


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_a_body_that_a_form_could_send_is_refused(new_person: Any, media_type: str) -> None:
    browser = new_person("viewer").browser
    answer = browser.patch("/session", content=b'{"language": "es"}', headers={"content-type": media_type})
    assert answer.status_code == 403
    assert answer.json()["code"] == "csrf_refused"


def test_a_streamed_body_without_a_type_is_refused(new_person: Any) -> None:
    browser = new_person("viewer").browser
    answer = browser.patch("/session", content=iter([b'{"language": "es"}']))
    assert answer.status_code == 403


def test_an_unsafe_request_without_a_body_needs_no_type(new_person: Any) -> None:
    assert new_person("viewer").browser.delete("/session").status_code == 204


def test_a_key_needs_no_browser_to_vouch_for_it(workspace: Any) -> None:
    headers = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}
    answer = workspace.client("owner").post("/api-keys", json={"name": "x", "role": "viewer"}, headers=headers)
    assert answer.status_code == 201


def test_a_wrong_key_is_not_saved_by_a_good_cookie(new_person: Any) -> None:
    browser = new_person("viewer").browser
    assert browser.get("/session", headers={"authorization": "Bearer rck_00000000_" + "x" * 43}).status_code == 401
    assert browser.get("/session", headers={"authorization": "Basic Zm9vOmJhcg=="}).status_code == 200
