"""All SQL of what waits to be sent: who sends for a channel, what is due, and what became of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import sqlalchemy as sa

from recado.accounts import audit
from recado.accounts.service import system_caller
from recado.channels import contacts as people
from recado.conversations.repository import now_of
from recado.db.bare import Bare, Row
from recado.db.tables import channels, contacts, messages, outbox, processes
from recado.webhooks.events import note

UNKNOWN_FOR: Final = dt.timedelta(seconds=20)
"""How long a status is waited for that tells of a message whose answer was lost; then it is sent again."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The Graph API has taken a message."""

    row: Row
    channel_message_id: str
    phone: str | None
    """The number it knows the person by."""


@dataclass(frozen=True, slots=True)
class Later:
    """A message is to be tried again; `is_unknown` where it may have gone out, `is_untried` where it surely has not."""

    row: Row
    seconds: float
    is_unknown: bool = False
    is_untried: bool = False


@dataclass(frozen=True, slots=True)
class Park:
    """Nothing can be sent on the channel until somebody has mended it; the message stays."""

    row: Row
    code: str
    message: str


Outcome = Accepted | Later | Park
State = Literal["ours", "parked", "lost"]


@dataclass(slots=True)
class Taken:
    """What a process has to send now; `state` says whether it may send at all."""

    state: State
    rows: list[Row] = field(default_factory=list)
    has_parked: Park | None = None


# ── which channels have something to send ────────────────────────────────────────────────────────────────────────────

_ANSWERED: Final = (
    sa.exists()
    .where(contacts.c.id == outbox.c.contact_id, contacts.c.last_message_at > outbox.c.held_at)
    .correlate(outbox)
)
_IS_DUE: Final = sa.and_(
    outbox.c.owner.is_(None),
    sa.or_(outbox.c.due_at <= sa.bindparam("now"), sa.and_(outbox.c.held_at.is_not(None), _ANSWERED)),
)


def list_waiting(connection: sa.Connection, owner: str, silent: dt.timedelta) -> list[tuple[str, str]]:
    """Channels with something due that this process may send for: ids of workspace and channel."""
    now = now_of(connection)
    is_left = sa.and_(outbox.c.owner.is_not(None), outbox.c.owner != owner)
    waiting = sa.exists().where(outbox.c.channel_id == channels.c.id, sa.or_(_IS_DUE, is_left))
    statement = sa.select(channels.c.workspace_id, channels.c.id).where(channels.c.parked.is_(None), waiting)
    if connection.dialect.name != "sqlite":
        alive = sa.select(processes.c.id).where(processes.c.heartbeat_at >= now - silent, processes.c.id != owner)
        statement = statement.where(sa.or_(channels.c.sender.is_(None), channels.c.sender.not_in(alive)))
    return [(row.workspace_id, row.id) for row in connection.execute(statement, {"now": now})]


# ── who sends ────────────────────────────────────────────────────────────────────────────────────────────────────────

_HOLDER: Final = sa.select(channels.c.sender, channels.c.parked).where(channels.c.id == sa.bindparam("wanted"))
_HOLDER_LOCKED: Final = _HOLDER.with_for_update(key_share=True)
_BEATS: Final = sa.select(processes.c.heartbeat_at).where(processes.c.id == sa.bindparam("wanted"))


def _hold(connection: sa.Connection, channel_id: str, owner: str, silent: dt.timedelta) -> State:
    """Make sure that this process is the one that sends for a channel, unless another one lives that does."""
    is_sqlite = connection.dialect.name == "sqlite"
    found = connection.execute(_HOLDER if is_sqlite else _HOLDER_LOCKED, {"wanted": channel_id}).one_or_none()
    if found is None:
        return "lost"
    if found.sender != owner:
        if found.sender is not None and not is_sqlite:
            beaten_at = connection.scalar(_BEATS, {"wanted": found.sender})
            if beaten_at is not None and beaten_at >= now_of(connection) - silent:
                return "lost"
        connection.execute(sa.update(channels).where(channels.c.id == channel_id).values(sender=owner))
        _take_over(connection, channel_id, owner)
    return "ours" if found.parked is None else "parked"


