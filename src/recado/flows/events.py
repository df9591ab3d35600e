"""What comes into a conversation and what it wants done: the events, effects and state of the pure engine."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

import msgspec

Status = Literal["running", "waiting", "with_agent", "finished", "cancelled", "expired", "failed"]
ENDED: frozenset[str] = frozenset({"finished", "cancelled", "expired", "failed"})
TimerKind = Literal["question", "reminder", "expiry", "wait", "call", "agent", "album"]


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of an event, an effect or a state; plain data, kept as JSON."""


# ── events ───────────────────────────────────────────────────────────────────────────────────────────────────────────


class Contact(Fact, frozen=True):
    """Who writes; both may be unknown."""

    name: str | None = None
    phone: str | None = None


class Media(Fact, frozen=True):
    """A file somebody sent; `id` is the channel's."""

    id: str
    kind: Literal["image", "video", "audio", "document", "sticker"]
    mime_type: str = ""
    filename: str = ""
    bytes: int | None = None
    caption: str = ""
    url: str = ""
    """Where an action finds the file, when the channel keeps it; `answers.<answer>.url`."""


class Place(Fact, frozen=True):
    """A location somebody sent, in decimal degrees."""

    latitude: float
    longitude: float
    name: str = ""
    address: str = ""


class Incoming(Fact, frozen=True):
    """A message as a channel hands it over.

    One of `text`, `reply_id` (a tapped button or row), `media`, `location` and `form` is set; none for what a flow cannot use.
    """

    id: str
    text: str | None = None
    reply_id: str | None = None
    reply_to: str | None = None
    """Our id of the message whose button or row was tapped, when the channel tells it."""
    media: Media | None = None
    location: Place | None = None
    form: dict[str, Any] | None = None
    """What a form was sent off with."""


class Started(Fact, frozen=True, tag_field="event", tag="started"):
    """A conversation begins, with values for some of the flow's variables."""

    at: dt.datetime
    contact: Contact = Contact()
    variables: dict[str, Any] = {}


class Received(Fact, frozen=True, tag_field="event", tag="received"):
    """The person wrote."""

    at: dt.datetime
    message: Incoming


class CallEnded(Fact, frozen=True, tag_field="event", tag="call_ended"):
    """The call of this visit of this block ended; `outcome` is a word of the outcomes table."""

    at: dt.datetime
    block_id: str
    visit: int
    outcome: str
    status: int | None = None
    outputs: dict[str, Any] = {}
    headers: dict[str, str] = {}
    body: str | None = None
    error: str | None = None
    """The sentence of the error, masked."""
    refused_inputs: list[str] = []
    """The keys of the inputs that our own check refused (`input_invalid`)."""
    execution_id: str | None = None


class CallLate(Fact, frozen=True, tag_field="event", tag="call_late"):
    """The call of this visit goes on beyond its block's budget."""

    at: dt.datetime
    block_id: str
    visit: int


class TimerFired(Fact, frozen=True, tag_field="event", tag="timer_fired"):
    """A timer of the state is due."""

    at: dt.datetime
    kind: TimerKind


class AgentClosed(Fact, frozen=True, tag_field="event", tag="agent_closed"):
    """A person gave the conversation back."""

    at: dt.datetime


class TakenOver(Fact, frozen=True, tag_field="event", tag="taken_over"):
    """A person writes from now on, wherever the conversation stands."""

    at: dt.datetime


class Closed(Fact, frozen=True, tag_field="event", tag="closed"):
    """A person who talked has ended the conversation."""

    at: dt.datetime


class Cancelled(Fact, frozen=True, tag_field="event", tag="cancelled"):
    """Somebody ended the conversation from outside."""

    at: dt.datetime


class Undelivered(Fact, frozen=True, tag_field="event", tag="undelivered"):
    """A message that was said on this visit of this block did not reach the person; `code` says why."""

    at: dt.datetime
    block_id: str
    visit: int
    code: str


class Jumped(Fact, frozen=True, tag_field="event", tag="jumped"):
    """Somebody who tries the flow goes to a block of it (simulator)."""

    at: dt.datetime
    block_id: str


Event = (
    Started
    | Received
    | CallEnded
    | CallLate
    | TimerFired
    | TakenOver
    | AgentClosed
    | Closed
    | Cancelled
    | Undelivered
    | Jumped
)


# ── effects, in the order they are to be carried out ─────────────────────────────────────────────────────────────────


class OutgoingButton(Fact, frozen=True):
    """A reply button, its title filled in."""

    id: str
    title: str


class OutgoingRow(Fact, frozen=True):
    """A row of a list, filled in."""

    id: str
    title: str
    description: str = ""


class OutgoingSection(Fact, frozen=True):
    """Rows under a heading."""

    title: str
    rows: list[OutgoingRow]


