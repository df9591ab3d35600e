"""The port behind which conversations take their turns: one at a time each, in order, different ones at once, and not too many."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

T = TypeVar("T")


class TurnQueue(Protocol):
    """What an adapter promises.

    Nothing is kept in it that is not in the database as well: messages not done, timers that are due and calls in the air are
    found there again after a crash.
    """

    @property
    def active(self) -> int:
        """How many conversations have a turn that runs or waits to."""
        ...

    def check_room(self) -> None:
        """Raise ConversationsBusy when nothing new should be taken."""
        ...

    async def run(self, conversation_id: str, work: Callable[[], Awaitable[T]]) -> T:
        """Do `work` once everything asked for before, for the same conversation, is done; what it returns."""
        ...

    def wake(self, conversation_id: str) -> None:
        """Have the conversation take a turn soon; asking twice before it begins is asking once."""
        ...
