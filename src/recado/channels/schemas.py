"""What goes into and comes out of channels over HTTP; a secret goes in and never comes out."""

from __future__ import annotations

import datetime as dt
from typing import Final, Literal

import msgspec

from recado.channels.definition import ChannelSettings, SettingsChange
from recado.credentials.schemas import FieldState, GivenValue

ChannelKind = Literal["whatsapp"]
CheckName = Literal["secrets", "token", "number", "account", "subscription", "address", "deliveries"]


class SetChannelSecrets(msgspec.Struct, forbid_unknown_fields=True):
    """Secrets as typed or sealed; those not given stay, null clears."""

    access_token: GivenValue | msgspec.UnsetType = msgspec.UNSET
    app_secret: GivenValue | msgspec.UnsetType = msgspec.UNSET
    app_secret_before: GivenValue | msgspec.UnsetType = msgspec.UNSET
    """The app secret before this one, which is valid beside it; to be cleared when nothing is signed with it any more."""
    verify_token: GivenValue | msgspec.UnsetType = msgspec.UNSET

    def __repr__(self) -> str:
        """Never the values: what is printed ends up in logs and tracebacks."""
        return f"SetChannelSecrets({', '.join(self.given())})"

    def given(self) -> dict[str, GivenValue]:
        """What is given, by name."""
        every = {name: getattr(self, name) for name in self.__struct_fields__}
        return {name: value for name, value in every.items() if value is not msgspec.UNSET}


class CreateChannel(msgspec.Struct, forbid_unknown_fields=True):
    """A new channel. Secrets as typed may come along; a client that seals them does so to the new channel's id afterwards."""

    name: str
    settings: ChannelSettings
    kind: ChannelKind = "whatsapp"
    secrets: dict[str, GivenValue] = {}
    id: str | msgspec.UnsetType = msgspec.UNSET
    """For a client that seals beforehand."""

    def __repr__(self) -> str:
        """Never the secrets: what is printed ends up in logs and tracebacks."""
        return f"CreateChannel(name={self.name!r}, settings={self.settings!r}, secrets=…)"


class UpdateChannel(msgspec.Struct, forbid_unknown_fields=True):
    """A new name, and the settings that change. Another host for the Graph API needs the access token again, in `secrets`."""

    name: str | msgspec.UnsetType = msgspec.UNSET
    settings: SettingsChange | msgspec.UnsetType = msgspec.UNSET
    secrets: dict[str, GivenValue] = {}

    def __repr__(self) -> str:
        """Never the secrets."""
        return f"UpdateChannel(name={self.name!r}, settings={self.settings!r}, secrets=…)"


class Parked(msgspec.Struct):
    """Why nothing is sent just now, and since when: nothing would arrive."""

    code: str
    message: str
    at: dt.datetime


NEVER_CALLED: Final = "never_called"
"""The code of a check that found no call of Meta."""


class ChannelCheck(msgspec.Struct):
    """One thing that was looked at; `unknown` where nothing could be found out."""

    name: CheckName
    status: Literal["ok", "failed", "unknown"]
    code: str | None = None
    message: str | None = None


class PhoneNumber(msgspec.Struct):
    """What Meta says of the number."""

    display_phone_number: str | None = None
    verified_name: str | None = None
    quality_rating: str | None = None
    throughput: str | None = None
    status: str | None = None


class ChannelHealth(msgspec.Struct):
    """What the last check found; healthy where messages can be sent and nothing failed."""

    is_healthy: bool
    checked_at: dt.datetime
    checks: list[ChannelCheck]
    phone_number: PhoneNumber | None = None
    last_delivery_at: dt.datetime | None = None
    """When Meta called last."""


class ChannelCounts(msgspec.Struct):
    """How much of a channel is under way: conversations that are open, messages that wait to be sent."""

    open_conversations: int
    waiting_messages: int


class Channel(msgspec.Struct):
    """A way to people: one number of WhatsApp."""

    id: str
    kind: ChannelKind
    name: str
    settings: ChannelSettings
    callback_url: str
    """What Meta calls."""
    hosts: list[str]
    """What the access token is sealed with, by a client that seals; other secrets are sealed with no hosts."""
    secrets: dict[str, FieldState]
    health: ChannelHealth | None
    parked: Parked | None
    counts: ChannelCounts
    created_at: dt.datetime
    updated_at: dt.datetime
    is_damaged: bool = False
    """Whether what is stored about it cannot be read; only lists show such a channel, with empty settings."""


class Template(msgspec.Struct):
    """A message template that Meta keeps; `components` as Meta writes them."""

    id: str
    name: str
    language: str
    status: str
    category: str
    components: list[object]


class Templates(msgspec.Struct):
    """The templates of a channel's account; at most a minute old."""

    items: list[Template]
    fetched_at: dt.datetime
