"""All SQL of sealing keys, and of values where a whole workspace's are gone through: of credentials, channels and webhooks."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

import sqlalchemy as sa

from recado.credentials.repository import Row, sealed_values
from recado.db.columns import utc_now
from recado.db.tables import (
    channel_secrets,
    channels,
    credential_values,
    credentials,
    sealing_keys,
    webhook_secrets,
    webhooks,
)

CHANNEL: Final = "channel"
WEBHOOK: Final = "webhook"
"""What stands for the integration in the place of a channel's or a webhook's secret."""

_LOCK_NUMBER: Final = 7_263_236_003  # the one after the audit log's
_SECRETS: Final = {CHANNEL: (channel_secrets, channels), WEBHOOK: (webhook_secrets, webhooks)}
"""The tables of secrets that belong to no integration, with what they belong to."""
_SEALED: Final = (credential_values, channel_secrets, webhook_secrets)
_OWNERS: Final = {credential_values: credentials, channel_secrets: channels, webhook_secrets: webhooks}


def lock_keys(connection: sa.Connection) -> None:
    """One maker or changer of keys at a time, to the end of its transaction; on SQLite every writing one is alone."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("select pg_advisory_xact_lock(:number)"), {"number": _LOCK_NUMBER})


def find_current_key(connection: sa.Connection, workspace_id: str) -> Row | None:
    """The key that a workspace's new values are sealed to."""
    return connection.execute(_current(workspace_id)).first()


def hold_current_key(connection: sa.Connection, workspace_id: str) -> Row | None:
    """The same, and it stays the current one to the end of this transaction."""
    statement = _current(workspace_id).with_for_update(read=True)
    # A rotation that this waited for leaves no row of the first look; the second sees the new key.
    return connection.execute(statement).first() or connection.execute(statement).first()


def _current(workspace_id: str) -> sa.Select[Any]:
    return (
        sa.select(sealing_keys)
        .where(sealing_keys.c.workspace_id == workspace_id, sealing_keys.c.retired_at.is_(None))
        .order_by(sealing_keys.c.created_at.desc(), sealing_keys.c.kid)
        .limit(1)
    )


def list_keys(connection: sa.Connection, workspace_id: str | None = None) -> Sequence[Row]:
    """The keys of a workspace, or of all, oldest first, with how many `values` are sealed to each."""
    counts = [
        sa.select(sa.func.count()).select_from(table).where(table.c.kid == sealing_keys.c.kid).scalar_subquery()
        for table in _SEALED
    ]
    count = (counts[0] + counts[1] + counts[2]).label("values_count")
    statement = sa.select(sealing_keys, count).order_by(sealing_keys.c.created_at, sealing_keys.c.kid)
    if workspace_id is not None:
        statement = statement.where(sealing_keys.c.workspace_id == workspace_id)
    return connection.execute(statement).all()


def has_anything_sealed(connection: sa.Connection) -> bool:
    """Whether a sealing key or a sealed value exists, in any workspace."""
    exists = [sa.exists(sa.select(sa.literal(1)).select_from(table)) for table in (sealing_keys, *_SEALED)]
    return bool(connection.scalar(sa.select(sa.or_(*exists))))


def list_keyless(connection: sa.Connection, workspace_id: str | None = None) -> Sequence[Row]:
    """The kids of values whose key is not there, with how many values each has: rows of workspace_id, kid, values_count."""
    selects = [sa.select(credential_values.c.workspace_id, credential_values.c.kid)]
    for table, owners in _SECRETS.values():
        of_owners = sa.select(owners.c.workspace_id, table.c.kid)
        selects.append(of_owners.join(owners, owners.c.id == _owner(table)))
    keyless = [select.where(select.selected_columns.kid.not_in(sa.select(sealing_keys.c.kid))) for select in selects]
    found = sa.union_all(*keyless).subquery()
    place = (found.c.workspace_id, found.c.kid)
    statement = sa.select(*place, sa.func.count().label("values_count")).group_by(*place).order_by(*place)
    if workspace_id is not None:
        statement = statement.where(found.c.workspace_id == workspace_id)
    return connection.execute(statement).all()


def insert_key(connection: sa.Connection, values: dict[str, Any]) -> None:
    """A new key."""
    connection.execute(sa.insert(sealing_keys).values(values))


def rewrap_key(connection: sa.Connection, kid: str, wrapped: str, kek_id: str) -> None:
    """The same private key under another KEK."""
    statement = sa.update(sealing_keys).where(sealing_keys.c.kid == kid)
    connection.execute(statement.values(private_key_wrapped=wrapped, kek_id=kek_id))


def retire_keys(connection: sa.Connection, workspace_id: str, current: str) -> None:
    """From now on a workspace's new values are sealed to the key `current` alone."""
    connection.execute(
        sa.update(sealing_keys)
        .where(
            sealing_keys.c.workspace_id == workspace_id,
            sealing_keys.c.kid != current,
            sealing_keys.c.retired_at.is_(None),
        )
        .values(retired_at=utc_now())
    )


