"""What goes into and comes out of conversations over HTTP."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

import msgspec

from recado.conversations.channel import MessageStatus
from recado.executions.judge import Outcome
from recado.flows.events import Contact, Media, OutgoingButton, OutgoingSection, Place, Status
from recado.media.definition import MediaStatus

Text = Annotated[str, msgspec.Meta(max_length=4096)]
Id = Annotated[str, msgspec.Meta(max_length=200)]
StepKind = Literal["visited", "note", "call"]


class ContactIn(msgspec.Struct, forbid_unknown_fields=True):
    """Who is pretended to write."""

    name: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    phone: Annotated[str, msgspec.Meta(max_length=40)] | None = None


class StartConversation(msgspec.Struct, forbid_unknown_fields=True):
    """A flow to try: its draft as it stands, or a published version; values for its variables; who is pretended to write."""

    flow_id: Id
    version: Literal["draft"] | int = "draft"
    variables: dict[str, Any] = {}
    contact: ContactIn = msgspec.field(default_factory=ContactIn)


class UploadedMedia(msgspec.Struct):
    """A file that was uploaded to be sent: `{"media": {"kind": …, "id": this id}}`."""

    id: str
    content_type: str
    filename: str
    size: int


class MediaIn(msgspec.Struct, forbid_unknown_fields=True):
    """A file that is sent: by the `id` of its upload, or one that is only pretended, whose content nobody has."""

    kind: Literal["image", "video", "audio", "document", "sticker"]
    mime_type: Annotated[str, msgspec.Meta(max_length=200)] = ""
    filename: Annotated[str, msgspec.Meta(max_length=255)] = ""
    bytes: Annotated[int, msgspec.Meta(ge=0, le=1 << 40)] | None = None
    caption: Text = ""
    url: Annotated[str, msgspec.Meta(max_length=2048)] = ""
    id: Id = ""


class LocationIn(msgspec.Struct, forbid_unknown_fields=True):
    """A place that is pretended to be sent."""

    latitude: Annotated[float, msgspec.Meta(ge=-90, le=90)]
    longitude: Annotated[float, msgspec.Meta(ge=-180, le=180)]
    name: Annotated[str, msgspec.Meta(max_length=200)] = ""
    address: Annotated[str, msgspec.Meta(max_length=400)] = ""


class SendMessage(msgspec.Struct, forbid_unknown_fields=True):
    """What the person writes: exactly one of `text`, `reply_id` (a tapped button or row), `media`, `location` and `form`.

    The same `id` again is a redelivery, and changes nothing.
    """

    text: Text | None = None
    reply_id: Id | None = None
    reply_to: Id | None = None
    """The id of the message whose button or row is tapped; without it, the newest one's."""
    media: MediaIn | None = None
    location: LocationIn | None = None
    form: dict[str, Any] | None = None
    """What a form is sent off with."""
    id: Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=r"^[!-~]+$")] | None = None


class AgentMedia(msgspec.Struct, forbid_unknown_fields=True):
    """A file for the person; WhatsApp fetches it from `url`."""

    kind: Literal["image", "video", "document"]
    url: Annotated[str, msgspec.Meta(max_length=2048)]
    caption: Annotated[str, msgspec.Meta(max_length=1024)] = ""
    filename: Annotated[str, msgspec.Meta(max_length=240)] = ""


class AgentMessage(msgspec.Struct, forbid_unknown_fields=True):
    """What a person of the team writes: a text or a file."""

    text: Text | None = None
    media: AgentMedia | None = None


class Jump(msgspec.Struct, forbid_unknown_fields=True):
    """The block to go on at."""

    block_id: Id


class AsIf(msgspec.Struct, forbid_unknown_fields=True):
    """How the calls of a block are answered: with this outcome and status, nothing sent; or sent, and outputs left out."""

    outcome: Outcome = "ok"
    status: Annotated[int, msgspec.Meta(ge=100, le=599)] | None = None
    without_outputs: Annotated[list[Id], msgspec.Meta(max_length=100)] = []


class FileProblem(msgspec.Struct):
    """Why the content of a file is not there."""

    code: str
    message: str


class FileShown(msgspec.Struct, omit_defaults=True):
    """What became of a file that the person sent: fetched from the channel and kept, refused, or gone."""

    status: MediaStatus
    content_type: str
    filename: str
    size: int | None = None
    """Bytes."""
    error: FileProblem | None = None


