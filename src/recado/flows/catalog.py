"""What a flow may refer to outside itself, as its validation sees it; plain data, by id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from recado.actions.outputs import OutputFieldType
from recado.fields import FieldType
from recado.flows.definition import Variable


@dataclass(frozen=True, slots=True)
class KnownIntegration:
    """An integration and which authentication fields a credential has to have values for."""

    name: str
    required_fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownInput:
    """An input of an action."""

    type: FieldType
    is_required: bool


@dataclass(frozen=True, slots=True)
class KnownAction:
    """An action with its inputs by key, and the types of its outputs by identifier; None where it is damaged."""

    name: str
    integration_id: str
    has_request: bool = True
    inputs: Mapping[str, KnownInput] | None = None
    outputs: Mapping[str, OutputFieldType] | None = None


@dataclass(frozen=True, slots=True)
class KnownCredential:
    """A credential and which fields of its integration have values."""

    name: str
    integration_id: str
    fields: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class KnownFlow:
    """Another flow: its newest version, the variables of its versions by number, and which flows each of them leads to."""

    name: str
    newest: int | None = None
    variables: Mapping[int, Mapping[str, Variable]] = field(default_factory=dict)
    reaches: Mapping[int, frozenset[str]] = field(default_factory=dict)
    depths: Mapping[int, int] = field(default_factory=dict)
    """How many flows deep each version goes, itself counted."""


@dataclass(frozen=True, slots=True)
class KnownForm:
    """A form and the ids of its screens; it can be sent once Meta's id of it is known."""

    name: str
    has_id: bool = True
    screens: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Catalog:
    """All that is there; `flow_id` is the flow that is looked over."""

    flow_id: str = ""
    integrations: Mapping[str, KnownIntegration] = field(default_factory=dict)
    actions: Mapping[str, KnownAction] = field(default_factory=dict)
    credentials: Mapping[str, KnownCredential] = field(default_factory=dict)
    flows: Mapping[str, KnownFlow] = field(default_factory=dict)
    forms: Mapping[str, KnownForm] = field(default_factory=dict)

    def variables_of(self, flow_id: str, version: int | None) -> Mapping[str, Variable] | None:
        """The variables of a version (None: the newest) of a flow; None where there is no such version."""
        known = self.flows.get(flow_id)
        number = None if known is None else known.newest if version is None else version
        return None if known is None or number is None else known.variables.get(number)
