"""All SQL of a turn: the conversation, its messages, path, timers and calls in the air."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from functools import lru_cache
from typing import Any, Final

import sqlalchemy as sa

from recado.db import bare
from recado.db.bare import Bare
from recado.db.columns import utc_now
from recado.db.rows import delete_some
from recado.db.tables import (
    conversation_calls,
    conversation_steps,
    conversation_wakes,
    conversations,
    flow_versions,
    messages,
    outbox,
    processes,
    timers,
)
from recado.flows.events import ENDED

Row = bare.Row
_WAITS: Final[sa.ColumnElement[str]] = sa.literal_column("'received'")
"""Written out: neither database asks its index of what has this status for a value that it is handed apart."""


_NOW: Final = Bare(sa.select(sa.func.clock_timestamp().label("now")))


def now_of(connection: sa.Connection) -> dt.datetime:
    """The database's clock, so that timers of several machines agree."""
    if connection.dialect.name == "sqlite":
        return utc_now()
    row = _NOW.one(connection, {})
    return utc_now() if row is None else row.now.astimezone(dt.UTC)


# ── the conversation ─────────────────────────────────────────────────────────────────────────────────────────────────


def insert_conversation(connection: sa.Connection, values: dict[str, Any]) -> None:
    """A new conversation."""
    connection.execute(sa.insert(conversations).values(**values))


_WANTED: Final = conversations.c.id == sa.bindparam("wanted", type_=sa.String)
_LOCKED: Final = Bare(sa.select(conversations).where(_WANTED))
_LOCKED_AT: Final = Bare(
    sa.select(conversations, sa.func.clock_timestamp().label("read_at")).where(_WANTED).with_for_update()
)


def lock_conversation(connection: sa.Connection, conversation_id: str) -> Row | None:
    """A conversation, held until the transaction ends; on SQLite there is one writer anyway."""
    statement = _LOCKED if connection.dialect.name == "sqlite" else _LOCKED_AT
    return statement.one(connection, {"wanted": conversation_id})


def read_at(connection: sa.Connection, row: Row) -> dt.datetime:
    """When a conversation was locked, by the database's clock."""
    moment: dt.datetime | None = getattr(row, "read_at", None)
    return now_of(connection) if moment is None else moment.astimezone(dt.UTC)


@lru_cache(maxsize=16)
def _update_of(names: tuple[str, ...]) -> Bare:
    """The statement that writes these columns; made once, since making it costs as much as running it."""
    return Bare(
        sa.update(conversations)
        .where(conversations.c.id == sa.bindparam("own_id"), conversations.c.turn == sa.bindparam("own_turn"))
        .values(
            turn=conversations.c.turn + 1,
            **{name: sa.bindparam(f"new_{name}", type_=conversations.c[name].type) for name in names},
        )
    )


def update_conversation(connection: sa.Connection, conversation_id: str, turn: int, values: dict[str, Any]) -> bool:
    """Write a conversation and raise its turn, unless somebody else did since it was read."""
    given = {f"new_{name}": value for name, value in values.items()}
    return _update_of(tuple(values)).run(connection, {"own_id": conversation_id, "own_turn": turn, **given}) == 1


def put_conversation(
    connection: sa.Connection, conversation_id: str, turn: int, values: dict[str, Any]
) -> Callable[[], int]:
    """The same among statements that go together; how many were written is known after them."""
    given = {f"new_{name}": value for name, value in values.items()}
    return _update_of(tuple(values)).put(connection, {"own_id": conversation_id, "own_turn": turn, **given})


def set_as_if(connection: sa.Connection, conversation_id: str, as_if: dict[str, Any]) -> None:
    """How the next calls of some blocks are answered instead of being sent."""
    connection.execute(sa.update(conversations).where(conversations.c.id == conversation_id).values(as_if=as_if))


def set_agent(connection: sa.Connection, conversation_id: str, user_id: str | None) -> None:
    """Who of the team has the conversation now."""
    connection.execute(sa.update(conversations).where(conversations.c.id == conversation_id).values(agent_id=user_id))


# ── messages ─────────────────────────────────────────────────────────────────────────────────────────────────────────

_MESSAGE: Final = Bare(sa.insert(messages), messages.c.keys())
_SEEN: Final = Bare(
    sa.select(messages).where(
        messages.c.channel_id == sa.bindparam("own_channel"),
        messages.c.channel_message_id == sa.bindparam("own_message"),
    )
)


def find_redelivered(connection: sa.Connection, channel_id: str, channel_message_id: str) -> Row | None:
    """The message that a channel has handed over already."""
    return _SEEN.one(connection, {"own_channel": channel_id, "own_message": channel_message_id})


