"""What goes into and comes out of integrations over HTTP."""

from __future__ import annotations

import datetime as dt

import msgspec

from recado.integrations.definition import Auth, AuthIn
from recado.outbound.definition import Request


class CreateIntegration(msgspec.Struct, forbid_unknown_fields=True):
    """A new integration; all but its name can follow later."""

    name: str
    description: str = ""
    logo_url: str | None = None
    auth: AuthIn = AuthIn()
    test_request: Request | None = None
    ca_certificates: str | None = None


class UpdateIntegration(msgspec.Struct, forbid_unknown_fields=True):
    """Changes to an integration; what is absent stays as it was, `fields` and `test_request` are replaced whole."""

    name: str | msgspec.UnsetType = msgspec.UNSET
    description: str | msgspec.UnsetType = msgspec.UNSET
    logo_url: str | msgspec.UnsetType | None = msgspec.UNSET
    auth: AuthIn | msgspec.UnsetType = msgspec.UNSET
    test_request: Request | msgspec.UnsetType | None = msgspec.UNSET
    ca_certificates: str | msgspec.UnsetType | None = msgspec.UNSET


class LastDay(msgspec.Struct):
    """How many executions of the last 24 hours, of every kind, ended `ok` and how many otherwise."""

    ok: int
    failed: int


class Integration(msgspec.Struct):
    """A group of actions on one external API, with what they share."""

    id: str
    name: str
    description: str
    logo_url: str | None
    auth: Auth
    test_request: Request | None
    ca_certificates: str | None
    """In PEM form; trusted in place of the system's when this API is called over TLS."""
    actions_count: int
    credentials_count: int
    created_at: dt.datetime
    updated_at: dt.datetime
    last_day: LastDay
    is_damaged: bool = False
    """Whether its stored definition cannot be read; only lists show such an integration, without its parts."""


class PolicyRuleShown(msgspec.Struct):
    """One rule of the address policy: a code that never changes, the sentence, and what goes on with it after a colon."""

    code: str
    text: str
    values: list[str]


class AddressPolicy(msgspec.Struct):
    """Which addresses this server calls, in words."""

    rules: list[PolicyRuleShown]
    is_proxied: bool
    """Whether every call goes through a proxy of the operator's."""
