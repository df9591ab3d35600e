"""What goes into and comes out of contacts over HTTP."""

from __future__ import annotations

import datetime as dt

import msgspec


class ChannelContact(msgspec.Struct):
    """A person who wrote on a channel, or was written to."""

    id: str
    channel_id: str
    name: str | None
    phone: str | None
    """None for who has a username and no number that is known."""
    user_id: str | None
    """WhatsApp's own id of the person."""
    last_message_at: dt.datetime | None
    """When they wrote last; for 24 hours after that, anything may be said to them, later only templates."""
    opted_out_at: dt.datetime | None
    """Since when they want to hear no more."""
    paused_until: dt.datetime | None
    """Until when flows stay silent for them: somebody answers from elsewhere."""
    created_at: dt.datetime
    updated_at: dt.datetime


class UpdateContact(msgspec.Struct, forbid_unknown_fields=True):
    """What changes; what is not given stays. Paused, flows stay silent until that is taken back."""

    opted_out: bool | msgspec.UnsetType = msgspec.UNSET
    paused: bool | msgspec.UnsetType = msgspec.UNSET
