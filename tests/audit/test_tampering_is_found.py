"""A row that was altered, removed, moved or put in is found; an untouched or properly shortened log gives no finding."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from recado.accounts import audit
from recado.accounts.service import ensure_workspace, system_caller
from recado.db.engine import Database
from recado.db.revision import read_revision
from recado.db.tables import audit_log

DETAILS: list[Any] = [
    {},
    {"name": 'Café \u2028 "quoted" 🌳', "number": Decimal("12.10"), "big": 2**80},
    {"before": None, "after": [1, 2.5, True, {"deep": ["x"]}]},
    "only a text",
    None,
    {"at": dt.datetime(2026, 11, 22, tzinfo=dt.UTC)},
]


@pytest.fixture
def log(database: Database) -> Database:
    """A log of 13 rows: the workspace's and two of each kind of details."""
    with database.begin() as connection:
        caller = system_caller(ensure_workspace(connection))
        for number, details in enumerate(DETAILS * 2):
            audit.record(connection, caller, "thing.update", "thing", f"thg_{number}", details)
    return database


def findings(database: Database) -> list[tuple[int, str]]:
    with database.begin() as connection:
        return [(finding.sequence, finding.kind) for finding in audit.verify(connection)]


def change(database: Database, sequence: int, **values: Any) -> None:
    with database.begin() as connection:
        connection.execute(sa.update(audit_log).where(audit_log.c.sequence == sequence).values(values))


def test_an_untouched_log_gives_no_finding(log: Database) -> None:
    assert findings(log) == []
    with log.begin() as connection:
        assert audit.head(connection)[0] == 13


def test_an_empty_log_gives_no_finding(database: Database) -> None:
    assert findings(database) == []


@pytest.mark.parametrize(
    "values",
    [
        {"workspace_id": None},
        {"at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)},
        {"actor_kind": "user"},
        {"actor_id": "usr_somebody_else"},
        {"address": "203.0.113.7"},
        {"action": "thing.read"},
        {"object_kind": None},
        {"object_id": "thg_other"},
        {"details": {"name": "changed"}},
        {"details": sa.literal_column("'{not json'")},
        {"details": sa.literal_column("'{ }'")},
    ],
)
def test_any_altered_field_is_found(log: Database, values: dict[str, Any]) -> None:
    change(log, 5, **values)
    assert findings(log) == [(5, "altered")]


def test_a_time_that_cannot_be_read_is_found(log: Database) -> None:
    if log.is_sqlite:  # PostgreSQL keeps times only
        change(log, 5, at=sa.literal_column("'yesterday'"))
        assert findings(log) == [(5, "altered")]


def test_a_rewritten_row_with_a_fitting_hash_of_its_own_breaks_the_chain(log: Database) -> None:
    with log.begin() as connection:
        row = list(audit._stored_rows(connection))[4]
    forged = audit._hash_of(row | {"action": "thing.read"})
    change(log, 5, action="thing.read", hash=forged)
    assert findings(log) == [(6, "out_of_order")]


@pytest.mark.parametrize(
    ("removed", "found"),
    [
        ([5], [(5, "missing")]),
        ([5, 6, 7], [(5, "missing")]),
        ([1], [(1, "missing")]),
        ([1, 2], [(1, "missing")]),
        ([13], [(13, "missing")]),
        ([3, 12, 13], [(3, "missing"), (12, "missing")]),
        (list(range(1, 14)), [(1, "missing")]),
    ],
    ids=str,
)
def test_a_removed_row_is_found_wherever_it_was(
    log: Database, removed: list[int], found: list[tuple[int, str]]
) -> None:
    with log.begin() as connection:
        connection.execute(sa.delete(audit_log).where(audit_log.c.sequence.in_(removed)))
    assert findings(log) == found


def test_a_removed_end_stays_found_when_more_is_written(log: Database) -> None:
    with log.begin() as connection:
        connection.execute(sa.delete(audit_log).where(audit_log.c.sequence == 13))
        audit.record(connection, system_caller("wsp_x"), "thing.update", "thing", None, {})
    assert findings(log) == [(13, "missing")]


def test_rows_that_changed_places_are_found(log: Database) -> None:
    with log.begin() as connection:
        for before, after in ((5, 99), (8, 5), (99, 8)):
            moved = sa.update(audit_log).where(audit_log.c.sequence == before).values(sequence=after)
            connection.execute(moved)
    found = findings(log)
    assert {(5, "altered"), (8, "altered")} <= set(found)


def test_removed_rows_with_the_rest_moved_up_are_found(log: Database) -> None:
    with log.begin() as connection:
        connection.execute(sa.delete(audit_log).where(audit_log.c.sequence == 5))
        for sequence in range(6, 14):
            connection.execute(
                sa.update(audit_log).where(audit_log.c.sequence == sequence).values(sequence=sequence - 1)
            )
    assert findings(log)[0] == (5, "out_of_order")


def test_a_log_shortened_for_its_age_gives_no_finding(log: Database) -> None:
    with log.begin() as connection:
        ages = connection.execute(sa.select(audit_log.c.at).order_by(audit_log.c.sequence)).scalars().all()
        caller = system_caller("wsp_x")
        assert audit.prune(connection, caller, ages[6]) == 6
        assert audit.prune(connection, caller, ages[0]) == 0
    assert findings(log) == []
    with log.begin() as connection:
        assert audit.prune(connection, caller, ages[9]) == 3
    assert findings(log) == []
    with log.begin() as connection:
        connection.execute(sa.delete(audit_log).where(audit_log.c.sequence == 10))
    assert findings(log) == [(1, "missing")]


def test_a_change_raises_the_revision_and_a_mere_event_does_not(log: Database) -> None:
    with log.begin() as connection:
        before, caller = read_revision(connection), system_caller("wsp_x")
        audit.record(connection, caller, "session.create", "session", None, {}, is_change=False)
        assert read_revision(connection) == before
        audit.record(connection, caller, "thing.update", "thing", None, {})
        assert read_revision(connection) == before + 1


def test_what_is_rolled_back_was_never_noted(log: Database) -> None:
    def fail() -> None:
        with log.begin() as connection:
            audit.record(connection, system_caller("wsp_x"), "thing.update", "thing", None, {})
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert findings(log) == []
    with log.begin() as connection:
        assert audit.head(connection)[0] == 13


def test_writers_at_the_same_moment_make_one_chain(log: Database) -> None:
    def write(number: int) -> None:
        with log.begin() as connection:
            audit.record(connection, system_caller("wsp_x"), "thing.update", "thing", str(number), {})

    threads: int = 1 if log.is_sqlite else 6  # SQLite has one writer by design
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(write, range(30)))
    assert findings(log) == []
    with log.begin() as connection:
        assert audit.head(connection)[0] == 43


def test_a_failed_login_is_shown_only_where_there_is_one_workspace(
    database: Database, new_workspace_row: Callable[[Database], None]
) -> None:
    with database.begin() as connection:
        workspace_id = ensure_workspace(connection)
        audit.record_anonymous(connection, "203.0.113.7", "session.create_failed", "user", None, {})
    new_workspace_row(database)
    with database.begin() as connection:
        audit.record_anonymous(connection, "203.0.113.7", "session.create_failed", "user", None, {})
        page = audit.list_entries(
            connection, system_caller(workspace_id), audit.Filters(action="session.create_failed"), 50, None
        )
    assert [(entry.sequence, entry.actor_kind) for entry in page.items] == [(2, "anonymous")]
    assert findings(database) == []
