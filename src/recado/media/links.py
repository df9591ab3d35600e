"""Links to the files of a conversation, made at the moment they leave us, and the wait for a file that is being fetched."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection
from typing import Final

import sqlalchemy as sa

from recado.db.engine import Database
from recado.media import repository
from recado.media.definition import make_link
from recado.media.repository import Row
from recado.settings import Settings

_LOOK_SECONDS: Final = 0.2


class Links:
    """Makes them; a conversation links to its own files only."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings

    def link_to(self, row: Row) -> str:
        """A link that anybody can open for a while from now on."""
        return make_link(
            self._settings.base_url, row.id, row.link_key, int(time.time()) + self._settings.media_link_seconds
        )

    async def find(self, workspace_id: str, conversation_id: str, media_ids: Collection[str]) -> dict[str, Row]:
        """The files of a conversation, as far as they are its own. Raises StorageUnavailable."""

        def read(connection: sa.Connection) -> dict[str, Row]:
            rows = repository.list_by_id(connection, workspace_id, media_ids)
            return {row.id: row for row in rows if row.conversation_id == conversation_id}

        return await self._database.read(read) if media_ids else {}

    async def find_settled(
        self, workspace_id: str, conversation_id: str, media_ids: Collection[str], most_seconds: float
    ) -> dict[str, Row]:
        """The same, once none of them is being fetched any more, or after so many seconds."""
        until = time.monotonic() + most_seconds
        while True:
            rows = await self.find(workspace_id, conversation_id, media_ids)
            if all(row.status != "waiting" for row in rows.values()) or time.monotonic() > until:
                return rows
            await asyncio.sleep(_LOOK_SECONDS)
