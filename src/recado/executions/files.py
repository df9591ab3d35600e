"""The files that a run's inputs name, found before anything is recorded or sent."""

from __future__ import annotations

import sqlalchemy as sa

from recado.db.engine import Database
from recado.errors import InputFileUnknown, RequestTooLarge
from recado.executions.run import Run
from recado.media import repository as media
from recado.media.definition import file_in
from recado.media.repository import Row
from recado.media.service import check_input, upload_of
from recado.outbound.limits import size_text
from recado.outbound.multipart import Files


async def find_files(database: Database, run: Run, most_bytes: int) -> Files:
    """What is uploaded. Raises InputFileUnknown, InputFileWaiting, InputFileNotKept, RequestTooLarge, StorageUnavailable.

    What is no text, or not there, is for the check of the inputs.
    """
    raw, keys = run.raw_inputs, sorted(run.action.template.file_keys)
    named = {key: raw[key] for key in keys if isinstance(raw.get(key), str)}
    ids = {key: file_in(value) for key, value in named.items()}
    rows = await database.read(_list, run.workspace_id, [found for found in ids.values() if found])
    files = {key: upload_of(database, _kept(key, rows.get(media_id or ""))) for key, media_id in ids.items()}
    if sum(file.size for file in files.values()) > most_bytes:
        raise RequestTooLarge(limit=size_text(most_bytes))
    return files


def _list(connection: sa.Connection, workspace_id: str, media_ids: list[str]) -> dict[str, Row]:
    return {row.id: row for row in media.list_by_id(connection, workspace_id, media_ids)}


def _kept(key: str, row: Row | None) -> Row:
    if row is None:
        raise InputFileUnknown(f"inputs.{key}", key=key)
    return check_input(key, row)
