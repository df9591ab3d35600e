"""What goes into and comes out of forms over HTTP."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

import msgspec

from recado.channels.whatsapp.forms.definition import FormDefinition
from recado.web.problems import FieldProblem


class CreateForm(msgspec.Struct, forbid_unknown_fields=True):
    """A new form; `flow_id` is Meta's id of it, which may follow later."""

    name: str
    flow_id: str = ""
    definition: FormDefinition = msgspec.field(default_factory=FormDefinition)


class UpdateForm(msgspec.Struct, forbid_unknown_fields=True):
    """Changes to a form; what is absent stays as it was, a definition is replaced as a whole."""

    name: str | msgspec.UnsetType = msgspec.UNSET
    flow_id: str | msgspec.UnsetType = msgspec.UNSET
    definition: FormDefinition | msgspec.UnsetType = msgspec.UNSET


class ValidateForm(msgspec.Struct, forbid_unknown_fields=True):
    """A definition to look over, kept nowhere; without one, the form's own."""

    definition: FormDefinition | None = None


class ScreenShown(msgspec.Struct):
    """One screen of a form, as its JSON tells of it."""

    id: str
    title: str
    data: dict[str, str]
    """What it shows: the type of each value by name."""
    leads_to: list[str]
    is_asking: bool
    """Whether something on it asks for data."""
    is_refreshed: bool
    """Whether it asks when somebody comes back to it."""


class Form(msgspec.Struct):
    """A form of a channel, what answers its screens, and what is wrong with it."""

    id: str
    channel_id: str
    name: str
    flow_id: str
    definition: FormDefinition
    screens: list[ScreenShown]
    """Empty while the JSON of the form cannot be read."""
    problems: list[FieldProblem]
    created_at: dt.datetime
    updated_at: dt.datetime


class ListedForm(msgspec.Struct):
    """A form without its definition."""

    id: str
    channel_id: str
    name: str
    flow_id: str
    screens: int
    created_at: dt.datetime
    updated_at: dt.datetime


class FormValidation(msgspec.Struct):
    """What is wrong with a definition, in its order."""

    problems: list[FieldProblem]


class TryForm(msgspec.Struct, forbid_unknown_fields=True):
    """What a client would ask. `given` are values that were sent along with the form.

    With the `token` of an answer before, the same client goes on.
    """

    action: Literal["INIT", "data_exchange", "BACK", "ping"] = "INIT"
    screen: str = ""
    data: dict[str, Any] = {}
    given: dict[str, Any] = {}
    token: str = ""


class TriedForm(msgspec.Struct):
    """What the client got, and how it came to be."""

    status: int
    """Of HTTP: 200, or what tells the client to give up or to try again."""
    answer: dict[str, Any] | None
    """What was in the encrypted answer; null where there was none."""
    token: str
    outcome: str | None
    """How the action ended; null where none ran."""
    execution_id: str | None
    problem: str
    """What went wrong, in words; empty where nothing did."""
    milliseconds: int


class MakeFlowKey(msgspec.Struct, forbid_unknown_fields=True):
    """Whether another key is to take the place of the one there is."""

    is_new: bool = False


class FlowKeyShown(msgspec.Struct):
    """The key of a channel's forms; its private half never comes out."""

    is_set: bool
    endpoint_url: str
    """What to enter at Meta as the endpoint of a form."""
    public_key: str | None = None
    """As PEM text, to be entered at Meta by hand where it cannot be uploaded."""
    is_uploaded: bool = False
    """Whether Meta has just taken it."""
    problem: str | None = None
    """Why it has not."""
