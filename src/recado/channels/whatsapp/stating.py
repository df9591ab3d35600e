"""Takes in what WhatsApp says of messages of ours: accepted, delivered, read, failed; twice, late and in any order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
import structlog

from recado.channels.opened import OpenedChannel
from recado.channels.whatsapp.fallback import falling_back_late
from recado.channels.whatsapp.graph_errors import GraphError
from recado.channels.whatsapp.statuses import furthest
from recado.channels.whatsapp.undelivered import WINDOW_CLOSED, MessageError, Work, error_of, failing
from recado.channels.whatsapp.updates import StatusUpdate
from recado.conversations.dispatcher import Dispatcher
from recado.db.engine import Database
from recado.db.tables import conversations, messages, outbox
from recado.ids import is_id

_KNOWN: Final = {"played": "read"}
"""A voice message that was played was read; for us that is all."""
_log: Final = structlog.get_logger("recado.channels")


@dataclass(frozen=True, slots=True)
class _Said:
    """A message of ours and what is said of it."""

    message_id: str
    conversation_id: str
    conversation_status: str
    error: MessageError | None = None
    channel_message_id: str | None = None


class Stating:
    """One for each process that receives. `when_heard` is told of each message that something was said of."""

    def __init__(self, database: Database, dispatcher: Dispatcher) -> None:
        self._database = database
        self._dispatcher = dispatcher
        self.when_heard: Callable[[str], None] = lambda _message_id: None

    async def take(self, channel: OpenedChannel, updates: Sequence[StatusUpdate]) -> None:
        """Note them, all on disk when this returns. Raises StorageUnavailable, StorageFull."""
        found = await self._database.write_briefly(note_statuses, channel.id, updates)
        for said in found:
            if said.error is not None:
                work = _failing(channel, said, said.error)
                if await self._dispatcher.run(said.conversation_id, work):
                    _log.info("message_undelivered", channel_id=channel.id, code=said.error.code)
            else:
                self._dispatcher.live.tell(said.conversation_id, said.conversation_status)
            self.when_heard(said.message_id)
            self._dispatcher.tell_senders(said.message_id)


def _failing(channel: OpenedChannel, said: _Said, error: MessageError) -> Work:
    """Where the window is shut, what a flow said waits for the person to write; all else is given up."""
    if error.code != WINDOW_CLOSED.code:
        return failing(said.message_id, said.conversation_id, error, said.channel_message_id)
    template = channel.settings.fallback_template
    return falling_back_late(said.message_id, said.conversation_id, template, error, said.channel_message_id)


def note_statuses(connection: sa.Connection, channel_id: str, updates: Sequence[StatusUpdate]) -> list[_Said]:
    """Raise the status of messages to the furthest that was said; those that failed are the caller's to give up."""
    found: list[_Said] = []
    for update in sorted(updates, key=_order):
        row = _find(connection, channel_id, update)
        if row is None:
            _log.info("status_of_nothing_known", channel_id=channel_id, status=update.status[:32])
            continue
        if update.status == "failed":
            error = error_of(update.errors[0] if update.errors else GraphError())
            found.append(_Said(row.id, row.conversation_id, row.conversation_status, error, update.message_id))
            continue
        if _raise(connection, row, update):
            found.append(_Said(row.id, row.conversation_id, row.conversation_status))
    return found


def _order(update: StatusUpdate) -> str:
    """As whoever sends writes them too, so that two who change the same messages do not wait in a circle."""
    return update.opaque or ""


def _find(connection: sa.Connection, channel_id: str, update: StatusUpdate) -> Any:
    """By what we sent along, else by WhatsApp's id."""
    columns = (
        messages.c.id,
        messages.c.conversation_id,
        messages.c.status,
        messages.c.channel_message_id,
        conversations.c.status.label("conversation_status"),
    )
    statement = (
        sa.select(*columns)
        .join_from(messages, conversations, conversations.c.id == messages.c.conversation_id)
        .where(messages.c.channel_id == channel_id, messages.c.direction == "out")
    )
    if connection.dialect.name != "sqlite":
        statement = statement.with_for_update(of=messages, key_share=True)
    if update.opaque is not None and is_id(update.opaque, "msg"):
        found = connection.execute(statement.where(messages.c.id == update.opaque)).one_or_none()
        if found is not None:
            return found
    if update.message_id is None:
        return None
    return connection.execute(statement.where(messages.c.channel_message_id == update.message_id)).one_or_none()


def _raise(connection: sa.Connection, row: Any, update: StatusUpdate) -> bool:
    """Whatever is said of a message settles that it was accepted: it is sent no more. Whether there is news."""
    status = _KNOWN.get(update.status, update.status)
    if status not in {"sent", "delivered", "read"}:
        return False
    is_old = row.status == "queued" and row.channel_message_id is not None
    is_old = is_old and row.channel_message_id == update.message_id  # it failed, and is to be sent again
    if is_old and status == "sent":
        return False
    settled = sa.true() if is_old else outbox.c.begun_at.is_not(None)
    gone = connection.execute(sa.delete(outbox).where(outbox.c.message_id == row.id, settled))
    after = furthest(row.status, status)
    values: dict[str, Any] = {}
    if after != row.status:
        values["status"] = after
        if row.status == "failed":
            values["error"] = None
    is_unnamed = row.channel_message_id is None or row.status == "queued"
    if is_unnamed and update.message_id is not None:
        values["channel_message_id"] = update.message_id
    if values:
        connection.execute(sa.update(messages).where(messages.c.id == row.id).values(values))
    return bool(values) or gone.rowcount > 0 or status == "sent"
