"""A receiver of webhooks, which keeps what it was told and answers as it is asked to."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Any

import httpx
import pytest

from conversations.shapes import Desk
from servers.fixtures import background
from servers.quiet import Quiet, QuietServer
from whatsapp.fixtures import graph, start_graph

__all__ = ["background", "graph", "start_graph"]


@dataclass(frozen=True)
class Told:
    """One request that came."""

    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> dict[str, Any]:
        return dict(json.loads(self.raw))

    def is_signed_with(self, secret: str) -> bool:
        """Judged as the documentation tells receivers to."""
        signed = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + self.raw
        key = base64.b64decode(secret.removeprefix("whsec_"))
        wanted = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        return wanted in self.headers["webhook-signature"].split(" ")


class Receiver:
    """Answers 204, or what `answers` holds first."""

    def __init__(self) -> None:
        self.answers: list[int] = []
        self.told: list[Told] = []
        self._came = threading.Condition()
        receiver = self

        class Handler(Quiet, BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["content-length"]))
                receiver.hear(Told({name.lower(): value for name, value in self.headers.items()}, raw))
                self.send_response(receiver.answers.pop(0) if receiver.answers else 200)
                self.send_header("content-length", "0")
                self.end_headers()

        self._server = QuietServer(Handler)
        self.url = f"{self._server.url}/hooks"

    def hear(self, told: Told) -> None:
        """Something came."""
        with self._came:
            self.told.append(told)
            self._came.notify_all()

    def close(self) -> None:
        self._server.end()

    def wait_for(self, count: int, seconds: float = 30) -> list[Told]:
        """Everything that came once it is so many."""
        deadline = time.monotonic() + seconds
        with self._came:
            while len(self.told) < count:
                assert self._came.wait(deadline - time.monotonic()), [told.body["type"] for told in self.told]
            return list(self.told)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    yield server
    server.close()


@pytest.fixture
def desk(client: httpx.Client) -> Desk:
    """The owner of the test's workspace."""
    return Desk(client)
