"""What a person's phone shows: the chat, and what can be tapped in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from recado.emulator.whatsapp.templates import quick_replies
from recado.emulator.whatsapp.world import Message, Person, World


def choices_of(world: World, message: Message) -> list[dict[str, str]]:
    """The buttons and rows of a message that answer when they are tapped."""
    if message.type == "template":
        waba = world.wabas[world.numbers[message.number_id].waba_id]
        sent = message.content
        template = waba.templates.get((str(sent.get("name")), str((sent.get("language") or {}).get("code"))), {})
        return [
            {"kind": "quick_reply", "id": one["payload"], "title": one["text"]} for one in quick_replies(template, sent)
        ]
    if message.type != "interactive":
        return []
    action = message.content.get("action") or {}
    if message.content.get("type") == "button":
        return [{"kind": "button_reply", **_titled(button["reply"])} for button in action["buttons"]]
    if message.content.get("type") == "list":
        return [{"kind": "list_reply", **_titled(row)} for section in action["sections"] for row in section["rows"]]
    return []


def _titled(given: Mapping[str, Any]) -> dict[str, str]:
    return {key: str(given[key]) for key in ("id", "title", "description") if given.get(key)}


def shown(world: World, message: Message) -> dict[str, Any]:
    """A message as JSON."""
    return {
        "sequence": message.sequence,
        "id": message.id,
        "number": message.number_id,
        "person": message.person_id,
        "from": "person" if message.is_from_person else "business",
        "type": message.type,
        "text": message.text,
        "content": message.content,
        "choices": [] if message.is_from_person else choices_of(world, message),
        "reply_to": message.context_id or None,
        "opaque": message.opaque,
        "at": message.at,
        "status": message.status,
        "errors": message.errors,
        "reactions": message.reactions,
    }


def is_seen(message: Message) -> bool:
    """Whether it comes to the person's phone: one that failed does not."""
    return message.is_from_person or message.status != "failed"


def chat_shown(world: World, person: Person, number_id: str | None, after: int) -> dict[str, Any]:
    """A chat from some message on, and whether the business is typing."""
    messages = [message for message in world.chat(person.id, number_id, after) if is_seen(message)]
    now = world.clock.now()
    is_typing = any(
        ends > now for (number, who), ends in world.typing.items() if who == person.id and number_id in {None, number}
    )
    return {
        "person": person.id,
        "messages": [shown(world, message) for message in messages],
        "last": messages[-1].sequence if messages else after,
        "is_typing": is_typing,
    }
