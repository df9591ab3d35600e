"""All SQL of actions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from recado.db.rows import find_own
from recado.db.tables import actions, credentials, integrations
from recado.integrations.repository import Row, raw_columns
from recado.web.pages import contains, paged


def insert_action(connection: sa.Connection, values: dict[str, Any]) -> None:
    """A new row."""
    connection.execute(sa.insert(actions).values(values))


def find_action(connection: sa.Connection, workspace_id: str, action_id: str, *, is_locked: bool = False) -> Row | None:
    """One action; locked, nobody else changes it before this transaction ends."""
    return find_own(connection, actions, raw_columns(actions), workspace_id, action_id, is_locked=is_locked)


def find_integration(connection: sa.Connection, workspace_id: str, integration_id: str) -> Row | None:
    """The integration of an action."""
    return connection.execute(
        sa.select(*raw_columns(integrations)).where(
            integrations.c.workspace_id == workspace_id, integrations.c.id == integration_id
        )
    ).one_or_none()


def find_credential_integration(connection: sa.Connection, workspace_id: str, credential_id: str) -> str | None:
    """The id of the integration that a credential belongs to."""
    return connection.scalar(
        sa.select(credentials.c.integration_id).where(
            credentials.c.workspace_id == workspace_id, credentials.c.id == credential_id
        )
    )


def list_actions(
    connection: sa.Connection,
    workspace_id: str,
    integration_id: str,
    search: str | None,
    limit: int,
    cursor: str | None,
) -> Sequence[Row]:
    """Newest first, one row more than asked."""
    statement = sa.select(*raw_columns(actions)).where(
        actions.c.workspace_id == workspace_id, actions.c.integration_id == integration_id
    )
    if search:
        statement = statement.where(contains(actions.c.name, search))
    return connection.execute(paged(statement, actions.c.id, limit, cursor)).all()


def list_all_actions(connection: sa.Connection, workspace_id: str, integration_id: str) -> Sequence[Row]:
    """All actions of an integration, oldest first."""
    return connection.execute(
        sa.select(*raw_columns(actions))
        .where(actions.c.workspace_id == workspace_id, actions.c.integration_id == integration_id)
        .order_by(actions.c.id)
    ).all()


def update_action(connection: sa.Connection, action_id: str, values: dict[str, Any]) -> None:
    """Set some columns."""
    connection.execute(sa.update(actions).where(actions.c.id == action_id).values(values))


def delete_action(connection: sa.Connection, action_id: str) -> None:
    """The action; its executions stay."""
    connection.execute(sa.delete(actions).where(actions.c.id == action_id))
