"""All SQL of flows and their versions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final

import sqlalchemy as sa

from recado.db.rows import find_own
from recado.db.tables import (
    actions,
    batches,
    channels,
    conversations,
    credential_values,
    credentials,
    flow_uses,
    flow_versions,
    flows,
    forms,
    integrations,
)
from recado.flows.uses import Use
from recado.integrations.repository import Row, raw_columns
from recado.web.pages import contains, paged, read_cursor

MOST_NUMBER: Final = 2**31 - 1
_LISTED: Final = [column for column in flows.c if column.name != "draft"]
_LISTED_VERSION: Final = [
    flow_versions.c[name] for name in ("id", "flow_id", "number", "note", "created_by", "created_at")
]


# ── flows ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def insert_flow(connection: sa.Connection, values: dict[str, Any]) -> None:
    """A new row."""
    connection.execute(sa.insert(flows).values(values))


def find_flow(connection: sa.Connection, workspace_id: str, flow_id: str, *, is_locked: bool = False) -> Row | None:
    """One flow; locked, nobody else changes it before this transaction ends."""
    return find_own(connection, flows, raw_columns(flows), workspace_id, flow_id, is_locked=is_locked)


def list_flows(
    connection: sa.Connection, workspace_id: str, search: str | None, limit: int, cursor: str | None
) -> Sequence[Row]:
    """Newest first and without drafts, one row more than asked."""
    statement = sa.select(*_LISTED).where(flows.c.workspace_id == workspace_id)
    if search:
        statement = statement.where(contains(flows.c.name, search))
    return connection.execute(paged(statement, flows.c.id, limit, cursor)).all()


def update_flow(connection: sa.Connection, flow_id: str, values: dict[str, Any]) -> None:
    """Set some columns."""
    connection.execute(sa.update(flows).where(flows.c.id == flow_id).values(values))


def delete_flow(connection: sa.Connection, flow_id: str) -> None:
    """The flow with its versions."""
    connection.execute(sa.delete(flows).where(flows.c.id == flow_id))


# ── versions ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def insert_version(connection: sa.Connection, values: dict[str, Any]) -> None:
    """A new row."""
    connection.execute(sa.insert(flow_versions).values(values))


def newest_number(connection: sa.Connection, flow_id: str) -> int:
    """The number of the newest published version; 0 before the first."""
    statement = sa.select(sa.func.max(flow_versions.c.number)).where(flow_versions.c.flow_id == flow_id)
    return connection.scalar(statement) or 0


def find_version(connection: sa.Connection, workspace_id: str, flow_id: str, number: int) -> Row | None:
    """A published version."""
    if not 0 < number <= MOST_NUMBER:
        return None
    return connection.execute(
        sa.select(*raw_columns(flow_versions)).where(
            flow_versions.c.workspace_id == workspace_id,
            flow_versions.c.flow_id == flow_id,
            flow_versions.c.number == number,
        )
    ).one_or_none()


def find_versions(connection: sa.Connection, workspace_id: str, version_ids: Collection[str]) -> Sequence[Row]:
    """Versions by their ids."""
    return connection.execute(
        sa.select(*raw_columns(flow_versions)).where(
            flow_versions.c.workspace_id == workspace_id, flow_versions.c.id.in_(version_ids)
        )
    ).all()


def find_newest_snapshot(connection: sa.Connection, flow_id: str) -> Row | None:
    """The newest version without a number."""
    return connection.execute(
        sa.select(*raw_columns(flow_versions))
        .where(flow_versions.c.flow_id == flow_id, flow_versions.c.number.is_(None))
        .order_by(flow_versions.c.created_at.desc(), flow_versions.c.id.desc())
        .limit(1)
    ).one_or_none()


def list_versions(connection: sa.Connection, flow_id: str, limit: int, cursor: str | None) -> Sequence[Row]:
    """Published versions, newest first and without definitions, one row more than asked."""
    statement = sa.select(*_LISTED_VERSION).where(flow_versions.c.flow_id == flow_id, flow_versions.c.number > 0)
    last = read_cursor(cursor)
    if last is not None:  # a cursor that is no number of ours is one of another list
        is_number = last.isdecimal() and last.isascii() and len(last) <= len(str(MOST_NUMBER))
        statement = statement.where(flow_versions.c.number < min(int(last) if is_number else 0, MOST_NUMBER))
    return connection.execute(statement.order_by(flow_versions.c.number.desc()).limit(limit + 1)).all()


# ── what refers to what ──────────────────────────────────────────────────────────────────────────────────────────────


def put_uses(connection: sa.Connection, workspace_id: str, flow_id: str, source: str, uses: Iterable[Use]) -> None:
    """What a flow's draft or published version refers to, in place of what it referred to."""
    connection.execute(sa.delete(flow_uses).where(flow_uses.c.flow_id == flow_id, flow_uses.c.source == source))
    rows = [
        {"flow_id": flow_id, "source": source, "kind": kind, "object_id": object_id, "workspace_id": workspace_id}
        for kind, object_id in uses
    ]
    if rows:
        connection.execute(sa.insert(flow_uses), rows)


