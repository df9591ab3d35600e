"""A callback for webhooks: it proves that it is ours, keeps what comes, and answers as it is told."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections import deque
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from servers.quiet import Quiet, QuietServer


@dataclass(frozen=True)
class Webhook:
    """One that came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def values(self) -> list[dict[str, Any]]:
        """What changed, change by change."""
        return [change["value"] for entry in self.json["entry"] for change in entry["changes"]]

    @property
    def messages(self) -> list[dict[str, Any]]:
        return [message for value in self.values for message in value.get("messages", ())]

    @property
    def statuses(self) -> list[dict[str, Any]]:
        return [status for value in self.values for status in value.get("statuses", ())]

    def is_signed_with(self, secret: str) -> bool:
        made = hmac.new(secret.encode(), self.body, hashlib.sha256).hexdigest()
        return self.headers.get("x-hub-signature-256") == f"sha256={made}"


class Hook:
    """Listens in threads of its own."""

    def __init__(self, verify_token: str = "stand-in-verify-token") -> None:
        self.verify_token = verify_token
        self.came: list[Webhook] = []
        self.asked: list[dict[str, str]] = []
        self.answers: deque[int] = deque()
        """The statuses of the next answers; after them 200."""
        self.seconds = 0.0
        """How long each answer takes."""
        hook = self

        class Handler(Quiet, BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                query = {key: values[0] for key, values in parse_qs(urlsplit(self.path).query).items()}
                hook.asked.append(query)
                is_ours = query.get("hub.verify_token") == hook.verify_token
                self._say(200 if is_ours else 403, query.get("hub.challenge", "").encode() if is_ours else b"no")

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                time.sleep(hook.seconds)
                headers = {name.lower(): value for name, value in self.headers.items()}
                hook.came.append(Webhook(self.path, headers, body))
                self._say(hook.answers.popleft() if hook.answers else 200, b"")

            def _say(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        self._server = QuietServer(Handler)

    @property
    def url(self) -> str:
        return f"{self._server.url}/hook"

    @property
    def messages(self) -> list[dict[str, Any]]:
        return [message for webhook in self.came for message in webhook.messages]

    @property
    def statuses(self) -> list[dict[str, Any]]:
        return [status for webhook in self.came for status in webhook.statuses]

    def close(self) -> None:
        self._server.end()
