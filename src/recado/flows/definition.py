"""What a flow is made of: blocks, edges, variables and settings, as they are drawn, stored, published and exported."""

from __future__ import annotations

from typing import Literal

import msgspec

from recado.actions.outputs import OutputFieldType

AnswerType = Literal["text", "number", "integer", "boolean", "datetime", "email", "phone", "choice", "file", "location"]
"""What a question asks for; `boolean` is yes or no."""

Operator = Literal[
    "equals", "not_equals", "contains", "not_contains", "starts_with", "ends_with", "matches", "is_one_of",
    "greater_than", "at_least", "less_than", "at_most", "is_empty", "is_not_empty", "is_true", "is_false",
]  # fmt: skip


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A piece of a definition. Everything but ids has a default, so that a half-drawn flow can be kept as a draft."""


class Position(Part, frozen=True):
    """Where a block stands on the canvas, in pixels."""

    x: float = 0
    y: float = 0


# ── what a message says; every text is a template ────────────────────────────────────────────────────────────────────


class TextContent(Part, tag_field="kind", tag="text", frozen=True):
    """Text of at most 4,096 characters."""

    text: str = ""


class MediaContent(Part, frozen=True):
    """A file that WhatsApp fetches from `url`, with words below it."""

    url: str = ""
    caption: str = ""


class ImageContent(MediaContent, tag_field="kind", tag="image", frozen=True):
    """A picture."""


class VideoContent(MediaContent, tag_field="kind", tag="video", frozen=True):
    """A film."""


class DocumentContent(MediaContent, tag_field="kind", tag="document", frozen=True):
    """A file to keep, with the name it is shown under."""

    filename: str = ""


class LocationContent(Part, tag_field="kind", tag="location", frozen=True):
    """A place: decimal degrees, as templates."""

    latitude: str = ""
    longitude: str = ""
    name: str = ""
    address: str = ""


class LinkButtonContent(Part, tag_field="kind", tag="link_button", frozen=True):
    """Text with one button that opens `url`."""

    text: str = ""
    label: str = ""
    url: str = ""


Content = TextContent | ImageContent | VideoContent | DocumentContent | LocationContent | LinkButtonContent


# ── what questions and choices are made of ───────────────────────────────────────────────────────────────────────────


class Option(Part, frozen=True):
    """One of the answers that a question of type `choice` takes; `synonyms` are other words for it."""

    value: str
    label: str = ""
    synonyms: list[str] = []


class Checks(Part, frozen=True):
    """What an answer must be, beside its type; bounds are templates, so that they may come from earlier answers."""

    minimum: str = ""
    maximum: str = ""
    min_length: int | None = None
    max_length: int | None = None
    pattern: str = ""
    options: list[Option] = []
    media_types: list[str] = []
    """For files: `image`, `video`, `audio`, `document`, or a MIME type; none: any."""
    max_bytes: int | None = None
    several: bool = False
    """For files: those that are sent together are one answer, a list."""


class Button(Part, frozen=True):
    """A reply button: at most 3 of them, titles of at most 20 characters."""

    id: str
    title: str = ""


class ListRow(Part, frozen=True):
    """A row of a list: a title of at most 24 characters, a description of at most 72."""

    id: str
    title: str = ""
    description: str = ""


class Section(Part, frozen=True):
    """Rows under one heading of at most 24 characters."""

    title: str = ""
    rows: list[ListRow] = []


class RowValue(Part, frozen=True):
    """A value of the chosen row: `key` is where it stands in the row; later blocks read `answers.<answer>.<identifier>`."""

    identifier: str
    key: str = ""
    type: OutputFieldType = "string"


class RowSource(Part, frozen=True):
    """Rows out of an output of type `json`: `rows` is one reference to a list, the rest are keys into each of its entries."""

    rows: str = ""
    id: str = ""
    title: str = ""
    description: str = ""
    values: list[RowValue] = []


class Test(Part, frozen=True):
    """One comparison; both sides are templates."""

    __test__ = False  # no test case of pytest's

    left: str = ""
    operator: Operator = "equals"
    right: str = ""


class Group(Part, frozen=True):
    """Tests of which all, or any, must hold."""

    match: Literal["all", "any"] = "all"
    tests: list[Test] = []


class Branch(Part, frozen=True):
    """A way out of a condition, taken when all, or any, of its groups hold; edge `branch:<id>`."""

    id: str
    name: str = ""
    match: Literal["all", "any"] = "all"
    groups: list[Group] = []


class AskAgain(Part, frozen=True):
    """When the API refuses `input`, the person is asked anew for the answer that filled it, at most so many times.

    It applies when the call ends with one of `outcomes` and its body holds `contains` (any body when empty).
    """

    input: str
    outcomes: list[str] = msgspec.field(default_factory=lambda: ["http_4xx", "input_invalid"])
    contains: str = ""
    text: str = ""
    at_most: int = 2


# ── blocks ───────────────────────────────────────────────────────────────────────────────────────────────────────────


class BlockBase(Part, frozen=True):
    """What every block has; `edges` leads from a way out to the id of the next block."""

    id: str
    name: str = ""
    edges: dict[str, str] = {}
    position: Position = Position()


class MessageBlock(BlockBase, tag_field="type", tag="message", frozen=True):
    """Says something. Edges: next, undelivered."""

    content: Content = TextContent()


class Asking(BlockBase, frozen=True):
    """What every block that waits for an answer has. Edges: next, no_match (after the last attempt), timeout, undelivered."""

    answer: str = ""
    """The identifier that later blocks read the answer by: `answers.<answer>`."""
    text: str = ""
    retry_text: str = ""
    attempts: int = 3
    timeout_seconds: int | None = None


class QuestionBlock(Asking, tag_field="type", tag="question", frozen=True):
    """Asks for one value."""

    expects: AnswerType = "text"
    checks: Checks = msgspec.field(default_factory=Checks)


class ButtonsBlock(Asking, tag_field="type", tag="buttons", frozen=True):
    """Offers reply buttons. Edges: button:<id> (else next), empty (a source without rows), and those of every question."""

    header: str = ""
    footer: str = ""
    buttons: list[Button] = []
    source: RowSource | None = None


class ListBlock(Asking, tag_field="type", tag="list", frozen=True):
    """Offers rows, ten at a time. Edges: row:<id> (else next), empty (a source without rows), and those of every question."""

    header: str = ""
    footer: str = ""
    label: str = ""
    more_label: str = ""
    sections: list[Section] = []
    source: RowSource | None = None


class FormBlock(Asking, tag_field="type", tag="form", frozen=True):
    """Sends a form of the channel and waits until it is sent off. Edges: those of every question."""

    form_id: str = ""
    label: str = ""
    """What the button says that opens it."""
    header: str = ""
    footer: str = ""
    given: dict[str, str] = {}
    """Values for the handlers of the form, which read them as `token.<name>`."""
    screen: str = ""
    """The first screen; without one the form asks its handler for `INIT`."""
    data: dict[str, str] = {}
    """What the first screen shows, where it is named here."""
    values: list[RowValue] = []
    """What is kept of the answer: `key` is a name in what the form sends; read as `answers.<answer>.<identifier>`."""


class ConditionBlock(BlockBase, tag_field="type", tag="condition", frozen=True):
    """Takes the first branch that holds. Edges: branch:<id>, else."""

    branches: list[Branch] = []


class SetVariableBlock(BlockBase, tag_field="type", tag="set_variable", frozen=True):
    """Gives a variable of the flow a value, converted to the variable's type. Edges: next, failed."""

    variable: str = ""
    value: str = ""


