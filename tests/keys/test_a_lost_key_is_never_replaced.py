"""A server whose key is gone starts, says so, changes nothing, and has everything again once the key is back."""

from __future__ import annotations

import base64
import os
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from recado import base64url
from recado.accounts import service as accounts
from recado.app import build_app
from recado.credentials import keys, rotation
from recado.credentials.kek import FileKek, keys_folder, load_kek
from recado.db.tables import credential_values, sealing_keys
from recado.errors import KekUnavailable, KekUnsafe, SecretKeyUnavailable, SettingInvalid
from recado.parts import open_parts


def test_the_key_file_is_made_at_the_first_start_only(home: Any) -> None:
    path = keys_folder(home.settings) / "master.key"
    assert not path.exists()

    first = home.kek()

    assert path.stat().st_mode & 0o777 == 0o600
    text = path.read_text(encoding="ascii")
    assert home.kek().key_id == first.key_id
    assert path.read_text(encoding="ascii") == text


def test_a_lost_key_file_is_not_made_anew_and_the_exact_line_is_logged(home: Any) -> None:
    caller = home.new_workspace()
    (credential_id,) = home.add_credentials(caller)
    folder = keys_folder(home.settings)
    folder.rename(folder.with_name("moved"))
    before = (home.key_rows(), home.value_rows())

    with capture_logs() as logs:
        assert home.open_kek() is None

    kid = before[0][0].kid
    assert [line["event"] for line in logs if line["log_level"] == "error"] == [
        "kek_unavailable",
        f"No private key for sealed secrets (kid {kid}). Restore {folder} from backup. Nothing was changed.",
    ]
    assert not folder.exists()
    assert (home.key_rows(), home.value_rows()) == before
    with pytest.raises(SecretKeyUnavailable):
        home.open(caller, credential_id)

    folder.with_name("moved").rename(folder)
    assert home.open(caller, credential_id).values["api_key"] == "first-0"


def test_another_key_file_in_its_place_opens_nothing_and_changes_nothing(home: Any) -> None:
    caller = home.new_workspace()
    (credential_id,) = home.add_credentials(caller)
    folder = keys_folder(home.settings)
    folder.rename(folder.with_name("moved"))
    FileKek.create(folder)

    with capture_logs() as logs:
        kek = home.open_kek()

    assert [line["event"][:38] for line in logs] == ["No private key for sealed secrets (kid"]
    with pytest.raises(SecretKeyUnavailable):
        home.open(caller, credential_id, kek)
    with home.database.begin() as connection:
        assert not keys.is_usable(connection, kek)


def test_a_lost_row_of_a_key_is_not_made_anew(home: Any) -> None:
    caller = home.new_workspace()
    (credential_id,) = home.add_credentials(caller)
    kek = home.kek()
    with home.database.begin() as connection:
        kid = connection.scalar(sa.select(sealing_keys.c.kid))
        connection.execute(sa.delete(sealing_keys))

    with home.database.begin() as connection:
        (finding,) = keys.check_keys(connection, kek)
        with pytest.raises(SecretKeyUnavailable):
            keys.ensure_sealing_key(connection, caller.workspace_id, kek)
        assert not keys.is_usable(connection, kek)
    assert finding.message == (
        f"No private key for sealed secrets (kid {kid}). Restore <data>/keys from backup. Nothing was changed."
    )
    assert (finding.kid, finding.values) == (kid, 3)
    with pytest.raises(SecretKeyUnavailable):
        home.open(caller, credential_id)
    assert home.key_rows() == []

    another = home.new_workspace()
    home.add_credentials(another)  # others go on


@pytest.mark.parametrize("mode", [0o640, 0o604])
def test_a_key_file_open_to_others_keeps_the_server_from_starting(home: Any, mode: int) -> None:
    home.add_credentials(home.new_workspace())
    (keys_folder(home.settings) / "master.key").chmod(mode)

    with pytest.raises(KekUnsafe, match="is open to other users"):
        home.open_kek()


def test_a_damaged_key_file_is_not_replaced(home: Any) -> None:
    home.kek()
    path = keys_folder(home.settings) / "master.key"
    path.write_text("damaged", encoding="ascii")

    assert home.open_kek() is None
    assert path.read_text(encoding="ascii") == "damaged"


def test_a_wrong_key_in_the_environment_is_said(make_home: Any) -> None:
    home = make_home(kek_provider="env", kek=base64.b64encode(os.urandom(32)).decode())
    home.add_credentials(home.new_workspace())
    wrong = {"data_dir": home.settings.data_dir, "database_url": home.settings.database_url, "kek_provider": "env"}

    with home.database.begin() as connection:
        other = load_kek(type(home.settings)(**wrong, kek=base64.b64encode(os.urandom(32)).decode()))
        (finding,) = keys.check_keys(connection, other, keys.place_of_keys(home.settings))
    assert finding.message.endswith("Restore RECADO_KEK from backup. Nothing was changed.")
    with pytest.raises(SettingInvalid):
        keys.open_kek(home.database, type(home.settings)(**wrong, kek="short"))
    assert not keys_folder(home.settings).exists()


