"""One function a verb: list contacts, opt one out or in, keep flows silent for one."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from recado.accounts import audit
from recado.accounts.caller import Caller
from recado.channels import contacts
from recado.channels.contact_schemas import ChannelContact, UpdateContact
from recado.channels.contacts import Row, shown_phone
from recado.db.columns import utc_now
from recado.errors import NotFound
from recado.ids import is_id
from recado.web.pages import Page, page_of

_ALWAYS: Final = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)


def list_contacts(
    connection: sa.Connection,
    caller: Caller,
    channel_id: str | None,
    search: str | None,
    limit: int,
    cursor: str | None,
) -> Page[ChannelContact]:
    """Newest first."""
    rows = contacts.list_contacts(connection, caller.workspace_id, channel_id, search, limit, cursor)
    return page_of(rows, limit, _show)


def update_contact(connection: sa.Connection, caller: Caller, contact_id: str, data: UpdateContact) -> ChannelContact:
    """Opt a person out or in, keep flows silent for them or not. Raises NotFound."""
    row = contacts.lock(connection, contact_id) if is_id(contact_id, "cnt") else None
    if row is None or row.workspace_id != caller.workspace_id:
        raise NotFound
    now = utc_now()
    values: dict[str, Any] = {}
    if data.opted_out is not msgspec.UNSET:
        values["opted_out_at"] = (row.opted_out_at or now) if data.opted_out else None
    if data.paused is not msgspec.UNSET:
        values["paused_until"] = _ALWAYS if data.paused else None
    if values:
        contacts.update(connection, contact_id, {**values, "updated_at": now})
        details = {name: value is not None for name, value in values.items()}
        audit.record(connection, caller, "contact.update", "contact", contact_id, details, is_change=False)
    changed = contacts.lock(connection, contact_id)
    assert changed is not None, "it is locked"
    return _show(changed)


def _show(row: Row) -> ChannelContact:
    return ChannelContact(
        id=row.id,
        channel_id=row.channel_id,
        name=row.name,
        phone=shown_phone(row.phone),
        user_id=row.user_id,
        last_message_at=row.last_message_at,
        opted_out_at=row.opted_out_at,
        paused_until=row.paused_until,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
