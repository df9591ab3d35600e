"""What buttons and lists have in common: they offer choices of their own, or the rows of a source, and take the one that is meant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from recado.flows.answers import Refused
from recado.flows.asking import Taken, choose, offer
from recado.flows.blocks.rows import choices_of, rows_of
from recado.flows.choices import Choice, Offer, Page, show
from recado.flows.definition import ButtonsBlock, ListBlock
from recado.flows.events import Incoming, Outgoing
from recado.flows.moves import Leave, Move
from recado.flows.turn import Turn

B = TypeVar("B", ButtonsBlock, ListBlock)


@dataclass(frozen=True, slots=True)
class Offered(Generic[B]):
    """A kind of block that offers: `own` are the choices its author wrote, `dress` puts words around choices."""

    own: Callable[[Turn, B], list[Choice]]
    dress: Callable[[Turn, B, list[Choice]], Offer]

    def enter(self, turn: Turn, block: B) -> Move:
        """Offer them from the first page; a source without rows is left at `empty`."""
        rows = rows_of(turn, block.source) if block.source is not None else []
        offered = self._offer(turn, block, rows)
        if not offered.choices:
            return Leave("empty")
        move = offer(turn, block, offered)
        if turn.state.waiting is not None:
            turn.state.waiting.rows = rows
        return move

    def prompt(self, turn: Turn, block: B) -> Outgoing:
        """The page that is open, once more."""
        assert turn.state.waiting is not None
        return show(self._offer(turn, block, turn.state.waiting.rows), turn.state.last_visit, turn.state.waiting.page)

    def read(self, turn: Turn, block: B, message: Incoming) -> Taken | Page | Refused:
        """The choice a message means, or the page it asks for."""
        assert turn.state.waiting is not None
        return choose(turn, self._offer(turn, block, turn.state.waiting.rows), message)

    def _offer(self, turn: Turn, block: B, rows: list[dict[str, Any]]) -> Offer:
        return self.dress(turn, block, self.own(turn, block) if block.source is None else choices_of(rows))
