"""The configuration's revision: raised by every change, watched by every process, so that what is compiled is never stale."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import sqlalchemy as sa

from recado.background import Background
from recado.db.engine import Database
from recado.db.tables import revisions

_NAME: Final = "configuration"
_POLL_SECONDS: Final = 1.0


def raise_revision(connection: sa.Connection) -> None:
    """Note, in the transaction of a change, that what other processes compiled is out of date."""
    raised = connection.execute(
        sa.update(revisions).where(revisions.c.name == _NAME).values(value=revisions.c.value + 1)
    )
    if raised.rowcount == 0:
        connection.execute(sa.insert(revisions).values(name=_NAME, value=1))


def read_revision(connection: sa.Connection) -> int:
    """The revision now; 0 before the first change."""
    return connection.scalar(sa.select(revisions.c.value).where(revisions.c.name == _NAME)) or 0


class RevisionWatch:
    """Calls its listeners when the configuration changed: at once for this process's own changes, within 1 s for others'."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._listeners: list[Callable[[], None]] = []
        self._work = Background("revision", self.refresh, _POLL_SECONDS)
        self.seen = -1

    def listen(self, listener: Callable[[], None]) -> None:
        """Have `listener` called after every change."""
        self._listeners.append(listener)

    async def refresh(self) -> None:
        """Look now; called after each change made here, before it is answered."""
        found = await self._database.read(read_revision)
        if found != self.seen:
            self.seen = found
            for listener in self._listeners:
                listener()

    async def start(self) -> None:
        """Look once, then every second."""
        await self.refresh()
        self._work.start(_POLL_SECONDS)

    async def stop(self) -> None:
        """Stop looking."""
        await self._work.stop()
