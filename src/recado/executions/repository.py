"""All SQL of executions that is not on the writer's fast path."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any, Final

import sqlalchemy as sa

from recado.db.bare import Bare
from recado.db.columns import utc_now
from recado.db.tables import execution_results, executions, processes, workspaces
from recado.ids import id_at
from recado.web.pages import paged

IDEMPOTENCY_LIFE: Final = dt.timedelta(hours=24)
_BATCH: Final = 500
_CLOCK_MARGIN: Final = dt.timedelta(seconds=60)
Row = sa.Row[*tuple[Any, ...]]


_WHOLE: Final = (
    sa.select(executions, *(column for column in execution_results.c if column.name != "id"))
    .select_from(executions)
    .outerjoin(execution_results, execution_results.c.id == executions.c.id)
)
_HEAVY: Final = frozenset({"request_body", "response_body", "inputs"})
_LISTED: Final = sa.select(*(column for column in _WHOLE.selected_columns if column.name not in _HEAVY)).outerjoin(
    execution_results, execution_results.c.id == executions.c.id
)
_OF_RESULT: Final = frozenset({"outcome"})


def find_execution(connection: sa.Connection, workspace_id: str, execution_id: str) -> Row | None:
    """One execution with its bodies; without `finished_at` while it runs."""
    return connection.execute(
        _WHOLE.where(executions.c.workspace_id == workspace_id, executions.c.id == execution_id)
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
    statement = narrowed(_LISTED, workspace_id, filters, since, until)
    return connection.execute(paged(statement, executions.c.id, limit, cursor)).all()


def narrowed(
    statement: sa.Select[Any],
    workspace_id: str,
    filters: dict[str, Any],
    since: dt.datetime | None,
    until: dt.datetime | None,
) -> sa.Select[Any]:
    """A statement over both tables of executions, held to a workspace, some columns' values and a span of time."""
    statement = statement.where(executions.c.workspace_id == workspace_id)
    for name, value in filters.items():
        table = execution_results if name in _OF_RESULT else executions
        statement = statement.where(table.c[name] == value)
    if since:
        statement = statement.where(executions.c.id >= id_at("exe", since))
    if until:
        statement = statement.where(executions.c.id < id_at("exe", until))
    return statement


def list_executions_by_id(connection: sa.Connection, workspace_id: str, ids: Collection[str]) -> Sequence[Row]:
    """These executions, newest first, without bodies."""
    statement = _LISTED.where(executions.c.workspace_id == workspace_id, executions.c.id.in_(ids))
    return connection.execute(statement.order_by(executions.c.id.desc())).all()


def find_by_idempotency_key(connection: sa.Connection, workspace_id: str, action_id: str, key: str) -> Row | None:
    """The execution that holds this key."""
    return connection.execute(
        sa.select(executions.c.id, executions.c.idempotency_hash, executions.c.created_at).where(
            executions.c.workspace_id == workspace_id,
            executions.c.action_id == action_id,
            executions.c.idempotency_key == key,
        )
    ).one_or_none()


def release_idempotency_key(connection: sa.Connection, workspace_id: str, execution_id: str) -> None:
    """Free the key of an execution, so that it can be used anew."""
    connection.execute(
        sa.update(executions)
        .where(executions.c.workspace_id == workspace_id, executions.c.id == execution_id)
        .values(idempotency_key=None, idempotency_hash=None)
    )


_COLUMNS: Final = tuple(column.name for column in executions.c)
_ONCE: Final = Bare(
    sa.text(
        f"INSERT INTO executions ({', '.join(_COLUMNS)}) VALUES (:{', :'.join(_COLUMNS)}) ON CONFLICT DO NOTHING"  # noqa: S608  # our own names
    ).bindparams(*(sa.bindparam(column.name, type_=column.type) for column in executions.c))
)


def insert_once(connection: sa.Connection, values: dict[str, Any]) -> bool:
    """An open execution, unless its idempotency key is held; whether it was inserted."""
    return _ONCE.run(connection, {**dict.fromkeys(_COLUMNS), **values}) == 1


def insert_execution(connection: sa.Connection, values: dict[str, Any]) -> None:
    """An open execution."""
    connection.execute(sa.insert(executions).values(**values))


