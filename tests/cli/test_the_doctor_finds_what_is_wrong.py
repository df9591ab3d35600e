"""`recado doctor`: a healthy installation passes; each kind of trouble is found, named and comes with its cure."""

from __future__ import annotations

import asyncio
import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from recado.accounts import service
from recado.commands.doctor_checks import Check, look_over
from recado.db.engine import Database
from recado.db.migrate import newest_revision
from recado.db.tables import audit_log
from recado.settings import Settings, load


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An installation that was started once, in a folder of its own."""
    settings = load({}, data_dir=tmp_path / "data", egress_allow=("10.1.2.3/32:443",))
    database = Database(settings)
    database.migrate()
    with database.begin() as connection:
        caller = service.system_caller(service.ensure_workspace(connection), "cli")
        for number in range(3):
            service.create_api_key(connection, caller, f"key {number}", "viewer", None)
    database.close()
    (settings.data_dir / "ballast").write_bytes(b"")
    return settings


def find(settings: Settings) -> dict[str, Check]:
    return {check.name: check for check in asyncio.run(look_over(settings, "localhost"))}


def change(settings: Settings, statement: sa.Update | sa.Delete) -> None:
    database = Database(settings)
    with database.begin() as connection:
        connection.execute(statement)
    database.close()


def test_a_healthy_installation_passes(served: Any) -> None:
    done = served.recado("doctor", "--resolve", "localhost", "--json")
    told = done.document
    assert (done.code, told["is_well"]) == (0, True)
    states = {check["name"]: check["state"] for check in told["checks"]}
    assert set(states) == {
        "folder", "disk", "ballast", "library", "database", "integrity", "keys", "clock", "audit log", "date", "names",
        "policy",
    }  # fmt: skip
    assert "fail" not in states.values()


def test_it_draws_a_table_and_fails_with_what_fails(recado: Any) -> None:
    recado.data_dir.mkdir(mode=0o700)
    (recado.data_dir / "recado.db").write_bytes(b"this is no database at all" * 100)
    done = recado("doctor", "--resolve", "localhost")
    assert (done.code, done.err) == (1, "")
    assert "How to mend" in done.out
    assert "Restore it from a backup." in done.out


def test_an_installation_that_was_never_started_is_no_failure_and_stays_untouched(tmp_path: Path) -> None:
    found = find(load({}, data_dir=tmp_path / "none"))
    assert {check.state for check in found.values()} <= {"ok", "warn"}
    assert found["database"].found == "There is none yet."
    assert not (tmp_path / "none").exists()


def test_a_schema_of_another_release_is_found(settings: Settings) -> None:
    change(settings, sa.update(sa.table("alembic_version", sa.column("version_num"))).values(version_num="9999"))
    assert find(settings)["database"].mend == "Upgrade Recado."
    change(settings, sa.delete(sa.table("alembic_version")))
    found = find(settings)
    assert found["database"].mend == "recado migrate"
    assert "audit log" not in found


def test_a_changed_audit_log_is_found(settings: Settings) -> None:
    change(settings, sa.update(audit_log).where(audit_log.c.sequence == 2).values(actor_kind="user"))
    found = find(settings)["audit log"]
    assert found.state == "fail"
    assert "not what was written" in found.found


def test_a_clock_behind_what_is_written_is_found(settings: Settings) -> None:
    later = dt.datetime.now(dt.UTC) + dt.timedelta(hours=2)
    change(settings, sa.update(audit_log).where(audit_log.c.sequence == 4).values(at=later))
    assert find(settings)["clock"].state == "fail"


def test_an_open_folder_and_key_are_found(settings: Settings) -> None:
    settings.data_dir.chmod(0o755)
    keys = settings.data_dir / "keys"
    keys.mkdir()
    (keys / "master.key").write_text("x")
    (keys / "master.key").chmod(0o644)
    found = find(settings)
    assert found["folder"].mend == f"chmod 700 {settings.data_dir.resolve()}"
    assert found["keys"].state == "fail"
    assert "chmod 600" in found["keys"].found


def test_a_missing_ballast_is_found(settings: Settings) -> None:
    (settings.data_dir / "ballast").unlink()
    assert find(settings)["ballast"].state == "warn"


@pytest.mark.parametrize(
    ("rules", "state"),
    [
        (("0.0.0.0/0",), "warn"),
        (("::/0",), "warn"),
        (("10.0.0.0/7",), "warn"),
        (("10.0.0.0/8",), "ok"),
        (("intranet.acme.com=0.0.0.0/0",), "ok"),
        (("10.1.2.3/32:443", "[fd00::/8]:443"), "warn"),
        (("nonsense",), "fail"),
    ],
)
def test_rules_are_read_and_wide_ones_named(tmp_path: Path, rules: tuple[str, ...], state: str) -> None:
    assert find(load({}, data_dir=tmp_path / "none", egress_allow=rules))["policy"].state == state


def test_names_that_do_not_resolve_are_found(tmp_path: Path) -> None:
    settings = load({}, data_dir=tmp_path / "none", dns_servers=("127.0.0.1:9",))
    found = {check.name: check for check in asyncio.run(look_over(settings, "nowhere.acme.com"))}
    assert found["names"].state == "warn"
    wrong = find(load({}, data_dir=tmp_path / "none", dns_servers=("not a server",)))
    assert wrong["names"].state == "fail"


def test_postgresql_is_looked_over(new_postgresql_database: Any, tmp_path: Path) -> None:
    settings = load({}, data_dir=tmp_path, database_url=new_postgresql_database())
    assert find(settings)["database"].mend == "recado migrate"
    database = Database(settings)
    database.migrate()
    database.close()
    found = find(settings)
    assert (found["database"].found, found["database"].state) == (f"PostgreSQL, schema {newest_revision()}.", "ok")
    assert found["clock"].found.endswith("s from the database's clock.")
    gone = find(load({}, data_dir=tmp_path, database_url="postgresql://nobody@127.0.0.1:9/none"))
    assert (gone["database"].state, gone["database"].found) == ("fail", "The database cannot be reached.")


def test_a_folder_that_is_a_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    assert find(load({}, data_dir=tmp_path / "data"))["folder"].state == "fail"
    assert (tmp_path / "data").is_file()
