"""One message of a person: seen before, opted out, for a person of the team, for the flow; all of it in one transaction."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final, Literal

import sqlalchemy as sa
import structlog

from recado.accounts.service import system_caller
from recado.channels import contacts
from recado.channels.opened import OpenedChannel
from recado.channels.whatsapp import deliveries, optouts
from recado.channels.whatsapp.fallback import waits_for
from recado.channels.whatsapp.places import find_answered, find_latest, find_open_id, lock_open, number_of
from recado.channels.whatsapp.reading import identities_of, is_said, key_of, known_as, read_echo, read_incoming
from recado.channels.whatsapp.starts import is_one_of, list_starts
from recado.channels.whatsapp.updates import Echo, Identity, InboundMessage, Media, System
from recado.conversations import repository
from recado.conversations.beginning import Beginning, begin
from recado.conversations.kept import Done, decode_state
from recado.conversations.programs import Programs
from recado.conversations.repository import Row
from recado.conversations.service import take_in
from recado.conversations.turns import Before, take_turn_of
from recado.db.columns import JSON_ENCODER
from recado.errors import NotFound
from recado.flows.events import Cancelled, Contact, Incoming, TakenOver
from recado.flows.versions import find_published
from recado.ids import new_id
from recado.media.definition import hex_of
from recado.media.service import NewMedia, take_down

Became = Literal[
    "seen", "nobody", "changed", "noted", "opted_out", "opted_in", "silent", "kept", "stale", "taken", "begun"
]
"""What became of a message. Only what is `taken` or has `begun` something is answered by a flow."""

PAUSE: Final = dt.timedelta(hours=1)
"""How long flows stay silent for somebody whom a person answered from the phone, where no conversation was open."""
_log: Final = structlog.get_logger("recado.channels")


class Moved(Exception):  # no error: what was found before the transaction is no longer so
    """Another conversation of the person's is open now than the one that was thought."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What one transaction is handed, and the conversation that it was begun for: an open one, or one that may begin."""

    connection: sa.Connection
    programs: Programs
    owner: str
    channel: OpenedChannel
    conversation_id: str


def find_place(connection: sa.Connection, channel_id: str, person: Identity) -> str | None:
    """The conversation that is open with a person."""
    contact_id = contacts.find(connection, channel_id, identities_of(person))
    return None if contact_id is None else find_open_id(connection, channel_id, contact_id)


# ── a person writes ──────────────────────────────────────────────────────────────────────────────────────────────────


def judge(scene: Scene, message: InboundMessage) -> tuple[Done, Became]:
    """Take a message in. Raises Moved, RecordCorrupt."""
    if not deliveries.see(scene.connection, scene.channel.id, key_of(message)):
        return Done(scene.conversation_id), "seen"
    if isinstance(message.content, System):
        return _change_person(scene, message, message.content)
    named = identities_of(message.sender)
    if not named or message.group_id is not None or message.is_history:
        return Done(scene.conversation_id), "nobody"
    return _Judgement(scene, message, named).judge()


