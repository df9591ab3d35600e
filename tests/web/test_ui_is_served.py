"""The web UI is served as it was built: the page at every address of the app, its files with hashed names for a year."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest

_STRICT = {
    "default-src 'none'",
    "script-src 'self'",
    "connect-src 'self'",
    "font-src 'self'",
    "img-src 'self' data:",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "object-src 'none'",
}
JSON = {"accept": "application/json"}


def rules_of(answer: httpx.Response) -> set[str]:
    """The rules of the security policy."""
    return {rule.strip() for rule in answer.headers["content-security-policy"].split(";")}


def assert_problem(answer: httpx.Response, code: str = "not_found", status: int = 404) -> None:
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    assert answer.json()["code"] == code


@pytest.fixture(scope="module")
def ui(new_dist: Callable[[], Any], browse: Callable[..., httpx.Client]) -> httpx.Client:
    """A browser on a server with a built web UI."""
    dist = new_dist()
    dist.build()
    return browse(dist)


# ── the page ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "path", ["/", "/login", "/integrations/int_1/actions?tab=test", "/apidocs", "/healthy", "/index.html", "/a.b/c.js"]
)
def test_every_address_of_the_app_is_its_page(ui: httpx.Client, path: str) -> None:
    answer = ui.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-request-id"].startswith("req_")
    assert '<base href="/">' in answer.text
    assert "<title>Recado</title>" in answer.text


def test_each_page_carries_the_nonce_of_its_own_policy(ui: httpx.Client) -> None:
    nonces = set()
    for _ in range(3):
        answer = ui.get("/login")
        written = re.search(r'<meta name="csp-nonce" content="([\w-]{22,})">', answer.text)
        assert written
        assert rules_of(answer) == _STRICT | {f"style-src 'self' 'nonce-{written[1]}'"}
        nonces.add(written[1])
    assert len(nonces) == 3


def test_every_other_answer_has_the_policy_without_a_nonce(ui: httpx.Client) -> None:
    for path in ("/api/docs", "/api/v1/setup", "/assets/app-1a2b.js", "/assets/nothing.js", "/api/nothing"):
        assert rules_of(ui.get(path)) == _STRICT | {"style-src 'self'"}


@pytest.mark.parametrize(
    ("accept", "is_page"),
    [
        ("text/html", True),
        ("application/json, text/html;q=0.1", True),
        ("Text/HTML;level=1", True),
        ("text/html;q=0", False),
        ("text/html;q=nonsense", False),
        ("application/json", False),
        ("*/*", False),
        ("image/avif,image/*", False),
        ("", False),
    ],
)
def test_an_unknown_address_is_the_page_for_who_names_html_and_else_a_problem(
    ui: httpx.Client, accept: str, is_page: bool
) -> None:
    answer = ui.get("/nowhere", headers={"accept": accept})
    if is_page:
        assert answer.text.startswith("<!doctype html>")
    else:
        assert_problem(answer)


@pytest.mark.parametrize(
    ("accept", "is_page"), [("*/*", True), ("", True), ("text/*", True), ("application/json", False)]
)
def test_the_address_of_the_server_itself_is_the_page_for_who_takes_anything(
    ui: httpx.Client, accept: str, is_page: bool
) -> None:
    assert (ui.get("/", headers={"accept": accept}).status_code == 200) is is_page


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/nothing", "/api/v1/nothing", "/health/nothing", "/metrics/x"])
def test_what_belongs_to_the_api_is_never_the_page(ui: httpx.Client, path: str) -> None:
    assert_problem(ui.get(path))


def test_the_api_goes_on_beside_it(ui: httpx.Client) -> None:
    assert ui.get("/api/v1/setup").json() == {"is_needed": True}
    assert ui.get("/health").json()["status"] == "ok"
    assert "recado" in ui.get("/metrics").text
    assert "<h1" in ui.get("/api/docs").text
    assert_problem(ui.get("/api/v1/session"), "login_required", 401)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_the_page_is_only_read(ui: httpx.Client, method: str) -> None:
    for path in ("/", "/login", "/assets/app-1a2b.js"):
        assert_problem(ui.request(method, path))


def test_head_tells_what_get_would_send(ui: httpx.Client) -> None:
    for path in ("/login", "/assets/app-1a2b.js", "/favicon.svg", "/assets/nothing.js"):
        got, told = ui.get(path), ui.head(path)
        assert (told.status_code, told.content) == (got.status_code, b"")
        for name in ("content-type", "content-length", "cache-control", "vary", "content-encoding"):
            assert told.headers.get(name) == got.headers.get(name), name


# ── its files ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("app-1a2b.js", "text/javascript; charset=utf-8"),
        ("app-3c4d.css", "text/css; charset=utf-8"),
        ("inter-5e6f.woff2", "font/woff2"),
        ("odd-7a8b.unknown", "application/octet-stream"),
    ],
)
def test_a_file_with_a_hashed_name_is_kept_for_a_year(ui: httpx.Client, dist: Any, name: str, kind: str) -> None:
    answer = ui.get(f"/assets/{name}", headers={"accept-encoding": "identity"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.content == dist.files[f"assets/{name}"]


def test_a_file_without_one_is_kept_for_an_hour(ui: httpx.Client) -> None:
    answer = ui.get("/favicon.svg")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
    assert answer.headers["cache-control"] == "public, max-age=3600"


@pytest.mark.parametrize(
    ("accepted", "kind"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("GZIP;q=0.5", "gzip"),
        ("br;q=0, gzip;q=0.001", "gzip"),
        ("*", "br"),
        ("*;q=0, gzip", "gzip"),
        ("br;q=0, gzip;q=0", None),
        ("zstd", None),
        ("brotli, x-gzip", None),
        ("", None),
    ],
)
def test_a_file_is_sent_as_compressed_as_the_browser_takes_it(
    ui: httpx.Client, dist: Any, accepted: str, kind: str | None
) -> None:
    with ui.stream("GET", "/assets/app-1a2b.js", headers={"accept-encoding": accepted}) as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.headers.get("content-encoding") == kind
    assert answer.headers["vary"] == "accept-encoding"
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    end = {"br": ".br", "gzip": ".gz", None: ""}[kind]
    assert raw == dist.files["assets/app-1a2b.js" + end]
    assert kind != "gzip" or gzip.decompress(raw) == dist.files["assets/app-1a2b.js"]


def test_a_file_that_was_not_compressed_does_not_vary(ui: httpx.Client) -> None:
    answer = ui.get("/assets/app-3c4d.css")
    assert "content-encoding" not in answer.headers
    assert "vary" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/assets/nothing.js", "/assets/", "/assets/app-1a2b.js.br", "/assets/app-1a2b.js/", "/assets/APP-1A2B.js"]
)
def test_a_missing_file_is_a_problem_and_never_the_page(ui: httpx.Client, path: str) -> None:
    assert_problem(ui.get(path))


# ── below a path, not built, built anew ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("public_url", "base"),
    [
        ("https://recado.example.com", "/"),
        ("https://example.com/apps/recado", "/apps/recado/"),
        ("https://example.com/apps/recado/", "/apps/recado/"),
        ('https://example.com/a"><b', "/a&quot;&gt;&lt;b/"),
    ],
)
def test_the_page_says_below_which_path_it_is(
    start_server: Callable[..., Any], dist: Any, browse: Callable[..., httpx.Client], public_url: str, base: str
) -> None:
    dist.build()
    answer = browse(dist, start_server(public_url=public_url)).get("/login")
    assert f'<base href="{base}">' in answer.text


def test_without_a_build_the_page_says_how_to_make_one(dist: Any, browse: Callable[..., httpx.Client]) -> None:
    ui = browse(dist)
    answer = ui.get("/login")
    assert (answer.status_code, answer.headers["content-type"]) == (503, "text/html; charset=utf-8")
    assert answer.headers["cache-control"] == "no-store"
    assert "<code>make ui</code>" in answer.text
    nonce = re.search(r'<style nonce="([\w-]+)">', answer.text)
    assert nonce
    assert f"'nonce-{nonce[1]}'" in answer.headers["content-security-policy"]
    assert_problem(ui.get("/login", headers=JSON))
    assert_problem(ui.get("/assets/app-1a2b.js"))
    assert ui.get("/api/v1/setup").status_code == 200
    link = re.search(r'href="([^"]+)"', answer.text)
    assert link
    assert ui.get(link[1]).status_code == 200


def test_a_page_without_its_places_is_no_build(dist: Any, browse: Callable[..., httpx.Client]) -> None:
    for page in (b"<!doctype html><base href='/'>", b'<base href="/" />', b"\xff\xfe", b""):
        dist.build(index=page)
        assert browse(dist).get("/").status_code == 503


def test_a_build_made_while_the_server_runs_is_noticed(dist: Any, browse: Callable[..., httpx.Client]) -> None:
    ui = browse(dist)
    assert ui.get("/").status_code == 503
    dist.build()
    assert ui.get("/").status_code == 200
    assert ui.get("/assets/app-1a2b.js").status_code == 200

    del dist.files["assets/app-1a2b.js"]
    (dist.folder / "assets" / "app-1a2b.js").unlink()
    (dist.folder / "assets" / "app-9f9f.js").write_bytes(b"console.log('newer')")
    assert ui.get("/assets/app-1a2b.js", headers={"accept-encoding": "identity"}).status_code == 404
    assert ui.get("/").status_code == 200
    assert ui.get("/assets/app-9f9f.js").content == b"console.log('newer')"