class CustomIntegrationBlock(BlockBase, tag_field="type", tag="custom_integration", frozen=True):
    """Runs an action. Edges: success, one for each outcome other than ok, failed (for those that are not wired)."""

    key: str = ""
    """The identifier that later blocks read its outputs by: `outputs.<key>.<identifier>`, `calls.<key>.status`."""
    integration_id: str = ""
    action_id: str = ""
    credential_id: str = ""
    inputs: dict[str, str] = {}
    wait_text: str = ""
    wait_after_seconds: int = 3
    budget_seconds: int | None = None
    """After this long the conversation no longer waits in a turn: `on_late` says what happens."""
    on_late: Literal["wait", "timeout"] = "wait"
    ask_again: list[AskAgain] = []


class WaitBlock(BlockBase, tag_field="type", tag="wait", frozen=True):
    """Waits for some seconds, or until a time given by a template. Edge: next."""

    seconds: int | None = None
    until: str = ""


class JumpBlock(BlockBase, tag_field="type", tag="jump", frozen=True):
    """Goes on at another block."""

    block: str = ""


class CallFlowBlock(BlockBase, tag_field="type", tag="call_flow", frozen=True):
    """Walks another flow and comes back. Edges: next, failed."""

    key: str = ""
    """The called flow's variables are read as `outputs.<key>.<variable>` afterwards."""
    flow_id: str = ""
    version: int | None = None
    """None: the newest when this flow is published."""
    variables: dict[str, str] = {}


class HandOverBlock(BlockBase, tag_field="type", tag="hand_over", frozen=True):
    """Hands the conversation to a person. Edges: closed (they gave it back), timeout."""

    text: str = ""
    note: str = ""
    timeout_seconds: int | None = None


class EndBlock(BlockBase, tag_field="type", tag="end", frozen=True):
    """Says goodbye, when it has words, and ends the conversation."""

    text: str = ""


Block = (
    MessageBlock | QuestionBlock | ButtonsBlock | ListBlock | FormBlock | ConditionBlock | SetVariableBlock
    | CustomIntegrationBlock | WaitBlock | JumpBlock | CallFlowBlock | HandOverBlock | EndBlock
)  # fmt: skip


# ── the whole ────────────────────────────────────────────────────────────────────────────────────────────────────────


class Variable(Part, frozen=True):
    """A value that the flow keeps: `variables.<key>`; `default` is a literal."""

    key: str
    name: str = ""
    type: OutputFieldType = "string"
    default: str = ""


class BusinessHours(Part, frozen=True):
    """When reminders may be sent: days 1 (Monday) to 7, local times `HH:MM`."""

    days: list[int] = msgspec.field(default_factory=lambda: [1, 2, 3, 4, 5])
    begins: str = "09:00"
    ends: str = "18:00"


class Reminder(Part, frozen=True):
    """Words for somebody who has not answered."""

    after_seconds: int = 3600
    text: str = ""
    hours: BusinessHours | None = None


class FlowSettings(Part, frozen=True):
    """What holds for the whole conversation."""

    exit_words: list[str] = msgspec.field(default_factory=lambda: ["EXIT", "SALIR", "SAIR"])
    exit_text: str = ""
    failure_message: str = ""
    expires_after_seconds: int = 86_400
    reminder: Reminder | None = None
    language: Literal["en", "es", "pt"] = "en"
    timezone: str = "UTC"


class Definition(Part, frozen=True):
    """A whole flow. `start` is the id of the first block."""

    start: str = ""
    blocks: list[Block] = []
    variables: list[Variable] = []
    settings: FlowSettings = msgspec.field(default_factory=FlowSettings)
