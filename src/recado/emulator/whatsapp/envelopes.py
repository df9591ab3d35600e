"""Webhooks as Meta writes and signs them: one envelope for many updates, every letter beyond ASCII escaped."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from recado.emulator.whatsapp.world import Number, Person, World


@dataclass(slots=True)
class Update:
    """One change to tell: a message, a status, or a whole value of another field."""

    waba_id: str
    number_id: str = ""
    messages: list[dict[str, Any]] = field(default_factory=list)
    statuses: list[dict[str, Any]] = field(default_factory=list)
    contacts: list[dict[str, Any]] = field(default_factory=list)
    value: dict[str, Any] | None = None
    """Said as it is, in place of messages and statuses."""
    field: str = "messages"


def contact_of(world: World, person: Person) -> dict[str, Any]:
    """A person as `contacts[]` shows them."""
    profile = {"name": person.name} | ({"username": person.username} if person.username else {})
    shown: dict[str, Any] = {"profile": profile}
    if person.wa_id is not None:
        shown["wa_id"] = person.wa_id
    if world.options.has_user_ids or not person.wa_id:
        shown["user_id"] = person.user_id
        if person.parent_user_id:
            shown["parent_user_id"] = person.parent_user_id
    return shown


def metadata_of(number: Number) -> dict[str, str]:
    """A number as `metadata` shows it."""
    return {"display_phone_number": number.digits, "phone_number_id": number.id}


def envelope(world: World, updates: Iterable[Update]) -> dict[str, Any]:
    """One body for all of them: by account, then by number, messages apart from statuses."""
    entries: dict[str, dict[str, Any]] = {}
    changes: dict[tuple[str, str, str], dict[str, Any]] = {}
    for update in updates:
        entry = entries.setdefault(update.waba_id, {"id": update.waba_id, "changes": []})
        if world.options.has_time:
            entry["time"] = int(world.clock.now())
        if update.value is not None:
            entry["changes"].append({"value": update.value, "field": update.field})
            continue
        kind = "messages" if update.messages else "statuses"
        key = (update.waba_id, update.number_id, kind)
        value = changes.get(key)
        if value is None:
            number = world.numbers[update.number_id]
            value = changes[key] = {"messaging_product": "whatsapp", "metadata": metadata_of(number)}
            entry["changes"].append({"value": value, "field": update.field})
        _add(value, update)
    return {"object": "whatsapp_business_account", "entry": list(entries.values())}


def _add(value: dict[str, Any], update: Update) -> None:
    for contact in update.contacts:
        listed = value.setdefault("contacts", [])
        if contact not in listed:
            listed.append(contact)
    for key, found in (("messages", update.messages), ("statuses", update.statuses)):
        if found:
            value.setdefault(key, []).extend(found)


def as_sent(body: Any) -> bytes:
    """The bytes that go out: what stands beyond ASCII is escaped, with lower-case hex."""
    return json.dumps(body, separators=(",", ":")).encode()


def signature(body: bytes, secret: str) -> str:
    """What `X-Hub-Signature-256` says of a body."""
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"
