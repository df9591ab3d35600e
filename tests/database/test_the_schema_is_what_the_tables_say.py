"""The migrations bring both databases to exactly the tables of `db/tables.py`, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from recado.db import migrate, sqlite
from recado.db.engine import Database
from recado.db.tables import metadata
from recado.errors import DatabaseTooNew, DataFolderLocked, StorageUnavailable
from recado.settings import load


@pytest.fixture
def database(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Database]:
    url = request.getfixturevalue("new_postgresql_database")() if database_kind == "postgresql" else ""
    made = Database(load({}, data_dir=tmp_path / "data", database_url=url))
    yield made
    made.close()


def test_a_new_database_gets_every_table(database: Database) -> None:
    assert database.migrate() == (None, migrate.newest_revision())
    with database.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_migrating_again_changes_nothing(database: Database) -> None:
    database.migrate()
    newest = migrate.newest_revision()
    assert database.migrate() == (newest, newest)


def test_a_migration_that_is_cut_off_leaves_the_old_schema(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        _migrate_and_fail(database)
    with database.begin() as connection:
        assert migrate.current_revision(connection) is None
        assert sa.inspect(connection).get_table_names() == []
    database.migrate()


def _migrate_and_fail(database: Database) -> None:
    with database.begin() as connection:
        migrate.migrate(connection)
        raise ZeroDivisionError


def test_a_database_of_a_newer_release_is_left_alone(database: Database) -> None:
    database.migrate()
    with database.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseTooNew, match="9999"):
        database.migrate()


def test_sqlite_is_as_durable_as_we_say(tmp_path: Path) -> None:
    made = Database(load({}, data_dir=tmp_path))
    with made.begin() as connection:
        told = {
            name: connection.execute(sa.text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    made.close()
    assert told == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


@pytest.mark.parametrize(
    ("version", "is_safe"),
    [
        ((3, 40, 1), False), ((3, 44, 5), False), ((3, 44, 6), True), ((3, 45, 0), False), ((3, 50, 6), False),
        ((3, 50, 7), True), ((3, 51, 0), False), ((3, 51, 2), False), ((3, 51, 3), True), ((3, 53, 4), True),
    ],
)  # fmt: skip
def test_libraries_with_the_wal_reset_bug_get_one_connection(version: tuple[int, int, int], is_safe: bool) -> None:
    assert sqlite.is_multi_connection_safe(version) is is_safe


def test_the_library_at_hand_is_safe() -> None:
    assert sqlite.has_safe_library()


def test_two_servers_do_not_share_a_folder(tmp_path: Path) -> None:
    first, second = sqlite.FolderLock(tmp_path), sqlite.FolderLock(tmp_path)
    first.take()
    with pytest.raises(DataFolderLocked):
        second.take()
    first.release()
    second.take()
    second.release()


def test_a_database_that_is_not_there_is_a_clear_error(unused_port: Callable[[], int]) -> None:
    made = Database(load({}, database_url=f"postgresql://recado@127.0.0.1:{unused_port()}/nothing"))
    with pytest.raises(StorageUnavailable):
        made.migrate()
    made.close()


async def test_one_bad_row_does_not_take_its_neighbours_down(database: Database) -> None:
    from recado.clock import now_text  # noqa: PLC0415  # only this test needs it
    from recado.db.writer import check_written  # noqa: PLC0415  # the same

    database.migrate()
    database.start()
    opened: list[Any] = [
        ("exe_good", "wsp_1", "live", None, None, None, "prc_1", "GET", None, None, None, now_text()),
        ("exe_bad", None, "live", None, None, None, "prc_1", "GET", None, None, None, now_text()),
    ]
    futures = [database.writer.open_row(row) for row in opened]
    check_written(await futures[0], "exe_good")
    with pytest.raises(Exception, match=r"(?i)null"):
        check_written(await futures[1], "exe_bad")
