"""The 24 hours after a message of theirs in which anything may be said; outside of them only templates."""

from __future__ import annotations

import datetime as dt
from typing import Final

WINDOW: Final = dt.timedelta(hours=24)
MARGIN: Final = dt.timedelta(minutes=2)
"""What is sent in the last moments may arrive when the window is shut, and then fails; clocks differ too."""


def closes_at(last_message_at: dt.datetime | None) -> dt.datetime | None:
    """When Meta shuts the window; None where the person never wrote. `last_message_at` is the channel's own time of it."""
    return None if last_message_at is None else last_message_at + WINDOW


def is_open(last_message_at: dt.datetime | None, now: dt.datetime, margin: dt.timedelta = MARGIN) -> bool:
    """Whether a message that goes out now arrives while the window is open.

    A time of theirs that lies ahead of our clock counts as now.
    """
    return last_message_at is not None and now + margin < min(last_message_at, now) + WINDOW
