"""All SQL of credentials and of their values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any, Final

import sqlalchemy as sa

from recado.db.columns import Json
from recado.db.tables import (
    actions,
    credential_values,
    credentials,
    flow_uses,
    flows,
    forms,
    integrations,
    sealing_keys,
)
from recado.web.pages import contains, paged

Row = sa.Row[*tuple[Any, ...]]


def _raw(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """A JSON column as text, so that a damaged one is found where its record is read, not for a whole list."""
    return sa.type_coerce(column, sa.Text).label(column.name) if isinstance(column.type, Json) else column


_COLUMNS: Final = [_raw(column) for column in credentials.c]
_USES: Final[tuple[sa.Select[Any], ...]] = (
    sa.select(
        flow_uses.c.workspace_id,
        flow_uses.c.object_id.label("credential_id"),
        sa.literal("flow").label("kind"),
        flows.c.id,
        flows.c.name,
    )
    .join(flows, flows.c.id == flow_uses.c.flow_id)
    .where(flow_uses.c.kind == "credential")
    .distinct(),
    sa.select(
        forms.c.workspace_id,
        credentials.c.id.label("credential_id"),
        sa.literal("form").label("kind"),
        forms.c.id,
        forms.c.name,
    ).join(
        credentials,
        (credentials.c.workspace_id == forms.c.workspace_id)
        & sa.type_coerce(forms.c.definition, sa.Text).contains(credentials.c.id),
    ),
)
"""One statement for each kind of thing that can refer to a credential: workspace_id, credential_id, kind, id, name."""


# ── credentials ──────────────────────────────────────────────────────────────────────────────────────────────────────


def insert_credential(connection: sa.Connection, values: dict[str, Any]) -> None:
    """A new row. Raises IntegrityError where the id is taken."""
    connection.execute(sa.insert(credentials).values(values))


def find_credential(connection: sa.Connection, workspace_id: str, credential_id: str) -> Row | None:
    """One credential with its integration's `auth`."""
    return connection.execute(
        sa.select(*_COLUMNS, _raw(integrations.c.auth))
        .join(integrations, integrations.c.id == credentials.c.integration_id)
        .where(credentials.c.workspace_id == workspace_id, credentials.c.id == credential_id)
    ).one_or_none()


def lock_credential(connection: sa.Connection, workspace_id: str, credential_id: str) -> Row | None:
    """One credential that nobody else changes before this transaction ends."""
    return connection.execute(
        sa.select(*_COLUMNS)
        .where(credentials.c.workspace_id == workspace_id, credentials.c.id == credential_id)
        .with_for_update()
    ).one_or_none()


def list_credentials(
    connection: sa.Connection,
    workspace_id: str,
    integration_id: str,
    search: str | None,
    limit: int,
    cursor: str | None,
) -> Sequence[Row]:
    """Newest first, one row more than asked."""
    statement = sa.select(*_COLUMNS).where(
        credentials.c.workspace_id == workspace_id, credentials.c.integration_id == integration_id
    )
    if search:
        statement = statement.where(contains(credentials.c.name, search))
    return connection.execute(paged(statement, credentials.c.id, limit, cursor)).all()


def update_credential(connection: sa.Connection, workspace_id: str, credential_id: str, values: dict[str, Any]) -> None:
    """Set some columns."""
    connection.execute(
        sa.update(credentials)
        .where(credentials.c.workspace_id == workspace_id, credentials.c.id == credential_id)
        .values(values)
    )


def delete_credential(connection: sa.Connection, workspace_id: str, credential_id: str) -> None:
    """The credential with its values."""
    connection.execute(
        sa.delete(credentials).where(credentials.c.workspace_id == workspace_id, credentials.c.id == credential_id)
    )


def find_integration(connection: sa.Connection, workspace_id: str, integration_id: str) -> Row | None:
    """The id and `auth` of an integration."""
    return connection.execute(
        sa.select(integrations.c.id, _raw(integrations.c.auth)).where(
            integrations.c.workspace_id == workspace_id, integrations.c.id == integration_id
        )
    ).one_or_none()


def list_requests(connection: sa.Connection, workspace_id: str, integration_id: str) -> Sequence[str]:
    """The stored requests of an integration: its test request, then those of its actions, oldest first."""
    test = sa.select(_raw(integrations.c.test_request)).where(
        integrations.c.workspace_id == workspace_id, integrations.c.id == integration_id
    )
    own = (
        sa.select(_raw(actions.c.request))
        .where(actions.c.workspace_id == workspace_id, actions.c.integration_id == integration_id)
        .order_by(actions.c.id)
    )
    return [text for select in (test, own) for text in connection.scalars(select) if text is not None]


def list_uses(connection: sa.Connection, workspace_id: str, credential_ids: Collection[str]) -> Sequence[Row]:
    """What refers to these credentials: rows of credential_id, kind, id, name."""
    found: list[Row] = []
    for select in _USES:
        uses = select.subquery()
        statement = sa.select(uses.c.credential_id, uses.c.kind, uses.c.id, uses.c.name).where(
            uses.c.workspace_id == workspace_id, uses.c.credential_id.in_(credential_ids)
        )
        found += connection.execute(statement).all()
    return found


# ── values ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def list_values(connection: sa.Connection, workspace_id: str, credential_ids: Collection[str]) -> Sequence[Row]:
    """Which fields have values: rows of credential_id, auth_field_id, updated_at."""
    columns = (credential_values.c.credential_id, credential_values.c.auth_field_id, credential_values.c.updated_at)
    return connection.execute(
        sa.select(*columns).where(
            credential_values.c.workspace_id == workspace_id, credential_values.c.credential_id.in_(credential_ids)
        )
    ).all()


def sealed_values() -> sa.Select[Any]:
    """Values with the key that opens each: one statement, so that a rotation never comes between the two."""
    return sa.select(
        *credential_values.c,
        sealing_keys.c.workspace_id.label("key_workspace_id"),
        sealing_keys.c.private_key_wrapped,
    ).join(sealing_keys, sealing_keys.c.kid == credential_values.c.kid, isouter=True)


def list_sealed(connection: sa.Connection, credential_id: str) -> Sequence[Row]:
    """The values of a credential with their keys; the columns of a missing key are null."""
    return connection.execute(sealed_values().where(credential_values.c.credential_id == credential_id)).all()


def put_values(connection: sa.Connection, credential_id: str, rows: Sequence[dict[str, Any]]) -> None:
    """Values in place of those the same fields have."""
    delete_values(connection, credential_id, [row["auth_field_id"] for row in rows])
    if rows:
        connection.execute(sa.insert(credential_values), rows)


def delete_values(connection: sa.Connection, credential_id: str, auth_field_ids: Collection[str]) -> None:
    """The values of some fields."""
    connection.execute(
        sa.delete(credential_values).where(
            credential_values.c.credential_id == credential_id,
            credential_values.c.auth_field_id.in_(auth_field_ids),
        )
    )


def has_values_newer_than(
    connection: sa.Connection, workspace_id: str, credential_id: str, moment: dt.datetime
) -> bool:
    """Whether a value of this credential was entered after `moment`."""
    newer = sa.select(credential_values.c.credential_id).where(
        credential_values.c.workspace_id == workspace_id,
        credential_values.c.credential_id == credential_id,
        credential_values.c.updated_at > moment,
    )
    return connection.execute(newer.limit(1)).first() is not None
