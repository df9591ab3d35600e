"""What webhooks can be told, and when what did not arrive is sent again  [pure]."""

from __future__ import annotations

import datetime as dt
from typing import Final, Literal, get_args

EventType = Literal[
    "conversation.started",
    "conversation.handed_over",
    "conversation.finished",
    "conversation.failed",
    "action.failed",
    "channel.parked",
]
EVENT_TYPES: Final = get_args(EventType)
PING: Final = "ping"
"""Sent when somebody tries a webhook."""

MAX_WEBHOOKS: Final = 20
"""In a workspace."""
MAX_URL: Final = 2048

PAUSES: Final = tuple(
    dt.timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 3600, 4 * 3600, 12 * 3600, 24 * 3600)
)
"""Before the second try, the third, …; after the last one it is given up."""


def next_try(tries: int, now: dt.datetime, retry_after: dt.timedelta | None = None) -> dt.datetime | None:
    """When to try again after so many tries; later where the receiver asked for that, None when it is given up."""
    if tries > len(PAUSES):
        return None
    pause = PAUSES[tries - 1]
    return now + (pause if retry_after is None else max(pause, min(retry_after, PAUSES[-1])))
