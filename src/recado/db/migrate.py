"""Brings a database to the newest schema, one process at a time, whole or not at all."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from recado.errors import DatabaseTooNew, DatabaseTooOld
from recado.unloaded import without_extras

_LOCK_NUMBER: Final = 7_263_236_001  # any number no other program uses: "recado" on a telephone, then 001
_FOLDER: Final = Path(__file__).with_name("migrations")
_STEP: Final = re.compile(r"([0-9]{4})_\w+\.py")
_KEPT_IN: Final = sa.table("alembic_version", sa.column("version_num", sa.String))


def newest_revision() -> str:
    """The newest schema this release knows, such as `0001`: the number its last step is named by."""
    return max(found[1] for step in (_FOLDER / "versions").iterdir() if (found := _STEP.fullmatch(step.name)))


def current_revision(connection: sa.Connection) -> str | None:
    """The schema of this database; None when it is empty."""
    if not sa.inspect(connection).has_table(_KEPT_IN.name):
        return None
    found: str | None = connection.scalar(sa.select(_KEPT_IN.c.version_num))
    return found


def migrate(connection: sa.Connection) -> tuple[str | None, str]:
    """Apply what is missing inside the caller's transaction; give the revision before and after.

    The transaction is the lock on SQLite (it is opened for writing); PostgreSQL takes an advisory lock. A kill half-way
    leaves the old schema. Raises DatabaseTooNew for a schema this release does not know.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("select pg_advisory_xact_lock(:number)"), {"number": _LOCK_NUMBER})
    before, newest = current_revision(connection), newest_revision()
    if before is not None and before > newest:
        raise DatabaseTooNew(found=before, known=newest)
    if before != newest:
        _apply(connection)
    return before, newest


def check(connection: sa.Connection) -> None:
    """Change nothing. Raises DatabaseTooOld or DatabaseTooNew where the schema is not the one this release knows."""
    found, known = current_revision(connection), newest_revision()
    if found is None or found < known:
        raise DatabaseTooOld(found=found or "none", known=known)
    if found > known:
        raise DatabaseTooNew(found=found, known=known)


def _apply(connection: sa.Connection) -> None:
    """Run the steps that are missing."""
    with without_extras():
        from alembic import command  # noqa: PLC0415  # 10 MB and 0.1 s that a server on an up-to-date database saves
        from alembic.config import Config  # noqa: PLC0415  # the same

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
