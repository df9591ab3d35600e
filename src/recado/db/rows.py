"""What looking for one row comes to."""

from __future__ import annotations

from typing import TypeVar

from recado.errors import NotFound

R = TypeVar("R")


def existing(row: R | None) -> R:
    """The row. Raises NotFound where there is none."""
    if row is None:
        raise NotFound
    return row
