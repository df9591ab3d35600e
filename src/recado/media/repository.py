"""All SQL of files that people sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any, Final

import sqlalchemy as sa

from recado.db import rows
from recado.db.tables import media, media_chunks

Row = sa.Row[*tuple[Any, ...]]
_BATCH: Final = 20


def insert(connection: sa.Connection, values: dict[str, Any]) -> None:
    """A new file, without its content."""
    connection.execute(sa.insert(media).values(**values))


def find(connection: sa.Connection, media_id: str) -> Row | None:
    """A file of any workspace; whoever asks says by what right."""
    return connection.execute(sa.select(media).where(media.c.id == media_id)).one_or_none()


def list_by_id(connection: sa.Connection, workspace_id: str, media_ids: Collection[str]) -> Sequence[Row]:
    """Those of a workspace."""
    found = sa.select(media).where(media.c.workspace_id == workspace_id, media.c.id.in_(media_ids))
    return connection.execute(found).all()


def note_message(connection: sa.Connection, conversation_id: str, media_id: str, message_id: str) -> None:
    """An upload is part of a message now."""
    connection.execute(
        sa.update(media)
        .where(media.c.id == media_id, media.c.conversation_id == conversation_id)
        .values(message_id=message_id)
    )


# ── fetching ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def is_any_due(connection: sa.Connection, now: dt.datetime) -> bool:
    """Whether anything is to be fetched now; a look that writes nothing."""
    return rows.is_any_due(connection, media, now)


def claim_due(
    connection: sa.Connection, owner: str, now: dt.datetime, limit: int, silent: dt.timedelta, *, is_only_server: bool
) -> Sequence[Row]:
    """Take what is due and nobody living fetches; what was there of it goes."""
    taken = rows.claim_due(
        connection, media, sa.select(media), owner, now, limit, silent, is_only_server=is_only_server
    )
    if taken:
        connection.execute(sa.delete(media_chunks).where(media_chunks.c.media_id.in_([row.id for row in taken])))
    return taken


def put_chunk(connection: sa.Connection, media_id: str, owner: str, number: int, data: bytes) -> bool:
    """Keep a piece; False for who has lost the file to another process, or where it is deleted."""
    mine = sa.select(media.c.id).where(media.c.id == media_id, media.c.owner == owner).with_for_update()
    if connection.scalar(mine) is None:
        return False
    connection.execute(sa.insert(media_chunks).values(media_id=media_id, number=number, data=data))
    return True


def settle(connection: sa.Connection, media_id: str, owner: str, values: dict[str, Any]) -> bool:
    """How a try ended; False for who has lost the file meanwhile."""
    ended = sa.update(media).where(media.c.id == media_id, media.c.owner == owner).values(owner=None, **values)
    if connection.execute(ended).rowcount != 1:
        return False
    if values["status"] != "kept":
        connection.execute(sa.delete(media_chunks).where(media_chunks.c.media_id == media_id))
    return True


# ── reading and forgetting ───────────────────────────────────────────────────────────────────────────────────────────


def read_chunk(connection: sa.Connection, media_id: str, number: int) -> bytes | None:
    """A piece of the content."""
    piece = sa.select(media_chunks.c.data).where(media_chunks.c.media_id == media_id, media_chunks.c.number == number)
    data = connection.scalar(piece)
    return None if data is None else bytes(data)


def delete_content_before(connection: sa.Connection, now: dt.datetime, error: str) -> int:
    """Delete the content of at most 20 files whose time is over; how many there were."""
    over = connection.scalars(
        sa.select(media.c.id).where(media.c.status == "kept", media.c.kept_until < now).limit(_BATCH)
    ).all()
    if over:
        connection.execute(sa.delete(media_chunks).where(media_chunks.c.media_id.in_(over)))
        connection.execute(sa.update(media).where(media.c.id.in_(over)).values(status="gone", error=error))
    return len(over)


def delete_of_conversation(connection: sa.Connection, conversation_id: str) -> None:
    """Delete the files of a conversation that begins anew."""
    connection.execute(sa.delete(media).where(media.c.conversation_id == conversation_id))