def list_callers(connection: sa.Connection, workspace_id: str, flow_id: str) -> Sequence[Row]:
    """The other flows whose draft or published version calls this one: rows of id and name, oldest first."""
    return connection.execute(
        sa.select(flows.c.id, flows.c.name)
        .join(flow_uses, flow_uses.c.flow_id == flows.c.id)
        .where(flow_uses.c.workspace_id == workspace_id, flow_uses.c.object_id == flow_id, flows.c.id != flow_id)
        .distinct()
        .order_by(flows.c.id)
    ).all()


def list_outdated(connection: sa.Connection, workspace_id: str, flow_ids: Collection[str]) -> Sequence[Row]:
    """The newest versions of these flows that use something which was changed or deleted since."""
    others = flows.alias("others")
    known = (integrations, actions, credentials, forms, others)
    changed_at = sa.func.coalesce(*(table.c.updated_at for table in known))
    joined = flow_uses.join(flows, flows.c.id == flow_uses.c.flow_id).join(
        flow_versions,
        sa.and_(flow_versions.c.flow_id == flows.c.id, flow_versions.c.number == flows.c.published_number),
    )
    for table in known:
        joined = joined.outerjoin(table, table.c.id == flow_uses.c.object_id)
    outdated = (
        sa.select(flow_versions.c.id)
        .select_from(joined)
        .where(
            flow_uses.c.workspace_id == workspace_id,
            flow_uses.c.flow_id.in_(flow_ids),
            flow_uses.c.source == "published",
            sa.or_(changed_at.is_(None), changed_at > flow_versions.c.created_at),
        )
    )
    return connection.execute(sa.select(*raw_columns(flow_versions)).where(flow_versions.c.id.in_(outdated))).all()


def list_channels_beginning(connection: sa.Connection, workspace_id: str, flow_id: str) -> Sequence[Row]:
    """The channels on which a first message begins a flow, oldest first: rows of id and name."""
    settings = sa.type_coerce(channels.c.settings, sa.Text)
    return connection.execute(
        sa.select(channels.c.id, channels.c.name)
        .where(channels.c.workspace_id == workspace_id, settings.contains(flow_id, autoescape=True))
        .order_by(channels.c.id)
    ).all()


def list_batches(connection: sa.Connection, flow_id: str) -> Sequence[Row]:
    """The batches that are beginning a flow with people now: rows of id and name."""
    return connection.execute(
        sa.select(batches.c.id, batches.c.id.label("name"))
        .where(batches.c.flow_id == flow_id, batches.c.status == "running")
        .order_by(batches.c.id)
    ).all()


def list_open_conversations(connection: sa.Connection, flow_id: str, limit: int) -> Sequence[Row]:
    """Conversations with people that are in the middle of a flow, oldest first: rows of id and name."""
    return connection.execute(
        sa.select(conversations.c.id, conversations.c.contact_key.label("name"))
        .where(
            conversations.c.flow_id == flow_id,
            conversations.c.ended_at.is_(None),
            conversations.c.channel_id != "simulator",
        )
        .order_by(conversations.c.id)
        .limit(limit)
    ).all()


