"""HTTP paths of conversations and of the simulator."""

from __future__ import annotations

from typing import Annotated, Any, Final

from litestar import Request, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from litestar.response import Stream

from recado.accounts.caller import Caller
from recado.conversations import service, simulator, statistics, stream, uploads
from recado.conversations.changing import change
from recado.conversations.dispatcher import Dispatcher
from recado.conversations.live import Live
from recado.conversations.schemas import (
    AsIf,
    Conversation,
    FlowStatistics,
    Jump,
    ListedConversation,
    SendMessage,
    SimConversation,
    StartConversation,
    UploadedMedia,
)
from recado.db.engine import Database
from recado.flows.events import Status
from recado.media.service import NewMedia
from recado.settings import Settings
from recado.web.pages import Cursor, Limit, Moment, Page, read_moment
from recado.web.problems import problems

_Filter = Annotated[str | None, QueryParameter(max_length=40, pattern=r"^[!-~]+$")]
_Search = Annotated[
    str | None,
    QueryParameter(max_length=200, description="Only conversations with this id, or with this in name or phone."),
]
_Version = Annotated[int | None, QueryParameter(ge=1, le=2**31 - 1, description="By default the published one.")]
_READ: Final = "conversations:read"
_TAGS: Final = ["conversations"]
_SIMULATOR: Final = ["simulator"]


