"""All SQL of webhooks but the writing of events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any, Final

import sqlalchemy as sa

from recado.credentials.keys_repository import WEBHOOK, sealed_secrets
from recado.db import rows
from recado.db.columns import utc_now
from recado.db.tables import webhook_events, webhook_secrets, webhooks
from recado.ids import id_at
from recado.web.pages import paged

Row = sa.Row[*tuple[Any, ...]]
_DAY: Final = dt.timedelta(days=1)


# ── webhooks ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def insert_webhook(connection: sa.Connection, values: dict[str, Any]) -> None:
    """A new webhook."""
    connection.execute(sa.insert(webhooks).values(**values))


def find_webhook(
    connection: sa.Connection, workspace_id: str, webhook_id: str, *, is_locked: bool = False
) -> Row | None:
    """A webhook of a workspace; locked, to the end of the transaction."""
    return rows.find_own(connection, webhooks, list(webhooks.c), workspace_id, webhook_id, is_locked=is_locked)


def list_webhooks(connection: sa.Connection, workspace_id: str) -> Sequence[Row]:
    """All of a workspace, the newest first."""
    statement = sa.select(webhooks).where(webhooks.c.workspace_id == workspace_id)
    return connection.execute(statement.order_by(webhooks.c.id.desc())).all()


def update_webhook(connection: sa.Connection, webhook_id: str, values: dict[str, Any]) -> None:
    """Write these columns."""
    connection.execute(sa.update(webhooks).where(webhooks.c.id == webhook_id).values(**values))


def delete_webhook(connection: sa.Connection, webhook_id: str) -> None:
    """Delete it, with its secrets and what it was told."""
    connection.execute(sa.delete(webhooks).where(webhooks.c.id == webhook_id))


# ── secrets ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def list_sealed(connection: sa.Connection, webhook_id: str) -> Sequence[Row]:
    """Its secrets with their keys, the current one first."""
    statement = sealed_secrets(WEBHOOK).where(webhook_secrets.c.webhook_id == webhook_id)
    return connection.execute(statement.order_by(webhook_secrets.c.name.desc())).all()


def replace_secrets(connection: sa.Connection, webhook_id: str, rows: Sequence[dict[str, Any]]) -> None:
    """Exactly these secrets."""
    connection.execute(sa.delete(webhook_secrets).where(webhook_secrets.c.webhook_id == webhook_id))
    connection.execute(sa.insert(webhook_secrets), list(rows))


def list_with_two(connection: sa.Connection, webhook_ids: Collection[str]) -> set[str]:
    """Those whose secret before the current one signs too."""
    found = sa.select(webhook_secrets.c.webhook_id).where(
        webhook_secrets.c.webhook_id.in_(webhook_ids), webhook_secrets.c.name == "before"
    )
    return set(connection.scalars(found))


# ── events ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def count_events(connection: sa.Connection, webhook_id: str) -> tuple[int, int]:
    """How many wait, and how many of the last day were given up."""
    since = utc_now() - _DAY
    own = webhook_events.c.webhook_id == webhook_id
    waiting = sa.select(sa.func.count()).where(own, webhook_events.c.status == "waiting")
    failed = sa.select(sa.func.count()).where(
        own, webhook_events.c.status == "failed", webhook_events.c.created_at >= since
    )
    return connection.scalar(waiting) or 0, connection.scalar(failed) or 0


def find_newest_answer(connection: sa.Connection, webhook_id: str) -> Any:
    """The answer to the newest event that was tried."""
    tried = sa.select(webhook_events.c.answer).where(
        webhook_events.c.webhook_id == webhook_id, webhook_events.c.tries > 0
    )
    return connection.scalar(tried.order_by(webhook_events.c.id.desc()).limit(1))


def list_events(
    connection: sa.Connection, webhook_id: str, status: str | None, limit: int, cursor: str | None
) -> Sequence[Row]:
    """What it was told or will be, the newest first."""
    statement = sa.select(webhook_events).where(webhook_events.c.webhook_id == webhook_id)
    if status is not None:
        statement = statement.where(webhook_events.c.status == status)
    return connection.execute(paged(statement, webhook_events.c.id, limit, cursor)).all()


def find_event(connection: sa.Connection, webhook_id: str, event_id: str) -> Row | None:
    """Something a webhook is told."""
    statement = sa.select(webhook_events).where(
        webhook_events.c.webhook_id == webhook_id, webhook_events.c.id == event_id
    )
    return connection.execute(statement).one_or_none()


def send_anew(connection: sa.Connection, event_id: str, now: dt.datetime) -> None:
    """Have it sent now, with all its tries before it."""
    values = {"status": "waiting", "tries": 0, "due_at": now, "owner": None}
    connection.execute(sa.update(webhook_events).where(webhook_events.c.id == event_id).values(**values))


def is_any_due(connection: sa.Connection, now: dt.datetime) -> bool:
    """Whether anything is to be sent now; a look that writes nothing."""
    return rows.is_any_due(connection, webhook_events, now)


def claim_due(
    connection: sa.Connection, owner: str, now: dt.datetime, limit: int, silent: dt.timedelta, *, is_only_server: bool
) -> Sequence[Row]:
    """Take what is due and nobody living sends, as far as its webhook is not paused."""
    wanted = sa.select(webhook_events, webhooks.c.url).join(webhooks, webhooks.c.id == webhook_events.c.webhook_id)
    wanted = wanted.where(~webhooks.c.is_paused)
    return rows.claim_due(connection, webhook_events, wanted, owner, now, limit, silent, is_only_server=is_only_server)


def settle(
    connection: sa.Connection, event_id: str, status: str, due_at: dt.datetime | None, answer: dict[str, Any]
) -> None:
    """How a try ended."""
    values = {"status": status, "due_at": due_at, "owner": None, "answer": answer}
    connection.execute(sa.update(webhook_events).where(webhook_events.c.id == event_id).values(**values))


def delete_settled_before(connection: sa.Connection, moment: dt.datetime) -> int:
    """Delete at most 500 that are over and older than `moment`; how many were deleted."""
    is_old = webhook_events.c.id < id_at("evt", moment)
    return rows.delete_some(connection, webhook_events, is_old, webhook_events.c.status != "waiting")