def update_request(
    connection: sa.Connection, workspace_id: str, execution_id: str, request: str | None, body: bytes | None
) -> None:
    """What is about to be sent, for a row that was opened before it was rendered."""
    connection.execute(
        sa.update(executions)
        .where(executions.c.workspace_id == workspace_id, executions.c.id == execution_id)
        .values(request=request, request_body=body)
    )


def release_old_idempotency_keys(connection: sa.Connection) -> int:
    """Free the keys that are older than a day; how many."""
    return connection.execute(
        sa.update(executions)
        .where(executions.c.idempotency_key.is_not(None), executions.c.id < id_at("exe", utc_now() - IDEMPOTENCY_LIFE))
        .values(idempotency_key=None, idempotency_hash=None)
    ).rowcount


def delete_executions_before(connection: sa.Connection, moment: dt.datetime) -> int:
    """Delete at most 500 finished executions older than `moment`; how many were deleted."""
    old = connection.scalars(
        sa.select(execution_results.c.id).where(execution_results.c.id < id_at("exe", moment)).limit(_BATCH)
    ).all()
    if not old:
        return 0
    every_workspace = sa.select(workspaces.c.id)
    connection.execute(
        sa.delete(executions).where(executions.c.workspace_id.in_(every_workspace), executions.c.id.in_(old))
    )
    connection.execute(sa.delete(execution_results).where(execution_results.c.id.in_(old)))
    return len(old)


# ── processes and what they left behind ──────────────────────────────────────────────────────────────────────────────


def insert_process(connection: sa.Connection, process_id: str, kind: str, host: str) -> None:
    """Announce a process that will own executions."""
    now = _now(connection)
    connection.execute(
        sa.insert(processes).values(
            id=process_id, kind=kind, host=host, started_at=now, heartbeat_at=now, oldest_open_id=_least_open(now, ())
        )
    )


def beat(connection: sa.Connection, process_id: str, open_ids: Collection[str]) -> bool:
    """Say that a process lives, by the database's clock; False when another one took it for dead."""
    now = _now(connection)
    changed = connection.execute(
        sa.update(processes)
        .where(processes.c.id == process_id)
        .values(heartbeat_at=now, oldest_open_id=_least_open(now, open_ids))
    )
    return changed.rowcount == 1


def _least_open(now: dt.datetime, open_ids: Collection[str]) -> str:
    """Nothing that is open is older than this; a minute is more than clocks differ and longer than an id waits for its row."""
    return min([*open_ids, id_at("exe", now - _CLOCK_MARGIN)])


def delete_process(connection: sa.Connection, process_id: str) -> None:
    """Take a process off the list."""
    connection.execute(sa.delete(processes).where(processes.c.id == process_id))


def list_dead_processes(
    connection: sa.Connection, own_id: str, silent: dt.timedelta, *, is_only_server: bool
) -> Sequence[Row]:
    """Those that were silent too long; on SQLite every other server is dead, since this one holds the folder."""
    is_dead = processes.c.heartbeat_at < _now(connection) - silent
    if is_only_server:
        is_dead = sa.or_(is_dead, processes.c.kind == "server")
    return connection.execute(sa.select(processes).where(processes.c.id != own_id, is_dead)).all()


def claim_orphans(connection: sa.Connection, own_id: str, dead: Row, limit: int) -> Sequence[Row]:
    """Take over executions that a dead process left open; their rows, now owned by `own_id`."""
    orphans = (
        sa.select(executions)
        .where(
            executions.c.workspace_id.in_(sa.select(workspaces.c.id)),
            executions.c.id >= dead.oldest_open_id,
            executions.c.owner == dead.id,
            ~sa.exists().where(execution_results.c.id == executions.c.id),
        )
        .order_by(executions.c.id)
        .limit(limit)
    )
    if connection.dialect.name == "postgresql":
        orphans = orphans.with_for_update(skip_locked=True)
    rows = connection.execute(orphans).all()
    for row in rows:
        connection.execute(
            sa.update(executions)
            .where(executions.c.workspace_id == row.workspace_id, executions.c.id == row.id)
            .values(owner=own_id)
        )
    return rows


def _now(connection: sa.Connection) -> dt.datetime:
    """The database's clock: several machines agree on it."""
    if connection.dialect.name == "sqlite":
        return utc_now()
    return connection.scalar(sa.select(sa.func.clock_timestamp())) or utc_now()
