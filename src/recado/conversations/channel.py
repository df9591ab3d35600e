"""What carries messages between people and conversations, and the little that a turn must know of it."""

from __future__ import annotations

from typing import Final, Literal, Protocol

SIMULATOR: Final = "simulator"
"""The id of the built-in channel, which every workspace has."""

MessageStatus = Literal["received", "done", "queued", "sent", "delivered", "read", "failed"]
"""Of what came in: `received`, then `done` once a turn has taken it. Of what goes out: the rest."""


class Channel(Protocol):
    """A way to people."""

    first_status: MessageStatus
    """What a reply is as it is written down: `queued` where somebody has to send it still."""

    def has_sent(self, conversation_id: str) -> None:
        """Hear that replies of a conversation are on disk."""
        ...


class Simulator:
    """People in a browser: what is written down, they see."""

    first_status: MessageStatus = "delivered"

    def has_sent(self, conversation_id: str) -> None:
        """Nobody has to be told: whoever looks, sees it."""


_SIMULATOR: Final = Simulator()


def channel_of(channel_id: str) -> Channel:
    """The channel with this id; the simulator is the only one so far."""
    assert channel_id == SIMULATOR, channel_id
    return _SIMULATOR