async def test_a_server_without_its_key_serves_everything_but_secrets(home: Any) -> None:
    caller = home.new_workspace()
    (credential_id,) = home.add_credentials(caller)
    with home.database.begin() as connection:
        _, key = accounts.create_api_key(connection, caller, "key", "owner")
    folder = keys_folder(home.settings)
    folder.rename(folder.with_name("moved"))
    before = (home.key_rows(), home.value_rows())

    async with open_parts(home.settings) as parts, client_of(parts, key) as client:
        found = (await client.get(f"/api/v1/credentials/{credential_id}")).json()
        assert found["fields"]["api_key"]["is_set"]
        put = client.put(f"/api/v1/credentials/{credential_id}/values", json={"values": {"api_key": "new-secret"}})
        path = f"/api/v1/integrations/{found['integration_id']}/credentials"
        for answer in (
            await put,
            await client.post(path, json={"name": "x", "values": {"api_key": "new-secret"}}),
            await client.get("/api/v1/secret-key"),
        ):
            assert (answer.status_code, answer.json()["code"]) == (503, "secret_key_unavailable")
            assert "retry-after" in answer.headers
        hosts = await client.put(f"/api/v1/credentials/{credential_id}/values", json={"hosts": ["evil.example"]})
        assert hosts.json()["code"] == "secret_required_for_hosts"
        renamed = await client.patch(f"/api/v1/credentials/{credential_id}", json={"name": "Other"})
        assert renamed.status_code == 200
        ready = (await client.get("/health/ready")).json()
        assert ready["secrets"] == "secret_key_unavailable"
    assert not folder.exists()
    assert (home.key_rows(), home.value_rows()) == before

    folder.with_name("moved").rename(folder)
    async with open_parts(home.settings) as parts, client_of(parts, key) as client:
        put = client.put(f"/api/v1/credentials/{credential_id}/values", json={"values": {"signing_key": "new-secret"}})
        assert (await put).status_code == 200
        assert (await client.get("/health/ready")).json()["secrets"] == "ok"
        opened = await parts.vault.open_credential(caller.workspace_id, credential_id)
        assert opened.values == {"api_key": "first-0", "signing_key": "new-secret", "region": "eu-0"}


def client_of(parts: Any, key: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(build_app(parts))
    return httpx.AsyncClient(
        transport=transport, base_url="http://127.0.0.1", headers={"authorization": f"Bearer {key}"}
    )


def test_what_is_lost_for_good_is_given_up_only_when_asked(home: Any) -> None:
    caller, other = home.new_workspace(), home.new_workspace()
    (lost,) = home.add_credentials(caller)
    folder = keys_folder(home.settings)
    (folder / "master.key").unlink()
    assert home.open_kek() is None

    discarded = rotation.discard_lost(home.database, None)

    assert (len(discarded.kids), discarded.values) == (1, 3)
    assert (home.key_rows(), home.value_rows()) == ([], [])
    kek = home.kek()
    home.add_credentials(other)
    with home.database.begin() as connection:
        keys.ensure_sealing_key(connection, caller.workspace_id, kek)
    home.put(home.database, kek, caller, lost, api_key="entered-again")
    assert home.open(caller, lost).values == {"api_key": "entered-again"}


def test_what_opens_is_never_given_up(home: Any) -> None:
    caller, other = home.new_workspace(), home.new_workspace()
    (kept,) = home.add_credentials(caller)
    home.add_credentials(other)
    with home.database.begin() as connection:
        place = sealing_keys.c.workspace_id == other.workspace_id
        connection.execute(sa.update(sealing_keys).where(place).values(private_key_wrapped="damaged"))

    discarded = rotation.discard_lost(home.database, home.kek())

    assert (len(discarded.kids), discarded.values) == (1, 3)
    assert home.open(caller, kept).values["api_key"] == "first-0"
    with home.database.begin() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(credential_values)) == 3


def test_a_kek_that_does_not_answer_gives_nothing_up(make_home: Any) -> None:
    settings = {
        "kek_provider": "vault",
        "vault_address": "http://127.0.0.1:1",
        "vault_token": "t",
        "vault_key": "recado",
    }
    home = make_home(kek_provider="env", kek=base64.b64encode(os.urandom(32)).decode())
    home.add_credentials(home.new_workspace())
    vault = load_kek(type(home.settings)(data_dir=home.settings.data_dir, **settings))
    with home.database.begin() as connection:
        connection.execute(sa.update(sealing_keys).values(private_key_wrapped=base64url.encode(b"\x02vault:v1:AAAA")))

    with pytest.raises(KekUnavailable, match="cannot be reached"):
        rotation.discard_lost(home.database, vault)

    assert len(home.value_rows()) == 3
    with home.database.begin() as connection:
        (finding,) = keys.check_keys(connection, vault)
        assert keys.is_usable(connection, vault)  # a probe does not ask Vault
    assert "Vault cannot be reached" in finding.message
