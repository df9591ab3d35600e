"""Where people go in a version of a flow, and where they stop."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from typing import Final

import sqlalchemy as sa

from recado.accounts.caller import Caller
from recado.conversations import reading
from recado.conversations.schemas import BlockStatistics, FlowStatistics
from recado.flows.events import Status
from recado.flows.service import find_row
from recado.flows.versions import find_published

_STOPPED: Final = frozenset({"expired", "cancelled", "failed"})
_STANDING: Final = frozenset({"running", "waiting", "with_agent"})


def get_flow_statistics(
    connection: sa.Connection, caller: Caller, flow_id: str, version: int | None, since: dt.datetime | None
) -> FlowStatistics:
    """Of a version, by default the published one; nothing at all where none is. Raises NotFound."""
    number = find_row(connection, caller, flow_id).published_number if version is None else version
    if number is None:
        return FlowStatistics(None, {}, [])
    version_id = find_published(connection, caller, flow_id, number)
    entered: Counter[str] = Counter()
    left: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in reading.count_entered(connection, version_id, since):
        entered[row.block_id] += row.times
        if row.left_block_id is not None and row.edge is not None:
            left[row.left_block_id][row.edge] += row.times
    standing: defaultdict[str, Counter[str]] = defaultdict(Counter)
    statuses: Counter[Status] = Counter()
    for row in reading.count_standing(connection, version_id, since):
        statuses[row.status] += row.times
        if row.block_id is not None:
            standing[row.block_id][row.status] += row.times
    blocks = [
        BlockStatistics(
            block_id,
            entered[block_id],
            dict(left[block_id]),
            stopped=sum(standing[block_id][status] for status in _STOPPED),
            waiting=sum(standing[block_id][status] for status in _STANDING),
            failed=standing[block_id]["failed"],
        )
        for block_id in sorted(entered.keys() | standing.keys())
    ]
    return FlowStatistics(number, dict(statuses), blocks)
