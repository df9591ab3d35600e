"""Rotations: what they leave, that they may stop anywhere, and that nothing fails to open while they run."""

from __future__ import annotations

import asyncio
import base64
import os
import signal
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from recado import base64url
from recado.accounts import audit
from recado.accounts.caller import Caller
from recado.credentials import keys, rotation
from recado.credentials.definition import Place
from recado.credentials.kek import FileKek, keys_folder
from recado.credentials.keys import Keyring
from recado.credentials.schemas import SealedValue
from recado.credentials.sealing import seal_secret
from recado.credentials.vault import Vault
from recado.db.tables import audit_log, credential_values, sealing_keys
from recado.errors import KekMismatch, SealedValueInvalid, SecretKeyUnavailable, ValidationFailed
from recado.integrations import service as integrations
from servers.vault import TOKEN, VaultServer


class Stop(Exception):
    """Stands for a crash between two transactions."""


def actions(home: Any, caller: Caller) -> list[str]:
    with home.database.begin() as connection:
        assert audit.verify(connection) == []
        rows = connection.execute(
            sa.select(audit_log.c.action, audit_log.c.actor_kind)
            .where(audit_log.c.workspace_id == caller.workspace_id, audit_log.c.action.startswith("key."))
            .order_by(audit_log.c.sequence)
        ).all()
    assert {row.actor_kind for row in rows if row.action != "key.create"} <= {"cli"}
    return [row.action for row in rows]


def check_all_open(home: Any, caller: Caller, credential_ids: list[str]) -> None:
    for number, opened in enumerate(home.open_all(caller, credential_ids)):
        assert opened.values == {
            "api_key": f"first-{number}",
            "signing_key": f"second-{number}",
            "region": f"eu-{number}",
        }
        assert [entry.text for entry in opened.hosts["api_key"]] == ["api.acme.com"]


# ── the KEK ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_new_kek_wraps_every_key_and_the_old_one_is_gone(home: Any) -> None:
    callers = [home.new_workspace() for _ in range(3)]
    made = [home.add_credentials(caller) for caller in callers]
    old = home.kek()

    done = rotation.rotate_kek(home.database, home.settings)

    assert (done.provider, done.keys) == ("file", 3)
    assert done.key_id != old.key_id
    assert {row.kek_id for row in home.key_rows()} == {done.key_id}
    assert [path.name for path in keys_folder(home.settings).iterdir()] == ["master.key"]
    for caller, credential_ids in zip(callers, made, strict=True):
        check_all_open(home, caller, credential_ids)
        assert actions(home, caller) == ["key.create", "key.rotate_kek"]
    assert rotation.verify(home.database, home.kek()).failures == []


def test_a_server_that_runs_takes_the_new_kek_up(home: Any) -> None:
    caller = home.new_workspace()
    made = home.add_credentials(caller)
    kek = home.kek()  # a server's, read when it started

    rotation.rotate_kek(home.another_process(), home.settings)
    rotation.rotate_kek(home.another_process(), home.settings)

    assert home.open(caller, made[0], kek).values["api_key"] == "first-0"
    another = home.new_workspace()
    with home.database.begin() as connection:
        keys.ensure_sealing_key(connection, another.workspace_id, kek)
    assert {row.kek_id for row in home.key_rows()} == {home.kek().key_id}  # nothing is wrapped with a key that is gone


@pytest.mark.parametrize("stopped_after", ["the new file", "half the keys", "all keys"])
def test_a_kek_rotation_may_stop_anywhere(home: Any, stopped_after: str) -> None:
    callers = [home.new_workspace() for _ in range(2)]
    made = [home.add_credentials(caller) for caller in callers]
    server = home.kek()
    both = FileKek.begin_rotation(keys_folder(home.settings))
    rows = home.key_rows()
    for row in rows[: {"the new file": 0, "half the keys": 1, "all keys": 2}[stopped_after]]:
        with home.database.begin() as connection:
            rotation._rewrap(connection, both, row)

    for kek in (server, home.kek()):
        assert home.open(callers[0], made[0][0], kek).values["api_key"] == "first-0"
        assert home.open(callers[1], made[1][0], kek).values["api_key"] == "first-0"
    done = rotation.rotate_kek(home.database, home.settings)

    assert done.key_id == both.key_id
    assert [path.name for path in keys_folder(home.settings).iterdir()] == ["master.key"]
    for caller, credential_ids in zip(callers, made, strict=True):
        check_all_open(home, caller, credential_ids)


