"""The sealing key of a workspace: made on first need, one however many ask at once, its private half wrapped."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from recado import base64url
from recado.accounts import audit
from recado.credentials import keys
from recado.credentials.keys import Keyring, describe_key
from recado.credentials.sealing import kid_of, private_key_aad, public_key_of
from recado.errors import KekMismatch, SecretKeyUnavailable


def ensure(database: Any, workspace_id: str, kek: Any) -> str:
    with database.begin() as connection:
        return str(keys.ensure_sealing_key(connection, workspace_id, kek).kid)


def test_a_key_is_made_on_first_need_and_wrapped(home: Any) -> None:
    caller, kek = home.new_workspace(), home.kek()
    assert home.key_rows() == []
    with home.database.begin() as connection:
        assert keys.current_key(connection, caller.workspace_id) is None

    kid = ensure(home.database, caller.workspace_id, kek)

    (row,) = home.key_rows()
    private_key = kek.unwrap(base64url.decode(row.private_key_wrapped), private_key_aad(caller.workspace_id, kid))
    public_key = base64url.decode(row.public_key)
    assert (row.kid, row.workspace_id, row.kek_id, row.retired_at) == (kid, caller.workspace_id, kek.key_id, None)
    assert (kid_of(public_key), public_key_of(private_key)) == (kid, public_key)
    with home.database.begin() as connection:
        assert keys.current_key(connection, caller.workspace_id) == describe_key(caller.workspace_id, public_key)
        assert audit.verify(connection) == []


def test_many_processes_that_ask_at_once_get_the_same_key(home: Any) -> None:
    caller, kek = home.new_workspace(), home.kek()
    databases = [home.another_process() for _ in range(4)]

    with ThreadPoolExecutor(len(databases)) as threads:
        kids = set(threads.map(lambda database: ensure(database, caller.workspace_id, kek), databases))

    assert len(kids) == 1
    assert {row.kid for row in home.key_rows()} == kids


def test_workspaces_have_different_keys(home: Any) -> None:
    kek = home.kek()
    kids = {ensure(home.database, home.new_workspace().workspace_id, kek) for _ in range(3)}

    assert len(kids) == 3


def test_a_key_moved_to_another_workspace_does_not_unwrap(home: Any) -> None:
    caller, kek = home.new_workspace(), home.kek()
    ensure(home.database, caller.workspace_id, kek)
    (row,) = home.key_rows()

    with pytest.raises(KekMismatch):
        keys.unwrap_key(kek, home.new_workspace().workspace_id, row.kid, row.private_key_wrapped)
    with pytest.raises(KekMismatch):
        keys.unwrap_key(kek, caller.workspace_id, "0" * 16, row.private_key_wrapped)
    with pytest.raises(KekMismatch):
        keys.unwrap_key(kek, caller.workspace_id, row.kid, "not base64!")


def test_a_keyring_unwraps_a_key_once(home: Any) -> None:
    caller, kek = home.new_workspace(), home.kek()
    ensure(home.database, caller.workspace_id, kek)
    (row,) = home.key_rows()
    keyring = Keyring(kek)

    first = keyring.pair(caller.workspace_id, row.kid, row.private_key_wrapped)

    assert keyring.pair(caller.workspace_id, row.kid, row.private_key_wrapped) is first
    assert "private_key" not in repr(first)
    with pytest.raises(SecretKeyUnavailable):
        Keyring(None).pair(caller.workspace_id, row.kid, row.private_key_wrapped)
