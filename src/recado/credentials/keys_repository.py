"""All SQL of sealing keys, and of values where a whole workspace's are gone through: of credentials and of channels."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

import sqlalchemy as sa

from recado.credentials.repository import Row, sealed_values
from recado.db.columns import utc_now
from recado.db.tables import channel_secrets, channels, credential_values, credentials, sealing_keys

CHANNEL: Final = "channel"
"""What stands for the integration in the place of a channel's secret."""

_LOCK_NUMBER: Final = 7_263_236_003  # the one after the audit log's
_SEALED: Final = (credential_values, channel_secrets)


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
    count = (counts[0] + counts[1]).label("values_count")
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
    of_channels = sa.select(channels.c.workspace_id, channel_secrets.c.kid).join(
        channels, channels.c.id == channel_secrets.c.channel_id
    )
    selects = [sa.select(credential_values.c.workspace_id, credential_values.c.kid), of_channels]
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


def sealed_secrets() -> sa.Select[Any]:
    """The secrets of channels in the columns of `sealed_values`: a channel is to them what a credential is to a value."""
    return (
        sa.select(
            channel_secrets.c.channel_id.label("credential_id"),
            channel_secrets.c.name.label("auth_field_id"),
            channels.c.workspace_id,
            channel_secrets.c.kid,
            channel_secrets.c.sealed,
            channel_secrets.c.sealed_by,
            channel_secrets.c.updated_at,
            sealing_keys.c.workspace_id.label("key_workspace_id"),
            sealing_keys.c.private_key_wrapped,
        )
        .join(channels, channels.c.id == channel_secrets.c.channel_id)
        .join(sealing_keys, sealing_keys.c.kid == channel_secrets.c.kid, isouter=True)
    )


def list_values_after(
    connection: sa.Connection, after: tuple[str, str], limit: int, *, workspace_id: str | None = None, not_kid: str = ""
) -> Sequence[Row]:
    """The next values in the order of (credential_id, auth_field_id), with key and credential; those sealed to `not_kid` left out.

    The secrets of channels come first, as their ids do.
    """
    found = _next_of(connection, _secrets_with_channel(), channel_secrets, after, limit, workspace_id, not_kid)
    if len(found) < limit:
        left = limit - len(found)
        found += _next_of(connection, _values_with_credential(), credential_values, after, left, workspace_id, not_kid)
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
        statement = statement.where(_owners(table).c.workspace_id == workspace_id)
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


def _secrets_with_channel() -> sa.Select[Any]:
    return sealed_secrets().add_columns(
        sa.literal(CHANNEL).label("integration_id"),
        channels.c.name.label("credential_name"),
        channels.c.workspace_id.label("credential_workspace_id"),
    )


def _owners(table: sa.Table) -> sa.Table:
    return credentials if table is credential_values else channels


def replace_sealed(connection: sa.Connection, row: Row, kid: str, sealed: str) -> bool:
    """Put a value's new sealed form in place of the one in `row`; False where it was replaced meanwhile."""
    table = channel_secrets if row.integration_id == CHANNEL else credential_values
    owner, name = table.primary_key.columns
    place = (owner == row.credential_id, name == row.auth_field_id, table.c.sealed == row.sealed)
    return connection.execute(sa.update(table).where(*place).values(kid=kid, sealed=sealed)).rowcount == 1


def count_left(connection: sa.Connection, workspace_id: str, kid: str) -> int:
    """How many of a workspace's values are sealed to another key than `kid`."""
    left = 0
    for table in _SEALED:
        owners = _owners(table)
        statement = (
            sa.select(sa.func.count())
            .select_from(table)
            .join(owners, owners.c.id == next(iter(table.primary_key.columns)))
            .where(owners.c.workspace_id == workspace_id, table.c.kid != kid)
        )
        left += connection.scalar(statement) or 0
    return left


def delete_values_of(connection: sa.Connection, kids: Collection[str]) -> int:
    """Delete every value that is sealed to one of these keys; how many."""
    return sum(connection.execute(sa.delete(table).where(table.c.kid.in_(kids))).rowcount for table in _SEALED)
