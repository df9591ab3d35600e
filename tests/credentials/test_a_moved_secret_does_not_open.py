"""Whoever can write the database can move, retype and re-point sealed values, and gets none of them opened by it."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa

from recado.db.tables import credential_values, credentials, integrations
from recado.errors import RecadoError, SecretUnreadable

PLACES = ("here", "other field", "other credential", "other integration", "other workspace")
PAIRS = list(itertools.permutations(PLACES, 2))


@dataclass
class Home:
    """Five values that differ in one part of their place each, and a way to look at them."""

    server: Any
    values: dict[str, tuple[str, str, str]]  # workspace, credential, field

    def row(self, name: str) -> Any:
        _, credential_id, field_id = self.values[name]
        table = credential_values.c
        return sa.and_(table.credential_id == credential_id, table.auth_field_id == field_id)

    def find(self, name: str) -> dict[str, Any]:
        with self.server.database.begin() as connection:
            return dict(connection.execute(sa.select(credential_values).where(self.row(name))).mappings().one())

    def update(self, table: sa.Table, where: Any, **values: Any) -> None:
        with self.server.database.begin() as connection:
            assert connection.execute(sa.update(table).where(where).values(values)).rowcount == 1

    def open(self, name: str) -> Any:
        workspace_id, credential_id, _ = self.values[name]

        async def open_anew() -> Any:
            self.server.parts.vault.forget()
            return await self.server.parts.vault.open_credential(workspace_id, credential_id)

        return self.server.run(open_anew())


@pytest.fixture
def home(server: Any, workspace: Any, acme: Any, make_another: Any, make_acme_for: Any) -> Iterator[Home]:
    stranger = server.new_workspace()
    elsewhere, foreign = make_another(), make_acme_for(stranger)
    values = {"api_key": "here-secret", "signing_key": "other-secret"}
    here, other = acme.created(values)["id"], acme.created(values)["id"]
    there, far = elsewhere.created(values)["id"], foreign.created(values)["id"]
    yield Home(
        server,
        {
            "here": (workspace.id, here, acme.fields["api_key"]),
            "other field": (workspace.id, here, acme.fields["signing_key"]),
            "other credential": (workspace.id, other, acme.fields["api_key"]),
            "other integration": (workspace.id, there, elsewhere.fields["api_key"]),
            "other workspace": (stranger.id, far, foreign.fields["api_key"]),
        },
    )
    stranger.close()


@pytest.mark.parametrize("has_kid", [True, False], ids=["with its kid", "without its kid"])
def test_no_value_opens_in_the_place_of_another(home: Home, has_kid: bool) -> None:
    rows = {name: home.find(name) for name in PLACES}
    for target, source in PAIRS:
        moved = {"sealed": rows[source]["sealed"], **({"kid": rows[source]["kid"]} if has_kid else {})}
        home.update(credential_values, home.row(target), **moved)

        with pytest.raises(SecretUnreadable, match='A stored secret of "Acme" cannot be read'):
            home.open(target)

        home.update(credential_values, home.row(target), sealed=rows[target]["sealed"], kid=rows[target]["kid"])
        assert home.open(target).values["api_key"] == "here-secret"


def test_a_row_moved_whole_does_not_open(home: Home) -> None:
    workspace_id, other, field_id = home.values["other credential"]
    before = home.find("here")
    with home.server.database.begin() as connection:
        connection.execute(sa.delete(credential_values).where(home.row("other credential")))
        connection.execute(
            sa.update(credential_values).where(home.row("here")).values(credential_id=other, auth_field_id=field_id)
        )

    with pytest.raises(SecretUnreadable):
        home.open("other credential")
    assert home.find("other credential")["sealed"] == before["sealed"]
    assert workspace_id == before["workspace_id"]


def test_a_row_marked_as_another_workspaces_does_not_open(home: Home) -> None:
    home.update(credential_values, home.row("here"), workspace_id=home.values["other workspace"][0])

    with pytest.raises(SecretUnreadable):
        home.open("here")


def test_a_credential_moved_to_another_integration_opens_nothing(home: Home) -> None:
    here, there = home.values["here"], home.values["other integration"]
    with home.server.database.begin() as connection:
        target = connection.scalar(sa.select(credentials.c.integration_id).where(credentials.c.id == there[1]))
        source = connection.scalar(sa.select(credentials.c.integration_id).where(credentials.c.id == here[1]))
    home.update(credentials, credentials.c.id == here[1], integration_id=target)
    assert home.open("here").values == {}  # its fields are not there

    with home.server.database.begin() as connection:
        auth = connection.scalar(sa.select(integrations.c.auth).where(integrations.c.id == source))
    home.update(integrations, integrations.c.id == target, auth=auth)
    with pytest.raises(SecretUnreadable):
        home.open("here")


def test_a_password_made_text_behind_our_back_does_not_open(home: Home) -> None:
    here = home.values["here"]
    with home.server.database.begin() as connection:
        source = connection.scalar(sa.select(credentials.c.integration_id).where(credentials.c.id == here[1]))
        auth = connection.scalar(sa.select(integrations.c.auth).where(integrations.c.id == source))
    changed = json.loads(json.dumps(auth).replace('"password"', '"text"'))
    home.update(integrations, integrations.c.id == source, auth=changed)

    with pytest.raises(SecretUnreadable):
        home.open("here")


def test_a_damaged_value_takes_no_other_credential_down(home: Home) -> None:
    home.update(credential_values, home.row("here"), sealed="damaged")

    with pytest.raises(SecretUnreadable):
        home.open("here")
    assert home.open("other credential").values["api_key"] == "here-secret"


def test_a_damaged_value_can_be_entered_again(home: Home, acme: Any) -> None:
    home.update(credential_values, home.row("here"), sealed="damaged")

    answer = acme.put(home.values["here"][1], {"api_key": "new-secret"})

    assert answer.status_code == 200
    assert home.open("here").values == {"api_key": "new-secret", "signing_key": "other-secret"}


def test_the_error_of_a_value_that_does_not_open_holds_nothing_of_it(home: Home) -> None:
    home.update(credential_values, home.row("here"), sealed=home.find("other field")["sealed"])

    with pytest.raises(RecadoError) as refused:
        home.open("here")

    assert "secret" not in repr(refused.value.facts).replace("SecretUnreadable", "")
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__
