"""Reads one message of a webhook: what it says, and who says it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from recado.channels.whatsapp.graph_errors import read_error_objects
from recado.channels.whatsapp.lenient import degrees_of, id_of, object_of, objects_of, read_json, text_of
from recado.channels.whatsapp.updates import (
    Contacts,
    Content,
    Edit,
    Form,
    Identity,
    Location,
    Media,
    Order,
    Reaction,
    Revoke,
    System,
    Tap,
    Text,
    Unsupported,
)

_MAX_PHONE: Final = 32
_MAX_USER: Final = 140  # CC.ENT. and 128 letters and digits
_MAX_NAME: Final = 200
_USER_ID: Final = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}")
_MAX_DEPTH: Final = 3  # an edit holds a message, which could hold an edit


# ── who ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


class Book:
    """The contacts of a change by phone number and by id: a batch can hold several people."""

    __slots__ = ("_by_phone", "_by_user", "_only")

    def __init__(self, contacts: list[dict[str, Any]]) -> None:
        self._by_phone: dict[str, dict[str, Any]] = {}
        self._by_user: dict[str, dict[str, Any]] = {}
        self._only = contacts[0] if len(contacts) == 1 else None
        for contact in contacts:
            if phone := text_of(contact, "wa_id"):
                self._by_phone.setdefault(phone.removeprefix("+"), contact)
            if user_id := text_of(contact, "user_id"):
                self._by_user.setdefault(user_id, contact)

    def find(self, phone: str | None, user_id: str | None) -> dict[str, Any] | None:
        """The contact of a person; of somebody who is not named, the only one there is."""
        if phone is None and user_id is None:
            return self._only
        found = None if phone is None else self._by_phone.get(phone.removeprefix("+"))
        return found if found is not None or user_id is None else self._by_user.get(user_id)


NOBODY: Final = Book([])


def read_person(source: dict[str, Any], prefix: str, book: Book = NOBODY) -> Identity:
    """The person of a message, under `from` or `to`, with what the contacts tell of them."""
    phone, user_id = read_ids(source, prefix, f"{prefix}_user_id")
    parent_id = id_of(source, f"{prefix}_parent_user_id", _MAX_USER)
    contact = book.find(phone, user_id)
    if contact is None:
        return Identity(wa_id=phone, user_id=user_id, parent_user_id=parent_id)
    contact_phone, contact_user = read_ids(contact, "wa_id", "user_id")
    profile = object_of(contact, "profile")
    return Identity(
        wa_id=phone or contact_phone,
        user_id=user_id or contact_user,
        parent_user_id=parent_id or id_of(contact, "parent_user_id", _MAX_USER),
        name=text_of(profile, "name")[:_MAX_NAME].strip() or None,
        username=text_of(profile, "username")[:_MAX_NAME].strip() or None,
    )


def read_ids(source: dict[str, Any], phone_key: str, user_key: str) -> tuple[str | None, str | None]:
    """Phone number and business-scoped id; where that one stands in the place of the number, it is no number."""
    phone, user_id = id_of(source, phone_key, _MAX_USER), id_of(source, user_key, _MAX_USER)
    if phone is not None and not phone.isdecimal() and _USER_ID.fullmatch(phone):
        return None, user_id or phone
    return (phone if phone is not None and len(phone) <= _MAX_PHONE else None), user_id


# ── what ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def read_content(message: dict[str, Any], depth: int = 0) -> Content:
    """What a message says. One without a type is known by what it holds."""
    type_name = text_of(message, "type")
    reader = _READERS.get(type_name)
    if reader is None and not type_name:
        type_name, reader = next(((name, read) for name, read in _READERS.items() if name in message), ("", None))
    found = None if reader is None else reader(message, type_name, depth)
    return _unsupported(message, type_name) if found is None else found


def _text(message: dict[str, Any], _type: str, _depth: int) -> Content | None:
    part = object_of(message, "text")
    return Text(body=text_of(part, "body")) if "body" in part else None


def _media(message: dict[str, Any], type_name: str, _depth: int) -> Content | None:
    part = object_of(message, type_name)
    errors = read_error_objects(message)
    if not part and not errors:
        return None
    is_voice = type_name == "voice" or (type_name == "audio" and part.get("voice") is True)
    return Media(
        kind="voice" if is_voice else type_name,  # type: ignore[arg-type]  # one of the readers' names
        id=id_of(part, "id"),
        mime_type=text_of(part, "mime_type"),
        sha256=text_of(part, "sha256"),
        caption=text_of(part, "caption"),
        filename=text_of(part, "filename"),
        url=text_of(part, "url"),
        is_animated=part.get("animated") is True,
        errors=errors,
    )


def _location(message: dict[str, Any], _type: str, _depth: int) -> Content | None:
    part = object_of(message, "location")
    latitude, longitude = degrees_of(part, "latitude", 90), degrees_of(part, "longitude", 180)
    if latitude is None or longitude is None:
        return None
    return Location(
        latitude=latitude,
        longitude=longitude,
        name=text_of(part, "name"),
        address=text_of(part, "address"),
        url=text_of(part, "url"),
    )


def _contacts(message: dict[str, Any], _type: str, _depth: int) -> Content | None:
    cards = objects_of(message, "contacts")
    return Contacts(contacts=cards) if cards else None


def _interactive(message: dict[str, Any], _type: str, _depth: int) -> Content | None:
    part = object_of(message, "interactive")
    type_name = text_of(part, "type")
    if not type_name:
        type_name = next((name for name in ("button_reply", "list_reply", "nfm_reply") if name in part), "")
    reply = object_of(part, type_name)
    match type_name:
        case "button_reply" | "list_reply" if "id" in reply:
            return Tap(
                way="button" if type_name == "button_reply" else "list",
                id=text_of(reply, "id"),
                title=text_of(reply, "title"),
                description=text_of(reply, "description"),
            )
        case "nfm_reply" if reply:
            return _form(reply)
        case "call_permission_reply":
            return System(type=type_name, body=text_of(reply, "response"))
        case _:
            return None


def _form(reply: dict[str, Any]) -> Form:
    """A response is JSON in a text; it may be none, and an object itself is taken too."""
    text = reply.get("response_json")
    response = text
    if isinstance(text, str):
        try:
            response = read_json(text.encode(errors="replace"))
        except ValueError:
            response = None
    response = response if isinstance(response, dict) else None
    return Form(
        name=text_of(reply, "name"),
        response=response,
        text=text_of(reply, "response_json"),
        flow_token=None if response is None else id_of(response, "flow_token", 1024),
        body=text_of(reply, "body"),
    )


def _button(message: dict[str, Any], _type: str, _depth: int) -> Content | None:
    part = object_of(message, "button")
    title = text_of(part, "text")
    payload = text_of(part, "payload") or title
    return Tap(way="template", id=payload, title=title) if payload else None


def _reaction(message: dict[str, Any], _type: str, _depth: int) -> Content | None:
    part = object_of(message, "reaction")
    target = id_of(part, "message_id") or id_of(part, "messsage_id")  # written so in a sample of Meta's
    return Reaction(message_id=target, emoji=text_of(part, "emoji") or None)


def _order(message: dict[str, Any], _type: str, _depth: int) -> Content | None:
    part = object_of(message, "order")
    items = objects_of(part, "product_items")
    return Order(catalog_id=text_of(part, "catalog_id"), items=items, text=text_of(part, "text")) if part else None


def _system(message: dict[str, Any], _type: str, _depth: int) -> Content | None:
    """A new number stands under `wa_id`, before v12 under `new_wa_id`; a new id under `user_id`."""
    part = object_of(message, "system")
    new = Identity(
        wa_id=id_of(part, "wa_id", _MAX_PHONE) or id_of(part, "new_wa_id", _MAX_PHONE),
        user_id=id_of(part, "user_id", _MAX_USER),
        parent_user_id=id_of(part, "parent_user_id", _MAX_USER),
    )
    return System(type=text_of(part, "type"), old=read_person(message, "from"), new=new, body=text_of(part, "body"))


def _edit(message: dict[str, Any], _type: str, depth: int) -> Content | None:
    part = object_of(message, "edit")
    inner = object_of(part, "message")
    content = read_content(inner, depth + 1) if inner and depth < _MAX_DEPTH else None
    return Edit(message_id=id_of(part, "original_message_id"), content=content)


def _revoke(message: dict[str, Any], _type: str, _depth: int) -> Content | None:
    return Revoke(message_id=id_of(object_of(message, "revoke"), "original_message_id"))


def _welcome(_message: dict[str, Any], type_name: str, _depth: int) -> Content | None:
    return System(type=type_name)


def _unsupported(message: dict[str, Any], type_name: str) -> Unsupported:
    errors = read_error_objects(message)
    was = text_of(object_of(message, "unsupported"), "type")
    if not was and type_name == "interactive":
        was = text_of(object_of(message, "interactive"), "type")
    return Unsupported(type=was or type_name, code=errors[0].code if errors else None, errors=errors)


_READERS: Final[dict[str, Callable[[dict[str, Any], str, int], Content | None]]] = {
    "text": _text, "interactive": _interactive, "button": _button,
    "image": _media, "video": _media, "audio": _media, "voice": _media, "document": _media, "sticker": _media,
    "location": _location, "contacts": _contacts, "reaction": _reaction, "order": _order, "system": _system,
    "edit": _edit, "revoke": _revoke, "request_welcome": _welcome,
}  # fmt: skip