def test_a_key_that_does_not_unwrap_stops_the_rotation_and_loses_nothing(home: Any) -> None:
    caller, other = home.new_workspace(), home.new_workspace()
    made = home.add_credentials(caller)
    home.add_credentials(other)
    with home.database.begin() as connection:
        place = sealing_keys.c.workspace_id == other.workspace_id
        connection.execute(sa.update(sealing_keys).where(place).values(private_key_wrapped="AAAA"))

    with pytest.raises(KekMismatch):
        rotation.rotate_kek(home.database, home.settings)

    check_all_open(home, caller, made)
    rotation.discard_lost(home.database, home.kek())
    rotation.rotate_kek(home.database, home.settings)
    check_all_open(home, caller, made)


def test_a_kek_of_the_environment_is_rotated_with_the_one_before(make_home: Any) -> None:
    first, second = (base64.b64encode(os.urandom(32)).decode() for _ in range(2))
    home = make_home(kek_provider="env", kek=first)
    caller = home.new_workspace()
    made = home.add_credentials(caller)
    home.settings = replace(home.settings, kek=second, kek_previous=first)

    done = rotation.rotate_kek(home.database, home.settings)

    home.settings = replace(home.settings, kek_previous="")
    assert (done.provider, done.key_id) == ("env", home.kek().key_id)
    check_all_open(home, caller, made)


def test_a_key_of_vault_is_rotated(make_home: Any) -> None:
    with VaultServer() as vault:
        home = make_home(kek_provider="vault", vault_address=vault.address, vault_token=TOKEN, vault_key="recado")
        caller = home.new_workspace()
        made = home.add_credentials(caller)
        vault.keys["recado"].rotate()

        done = rotation.rotate_kek(home.database, home.settings)

        assert (done.provider, done.keys) == ("vault", 1)
        assert base64url.decode(home.key_rows()[0].private_key_wrapped).startswith(b"\x02vault:v2:")
        check_all_open(home, caller, made)


# ── sealing keys ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_value_is_sealed_anew_and_the_old_key_is_deleted(home: Any) -> None:
    caller, other = home.new_workspace(), home.new_workspace()
    made, foreign = home.add_credentials(caller, 40), home.add_credentials(other)
    before = home.value_rows()
    old = home.key_rows()[0].kid
    steps: list[rotation.Progress] = []

    done = rotation.rotate_seal(home.database, caller.workspace_id, home.kek(), steps.append)

    own = [row for row in home.value_rows() if row.workspace_id == caller.workspace_id]
    assert {row.kid for row in own} == {done.kid}
    assert done.kid != old
    assert (done.resealed, done.left, done.deleted, done.failures) == (120, 0, [old], [])
    assert [row.kid for row in home.key_rows() if row.workspace_id == caller.workspace_id] == [done.kid]
    assert [step.left for step in steps if step.resealed] == [70, 20, 0, 0]
    check_all_open(home, caller, made)
    check_all_open(home, other, foreign)
    assert actions(home, caller) == ["key.create", "key.rotate_seal", "key.delete"]
    kept = {(row.credential_id, row.auth_field_id): (row.sealed_by, row.updated_at) for row in before}
    assert all(kept[row.credential_id, row.auth_field_id] == (row.sealed_by, row.updated_at) for row in own)


