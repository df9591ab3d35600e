"""How far a message has come: statuses arrive late, twice, out of order and with gaps, so only the furthest counts."""

from __future__ import annotations

from typing import Final

_RANKS: Final = {"accepted": 1, "sent": 2, "failed": 3, "delivered": 4, "read": 5, "played": 6}
"""`failed` stands over `sent`, and under what can only be true if the message did arrive."""


def rank_of(status: str) -> int:
    """How far a status is; 0 for one that says nothing of it (`deleted`, `warning`, what Meta thinks of next)."""
    return _RANKS.get(status, 0)


def furthest(known: str, came: str) -> str:
    """The status that holds after another one came; at the same rank the one that was known."""
    return came if rank_of(came) > rank_of(known) else known
