"""What a block says comes next; `engine.py` carries it out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from recado.flows.events import Status


@dataclass(frozen=True, slots=True)
class Stay:
    """Wait here for an event."""


@dataclass(frozen=True, slots=True)
class Leave:
    """Take this way out."""

    edge: str


@dataclass(frozen=True, slots=True)
class Go:
    """Enter this block of the same flow."""

    block_id: str
    edge: str | None


@dataclass(frozen=True, slots=True)
class Call:
    """Walk another flow, and come back."""

    version_id: str
    variables: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Return:
    """This flow is through: back to the one that called it, or the end (`end` or `no_edge`)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Fail:
    """This flow cannot go on: back to a caller with a way out for that, or the failure message and the end."""

    code: str
    is_final: bool = False
    """No caller is asked: the guards."""


@dataclass(frozen=True, slots=True)
class Stop:
    """The whole conversation ends."""

    status: Status
    reason: str


Move = Stay | Leave | Go | Call | Return | Fail | Stop
STAY: Final = Stay()
