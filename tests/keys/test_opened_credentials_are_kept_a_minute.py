"""The cache of opened credentials: at most a minute old, never older than the last change, opened once for all who wait."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
import sqlalchemy as sa

from recado.credentials.openings import KEPT_SECONDS
from recado.credentials.vault import OpenedCredential, Vault
from recado.db.tables import credential_values
from recado.errors import NotFound, SecretUnreadable
from recado.ids import new_id


@pytest.fixture
def acme(home: Any) -> tuple[Vault, str, str]:
    caller = home.new_workspace()
    (credential_id,) = home.add_credentials(caller)
    return Vault(home.database, home.kek()), caller.workspace_id, credential_id


async def test_a_credential_is_opened_with_values_hosts_and_a_masker(acme: tuple[Vault, str, str]) -> None:
    vault, *place = acme

    opened = await vault.open_credential(*place)

    assert (opened.workspace_id, opened.id, opened.name) == (*place, "Acme")
    assert opened.values == {"api_key": "first-0", "signing_key": "second-0", "region": "eu-0"}
    assert {name: [entry.text for entry in hosts] for name, hosts in opened.hosts.items()} == {
        "api_key": ["api.acme.com"],
        "signing_key": ["api.acme.com"],
    }
    assert opened.masker.mask_text("with second-0 and eu-0") == "with *** and eu-0"
    assert "first-0" not in repr(opened)


async def test_it_is_kept_until_it_is_forgotten_or_a_minute_old(acme: tuple[Vault, str, str]) -> None:
    vault, *place = acme
    assert vault.opened(*place) is None

    opened = await vault.open_credential(*place)

    assert vault.opened(*place) is opened
    (until, _) = vault._openings._kept[place[0], place[1]]
    assert 50 < until - time.monotonic() <= KEPT_SECONDS == 60
    vault._openings._kept[place[0], place[1]] = (time.monotonic(), opened)
    assert vault.opened(*place) is None
    await vault.open_credential(*place)
    vault.forget()
    assert vault.opened(*place) is None


async def test_what_was_being_opened_when_everything_was_forgotten_is_not_kept(
    home: Any, acme: tuple[Vault, str, str]
) -> None:
    vault, *place = acme
    opening = asyncio.create_task(vault.open_credential(*place))
    await asyncio.sleep(0)
    vault.forget()

    anew = asyncio.create_task(vault.open_credential(*place))
    first, second = await asyncio.gather(opening, anew)

    assert first is not second
    assert vault.opened(*place) is second


async def test_all_who_wait_get_the_same_opening(acme: tuple[Vault, str, str]) -> None:
    vault, *place = acme

    opened = await asyncio.gather(*(vault.open_credential(*place) for _ in range(20)))

    assert len({id(credential) for credential in opened}) == 1
    assert vault._openings._opening == {}


async def test_one_who_hangs_up_does_not_end_the_others_waiting(acme: tuple[Vault, str, str]) -> None:
    vault, *place = acme
    first = asyncio.create_task(vault.open_credential(*place))
    second = asyncio.create_task(vault.open_credential(*place))
    await asyncio.sleep(0)
    first.cancel()

    assert isinstance(await second, OpenedCredential)
    with pytest.raises(asyncio.CancelledError):
        await first


async def test_a_failure_is_told_to_all_who_wait_and_not_kept(home: Any, acme: tuple[Vault, str, str]) -> None:
    vault, *place = acme
    before = await asyncio.to_thread(home.value_rows)
    await asyncio.to_thread(damage, home, "damaged")

    answers = await asyncio.gather(*(vault.open_credential(*place) for _ in range(3)), return_exceptions=True)
    assert [type(answer) for answer in answers] == [SecretUnreadable] * 3
    for row in before:
        await asyncio.to_thread(damage, home, row.sealed, row.auth_field_id)

    assert (await vault.open_credential(*place)).values["api_key"] == "first-0"


def damage(home: Any, sealed: str, field_id: str | None = None) -> None:
    statement = sa.update(credential_values).values(sealed=sealed)
    if field_id:
        statement = statement.where(credential_values.c.auth_field_id == field_id)
    with home.database.begin() as connection:
        connection.execute(statement)


async def test_a_failure_nobody_waits_for_any_more_makes_no_noise(acme: tuple[Vault, str, str]) -> None:
    vault, workspace_id, _ = acme
    waiting = asyncio.create_task(vault.open_credential(workspace_id, new_id("crd")))
    await asyncio.sleep(0)
    opening = next(iter(vault._openings._opening.values()))
    waiting.cancel()

    with pytest.raises(asyncio.CancelledError):
        await waiting
    with pytest.raises(NotFound):
        await opening


async def test_a_credential_of_another_workspace_is_not_found(home: Any, acme: tuple[Vault, str, str]) -> None:
    vault, _, credential_id = acme
    other = await asyncio.to_thread(home.new_workspace)

    with pytest.raises(NotFound):
        await vault.open_credential(other.workspace_id, credential_id)


async def test_the_oldest_makes_room(home: Any, acme: tuple[Vault, str, str]) -> None:
    first, workspace_id, credential_id = acme
    vault = Vault(home.database, first.keyring.kek, most_kept=2)
    caller = await asyncio.to_thread(home.new_workspace)
    others = await asyncio.to_thread(home.add_credentials, caller, 2)

    await vault.open_credential(workspace_id, credential_id)
    for other in others:
        await vault.open_credential(caller.workspace_id, other)

    assert vault.opened(workspace_id, credential_id) is None
    assert all(vault.opened(caller.workspace_id, other) for other in others)


async def test_what_changed_is_seen_after_forgetting(home: Any, acme: tuple[Vault, str, str]) -> None:
    vault, *place = acme
    await vault.open_credential(*place)
    caller = await asyncio.to_thread(lambda: type(home.new_workspace())(place[0], "system", None, "owner"))
    await asyncio.to_thread(home.put, home.database, vault.keyring.kek, caller, place[1], api_key="changed-key")

    vault.forget()

    assert (await vault.open_credential(*place)).values["api_key"] == "changed-key"