def _take_over(connection: sa.Connection, channel_id: str, owner: str) -> None:
    """What another process was sending may have gone out: its statuses are waited for."""
    connection.execute(
        sa.update(outbox)
        .where(outbox.c.channel_id == channel_id, outbox.c.owner.is_not(None), outbox.c.owner != owner)
        .values(owner=None, due_at=now_of(connection) + UNKNOWN_FOR)
    )


def leave(connection: sa.Connection, channel_ids: Sequence[str], owner: str) -> None:
    """Let others send for these channels."""
    connection.execute(
        sa.update(channels).where(channels.c.id.in_(channel_ids), channels.c.sender == owner).values(sender=None)
    )


# ── one round: what became of the last ones, and the next ones ───────────────────────────────────────────────────────

_NEW_ID: Final = sa.bindparam("new_wamid", type_=sa.String)
_IS_NEW: Final = sa.or_(
    messages.c.channel_message_id.is_(None), messages.c.channel_message_id != sa.func.coalesce(_NEW_ID, "")
)
"""Not so where a message has failed already under this id, and waits to be sent again."""
_SENT: Final = Bare(
    sa.update(messages)
    .where(messages.c.id == sa.bindparam("own_id"))
    .values(
        status=sa.case((sa.and_(messages.c.status == "queued", _IS_NEW), "sent"), else_=messages.c.status),
        channel_message_id=sa.case(
            (messages.c.status == "queued", sa.func.coalesce(_NEW_ID, messages.c.channel_message_id)),
            else_=sa.func.coalesce(messages.c.channel_message_id, _NEW_ID),
        ),
    )
)
_IS_OURS: Final = sa.and_(outbox.c.message_id == sa.bindparam("own_id"), outbox.c.held_at.is_(None))
"""What was claimed is not held; where it is, it has failed since."""
_GONE: Final = Bare(sa.delete(outbox).where(_IS_OURS))
_CLAIMED: Final = Bare(
    sa.update(outbox)
    .where(outbox.c.message_id == sa.bindparam("own_id"))
    .values(
        owner=sa.bindparam("new_owner"), begun_at=sa.bindparam("new_at"), tries=outbox.c.tries + 1, held_at=sa.null()
    )
)


def _due_first() -> sa.Select[Any]:
    """What is due, of each person only the first; a template passes what waits for the person to answer."""
    earlier, before = outbox.alias("earlier"), messages.alias("before")
    comes_first = sa.or_(
        before.c.created_at < messages.c.created_at,
        sa.and_(before.c.created_at == messages.c.created_at, before.c.number < messages.c.number),
    )
    blocks = sa.or_(outbox.c.payload.is_(None), earlier.c.held_at.is_(None))
    blocked = sa.exists().where(
        earlier.c.contact_id == outbox.c.contact_id,
        earlier.c.message_id != outbox.c.message_id,
        before.c.id == earlier.c.message_id,
        comes_first,
        blocks,
    )
    said = ("conversation_id", "number", "content", "block_id", "visit", "sent_by")
    who = ("phone", "user_id", "last_message_at", "opted_out_at")
    return (
        sa.select(
            outbox.c.message_id,
            outbox.c.channel_id,
            outbox.c.contact_id,
            outbox.c.payload,
            outbox.c.tries,
            outbox.c.held_at,
            *(messages.c[name] for name in said),
            *(contacts.c[name] for name in who),
        )
        .join_from(outbox, messages, messages.c.id == outbox.c.message_id)
        .join(contacts, contacts.c.id == outbox.c.contact_id)
        .where(outbox.c.channel_id == sa.bindparam("channel"), _IS_DUE, ~blocked)
        .order_by(outbox.c.due_at)
        .limit(sa.bindparam("most", type_=sa.Integer) + sa.literal_column("0"))  # without a sum SQLite plans anew
    )


