"""How fast a number may send, and how fast to one person: token buckets that are told the time."""

from __future__ import annotations

from typing import Final

NUMBER_PER_SECOND: Final = 80.0
"""Of what a number sends; Meta raises it to 1,000 by itself, and numbers that the phone app uses too have 20."""
SHARED_NUMBER_PER_SECOND: Final = 20.0
PAIR_SECONDS: Final = 6.0
"""A message to one person each 6 seconds,"""
PAIR_BURST: Final = 45.0
"""and 45 at once, borrowed from the time that follows."""

_LEAST_RATE: Final = 0.05  # of the full rate, however often a bucket was slowed down
_RECOVERY_SECONDS: Final = 60.0
_ROUNDING: Final = 1e-3  # of a token: who waited as long as told gets it


class Bucket:
    """Fills with `per_second` tokens up to `burst`; times are seconds of any clock that never goes back."""

    __slots__ = ("_at", "_burst", "_held_until", "_rate", "_share", "_slowed_at", "_tokens")

    def __init__(self, per_second: float, burst: float) -> None:
        self._rate = per_second
        self._burst = max(1.0, burst)
        self._tokens = self._burst
        self._at = float("-inf")
        self._held_until = float("-inf")
        self._share = 1.0
        self._slowed_at = float("-inf")

    def take(self, now: float) -> float:
        """0 where a message may go out now, which takes a token; else how many seconds to wait, which takes none."""
        if now < self._held_until:
            return self._held_until - now
        self._fill(now)
        if self._tokens >= 1 - _ROUNDING:
            self._tokens = max(0.0, self._tokens - 1)
            return 0.0
        return (1 - self._tokens) / (self._rate * self._share_at(now))

    def give_back(self, now: float) -> None:
        """A message for which a token was taken did not go out."""
        self._fill(now)
        self._tokens = min(self._burst, self._tokens + 1)

    def hold(self, now: float, seconds: float) -> None:
        """Let nothing through for a while."""
        self._held_until = max(self._held_until, now + seconds)

    def slow_down(self, now: float, seconds: float) -> None:
        """Hold for a while, then at half the rate; the full one is back a minute later."""
        self._fill(now)
        self._share = max(_LEAST_RATE, self._share_at(now) / 2)
        self._tokens = min(self._tokens, 1.0)
        self.hold(now, seconds)
        self._slowed_at = self._held_until

    def is_full(self, now: float) -> bool:
        """Whether nothing would be lost by forgetting this bucket."""
        self._fill(now)
        return self._tokens >= self._burst - _ROUNDING and now >= self._held_until and self._share_at(now) >= 1

    def _fill(self, now: float) -> None:
        if now <= self._at:
            return
        if self._at != float("-inf"):
            self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate * self._share_at(now))
        self._at = now

    def _share_at(self, now: float) -> float:
        gone = min(1.0, max(0.0, (now - self._slowed_at) / _RECOVERY_SECONDS))
        return self._share + (1 - self._share) * gone


def number_bucket(per_second: float = NUMBER_PER_SECOND) -> Bucket:
    """For what a number sends: a tenth of a second's worth at once, so that no second gets much more than its share."""
    return Bucket(per_second, per_second / 10)


def pair_bucket() -> Bucket:
    """For what a number sends to one person."""
    return Bucket(1 / PAIR_SECONDS, PAIR_BURST)
