"""Takes turns as a channel has them taken: a message handed to the dispatcher, until the conversation waits again.

    python bench/turns_ours.py FOLDER UPSTREAM TURNS

A whole process of ours, its collector as in a server, without HTTP in front. Where workers live it hands the turns to them, as `recado serve` does.
"""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import structlog
import uvloop

from recado import collector
from recado.accounts.service import system_caller
from recado.conversations import service
from recado.conversations.live import Watch
from recado.db.tables import conversations
from recado.flows.events import Incoming
from recado.ids import new_id
from recado.parts import open_parts
from recado.settings import load
from turns_load import put_turns

_LOOK_SECONDS = 1.0


async def main() -> None:
    """Take turns of the conversations that are there for us."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    ids = json.loads((Path(sys.argv[1]) / "conversations.json").read_text())["ours"]
    async with open_parts(load()) as parts:
        database, dispatcher = parts.database, parts.dispatcher
        caller = system_caller((await database.read(_find, ids[0])).workspace_id)
        watches: dict[str, Watch] = {}

        async def turn(conversation_id: str) -> None:
            watch = watches[conversation_id]
            incoming = Incoming(id=new_id("msg"), text="tok_0123456789")
            dispatcher.check_room()
            await dispatcher.run(
                conversation_id,
                lambda connection, programs, owner: service.receive(
                    connection, programs, owner, caller, conversation_id, incoming, incoming.id
                ),
            )
            while watch.status == "running":
                if not await watch.wait(_LOOK_SECONDS):  # a notice may be lost
                    watch.status = (await database.read(_find, conversation_id)).status

        with contextlib.ExitStack() as stack:
            for conversation_id in ids:
                watches[conversation_id] = stack.enter_context(dispatcher.live.watching(conversation_id))
            collector.quieten()
            await put_turns(turn, ids, int(sys.argv[3]))


def _find(connection: sa.Connection, conversation_id: str) -> Any:
    return connection.execute(conversations.select().where(conversations.c.id == conversation_id)).one()


if __name__ == "__main__":
    uvloop.run(main())
