"""The files of a conversation: shown with what became of each, and waited for and linked to where a call's inputs name them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import sqlalchemy as sa

from recado.conversations.kept import Call
from recado.conversations.repository import Row
from recado.conversations.schemas import FileProblem, FileShown, Message
from recado.conversations.shown import show_message
from recado.ids import is_id
from recado.media import repository as media
from recado.media.definition import file_in, files_in, put_links
from recado.media.links import Links
from recado.media.service import check_input, not_kept

MOST_SECONDS: Final = 20.0
"""How long a call waits for its files."""


async def with_links(links: Links, call: Call) -> dict[str, Any]:
    """The call's inputs, with links in place of paths. Raises InputFileWaiting, InputFileNotKept, StorageUnavailable.

    A file that is named by its id alone is waited for, too: it may be one that the request uploads.
    """
    inputs = dict(call.effect.inputs)
    texts = {key: value for key, value in inputs.items() if isinstance(value, str)}
    shown = {key: named for key, value in texts.items() if (named := files_in(value))}
    ids = {media_id for named in shown.values() for media_id in named}
    ids |= {media_id for value in texts.values() if (media_id := file_in(value))}
    if not ids:
        return inputs
    rows = await links.find_settled(call.workspace_id, call.conversation_id, ids, MOST_SECONDS)
    for key, named in shown.items():
        made = {media_id: links.link_to(check_input(key, rows[media_id])) for media_id in named if media_id in rows}
        inputs[key] = put_links(texts[key], made)
    return inputs


def show_messages(connection: sa.Connection, rows: Iterable[Row]) -> list[Message]:
    """Messages, each with what became of its file. Raises RecordCorrupt."""
    rows = list(rows)
    messages = [show_message(row) for row in rows]
    sent = {message.media.id: message for message in messages if message.media and is_id(message.media.id, "med")}
    if sent:
        for row in media.list_by_id(connection, rows[0].workspace_id, sent):
            error = None if row.error is None else FileProblem(row.error, str(not_kept(row.error)))
            sent[row.id].file = FileShown(row.status, row.content_type, row.filename, row.size, error)
    return messages
