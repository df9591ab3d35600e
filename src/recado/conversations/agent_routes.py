"""HTTP paths of what people of the team do in a conversation."""

from __future__ import annotations

from typing import Any, Final

from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from recado.accounts.caller import Caller
from recado.conversations import agents
from recado.conversations.changing import change
from recado.conversations.dispatcher import Dispatcher
from recado.conversations.kept import Done
from recado.conversations.programs import Programs
from recado.conversations.schemas import AgentMessage, Conversation
from recado.db.engine import Database
from recado.web.problems import problems

_WRITE: Final = "conversations:write"
_TAGS: Final = ["conversations"]


@post(
    "/conversations/{conversation_id:str}/take-over",
    status_code=200,
    permission=_WRITE,
    operation_id="take_over_conversation",
    tags=_TAGS,
    responses=problems(404, 409),
)
async def take_over_conversation(
    db: NamedDependency[Database],
    dispatcher: NamedDependency[Dispatcher],
    caller: NamedDependency[Caller],
    conversation_id: FromPath[str],
) -> Conversation:
    """Take a conversation over from its flow, which waits until it is given back; a call in the air goes on."""
    return await change(agents.take_over, dispatcher, db, caller, conversation_id)


@post(
    "/conversations/{conversation_id:str}/give-back",
    status_code=200,
    permission=_WRITE,
    operation_id="give_back_conversation",
    tags=_TAGS,
    responses=problems(404, 409),
)
async def give_back_conversation(
    db: NamedDependency[Database],
    dispatcher: NamedDependency[Dispatcher],
    caller: NamedDependency[Caller],
    conversation_id: FromPath[str],
) -> Conversation:
    """Give a conversation back to its flow: it leaves a hand-over by `closed`, and asks again what it had asked elsewhere."""
    return await change(agents.give_back, dispatcher, db, caller, conversation_id)


@post(
    "/conversations/{conversation_id:str}/close",
    status_code=200,
    permission=_WRITE,
    operation_id="close_conversation",
    tags=_TAGS,
    responses=problems(404, 409),
)
async def close_conversation(
    db: NamedDependency[Database],
    dispatcher: NamedDependency[Dispatcher],
    caller: NamedDependency[Caller],
    conversation_id: FromPath[str],
) -> Conversation:
    """End a conversation that a person has talked in; its flow says nothing more."""
    return await change(agents.close, dispatcher, db, caller, conversation_id)


@post(
    "/conversations/{conversation_id:str}/messages",
    permission=_WRITE,
    operation_id="write_in_conversation",
    tags=_TAGS,
    responses=problems(404, 409, 413, 415, 422),
)
async def write_in_conversation(
    db: NamedDependency[Database],
    dispatcher: NamedDependency[Dispatcher],
    caller: NamedDependency[Caller],
    conversation_id: FromPath[str],
    data: JSONBody[AgentMessage],
) -> Conversation:
    """Write to the person of a conversation that was taken over or handed over; on WhatsApp within 24 hours of their last message."""

    def write(
        connection: Any, programs: Programs, owner: str, caller: Caller, conversation_id: str
    ) -> tuple[Done, None]:
        return agents.write(connection, programs, owner, caller, conversation_id, data)

    return await change(write, dispatcher, db, caller, conversation_id)


handlers: Final[list[Any]] = [
    take_over_conversation,
    give_back_conversation,
    close_conversation,
    write_in_conversation,
]
