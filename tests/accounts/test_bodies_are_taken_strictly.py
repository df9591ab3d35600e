"""Every route that takes a body takes JSON alone, and no field it does not know; odd words in an address do no harm."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute


def routes_with_a_body(app: Litestar) -> Iterator[tuple[str, str]]:
    for route in app.routes:
        for handler in route.route_handlers if isinstance(route, HTTPRoute) else ():
            if handler.parsed_data_field is not None:
                path = re.sub(r"\{[^}]+\}", "nothing", route.path_format).removeprefix("/api/v1")
                yield from ((method, path) for method in handler.http_methods)


@pytest.mark.parametrize(
    "media_type",
    [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/json"],
)
def test_a_body_of_another_kind_is_refused(framework: Litestar, workspace: Any, media_type: str | None) -> None:
    headers = {"content-type": media_type} if media_type else {}
    found = []
    for method, path in routes_with_a_body(framework):
        answer = workspace.client("owner").request(method, path, content=b"{}", headers=headers)
        if (answer.status_code, answer.json()["code"]) != (415, "unsupported_media_type"):
            found.append((method, path, answer.status_code))
    assert found == []


def test_a_field_nobody_knows_is_refused(framework: Litestar, workspace: Any) -> None:
    found = []
    for method, path in routes_with_a_body(framework):
        nobodys = {"workspace_id": "wsp_x"}
        body = {"block": nobodys} if path.endswith("/as-if") else nobodys  # whose own names are ids of blocks
        answer = workspace.client("owner").request(method, path, json=body)
        if (answer.status_code, answer.json()["code"]) != (422, "unknown_field"):
            found.append((method, path, answer.status_code, answer.json()["code"]))
    assert found == []


@pytest.mark.parametrize("body", [b"", b"{", b"[1, 2", b'{"name": NaN}', b"\xff\xfe", b'{"a": "\xff"}', b"nul"])
def test_what_is_not_json_is_refused(framework: Litestar, workspace: Any, body: bytes) -> None:
    found = []
    for method, path in routes_with_a_body(framework):
        headers = {"content-type": "application/json"}
        answer = workspace.client("owner").request(method, path, content=body, headers=headers)
        if answer.status_code not in {400, 422}:
            found.append((method, path, answer.status_code, answer.text))
    assert found == []


@pytest.mark.parametrize("value", ["%00", "AA", "%F0%9F%8C%B3", "%ED%A0%80", "a" * 150, "%27%20or%201=1--", "-1"])
def test_odd_words_in_the_query_are_no_error_of_ours(framework: Litestar, workspace: Any, value: str) -> None:
    found = []
    for route in framework.routes:
        for handler in route.route_handlers if isinstance(route, HTTPRoute) else ():
            if "GET" in handler.http_methods and handler.opt.get("is_public") is not True:
                path = re.sub(r"\{[^}]+\}", "nothing", route.path_format).removeprefix("/api/v1")
                for name in handler.parsed_fn_signature.parameters:
                    answer = workspace.client("owner").get(f"{path}?{name}={value}")
                    found += [(path, name, answer.status_code)] if answer.status_code >= 500 else []
    assert found == []


@pytest.mark.parametrize("value", ["%00", "%F0%9F%8C%B3", "%ED%A0%80", "a" * 300, "%27%20or%201=1--", "..", "int_%00"])
def test_odd_words_in_the_path_are_no_error_of_ours(framework: Litestar, workspace: Any, value: str) -> None:
    found = []
    for route in framework.routes:
        for handler in route.route_handlers if isinstance(route, HTTPRoute) else ():
            if "{" not in route.path_format or handler.opt.get("is_public") is True:
                continue
            path = re.sub(r"\{[^}]+\}", value, route.path_format).removeprefix("/api/v1")
            for method in handler.http_methods:
                answer = workspace.client("owner").request(method, path, json={})
                found += [(method, path, answer.status_code)] if answer.status_code >= 500 else []
    assert found == []
