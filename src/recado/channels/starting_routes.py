"""The HTTP routes of conversations that we begin, one or many."""

from __future__ import annotations

from typing import Any, Final

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from recado.accounts import audit
from recado.accounts.caller import Caller
from recado.channels import batching
from recado.channels.batching import Batches
from recado.channels.opened import Channels
from recado.channels.starting import begin_conversation as begin
from recado.channels.starting_schemas import (
    Batch,
    BatchContactShown,
    BatchContactStatus,
    BeginConversation,
    CreateBatch,
)
from recado.channels.whatsapp.graph import Graph
from recado.channels.whatsapp.template_values import check_template, find_wants
from recado.conversations import service
from recado.conversations.dispatcher import Dispatcher
from recado.conversations.schemas import Conversation
from recado.db.engine import Database
from recado.errors import ValidationFailed
from recado.ids import new_id
from recado.web.pages import Cursor, Limit, Page
from recado.web.problems import problems

_TAGS: Final = ["conversations"]
_BATCHES: Final = ["batches"]
_WRITE: Final = "conversations:write"
_READ: Final = "conversations:read"
MOST_BYTES: Final = 4 * 1024 * 1024
"""Of a batch: 10,000 people with their values."""


@post(
    "/conversations",
    permission=_WRITE,
    operation_id="begin_conversation",
    tags=_TAGS,
    responses=problems(404, 409, 413, 415, 422),
)
async def begin_conversation(
    db: NamedDependency[Database],
    dispatcher: NamedDependency[Dispatcher],
    channels: NamedDependency[Channels],
    graph: NamedDependency[Graph],
    caller: NamedDependency[Caller],
    data: JSONBody[BeginConversation],
) -> Conversation:
    """Begin a flow with somebody on a channel. A template is said first; without one the person must have written within 24 hours."""
    dispatcher.check_room()
    if (template := data.template) is not None:
        wants = await find_wants(channels, graph, caller, data.channel_id, template)
        if wrong := check_template(template, wants):
            raise ValidationFailed([problem.at("template") for problem in wrong])
    conversation_id = new_id("cnv")

    def work(connection: Any, programs: Any, owner: str) -> Any:
        begun = begin(connection, programs, owner, caller, data, conversation_id)
        details = {"flow_id": data.flow_id}
        audit.record(
            connection, caller, "conversation.begin", "conversation", conversation_id, details, is_change=False
        )
        return begun

    await dispatcher.run(conversation_id, work)
    return await db.read(service.get_conversation, caller, conversation_id)


@post(
    "/batches",
    permission=_WRITE,
    most_bytes=MOST_BYTES,
    request_max_body_size=MOST_BYTES,
    operation_id="create_batch",
    tags=_BATCHES,
    responses=problems(404, 413, 415, 422),
)
async def create_batch(
    db: NamedDependency[Database],
    batches: NamedDependency[Batches],
    channels: NamedDependency[Channels],
    graph: NamedDependency[Graph],
    caller: NamedDependency[Caller],
    data: JSONBody[CreateBatch],
) -> Batch:
    """Begin a flow with up to 10,000 people, as fast as the channel sends. Who has opted out or is talking already is skipped."""
    template = data.template
    wants = None if template is None else await find_wants(channels, graph, caller, data.channel_id, template)
    made = await db.write(batching.create_batch, caller, data, wants)
    batches.wake()
    return made


@get("/batches", permission=_READ, operation_id="list_batches", tags=_BATCHES, responses=problems(422))
async def list_batches(
    db: NamedDependency[Database], caller: NamedDependency[Caller], limit: Limit = 20, cursor: Cursor = None
) -> Page[Batch]:
    """List batches, newest first."""
    return await db.read(batching.list_batches, caller, limit, cursor)


@get("/batches/{batch_id:str}", permission=_READ, operation_id="get_batch", tags=_BATCHES, responses=problems(404))
async def get_batch(db: NamedDependency[Database], caller: NamedDependency[Caller], batch_id: FromPath[str]) -> Batch:
    """Get how far a batch has come."""
    return await db.read(batching.get_batch, caller, batch_id)


@get(
    "/batches/{batch_id:str}/contacts",
    permission=_READ,
    operation_id="list_batch_contacts",
    tags=_BATCHES,
    responses=problems(404, 422),
)
async def list_batch_contacts(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    batch_id: FromPath[str],
    status: FromQuery[BatchContactStatus | None] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[BatchContactShown]:
    """List whom a batch writes to and what became of each, in the order they were given."""
    return await db.read(batching.list_contacts, caller, batch_id, status, limit, cursor)


@post(
    "/batches/{batch_id:str}/stop",
    status_code=200,
    permission=_WRITE,
    operation_id="stop_batch",
    tags=_BATCHES,
    responses=problems(404),
)
async def stop_batch(db: NamedDependency[Database], caller: NamedDependency[Caller], batch_id: FromPath[str]) -> Batch:
    """Begin with nobody else; the conversations that were begun go on."""
    return await db.write(batching.stop_batch, caller, batch_id)


handlers: Final[list[Any]] = [
    begin_conversation,
    create_batch,
    list_batches,
    get_batch,
    list_batch_contacts,
    stop_batch,
]