def delete_unused_keys(connection: sa.Connection, workspace_id: str) -> Sequence[str]:
    """Delete the retired keys that nothing is sealed to; their kids."""
    held = sa.select(sealing_keys.c.kid).where(
        sealing_keys.c.workspace_id == workspace_id, sealing_keys.c.retired_at.is_not(None)
    )
    kids = connection.scalars(held.order_by(sealing_keys.c.kid).with_for_update()).all()  # nobody enters values now
    used = {
        kid
        for table in _SEALED
        for kid in connection.scalars(sa.select(table.c.kid).where(table.c.kid.in_(kids)).distinct())
    }
    unused = [kid for kid in kids if kid not in used]
    delete_keys(connection, unused)
    return unused


def delete_keys(connection: sa.Connection, kids: Collection[str]) -> None:
    """Delete keys."""
    connection.execute(sa.delete(sealing_keys).where(sealing_keys.c.kid.in_(kids)))


# ── values, many at a time ───────────────────────────────────────────────────────────────────────────────────────────


def sealed_secrets(kind: str) -> sa.Select[Any]:
    """The secrets of CHANNEL or WEBHOOK in the columns of `sealed_values`: their owner is to them what a credential is to a value."""
    table, owners = _SECRETS[kind]
    return (
        sa.select(
            _owner(table).label("credential_id"),
            table.c.name.label("auth_field_id"),
            owners.c.workspace_id,
            table.c.kid,
            table.c.sealed,
            table.c.sealed_by,
            table.c.updated_at,
            sealing_keys.c.workspace_id.label("key_workspace_id"),
            sealing_keys.c.private_key_wrapped,
        )
        .join(owners, owners.c.id == _owner(table))
        .join(sealing_keys, sealing_keys.c.kid == table.c.kid, isouter=True)
    )


def _owner(table: sa.Table) -> sa.Column[Any]:
    return next(iter(table.primary_key.columns))


def list_values_after(
    connection: sa.Connection, after: tuple[str, str], limit: int, *, workspace_id: str | None = None, not_kid: str = ""
) -> Sequence[Row]:
    """The next values in the order of (credential_id, auth_field_id), with key and credential; those sealed to `not_kid` left out.

    The secrets of channels come first and those of webhooks last, as their ids do.
    """
    found: list[Row] = []
    for select, table in (
        (_secrets_with_owner(CHANNEL), channel_secrets),
        (_values_with_credential(), credential_values),
        (_secrets_with_owner(WEBHOOK), webhook_secrets),
    ):
        if left := limit - len(found):
            found += _next_of(connection, select, table, after, left, workspace_id, not_kid)
    return found


def _next_of(
    connection: sa.Connection,
    select: sa.Select[Any],
    table: sa.Table,
    after: tuple[str, str],
    limit: int,
    workspace_id: str | None,
    not_kid: str,
) -> list[Row]:
    owner, name = table.primary_key.columns
    statement = (
        select.where(sa.tuple_(owner, name) > sa.tuple_(*after), table.c.kid != not_kid)
        .order_by(owner, name)
        .limit(limit)
    )
    if workspace_id is not None:
        statement = statement.where(_OWNERS[table].c.workspace_id == workspace_id)
    return list(connection.execute(statement))


def _values_with_credential() -> sa.Select[Any]:
    return (
        sealed_values()
        .join(credentials, credentials.c.id == credential_values.c.credential_id)
        .add_columns(
            credentials.c.integration_id,
            credentials.c.name.label("credential_name"),
            credentials.c.workspace_id.label("credential_workspace_id"),
        )
    )


def _secrets_with_owner(kind: str) -> sa.Select[Any]:
    _, owners = _SECRETS[kind]
    return sealed_secrets(kind).add_columns(
        sa.literal(kind).label("integration_id"),
        owners.c.name.label("credential_name"),
        owners.c.workspace_id.label("credential_workspace_id"),
    )


def replace_sealed(connection: sa.Connection, row: Row, kid: str, sealed: str) -> bool:
    """Put a value's new sealed form in place of the one in `row`; False where it was replaced meanwhile."""
    table, _ = _SECRETS.get(row.integration_id, (credential_values, credentials))
    owner, name = table.primary_key.columns
    place = (owner == row.credential_id, name == row.auth_field_id, table.c.sealed == row.sealed)
    return connection.execute(sa.update(table).where(*place).values(kid=kid, sealed=sealed)).rowcount == 1


def count_left(connection: sa.Connection, workspace_id: str, kid: str) -> int:
    """How many of a workspace's values are sealed to another key than `kid`."""
    left = 0
    for table in _SEALED:
        owners = _OWNERS[table]
        statement = (
            sa.select(sa.func.count())
            .select_from(table)
            .join(owners, owners.c.id == _owner(table))
            .where(owners.c.workspace_id == workspace_id, table.c.kid != kid)
        )
        left += connection.scalar(statement) or 0
    return left


def delete_values_of(connection: sa.Connection, kids: Collection[str]) -> int:
    """Delete every value that is sealed to one of these keys; how many."""
    return sum(connection.execute(sa.delete(table).where(table.c.kid.in_(kids))).rowcount for table in _SEALED)
