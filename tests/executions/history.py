"""Executions of the past, put into the database as if they had run then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from recado.db.tables import execution_counts, execution_results, executions, revisions
from recado.ids import id_at, new_id


@dataclass(frozen=True)
class Past:
    """One execution; without an outcome it is still running."""

    at: dt.datetime
    outcome: str | None = "ok"
    action_id: str | None = None
    integration_id: str | None = None
    credential_id: str | None = None
    kind: str = "live"
    total_ms: float | None = 10.0

    def rows(self, workspace_id: str) -> tuple[dict[str, Any], dict[str, Any] | None]:
        """Its row, and that of its result."""
        execution_id = id_at("exe", self.at)[:14] + new_id("exe")[14:]
        opened = {
            "workspace_id": workspace_id,
            "id": execution_id,
            "kind": self.kind,
            "integration_id": self.integration_id,
            "action_id": self.action_id,
            "credential_id": self.credential_id,
            "method": "GET",
            "created_at": self.at,
        }
        if self.outcome is None:
            return opened, None
        record = (
            '{"verdict":null,"error":null,"outputs":{},"output_results":[],"response":null,"timing":null,"attempts":[]}'
        )
        closed = {"id": execution_id, "outcome": self.outcome, "total_ms": self.total_ms, "record": record}
        return opened, closed | {"finished_at": self.at}


def put(server: Any, workspace_id: str, past: Iterable[Past]) -> None:
    """Write them."""
    rows = [one.rows(workspace_id) for one in past]
    with server.database.begin() as connection:
        connection.execute(sa.insert(executions), [opened for opened, _ in rows])
        closed = [result for _, result in rows if result]
        if closed:
            connection.execute(sa.insert(execution_results), closed)


def forget_counts(server: Any) -> None:
    """As in a database that an older release wrote: nothing is counted ahead."""
    with server.database.begin() as connection:
        connection.execute(sa.delete(execution_counts))
        connection.execute(sa.delete(revisions).where(revisions.c.name == "counted"))


def count_ahead(server: Any) -> None:
    """What the server does twice a minute."""
    server.run(server.parts.tasks.count())


def counted_rows(server: Any, workspace_id: str) -> Iterator[Any]:
    """What is counted ahead."""
    with server.database.begin() as connection:
        statement = sa.select(execution_counts).where(execution_counts.c.workspace_id == workspace_id)
        yield from connection.execute(statement).all()
