"""The simulator: a flow tried without WhatsApp, its draft too, with calls answered as somebody wants to see them."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Final

import msgspec
import sqlalchemy as sa

from recado.accounts.caller import Caller
from recado.conversations import repository, service, wakes
from recado.conversations.beginning import Beginning, begin
from recado.conversations.channel import SIMULATOR
from recado.conversations.dispatcher import Dispatcher
from recado.conversations.kept import Done, decode_state
from recado.conversations.programs import Programs
from recado.conversations.repository import Row
from recado.conversations.schemas import AsIf, SendMessage, SimConversation, StartConversation
from recado.conversations.turns import take_turn
from recado.conversations.uploads import find_upload, read_media
from recado.db.columns import JSON_ENCODER
from recado.db.engine import Database
from recado.db.rows import existing
from recado.errors import Invalid, NotFound, ValidationFailed
from recado.flows import engine
from recado.flows.events import Contact, Incoming, Jumped, Place, Started
from recado.flows.versions import find_published, snapshot_draft
from recado.ids import is_id, new_id
from recado.media.repository import delete_of_conversation
from recado.web.body import explain

_MOST_SECONDS: Final = 30.0
_LOOK_SECONDS: Final = 1.0
_WAYS: Final = ("text", "reply_id", "media", "location", "form")


# ── what is done, each in one transaction and in the conversation's order ────────────────────────────────────────────


async def start_conversation(
    dispatcher: Dispatcher, db: Database, caller: Caller, data: StartConversation
) -> SimConversation:
    """Begin, and wait for the first thing that is said. Raises NotFound, ConversationsBusy."""
    dispatcher.check_room()
    conversation_id = new_id("cnv")

    def begin_it(connection: sa.Connection, programs: Programs, owner: str) -> tuple[Done, int]:
        version_id = _pin(connection, caller, data.flow_id, data.version)
        contact = Contact(name=data.contact.name, phone=data.contact.phone)
        begun_with = {"version": data.version, "variables": data.variables}
        beginning = Beginning(
            conversation_id,
            caller.workspace_id,
            data.flow_id,
            version_id,
            channel_id=SIMULATOR,
            contact_key=conversation_id,
            contact=contact,
            begun_with=begun_with,
        )
        return begin(connection, programs, owner, beginning), 0

    return await _turn(dispatcher, db, caller, conversation_id, begin_it)


async def send_message(
    dispatcher: Dispatcher, db: Database, caller: Caller, conversation_id: str, data: SendMessage
) -> SimConversation:
    """Write as the person, and wait for what is said. Raises NotFound, ValidationFailed, ConversationEnded, ConversationsBusy."""
    dispatcher.check_room()
    incoming = _read_message(data)
    key = f"{conversation_id}:{data.id}" if data.id else None

    def write(connection: sa.Connection, programs: Programs, owner: str) -> tuple[Done, int]:
        heard = incoming
        if heard.media is not None:
            media = find_upload(connection, caller, conversation_id, heard.media, heard.id)
            heard = msgspec.structs.replace(heard, media=media)
        return service.receive(connection, programs, owner, caller, conversation_id, heard, key)

    return await _turn(dispatcher, db, caller, conversation_id, write)


async def restart_conversation(
    dispatcher: Dispatcher, db: Database, caller: Caller, conversation_id: str
) -> SimConversation:
    """Begin the same conversation anew, with the draft as it stands now. Raises NotFound, ConversationsBusy."""
    dispatcher.check_room()

    def begin_anew(connection: sa.Connection, programs: Programs, owner: str) -> tuple[Done, int]:
        row = _lock(connection, caller, conversation_id)
        begun_with = row.begun_with
        version_id = _pin(connection, caller, row.flow_id, begun_with["version"])
        repository.delete_history(connection, conversation_id)
        delete_of_conversation(connection, conversation_id)
        state = engine.start_state(version_id)
        state.visits = decode_state(row).visits  # no visit comes twice: calls are told apart by it
        contact = msgspec.convert(row.contact or {}, Contact)
        values = {
            "version_id": version_id,
            "state": JSON_ENCODER.encode(state).decode(),
            "status": "running",
            "block_id": None,
            "ended_at": None,
        }
        repository.update_conversation(connection, conversation_id, row.turn, values)
        started = Started(at=row.updated_at, contact=contact, variables=begun_with["variables"])
        return take_turn(connection, programs, owner, conversation_id, [started]), row.last_message

    return await _turn(dispatcher, db, caller, conversation_id, begin_anew)


async def jump(
    dispatcher: Dispatcher, db: Database, caller: Caller, conversation_id: str, block_id: str
) -> SimConversation:
    """Go on at a block of the flow. Raises NotFound, ValidationFailed, ConversationsBusy."""
    dispatcher.check_room()

    def go(connection: sa.Connection, programs: Programs, owner: str) -> tuple[Done, int]:
        row = _lock(connection, caller, conversation_id)
        program = programs.load(connection, caller.workspace_id, row.version_id)
        if block_id not in program[row.version_id].blocks:
            raise ValidationFailed([Invalid("block_id", reason="The flow has no such block.")])
        jumped = Jumped(at=row.updated_at, block_id=block_id)
        return take_turn(connection, programs, owner, conversation_id, [jumped]), row.last_message

    return await _turn(dispatcher, db, caller, conversation_id, go)


async def set_as_if(
    dispatcher: Dispatcher, caller: Caller, conversation_id: str, data: dict[str, AsIf | None]
) -> dict[str, AsIf]:
    """Have the next calls of blocks answered as asked for; null lets them be sent again. Raises NotFound."""

    def change(connection: sa.Connection, _programs: Programs, _owner: str) -> tuple[Done, dict[str, AsIf]]:
        row = _lock(connection, caller, conversation_id)
        wanted = msgspec.convert(row.as_if or {}, dict[str, AsIf])
        for block_id, as_if in data.items():
            if as_if is None:
                wanted.pop(block_id, None)
            else:
                wanted[block_id] = as_if
        repository.set_as_if(connection, conversation_id, msgspec.to_builtins(wanted))
        return Done(conversation_id), wanted

    return await dispatcher.run(conversation_id, change)


# ── steps ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _pin(connection: sa.Connection, caller: Caller, flow_id: str, version: str | int) -> str:
    """The version that is walked from now on. Raises NotFound."""
    if not is_id(flow_id, "flw"):
        raise NotFound
    if isinstance(version, int):
        return find_published(connection, caller, flow_id, version)
    return snapshot_draft(connection, caller, flow_id)


def _lock(connection: sa.Connection, caller: Caller, conversation_id: str) -> Row:
    """A conversation of the simulator, held until the transaction ends. Raises NotFound."""
    service.find_row(connection, caller, conversation_id, is_simulated=True)
    return existing(repository.lock_conversation(connection, conversation_id))


def _read_message(data: SendMessage) -> Incoming:
    """What the person wrote. Raises ValidationFailed unless it is exactly one thing."""
    given = [name for name in _WAYS if getattr(data, name) is not None]
    if len(given) != 1:
        reason = "Send exactly one of text, reply_id, media, location and form."
        raise ValidationFailed([Invalid(given[1] if given else "text", reason=reason)])
    media, place = data.media, data.location
    if place is not None and not (math.isfinite(place.latitude) and math.isfinite(place.longitude)):
        raise ValidationFailed([explain("Expected a finite number - at `$.location`")])
    return Incoming(
        id=new_id("msg"),
        text=data.text,
        reply_id=data.reply_id,
        reply_to=data.reply_to,
        media=None if media is None else read_media(media),
        location=None if place is None else msgspec.convert(msgspec.to_builtins(place), Place),
        form=data.form,
    )


async def _turn(
    dispatcher: Dispatcher,
    db: Database,
    caller: Caller,
    conversation_id: str,
    work: Callable[[sa.Connection, Programs, str], tuple[Done, int]],
) -> SimConversation:
    """Do it, and wait until the conversation no longer runs, 30 s at most; what was said after the message it gives the number of."""
    until = time.monotonic() + _MOST_SECONDS
    with dispatcher.live.watching(conversation_id) as watch:
        after = await dispatcher.run(conversation_id, work)
        while True:
            while watch.status == "running" and await watch.wait(_LOOK_SECONDS):
                pass
            shown, is_moving = await db.read(_look, caller, conversation_id, after)
            if not is_moving or time.monotonic() > until:
                return shown
            await watch.wait(_LOOK_SECONDS)


def _look(connection: sa.Connection, caller: Caller, conversation_id: str, after: int) -> tuple[SimConversation, bool]:
    """The conversation, and whether it is about to move on. Raises NotFound, RecordCorrupt."""
    is_wanted = wakes.is_wanted(connection, conversation_id)  # first, since the turn comes with the wake's end
    shown = service.get_sim_conversation(connection, caller, conversation_id, after)
    return shown, is_wanted or shown.status == "running"
