"""HTTP paths of files that people sent."""

from __future__ import annotations

from typing import Annotated, Any, Final
from urllib.parse import quote

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.response import Stream

from recado.accounts.caller import Caller
from recado.accounts.guard import NO_SECURITY
from recado.db.engine import Database
from recado.media import service
from recado.media.repository import Row
from recado.web.problems import problems

_TAGS: Final = ["media"]
_HEADERS: Final = {
    # Whatever a stranger sent is never run nor framed: it is downloaded, or shown by a page of ours.
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "same-origin",
}


@get(
    "/media/{media_id:str}",
    permission="conversations:read",
    operation_id="get_media",
    tags=_TAGS,
    media_type="*/*",
    responses=problems(404, 409, 410, 413, 415),
)
async def get_media(db: NamedDependency[Database], caller: NamedDependency[Caller], media_id: FromPath[str]) -> Stream:
    """Get a file that a person sent, with its own type, as an attachment.

    409 `media_waiting` while it is being fetched from the channel; 410, 413 or 415 says why there is nothing.
    """
    return _stream(db, await db.read(service.get_media, caller, media_id))


@get(
    "/media/{media_id:str}/content",
    is_public=True,
    operation_id="open_media_link",
    tags=_TAGS,
    security=NO_SECURITY,
    media_type="*/*",
    responses=problems(403, 404, 409, 410, 413, 415, 422),
)
async def open_media_link(
    db: NamedDependency[Database],
    media_id: FromPath[str],
    expires: Annotated[str, QueryParameter(max_length=16, description="Seconds since 1970.")] = "",
    signature: Annotated[str, QueryParameter(max_length=128)] = "",
) -> Stream:
    """Get the same by a link that Recado made for an action's input or a message; whoever has the link may, until it expires."""
    return _stream(db, await db.read(service.open_link, media_id, expires, signature))


def _stream(db: Database, row: Row) -> Stream:
    name = quote(row.filename, safe="")
    headers = {
        **_HEADERS,
        "content-type": row.content_type,  # said here, the framework adds no charset to it
        "content-disposition": f"attachment; filename*=UTF-8''{name}",
        "content-length": str(row.size),
    }
    return Stream(service.contents(db, row.id, row.size), headers=headers)


handlers: Final[list[Any]] = [get_media, open_media_link]
