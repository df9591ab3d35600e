"""Works batches off: a few conversations at a time, as fast as their channel sends; each person once, whatever dies."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any, Final

import msgspec
import sqlalchemy as sa
import structlog

from recado.accounts import audit
from recado.accounts.caller import Caller
from recado.accounts.service import system_caller
from recado.background import Background
from recado.channels import batches
from recado.channels.contacts import shown_phone
from recado.channels.service import find_row as find_channel
from recado.channels.starting import begin_conversation
from recado.channels.starting_schemas import (
    Batch,
    BatchContact,
    BatchContactShown,
    BatchContactStatus,
    BeginContact,
    BeginConversation,
    BeginTemplate,
    CreateBatch,
)
from recado.channels.whatsapp.template_values import Wants, check_people, with_values
from recado.conversations.dispatcher import Dispatcher
from recado.conversations.kept import Done
from recado.conversations.programs import Programs
from recado.conversations.repository import Row, now_of
from recado.db.columns import utc_now
from recado.db.engine import Database
from recado.db.rows import existing
from recado.errors import Conflict, Invalid, NotFound, RecadoError, ShuttingDown, Unavailable, ValidationFailed
from recado.flows.versions import find_published
from recado.ids import is_id, new_id
from recado.settings import Settings
from recado.web.pages import Page, make_cursor, page_of, read_cursor

_LOOK_SECONDS: Final = 1.0
_BUSY_SECONDS: Final = 0.1
_MOST_WAITING: Final = 200
"""Messages of a channel that may wait to be sent before a batch adds to them: who writes by themselves is answered soon."""
_AT_ONCE: Final = 50
_log: Final = structlog.get_logger("recado.channels")


# ── what can be done with batches ────────────────────────────────────────────────────────────────────────────────────


def create_batch(connection: sa.Connection, caller: Caller, data: CreateBatch, wants: Wants | None) -> Batch:
    """A new batch, which begins at once; with a key that was used, the one before. Raises NotFound, ValidationFailed."""
    if data.key is not None and (before := batches.find_by_key(connection, caller.workspace_id, data.key)) is not None:
        return show(connection, before)
    channel = find_channel(connection, caller, data.channel_id)
    if not is_id(data.flow_id, "flw"):
        raise NotFound
    find_published(connection, caller, data.flow_id)
    if wrong := check_people(data.template, data.contacts, wants):
        raise ValidationFailed(wrong)
    batch_id = new_id("bat")
    values = {
        "id": batch_id,
        "workspace_id": caller.workspace_id,
        "channel_id": channel.id,
        "flow_id": data.flow_id,
        "key": data.key,
        "status": "running",
        "total": len(data.contacts),
        "begun_with": {"template": data.template, "variables": data.variables},
        "created_at": now_of(connection),
    }
    people = [msgspec.to_builtins(contact) for contact in data.contacts]
    try:
        with connection.begin_nested():
            batches.insert(connection, values, people)
    except sa.exc.IntegrityError:
        assert data.key is not None, "nothing else is unique"
        before = batches.find_by_key(connection, caller.workspace_id, data.key)
        if before is None:
            raise
        return show(connection, before)
    details = {"flow_id": data.flow_id, "channel_id": channel.id, "total": len(people)}
    audit.record(connection, caller, "batch.create", "batch", batch_id, details, is_change=False)
    return get_batch(connection, caller, batch_id)


def get_batch(connection: sa.Connection, caller: Caller, batch_id: str) -> Batch:
    """How far it has come. Raises NotFound."""
    return show(connection, _find(connection, caller, batch_id))


def list_batches(connection: sa.Connection, caller: Caller, limit: int, cursor: str | None) -> Page[Batch]:
    """Newest first."""
    rows = batches.list_newest(connection, caller.workspace_id, limit, cursor)
    return page_of(rows, limit, lambda row: show(connection, row))


def list_contacts(
    connection: sa.Connection,
    caller: Caller,
    batch_id: str,
    status: BatchContactStatus | None,
    limit: int,
    cursor: str | None,
) -> Page[BatchContactShown]:
    """Who is in it and what became of them, in the order they were given. Raises NotFound, ValidationFailed."""
    row = _find(connection, caller, batch_id)
    after = read_cursor(cursor) or "-1"
    if not after.removeprefix("-").isdigit():
        raise ValidationFailed([Invalid("cursor", reason="This is not a cursor of this list.")])
    rows = batches.list_items(connection, row.id, status, int(after), limit)
    shown = rows[:limit]
    ids = [item.contact["contact_id"] for item in shown if item.contact.get("contact_id")]
    known = batches.find_contacts(connection, caller.workspace_id, ids)
    people = [_show_contact(item, known.get(item.contact.get("contact_id") or "")) for item in shown]
    return Page(people, make_cursor(str(shown[-1].number)) if len(rows) > limit else None)


def _show_contact(item: Row, known: Row | None) -> BatchContactShown:
    given, error = item.contact, item.error or {}
    return BatchContactShown(
        number=item.number,
        name=given.get("name") or (known.name if known else None),
        phone=shown_phone(known.phone) if known else given.get("phone"),
        contact_id=given.get("contact_id"),
        status=item.said if item.status == "begun" else item.status,
        code=item.code or error.get("code"),
        message=error.get("message"),
        conversation_id=item.conversation_id,
    )


def stop_batch(connection: sa.Connection, caller: Caller, batch_id: str) -> Batch:
    """Begin with nobody else; what was begun goes on. Raises NotFound."""
    row = _find(connection, caller, batch_id)
    if batches.end(connection, row.id, "stopped"):
        audit.record(connection, caller, "batch.stop", "batch", row.id, {}, is_change=False)
    return get_batch(connection, caller, batch_id)


def _find(connection: sa.Connection, caller: Caller, batch_id: str) -> Row:
    return existing(batches.find(connection, caller.workspace_id, batch_id) if is_id(batch_id, "bat") else None)


def show(connection: sa.Connection, row: Row) -> Batch:
    """A batch with its counts."""
    counted = dict.fromkeys(("waiting", "skipped", "queued", "sent", "delivered", "read", "failed"), 0)
    skipped_by: dict[str, int] = {}
    for status, code, said, number in batches.count(connection, row.id):
        if status == "skipped":
            skipped_by[code or ""] = skipped_by.get(code or "", 0) + number
        name = status if status != "begun" else said or "queued"
        counted[name] = counted.get(name, 0) + number
    return Batch(
        id=row.id,
        flow_id=row.flow_id,
        channel_id=row.channel_id,
        status=row.status,
        template=msgspec.convert(row.begun_with["template"], BeginTemplate | None),
        total=row.total,
        skipped_by=skipped_by,
        created_at=row.created_at,
        ended_at=row.ended_at,
        **counted,
    )


# ── working them off ─────────────────────────────────────────────────────────────────────────────────────────────────


class Batches(Background):
    """One for each process that takes turns; of two that come to the same person, one begins."""

    def __init__(self, database: Database, dispatcher: Dispatcher, settings: Settings) -> None:
        super().__init__("batches", self._begin_some, _LOOK_SECONDS)
        self._database = database
        self._dispatcher = dispatcher
        self._settings = settings

    async def retain(self) -> None:
        """Delete what is older than the operator keeps."""
        oldest = utc_now() - dt.timedelta(days=self._settings.retention_days)
        while await self._database.write(batches.delete_before, oldest):
            pass

    async def _begin_some(self) -> float:
        """Begin with some people; how long to pause before the next."""
        found = await self._database.read(batches.list_next, _MOST_WAITING, _AT_ONCE)
        for batch, items in found:
            if not items and await self._database.write(batches.end, batch.id, "done"):
                _log.info("batch_done", batch_id=batch.id)
            await asyncio.gather(*(self._begin(batch, item) for item in items))
        return _BUSY_SECONDS if any(items for _, items in found) else _LOOK_SECONDS

    async def _begin(self, batch: Row, item: Row) -> None:
        conversation_id = new_id("cnv")
        caller = system_caller(batch.workspace_id)

        def work(connection: sa.Connection, programs: Programs, owner: str) -> tuple[Done, None]:
            if not batches.take(connection, item):
                return Done(conversation_id), None
            data = _data_of(batch, item)
            done, _ = begin_conversation(connection, programs, owner, caller, data, conversation_id)
            batches.begun(connection, item, conversation_id)
            return done, None

        try:
            await self._dispatcher.run(conversation_id, work)
        except (ShuttingDown, Unavailable):
            raise
        except (ValidationFailed, Conflict, NotFound) as problem:
            await self._database.write(batches.skip, item, problem.code)
        except (RecadoError, msgspec.MsgspecError) as problem:
            code = problem.code if isinstance(problem, RecadoError) else "unreadable"
            _log.warning("batch_item_failed", batch_id=batch.id, code=code)
            await self._database.write(batches.skip, item, code)


def _data_of(batch: Row, item: Row) -> BeginConversation:
    """What is begun with one person. Raises msgspec.MsgspecError."""
    person = msgspec.convert(item.contact, BatchContact)
    template = msgspec.convert(batch.begun_with["template"], BeginTemplate | None)
    variables: dict[str, Any] = {**batch.begun_with["variables"], **person.variables}
    contact = BeginContact(phone=person.phone, contact_id=person.contact_id, name=person.name)
    said = None if template is None else with_values(template, person)
    return BeginConversation(batch.flow_id, batch.channel_id, contact, said, variables)
