"""The HTTP routes of contacts."""

from __future__ import annotations

from typing import Annotated, Any, Final

from litestar import get, patch
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from recado.accounts.caller import Caller
from recado.channels import contact_service as service
from recado.channels.contact_schemas import ChannelContact, UpdateContact
from recado.db.engine import Database
from recado.web.pages import Cursor, Limit, Page
from recado.web.problems import problems

_TAGS: Final = ["contacts"]
_Filter = Annotated[str | None, QueryParameter(max_length=40, pattern=r"^[!-~]+$")]
_Search = Annotated[
    str | None, QueryParameter(max_length=200, description="Only people with this in their name or phone.")
]


@get("/contacts", permission="conversations:read", operation_id="list_contacts", tags=_TAGS, responses=problems(422))
async def list_contacts(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    channel_id: _Filter = None,
    search: _Search = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[ChannelContact]:
    """List the people who wrote on a channel, or were written to, newest first."""
    return await db.read(service.list_contacts, caller, channel_id, search, limit, cursor)


@patch(
    "/contacts/{contact_id:str}",
    permission="conversations:write",
    operation_id="update_contact",
    tags=_TAGS,
    responses=problems(404, 413, 415, 422),
)
async def update_contact(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    contact_id: FromPath[str],
    data: JSONBody[UpdateContact],
) -> ChannelContact:
    """Opt a person out or in, and keep flows silent for them or not."""
    return await db.write(service.update_contact, caller, contact_id, data)


handlers: Final[list[Any]] = [list_contacts, update_contact]
