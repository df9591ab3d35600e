"""Brings a database to the newest schema, one process at a time, whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from recado.errors import DatabaseTooNew

_LOCK_NUMBER: Final = 7_263_236_001  # any number no other program uses: "recado" on a telephone, then 001


def _config(connection: sa.Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.attributes["connection"] = connection
    return config


def newest_revision() -> str:
    """The newest schema this release knows, such as `0001`."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None
    return head


def current_revision(connection: sa.Connection) -> str | None:
    """The schema of this database; None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


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
        command.upgrade(_config(connection), "head")
    return before, newest