class _Judgement:
    def __init__(self, scene: Scene, message: InboundMessage, named: contacts.Identities) -> None:
        self._scene = scene
        self._connection = scene.connection
        self._channel = scene.channel
        self._message = message
        self._now = repository.now_of(scene.connection)
        self._at = _moment(message.at, self._now)
        name = message.sender.name or message.sender.username
        self._contact = contacts.meet(
            scene.connection, scene.channel.workspace_id, scene.channel.id, named, name, self._now
        )
        self._heard_media: Incoming | None = None
        self._open = lock_open(scene.connection, scene.channel.id, self._contact.id)
        if self._open is not None and self._open.id != scene.conversation_id:
            raise Moved

    def judge(self) -> tuple[Done, Became]:
        """What becomes of it; a file that is part of a conversation now is to be fetched."""
        done, became = self._judge()
        media, content = self._heard_media, self._message.content
        if media is not None and media.media is not None and isinstance(content, Media):
            told = NewMedia(content.id or "", content.mime_type, content.filename, hex_of(content.sha256))
            take_down(
                self._connection,
                media.media.id,
                told,
                workspace_id=self._channel.workspace_id,
                channel_id=self._channel.id,
                conversation_id=done.conversation_id,
                message_id=media.id,
                now=self._now,
            )
        return done, became

    def _judge(self) -> tuple[Done, Became]:
        contact = self._contact
        is_known = contact.last_message_at is not None and contact.last_message_at >= self._at
        if not is_known:
            contacts.update(self._connection, contact.id, {"last_message_at": self._at})
        settings = self._channel.settings
        if not is_said(self._message.content):
            return self._nothing("noted")
        if is_one_of(self._message, settings.opt_out_words):
            return self._opt_out()
        if contact.opted_out_at is not None:
            if not is_one_of(self._message, settings.opt_in_words):
                return self._nothing("silent")
            return self._opt_in()
        return self._for_the_flow()

    def _for_the_flow(self) -> tuple[Done, Became]:
        is_stale = (self._now - self._at).total_seconds() > self._channel.settings.stale_after_seconds
        if self._open is None:
            if is_stale or self._is_paused():
                return self._nothing("stale" if is_stale else "silent")
            return self._begin()
        row = self._refreshed(self._open)
        if row.status != "with_agent":
            if self._is_paused():
                return self._keep(row), "kept"
            if waits_for(self._connection, self._contact.id):
                return self._keep(row), "kept"
            if is_stale and not (row.status == "waiting" and row.updated_at <= self._at):
                return self._keep(row), "stale"
        scene = self._scene
        done, _ = take_in(self._connection, scene.programs, scene.owner, row, *self._heard())
        return done, "kept" if row.status == "with_agent" else "taken"

    def _is_paused(self) -> bool:
        until = self._contact.paused_until
        return until is not None and until > self._now

    def _keep(self, row: Row) -> Done:
        """Show it in the conversation; nothing follows."""
        return self._turn(row, Before(heard=self._heard()))

    def _begin(self) -> tuple[Done, Became]:
        """The first rule that fits, whose flow is published, begins it."""
        caller = system_caller(self._channel.workspace_id)
        for start in list_starts(self._message, self._channel.settings.starts):
            try:
                version_id = find_published(self._connection, caller, start.flow_id)
            except NotFound:
                _log.warning("start_without_flow", channel_id=self._channel.id, flow_id=start.flow_id)
                continue
            begun_with: dict[str, Any] = {"version": number_of(self._connection, version_id), "variables": {}}
            if self._message.referral is not None:
                begun_with["referral"] = self._message.referral
            beginning = Beginning(
                conversation_id=self._scene.conversation_id,
                workspace_id=self._channel.workspace_id,
                flow_id=start.flow_id,
                version_id=version_id,
                channel_id=self._channel.id,
                contact_key=self._contact.id,
                contact=self._person(),
                begun_with=begun_with,
                before=Before(heard=self._heard()),
            )
            return begin(self._connection, self._scene.programs, self._scene.owner, beginning), "begun"
        return self._nothing("noted")

    # ── opted out, and in again ──────────────────────────────────────────────────────────────────────────────────────

    def _opt_out(self) -> tuple[Done, Became]:
        """Nothing more is said but that; once."""
        if self._contact.opted_out_at is not None:
            return self._nothing("opted_out")
        contacts.update(self._connection, self._contact.id, {"opted_out_at": self._now, "updated_at": self._now})
        return self._answer(optouts.opted_out(self._language(), self._channel.settings)), "opted_out"

    def _opt_in(self) -> tuple[Done, Became]:
        """What they wrote may begin a flow, which is answer enough; else they are told."""
        contacts.update(self._connection, self._contact.id, {"opted_out_at": None, "updated_at": self._now})
        if self._open is None:
            done, became = self._for_the_flow()
            if became == "begun":
                return done, became
        return self._answer(optouts.opted_in(self._language())), "opted_in"

    def _language(self) -> str:
        row = self._open or find_latest(self._connection, self._channel.id, self._contact.id)
        return "en" if row is None else optouts.language_of(self._connection, self._scene.programs, row)

    def _answer(self, text: str) -> Done:
        """Say it in the open conversation, which ends, or in the last one; to whom we never spoke there is nothing to say."""
        row = self._open or find_latest(self._connection, self._channel.id, self._contact.id)
        if row is None:
            return Done(self._scene.conversation_id)
        events = [] if self._open is None else [Cancelled(at=self._now)]
        return self._turn(row, Before(heard=self._heard(), said=optouts.message(text)), events)

    # ── steps ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _nothing(self, became: Became) -> tuple[Done, Became]:
        return Done(self._scene.conversation_id), became

    def _turn(self, row: Row, before: Before, events: Any = ()) -> Done:
        return take_turn_of(self._connection, self._scene.programs, self._scene.owner, row, events, before=before)

    def _heard(self) -> tuple[Incoming, str | None]:
        return self._incoming(), known_as(self._message.message_id)

    def _incoming(self) -> Incoming:
        answered = None
        if self._message.context_id is not None:
            answered = find_answered(self._connection, self._channel.id, self._message.context_id)
        incoming = read_incoming(self._message.content, new_id("msg"), answered)
        if incoming.media is not None:
            self._heard_media = incoming
        return incoming

    def _person(self) -> Contact:
        return Contact(name=self._contact.name, phone=contacts.shown_phone(self._contact.phone))

    def _refreshed(self, row: Row) -> Row:
        """The conversation with the name and number that the person has now."""
        state = decode_state(row)
        if state.contact == self._person():
            return row
        state.contact = self._person()
        values = {"state": JSON_ENCODER.encode(state).decode(), "contact": state.contact}
        repository.update_conversation(self._connection, row.id, row.turn, values)
        fresh = repository.lock_conversation(self._connection, row.id)
        assert fresh is not None, "it is locked"
        return fresh


