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
    def takes_turns(self) -> bool:
        """Whether this process takes turns; else it only writes down what comes in, with a wake, and others do."""
        ...

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

    def woken(self, conversation_id: str) -> None:
        """Hear that a transaction of this process has written a wake of the conversation."""
        ...

    def wake(self, conversation_id: str) -> None:
        """Have the conversation take a turn soon; asking twice before it begins is asking once."""
        ...

    async def start(self) -> None:
        """Begin to take turns."""
        ...

    async def leave(self) -> None:
        """Leave what is not begun to other processes, where there are such."""
        ...

    async def drain(self, grace_seconds: float) -> None:
        """Take nothing new, and wait for what is under way."""
        ...
