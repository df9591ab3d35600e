"""What goes into and comes out of flows over HTTP."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec

from recado.flows.definition import Block, Definition


class CreateFlow(msgspec.Struct, forbid_unknown_fields=True):
    """A new flow; without a definition its draft is empty."""

    name: str
    description: str = ""
    definition: Definition = msgspec.field(default_factory=Definition)


class UpdateFlow(msgspec.Struct, forbid_unknown_fields=True):
    """Changes to what a flow is called; what is absent stays as it was."""

    name: str | msgspec.UnsetType = msgspec.UNSET
    description: str | msgspec.UnsetType = msgspec.UNSET


class SaveDraft(msgspec.Struct, forbid_unknown_fields=True):
    """A draft to keep in place of the one there is.

    With `base_revision` it is only kept if nobody saved another one since that revision was loaded.
    """

    definition: Definition
    base_revision: int | None = None


class ValidateFlow(msgspec.Struct, forbid_unknown_fields=True):
    """A definition to look over, kept nowhere, or the number of a version; without either, the draft."""

    definition: Definition | None = None
    version: int | None = None


class PublishFlow(msgspec.Struct, forbid_unknown_fields=True):
    """Words about a version for people; with `base_revision`, only that revision of the draft is published."""

    note: str = ""
    base_revision: int | None = None


class RestoreVersion(msgspec.Struct, forbid_unknown_fields=True):
    """The number of a version that becomes the draft; with `base_revision`, only in place of that revision."""

    version: int
    base_revision: int | None = None


class DuplicateFlow(msgspec.Struct, forbid_unknown_fields=True):
    """What the copy is called; without a name, as the flow with `(2)`."""

    name: str | None = None


class Flow(msgspec.Struct):
    """Blocks and edges that make a conversation: a draft that is edited, and published versions that never change."""

    id: str
    name: str
    description: str
    draft: Definition
    draft_revision: int
    """Raised by each change of the draft."""
    draft_saved_by: str | None
    """Who saved it last: the id of a person or of a key."""
    draft_saved_at: dt.datetime
    published_version: int | None
    """The newest version; null before the first."""
    is_changed: bool
    """Whether the draft was saved since it was published."""
    published_problems: int
    """Errors that the newest version has by now, since something that it uses was changed or deleted; `validate` lists them."""
    created_at: dt.datetime
    updated_at: dt.datetime


class ListedFlow(msgspec.Struct):
    """A flow without its draft."""

    id: str
    name: str
    description: str
    draft_revision: int
    published_version: int | None
    is_changed: bool
    published_problems: int
    """Errors that the newest version has by now, since something that it uses was changed or deleted."""
    blocks: int
    """How many blocks its draft has."""
    created_at: dt.datetime
    updated_at: dt.datetime


class FlowProblem(msgspec.Struct, frozen=True):
    """Something about a flow that has to be solved before it is published (`error`), or should be looked at (`warning`)."""

    block_id: str | None
    """Null for what is wrong with the flow as a whole."""
    path: str
    """Where in the definition, such as `blocks[2].text`."""
    code: str
    message: str
    severity: Literal["error", "warning"]
    params: dict[str, str] = {}
    """The facts in the message, for who says it in another language."""


class Validation(msgspec.Struct):
    """What is wrong with a definition, in the order of its blocks."""

    problems: list[FlowProblem]


class Published(msgspec.Struct):
    """The number of the new version, and the warnings that did not keep it from being published."""

    version: int
    problems: list[FlowProblem]


class ListedVersion(msgspec.Struct):
    """A published version without its definition."""

    number: int
    note: str
    created_by: str | None
    """Who published it: the id of a person or of a key."""
    created_at: dt.datetime


class CalledVersion(msgspec.Struct):
    """The version of another flow that a block calls, settled when the calling one was published."""

    flow_id: str
    number: int


class FlowVersion(ListedVersion):
    """A published version."""

    definition: Definition
    called: dict[str, CalledVersion]
    """By the id of the block that calls."""


class ChangedBlock(msgspec.Struct):
    """A block that two definitions have in different forms."""

    block_id: str
    fields: list[str]
    """Which of its fields differ; `position` alone is no change."""
    before: Block
    after: Block


class Comparison(msgspec.Struct):
    """What differs from one definition to another; blocks are known by their ids, variables by their keys."""

    added: list[Block]
    removed: list[Block]
    changed: list[ChangedBlock]
    moved: list[str]
    """The ids of blocks that differ in nothing but where they stand on the canvas."""
    is_start_changed: bool
    variables_changed: list[str]
    settings_changed: list[str]
    """The names of settings that differ."""


class ImportFlow(msgspec.Struct, forbid_unknown_fields=True):
    """An exported flow; `use_existing` takes integrations that are here already and are what the file says."""

    yaml: str
    use_existing: bool = False


class NamedFlow(msgspec.Struct):
    """A flow that came along because it is called."""

    id: str
    name: str


class ImportedIntegration(msgspec.Struct):
    """An integration that the imported flow uses."""

    id: str
    name: str
    is_new: bool


class CredentialToAdd(msgspec.Struct):
    """A credential that the file names; its id is null where the caller may not make credentials."""

    integration_id: str
    integration_name: str
    credential_id: str | None
    name: str
    has_values: bool = False


class ImportedFlow(msgspec.Struct):
    """What was made of a file, and which credentials still need their values."""

    flow: Flow
    flows: list[NamedFlow]
    integrations: list[ImportedIntegration]
    credentials: list[CredentialToAdd]