class Message(msgspec.Struct, omit_defaults=True):
    """One message, from the person (`in`) or to them (`out`); only what its type has is there."""

    id: str
    direction: Literal["in", "out"]
    type: str
    status: MessageStatus
    at: dt.datetime
    block_id: str | None
    """The block that said it, or that it answered."""
    sent_by: str | None = None
    """The member of the team who wrote it; a flow said it where nobody did."""
    error: dict[str, Any] | None = None
    """Why it could not be sent: `code` and `message`."""
    text: str | None = None
    header: str | None = None
    footer: str | None = None
    url: str | None = None
    filename: str | None = None
    label: str | None = None
    location: Place | None = None
    buttons: list[OutgoingButton] | None = None
    sections: list[OutgoingSection] | None = None
    reply_id: str | None = None
    reply_to: str | None = None
    media: Media | None = None
    file: FileShown | None = None
    """Of `media` whose content Recado fetches: `GET /media/{media.id}` gives it."""
    form: Any = None
    """Of one that opens a form: which, and with what; of one that sends it off: what was filled in."""


class PathStep(msgspec.Struct):
    """Something that happened on the way: a block entered (`visited`), a call begun or ended, or a note."""

    number: int
    kind: StepKind
    block_id: str | None
    visit: int | None
    edge: str | None
    """The way that led to the block; null for the first."""
    execution_id: str | None
    """Of a call that has ended: its execution. Null where nothing was sent."""
    note: dict[str, Any] | None
    """Of a call: `state`, and in the end `outcome`, `status` and `error`. Of a note: `code` and `params`."""
    at: dt.datetime


class LastMessage(msgspec.Struct):
    """The newest message, as lists show it."""

    direction: Literal["in", "out"]
    type: str
    text: str
    at: dt.datetime


class ListedConversation(msgspec.Struct):
    """A conversation as lists show it."""

    id: str
    flow_id: str
    version: int | None
    """Null for a draft that was tried."""
    channel_id: str
    status: Status
    contact: Contact
    block_id: str | None
    """The block it stands at, or ended at."""
    agent_id: str | None
    """The member of the team who took it over."""
    last: LastMessage | None
    created_at: dt.datetime
    updated_at: dt.datetime
    ended_at: dt.datetime | None


class Conversation(ListedConversation):
    """One conversation: what was said, the way it took, and what it knows."""

    end_reason: str | None
    """Why it ended: `end`, `exit`, `no_edge`, `closed`, `failed:<code>`, `expired`, `cancelled`."""
    window_until: dt.datetime | None
    """On WhatsApp: until when the person can be written to freely; null where nothing limits it, or they have not written yet."""
    messages: list[Message]
    path: list[PathStep]
    answers: dict[str, Any]
    outputs: dict[str, Any]
    variables: dict[str, Any]
    executions: list[str]
    as_if: dict[str, AsIf]
    """In the simulator: the blocks whose calls are answered as asked for."""


class SimConversation(msgspec.Struct):
    """A conversation of the simulator after a turn."""

    id: str
    status: Status
    block_id: str | None
    end_reason: str | None
    messages: list[Message]
    """What was said: all of it after a start, else what came after the message that was sent."""
    flow_id: str
    version: int | None
    answers: dict[str, Any]
    outputs: dict[str, Any]
    variables: dict[str, Any]
    as_if: dict[str, AsIf]


class BlockStatistics(msgspec.Struct):
    """What people did at one block."""

    block_id: str
    entered: int
    """How often it was entered."""
    left: dict[str, int]
    """How often it was left, by the way out."""
    stopped: int
    """Conversations that ended here without having come to an end of the flow: expired, cancelled or failed."""
    waiting: int
    """Conversations that stand here now."""
    failed: int
    """How many of those that stopped here failed."""


class FlowStatistics(msgspec.Struct):
    """Where people go in one version of a flow, and where they stop."""

    version: int | None
    conversations: dict[Status, int]
    blocks: list[BlockStatistics]


class CodeShown(msgspec.Struct):
    """A code that the example's API "mailed"."""

    account_id: str
    validation_id: str
    code: str


class Example(msgspec.Struct):
    """The worked example: whether its API runs beside this server, and this workspace's integration with it."""

    is_available: bool
    base_url: str | None
    """Where the API listens; null where it does not run."""
    integration_id: str | None
    """Null where this workspace has not made the example, or deleted it."""
    flow_id: str | None
    """Its flow *Log in*; null where it was deleted."""
    codes: list[CodeShown]
    """What was "mailed" lately for this workspace, the newest first."""


class CreatedExample(msgspec.Struct):
    """What the example is made of; the actions in the order they are run."""

    integration_id: str
    credential_id: str
    actions: list[str]
    flow_id: str
    """Published, so that it can be tried at once."""
