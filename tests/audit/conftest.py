"""A log of the test's own, and somebody who signs in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from recado.accounts import service
from recado.accounts.passwords import hash_password
from recado.db.columns import utc_now
from recado.db.engine import Database
from recado.db.tables import audit_log, revisions, workspaces
from recado.ids import new_id
from recado.settings import load

PASSWORD = "anchors-weigh-94-lemons"


@pytest.fixture(scope="session")
def _database(
    database_kind: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Database]:
    url = request.getfixturevalue("new_postgresql_database")() if database_kind == "postgresql" else ""
    made = Database(load({}, data_dir=tmp_path_factory.mktemp("audit"), database_url=url))
    made.migrate()
    yield made
    made.close()


@pytest.fixture
def database(_database: Database) -> Database:
    """A database without a log, that no server uses."""
    with _database.begin() as connection:
        for table in (audit_log, revisions, workspaces):
            connection.execute(sa.delete(table))
    return _database


@pytest.fixture
def new_audited_person(server: Any, workspace: Any) -> Iterator[Callable[[Any], Any]]:
    """Makes somebody who signs in wrongly once, then rightly, from an address of their own."""
    browsers: list[httpx.Client] = []

    def make(role: Any) -> Any:
        address, email = "127.6.0.1", f"audited-{workspace.id}@acme.example"
        with server.database.begin() as connection:
            caller = service.system_caller(workspace.id)
            member = service.create_user(connection, caller, email, hash_password(PASSWORD), role)
        transport = httpx.HTTPTransport(local_address=address)
        browsers.append(httpx.Client(base_url=f"{server.url}/api/v1", transport=transport, timeout=90))
        browsers[-1].headers["sec-fetch-site"] = "same-origin"
        for password, status in (("a-wrong-password", 401), (PASSWORD, 201)):
            answer = browsers[-1].post("/sessions", json={"email": email, "password": password})
            assert answer.status_code == status
        return SimpleNamespace(id=member.id, address=address, browser=browsers[-1])

    yield make
    for browser in browsers:
        browser.close()


@pytest.fixture
def new_workspace_row() -> Callable[[Database], None]:
    """Adds one more workspace to a database."""

    def add(to: Database) -> None:
        with to.begin() as connection:
            connection.execute(workspaces.insert().values(id=new_id("wsp"), name="Other", created_at=utc_now()))

    return add
