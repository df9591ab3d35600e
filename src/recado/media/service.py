"""Files that people sent: taken down, kept piece by piece as they arrive, read the same way, and linked to for a while."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import time
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from recado import errors
from recado.accounts.caller import Caller
from recado.db.columns import utc_now
from recado.db.engine import Database
from recado.errors import (
    InputFileNotKept,
    InputFileWaiting,
    MediaDeleted,
    MediaLinkExpired,
    MediaLinkWrong,
    MediaNotKept,
    MediaTooLarge,
    MediaWaiting,
    NotFound,
    UploadCutOff,
)
from recado.ids import is_id
from recado.media import repository
from recado.media.definition import CHUNK_BYTES, KEY_BYTES, clean_name, clean_type, is_signed
from recado.media.repository import Row
from recado.outbound.upload import Upload

UPLOAD_LASTS: Final = dt.timedelta(minutes=10)
_NOT_KEPT: Final[Mapping[str, type[MediaNotKept]]] = {
    found.code: found for found in vars(errors).values() if isinstance(found, type) and issubclass(found, MediaNotKept)
}


class MediaLost(Exception):  # no error: whoever has the file now goes on
    """Another process has the file, or it was deleted with its conversation."""


# ── taking down ──────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class NewMedia:
    """A file that somebody sent, as the channel tells of it."""

    provider_id: str
    content_type: str
    filename: str
    sha256: str = ""
    """Hex; empty where the channel does not tell it."""


def take_down(
    connection: sa.Connection,
    media_id: str,
    told: NewMedia,
    *,
    workspace_id: str,
    channel_id: str,
    conversation_id: str,
    message_id: str,
    now: dt.datetime,
    is_uploaded: bool = False,
) -> None:
    """Write a file down whose content is to be fetched, or is just being uploaded; an upload that is cut off ends by itself."""
    content_type = clean_type(told.content_type)
    values: dict[str, Any] = {
        "id": media_id,
        "workspace_id": workspace_id,
        "channel_id": channel_id,
        "conversation_id": conversation_id,
        "message_id": message_id,
        "provider_id": told.provider_id,
        "content_type": content_type,
        "filename": clean_name(told.filename, content_type),
        "size": None,
        "sha256": told.sha256,
        "status": "waiting",
        "error": None,
        "link_key": os.urandom(KEY_BYTES),
        "tries": 0,
        "due_at": now + UPLOAD_LASTS if is_uploaded else now,
        "owner": media_id if is_uploaded else None,
        "created_at": now,
        "kept_until": now,
    }
    repository.insert(connection, values)


@dataclass(frozen=True, slots=True)
class Kept:
    """What was written down of a content."""

    size: int
    sha256: str
    """Hex."""


async def keep(database: Database, media_id: str, owner: str, pieces: AsyncIterator[bytes], most_bytes: int) -> Kept:
    """Write a content down as it arrives, never much of it in memory. Raises MediaTooLarge, MediaLost."""
    digest, size, number = hashlib.sha256(), 0, 0
    waiting = bytearray()

    async def put(data: bytes) -> None:
        if not await database.write(repository.put_chunk, media_id, owner, number, data):
            raise MediaLost

    async for piece in pieces:
        size += len(piece)
        if size > most_bytes:
            raise MediaTooLarge
        digest.update(piece)
        waiting += piece
        while len(waiting) >= CHUNK_BYTES:
            await put(bytes(waiting[:CHUNK_BYTES]))
            del waiting[:CHUNK_BYTES]
            number += 1
    if waiting:
        await put(bytes(waiting))
    return Kept(size, digest.hexdigest())


def as_kept(kept: Kept, retention_days: int) -> dict[str, Any]:
    """What is written down once the whole content is there."""
    return {
        "status": "kept",
        "error": None,
        "size": kept.size,
        "sha256": kept.sha256,
        "due_at": None,
        "kept_until": utc_now() + dt.timedelta(days=retention_days),
    }


async def retain(database: Database) -> None:
    """Delete contents whose time is over, a few at a time."""
    while await database.write(repository.delete_content_before, utc_now(), MediaDeleted.code):
        pass


# ── looking at ───────────────────────────────────────────────────────────────────────────────────────────────────────


def get_media(connection: sa.Connection, caller: Caller, media_id: str) -> Row:
    """A kept file of the caller's workspace. Raises NotFound, MediaWaiting, MediaNotKept."""
    row = repository.find(connection, media_id) if is_id(media_id, "med") else None
    if row is None or row.workspace_id != caller.workspace_id:
        raise NotFound
    return _kept(row)


def open_link(connection: sa.Connection, media_id: str, expires: str, signature: str) -> Row:
    """A kept file, by a link. Raises NotFound without a signature, MediaLinkWrong, MediaLinkExpired, MediaWaiting, MediaNotKept."""
    if not signature:
        raise NotFound
    row = repository.find(connection, media_id) if is_id(media_id, "med") else None
    moment = int(expires) if expires.isascii() and expires.isdecimal() and len(expires) < 16 else -1
    key = os.urandom(KEY_BYTES) if row is None else row.link_key  # as long for a file that is not there
    if not is_signed(key, media_id, moment, signature) or row is None:
        raise MediaLinkWrong
    if moment <= time.time():
        raise MediaLinkExpired
    return _kept(row)


def _kept(row: Row) -> Row:
    if row.status == "waiting":
        raise MediaWaiting
    if row.status != "kept":
        raise not_kept(row.error)
    return row


def check_input(key: str, row: Row) -> Row:
    """The file that an action's input names, once it is kept. Raises InputFileWaiting, InputFileNotKept."""
    if row.status == "waiting":
        raise InputFileWaiting(f"inputs.{key}", key=key)
    if row.status != "kept":
        raise InputFileNotKept(f"inputs.{key}", key=key, reason=not_kept(row.error))
    return row


def not_kept(code: str | None) -> MediaNotKept:
    """Why there is no content."""
    return _NOT_KEPT.get(code or "", MediaNotKept)()


async def contents(database: Database, media_id: str, size: int) -> AsyncGenerator[bytes]:
    """A content, piece by piece. Raises UploadCutOff where it is deleted meanwhile."""
    number = 0
    while size > 0:
        data = await database.read(repository.read_chunk, media_id, number)
        if data is None:
            raise UploadCutOff
        yield data
        size -= len(data)
        number += 1


def upload_of(database: Database, row: Row) -> Upload:
    """A kept file, ready to be sent as part of a request."""
    return Upload(row.filename, row.content_type, row.size, lambda: contents(database, row.id, row.size))
