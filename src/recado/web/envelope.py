"""What stands around every answer: a request id, the security headers, and one log line."""

from __future__ import annotations

import re
import time
from typing import Final

import structlog

from recado.errors import NotFound
from recado.ids import new_id
from recado.web.answers import App, Message, Receive, Scope, Send, answer_problem


def security_policy(nonce: str = "") -> bytes:
    """The Content-Security-Policy of a page: nothing but what this server gives; styles made at run time with the nonce."""
    style = f"'self' 'nonce-{nonce}'" if nonce else "'self'"
    return (
        "default-src 'none'; script-src 'self'; connect-src 'self'; font-src 'self'; img-src 'self' data:;"
        f" style-src {style}; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    ).encode()


HEADERS: Final = [
    (b"content-security-policy", security_policy()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
]
_NO_STORE: Final = (b"cache-control", b"no-store")
OPERATION_PATHS: Final = frozenset({"/health", "/health/ready", "/metrics", "/api/v1/health", "/api/v1/health/ready"})
"""What machines ask all the time; logged only when it fails."""
_SECRET_PART: Final = re.compile(r"(/channels/whatsapp/)[^/]+")
"""The key by which Meta finds a channel; whoever knows it can knock, though not get in."""
_log: Final = structlog.get_logger("recado.web")


class Envelope:
    """Wraps the application."""

    def __init__(self, inner: App, *, is_https: bool) -> None:
        self._inner = inner
        self._headers = HEADERS + ([(b"strict-transport-security", b"max-age=31536000")] if is_https else [])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        request_id = state.setdefault("request_id", new_id("req"))  # an executor's gate has put the api process's there
        started, status = time.perf_counter(), 500

        async def send_wrapped(message: Message) -> None:
            nonlocal status, request_id
            if message["type"] == "http.response.start":
                status = message["status"]
                told = next((value for name, value in message.get("headers", []) if name == b"x-request-id"), None)
                request_id = told.decode() if told else request_id  # an executor's own: what the caller sees is logged
                message = self._dress(message, request_id)
            await send(message)

        try:
            if "\x00" in scope["path"]:  # no name of ours holds one, and PostgreSQL refuses to be asked for it
                await answer_problem(send_wrapped, NotFound(), request_id)
            else:
                await self._inner(scope, receive, send_wrapped)
        finally:
            if scope["path"] not in OPERATION_PATHS or status >= 500:
                _log.info(
                    "request",
                    request_id=request_id,
                    method=scope["method"],
                    path=_SECRET_PART.sub(r"\1…", scope["path"]),
                    status=status,
                    ms=round((time.perf_counter() - started) * 1000, 1),
                )

    def _dress(self, message: Message, request_id: str) -> Message:
        given = {name.lower() for name, _ in message.get("headers", [])}
        added = [header for header in self._headers if header[0] not in given]
        if b"cache-control" not in given:
            added.append(_NO_STORE)
        if b"x-request-id" not in given:
            added.append((b"x-request-id", request_id.encode()))
        return {**message, "headers": [*message.get("headers", []), *added]}