_DUE: Final = Bare(_due_first())


def take_round(
    connection: sa.Connection,
    workspace_id: str,
    channel_id: str,
    owner: str,
    silent: dt.timedelta,
    ended: Sequence[Outcome],
    pick: Callable[[Sequence[Row]], Sequence[Row]],
    most: int,
) -> Taken:
    """Write down what became of what was sent, and claim what `pick` wants of what is due."""
    taken = Taken(_hold(connection, channel_id, owner, silent))
    settle(connection, channel_id, ended)
    parks = [outcome for outcome in ended if isinstance(outcome, Park)]
    if parks and park(connection, workspace_id, channel_id, parks[0].code, parks[0].message):
        taken.has_parked = parks[0]
    if parks and taken.state == "ours":
        taken.state = "parked"
    if taken.state != "ours" or most <= 0:
        return taken
    now = now_of(connection)
    due = _DUE.all(connection, {"channel": channel_id, "now": now, "most": most})
    taken.rows = list(pick(due)) if due else []
    claims = [{"own_id": row.message_id, "new_owner": owner, "new_at": now} for row in taken.rows]
    _CLAIMED.run_many(connection, claims)
    return taken


def settle(connection: sa.Connection, channel_id: str, ended: Sequence[Outcome]) -> None:
    """Write down what became of messages."""
    accepted = [outcome for outcome in ended if isinstance(outcome, Accepted)]
    accepted.sort(key=lambda outcome: str(outcome.row.message_id))  # as `stating.py` goes through them
    if accepted:
        sent = [{"own_id": one.row.message_id, "new_wamid": one.channel_message_id or None} for one in accepted]
        _SENT.run_many(connection, sent)
        _GONE.run_many(connection, [{"own_id": one.row.message_id} for one in accepted])
    now = now_of(connection) if len(accepted) < len(ended) or any(_has_alias(one) for one in accepted) else None
    for outcome in ended if now is not None else ():
        assert now is not None
        match outcome:
            case Accepted() if _has_alias(outcome):
                assert outcome.phone is not None
                people.add_identity(connection, channel_id, outcome.row.contact_id, "phone", outcome.phone, now)
            case Later():
                _postpone(connection, outcome, now)
            case Park():
                _change(
                    connection,
                    outcome.row,
                    {"owner": None, "begun_at": None, "due_at": now, "tries": outbox.c.tries - 1},
                )
            case _:
                pass


def _has_alias(accepted: Accepted) -> bool:
    """Whether WhatsApp knows the person by another number than we do: theirs is what answers will name."""
    return bool(accepted.phone) and accepted.row.phone is not None and accepted.phone != accepted.row.phone


def _postpone(connection: sa.Connection, later: Later, now: dt.datetime) -> None:
    values: dict[str, Any] = {"owner": None, "due_at": now + dt.timedelta(seconds=later.seconds)}
    if not later.is_unknown:
        values["begun_at"] = None
    if later.is_untried:
        values["tries"] = outbox.c.tries - 1
    _change(connection, later.row, values)


def _change(connection: sa.Connection, row: Row, values: dict[str, Any]) -> None:
    connection.execute(sa.update(outbox).where(_IS_OURS).values(values), {"own_id": row.message_id})


def park(connection: sa.Connection, workspace_id: str, channel_id: str, code: str, message: str) -> bool:
    """Send nothing on a channel from now on; False where that was so already."""
    now = now_of(connection)
    details = {"code": code, "message": message}
    changed = connection.execute(
        sa.update(channels)
        .where(channels.c.id == channel_id, channels.c.parked.is_(None))
        .values(parked={**details, "at": now})
    )
    if changed.rowcount == 0:
        return False
    audit.record(connection, system_caller(workspace_id), "channel.park", "channel", channel_id, details)
    name = connection.scalar(sa.select(channels.c.name).where(channels.c.id == channel_id))
    note(connection, workspace_id, "channel.parked", now, {"channel": {"id": channel_id, "name": name}, **details})
    return True
