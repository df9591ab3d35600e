"""Which role may call which route: the whole table, route by route, against a running server."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, get_args

import httpx
import pytest
from litestar import Litestar

from recado.accounts.caller import PERMISSIONS, Role
from recado.accounts.guard import routes_of

TABLE: dict[str, str] = json.loads(Path(__file__).with_name("route_roles.json").read_text())
ROLES = get_args(Role)


def allowed(row: str) -> set[str]:
    return set(row.split())


@pytest.fixture
def routes(framework: Litestar) -> dict[str, str | None]:
    """What each route of the framework asks of its caller."""
    return routes_of(framework)


def test_every_route_names_a_permission_and_stands_in_the_table(routes: dict[str, str | None]) -> None:
    assert [route for route, wanted in routes.items() if wanted is None] == []
    assert sorted(set(routes) - set(TABLE)) == [], "a new route needs a row in route_roles.json"
    assert sorted(set(TABLE) - set(routes)) == [], "rows without a route"


def test_the_table_says_what_the_permissions_say(routes: dict[str, str | None]) -> None:
    for route, wanted in routes.items():
        if wanted == "public":
            assert TABLE[route] == "everybody", route
        else:
            holders = {role for role in ROLES if wanted in PERMISSIONS[role]}
            assert allowed(TABLE[route]) == holders, route


def test_each_role_is_let_through_or_refused_as_the_table_says(workspace: Any) -> None:
    wrong = []
    for route, row in TABLE.items():
        if row == "everybody":
            continue
        method, path = route.split()
        path = re.sub(r"\{[^}]+\}", "nothing", path).removeprefix("/api/v1")
        for role in ROLES:
            answer = workspace.client(role).request(method, path)
            is_refused = answer.status_code == 403 and answer.json()["code"] == "forbidden"
            if answer.status_code == 401 or is_refused == (role in allowed(row)):
                wrong.append((route, role, answer.status_code))
    assert wrong == []


def test_nobody_is_let_through_without_signing_in(server: Any) -> None:
    with httpx.Client(base_url=server.url, trust_env=False) as nobody:
        for route, row in TABLE.items():
            method, path = route.split()
            if row != "everybody":
                answer = nobody.request(method, re.sub(r"\{[^}]+\}", "nothing", path))
                assert (answer.status_code, answer.json()["code"]) == (401, "login_required"), route


def test_a_session_opens_what_a_key_of_the_same_role_opens(new_person: Any) -> None:
    browser = new_person("viewer").browser
    assert browser.get("/members").status_code == 200
    assert browser.get("/api-keys").status_code == 403
    assert browser.post("/members", json={}).status_code == 403
