"""What a delivery of WhatsApp's webhook holds, as types: messages, statuses, echoes, problems of the account."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from recado.channels.whatsapp.graph_errors import GraphError


class Part(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="part"):
    """A piece of a delivery; texts hold no NUL and no half of a surrogate pair."""


class Identity(Part, frozen=True):
    """A person. Their phone number may be unknown, or their id, or (in a few samples of Meta's) both; never empty texts."""

    wa_id: str | None = None
    """The phone number, digits with the country code, as it came."""
    user_id: str | None = None
    """The business-scoped user id."""
    parent_user_id: str | None = None
    name: str | None = None
    username: str | None = None


# ── what a message says ──────────────────────────────────────────────────────────────────────────────────────────────


class Text(Part, frozen=True, tag="text"):
    """Words."""

    body: str


class Tap(Part, frozen=True, tag="tap"):
    """A tapped button of ours, row of a list, or quick reply of a template (`id` is its payload then)."""

    way: Literal["button", "list", "template"]
    id: str
    title: str = ""
    description: str = ""


class Media(Part, frozen=True, tag="media"):
    """A file. Without an id, or with errors, it cannot be fetched."""

    kind: Literal["image", "video", "audio", "voice", "document", "sticker"]
    id: str | None = None
    mime_type: str = ""
    sha256: str = ""
    """Of the file, in base64."""
    caption: str = ""
    filename: str = ""
    url: str = ""
    """Where Meta keeps it for 5 minutes; fetched with the channel's token."""
    is_animated: bool = False
    errors: list[GraphError] = []


class Location(Part, frozen=True, tag="location"):
    """A place, in decimal degrees."""

    latitude: float
    longitude: float
    name: str = ""
    address: str = ""
    url: str = ""


class Contacts(Part, frozen=True, tag="contacts"):
    """Cards of other people, as Meta writes them."""

    contacts: list[dict[str, Any]]


class Reaction(Part, frozen=True, tag="reaction"):
    """An emoji put to a message; None takes it away."""

    message_id: str | None
    emoji: str | None


class Form(Part, frozen=True, tag="form"):
    """What was filled in: a WhatsApp Flow (`flow`) or an address (`address_message`)."""

    name: str
    response: dict[str, Any] | None
    """None where `text` is no object."""
    text: str
    """The response as it came."""
    flow_token: str | None
    body: str = ""


class Order(Part, frozen=True, tag="order"):
    """A cart."""

    catalog_id: str
    items: list[dict[str, Any]]
    text: str = ""


class System(Part, frozen=True, tag="system"):
    """What happened to the person or the chat; nothing that anybody said."""

    type: str
    """`user_changed_number`, `user_changed_user_id`, `customer_identity_changed`, `request_welcome`, …"""
    old: Identity = Identity()
    new: Identity = Identity()
    body: str = ""


class Edit(Part, frozen=True, tag="edit"):
    """An earlier message has other words now."""

    message_id: str | None
    content: Content | None


class Revoke(Part, frozen=True, tag="revoke"):
    """An earlier message was deleted."""

    message_id: str | None


class Unsupported(Part, frozen=True, tag="unsupported"):
    """Something that WhatsApp does not hand over, or that we do not know."""

    type: str = ""
    """What it was, as far as that is told."""
    code: int | None = None
    errors: list[GraphError] = []


Content = Text | Tap | Media | Location | Contacts | Reaction | Form | Order | System | Edit | Revoke | Unsupported


# ── updates ──────────────────────────────────────────────────────────────────────────────────────────────────────────


class InboundMessage(Part, frozen=True, tag="message"):
    """A person wrote."""

    waba_id: str | None
    phone_number_id: str | None
    message_id: str | None
    """`wamid.…`; a personal datum, since the phone number can be read from it. None in a few samples of Meta's."""
    type: str | None
    """As it came; `kind` says what it is."""
    sender: Identity
    at: int | None
    """Seconds since 1970."""
    content: Content
    raw: dict[str, Any]
    context_id: str | None = None
    """The id of the message that this one answers."""
    referral: dict[str, Any] | None = None
    """The advertisement that the person came from."""
    group_id: str | None = None
    """The group that it was written in, if in one."""
    is_history: bool = False
    """An old message, handed over when the number was connected; nobody waits for an answer to it."""

    @property
    def kind(self) -> str:
        """`text`, `tap`, `media`, `location`, …: the tag of its content."""
        return str(self.content.__struct_config__.tag)


class StatusUpdate(Part, frozen=True, tag="status"):
    """How far a message of ours has come."""

    waba_id: str | None
    phone_number_id: str | None
    message_id: str | None
    status: str
    rank: int
    """Of `statuses.rank_of`: only a higher one than before changes anything."""
    at: int | None
    recipient_id: str | None
    recipient_user_id: str | None
    opaque: str | None
    """What we sent along (`biz_opaque_callback_data`)."""
    errors: list[GraphError]
    raw: dict[str, Any]
    group_id: str | None = None


class AccountProblem(Part, frozen=True, tag="account_problem"):
    """Something is wrong that belongs to no message."""

    waba_id: str | None
    phone_number_id: str | None
    errors: list[GraphError]
    raw: dict[str, Any]


class Echo(Part, frozen=True, tag="echo"):
    """A person of the business wrote, edited or deleted something in the WhatsApp app."""

    waba_id: str | None
    phone_number_id: str | None
    message_id: str | None
    type: str | None
    recipient: Identity
    at: int | None
    content: Content
    raw: dict[str, Any]


class OtherUpdate(Part, frozen=True, tag="other"):
    """Any other field of a webhook: templates, quality, account, preferences, what Meta thinks of next."""

    waba_id: str | None
    phone_number_id: str | None
    field: str | None
    at: int | None
    raw: dict[str, Any]
    """The change's `value`."""


Update = InboundMessage | StatusUpdate | AccountProblem | Echo | OtherUpdate


class Delivery(Part, frozen=True):
    """The updates of one request, in its order."""

    object: str | None
    updates: list[Update]
    problems: list[str]
    """What could not be read: a place in the body and what was expected there; nothing out of the body itself."""
