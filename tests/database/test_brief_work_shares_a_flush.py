"""What is brief shares a transaction on SQLite, each piece whole or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from recado.db.columns import utc_now
from recado.db.engine import Database
from recado.db.tables import workspaces
from recado.errors import NotFound
from recado.ids import new_id
from recado.settings import load


@pytest.fixture
def database(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Database]:
    url = request.getfixturevalue("new_postgresql_database")() if database_kind == "postgresql" else ""
    made = Database(load({}, data_dir=tmp_path / "data", database_url=url))
    made.migrate()
    made.start()
    yield made
    made.close()


def write_two(connection: sa.Connection, name: str, problem: Exception | None) -> str:
    """One row, then perhaps a problem, then another row."""
    row: dict[str, Any] = {"name": name, "created_at": utc_now()}
    connection.execute(sa.insert(workspaces).values(id=new_id("wsp"), **row))
    if problem is not None:
        raise problem
    connection.execute(sa.insert(workspaces).values(id=new_id("wsp"), **row))
    return name


def count(connection: sa.Connection, name: str) -> int:
    return connection.scalar(sa.select(sa.func.count()).where(workspaces.c.name == name)) or 0


async def test_one_that_fails_takes_nobody_with_it(database: Database) -> None:
    problems: list[Exception | None] = [None, NotFound(), None, ZeroDivisionError(), None]
    pieces = [
        database.write_briefly(write_two, f"piece {number}", problem) for number, problem in enumerate(problems * 20)
    ]
    told = await asyncio.gather(*pieces, return_exceptions=True)
    for number, (outcome, problem) in enumerate(zip(told, problems * 20, strict=True)):
        if problem is None:
            assert outcome == f"piece {number}"
        else:
            assert type(outcome) is type(problem)
        written = await database.read(count, f"piece {number}")
        assert written == (0 if problem else 2)


async def test_what_is_not_brief_keeps_its_own_transaction_and_its_place(database: Database) -> None:
    order: list[str] = []

    def note(_: sa.Connection, name: str) -> None:
        order.append(name)

    verbs = [database.write_briefly, database.write, database.write_briefly, database.write_briefly]
    await asyncio.gather(*(verb(note, str(number)) for number, verb in enumerate(verbs)))
    assert sorted(order) == ["0", "1", "2", "3"]
    assert not database.is_sqlite or order == ["0", "1", "2", "3"]