@pytest.mark.parametrize("stopped_at", [1, 2, 3, 4, 5])
def test_a_sealing_rotation_may_stop_anywhere(home: Any, stopped_at: int) -> None:
    caller = home.new_workspace()
    made = home.add_credentials(caller, 40)
    seen: list[rotation.Progress] = []

    def stop(step: rotation.Progress) -> None:
        seen.append(step)
        if len(seen) == stopped_at:
            raise Stop

    with pytest.raises(Stop):
        rotation.rotate_seal(home.database, caller.workspace_id, home.kek(), stop)

    check_all_open(home, caller, made)
    held = [row.kid for row in home.key_rows()]
    done = rotation.rotate_seal(home.database, caller.workspace_id, home.kek())

    assert done.left == 0
    assert [row.kid for row in home.key_rows()] == [done.kid]
    if 2 <= stopped_at <= 3:  # a new key was there, and values were left: the rotation was finished, not begun again
        assert done.kid == held[-1]
    check_all_open(home, caller, made)


def test_a_rotation_that_is_killed_leaves_everything_readable(home: Any) -> None:
    caller = home.new_workspace()
    made = home.add_credentials(caller, 17)
    script = (
        "import sys, pathlib\n"
        "from recado.credentials import keys, rotation\n"
        "from recado.db.engine import Database\n"
        "from recado.settings import Settings\n"
        "settings = Settings(data_dir=pathlib.Path(sys.argv[1]), database_url=sys.argv[2])\n"
        "database = Database(settings)\n"
        "kek = keys.open_kek(database, settings)\n"
        "while True:\n"
        "    rotation.rotate_seal(database, sys.argv[3], kek, lambda step: print(step.left, flush=True))\n"
        "    rotation.rotate_kek(database, settings)\n"
        "    print('kek', flush=True)\n"
    )
    arguments = [str(home.settings.data_dir), home.settings.database_url, caller.workspace_id]
    for lines in (2, 8):
        process = subprocess.Popen(
            [sys.executable, "-c", script, *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        assert process.stdout is not None
        for _ in range(lines):
            assert process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=120)

        verified = rotation.verify(home.database, home.kek())
        assert (verified.values, verified.opened, verified.failures) == (51, 51, [])

    rotation.rotate_kek(home.database, home.settings)
    rotation.rotate_seal(home.database, caller.workspace_id, home.kek())
    check_all_open(home, caller, made[:5])
    assert len(home.key_rows()) == 1


async def test_nothing_fails_to_open_while_keys_are_rotated(home: Any) -> None:
    caller = home.new_workspace()
    made = home.add_credentials(caller, 30)
    kek = home.kek()
    vault = Vault(home.database, kek)
    command_line, other_server = home.another_process(), home.another_process()
    server_kek = keys.open_kek(other_server, home.settings)
    done = asyncio.Event()
    opened = written = 0

    async def read() -> None:
        nonlocal opened
        while not done.is_set():
            for number, credential_id in enumerate(made):
                credential = await vault.open_credential(caller.workspace_id, credential_id)
                assert credential.values["region"] == f"eu-{number}"
                assert credential.values["signing_key"].startswith(f"second-{number}")
                opened += 1
            vault.forget()

    async def write() -> None:
        nonlocal written
        while not done.is_set():
            number = written % len(made)
            value = f"second-{number}-{written}"
            await asyncio.to_thread(home.put, other_server, server_kek, caller, made[number], signing_key=value)
            written += 1

    async def rotate() -> None:
        for _ in range(3):
            await asyncio.to_thread(rotation.rotate_seal, command_line, caller.workspace_id, home_kek())
            await asyncio.to_thread(rotation.rotate_kek, command_line, home.settings)
        done.set()

    def home_kek() -> Any:
        return FileKek.load(keys_folder(home.settings))

    await asyncio.gather(read(), read(), write(), rotate())

    verified = await asyncio.to_thread(rotation.verify, home.database, home_kek())
    assert (verified.values, verified.failures) == (90, [])
    assert opened >= 30
    assert written >= 3
    assert len(home.key_rows()) == 1


def test_a_value_sealed_to_the_key_before_is_refused_after_a_rotation(home: Any) -> None:
    caller = home.new_workspace()
    (credential_id,) = home.add_credentials(caller)
    opened = home.open(caller, credential_id)
    with home.database.begin() as connection:
        key = keys.current_key(connection, caller.workspace_id)
        assert key is not None
        auth = integrations.get_integration(connection, caller, opened.integration_id).auth
    info = Place(caller.workspace_id, opened.integration_id, credential_id, "Acme").info(auth.fields[0].id)
    sealed = seal_secret(base64url.decode(key.public_key), "late-key", ["api.acme.com"], info)
    value = SealedValue(key.kid, key.alg, sealed)
    home.put(home.database, home.kek(), caller, credential_id, api_key=value)

    rotation.rotate_seal(home.database, caller.workspace_id, home.kek())

    with pytest.raises(ValidationFailed) as refused:
        home.put(home.database, home.kek(), caller, credential_id, api_key=value)
    assert [type(problem) for problem in refused.value.problems] == [SealedValueInvalid]
    assert home.open(caller, credential_id).values["api_key"] == "late-key"


def test_values_that_do_not_open_are_named_and_stay_where_they_are(home: Any) -> None:
    caller = home.new_workspace()
    made = home.add_credentials(caller, 3, name="Broken")
    broken = home.value_rows()[0]
    with home.database.begin() as connection:
        place = sa.and_(
            credential_values.c.credential_id == broken.credential_id,
            credential_values.c.auth_field_id == broken.auth_field_id,
        )
        connection.execute(sa.update(credential_values).where(place).values(sealed="damaged"))

    verified = rotation.verify(home.database, home.kek())
    done = rotation.rotate_seal(home.database, caller.workspace_id, home.kek())

    (failure,) = verified.failures
    assert (verified.values, verified.opened) == (9, 8)
    assert (failure.workspace_id, failure.credential_id, failure.credential_name, failure.code) == (
        caller.workspace_id, broken.credential_id, "Broken", "secret_unreadable",
    )  # fmt: skip
    assert failure.identifier in {"api_key", "signing_key", "region"}
    assert (done.failures, done.resealed, done.left, done.deleted) == ([failure], 8, 1, [])
    assert len(home.key_rows()) == 2

    again = rotation.rotate_seal(home.database, caller.workspace_id, home.kek())
    assert (again.resealed, again.left) == (8, 1)  # one that cannot be moved does not keep the others from moving on
    home.put(home.database, home.kek(), caller, made[0], api_key="entered-again", signing_key="too", region="eu")
    assert rotation.rotate_seal(home.database, caller.workspace_id, home.kek()).left == 0
    assert len(home.key_rows()) == 1


def test_verifying_without_the_key_says_so_for_every_value(home: Any) -> None:
    caller = home.new_workspace()
    home.add_credentials(caller, 2)

    verified = rotation.verify(home.database, None)

    assert (verified.values, verified.opened) == (6, 0)
    assert {failure.code for failure in verified.failures} == {"secret_key_unavailable"}
    with pytest.raises(SecretKeyUnavailable):
        Keyring(None).pair(caller.workspace_id, home.key_rows()[0].kid, home.key_rows()[0].private_key_wrapped)


def test_public_keys_are_exported_with_what_is_left_on_each(home: Any) -> None:
    caller = home.new_workspace()
    home.add_credentials(caller)

    with home.database.begin() as connection:
        (exported,) = rotation.export_public(connection)
        current = keys.current_key(connection, caller.workspace_id)

    assert current is not None
    assert (exported.workspace_id, exported.kid, exported.public_key) == (
        caller.workspace_id,
        current.kid,
        current.public_key,
    )
    assert (exported.fingerprint[:16], exported.values, exported.retired_at) == (exported.kid, 3, None)


def test_a_workspace_without_a_key_gets_its_first(home: Any) -> None:
    caller = home.new_workspace()

    done = rotation.rotate_seal(home.database, caller.workspace_id, home.kek())

    assert (done.resealed, done.left, [row.kid for row in home.key_rows()]) == (0, 0, [done.kid])
