"""SQL of the wakes: which conversations want a turn, who takes it, and which processes there are. PostgreSQL alone.

Who takes a turn deletes the wake in the turn's own transaction, and the row's lock is the claim: it ends with the
transaction, or with the process. A wake is written before its conversation is locked, by everybody, so that nobody waits
in a circle.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

import sqlalchemy as sa

from recado.conversations.repository import Row
from recado.db.bare import Bare
from recado.db.tables import conversation_calls, conversation_wakes, processes

NOBODY: Final = ""
"""The owner of a call that waits for a process to begin it."""

# An update where there is a row already: it waits for whoever takes that turn just now, who may not see what we write.
_WAKE: Final = Bare(
    sa.text(
        "INSERT INTO conversation_wakes (conversation_id, wanted_at, tries)"
        " VALUES (:conversation_id, clock_timestamp(), 0) ON CONFLICT (conversation_id) DO UPDATE SET tries = 0"
    ).bindparams(sa.bindparam("conversation_id", type_=sa.String))
)
_CLAIM: Final = Bare(
    sa.text(
        "WITH due AS MATERIALIZED (SELECT conversation_id FROM conversation_wakes WHERE wanted_at <= clock_timestamp()"
        " ORDER BY wanted_at LIMIT :most FOR UPDATE SKIP LOCKED)"
        " DELETE FROM conversation_wakes AS wake USING due WHERE wake.conversation_id = due.conversation_id"
        " RETURNING wake.conversation_id"
    )
    .bindparams(sa.bindparam("most", type_=sa.Integer))
    .columns(conversation_id=sa.String)
)
_POSTPONE: Final = sa.text(
    "UPDATE conversation_wakes SET tries = tries + 1,"
    " wanted_at = clock_timestamp() + LEAST(2 ^ LEAST(tries, 10), 60) * interval '1 second'"
    " WHERE conversation_id = :conversation_id"
)
_LOOK: Final = sa.text(
    "SELECT coalesce(bool_or(kind = 'worker'), false), count(*) > 0,"
    " (SELECT count(*) FROM (SELECT 1 FROM conversation_wakes LIMIT :most) AS waiting)"
    " FROM processes WHERE id <> :own_id AND kind IN ('server', 'worker')"
    " AND heartbeat_at >= clock_timestamp() - :silent"
)


class Around(NamedTuple):
    """What a process sees of the others: whether a worker lives, whether anybody does, and how many turns are wanted."""

    has_worker: bool = False
    has_others: bool = False
    waiting: int = 0


def look_around(connection: sa.Connection, own_id: str, silent: dt.timedelta, most: int) -> Around:
    """Who else lives, and how much is waiting, counted up to `most`."""
    return Around(*connection.execute(_LOOK, {"own_id": own_id, "silent": silent, "most": most}).one())


def wake(connection: sa.Connection, conversation_ids: Collection[str]) -> None:
    """Have conversations take a turn; in this order, so that two who wake many do not wait in a circle."""
    _WAKE.run_many(connection, [{"conversation_id": found} for found in sorted(conversation_ids)])


def claim(connection: sa.Connection, most: int) -> list[str]:
    """Take the wakes that wait longest, in the order of ids; they are gone with this transaction's commit.

    Whoever takes several turns locks their conversations in this order, so that no two wait for each other.
    """
    return sorted(row.conversation_id for row in _CLAIM.all(connection, {"most": most}))


def postpone(connection: sa.Connection, conversation_id: str) -> None:
    """Its turn failed: try again, less and less often."""
    connection.execute(_POSTPONE, {"conversation_id": conversation_id})


def is_wanted(connection: sa.Connection, conversation_id: str) -> bool:
    """Whether a conversation has yet to take a turn in another process."""
    if connection.dialect.name == "sqlite":
        return False
    found = sa.select(conversation_wakes.c.tries).where(conversation_wakes.c.conversation_id == conversation_id)
    return connection.scalar(found) is not None


def take_left_calls(connection: sa.Connection, owner: str, conversation_id: str) -> Sequence[Row]:
    """Take the calls of a conversation that nobody has begun."""
    return connection.execute(
        sa.update(conversation_calls)
        .where(conversation_calls.c.conversation_id == conversation_id, conversation_calls.c.owner == NOBODY)
        .values(owner=owner)
        .returning(*conversation_calls.c)
    ).all()


def leave(connection: sa.Connection, process_id: str) -> None:
    """Say that a process takes no turns any more, though it lives."""
    connection.execute(sa.update(processes).where(processes.c.id == process_id).values(kind="leaving"))
