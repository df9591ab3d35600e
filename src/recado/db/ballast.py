"""A file that only takes up room, so that there is some to give back when the disk is full."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final

_BYTES: Final = 16 * 1024 * 1024
_FREE_TIMES: Final = 4


class Ballast:
    """16 MiB beside the database; measured: on a full disk even DELETE fails."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "ballast"

    def keep(self) -> bool:
        """Put it there if it is not and the disk has plenty of room; whether it is there now."""
        if self._path.exists():
            return True
        if shutil.disk_usage(self._path.parent).free < _BYTES * _FREE_TIMES:
            return False
        try:
            with self._path.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, _BYTES)
        except OSError:
            self._path.unlink(missing_ok=True)
            return False
        return True

    def release(self) -> bool:
        """Give the room back; whether there was any to give."""
        if not self._path.exists():
            return False
        self._path.unlink()
        return True
