"""What goes into and comes out of conversations that we begin ourselves, one or many."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Final, Literal

import msgspec

MOST_CONTACTS: Final = 10_000
_PLAIN: Final = r"^[^\x00-\x1f\x7f]*$"
_Phone = Annotated[str, msgspec.Meta(max_length=40)]
_Id = Annotated[str, msgspec.Meta(max_length=40)]

_Value = Annotated[str, msgspec.Meta(max_length=2000)]

HeaderKind = Literal["text", "image", "video", "document"]
ButtonKind = Literal["url", "copy_code"]
BatchStatus = Literal["running", "stopped", "done"]
BatchContactStatus = Literal["waiting", "skipped", "queued", "sent", "delivered", "read", "failed"]


class BeginContact(msgspec.Struct, forbid_unknown_fields=True):
    """Whom to write to: a phone number with its country code, or somebody who is known."""

    phone: _Phone | None = None
    contact_id: _Id | None = None
    name: Annotated[str, msgspec.Meta(max_length=200, pattern=_PLAIN)] | None = None


class BeginHeader(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """What stands above a template's body: the value of its text, or a file that Meta fetches."""

    kind: HeaderKind
    value: _Value
    """The value, or the file's `https://` address."""
    name: Annotated[str, msgspec.Meta(max_length=100)] = ""
    """The value's, in a template whose values have names."""
    filename: Annotated[str, msgspec.Meta(max_length=240, pattern=_PLAIN)] = ""
    """What a document is called."""


class BeginButton(msgspec.Struct, forbid_unknown_fields=True):
    """The value of a template's button: the end of its address, or the code that it copies."""

    index: Annotated[int, msgspec.Meta(ge=0, le=9)]
    """The button's place among all of the template's, from 0."""
    kind: ButtonKind
    value: _Value


_Buttons = Annotated[list[BeginButton], msgspec.Meta(max_length=10)]


class BeginTemplate(msgspec.Struct, forbid_unknown_fields=True):
    """A template that Meta has approved, and the values of its header, its body (a list, or by name) and its buttons."""

    name: Annotated[str, msgspec.Meta(pattern="^[a-z0-9_]{1,512}$")]
    language: Annotated[str, msgspec.Meta(pattern="^[a-z]{2,3}(_[A-Za-z]{2,4})?$")]
    parameters: list[str] | dict[str, str] = []
    header: BeginHeader | None = None
    buttons: _Buttons = []


class BeginConversation(msgspec.Struct, forbid_unknown_fields=True):
    """A conversation to begin. Without a template it can begin only within 24 hours of the person's last message."""

    flow_id: _Id
    channel_id: _Id
    contact: BeginContact
    template: BeginTemplate | None = None
    variables: dict[str, Any] = {}


class BatchContact(BeginContact, forbid_unknown_fields=True, omit_defaults=True):
    """One of many, with values of their own for the flow's variables, and for the template's in the place of what it says."""

    variables: dict[str, Any] = {}
    parameters: list[str] | dict[str, str] | None = None
    header: BeginHeader | None = None
    buttons: _Buttons | None = None


class CreateBatch(msgspec.Struct, forbid_unknown_fields=True):
    """Conversations to begin with many people. The same `key` again gives the batch that it made before."""

    flow_id: _Id
    channel_id: _Id
    contacts: Annotated[list[BatchContact], msgspec.Meta(min_length=1, max_length=MOST_CONTACTS)]
    template: BeginTemplate | None = None
    variables: dict[str, Any] = {}
    key: Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=_PLAIN)] | None = None


class Batch(msgspec.Struct):
    """How far a batch has come: each contact counts once, by the first message of their conversation."""

    id: str
    flow_id: str
    channel_id: str
    status: BatchStatus
    template: BeginTemplate | None
    total: int
    waiting: int
    """Not begun yet."""
    skipped: int
    """Not begun, since they opted out, talk already, or cannot be written to: `skipped_by` counts them by code."""
    skipped_by: dict[str, int]
    queued: int
    sent: int
    delivered: int
    read: int
    failed: int
    created_at: dt.datetime
    ended_at: dt.datetime | None


class BatchContactShown(msgspec.Struct):
    """What became of one of a batch's contacts, by the first message of their conversation."""

    number: int
    """Their place in the batch, from 0."""
    name: str | None
    phone: str | None
    contact_id: str | None
    status: BatchContactStatus
    code: str | None
    """Why they were skipped, or what WhatsApp calls the failure."""
    message: str | None
    """The failure in words, where WhatsApp told any."""
    conversation_id: str | None
