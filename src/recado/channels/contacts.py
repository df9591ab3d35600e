"""Who writes on a channel: a contact, and the identities that messages name it by. No two contacts are ever made one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final, Literal

import sqlalchemy as sa

from recado.db.once import insert_once
from recado.db.tables import contact_identities, contacts
from recado.ids import new_id
from recado.web.pages import contains, paged

Row = sa.Row[*tuple[Any, ...]]
Kind = Literal["phone", "user", "parent"]
Identities = list[tuple[Kind, str]]
"""What names a person, the phone number first: it tells who it is where several do."""

_MOST_NAME: Final = 200
_FIND: Final = (
    sa.select(contact_identities.c.contact_id)
    .where(
        contact_identities.c.channel_id == sa.bindparam("channel"),
        contact_identities.c.kind == sa.bindparam("kind"),
        contact_identities.c.value == sa.bindparam("value"),
    )
    .limit(1)
)
_LOCKED: Final = sa.select(contacts).where(contacts.c.id == sa.bindparam("wanted"))


def find(connection: sa.Connection, channel_id: str, identities: Identities) -> str | None:
    """The id of the contact that the first known of these names; the others count for nothing then."""
    for kind, value in identities:
        found = connection.scalar(_FIND, {"channel": channel_id, "kind": kind, "value": value})
        if found is not None:
            return str(found)
    return None


def lock(connection: sa.Connection, contact_id: str) -> Row | None:
    """A contact, held until the transaction ends: all that comes in from a person goes one after the other.

    Rows may refer to it meanwhile (`FOR NO KEY UPDATE`): a turn that says something holds the conversation and refers to
    the contact, and whoever takes a message in goes the other way round.
    """
    is_sqlite = connection.dialect.name == "sqlite"
    statement = _LOCKED if is_sqlite else _LOCKED.with_for_update(key_share=True)
    return connection.execute(statement, {"wanted": contact_id}).one_or_none()


def meet(
    connection: sa.Connection,
    workspace_id: str,
    channel_id: str,
    identities: Identities,
    name: str | None,
    now: dt.datetime,
) -> Row:
    """The contact with these identities, made where there is none, locked, with what is known of it now."""
    assert identities, "somebody"
    contact_id = find(connection, channel_id, identities) or _make(
        connection, workspace_id, channel_id, identities[0], now
    )
    row = lock(connection, contact_id)
    assert row is not None, "its identity holds it"
    known = dict(identities)
    fresh = {
        "name": name[:_MOST_NAME] if name else row.name,
        "phone": known.get("phone", row.phone),
        "user_id": known.get("user", row.user_id),
    }
    if all(getattr(row, column) == value for column, value in fresh.items()):
        return row
    for kind, value in identities:
        add_identity(connection, channel_id, contact_id, kind, value, now)
    return _change(connection, contact_id, {**fresh, "updated_at": now})


def _make(
    connection: sa.Connection, workspace_id: str, channel_id: str, identity: tuple[Kind, str], now: dt.datetime
) -> str:
    """A new contact; somebody else may make the same at this moment: the first to name it keeps it."""
    made = new_id("cnt")
    values = {"id": made, "workspace_id": workspace_id, "channel_id": channel_id, "created_at": now, "updated_at": now}
    connection.execute(sa.insert(contacts).values(values))
    if add_identity(connection, channel_id, made, *identity, now):
        return made
    connection.execute(sa.delete(contacts).where(contacts.c.id == made))
    found = find(connection, channel_id, [identity])
    assert found is not None, "it was in the way a moment ago"
    return found


def add_identity(
    connection: sa.Connection, channel_id: str, contact_id: str, kind: Kind, value: str, now: dt.datetime
) -> bool:
    """Name a contact by this too; False where it names one already, whichever."""
    values = {
        "channel_id": channel_id,
        "kind": kind,
        "value": value,
        "contact_id": contact_id,
        "created_at": now,
    }
    return insert_once(connection, contact_identities, values)


def move(
    connection: sa.Connection, channel_id: str, kind: Kind, before: str, after: str, now: dt.datetime
) -> str | None:
    """Name whom `before` named by `after` from now on; the contact's id.

    Where `after` names somebody already, both stay who they are, and `before` names nobody: it may be a stranger's soon.
    """
    contact_id = find(connection, channel_id, [(kind, before)])
    if contact_id is None or before == after:
        return contact_id
    lock(connection, contact_id)
    is_new = add_identity(connection, channel_id, contact_id, kind, after, now)
    connection.execute(
        sa.delete(contact_identities).where(
            contact_identities.c.channel_id == channel_id,
            contact_identities.c.kind == kind,
            contact_identities.c.value == before,
        )
    )
    column = {"phone": "phone", "user": "user_id"}.get(kind)
    if column is not None:
        _change(connection, contact_id, {column: after if is_new else None, "updated_at": now})
    return contact_id


def list_contacts(
    connection: sa.Connection,
    workspace_id: str,
    channel_id: str | None,
    search: str | None,
    limit: int,
    cursor: str | None,
) -> Sequence[Row]:
    """Newest first, one row more than asked."""
    statement = sa.select(contacts).where(contacts.c.workspace_id == workspace_id)
    if channel_id is not None:
        statement = statement.where(contacts.c.channel_id == channel_id)
    if search and (text := search.strip()):
        digits = "".join(filter(str.isdecimal, text))
        is_number = len(digits) > 2 and not any(map(str.isalpha, text))
        statement = statement.where(
            contains(contacts.c.phone, digits) if is_number else contains(contacts.c.name, text)
        )
    return connection.execute(paged(statement, contacts.c.id, limit, cursor)).all()


def shown_phone(phone: str | None) -> str | None:
    """A number as people read it."""
    return phone if phone is None or phone.startswith("+") else f"+{phone}"


def update(connection: sa.Connection, contact_id: str, values: dict[str, Any]) -> None:
    """Set some columns."""
    connection.execute(sa.update(contacts).where(contacts.c.id == contact_id).values(values))


def _change(connection: sa.Connection, contact_id: str, values: dict[str, Any]) -> Row:
    update(connection, contact_id, values)
    return connection.execute(_LOCKED, {"wanted": contact_id}).one()
