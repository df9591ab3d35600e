"""A file that somebody who tries a flow sends: uploaded first, kept like one that came from a channel, then part of a message."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import msgspec
import sqlalchemy as sa

from recado.accounts.caller import Caller
from recado.conversations import service
from recado.conversations.channel import SIMULATOR
from recado.conversations.schemas import MediaIn, UploadedMedia
from recado.db.columns import utc_now
from recado.db.engine import Database
from recado.errors import Invalid, MediaTooLarge, MediaTypeNotAllowed, NotFound, ValidationFailed
from recado.flows.events import Media
from recado.ids import is_id, new_id
from recado.media import repository
from recado.media.definition import clean_name, clean_type, is_type_allowed
from recado.media.service import MediaLost, NewMedia, as_kept, keep, take_down
from recado.settings import Settings


async def upload(
    db: Database,
    settings: Settings,
    caller: Caller,
    conversation_id: str,
    told: NewMedia,
    pieces: AsyncIterator[bytes],
) -> UploadedMedia:
    """Keep a file of a conversation of the simulator. Raises NotFound, MediaTypeNotAllowed, MediaTooLarge."""
    media_id = new_id("med")
    await db.write(_begin, caller, conversation_id, media_id, told, settings)
    try:
        kept = await keep(db, media_id, media_id, pieces, settings.media_max_bytes)
        values = as_kept(kept, settings.media_retention_days)
        is_kept = await db.write(repository.settle, media_id, media_id, values)
    except MediaTooLarge as problem:
        values = {"status": "refused", "error": problem.code, "due_at": None}
        await db.write(repository.settle, media_id, media_id, values)
        raise
    except MediaLost:
        raise NotFound from None
    if not is_kept:  # the conversation was deleted meanwhile
        raise NotFound
    content_type = clean_type(told.content_type)
    return UploadedMedia(media_id, content_type, clean_name(told.filename, content_type), kept.size)


def _begin(
    connection: sa.Connection, caller: Caller, conversation_id: str, media_id: str, told: NewMedia, settings: Settings
) -> None:
    service.find_row(connection, caller, conversation_id, is_simulated=True)
    if not is_type_allowed(clean_type(told.content_type), settings.media_types):
        raise MediaTypeNotAllowed
    take_down(
        connection,
        media_id,
        told,
        workspace_id=caller.workspace_id,
        channel_id=SIMULATOR,
        conversation_id=conversation_id,
        message_id="",
        now=utc_now(),
        is_uploaded=True,
    )


def read_media(given: MediaIn) -> Media:
    """A file as it is sent, under an id of its own where it has none."""
    facts: dict[str, Any] = msgspec.to_builtins(given)
    facts["id"] = facts["id"] or new_id("msg")
    return msgspec.convert(facts, Media)


def find_upload(
    connection: sa.Connection, caller: Caller, conversation_id: str, media: Media, message_id: str
) -> Media:
    """The same with what is known of its upload, where it is one. Raises ValidationFailed for one of another conversation."""
    if not is_id(media.id, "med"):
        return media
    found = repository.list_by_id(connection, caller.workspace_id, [media.id])
    if not found or found[0].conversation_id != conversation_id:
        raise ValidationFailed([Invalid("media.id", reason="There is no such upload in this conversation.")])
    row = found[0]
    repository.note_message(connection, conversation_id, media.id, message_id)
    return msgspec.structs.replace(media, mime_type=row.content_type, filename=row.filename, bytes=row.size)
