"""`recado keys`: beside a running server, and when a key is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from recado.commands.demo_client import ApiClient, WorkedExample
from recado.db.engine import Database
from recado.db.tables import credential_values
from recado.settings import load


@pytest.fixture
def stored(recado: Any, emulator: Any, document_of: Callable[..., Any]) -> Any:
    """A folder with the worked example in it, and no server any more."""
    recado.environ["RECADO_EGRESS_ALLOW"] = "127.0.0.0/8"
    with recado.running("serve", "--port", "0", "--json") as process:
        url = document_of(process)["url"]
        key = recado("api-key", "create", "--name", "tests", "--role", "owner").out.strip()
        WorkedExample(ApiClient(url, key), emulator.url, emulator.api_key).define()
    return recado


def test_keys_are_replaced_beside_a_running_server(served: Any, emulator: Any, here: Callable[..., Any]) -> None:
    recado, example = served.recado, served.example
    (before,) = here(recado, "keys", "export-public", "--json").document["items"]
    wrapped = recado("keys", "rotate-kek")
    assert wrapped.code == 0
    assert wrapped.out.startswith("1 sealing key is wrapped with the key ")
    sealed = recado("keys", "rotate-seal")
    assert sealed.code == 0
    assert "1 stored value sealed to the new key" in sealed.out
    (after,) = here(recado, "keys", "export-public", "--json").document["items"]
    assert after["kid"] != before["kid"]
    assert after["kid"] in here(recado, "keys", "export-public").out
    assert here(recado, "keys", "verify", "--json").document == {"values": 1, "opened": 1, "failures": []}
    assert example.run(example.create, {"account_id": "ana.demo"})["outcome"] == "ok"
    assert emulator.api_key not in wrapped.out + sealed.out


def test_a_lost_key_is_reported_and_given_up_only_when_asked(stored: Any, here: Callable[..., Any]) -> None:
    assert here(stored, "keys", "verify").out == "1 of 1 stored value can be opened.\n"
    (stored.data_dir / "keys" / "master.key").unlink()
    lost = here(stored, "keys", "verify", "--json")
    assert (lost.code, lost.error["code"]) == (1, "kek_unavailable")
    looked_over = here(stored, "doctor", "--resolve", "localhost", "--json")
    assert looked_over.code == 1
    (keys,) = [check for check in looked_over.document["checks"] if check["name"] == "keys"]
    assert keys["state"] == "fail"
    assert "Restore" in keys["mend"]
    kept = stored.in_terminal("keys", "discard-lost", talk=[("[y/N]", "n\n")])
    assert kept.code == 130
    given_up = here(stored, "keys", "discard-lost", "--yes", "--json").document
    assert (len(given_up["kids"]), given_up["values"]) == (1, 1)


def test_values_that_do_not_open_are_named(stored: Any, here: Callable[..., Any]) -> None:
    database = Database(load({}, data_dir=stored.data_dir))
    with database.begin() as connection:
        connection.execute(sa.update(credential_values).values(sealed="A" * 80))
    database.close()
    for command in ("verify", "rotate-seal"):
        done = here(stored, "keys", command)
        assert done.code == 1
        assert "Demo         api_key   secret_unreadable" in done.out
        assert "enter these values again" in done.out
    assert here(stored, "keys", "rotate-seal", "--json").document["workspaces"][0]["left"] == 1


def test_a_person_sees_how_far_it_is(stored: Any) -> None:
    done = stored.in_terminal("keys", "rotate-seal", NO_COLOR="1")
    assert done.code == 0
    assert "Sealing anew" in done.out
    assert "1/1" in done.out
