"""What we say, as the Graph API takes it (`POST /{phone_number_id}/messages`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal

import msgspec

from recado.flows.events import Outgoing

Header = dict[str, Any]
_PRODUCT: Final = {"messaging_product": "whatsapp"}


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of what is said."""


class Address(Part, frozen=True):
    """Whom a message goes to: the phone number while one is known, else the business-scoped user id."""

    wa_id: str | None = None
    """Digits with the country code, with or without `+`."""
    user_id: str | None = None


class File(Part, frozen=True):
    """A file, by the id of an upload or by an address that Meta fetches; one of both."""

    kind: Literal["image", "video", "audio", "document", "sticker"]
    id: str = ""
    link: str = ""
    caption: str = ""
    filename: str = ""
    is_voice: bool = False


class Parameter(Part, frozen=True):
    """A value of a template: a text (named or in its position), or the file of its header."""

    text: str = ""
    name: str = ""
    file: File | None = None


class TemplateButton(Part, frozen=True):
    """A value of a template's button: the payload of a quick reply, the end of a URL, a code to copy, a form's token."""

    index: int
    kind: Literal["quick_reply", "url", "copy_code", "flow"]
    value: str
    data: dict[str, Any] = {}
    """What the first screen of a form is given."""


class Template(Part, frozen=True):
    """A template that Meta has approved."""

    name: str
    language: str
    header: Sequence[Parameter] = ()
    body: Sequence[Parameter] = ()
    buttons: Sequence[TemplateButton] = ()


class FormMessage(Part, frozen=True):
    """A text with a button that opens a WhatsApp Flow; one of `flow_id` and `flow_name`."""

    text: str
    label: str
    token: str
    flow_id: str = ""
    flow_name: str = ""
    screen: str = ""
    """The first one; without it Meta asks our endpoint (`data_exchange`)."""
    data: dict[str, Any] = {}
    is_draft: bool = False
    header: str = ""
    footer: str = ""


class ReactionMessage(Part, frozen=True):
    """An emoji put to a message of theirs; an empty one takes it away."""

    message_id: str
    emoji: str


Message = Outgoing | File | Template | FormMessage | ReactionMessage


def build(
    message: Message, to: Address, *, reply_to: str | None = None, opaque: str | None = None, file: File | None = None
) -> dict[str, Any]:
    """The request's body.

    `reply_to` is the id of the message that is quoted, `opaque` comes back in every status of this one, and `file` is
    what a message of a file was uploaded as, or the picture above buttons or a link.
    """
    raise NotImplementedError


def read_mark(message_id: str, *, is_typing: bool = False) -> dict[str, Any]:
    """Marks a message of theirs and all before it as read, and shows that we are typing until an answer, 25 s at most."""
    typing = {"typing_indicator": {"type": "text"}} if is_typing else {}
    return {**_PRODUCT, "status": "read", "message_id": message_id, **typing}
