"""Wait: stands still for some seconds, or until a time."""

from __future__ import annotations

import datetime as dt

from recado.flows.definition import WaitBlock
from recado.flows.events import Timer
from recado.flows.limits import LONG_WAIT_SECONDS, MAX_WAIT_SECONDS
from recado.flows.moves import STAY, Leave, Move
from recado.flows.turn import Turn
from recado.flows.values import moment_of


def enter(turn: Turn, block: WaitBlock) -> Move:
    """Wait; a time that is past, or is none, is not waited for."""
    due = _due_at(turn, block)
    seconds = (due - turn.at).total_seconds()
    if seconds <= 0:
        return Leave("next")
    if seconds >= LONG_WAIT_SECONDS:
        turn.count_anew()
    turn.wait("time", [Timer(kind="wait", due_at=min(due, turn.after(MAX_WAIT_SECONDS)))])
    return STAY


def _due_at(turn: Turn, block: WaitBlock) -> dt.datetime:
    if not block.until.strip():
        return turn.after(block.seconds or 0)
    moment = moment_of(turn.value(block.until), turn.zone)
    if moment is None:
        turn.note("time_unreadable", block.id)
        return turn.at
    return moment
