"""People with accounts and browsers of their own, each calling from a loopback address nobody else uses."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from litestar import Litestar

from recado.accounts import service, sessions
from recado.accounts.caller import Role
from recado.accounts.passwords import hash_password
from recado.app import build_app
from recado.db.columns import utc_now

PASSWORD = "anchors-weigh-94-lemons"
_NUMBERS = itertools.count(1)


@dataclass
class Person:
    """Somebody with an account, and the browser they use."""

    id: str
    email: str
    password: str
    browser: httpx.Client

    def sign_in(self, browser: httpx.Client | None = None) -> httpx.Response:
        """Log in, with another browser if one is given."""
        body = {"email": self.email, "password": self.password}
        return (browser or self.browser).post("/sessions", json=body)


@pytest.fixture(scope="session")
def framework(server: Any) -> Litestar:
    """The framework with all its routes, without what stands around it."""
    app: Any = build_app(server.parts)
    while not isinstance(app, Litestar):
        app = app._inner
    return app


@pytest.fixture(scope="session")
def password_hash() -> str:
    """The hash of PASSWORD, made once: it takes a while, as it should."""
    return hash_password(PASSWORD)


@pytest.fixture
def new_workspace(server: Any) -> Iterator[Callable[..., Any]]:
    """Makes further workspaces, on the test's server unless another is given."""
    made: list[Any] = []

    def make(on: Any = None) -> Any:
        made.append((on or server).new_workspace())
        return made[-1]

    yield make
    for workspace in made:
        workspace.close()


@pytest.fixture
def new_browser(server: Any) -> Iterator[Callable[..., httpx.Client]]:
    """Opens browsers on our own pages, each at an address of its own unless one is given."""
    opened: list[httpx.Client] = []

    def open_browser(address: str | None = None, url: str | None = None, **headers: str) -> httpx.Client:
        number = next(_NUMBERS)
        transport = httpx.HTTPTransport(local_address=address or f"127.7.{number // 250}.{number % 250 + 1}")
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        browser = httpx.Client(
            base_url=f"{url or server.url}/api/v1",
            transport=transport,
            headers=given or {"sec-fetch-site": "same-origin"},
            timeout=90,
        )
        opened.append(browser)
        return browser

    yield open_browser
    for browser in opened:
        browser.close()


@pytest.fixture
def new_person(
    server: Any, workspace: Any, password_hash: str, new_browser: Callable[..., httpx.Client]
) -> Callable[..., Person]:
    """Makes somebody with a role in the test's workspace, signed in unless told otherwise."""

    def make(role: Role = "owner", *, is_signed_in: bool = True, workspace_id: str = "") -> Person:
        email = f"person-{next(_NUMBERS)}@acme.example"
        with server.database.begin() as connection:
            caller = service.system_caller(workspace_id or workspace.id)
            member = service.create_user(connection, caller, email, password_hash, role)
            person = Person(member.id, email, PASSWORD, new_browser())
            if is_signed_in:  # without the costly check of a password; signing in itself has tests of its own
                now, workspace_id = utc_now(), caller.workspace_id
                login = sessions._open_session(connection, member.id, workspace_id, role, None, now)
                person.browser.cookies.set("session", login.token, domain="127.0.0.1", path="/")
        return person

    return make
