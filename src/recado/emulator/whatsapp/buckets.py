"""Buckets that fill up with time and are emptied by sends: 80 a second for a number, one in 6 seconds for a person."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Bucket:
    """Holds up to `size` and gets `per_second` back."""

    size: float
    per_second: float
    left: float
    at: float

    def fill(self, now: float) -> None:
        """Give back what time has."""
        self.left = min(self.size, self.left + max(0.0, now - self.at) * self.per_second)
        self.at = now

    def wait(self, now: float) -> float:
        """In how many seconds there is one again; 0 when there is."""
        self.fill(now)
        return 0.0 if self.left >= 1 - 1e-9 else (1 - self.left) / self.per_second

    def take(self, now: float) -> None:
        """Take one, be there one or not."""
        self.fill(now)
        self.left -= 1


class Buckets:
    """One bucket for each key; the rate of all can be set while they are used."""

    def __init__(self, size: float, per_second: float) -> None:
        self._size = size
        self._per_second = per_second
        self._all: dict[str, Bucket] = {}

    def set_rate(self, size: float, per_second: float) -> None:
        """Begin anew with another rate."""
        if (size, per_second) != (self._size, self._per_second):
            self._size, self._per_second = size, per_second
            self._all.clear()

    def of(self, key: str, now: float) -> Bucket:
        """The bucket of a key, full when it is new."""
        found = self._all.get(key)
        if found is None:
            found = self._all[key] = Bucket(self._size, self._per_second, self._size, now)
        return found
