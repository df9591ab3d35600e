"""A message of WhatsApp as a conversation hears it, and as it is known again when it is delivered anew  [pure]."""

from __future__ import annotations

import hashlib
from typing import Any, Final

import msgspec

from recado.channels.contacts import Identities
from recado.channels.whatsapp.updates import (
    Content,
    Echo,
    Edit,
    Form,
    Identity,
    InboundMessage,
    Location,
    Media,
    Reaction,
    Revoke,
    System,
    Tap,
    Text,
)
from recado.flows import events
from recado.flows.events import Incoming, Outgoing, Place
from recado.ids import new_id

_MOST_ID: Final = 200
_KINDS: Final[dict[str, Any]] = {"voice": "audio"}


def key_of(update: InboundMessage | Echo) -> str:
    """What tells a message from all others of its channel; a few samples of Meta's have no id, and are told by all they hold."""
    if (message_id := known_as(update.message_id)) is not None:
        return f"m:{message_id}"
    whole = msgspec.json.encode([update.message_id, update.raw], order="deterministic")
    return f"raw:{hashlib.sha256(whole).hexdigest()}"


def known_as(message_id: str | None) -> str | None:
    """The id of a message as it is kept; none of Meta's is as long as what does not fit."""
    return message_id if message_id and len(message_id) <= _MOST_ID else None


def identities_of(person: Identity) -> Identities:
    """What names a person, the phone number first."""
    named: Identities = []
    if person.wa_id:
        named.append(("phone", person.wa_id))
    if person.user_id:
        named.append(("user", person.user_id))
    if person.parent_user_id:
        named.append(("parent", person.parent_user_id))
    return named


def is_said(content: Content) -> bool:
    """Whether somebody says something, rather than something happening to what was said before."""
    return not isinstance(content, Reaction | Edit | Revoke | System)


def read_incoming(content: Content, message_id: str, reply_to: str | None) -> Incoming:
    """What a flow hears; `reply_to` is our id of the message that is answered."""
    match content:
        case Text(body=body):
            return Incoming(id=message_id, text=body, reply_to=reply_to)
        case Tap(way="template"):
            return Incoming(id=message_id, text=content.title or content.id, reply_to=reply_to)
        case Tap():
            return Incoming(id=message_id, reply_id=content.id, reply_to=reply_to)
        case Media(id=str() as provider_id, errors=[]) if len(provider_id) <= _MOST_ID:
            return Incoming(id=message_id, media=_file(content), reply_to=reply_to)
        case Location():
            place = Place(
                latitude=content.latitude, longitude=content.longitude, name=content.name, address=content.address
            )
            return Incoming(id=message_id, location=place, reply_to=reply_to)
        case Form(response=dict() as response):
            filled = {name: value for name, value in response.items() if name != "flow_token"}
            return Incoming(id=message_id, form=filled, reply_to=reply_to)
        case _:
            return Incoming(id=message_id, reply_to=reply_to)


def _file(content: Media) -> events.Media:
    """A file under the id that it is kept by."""
    return events.Media(
        id=new_id("med"),
        kind=_KINDS.get(content.kind, content.kind),
        mime_type=content.mime_type,
        filename=content.filename,
        caption=content.caption,
    )


def read_echo(content: Content, type_: str | None) -> Outgoing:
    """What a person of the business said, as far as a transcript shows it."""
    match content:
        case Text(body=body):
            return Outgoing(type="text", text=body)
        case Media(kind="image" | "video" | "document" as kind):
            return Outgoing(type=kind, text=content.caption, filename=content.filename)
        case Location():
            place = Place(
                latitude=content.latitude, longitude=content.longitude, name=content.name, address=content.address
            )
            return Outgoing(type="location", location=place)
        case Tap():
            return Outgoing(type="text", text=content.title)
        case _:
            return Outgoing(type="text", text=f"[{type_ or 'unknown'}]")
