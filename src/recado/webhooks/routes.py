"""HTTP paths of webhooks; they are the owner's and the admins', since what they tell is about people."""

from __future__ import annotations

from typing import Any, Final

from litestar import delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from recado.accounts.caller import Caller
from recado.credentials.vault import Vault
from recado.db.engine import Database
from recado.outbound.policy import EgressPolicy
from recado.web.pages import Cursor, Limit, Page
from recado.web.problems import problems
from recado.webhooks import service
from recado.webhooks.schemas import (
    CreateWebhook,
    EventStatus,
    UpdateWebhook,
    Webhook,
    WebhookEvent,
    WebhookWithSecret,
)
from recado.webhooks.sending import WebhookSender
from recado.webhooks.service import WebhookRules

_WRITE: Final = "webhooks:write"
_TAGS: Final = ["webhooks"]


@post(
    "/webhooks",
    permission=_WRITE,
    operation_id="create_webhook",
    tags=_TAGS,
    responses=problems(413, 415, 422),
)
async def create_webhook(
    db: NamedDependency[Database],
    vault: NamedDependency[Vault],
    policy: NamedDependency[EgressPolicy],
    caller: NamedDependency[Caller],
    data: JSONBody[CreateWebhook],
) -> WebhookWithSecret:
    """Create a webhook. The answer holds the secret that signs what it is told; it is shown this once."""
    await vault.secret_key(caller)
    return await db.write(service.create_webhook, caller, WebhookRules(vault.keyring, policy), data)


@get("/webhooks", permission=_WRITE, operation_id="list_webhooks", tags=_TAGS)
async def list_webhooks(db: NamedDependency[Database], caller: NamedDependency[Caller]) -> Page[Webhook]:
    """List all webhooks, newest first."""
    return Page(await db.read(service.list_webhooks, caller), None)


@get(
    "/webhooks/{webhook_id:str}",
    permission=_WRITE,
    operation_id="get_webhook",
    tags=_TAGS,
    responses=problems(404),
)
async def get_webhook(
    db: NamedDependency[Database], caller: NamedDependency[Caller], webhook_id: FromPath[str]
) -> Webhook:
    """Get one webhook."""
    return await db.read(service.get_webhook, caller, webhook_id)


@patch(
    "/webhooks/{webhook_id:str}",
    permission=_WRITE,
    operation_id="update_webhook",
    tags=_TAGS,
    responses=problems(404, 413, 415, 422),
)
async def update_webhook(
    db: NamedDependency[Database],
    vault: NamedDependency[Vault],
    policy: NamedDependency[EgressPolicy],
    caller: NamedDependency[Caller],
    webhook_id: FromPath[str],
    data: JSONBody[UpdateWebhook],
) -> Webhook:
    """Change a webhook; while it is paused nothing is sent, and nothing new is noted for it."""
    return await db.write(service.update_webhook, caller, WebhookRules(vault.keyring, policy), webhook_id, data)


@delete(
    "/webhooks/{webhook_id:str}",
    status_code=204,
    permission=_WRITE,
    operation_id="delete_webhook",
    tags=_TAGS,
    responses=problems(404),
)
async def delete_webhook(
    db: NamedDependency[Database], caller: NamedDependency[Caller], webhook_id: FromPath[str]
) -> None:
    """Delete a webhook with everything it was told."""
    await db.write(service.delete_webhook, caller, webhook_id)


@post(
    "/webhooks/{webhook_id:str}/rotate-secret",
    status_code=200,
    permission=_WRITE,
    operation_id="rotate_webhook_secret",
    tags=_TAGS,
    responses=problems(404),
)
async def rotate_webhook_secret(
    db: NamedDependency[Database],
    vault: NamedDependency[Vault],
    policy: NamedDependency[EgressPolicy],
    caller: NamedDependency[Caller],
    webhook_id: FromPath[str],
) -> WebhookWithSecret:
    """Make a new secret. The one before signs beside it until it is dropped, so that receivers can change over."""
    await vault.secret_key(caller)
    return await db.write(service.rotate_secret, caller, WebhookRules(vault.keyring, policy), webhook_id)


@post(
    "/webhooks/{webhook_id:str}/drop-secret",
    status_code=200,
    permission=_WRITE,
    operation_id="drop_webhook_secret",
    tags=_TAGS,
    responses=problems(404),
)
async def drop_webhook_secret(
    db: NamedDependency[Database],
    vault: NamedDependency[Vault],
    policy: NamedDependency[EgressPolicy],
    caller: NamedDependency[Caller],
    webhook_id: FromPath[str],
) -> Webhook:
    """Have the current secret sign alone from now on."""
    return await db.write(service.drop_secret, caller, WebhookRules(vault.keyring, policy), webhook_id)


@post(
    "/webhooks/{webhook_id:str}/test",
    permission=_WRITE,
    operation_id="test_webhook",
    tags=_TAGS,
    responses=problems(404),
)
async def test_webhook(
    db: NamedDependency[Database],
    webhook_sender: NamedDependency[WebhookSender],
    caller: NamedDependency[Caller],
    webhook_id: FromPath[str],
) -> WebhookEvent:
    """Send a webhook an event of type `ping`; its list of events tells what came of it."""
    event = await db.write(service.try_webhook, caller, webhook_id)
    webhook_sender.wake()
    return event


@get(
    "/webhooks/{webhook_id:str}/events",
    permission=_WRITE,
    operation_id="list_webhook_events",
    tags=_TAGS,
    responses=problems(404, 422),
)
async def list_webhook_events(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    webhook_id: FromPath[str],
    status: FromQuery[EventStatus | None] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[WebhookEvent]:
    """List what a webhook was told or will be, newest first."""
    return await db.read(service.list_events, caller, webhook_id, status, limit, cursor)


@post(
    "/webhooks/{webhook_id:str}/events/{event_id:str}/send-anew",
    status_code=200,
    permission=_WRITE,
    operation_id="send_webhook_event_anew",
    tags=_TAGS,
    responses=problems(404),
)
async def send_webhook_event_anew(
    db: NamedDependency[Database],
    webhook_sender: NamedDependency[WebhookSender],
    caller: NamedDependency[Caller],
    webhook_id: FromPath[str],
    event_id: FromPath[str],
) -> WebhookEvent:
    """Send an event once more, with the same id and body."""
    event = await db.write(service.send_anew, caller, webhook_id, event_id)
    webhook_sender.wake()
    return event


handlers: Final[list[Any]] = [
    create_webhook,
    list_webhooks,
    get_webhook,
    update_webhook,
    delete_webhook,
    rotate_webhook_secret,
    drop_webhook_secret,
    test_webhook,
    list_webhook_events,
    send_webhook_event_anew,
]
