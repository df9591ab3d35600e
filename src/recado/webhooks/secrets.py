"""Seals the secrets that sign, and opens them for use."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from recado.credentials import keys
from recado.credentials.definition import Place
from recado.credentials.keys import Keyring
from recado.credentials.keys_repository import WEBHOOK
from recado.credentials.values import seal_row
from recado.webhooks import repository

CURRENT = "current"
BEFORE = "before"


def _place(workspace_id: str, webhook_id: str, name: str) -> Place:
    return Place(workspace_id, WEBHOOK, webhook_id, name)


def put_secrets(
    connection: sa.Connection,
    keyring: Keyring,
    workspace_id: str,
    webhook_id: str,
    shown: dict[str, str],
    now: dt.datetime,
) -> None:
    """Keep exactly these secrets, by name. Raises SecretKeyUnavailable."""
    pair = keys.hold_pair(connection, workspace_id, keyring)
    place = _place(workspace_id, webhook_id, "")
    own = {"webhook_id": webhook_id, "updated_at": now}
    rows = [seal_row(place, pair, name, secret) | own for name, secret in shown.items()]
    repository.replace_secrets(connection, webhook_id, rows)


def open_secrets(connection: sa.Connection, keyring: Keyring, workspace_id: str, webhook_id: str) -> dict[str, str]:
    """Its secrets by name, the current one first. Raises SecretUnreadable, SecretKeyUnavailable."""
    place = _place(workspace_id, webhook_id, "")
    rows = repository.list_sealed(connection, webhook_id)
    return {row.auth_field_id: keyring.open_value(place, row).value for row in rows}
