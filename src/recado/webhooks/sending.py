"""Sends what webhooks are to be told: each event until its receiver has answered with 2xx, or its tries are used up."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from typing import Any, Final

import sqlalchemy as sa
import structlog

from recado.background import Background
from recado.credentials.keys import Keyring
from recado.db.columns import utc_now
from recado.db.engine import Database
from recado.errors import EndpointRefused, RecadoError, SecretKeyUnavailable, SecretUnreadable
from recado.integrations.requests import USER_AGENT
from recado.outbound.client import CallPlan, call
from recado.outbound.response import Response
from recado.outbound.transport import Transport
from recado.outbound.url import parse_url
from recado.outbound.wire import WireRequest
from recado.settings import Settings
from recado.webhooks import repository, service
from recado.webhooks.definition import next_try
from recado.webhooks.repository import Row
from recado.webhooks.secrets import open_secrets
from recado.webhooks.signing import sign

_SECONDS: Final = 10.0
_LOOK_SECONDS: Final = 2.0
_AT_ONCE: Final = 20
_SILENT: Final = dt.timedelta(seconds=30)
_log: Final = structlog.get_logger("recado.webhooks")


class WebhookSender(Background):
    """One for each process that can open secrets; what is being sent when it stops is sent again by whoever finds it."""

    def __init__(
        self, database: Database, transport: Transport, keyring: Keyring, settings: Settings, process_id: str
    ) -> None:
        super().__init__("webhooks", self._send_all_due, _LOOK_SECONDS)
        self._database = database
        self._transport = transport
        self._keyring = keyring
        self._settings = settings
        self._owner = process_id

    async def retain(self) -> None:
        """Delete what is older than the operator keeps, a little at a time."""
        oldest = utc_now() - dt.timedelta(days=self._settings.retention_days)
        while await self._database.write(service.delete_old_events, oldest):
            pass

    async def _send_all_due(self) -> None:
        while await self._send_due():
            pass

    async def _send_due(self) -> bool:
        """What is due now; whether there may be more."""
        if not await self._database.read(_is_any_due):
            return False
        rows = await self._database.write(self._claim)
        await asyncio.gather(*(self._send(row) for row in rows))
        return len(rows) == _AT_ONCE

    def _claim(self, connection: sa.Connection) -> list[Row]:
        is_only = self._database.is_sqlite
        return list(repository.claim_due(connection, self._owner, utc_now(), _AT_ONCE, _SILENT, is_only_server=is_only))

    async def _send(self, row: Row) -> None:
        begun = time.perf_counter()
        response, error = await self._post(row)
        now, tries = utc_now(), row.tries + 1
        is_heard = response is not None and response.status // 100 == 2  # any 2xx
        due_at = None if is_heard else next_try(tries, now, _retry_after(response))
        status = "delivered" if is_heard else "failed" if due_at is None else "waiting"
        answer: dict[str, Any] = {
            "status": None if response is None else response.status,
            "error": error,
            "ms": round((time.perf_counter() - begun) * 1000, 1),
            "at": now.isoformat(),
        }
        await self._database.write(repository.settle, row.id, status, due_at, answer)
        if status == "failed":
            _log.warning("webhook_given_up", webhook_id=row.webhook_id, event_id=row.id, tries=tries)

    async def _post(self, row: Row) -> tuple[Response | None, str | None]:
        """The answer, or why there is none."""
        try:
            shown = await self._database.read(open_secrets, self._keyring, row.workspace_id, row.webhook_id)
            url = parse_url(row.url)
            self._transport.policy.check_url(url)
        except (SecretUnreadable, SecretKeyUnavailable, EndpointRefused) as problem:
            return None, str(problem)
        body = row.body.encode()
        timestamp = int(time.time())
        headers = (
            f"Host: {url.authority}\r\nUser-Agent: {USER_AGENT}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\nwebhook-id: {row.id}\r\nwebhook-timestamp: {timestamp}\r\n"
            f"webhook-signature: {sign(list(shown.values()), row.id, timestamp, body)}\r\n"
        )
        request = WireRequest("POST", url, url.target.encode(), headers.encode(), body)
        result = await call(self._transport, request, CallPlan(_SECONDS))
        return result.response, _words(result.error)


def _is_any_due(connection: sa.Connection) -> bool:
    return repository.is_any_due(connection, utc_now())


def _words(error: RecadoError | None) -> str | None:
    return None if error is None else str(error)


def _retry_after(response: Response | None) -> dt.timedelta | None:
    """What the receiver asked for, in seconds; a date is not looked at."""
    asked = None if response is None else response.header("retry-after")
    if asked is None or not asked.strip().isdecimal():
        return None
    return dt.timedelta(seconds=min(int(asked.strip()[:9]), 86_400))