def _moment(at: int | None, now: dt.datetime) -> dt.datetime:
    """When a message was written: by WhatsApp's clock, but never in the future."""
    if at is None or at <= 0 or at >= now.timestamp():
        return now
    return dt.datetime.fromtimestamp(at, dt.UTC)


def _change_person(scene: Scene, message: InboundMessage, change: System) -> tuple[Done, Became]:
    """A person has another number or id; all the rest that the channel tells of a person changes nothing here."""
    now = repository.now_of(scene.connection)
    pairs: tuple[tuple[contacts.Kind, str | None, str | None], ...] = (
        ("phone", change.old.wa_id or message.sender.wa_id, change.new.wa_id),
        ("user", change.old.user_id or message.sender.user_id, change.new.user_id),
        ("parent", change.old.parent_user_id or message.sender.parent_user_id, change.new.parent_user_id),
    )
    moved = [
        contacts.move(scene.connection, scene.channel.id, kind, before, after, now)
        for kind, before, after in pairs
        if before and after and before != after
    ]
    return Done(scene.conversation_id), "changed" if any(moved) else "noted"


# ── a person of the business writes, from the phone ──────────────────────────────────────────────────────────────────


def judge_echo(scene: Scene, echo: Echo) -> tuple[Done, Became]:
    """Show what was said, and let the flow stay silent from now on. Raises Moved, RecordCorrupt."""
    connection, channel = scene.connection, scene.channel
    named = identities_of(echo.recipient)
    if not deliveries.see(connection, channel.id, key_of(echo)):
        return Done(scene.conversation_id), "seen"
    if not named or not is_said(echo.content):
        return Done(scene.conversation_id), "noted"
    now = repository.now_of(connection)
    contact = contacts.meet(connection, channel.workspace_id, channel.id, named, echo.recipient.name, now)
    row = lock_open(connection, channel.id, contact.id)
    if row is None:
        contacts.update(connection, contact.id, {"paused_until": now + PAUSE})
        return Done(scene.conversation_id), "noted"
    if row.id != scene.conversation_id:
        raise Moved
    before = Before(echoed=(read_echo(echo.content, echo.type), known_as(echo.message_id)))
    done = take_turn_of(connection, scene.programs, scene.owner, row, [TakenOver(at=now)], before=before)
    return done, "taken"