class OutgoingForm(Fact, frozen=True):
    """A form to be opened: with values for its handlers, and its first screen where that is not asked for."""

    form_id: str
    given: dict[str, Any] = {}
    screen: str = ""
    data: dict[str, Any] = {}


class Outgoing(Fact, frozen=True):
    """A message to the person, filled in and within the limits. Only what its `type` has is set."""

    type: Literal[
        "text", "image", "video", "document", "location", "link_button", "buttons", "list", "location_request", "form"
    ]
    text: str = ""
    """The text, the body of a choice, or the caption of a file."""
    header: str = ""
    footer: str = ""
    url: str = ""
    filename: str = ""
    label: str = ""
    """What the button of a list, a link or a form says."""
    location: Place | None = None
    buttons: list[OutgoingButton] = []
    sections: list[OutgoingSection] = []
    form: OutgoingForm | None = None


class Send(Fact, frozen=True, tag_field="effect", tag="send"):
    """Say this."""

    block_id: str
    message: Outgoing


class RunAction(Fact, frozen=True, tag_field="effect", tag="run_action"):
    """Run an action and come back with CallEnded (or CallLate first). Its key is conversation, block and visit."""

    block_id: str
    visit: int
    action_id: str
    credential_id: str | None
    inputs: dict[str, Any]
    wait_text: str = ""
    """Said once when the call takes longer than `wait_after_seconds`."""
    wait_after_seconds: float = 3
    budget_seconds: float | None = None


class Visited(Fact, frozen=True, tag_field="effect", tag="visited"):
    """A block was entered; `edge` is the way that led there, None for the first."""

    block_id: str
    visit: int
    edge: str | None = None
    flow: str = ""
    """The version that the block belongs to."""
    left: str | None = None
    """The block of this flow that was left by `edge`; None for the first."""


class Noted(Fact, frozen=True, tag_field="effect", tag="noted"):
    """Something for the people who look at the conversation: a code of `notes` and its facts."""

    code: str
    block_id: str | None = None
    params: dict[str, Any] = {}


class HandOver(Fact, frozen=True, tag_field="effect", tag="hand_over"):
    """A person takes over, told this."""

    block_id: str
    note: str = ""


Effect = Send | RunAction | Visited | Noted | HandOver


# ── state ────────────────────────────────────────────────────────────────────────────────────────────────────────────


class Timer(Fact, frozen=True):
    """When something is due; the runner keeps exactly the timers of the state."""

    kind: TimerKind
    due_at: dt.datetime


class CallShown(Fact, frozen=True):
    """How the last call of a block ended, as `calls.<key>.…` reads it."""

    outcome: str
    status: int | None = None
    error: str | None = None
    body: str | None = None
    headers: dict[str, str] = {}


class Waiting(msgspec.Struct, kw_only=True):
    """What the conversation stands at."""

    kind: Literal["answer", "call", "time", "agent"]
    attempts: int = 0
    """Answers that did not fit, so far."""
    page: int = 0
    rows: list[dict[str, Any]] = []
    """The rows of a source as they were offered: id, title and values; later pages are cut from them."""
    files: list[dict[str, Any]] = []
    """Those of an album so far, while more of it may come."""
    is_late: bool = False
    has_been_reminded: bool = False


class Frame(msgspec.Struct, kw_only=True):
    """A flow on the way: the bottom one is the conversation's own, others were called by the one below."""

    flow: str
    """The id of the flow's pinned version; a key of the program."""
    block_id: str
    answers: dict[str, Any] = {}
    outputs: dict[str, dict[str, Any]] = {}
    calls: dict[str, CallShown] = {}
    variables: dict[str, Any] = {}
    asked_again: dict[str, int] = {}
    """How often each input of each custom integration block was asked for anew: `<block id>:<input>`."""
    answered_at: dict[str, str] = {}
    """The id of the block that each answer was given to."""
    late_calls: dict[str, int] = {}
    """The visits of blocks that went on before their call had ended; its answer is kept when it comes."""


class State(msgspec.Struct, kw_only=True):
    """A conversation between two events; whatever it holds fits JSON and comes back the same."""

    status: Status = "running"
    frames: list[Frame] = []
    contact: Contact = Contact()
    waiting: Waiting | None = None
    timers: list[Timer] = []
    visits: int = 0
    """Blocks entered so far; the number of a visit is this count as it was entered."""
    last_visit: int = 0
    said: int = 0
    """Messages since the last answer; and blocks entered since then."""
    walked: int = 0
    file_at: dt.datetime | None = None
    """When a file was taken as the last answer, or the call after it ended: until then messages wait."""
    end_reason: str | None = None
    """Why it ended: `end`, `exit`, `no_edge`, `closed`, `failed:<code>`, `expired`, `cancelled`."""
