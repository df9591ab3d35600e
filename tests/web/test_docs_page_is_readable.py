"""The page of the HTTP API: everybody may read it, it names every route, and nothing on it leads nowhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest

from recado.web.docs_page import render_docs


class Page(HTMLParser):
    """The ids, links and tags of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.inline: list[str] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            elif name == "href":
                self.links.append(value or "")
            elif name == "style" or name.startswith("on"):
                self.inline.append(name)

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.fixture
def anybody(server: Any) -> Any:
    """A client without a key."""
    with httpx.Client(base_url=server.url, timeout=120, trust_env=False) as client:
        yield client


@pytest.fixture
def page(anybody: httpx.Client) -> Page:
    answer = anybody.get("/api/docs")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    return Page(answer.text)


def test_every_link_inside_the_page_leads_somewhere(page: Page) -> None:
    assert len(page.ids) == len(set(page.ids))
    inner = {link.removeprefix("#") for link in page.links if link.startswith("#")}
    assert len(inner) > 50
    assert inner <= set(page.ids)


def test_it_needs_no_script_and_no_style_that_the_security_policy_forbids(page: Page) -> None:
    assert not page.tags & {"script", "style", "img", "iframe", "form"}
    assert page.inline == []


def test_it_loads_its_style_and_the_document_from_this_server(page: Page, anybody: httpx.Client) -> None:
    others = sorted(link for link in page.links if not link.startswith("#"))
    assert others == ["docs.css", "v1/openapi.json"]
    assert anybody.get("/api/docs.css").headers["content-type"] == "text/css; charset=utf-8"
    document = anybody.get("/api/v1/openapi.json")
    assert document.status_code == 200
    assert document.json()["openapi"].startswith("3.1")


def test_it_names_every_operation_with_what_it_needs(page: Page, anybody: httpx.Client) -> None:
    text = re.sub(r"\s+", " ", " ".join(page.words))
    paths = anybody.get("/api/v1/openapi.json").json()["paths"]
    for path, item in paths.items():
        for method in set(item) & {"get", "post", "put", "patch", "delete"}:
            assert (method + path.replace("/", "-").replace("{", "").replace("}", "")) in page.ids
    assert "integrations:write" in text
    assert "anybody may call this" in text


def test_every_shape_says_what_it_is(anybody: httpx.Client) -> None:
    schemas = anybody.get("/api/v1/openapi.json").json()["components"]["schemas"]
    assert [name for name, schema in schemas.items() if not schema.get("description")] == []


def test_an_unknown_path_is_answered_by_us_and_not_by_the_framework(anybody: httpx.Client) -> None:
    for path in ("/api/v1/nothing", "/api/v1", "/api/nothing", "/nothing"):
        answer = anybody.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
        assert answer.json()["code"] == "not_found"


def test_what_comes_from_the_document_is_text_and_never_markup() -> None:
    evil = "<img src=x onerror=alert(1)>"
    document = {
        "info": {"title": evil, "version": "1"},
        "paths": {
            f"/api/v1/{evil}": {
                "get": {
                    "tags": [evil],
                    "summary": evil,
                    "description": f"{evil} `{evil}`",
                    "parameters": [{"name": evil, "in": "query", "description": evil, "schema": {"enum": [evil]}}],
                    "responses": {
                        "200": {"description": evil, "content": {evil: {"schema": {"type": evil}}}},
                        "404": {"description": f'"{evil}'},
                    },
                }
            }
        },
        "components": {
            "schemas": {
                evil: {
                    "description": evil,
                    "properties": {
                        evil: {"const": evil, "default": evil, "description": evil},
                        "b": {"$ref": f"#/{evil}"},
                    },
                }
            }
        },
    }
    page = Page(render_docs(document, {f"GET /api/v1/{evil}": evil}))
    assert "img" not in page.tags
    assert page.inline == []


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "string", "maxLength": 3}, "string (up to 3)"),
        ({"type": "integer", "minimum": 1.0}, "integer (at least 1)"),
        ({"oneOf": [{"type": "null"}, {"type": "string"}], "maxLength": 40}, "string (up to 40) or null"),
        ({"type": "array", "items": {"$ref": "#/components/schemas/Row"}}, "list of Row"),
        ({"type": "object", "additionalProperties": {"type": "string"}}, "object of string"),
        ({"enum": ["a", None]}, "a · null"),
        ({"type": ["null", "string"]}, "null or string"),
        ({}, "any JSON"),
    ],
)
def test_a_type_is_said_in_words(schema: dict[str, Any], words: str) -> None:
    document = {"info": {"title": "T", "version": "1"}, "components": {"schemas": {"S": {"properties": {"f": schema}}}}}
    assert f"{words} optional" in "".join(Page(render_docs(document)).words)
