"""The app's page arrives and runs: under the strict security policy, signed in or not, and below a path of a proxy."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from e2e.subpath import SubPathProxy

pytestmark = pytest.mark.view(own=True)

_ASK_WHO = "fetch(new URL('api/v1/session', document.baseURI)).then(answer => answer.status)"


def open_app(page: Page, path: str = "/") -> str:
    """Go there, wait until the app shows something, and give the page's security policy."""
    answer = page.goto(path)
    assert answer
    assert answer.status == 200
    expect(page).to_have_title(re.compile("Recado"))
    expect(page.locator("#root")).not_to_be_empty()
    return answer.headers["content-security-policy"]


def nonce_of(policy: str) -> str:
    found = re.search(r"style-src 'self' 'nonce-([\w-]{20,})';", policy)
    assert found, policy
    return found[1]


def test_each_page_has_a_nonce_of_its_own_and_nothing_else_is_let_in(page: Page) -> None:
    first = open_app(page)
    assert page.locator("meta[name=csp-nonce]").get_attribute("content") == nonce_of(first)
    assert "script-src 'self';" in first
    assert "default-src 'none';" in first
    assert "unsafe" not in first
    assert nonce_of(open_app(page)) != nonce_of(first)


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/integrations/{integration_id}/settings", "/api/v1/integrations/int_*"),
        ("/executions/exe_00000000000000000000000000", "/api/v1/executions/exe_*"),
    ],
)
def test_a_page_without_its_data_says_so_and_tries_again(
    owner_page: Page, example: Any, watch: Any, axe: Callable[..., None], path: str, asked: str
) -> None:
    watch.allow(r"^500 GET .*/api/v1/(integrations|executions)/").allow(r"^console: ApiProblem: Something went wrong")
    answer = {"status": 500, "code": "internal_error", "title": "Wrong", "detail": "Something went wrong on our side."}
    owner_page.route(f"**{asked}", lambda route: route.fulfill(status=500, json=answer))
    open_app(owner_page, path.format(integration_id=example.integration_id))
    expect(owner_page.get_by_role("heading", level=1, name="This page cannot be shown now")).to_be_visible()
    expect(owner_page).to_have_title("This page cannot be shown now · Recado")
    axe(owner_page)
    owner_page.unroute(f"**{asked}")
    owner_page.get_by_role("button", name="Try again").click()
    expect(owner_page.get_by_role("heading", level=1, name="This page cannot be shown now")).to_have_count(0)
    expect(owner_page.get_by_role("heading", level=1)).to_be_visible()


def test_every_address_of_the_app_can_be_opened_at_once(owner_page: Page) -> None:
    for path in ("/integrations", "/executions?status=failed", "/settings/members"):
        open_app(owner_page, path)
        assert urlsplit(owner_page.url).path == urlsplit(path).path


def test_the_page_of_the_http_api_has_its_style_under_the_same_policy(page: Page) -> None:
    answer = page.goto("/api/docs")
    assert answer
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate("document.styleSheets[0].cssRules.length") > 10


def test_the_owner_is_signed_in_and_a_stranger_is_not(owner_page: Page, new_page: Callable[..., Page]) -> None:
    open_app(owner_page)
    assert owner_page.evaluate(_ASK_WHO) == 200
    stranger = new_page()
    open_app(stranger)
    assert stranger.evaluate(_ASK_WHO) == 401


def test_it_works_below_a_path_of_a_proxy(
    new_page: Callable[..., Page], start_recado: Callable[..., Any], unused_port: Callable[[], int]
) -> None:
    with SubPathProxy("/apps/recado", unused_port()) as proxy:
        server = start_recado(RECADO_PUBLIC_URL=proxy.url, RECADO_TRUSTED_PROXIES="127.0.0.1")
        proxy.target = server.url
        page = new_page(server=server)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(urlsplit(request.url).path))
        assert server.setup_url.startswith(f"{proxy.url}/setup#")
        open_app(page, server.setup_url)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.wait_for_load_state("networkidle")  # the proxy ends with this block
        assert page.evaluate("document.baseURI") == f"{proxy.url}/"
        assert page.evaluate(_ASK_WHO) == 401
        assert "/apps/recado/api/v1/session" in asked
        assert [path for path in asked if not path.startswith("/apps/recado/")] == []


# ── what the watch over the pages would notice ───────────────────────────────────────────────────────────────────────

NOTICED = (
    ("console.error('said on the console')", "^console: said on the console$"),
    ("queueMicrotask(() => { throw new Error('nobody caught it') })", "^uncaught: .*nobody caught it"),
    ("document.body.append(Object.assign(document.createElement('script'), {text: '1'}))", "^console: .*script-src"),
    ("document.body.insertAdjacentHTML('beforeend', '<p style=color:red>')", "^console: .*style-src"),
    ("await fetch('https://elsewhere.example/').catch(() => 0)", "^console: .*connect-src"),
    ("await fetch('/assets/no-such-file.js')", "^404 GET http.*/assets/no-such-file.js"),
    ("location.href = 'http://elsewhere.example/'", "^elsewhere: GET http://elsewhere.example/"),
)


def test_the_watch_notices(page: Page, watch: Any) -> None:
    open_app(page)
    assert watch.troubles() == []
    for script, noted in NOTICED:
        page.evaluate(f"async () => {{ {script} }}")
        for _ in range(1000):
            if any(re.search(noted, text) for text in watch.troubles()):
                break
            page.wait_for_timeout(20)
        else:
            raise AssertionError(f"{script}: {watch.troubles()}")
    watch.allow("")  # so that the test passes all the same
