"""Turns a driver's exception into our two storage errors: full, or cannot be reached."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Final

import sqlalchemy as sa
import structlog

from recado.errors import RecadoError, StorageFull, StorageUnavailable

_DISK_FULL_SQLSTATE: Final = "53100"
_log: Final = structlog.get_logger("recado.db")


def storage_error(problem: BaseException) -> RecadoError | None:
    """The storage error an exception stands for; None when it is something else (a bug, or an error of ours)."""
    original = getattr(problem, "orig", None) or problem
    text = str(original)
    if "database or disk is full" in text or getattr(original, "sqlstate", None) == _DISK_FULL_SQLSTATE:
        return StorageFull()
    if isinstance(problem, sa.exc.IntegrityError | sa.exc.ProgrammingError | sa.exc.DataError):
        return None
    # A driver's operational and interface errors: gone, locked, unreadable, disk errors, timed out.
    names = {kind.__name__ for kind in type(original).__mro__}
    if names & {"OperationalError", "InterfaceError"} or isinstance(problem, sa.exc.TimeoutError):
        return StorageUnavailable()
    return None


@contextlib.contextmanager
def storage_errors() -> Iterator[None]:
    """Raise our storage error in place of the driver's; the driver's text goes to the log, which only operators read."""
    try:
        yield
    except RecadoError:
        raise
    except Exception as problem:
        error = storage_error(problem)
        if error is None:
            raise
        _log.warning("storage_trouble", code=error.code, reason=type(getattr(problem, "orig", problem)).__name__)
        raise error from problem
