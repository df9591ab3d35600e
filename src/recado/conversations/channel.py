"""What a turn knows of the channel that carries its messages."""

from __future__ import annotations

from typing import Final, Literal

SIMULATOR: Final = "simulator"
"""The id of the built-in channel, which every workspace has."""

MessageStatus = Literal["received", "done", "queued", "sent", "delivered", "read", "failed"]
"""Of what came in: `received`, then `done` once a turn has taken it. Of what goes out: the rest."""


def is_carried(channel_id: str) -> bool:
    """Whether what is said has to be sent to somebody; in the simulator, whoever looks sees it."""
    return channel_id != SIMULATOR


def first_status(channel_id: str) -> MessageStatus:
    """What a reply is as it is written down."""
    return "queued" if is_carried(channel_id) else "delivered"
