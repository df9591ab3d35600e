"""What people do with their phones: write, tap, choose, send files and places, react, change their number."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from recado.emulator.whatsapp.deliveries import Deliveries
from recado.emulator.whatsapp.envelopes import Update, contact_of
from recado.emulator.whatsapp.media import MediaShelf
from recado.emulator.whatsapp.phones import choices_of
from recado.emulator.whatsapp.statuses import Statuses
from recado.emulator.whatsapp.world import Message, Number, Person, World

_MEDIA_DAYS: Final = 7.0
_TYPES: Final = {
    "image": "image/jpeg",
    "video": "video/mp4",
    "audio": "audio/ogg; codecs=opus",
    "document": "application/pdf",
    "sticker": "image/webp",
}
_SMALL_FILE: Final = b"stand-in file"
_UNSUPPORTED: Final = {
    "code": 131051,
    "title": "Message type unknown",
    "message": "Message type unknown",
    "error_data": {"details": "Message type is currently not supported."},
}


@dataclass(slots=True)
class Act:
    """What somebody sends: its type, the content that stands under it, and what they read themselves."""

    type: str
    content: Any
    text: str = ""
    context: dict[str, Any] | None = None
    more: dict[str, Any] | None = None
    """What stands beside the content."""


class People:
    """Turns what people do into messages and webhooks."""

    def __init__(self, world: World, deliveries: Deliveries, statuses: Statuses, shelf: MediaShelf) -> None:
        self._world = world
        self._deliveries = deliveries
        self._statuses = statuses
        self._shelf = shelf

    def act(self, deeds: list[Mapping[str, Any]]) -> list[Message]:
        """Do all of it and tell it in one webhook. Raises ValueError with a sentence."""
        done = [self._one(deed) for deed in deeds]
        copies = max((int(deed.get("copies", 0)) for deed in deeds), default=0)
        self._deliveries.tell([update for _, update in done], copies=copies or None)
        return [message for message, _ in done]

    def _one(self, deed: Mapping[str, Any]) -> tuple[Message, Update]:
        person, number = self._who(deed), self._to(deed)
        act = self._read(person, number, deed)
        at = self._world.clock.now() - float(deed.get("seconds_ago", 0))
        message = self._said(person, number, act, at, str(deed.get("id") or ""))
        update = Update(number.waba_id, number.id, messages=[self._told(person, message, act, deed)])
        if act.type != "system":
            update.contacts = [contact_of(self._world, person)]
        return message, update

    def _who(self, deed: Mapping[str, Any]) -> Person:
        person = self._world.people.get(str(deed.get("person")))
        if person is None:
            raise ValueError(f"There is no person {deed.get('person')!r}.")
        return person

    def _to(self, deed: Mapping[str, Any]) -> Number:
        number_id = deed.get("number") or next(iter(self._world.numbers))
        number = self._world.numbers.get(str(number_id))
        if number is None:
            raise ValueError(f"There is no number {number_id!r}.")
        return number

    def _read(self, person: Person, number: Number, deed: Mapping[str, Any]) -> Act:
        for kind, make in self._kinds().items():
            if kind in deed:
                act = make(person, number, deed)
                return self._with_context(number, act, deed)
        raise ValueError(f"Say what they do, with one of: {', '.join(self._kinds())}.")

    def _kinds(self) -> dict[str, Callable[[Person, Number, Mapping[str, Any]], Act]]:
        return {
            "text": lambda _p, _n, deed: Act("text", {"body": str(deed["text"])}, str(deed["text"])),
            "tap": self._tap,
            "media": self._media,
            "location": lambda _p, _n, deed: Act("location", deed["location"]),
            "contacts": lambda _p, _n, deed: Act("contacts", deed["contacts"]),
            "reaction": self._reaction,
            "flow_reply": self._flow_reply,
            "unsupported": self._unsupported,
            "changes_number": self._change_number,
            "order": lambda _p, _n, deed: Act("order", deed["order"]),
            "raw": lambda _p, _n, deed: Act(str(deed["raw"].get("type")), None, more=dict(deed["raw"])),
        }

    @staticmethod
    def _with_context(number: Number, act: Act, deed: Mapping[str, Any]) -> Act:
        context = dict(act.context or {})
        if deed.get("reply_to"):
            context |= {"from": number.digits, "id": deed["reply_to"]}
        if deed.get("forwarded"):
            context["forwarded"] = True
        act.context = context or None
        if deed.get("referral"):
            act.more = {**(act.more or {}), "referral": deed["referral"]}
        return act

    # ── kinds ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _tap(self, person: Person, number: Number, deed: Mapping[str, Any]) -> Act:
        """Tap a button or a row, named by its title or its id, under the latest message that has it."""
        wanted, of = str(deed["tap"]), deed.get("of")
        for message in reversed(self._world.chat(person.id, number.id)):
            if message.is_from_person or of not in {None, message.id}:
                continue
            for choice in choices_of(self._world, message):
                if wanted in {choice["id"], choice["title"]}:
                    return self._tapped(number, message, choice)
        raise ValueError(f"{person.name} sees no button and no row {wanted!r}.")

    @staticmethod
    def _tapped(number: Number, message: Message, choice: Mapping[str, str]) -> Act:
        context = {"from": number.digits, "id": message.id}
        kind, title = choice["kind"], choice["title"]
        if kind == "quick_reply":
            return Act("button", {"payload": choice["id"], "text": title}, title, context)
        reply = {"id": choice["id"], "title": title}
        if choice.get("description"):
            reply["description"] = choice["description"]
        return Act("interactive", {"type": kind, kind: reply}, title, context)

    def _media(self, _person: Person, number: Number, deed: Mapping[str, Any]) -> Act:
        given = dict(deed["media"])
        kind = str(given.get("type", "image"))
        if kind not in _TYPES:
            raise ValueError(f"A file is one of: {', '.join(_TYPES)}.")
        try:
            data = base64.b64decode(given["data"], validate=True) if "data" in given else _SMALL_FILE
        except (binascii.Error, TypeError) as problem:
            raise ValueError("data is the file in base64.") from problem
        data = data + b"\0" * max(0, int(given.get("size", 0)) - len(data))
        kept = self._shelf.keep(
            data, str(given.get("mime_type") or _TYPES[kind]), number.id, str(given.get("filename") or ""), _MEDIA_DAYS
        )
        sha256 = str(
            given.get("sha256") or kept.sha256
        )  # another one, to see what becomes of a file that is not what it should be
        node: dict[str, Any] = {"mime_type": kept.mime_type, "sha256": sha256, "id": kept.id}
        if given.get("has_url", True):
            node["url"] = self._shelf.url(kept)
        node |= {key: given[key] for key in ("caption", "filename") if given.get(key)}
        if kind == "audio":
            node["voice"] = bool(given.get("voice"))
        if kind == "sticker":
            node["animated"] = bool(given.get("animated"))
        return Act(kind, node, str(given.get("caption") or ""))

    def _reaction(self, _person: Person, _number: Number, deed: Mapping[str, Any]) -> Act:
        given = dict(deed["reaction"])
        target = self._world.messages.get(str(given.get("message_id")))
        if target is not None:
            target.reactions["person"] = str(given.get("emoji") or "")
        return Act("reaction", given)

    def _flow_reply(self, person: Person, number: Number, deed: Mapping[str, Any]) -> Act:
        given = deed["flow_reply"]
        said = given if isinstance(given, str) else json.dumps(given, separators=(",", ":"))
        reply = {"response_json": said, "body": "Sent", "name": "flow"}
        of = deed.get("of") or self._last_form(person, number)
        context = {"from": number.digits, "id": of} if of else None
        return Act("interactive", {"type": "nfm_reply", "nfm_reply": reply}, "Sent", context)

    def _last_form(self, person: Person, number: Number) -> str | None:
        for message in reversed(self._world.chat(person.id, number.id)):
            if not message.is_from_person and message.content.get("type") == "flow":
                return message.id
        return None

    @staticmethod
    def _unsupported(_person: Person, _number: Number, deed: Mapping[str, Any]) -> Act:
        more: dict[str, Any] = {"errors": [_UNSUPPORTED]}
        if isinstance(deed["unsupported"], str) and deed["unsupported"]:
            more["unsupported"] = {"type": deed["unsupported"]}
        return Act("unsupported", None, more=more)

    def _change_number(self, person: Person, _number: Number, deed: Mapping[str, Any]) -> Act:
        """Somebody has another number; the old one still stands in `from`, and there are no contacts."""
        old, new = person.phone, str(deed["changes_number"]).lstrip("+")
        self._world.change_person(replace(person, phone=new))
        body = f"User {person.name} changed from {old} to {new}"
        system = {"body": body, "wa_id": new, "type": "user_changed_number"}
        return Act("system", system, more={"from": old})

    # ── said and told ────────────────────────────────────────────────────────────────────────────────────────────────

    def _said(self, person: Person, number: Number, act: Act, at: float, message_id: str) -> Message:
        world = self._world
        message = Message(
            sequence=0,
            id=message_id or world.ids.wamid(person.phone, is_from_person=True),
            number_id=number.id,
            person_id=person.id,
            is_from_person=True,
            type=act.type,
            content=act.content if isinstance(act.content, dict) else {act.type: act.content},
            at=at,
            text=act.text,
            context_id=str((act.context or {}).get("id") or ""),
        )
        world.open_window(number.id, person.id, at)
        return world.say(message)

    def _told(self, person: Person, message: Message, act: Act, deed: Mapping[str, Any]) -> dict[str, Any]:
        told: dict[str, Any] = {}
        if act.context:
            told["context"] = act.context
        if person.wa_id is not None:
            told["from"] = person.wa_id
        if self._world.options.has_user_ids or not person.wa_id:
            told["from_user_id"] = person.user_id
        told |= {"id": message.id, "timestamp": str(int(message.at)), "type": act.type}
        if act.content is not None:
            told[act.type] = act.content
        told |= act.more or {}
        told |= dict(deed.get("and", {}))
        return told

    # ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def read(self, person: Person, number_id: str | None = None) -> int:
        """Somebody opens the chat: all they were sent is read; how many messages that were."""
        found = [
            message
            for message in self._world.chat(person.id, number_id)
            if not message.is_from_person and message.status not in {"read", "played", "failed"}
        ]
        has_read = any(rung.status == "read" for rung in self._world.options.ladder)
        for message in found:
            if not has_read:
                self._statuses.come(message, "read")
        return len(found)
