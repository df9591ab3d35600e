"""All SQL of integrations."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from recado.db.columns import JSON_ENCODER, Json
from recado.db.tables import actions, credential_values, credentials, flow_uses, flows, forms, integrations
from recado.web.pages import contains, paged

Row = sa.Row[*tuple[Any, ...]]


def raw_columns(table: sa.Table) -> list[sa.ColumnElement[Any]]:
    """A table's columns with JSON as text, so that a damaged value is found where one record is read, not for a whole list."""
    return [
        sa.type_coerce(column, sa.Text).label(column.name) if isinstance(column.type, Json) else column
        for column in table.c
    ]


def _counted() -> sa.Select[Any]:
    """Integrations with how many actions and credentials each has."""
    counts = (
        sa.select(sa.func.count())
        .select_from(table)
        .where(table.c.integration_id == integrations.c.id)
        .scalar_subquery()
        .label(f"{table.name}_count")
        for table in (actions, credentials)
    )
    return sa.select(*raw_columns(integrations), *counts)


def insert_integration(connection: sa.Connection, values: dict[str, Any]) -> None:
    """A new row."""
    connection.execute(sa.insert(integrations).values(values))


def find_integration(connection: sa.Connection, workspace_id: str, integration_id: str) -> Row | None:
    """One integration with its counts."""
    return connection.execute(
        _counted().where(integrations.c.workspace_id == workspace_id, integrations.c.id == integration_id)
    ).one_or_none()


def lock_integration(
    connection: sa.Connection, workspace_id: str, integration_id: str, *, is_shared: bool = False
) -> Row | None:
    """One integration that nobody else changes (or, shared, deletes or edits) before this transaction ends."""
    return connection.execute(
        sa.select(*raw_columns(integrations))
        .where(integrations.c.workspace_id == workspace_id, integrations.c.id == integration_id)
        .with_for_update(read=is_shared)
    ).one_or_none()


def list_integrations(
    connection: sa.Connection, workspace_id: str, search: str | None, limit: int, cursor: str | None
) -> Sequence[Row]:
    """Newest first, one row more than asked."""
    statement = _counted().where(integrations.c.workspace_id == workspace_id)
    if search:
        statement = statement.where(contains(integrations.c.name, search))
    return connection.execute(paged(statement, integrations.c.id, limit, cursor)).all()


def find_by_test_endpoint(connection: sa.Connection, workspace_id: str, beginning: str) -> Row | None:
    """The newest integration whose test request goes to an endpoint that begins so: rows of id and name."""
    text = sa.type_coerce(integrations.c.test_request, sa.Text)
    written = JSON_ENCODER.encode({"endpoint": beginning}).decode()[1:-2]  # without the closing quote
    return connection.execute(
        sa.select(integrations.c.id, integrations.c.name)
        .where(integrations.c.workspace_id == workspace_id, text.contains(written, autoescape=True))
        .order_by(integrations.c.id.desc())
        .limit(1)
    ).one_or_none()


def update_integration(connection: sa.Connection, integration_id: str, values: dict[str, Any]) -> None:
    """Set some columns."""
    connection.execute(sa.update(integrations).where(integrations.c.id == integration_id).values(values))


def delete_integration(connection: sa.Connection, integration_id: str) -> None:
    """The integration with its actions, and its credentials with their values."""
    for table in (actions, credentials):
        connection.execute(sa.delete(table).where(table.c.integration_id == integration_id))
    connection.execute(sa.delete(integrations).where(integrations.c.id == integration_id))


def list_actions_of(connection: sa.Connection, integration_id: str) -> Sequence[Row]:
    """Its actions, oldest first."""
    return connection.execute(
        sa.select(*raw_columns(actions)).where(actions.c.integration_id == integration_id).order_by(actions.c.id)
    ).all()


def list_credentials_of(connection: sa.Connection, integration_id: str) -> Sequence[Row]:
    """Its credentials' ids and names, oldest first."""
    return connection.execute(
        sa.select(credentials.c.id, credentials.c.name)
        .where(credentials.c.integration_id == integration_id)
        .order_by(credentials.c.id)
    ).all()


def list_flows_that_use(connection: sa.Connection, workspace_id: str, object_ids: Collection[str]) -> Sequence[Row]:
    """The flows whose draft or published version refers to one of these: rows of id and name, oldest first."""
    if not object_ids:
        return []
    return connection.execute(
        sa.select(flows.c.id, flows.c.name)
        .join(flow_uses, flow_uses.c.flow_id == flows.c.id)
        .where(flow_uses.c.workspace_id == workspace_id, flow_uses.c.object_id.in_(object_ids))
        .distinct()
        .order_by(flows.c.id)
    ).all()


def list_forms_that_use(connection: sa.Connection, workspace_id: str, object_ids: Collection[str]) -> Sequence[Row]:
    """The forms whose handlers name one of these actions or credentials: rows of id and name, oldest first."""
    written = sa.type_coerce(forms.c.definition, sa.Text)
    is_named = [
        sa.exists().where(table.c.id.in_(object_ids), written.contains(table.c.id)).correlate(forms)
        for table in (actions, credentials)
    ]
    return connection.execute(
        sa.select(forms.c.id, forms.c.name)
        .where(forms.c.workspace_id == workspace_id, sa.or_(*is_named))
        .order_by(forms.c.id)
    ).all()


def list_holders(connection: sa.Connection, integration_id: str, field_ids: Collection[str]) -> Sequence[Row]:
    """Which credentials hold a value for which of these fields: rows of id, name, auth_field_id."""
    if not field_ids:
        return []
    return connection.execute(
        sa.select(credentials.c.id, credentials.c.name, credential_values.c.auth_field_id)
        .join(credential_values, credential_values.c.credential_id == credentials.c.id)
        .where(credentials.c.integration_id == integration_id, credential_values.c.auth_field_id.in_(field_ids))
        .order_by(credentials.c.id, credential_values.c.auth_field_id)
    ).all()


def delete_values(connection: sa.Connection, workspace_id: str, field_ids: Collection[str]) -> None:
    """The values that credentials hold for fields that are gone."""
    connection.execute(
        sa.delete(credential_values).where(
            credential_values.c.workspace_id == workspace_id, credential_values.c.auth_field_id.in_(field_ids)
        )
    )
