"""Changes a conversation from outside, in its own order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from recado.accounts.caller import Caller
from recado.conversations import service
from recado.conversations.dispatcher import Dispatcher
from recado.conversations.kept import Done
from recado.conversations.programs import Programs
from recado.conversations.schemas import Conversation
from recado.db.engine import Database


async def change(
    work: Callable[[Any, Programs, str, Caller, str], tuple[Done, None]],
    dispatcher: Dispatcher,
    db: Database,
    caller: Caller,
    conversation_id: str,
) -> Conversation:
    """Do `work` once everything before it is done; the conversation afterwards."""

    def turn(connection: Any, programs: Programs, owner: str) -> tuple[Done, None]:
        return work(connection, programs, owner, caller, conversation_id)

    await dispatcher.run(conversation_id, turn)
    return await db.read(service.get_conversation, caller, conversation_id)
