"""What the tests of keys share: an installation on either database, without a server, with workspaces and credentials in it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from recado.accounts.caller import Caller
from recado.credentials import keys
from recado.credentials import service as credentials
from recado.credentials.kek import KekProvider
from recado.credentials.keys import Keyring
from recado.credentials.schemas import CreateCredential, SetValues
from recado.credentials.values import Entering
from recado.credentials.vault import OpenedCredential, Vault
from recado.db.columns import utc_now
from recado.db.engine import Database
from recado.db.tables import credential_values, sealing_keys, workspaces
from recado.ids import new_id
from recado.integrations import service as integrations
from recado.integrations.definition import AuthFieldIn, AuthIn
from recado.integrations.requests import SendingRules
from recado.integrations.schemas import CreateIntegration
from recado.outbound.policy import EgressPolicy
from recado.settings import Settings

AUTH = AuthIn(
    fields=[
        AuthFieldIn(identifier="api_key", type="password", required=True),
        AuthFieldIn(identifier="signing_key", type="password"),
        AuthFieldIn(identifier="region", type="text"),
    ]
)


@dataclass
class Home:
    """One installation: its settings, its database as one process has it open, and what tests do with it."""

    settings: Settings
    database: Database
    opened: list[Database] = field(default_factory=list)

    def another_process(self) -> Database:
        """The same rows through connections of their own, as the command line has beside a server."""
        database = Database(self.settings)
        database.start()
        self.opened.append(database)
        return database

    def open_kek(self) -> KekProvider | None:
        """What a server does when it starts."""
        return keys.open_kek(self.database, self.settings)

    def kek(self) -> KekProvider:
        """The same where it is there."""
        kek = self.open_kek()
        assert kek is not None
        return kek

    def new_workspace(self) -> Caller:
        """A workspace's owner."""
        caller = Caller(new_id("wsp"), "system", None, "owner")
        with self.database.begin() as connection:
            connection.execute(workspaces.insert().values(id=caller.workspace_id, name="Test", created_at=utc_now()))
        return caller

    def add_credentials(self, caller: Caller, count: int = 1, name: str = "Acme") -> list[str]:
        """Credentials of a new integration, each with three values that hold its number."""
        kek = self.kek()
        entering = Entering(Keyring(kek))
        with self.database.begin() as connection:
            keys.ensure_sealing_key(connection, caller.workspace_id, kek)
            rules = SendingRules(EgressPolicy())
            made = integrations.create_integration(connection, caller, CreateIntegration("Acme", auth=AUTH), rules)
            return [
                credentials.create_credential(
                    connection, caller, entering, made.id, self.new_credential(name, number)
                ).id
                for number in range(count)
            ]

    @staticmethod
    def new_credential(name: str, number: int) -> CreateCredential:
        """What is entered for the credential of this number."""
        values: dict[str, Any] = {
            "api_key": f"first-{number}",
            "signing_key": f"second-{number}",
            "region": f"eu-{number}",
        }
        return CreateCredential(name, values, ["api.acme.com"])

    def put(self, database: Database, kek: KekProvider, caller: Caller, credential_id: str, **values: Any) -> None:
        """Enter values as a server does, through any process's database."""
        with database.begin() as connection:
            entering = Entering(Keyring(kek))
            credentials.set_values(connection, caller, entering, credential_id, SetValues(values))

    def key_rows(self) -> list[Any]:
        """The rows of sealing keys, oldest first."""
        with self.database.begin() as connection:
            return list(connection.execute(sa.select(sealing_keys).order_by(sealing_keys.c.created_at)).all())

    def value_rows(self) -> list[Any]:
        """The rows of sealed values."""
        with self.database.begin() as connection:
            order = (credential_values.c.credential_id, credential_values.c.auth_field_id)
            return list(connection.execute(sa.select(credential_values).order_by(*order)).all())

    def open(self, caller: Caller, credential_id: str, kek: KekProvider | None = None) -> OpenedCredential:
        """Open a credential with nothing remembered from before."""
        return self.open_all(caller, [credential_id], kek)[0]

    def open_all(
        self, caller: Caller, credential_ids: list[str], kek: KekProvider | None = None
    ) -> list[OpenedCredential]:
        """Several at once."""
        vault = Vault(self.database, kek or self.open_kek())

        async def open_them() -> list[OpenedCredential]:
            return [await vault.open_credential(caller.workspace_id, each) for each in credential_ids]

        return asyncio.run(open_them())


@pytest.fixture
def make_home(
    tmp_path_factory: pytest.TempPathFactory, database_kind: str, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Home]]:
    """Makes installations; on PostgreSQL each has a database of its own."""
    made: list[Home] = []

    def make(**overrides: Any) -> Home:
        url = request.getfixturevalue("new_postgresql_database")() if database_kind == "postgresql" else ""
        folder: Path = tmp_path_factory.mktemp("home")
        settings = Settings(**{"data_dir": folder, "database_url": url, **overrides})
        database = Database(settings)
        database.migrate()
        database.start()
        made.append(Home(settings, database))
        return made[-1]

    yield make
    for home in made:
        for database in (*home.opened, home.database):
            database.close()


@pytest.fixture
def home(make_home: Callable[..., Home]) -> Home:
    """An installation with the key in a file."""
    return make_home()