def insert_messages(connection: sa.Connection, rows: list[dict[str, Any]]) -> None:
    """What came in, or what is said."""
    _MESSAGE.run_many(connection, rows)


_OUTBOX: Final = Bare(sa.insert(outbox), outbox.c.keys())


def insert_outbox(connection: sa.Connection, rows: list[dict[str, Any]]) -> None:
    """What is said and has to be sent."""
    _OUTBOX.run_many(connection, rows)


MOST_RECEIVED: Final = 50
"""Messages that a turn takes at once."""
_RECEIVED: Final = Bare(
    sa.select(messages)
    .where(messages.c.conversation_id == sa.bindparam("wanted"), messages.c.status == _WAITS)
    .order_by(messages.c.number)
    .limit(sa.literal_column(f"{MOST_RECEIVED + 1}"))  # SQLite plans anew for each limit that it is handed apart
    .offset(sa.literal_column("0"))
)


def list_received(connection: sa.Connection, conversation_id: str) -> Sequence[Row]:
    """What came in and no turn has taken, in order; one more than a turn takes, where there are more."""
    return _RECEIVED.all(connection, {"wanted": conversation_id})


_DONE: Final = Bare(
    sa.update(messages)
    .where(messages.c.id == sa.bindparam("own_id"))
    .values(status="done", done_at=sa.bindparam("new_at"))
)


def mark_done(connection: sa.Connection, message_ids: Collection[str], at: dt.datetime) -> None:
    """A turn has taken these."""
    _DONE.run_many(connection, [{"own_id": message_id, "new_at": at} for message_id in message_ids])


def mark_all_done(connection: sa.Connection, conversation_id: str, at: dt.datetime) -> int:
    """Nobody will take what is left: the conversation has ended; how many they were."""
    return connection.execute(
        sa.update(messages)
        .where(messages.c.conversation_id == conversation_id, messages.c.status == _WAITS)
        .values(status="done", done_at=at)
    ).rowcount


# ── path, timers ─────────────────────────────────────────────────────────────────────────────────────────────────────

_STEP: Final = Bare(sa.insert(conversation_steps), conversation_steps.c.keys())
_TIMER: Final = Bare(
    sa.text(
        "INSERT INTO timers (conversation_id, kind, due_at) VALUES (:conversation_id, :kind, :due_at)"
        " ON CONFLICT (conversation_id, kind) DO UPDATE SET due_at = excluded.due_at"
    ).bindparams(*(sa.bindparam(column.name, type_=column.type) for column in timers.c))
)
_TIMERS_GONE: Final = Bare(sa.delete(timers).where(timers.c.conversation_id == sa.bindparam("own_id")))
_CALL: Final = Bare(sa.insert(conversation_calls), conversation_calls.c.keys())
_GONE: Final = sa.delete(conversation_calls).where(
    conversation_calls.c.conversation_id == sa.bindparam("own_id"),
    conversation_calls.c.visit == sa.bindparam("own_visit"),
)
_CALL_GONE: Final = Bare(_GONE)
_OWN_CALL_GONE: Final = Bare(_GONE.where(conversation_calls.c.owner == sa.bindparam("own_owner")))


def insert_steps(connection: sa.Connection, rows: list[dict[str, Any]]) -> None:
    """More of the path."""
    _STEP.run_many(connection, rows)


def replace_timers(connection: sa.Connection, conversation_id: str, rows: list[dict[str, Any]]) -> None:
    """Exactly these timers."""
    _TIMERS_GONE.run(connection, {"own_id": conversation_id})
    put_timers(connection, rows)


def put_timers(connection: sa.Connection, rows: list[dict[str, Any]]) -> None:
    """These timers, in the place of those of their kinds."""
    _TIMER.run_many(connection, rows)