# ── what a flow may refer to ─────────────────────────────────────────────────────────────────────────────────────────


def list_flow_rows(connection: sa.Connection, workspace_id: str, flow_ids: Collection[str]) -> Sequence[Row]:
    """Some flows without their drafts."""
    return connection.execute(
        sa.select(*_LISTED).where(flows.c.workspace_id == workspace_id, flows.c.id.in_(flow_ids))
    ).all()


def list_numbered(connection: sa.Connection, workspace_id: str, wanted: Collection[tuple[str, int]]) -> Sequence[Row]:
    """Published versions by flow and number: rows of id, flow_id and number."""
    numbers = {number for _, number in wanted if 0 < number <= MOST_NUMBER}
    rows = connection.execute(
        sa.select(flow_versions.c.id, flow_versions.c.flow_id, flow_versions.c.number).where(
            flow_versions.c.workspace_id == workspace_id,
            flow_versions.c.flow_id.in_({flow_id for flow_id, _ in wanted}),
            flow_versions.c.number.in_(numbers),
        )
    ).all()
    return [row for row in rows if (row.flow_id, row.number) in wanted]


def list_integrations(connection: sa.Connection, workspace_id: str, ids: Collection[str]) -> Sequence[Row]:
    """Some integrations."""
    return _list_some(connection, integrations, workspace_id, ids)


def list_actions(connection: sa.Connection, workspace_id: str, ids: Collection[str]) -> Sequence[Row]:
    """Some actions."""
    return _list_some(connection, actions, workspace_id, ids)


def list_forms(connection: sa.Connection, workspace_id: str, ids: Collection[str]) -> Sequence[Row]:
    """Some forms."""
    return _list_some(connection, forms, workspace_id, ids)


def list_form_names(connection: sa.Connection, workspace_id: str) -> Sequence[Row]:
    """All forms of a workspace, oldest first: rows of id and name."""
    statement = sa.select(forms.c.id, forms.c.name).where(forms.c.workspace_id == workspace_id).order_by(forms.c.id)
    return connection.execute(statement).all()


def list_credentials(connection: sa.Connection, workspace_id: str, ids: Collection[str]) -> Sequence[Row]:
    """Some credentials, without their values."""
    return _list_some(connection, credentials, workspace_id, ids)


def list_held_fields(connection: sa.Connection, workspace_id: str, credential_ids: Collection[str]) -> Sequence[Row]:
    """Which authentication fields some credentials have values for: rows of credential_id and auth_field_id."""
    return connection.execute(
        sa.select(credential_values.c.credential_id, credential_values.c.auth_field_id).where(
            credential_values.c.workspace_id == workspace_id, credential_values.c.credential_id.in_(credential_ids)
        )
    ).all()


def list_integrations_named(connection: sa.Connection, workspace_id: str, name: str) -> Sequence[Row]:
    """The integrations of this very name, oldest first."""
    return connection.execute(
        sa.select(*raw_columns(integrations))
        .where(integrations.c.workspace_id == workspace_id, integrations.c.name == name)
        .order_by(integrations.c.id)
    ).all()


def list_credentials_of(connection: sa.Connection, workspace_id: str, integration_id: str) -> Sequence[Row]:
    """An integration's credentials, oldest first: rows of id, name and value_count."""
    count = sa.func.count(credential_values.c.auth_field_id).label("value_count")
    return connection.execute(
        sa.select(credentials.c.id, credentials.c.name, count)
        .join(credential_values, credential_values.c.credential_id == credentials.c.id, isouter=True)
        .where(credentials.c.workspace_id == workspace_id, credentials.c.integration_id == integration_id)
        .group_by(credentials.c.id, credentials.c.name)
        .order_by(credentials.c.id)
    ).all()


def _list_some(connection: sa.Connection, table: sa.Table, workspace_id: str, ids: Collection[str]) -> Sequence[Row]:
    return connection.execute(
        sa.select(*raw_columns(table)).where(table.c.workspace_id == workspace_id, table.c.id.in_(ids))
    ).all()
