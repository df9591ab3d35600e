"""Seals the secrets that sign, and opens them for use."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from recado.credentials import keys
from recado.credentials.definition import Place
from recado.credentials.keys import Keyring
from recado.credentials.keys_repository import WEBHOOK
from recado.credentials.sealing import KeyPair, seal_secret
from recado.errors import SecretKeyUnavailable
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
    pair = keys.find_pair(connection, workspace_id, keyring, is_held=True)
    if pair is None:
        raise SecretKeyUnavailable
    place = _place(workspace_id, webhook_id, "")
    rows = [_row(place, pair, name, secret, now) for name, secret in shown.items()]
    repository.replace_secrets(connection, webhook_id, rows)


def _row(place: Place, pair: KeyPair, name: str, secret: str, now: dt.datetime) -> dict[str, object]:
    return {
        "webhook_id": place.credential_id,
        "name": name,
        "kid": pair.kid,
        "sealed": seal_secret(pair.public_key, secret, [], place.info(name)),
        "sealed_by": "server",
        "updated_at": now,
    }


def open_secrets(connection: sa.Connection, keyring: Keyring, workspace_id: str, webhook_id: str) -> dict[str, str]:
    """Its secrets by name, the current one first. Raises SecretUnreadable, SecretKeyUnavailable."""
    place = _place(workspace_id, webhook_id, "")
    rows = repository.list_sealed(connection, webhook_id)
    return {row.auth_field_id: keyring.open_value(place, row).value for row in rows}