def _is_unwanted(conversation_id: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """No turn of it is wanted yet, where wakes are written."""
    return ~sa.exists().where(conversation_wakes.c.conversation_id == conversation_id)


def list_due(connection: sa.Connection, limit: int) -> tuple[list[str], dt.datetime | None]:
    """Conversations with a timer that is due, and when the next one will be, by our clock."""
    now = now_of(connection)
    wanted = sa.select(timers.c.conversation_id).where(timers.c.due_at <= now, _is_unwanted(timers.c.conversation_id))
    due = connection.execute(wanted.order_by(timers.c.due_at).limit(limit)).scalars()
    later = connection.scalar(sa.select(sa.func.min(timers.c.due_at)).where(timers.c.due_at > now))
    ours = None if later is None else utc_now() + (later - now)
    return list(dict.fromkeys(due)), ours


def list_undone(connection: sa.Connection, older_than: dt.timedelta, limit: int) -> list[str]:
    """Conversations with messages that no turn has taken."""
    return list(
        connection.scalars(
            sa.select(messages.c.conversation_id)
            .where(
                messages.c.status == _WAITS,
                messages.c.created_at <= now_of(connection) - older_than,
                _is_unwanted(messages.c.conversation_id),
            )
            .distinct()
            .limit(limit)
        )
    )


# ── calls in the air ─────────────────────────────────────────────────────────────────────────────────────────────────


def insert_calls(connection: sa.Connection, rows: list[dict[str, Any]]) -> None:
    """Calls that are about to begin."""
    _CALL.run_many(connection, rows)


def delete_call(connection: sa.Connection, conversation_id: str, visit: int, owner: str | None = None) -> bool:
    """A call of this process has ended; False when somebody else has it or has said so, or the conversation was begun anew."""
    given = {"own_id": conversation_id, "own_visit": visit}
    if owner is None:
        return _CALL_GONE.run(connection, given) == 1
    return _OWN_CALL_GONE.run(connection, {**given, "own_owner": owner}) == 1


def mark_call(connection: sa.Connection, conversation_id: str, visit: int, column: str, at: dt.datetime) -> bool:
    """Note once that a call takes long (`said_at`) or is beyond its budget (`late_at`)."""
    marked = conversation_calls.c[column]
    return (
        connection.execute(
            sa.update(conversation_calls)
            .where(
                conversation_calls.c.conversation_id == conversation_id,
                conversation_calls.c.visit == visit,
                marked.is_(None),
            )
            .values({column: at})
        ).rowcount
        == 1
    )


def has_left_calls(connection: sa.Connection, owner: str) -> bool:
    """Whether any call belongs to another process."""
    found = sa.select(conversation_calls.c.visit).where(conversation_calls.c.owner != owner).limit(1)
    return connection.scalar(found) is not None


def claim_calls(
    connection: sa.Connection, owner: str, silent: dt.timedelta, limit: int, *, is_only_server: bool
) -> Sequence[Row]:
    """Take over the calls of processes that are dead; on SQLite every other one is."""
    statement = sa.select(conversation_calls).where(conversation_calls.c.owner != owner)
    if not is_only_server:
        alive = sa.select(processes.c.id).where(processes.c.heartbeat_at >= now_of(connection) - silent)
        statement = statement.where(conversation_calls.c.owner.not_in(alive)).with_for_update(skip_locked=True)
    rows = connection.execute(statement.limit(limit)).all()
    for row in rows:
        connection.execute(
            sa.update(conversation_calls)
            .where(conversation_calls.c.conversation_id == row.conversation_id, conversation_calls.c.visit == row.visit)
            .values(owner=owner)
        )
    return rows


# ── beginning anew, and the end ──────────────────────────────────────────────────────────────────────────────────────


def delete_history(connection: sa.Connection, conversation_id: str) -> None:
    """Forget what was said and walked, and whatever is under way."""
    for table in (messages, conversation_steps, timers, conversation_calls):
        connection.execute(sa.delete(table).where(table.c.conversation_id == conversation_id))


def lock_open(connection: sa.Connection, channel_id: str) -> Sequence[str]:
    """The conversations of a channel that have not ended, held until the transaction ends."""
    own = (conversations.c.channel_id == channel_id, conversations.c.status.not_in(ENDED))
    return connection.scalars(
        sa.select(conversations.c.id).where(*own).order_by(conversations.c.id).with_for_update()
    ).all()


def end_all_waits(connection: sa.Connection, channel_id: str, at: dt.datetime) -> None:
    """Nobody waits for anything in the conversations of a channel, and nobody takes what is left."""
    own = sa.select(conversations.c.id).where(conversations.c.channel_id == channel_id)
    for table in (timers, conversation_calls, conversation_wakes):
        connection.execute(sa.delete(table).where(table.c.conversation_id.in_(own)))
    left = (messages.c.conversation_id.in_(own), messages.c.status == _WAITS)
    connection.execute(sa.update(messages).where(*left).values(status="done", done_at=at))


def delete_ended_before(connection: sa.Connection, moment: dt.datetime) -> int:
    """Delete at most 500 conversations that ended before `moment`; how many were deleted."""
    return delete_some(connection, conversations, conversations.c.ended_at < moment)


def delete_unused_snapshots(connection: sa.Connection, moment: dt.datetime) -> int:
    """Delete at most 500 drafts as somebody tried them before `moment`, that no conversation walks."""
    return delete_some(
        connection,
        flow_versions,
        flow_versions.c.number.is_(None),
        flow_versions.c.created_at < moment,
        ~sa.exists().where(conversations.c.version_id == flow_versions.c.id),
    )
