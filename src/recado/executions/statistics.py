"""How executions went over a span of time: how many ended how, and how long the newest of each action took."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from recado.accounts.caller import Caller
from recado.db.columns import utc_now
from recado.db.counts import MINUTE, Dimension, Span, at_minute, count_ended, minute_of
from recado.db.tables import actions, execution_results, executions
from recado.errors import Invalid, ValidationFailed
from recado.executions.schemas import ActionStatistics, Bucket, ExecutionStatistics
from recado.ids import id_at

MOST_BUCKETS: Final = 120
MOST_ACTIONS: Final = 100
NEWEST: Final = 500
"""Of how many calls of one action the percentiles are: a 95th with twenty-five above it, in a few milliseconds."""
_WIDTHS: Final = (1, 5, 15, 60, 180, 360, 1440)  # minutes
_DAY: Final = 1440
_LATEST: Final = minute_of(dt.datetime(6000, 1, 1, tzinfo=dt.UTC))  # what an INTEGER of PostgreSQL holds in minutes
_NOT_SENT: Final = ("input_invalid", "blocked")


def get_execution_statistics(
    connection: sa.Connection,
    caller: Caller,
    filters: Mapping[Dimension, str],
    since: dt.datetime | None,
    until: dt.datetime | None,
) -> ExecutionStatistics:
    """The statistics of a span, by default of the last day. Raises ValidationFailed for one that is empty or too long."""
    span, width = _whole_buckets(_read_span(since, until))
    rows = count_ended(connection, caller.workspace_id, span, width=width, filters=filters)
    buckets: dict[int, Counter[Any]] = {bucket: Counter() for bucket in range(span.since, span.until, width)}
    outcomes: Counter[Any] = Counter()
    for bucket, _, outcome, count in rows:
        buckets[bucket][outcome] += count
        outcomes[outcome] += count
    return ExecutionStatistics(
        bucket_seconds=width * MINUTE,
        buckets=[Bucket(at_minute(bucket), dict(counted)) for bucket, counted in buckets.items()],
        actions=_by_action(connection, caller.workspace_id, filters, span) if outcomes else [],
        outcomes=dict(outcomes),
    )


def _read_span(since: dt.datetime | None, until: dt.datetime | None) -> Span:
    """The minutes that are asked about, those that are only touched among them; in whole numbers, which never overflow."""
    now = minute_of(utc_now())
    first = None if since is None else min(max(minute_of(since), 0), _LATEST)
    # A span that ends with a minute does not touch the next one.
    last = now + 1 if until is None else min(-(-int(until.timestamp() * 1000) // (MINUTE * 1000)), _LATEST)
    span = Span(max(last - _DAY, 0) if first is None else first, last)
    if span.is_empty or (since is not None and until is not None and since >= until):
        raise ValidationFailed([Invalid("until", reason="This must be later than since.")])
    return span


def _whole_buckets(span: Span) -> tuple[Span, int]:
    """The span widened to whole buckets, and the least of their widths that makes at most 120 of them."""
    for width in _WIDTHS:
        whole = Span(span.since - span.since % width, span.until + -span.until % width)
        if (whole.until - whole.since) // width <= MOST_BUCKETS:
            return whole, width
    reason = f"Ask for at most {MOST_BUCKETS - 1} days at once."
    raise ValidationFailed([Invalid("since", reason=reason)])


def _by_action(
    connection: sa.Connection, workspace_id: str, filters: Mapping[Dimension, str], span: Span
) -> list[ActionStatistics]:
    """The actions that ran most, the busiest first."""
    counts: Counter[str] = Counter()
    oks: Counter[str] = Counter()
    for _, action_id, outcome, count in count_ended(connection, workspace_id, span, by="action_id", filters=filters):
        if action_id:
            counts[action_id] += count
            oks[action_id] += count if outcome == "ok" else 0
    ids = [action_id for action_id, _ in counts.most_common(MOST_ACTIONS)]
    names = _names(connection, workspace_id, ids)
    found = []
    for action_id in ids:
        p50, p95 = percentiles(_newest_times(connection, workspace_id, action_id, filters, span))
        found.append(ActionStatistics(action_id, names.get(action_id), counts[action_id], oks[action_id], p50, p95))
    return found


def percentiles(times: Sequence[float]) -> tuple[float | None, float | None]:
    """The median and the 95th percentile by the nearest rank; (None, None) of nothing."""
    if not times:
        return None, None
    ordered = sorted(times)
    return tuple(ordered[max(-(-len(ordered) * share // 100) - 1, 0)] for share in (50, 95))  # type: ignore[return-value]  # two shares


def _names(connection: sa.Connection, workspace_id: str, ids: Sequence[str]) -> dict[str, str]:
    rows = connection.execute(
        sa.select(actions.c.id, actions.c.name).where(actions.c.workspace_id == workspace_id, actions.c.id.in_(ids))
    )
    return {row.id: row.name for row in rows}


def _newest_times(
    connection: sa.Connection, workspace_id: str, action_id: str, filters: Mapping[Dimension, str], span: Span
) -> Sequence[float]:
    """How long the newest calls of an action took, in milliseconds; what never went out is left out."""
    statement = (
        sa.select(execution_results.c.total_ms)
        .join(executions, executions.c.id == execution_results.c.id)
        .where(
            executions.c.workspace_id == workspace_id,
            executions.c.action_id == action_id,
            executions.c.id >= id_at("exe", at_minute(span.since)),
            executions.c.id < id_at("exe", at_minute(span.until)),
            execution_results.c.total_ms.is_not(None),
            execution_results.c.outcome.not_in(_NOT_SENT),
        )
        .order_by(executions.c.id.desc())
        .limit(NEWEST)
    )
    for name in ("credential_id", "kind"):
        if name in filters:
            statement = statement.where(executions.c[name] == filters[name])
    return [float(time) for time in connection.scalars(statement)]
