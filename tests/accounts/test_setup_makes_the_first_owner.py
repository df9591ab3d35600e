"""The link printed at the first start makes the first owner, once, within the hour."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from recado.accounts import service, sessions
from recado.db.columns import utc_now
from recado.db.tables import memberships, setup_links, users, workspaces


@pytest.fixture
def fresh(database_kind: str, start_server: Callable[..., Any]) -> Any:
    """A server nobody has an account on."""
    return start_server(database_kind)


@pytest.fixture
def visitor(fresh: Any) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{fresh.url}/api/v1", timeout=120, headers={"sec-fetch-site": "same-origin"}) as client:
        yield client


def new_link(server: Any, now: dt.datetime | None = None) -> str | None:
    with server.database.begin() as connection:
        return sessions.ensure_setup_link(connection, now)


def body(token: str | None, **more: str) -> dict[str, str]:
    return {"token": token or "", "email": "Ana@Acme.example", "password": "seven-otters-paint-31", **more}


def test_the_link_makes_one_owner_who_is_signed_in(fresh: Any, visitor: httpx.Client) -> None:
    token, other = new_link(fresh), new_link(fresh)
    assert visitor.get("/setup").json() == {"is_needed": True}
    answer = visitor.post("/setup", json=body(token, name="Ana"))
    assert answer.status_code == 201
    assert answer.json()["user"]["email"] == "ana@acme.example"
    assert answer.json()["role"] == "owner"
    assert answer.json()["workspace"]["name"] == "default"
    assert visitor.get("/session").json()["user"]["name"] == "Ana"
    assert visitor.get("/setup").json() == {"is_needed": False}
    for used in (token, other):
        again = visitor.post("/setup", json=body(used, email="eve@acme.example"))
        assert (again.status_code, again.json()["code"]) == (403, "setup_closed")
    assert new_link(fresh) is None
    with fresh.database.begin() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(users)) == 1
        assert str(token) not in repr(connection.execute(sa.select(setup_links)).all())


def test_an_old_or_made_up_link_opens_nothing_and_a_slip_does_not_use_it_up(fresh: Any, visitor: httpx.Client) -> None:
    old = new_link(fresh, utc_now() - dt.timedelta(minutes=61))
    for token in (old, "x" * 43, "", "too short"):
        answer = visitor.post("/setup", json=body(token))
        assert (answer.status_code, answer.json()["code"]) == (403, "setup_closed")
    token = new_link(fresh, utc_now() - dt.timedelta(minutes=59))
    weak = visitor.post("/setup", json=body(token, password="password1234"))
    assert weak.json()["errors"][0]["code"] == "password_too_weak"
    no_address = visitor.post("/setup", json=body(token, email="ana", name="x" * 201))
    assert [problem["path"] for problem in no_address.json()["errors"]] == ["email", "name"]
    assert visitor.post("/setup", json=body(token)).status_code == 201


def test_links_used_at_the_same_moment_make_one_owner(fresh: Any) -> None:
    tokens = [new_link(fresh) for _ in range(2)] * 2

    def use(token: str | None) -> int:
        with httpx.Client(base_url=f"{fresh.url}/api/v1", timeout=120) as client:
            return client.post("/setup", json=body(token, email=f"{id(client)}@acme.example")).status_code

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(use, tokens)) == [201, 403, 403, 403]
    with fresh.database.begin() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(memberships)) == 1
        assert connection.scalar(sa.select(sa.func.count()).select_from(workspaces)) == 1


def test_a_user_made_on_the_command_line_closes_the_setup(
    fresh: Any, visitor: httpx.Client, password_hash: str
) -> None:
    token = new_link(fresh)
    with fresh.database.begin() as connection:
        caller = service.system_caller(service.ensure_workspace(connection), "cli")
        service.create_user(connection, caller, "ana@acme.example", password_hash, "owner")
    assert visitor.post("/setup", json=body(token)).status_code == 403
