"""All SQL of executions that is not on the writer's fast path."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa

from recado.db.columns import utc_now
from recado.db.tables import executions, processes
from recado.ids import id_at
from recado.web.pages import paged

IDEMPOTENCY_LIFE: Final = dt.timedelta(hours=24)
_BATCH: Final = 500
Row = sa.Row[*tuple[Any, ...]]


def find_execution(connection: sa.Connection, workspace_id: str, execution_id: str) -> Row | None:
    """One execution with its bodies."""
    return connection.execute(
        sa.select(executions).where(executions.c.workspace_id == workspace_id, executions.c.id == execution_id)
    ).one_or_none()


def list_executions(
    connection: sa.Connection,
    workspace_id: str,
    filters: dict[str, Any],
    since: dt.datetime | None,
    until: dt.datetime | None,
    limit: int,
    cursor: str | None,
) -> Sequence[Row]:
    """Newest first, without bodies; the ids carry the time, so a span of time is a span of ids."""
    shown = [column for column in executions.c if column.name not in {"request_body", "response_body", "inputs"}]
    statement = sa.select(*shown).where(executions.c.workspace_id == workspace_id)
    for name, value in filters.items():
        statement = statement.where(executions.c[name] == value)
    if since:
        statement = statement.where(executions.c.id >= id_at("exe", since))
    if until:
        statement = statement.where(executions.c.id < id_at("exe", until))
    return connection.execute(paged(statement, executions.c.id, limit, cursor)).all()


def find_by_idempotency_key(connection: sa.Connection, workspace_id: str, action_id: str, key: str) -> Row | None:
    """The execution that holds this key."""
    return connection.execute(
        sa.select(executions.c.id, executions.c.state, executions.c.idempotency_hash, executions.c.created_at).where(
            executions.c.workspace_id == workspace_id,
            executions.c.action_id == action_id,
            executions.c.idempotency_key == key,
        )
    ).one_or_none()


def release_idempotency_key(connection: sa.Connection, execution_id: str) -> None:
    """Free the key of an execution, so that it can be used anew."""
    connection.execute(
        sa.update(executions).where(executions.c.id == execution_id).values(idempotency_key=None, idempotency_hash=None)
    )


def insert_execution(connection: sa.Connection, values: dict[str, Any]) -> None:
    """An open execution."""
    connection.execute(sa.insert(executions).values(state="running", **values))


def release_old_idempotency_keys(connection: sa.Connection) -> int:
    """Free the keys that are older than a day; how many."""
    return connection.execute(
        sa.update(executions)
        .where(executions.c.idempotency_key.is_not(None), executions.c.id < id_at("exe", utc_now() - IDEMPOTENCY_LIFE))
        .values(idempotency_key=None, idempotency_hash=None)
    ).rowcount


def delete_executions_before(connection: sa.Connection, moment: dt.datetime) -> int:
    """Delete at most 500 finished executions older than `moment`; how many were deleted."""
    old = (
        sa.select(executions.c.id)
        .where(executions.c.id < id_at("exe", moment), executions.c.state == "finished")
        .limit(_BATCH)
    )
    return connection.execute(sa.delete(executions).where(executions.c.id.in_(old))).rowcount


# ── processes and what they left behind ──────────────────────────────────────────────────────────────────────────────


def insert_process(connection: sa.Connection, process_id: str, kind: str, host: str) -> None:
    """Announce a process that will own executions."""
    now = utc_now()
    connection.execute(
        sa.insert(processes).values(id=process_id, kind=kind, host=host, started_at=now, heartbeat_at=_now(connection))
    )


def beat(connection: sa.Connection, process_id: str) -> bool:
    """Say that a process lives, by the database's clock; False when another one took it for dead."""
    changed = connection.execute(
        sa.update(processes).where(processes.c.id == process_id).values(heartbeat_at=_now(connection))
    )
    return changed.rowcount == 1


def delete_process(connection: sa.Connection, process_id: str) -> None:
    """Take a process off the list."""
    connection.execute(sa.delete(processes).where(processes.c.id == process_id))


def delete_dead_processes(connection: sa.Connection, own_id: str, silent: dt.timedelta, *, is_only_server: bool) -> int:
    """Take those off the list that were silent too long; on SQLite every other server is dead, since we hold the folder."""
    is_dead = processes.c.heartbeat_at < _now(connection) - silent
    if is_only_server:
        is_dead = sa.or_(is_dead, processes.c.kind == "server")
    return connection.execute(sa.delete(processes).where(processes.c.id != own_id, is_dead)).rowcount


def claim_orphans(connection: sa.Connection, own_id: str, limit: int) -> Sequence[Row]:
    """Take over running executions whose owner is not on the list; their rows, now owned by `own_id`."""
    living = sa.select(processes.c.id)
    orphans = (
        sa.select(executions)
        .where(executions.c.state == "running", executions.c.owner.not_in(living))
        .order_by(executions.c.id)
        .limit(limit)
    )
    if connection.dialect.name == "postgresql":
        orphans = orphans.with_for_update(skip_locked=True)
    rows = connection.execute(orphans).all()
    ids = [row.id for row in rows]
    connection.execute(sa.update(executions).where(executions.c.id.in_(ids)).values(owner=own_id))
    return rows


def _now(connection: sa.Connection) -> dt.datetime:
    """The database's clock: several machines agree on it."""
    if connection.dialect.name == "sqlite":
        return utc_now()
    return connection.scalar(sa.select(sa.func.clock_timestamp())) or utc_now()
