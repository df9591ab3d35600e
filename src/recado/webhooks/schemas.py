"""What goes into and comes out of webhooks over HTTP."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

import msgspec

from recado.webhooks.definition import MAX_URL, EventType

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Address = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_URL)]
Events = Annotated[list[EventType], msgspec.Meta(min_length=1, max_length=20)]
EventStatus = Literal["waiting", "delivered", "failed"]


class CreateWebhook(msgspec.Struct, forbid_unknown_fields=True):
    """A server to tell, and what of."""

    name: Name
    url: Address
    events: Events
    includes_simulator: bool = False
    """Whether it is told of conversations that are tried, too."""


class UpdateWebhook(msgspec.Struct, forbid_unknown_fields=True):
    """What is to change; what is not given stays."""

    name: Name | msgspec.UnsetType = msgspec.UNSET
    url: Address | msgspec.UnsetType = msgspec.UNSET
    events: Events | msgspec.UnsetType = msgspec.UNSET
    includes_simulator: bool | msgspec.UnsetType = msgspec.UNSET
    is_paused: bool | msgspec.UnsetType = msgspec.UNSET


class Answer(msgspec.Struct):
    """How the last try ended: with a status, or with why there is none."""

    status: int | None
    error: str | None
    ms: float
    at: dt.datetime


class WebhookEvent(msgspec.Struct):
    """Something that a webhook is told."""

    id: str
    """The value of `webhook-id`: the same at every try, so that a receiver knows what it has seen."""
    type: str
    status: EventStatus
    tries: int
    due_at: dt.datetime | None
    """When it is sent next; null where it is over."""
    answer: Answer | None
    body: dict[str, Any]
    created_at: dt.datetime


class Webhook(msgspec.Struct):
    """A server that is told; its secret is shown when it is made and never again."""

    id: str
    name: str
    url: str
    events: list[str]
    includes_simulator: bool
    is_paused: bool
    has_two_secrets: bool
    """Whether the secret before the current one signs too."""
    waiting: int
    """Events that have not arrived yet."""
    failed: int
    """Events of the last day that were given up."""
    last: Answer | None
    created_at: dt.datetime
    updated_at: dt.datetime


class WebhookWithSecret(Webhook):
    """A webhook with the secret that signs what it is told, shown this once."""

    secret: str
