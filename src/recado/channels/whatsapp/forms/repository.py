"""All SQL of forms and of the tokens they are sent with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa

from recado.credentials.repository import Row
from recado.db.columns import Json
from recado.db.rows import find_own
from recado.db.tables import conversations, form_tokens, forms
from recado.web.pages import paged

_COLUMNS: Final = [
    sa.type_coerce(column, sa.Text).label(column.name) if isinstance(column.type, Json) else column
    for column in forms.c
]
"""JSON as text, so that a damaged one is found where its record is read, not for a whole list."""


def insert_form(connection: sa.Connection, values: dict[str, Any]) -> None:
    """A new form."""
    connection.execute(sa.insert(forms).values(values))


def find_form(connection: sa.Connection, workspace_id: str, form_id: str, *, is_locked: bool = False) -> Row | None:
    """One form; locked, nobody else changes it before this transaction ends."""
    return find_own(connection, forms, _COLUMNS, workspace_id, form_id, is_locked=is_locked)


def list_forms(connection: sa.Connection, channel_id: str, limit: int, cursor: str | None) -> Sequence[Row]:
    """Of a channel, newest first, one row more than asked."""
    statement = sa.select(*_COLUMNS).where(forms.c.channel_id == channel_id)
    return connection.execute(paged(statement, forms.c.id, limit, cursor)).all()


def update_form(connection: sa.Connection, form_id: str, values: dict[str, Any]) -> None:
    """Set some columns."""
    connection.execute(sa.update(forms).where(forms.c.id == form_id).values(values))


def delete_form(connection: sa.Connection, form_id: str) -> None:
    """The form; those who have it open are told that it is over."""
    connection.execute(sa.delete(forms).where(forms.c.id == form_id))


# ── tokens ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def insert_token(connection: sa.Connection, values: dict[str, Any]) -> None:
    """A form is sent, or tried."""
    connection.execute(sa.insert(form_tokens).values(values))


def find_token(connection: sa.Connection, token_hash: str, channel_id: str) -> Row | None:
    """The form that was sent with a token on this channel, and its conversation: its status, contact and state."""
    statement = (
        sa.select(
            *_COLUMNS,
            form_tokens.c.given,
            form_tokens.c.created_at.label("sent_at"),
            form_tokens.c.conversation_id,
            conversations.c.status,
            conversations.c.contact,
            conversations.c.state,
        )
        .select_from(form_tokens)
        .join(forms, forms.c.id == form_tokens.c.form_id)
        .outerjoin(conversations, conversations.c.id == form_tokens.c.conversation_id)
        .where(form_tokens.c.token_hash == token_hash, forms.c.channel_id == channel_id)
    )
    return connection.execute(statement).one_or_none()


def delete_trials(connection: sa.Connection, before: dt.datetime) -> None:
    """Tokens of forms that were only tried."""
    own = (form_tokens.c.conversation_id.is_(None), form_tokens.c.created_at < before)
    connection.execute(sa.delete(form_tokens).where(*own))
