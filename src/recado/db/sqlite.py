"""SQLite as we use it: which library, which pragmas, how many connections, and the lock on the data folder."""

from __future__ import annotations

import fcntl
import os
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import IO, Any, Final, cast

import sqlalchemy as sa
from sqlalchemy.pool import QueuePool, StaticPool

from recado.errors import DataFolderLocked

_PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # NORMAL lost 12 % of acknowledged rows in simulated power cuts
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=5000",
    "PRAGMA journal_size_limit=67108864",
    "PRAGMA cache_size=-512",  # KiB a connection; 2000, the default, took 1.2 MB more and wrote no faster
)


@cache
def library() -> ModuleType:
    """The newest SQLite at hand: the one of the `pysqlite3` wheel, else Python's own."""
    try:
        module: Any = import_module("pysqlite3")  # there is no wheel for every platform
    except ImportError:
        module = import_module("sqlite3")  # 1.5 MB beside the one above
    # What is no number, text or bytearray the driver asks for an adapter first, and it tries three ways: 1.0 µs for each
    # value of bytes and 0.5 µs for each None that it binds, against 0.2 and 0.1 µs with these.
    module.register_adapter(bytes, bytearray)
    module.register_adapter(type(None), _same)
    return cast("ModuleType", module)


def _same(value: None) -> None:
    return value


def is_multi_connection_safe(version: tuple[int, int, int]) -> bool:
    """Whether two connections may write: the WAL-reset bug is fixed in 3.51.3, 3.50.7 and 3.44.6 (sqlite.org/wal.html#walresetbug)."""
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51, 0) or (3, 44, 6) <= version < (3, 45, 0)


def has_safe_library() -> bool:
    """Whether this process may open more than one connection."""
    return is_multi_connection_safe(library().sqlite_version_info)


def writer_engine(path: Path) -> sa.Engine:
    """An engine with exactly one connection, whose transactions are opened for writing."""
    return _engine(path, "BEGIN IMMEDIATE", poolclass=StaticPool)


def reader_engine(path: Path, size: int) -> sa.Engine:
    """An engine of `size` connections for reading."""
    return _engine(path, "BEGIN", poolclass=QueuePool, pool_size=size, max_overflow=0)


def _engine(path: Path, begin: str, **pool: Any) -> sa.Engine:
    engine = sa.create_engine(
        "sqlite+pysqlite://",
        module=library(),
        creator=lambda: _connect(path),
        hide_parameters=True,  # an error's text goes to the log; what people wrote does not
        **pool,
    )
    sa.event.listen(engine, "begin", lambda connection: connection.connection.driver_connection.execute(begin))
    return engine


def _connect(path: Path) -> Any:
    # The driver's own transaction control is off: every transaction is begun by the engine's "begin" event.
    connection = library().connect(path, isolation_level=None, check_same_thread=False, cached_statements=64)
    for pragma in _PRAGMAS:
        connection.execute(pragma).close()
    return connection


class FolderLock:
    """Held by the one server that uses a data folder; a lock of the kernel, so it never outlives its process."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "recado.lock"
        self._file: IO[str] | None = None

    def take(self) -> None:
        """Take the lock, or raise DataFolderLocked at once."""
        file = self._path.open("a+", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            file.close()
            raise DataFolderLocked(folder=self._path.parent) from problem
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        self._file = file

    def release(self) -> None:
        """Give the lock back."""
        if self._file:
            self._file.close()
            self._file = None
