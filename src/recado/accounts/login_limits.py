"""How often somebody may guess a password: the counts of one account from one address, and of one address.

Nobody is locked out for good, and never from another address: else anybody could lock out anybody.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Final

from recado.accounts.headers import network_of

WINDOW: Final = dt.timedelta(minutes=15)
FREE_GUESSES_PER_ACCOUNT: Final = 5
GUESSES_PER_ADDRESS: Final = 50
_FIRST_BLOCK: Final = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Attempts:
    """How many attempts were counted, since when, and until when no more are taken."""

    failures: int
    window_started_at: dt.datetime
    blocked_until: dt.datetime | None = None

    def seconds_blocked(self, now: dt.datetime) -> int:
        """Whole seconds until another attempt is taken; 0 when one may be made now."""
        if self.blocked_until is None or now >= self.blocked_until:
            return 0
        return int((self.blocked_until - now).total_seconds()) + 1


def account_subject(email: str, address: str | None) -> str:
    """The name under which guesses at one account from one address are counted; a hash, since e-mails are personal."""
    return hashlib.sha256(f"account\n{email}\n{network_of(address)}".encode()).hexdigest()


def address_subject(address: str | None) -> str:
    """The name under which all guesses from one address are counted."""
    return hashlib.sha256(f"address\n{network_of(address)}".encode()).hexdigest()


def after_account_attempt(before: Attempts, now: dt.datetime) -> Attempts:
    """Five are free; after each further one the wait doubles, from 1 to 15 minutes. 15 quiet minutes forget them.

    The window starts anew with each attempt, so that a slow guesser is counted too.
    """
    is_forgotten = now >= (before.blocked_until or before.window_started_at) + WINDOW
    failures = 1 if is_forgotten else before.failures + 1
    if failures < FREE_GUESSES_PER_ACCOUNT:
        return Attempts(failures, now)
    doublings = min(failures - FREE_GUESSES_PER_ACCOUNT, 10)  # ten doublings are far beyond the 15 minutes
    return Attempts(failures, now, now + min(_FIRST_BLOCK * 2**doublings, WINDOW))


def after_address_attempt(before: Attempts, now: dt.datetime) -> Attempts:
    """Fifty within 15 minutes, then none until they are over."""
    if now >= before.window_started_at + WINDOW:
        return Attempts(1, now)
    failures, started = before.failures + 1, before.window_started_at
    return Attempts(failures, started, started + WINDOW if failures >= GUESSES_PER_ADDRESS else None)


def without_one(before: Attempts) -> Attempts:
    """The count of an address after one of its attempts turned out to be right."""
    failures = max(before.failures - 1, 0)
    return Attempts(
        failures, before.window_started_at, before.blocked_until if failures >= GUESSES_PER_ADDRESS else None
    )
