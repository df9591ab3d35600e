"""Opens, for one command, what a server would hold open: settings, database, the workspace it acts in."""

# ruff: noqa: PLC0415 (what is heavy is imported by the command that needs it: `recado --help` answers at once)

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from recado.settings import Settings, load

if TYPE_CHECKING:
    import sqlalchemy as sa

    from recado.accounts.caller import Caller
    from recado.db.engine import Database


def load_settings() -> Settings:
    """The settings, and logs on standard error; only real trouble is logged unless RECADO_LOG_LEVEL asks for more.

    A command that fails says so itself, once. Raises SettingInvalid.
    """
    from recado.web import log

    settings = load()
    log.configure(settings if "RECADO_LOG_LEVEL" in os.environ else replace(settings, log_level="error"))
    return settings


@contextlib.contextmanager
def open_database(settings: Settings | None = None) -> Iterator[Database]:
    """The database of the settings, brought up to date. Raises what `open_unmigrated` does, and DatabaseTooNew."""
    with open_unmigrated(settings) as database:
        database.migrate()
        yield database


@contextlib.contextmanager
def open_unmigrated(settings: Settings | None = None) -> Iterator[Database]:
    """The database as it is; a server may run beside us, unless its SQLite forbids it.

    Raises SettingInvalid, StorageUnavailable, and DataFolderLocked where two connections are not safe.
    """
    from recado.db.engine import Database
    from recado.db.sqlite import FolderLock

    settings = settings or load_settings()
    with contextlib.ExitStack() as stack:
        database = Database(settings)
        stack.callback(database.close)
        if database.is_single_connection:
            lock = FolderLock(settings.data_dir)
            lock.take()
            stack.callback(lock.release)
        yield database


@contextlib.contextmanager
def begin(settings: Settings | None = None) -> Iterator[tuple[sa.Connection, Caller]]:
    """One writing transaction and the caller who stands for the operator, in the install's first workspace."""
    from recado.accounts import service

    with open_database(settings) as database, database.begin() as connection:
        yield connection, service.system_caller(service.ensure_workspace(connection), "cli")