@get("/conversations", permission=_READ, operation_id="list_conversations", tags=_TAGS, responses=problems(422))
async def list_conversations(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    flow_id: _Filter = None,
    status: FromQuery[Status | None] = None,
    channel_id: _Filter = None,
    search: _Search = None,
    since: Moment = None,
    until: Moment = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[ListedConversation]:
    """List conversations, newest first."""
    filters: dict[str, Any] = {"flow_id": flow_id, "status": status, "channel_id": channel_id}
    given = {name: value for name, value in filters.items() if value is not None}
    span = (read_moment("since", since), read_moment("until", until))
    return await db.read(service.list_conversations, caller, given, search, span, limit, cursor)


@get(
    "/conversations/{conversation_id:str}",
    permission=_READ,
    operation_id="get_conversation",
    tags=_TAGS,
    responses=problems(404),
)
async def get_conversation(
    db: NamedDependency[Database], caller: NamedDependency[Caller], conversation_id: FromPath[str]
) -> Conversation:
    """Get a conversation: what was said, its path through the blocks, what it knows, and its executions."""
    return await db.read(service.get_conversation, caller, conversation_id)


@post(
    "/conversations/{conversation_id:str}/cancel",
    status_code=200,
    permission="conversations:write",
    operation_id="cancel_conversation",
    tags=_TAGS,
    responses=problems(404, 409),
)
async def cancel_conversation(
    db: NamedDependency[Database],
    dispatcher: NamedDependency[Dispatcher],
    caller: NamedDependency[Caller],
    conversation_id: FromPath[str],
) -> Conversation:
    """End a conversation from outside; nothing more is said."""
    return await change(service.cancel_conversation, dispatcher, db, caller, conversation_id)


@get(
    "/flows/{flow_id:str}/statistics",
    permission=_READ,
    operation_id="get_flow_statistics",
    tags=_TAGS,
    responses=problems(404, 422),
)
async def get_flow_statistics(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    flow_id: FromPath[str],
    version: _Version = None,
    since: Moment = None,
) -> FlowStatistics:
    """Get where people go in a version of a flow, and where they stop."""
    moment = read_moment("since", since)
    return await db.read(statistics.get_flow_statistics, caller, flow_id, version, moment)


# ── the simulator ────────────────────────────────────────────────────────────────────────────────────────────────────


@post(
    "/simulator/conversations",
    permission="flows:write",
    operation_id="start_sim_conversation",
    tags=_SIMULATOR,
    responses=problems(404, 413, 415, 422),
)
async def start_sim_conversation(
    db: NamedDependency[Database],
    dispatcher: NamedDependency[Dispatcher],
    caller: NamedDependency[Caller],
    data: JSONBody[StartConversation],
) -> SimConversation:
    """Try a flow: start a conversation with its draft or a version; the answer holds what is said first."""
    return await simulator.start_conversation(dispatcher, db, caller, data)


@post(
    "/simulator/conversations/{conversation_id:str}/messages",
    status_code=200,
    permission="flows:write",
    operation_id="send_sim_message",
    tags=_SIMULATOR,
    responses=problems(404, 409, 413, 415, 422),
)
async def send_sim_message(
    db: NamedDependency[Database],
    dispatcher: NamedDependency[Dispatcher],
    caller: NamedDependency[Caller],
    conversation_id: FromPath[str],
    data: JSONBody[SendMessage],
) -> SimConversation:
    """Write as the person; the answer comes when the conversation waits again, after 30 s at most, with what was said since."""
    return await simulator.send_message(dispatcher, db, caller, conversation_id, data)


@post(
    "/simulator/conversations/{conversation_id:str}/restart",
    status_code=200,
    permission="flows:write",
    operation_id="restart_sim_conversation",
    tags=_SIMULATOR,
    responses=problems(404),
)
async def restart_sim_conversation(
    db: NamedDependency[Database],
    dispatcher: NamedDependency[Dispatcher],
    caller: NamedDependency[Caller],
    conversation_id: FromPath[str],
) -> SimConversation:
    """Begin the same conversation anew; one with a draft goes on with the draft as it stands now."""
    return await simulator.restart_conversation(dispatcher, db, caller, conversation_id)


@post(
    "/simulator/conversations/{conversation_id:str}/jump",
    status_code=200,
    permission="flows:write",
    operation_id="jump_in_sim_conversation",
    tags=_SIMULATOR,
    responses=problems(404, 413, 415, 422),
)
async def jump_in_sim_conversation(
    db: NamedDependency[Database],
    dispatcher: NamedDependency[Dispatcher],
    caller: NamedDependency[Caller],
    conversation_id: FromPath[str],
    data: JSONBody[Jump],
) -> SimConversation:
    """Go on at a block, with the answers that there are; also where the conversation has ended."""
    return await simulator.jump(dispatcher, db, caller, conversation_id, data.block_id)


@put(
    "/simulator/conversations/{conversation_id:str}/as-if",
    permission="flows:write",
    operation_id="set_sim_as_if",
    tags=_SIMULATOR,
    responses=problems(404, 413, 415, 422),
)
async def set_sim_as_if(
    dispatcher: NamedDependency[Dispatcher],
    caller: NamedDependency[Caller],
    conversation_id: FromPath[str],
    data: JSONBody[dict[str, AsIf | None]],
) -> dict[str, AsIf]:
    """Have the next calls of blocks answered as if the API had, by block id; null has them sent again. The answer names all."""
    return await simulator.set_as_if(dispatcher, caller, conversation_id, data)


@get(
    "/simulator/conversations/{conversation_id:str}/events",
    permission="flows:write",
    operation_id="watch_sim_conversation",
    tags=_SIMULATOR,
    media_type=stream.MEDIA_TYPE,
    responses=problems(404),
)
async def watch_sim_conversation(
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    live: NamedDependency[Live],
    caller: NamedDependency[Caller],
    conversation_id: FromPath[str],
) -> Stream:
    """Watch a conversation: server-sent events `message`, `visited`, `note`, `call` and `status`, from its beginning on.

    With `Last-Event-ID`, which browsers send by themselves, those after that one.
    """
    await db.read(service.find_row, caller, conversation_id, is_simulated=True)
    place = stream.Place.read(request.headers.get("last-event-id"))
    request.scope["state"]["is_endless"] = True
    return Stream(
        stream.stream_events(db, live, caller, conversation_id, place),
        media_type=stream.MEDIA_TYPE,
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


@post(
    "/simulator/conversations/{conversation_id:str}/media",
    permission="flows:write",
    operation_id="upload_sim_media",
    tags=_SIMULATOR,
    request_max_body_size=None,  # as large as the operator lets files be, counted as they come
    responses=problems(404, 413, 415, 422),
)
async def upload_sim_media(
    request: Request[Any, Any, Any],
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
    caller: NamedDependency[Caller],
    conversation_id: FromPath[str],
    filename: Annotated[str, QueryParameter(max_length=255)] = "",
    content_type: Annotated[str, QueryParameter(max_length=200, description="By default that of the body.")] = "",
) -> UploadedMedia:
    """Upload a file, to send it as the person next: its bytes are the body; a browser sends them as application/octet-stream."""
    told = NewMedia("", content_type or request.headers.get("content-type", ""), filename)
    return await uploads.upload(db, settings, caller, conversation_id, told, request.stream())


handlers: Final[list[Any]] = [
    list_conversations,
    get_conversation,
    cancel_conversation,
    get_flow_statistics,
    start_sim_conversation,
    send_sim_message,
    restart_sim_conversation,
    jump_in_sim_conversation,
    set_sim_as_if,
    watch_sim_conversation,
    upload_sim_media,
]
