"""Errors on order: the next sends, or those to one person, fail with a code of Meta's."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any, Final, Literal

import msgspec

MAX_FAILURES: Final = 200


class Failure(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One error that was ordered."""

    code: int
    at: Literal["answer", "status"] = "answer"
    """Whether the send is refused, or accepted and then reported as failed."""
    times: int | None = 1
    """None: until it is ended."""
    to: str | None = None
    """The phone number or user id it is for; without it for everybody."""
    number_id: str | None = None
    type: str | None = None
    """Only messages of this type."""
    details: str = ""
    subcode: int | None = None
    retry_after: float | None = None
    delay: float = 0.0
    """Seconds until the status comes."""


@dataclass(frozen=True, slots=True)
class Send:
    """What a send is matched by."""

    number_id: str
    type: str
    addresses: frozenset[str]


class Failures:
    """All that are in force, the oldest first."""

    def __init__(self) -> None:
        self._all: deque[Failure] = deque(maxlen=MAX_FAILURES)

    def add(self, value: Any) -> Failure:
        """Put one in force. Raises ValueError with a sentence."""
        try:
            failure = msgspec.convert(value, Failure)
        except msgspec.ValidationError as problem:
            raise ValueError(str(problem)) from problem
        self._all.append(failure)
        return failure

    def clear(self) -> None:
        """End them all."""
        self._all.clear()

    def take(self, send: Send) -> Failure | None:
        """The failure that meets a send, counted down by it."""
        for failure in self._all:
            if self._meets(failure, send):
                if failure.times is not None:
                    failure.times -= 1
                    if failure.times <= 0:
                        self._all.remove(failure)
                return failure
        return None

    @staticmethod
    def _meets(failure: Failure, send: Send) -> bool:
        to = None if failure.to is None else failure.to.lstrip("+")
        return (
            to in {None, *send.addresses}
            and failure.number_id in {None, send.number_id}
            and failure.type in {None, send.type}
        )

    def shown(self) -> list[Any]:
        """All of them as JSON."""
        return [msgspec.to_builtins(failure) for failure in self._all]
