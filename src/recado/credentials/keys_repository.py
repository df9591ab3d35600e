"""All SQL of sealing keys, and of values where a whole workspace's are gone through."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

import sqlalchemy as sa

from recado.credentials.repository import Row, sealed_values
from recado.db.columns import utc_now
from recado.db.tables import credential_values, credentials, sealing_keys

_LOCK_NUMBER: Final = 7_263_236_003  # the one after the audit log's


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
    count = (
        sa.select(sa.func.count())
        .select_from(credential_values)
        .where(credential_values.c.kid == sealing_keys.c.kid)
        .scalar_subquery()
        .label("values_count")
    )
    statement = sa.select(sealing_keys, count).order_by(sealing_keys.c.created_at, sealing_keys.c.kid)
    if workspace_id is not None:
        statement = statement.where(sealing_keys.c.workspace_id == workspace_id)
    return connection.execute(statement).all()


def has_anything_sealed(connection: sa.Connection) -> bool:
    """Whether a sealing key or a sealed value exists, in any workspace."""
    exists = [sa.exists(sa.select(sa.literal(1)).select_from(table)) for table in (sealing_keys, credential_values)]
    return bool(connection.scalar(sa.select(sa.or_(*exists))))


def list_keyless(connection: sa.Connection, workspace_id: str | None = None) -> Sequence[Row]:
    """The kids of values whose key is not there, with how many values each has: rows of workspace_id, kid, values_count."""
    place = (credential_values.c.workspace_id, credential_values.c.kid)
    statement = (
        sa.select(*place, sa.func.count().label("values_count"))
        .where(credential_values.c.kid.not_in(sa.select(sealing_keys.c.kid)))
        .group_by(*place)
        .order_by(*place)
    )
    if workspace_id is not None:
        statement = statement.where(credential_values.c.workspace_id == workspace_id)
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
    used = connection.scalars(
        sa.select(credential_values.c.kid).where(credential_values.c.kid.in_(kids)).distinct()
    ).all()
    unused = [kid for kid in kids if kid not in used]
    delete_keys(connection, unused)
    return unused


def delete_keys(connection: sa.Connection, kids: Collection[str]) -> None:
    """Delete keys."""
    connection.execute(sa.delete(sealing_keys).where(sealing_keys.c.kid.in_(kids)))


# ── values, many at a time ───────────────────────────────────────────────────────────────────────────────────────────


def list_values_after(
    connection: sa.Connection, after: tuple[str, str], limit: int, *, workspace_id: str | None = None, not_kid: str = ""
) -> Sequence[Row]:
    """The next values in the order of (credential_id, auth_field_id), with key and credential; those sealed to `not_kid` left out."""
    place = sa.tuple_(credential_values.c.credential_id, credential_values.c.auth_field_id)
    statement = (
        sealed_values()
        .join(credentials, credentials.c.id == credential_values.c.credential_id)
        .add_columns(
            credentials.c.integration_id,
            credentials.c.name.label("credential_name"),
            credentials.c.workspace_id.label("credential_workspace_id"),
        )
        .where(place > sa.tuple_(*after), credential_values.c.kid != not_kid)
        .order_by(credential_values.c.credential_id, credential_values.c.auth_field_id)
        .limit(limit)
    )
    if workspace_id is not None:
        statement = statement.where(credentials.c.workspace_id == workspace_id)
    return connection.execute(statement).all()


def replace_sealed(connection: sa.Connection, row: Row, kid: str, sealed: str) -> bool:
    """Put a value's new sealed form in place of the one in `row`; False where it was replaced meanwhile."""
    replaced = connection.execute(
        sa.update(credential_values)
        .where(
            credential_values.c.credential_id == row.credential_id,
            credential_values.c.auth_field_id == row.auth_field_id,
            credential_values.c.sealed == row.sealed,
        )
        .values(kid=kid, sealed=sealed)
    )
    return replaced.rowcount == 1


def count_left(connection: sa.Connection, workspace_id: str, kid: str) -> int:
    """How many of a workspace's values are sealed to another key than `kid`."""
    statement = (
        sa.select(sa.func.count())
        .select_from(credential_values)
        .join(credentials, credentials.c.id == credential_values.c.credential_id)
        .where(credentials.c.workspace_id == workspace_id, credential_values.c.kid != kid)
    )
    return connection.scalar(statement) or 0


def delete_values_of(connection: sa.Connection, kids: Collection[str]) -> int:
    """Delete every value that is sealed to one of these keys; how many."""
    return connection.execute(sa.delete(credential_values).where(credential_values.c.kid.in_(kids))).rowcount
