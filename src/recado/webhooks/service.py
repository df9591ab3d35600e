"""What can be done with webhooks, one function a verb."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa

from recado.accounts import audit
from recado.accounts.caller import Caller
from recado.accounts.words import clean_name
from recado.credentials.keys import Keyring
from recado.db.columns import utc_now
from recado.db.rows import existing
from recado.errors import RecadoError, TooMany
from recado.ids import is_id, new_id
from recado.integrations.checks import collecting, raise_if_any
from recado.outbound.policy import EgressPolicy
from recado.outbound.url import parse_url
from recado.web.pages import Page, page_of
from recado.webhooks import events, repository
from recado.webhooks.definition import MAX_WEBHOOKS, PING
from recado.webhooks.repository import Row
from recado.webhooks.schemas import Answer, CreateWebhook, UpdateWebhook, Webhook, WebhookEvent, WebhookWithSecret
from recado.webhooks.secrets import BEFORE, CURRENT, open_secrets, put_secrets
from recado.webhooks.signing import new_secret


@dataclass(frozen=True, slots=True)
class WebhookRules:
    """How this server takes webhooks in: who seals their secrets, and what may be called."""

    keyring: Keyring
    policy: EgressPolicy


def create_webhook(
    connection: sa.Connection, caller: Caller, rules: WebhookRules, data: CreateWebhook
) -> WebhookWithSecret:
    """A new webhook with its secret. Raises ValidationFailed with every problem, SecretKeyUnavailable."""
    problems: list[RecadoError] = []
    name = data.name
    with collecting(problems):
        name = clean_name(data.name)
    url = _read_url(data.url, rules.policy, problems)
    if len(repository.list_webhooks(connection, caller.workspace_id)) >= MAX_WEBHOOKS:
        problems.append(TooMany("", limit=MAX_WEBHOOKS))
    raise_if_any(problems)
    now = utc_now()
    webhook_id, secret = new_id("hok"), new_secret()
    values: dict[str, Any] = {
        "id": webhook_id,
        "workspace_id": caller.workspace_id,
        "name": name,
        "url": url,
        "events": list(dict.fromkeys(data.events)),
        "includes_simulator": data.includes_simulator,
        "is_paused": False,
        "created_at": now,
        "updated_at": now,
    }
    repository.insert_webhook(connection, values)
    put_secrets(connection, rules.keyring, caller.workspace_id, webhook_id, {CURRENT: secret}, now)
    audit.record(
        connection, caller, "webhook.create", "webhook", webhook_id, {"name": name, "events": values["events"]}
    )
    return _with_secret(get_webhook(connection, caller, webhook_id), secret)


def list_webhooks(connection: sa.Connection, caller: Caller) -> list[Webhook]:
    """All of the workspace, the newest first."""
    rows = repository.list_webhooks(connection, caller.workspace_id)
    with_two = repository.list_with_two(connection, [row.id for row in rows])
    return [_webhook(connection, row, with_two) for row in rows]


def get_webhook(connection: sa.Connection, caller: Caller, webhook_id: str) -> Webhook:
    """One webhook. Raises NotFound."""
    row = _find(connection, caller, webhook_id)
    return _webhook(connection, row, repository.list_with_two(connection, [row.id]))


def update_webhook(
    connection: sa.Connection, caller: Caller, rules: WebhookRules, webhook_id: str, data: UpdateWebhook
) -> Webhook:
    """Change what is given. Raises NotFound, ValidationFailed."""
    row = _find(connection, caller, webhook_id, is_locked=True)
    problems: list[RecadoError] = []
    given = {name: value for name in data.__struct_fields__ if (value := getattr(data, name)) is not msgspec.UNSET}
    if "name" in given:
        with collecting(problems):
            given["name"] = clean_name(given["name"])
    if "url" in given:
        given["url"] = _read_url(given["url"], rules.policy, problems)
    if "events" in given:
        given["events"] = list(dict.fromkeys(given["events"]))
    raise_if_any(problems)
    changed = {name: value for name, value in given.items() if value != getattr(row, name)}
    if changed:
        repository.update_webhook(connection, row.id, {**changed, "updated_at": utc_now()})
        details = {
            name: {"before": getattr(row, name), "after": value} for name, value in changed.items() if name != "url"
        }
        audit.record(connection, caller, "webhook.update", "webhook", row.id, {"changed": sorted(changed), **details})
    return get_webhook(connection, caller, webhook_id)


def rotate_secret(connection: sa.Connection, caller: Caller, rules: WebhookRules, webhook_id: str) -> WebhookWithSecret:
    """A new secret; the one before signs beside it until it is dropped. Raises NotFound, SecretKeyUnavailable, SecretUnreadable."""
    row = _find(connection, caller, webhook_id, is_locked=True)
    secret, now = new_secret(), utc_now()
    before = open_secrets(connection, rules.keyring, caller.workspace_id, row.id).get(CURRENT)
    shown = {CURRENT: secret} | ({BEFORE: before} if before else {})
    put_secrets(connection, rules.keyring, caller.workspace_id, row.id, shown, now)
    audit.record(connection, caller, "webhook.rotate_secret", "webhook", row.id, {"name": row.name})
    return _with_secret(get_webhook(connection, caller, webhook_id), secret)


def drop_secret(connection: sa.Connection, caller: Caller, rules: WebhookRules, webhook_id: str) -> Webhook:
    """From now on the current secret alone signs. Raises NotFound, SecretKeyUnavailable, SecretUnreadable."""
    row = _find(connection, caller, webhook_id, is_locked=True)
    shown = open_secrets(connection, rules.keyring, caller.workspace_id, row.id)
    put_secrets(connection, rules.keyring, caller.workspace_id, row.id, {CURRENT: shown[CURRENT]}, utc_now())
    audit.record(connection, caller, "webhook.drop_secret", "webhook", row.id, {"name": row.name})
    return get_webhook(connection, caller, webhook_id)


def delete_webhook(connection: sa.Connection, caller: Caller, webhook_id: str) -> None:
    """Delete a webhook with what it was told. Raises NotFound."""
    row = _find(connection, caller, webhook_id, is_locked=True)
    repository.delete_webhook(connection, row.id)
    audit.record(connection, caller, "webhook.delete", "webhook", row.id, {"name": row.name})


def try_webhook(connection: sa.Connection, caller: Caller, webhook_id: str) -> WebhookEvent:
    """Have it told something that means nothing. Raises NotFound."""
    row = _find(connection, caller, webhook_id)
    data = {"webhook_id": row.id}
    event_id = events.insert(connection, caller.workspace_id, row.id, PING, utc_now(), data)
    return _event(_find_event(connection, row.id, event_id))


def list_events(
    connection: sa.Connection, caller: Caller, webhook_id: str, status: str | None, limit: int, cursor: str | None
) -> Page[WebhookEvent]:
    """What it was told or will be, the newest first. Raises NotFound."""
    row = _find(connection, caller, webhook_id)
    rows = repository.list_events(connection, row.id, status, limit, cursor)
    return page_of(rows, limit, _event)


def send_anew(connection: sa.Connection, caller: Caller, webhook_id: str, event_id: str) -> WebhookEvent:
    """Have it told the same once more, under the same id. Raises NotFound."""
    row = _find(connection, caller, webhook_id)
    event = _find_event(connection, row.id, event_id)
    repository.send_anew(connection, event.id, utc_now())
    return _event(_find_event(connection, row.id, event_id))


def _read_url(given: str, policy: EgressPolicy, problems: list[RecadoError]) -> str:
    """An address that may be called."""
    with collecting(problems, "url"):
        policy.check_url(parse_url(given.strip()))
    return given.strip()


def _find(connection: sa.Connection, caller: Caller, webhook_id: str, *, is_locked: bool = False) -> Row:
    return existing(
        repository.find_webhook(connection, caller.workspace_id, webhook_id, is_locked=is_locked)
        if is_id(webhook_id, "hok")
        else None
    )


def _find_event(connection: sa.Connection, webhook_id: str, event_id: str) -> Row:
    return existing(repository.find_event(connection, webhook_id, event_id) if is_id(event_id, "evt") else None)


def _webhook(connection: sa.Connection, row: Row, with_two: set[str]) -> Webhook:
    waiting, failed = repository.count_events(connection, row.id)
    return Webhook(
        id=row.id,
        name=row.name,
        url=row.url,
        events=row.events,
        includes_simulator=row.includes_simulator,
        is_paused=row.is_paused,
        has_two_secrets=row.id in with_two,
        waiting=waiting,
        failed=failed,
        last=_answer(repository.find_newest_answer(connection, row.id)),
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _with_secret(webhook: Webhook, secret: str) -> WebhookWithSecret:
    facts = {name: getattr(webhook, name) for name in webhook.__struct_fields__}
    return WebhookWithSecret(**facts, secret=secret)


def _event(row: Row) -> WebhookEvent:
    return WebhookEvent(
        id=row.id,
        type=row.type,
        status=row.status,
        tries=row.tries,
        due_at=row.due_at,
        answer=_answer(row.answer),
        body=msgspec.json.decode(row.body),
        created_at=row.created_at,
    )


def _answer(kept: Any) -> Answer | None:
    return None if kept is None else msgspec.convert(kept, Answer)


def delete_old_events(connection: sa.Connection, oldest: dt.datetime) -> int:
    """Delete at most 500 that are over and older; how many were deleted."""
    return repository.delete_settled_before(connection, oldest)
