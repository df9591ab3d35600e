"""What goes into and comes out of actions over HTTP."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import msgspec

from recado.actions.definition import Input, Output, OutputIn
from recado.outbound.definition import Request
from recado.web.problems import FieldProblem


class CreateAction(msgspec.Struct, forbid_unknown_fields=True):
    """A new action; all but its name can follow later."""

    name: str
    description: str = ""
    inputs: list[Input] = []
    request: Request | None = None
    outputs: list[OutputIn] = []
    is_private: bool = False


class UpdateAction(msgspec.Struct, forbid_unknown_fields=True):
    """Changes to an action; what is absent stays as it was, what is there is replaced whole."""

    name: str | msgspec.UnsetType = msgspec.UNSET
    description: str | msgspec.UnsetType = msgspec.UNSET
    inputs: list[Input] | msgspec.UnsetType = msgspec.UNSET
    request: Request | msgspec.UnsetType | None = msgspec.UNSET
    outputs: list[OutputIn] | msgspec.UnsetType = msgspec.UNSET
    is_private: bool | msgspec.UnsetType = msgspec.UNSET


class Action(msgspec.Struct):
    """One configured request of an integration: inputs, request, outputs."""

    id: str
    integration_id: str
    name: str
    description: str
    inputs: list[Input]
    request: Request | None
    """Null as long as it is not configured; the action cannot run then."""
    outputs: list[Output]
    is_private: bool
    """Whether executions keep only the shapes of what was sent and received."""
    created_at: dt.datetime
    updated_at: dt.datetime
    is_damaged: bool = False
    """Whether its stored definition cannot be read; only lists show such an action, without its parts."""


class PreviewAction(msgspec.Struct, forbid_unknown_fields=True):
    """Values to see a request with; the credential is only checked to belong to the integration."""

    inputs: dict[str, Any] = {}
    credential_id: Annotated[str, msgspec.Meta(max_length=40)] | None = None


class Preview(msgspec.Struct):
    """A request as it would be sent."""

    request: str
    """Request line, headers and body, to the letter; blocks stand for password values, a reference for text values."""


class PreviewRequest(msgspec.Struct, forbid_unknown_fields=True):
    """A request that is not saved, the inputs it may refer to, and values to see it with."""

    request: Request
    inputs: list[Input] = []
    values: dict[str, Any] = {}
    credential_id: Annotated[str, msgspec.Meta(max_length=40)] | None = None


class DraftPreview(msgspec.Struct):
    """A request that is not saved as it would be sent, and what is wrong with it.

    Paths begin with `request`, `inputs` (the definitions), `values` or `credential_id`.
    """

    request: str | None
    """As in a preview of an action; null where the definition or a value does not let it be made."""
    errors: list[FieldProblem]


class PreviewHostile(msgspec.Struct, forbid_unknown_fields=True):
    """A request that is not saved, and the inputs it may refer to."""

    request: Request
    inputs: list[Input] = []


class HostileCase(msgspec.Struct):
    """What became of one hostile value that was given to every text input."""

    name: str
    """A stable word for the kind of value, such as `path_parent`."""
    value: str
    """The value; what no JSON can hold is escaped, and after 200 characters it is cut with `…`."""
    is_refused: bool
    request: str | None
    """The bytes it would make, cut after 16,384 characters with `…`; null where it is refused."""
    error: FieldProblem | None


class HostilePreview(msgspec.Struct):
    """What hostile values do to a request; no cases where it has no text inputs."""

    cases: list[HostileCase]


class ImportIntegration(msgspec.Struct, forbid_unknown_fields=True):
    """An exported integration."""

    yaml: str
