"""An API for browser tests that answers each path as it is told, and keeps what it was sent."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Answer:
    """What a path answers; `body` is sent as it is when it is bytes, else as JSON."""

    body: Any = None
    status: int = 200
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    gate: threading.Event | None = None
    """The answer waits for it."""


@dataclass
class Api:
    """`answers` by path, and the bodies that were sent to each."""

    url: str
    answers: dict[str, Answer] = field(default_factory=dict)
    sent: dict[str, list[bytes]] = field(default_factory=dict)

    def integration(self) -> dict[str, Any]:
        """`POST /integrations` for this API, without authentication."""
        return {"name": "Acme orders", "description": "Orders of the shop."}

    def action(self, path: str, **changes: Any) -> dict[str, Any]:
        """`POST /integrations/{id}/actions` that calls a path."""
        request = {"method": "GET", "endpoint": f"{self.url}{path}"}
        return {"name": "Find order", "request": request, **changes}


@contextmanager
def serve_answers() -> Iterator[Api]:
    """Such an API on 127.0.0.1 for as long as the block runs."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            path = self.path.partition("?")[0]
            length = int(self.headers.get("content-length") or 0)
            api.sent.setdefault(path, []).append(self.rfile.read(length))
            told = api.answers.get(path) or Answer({"message": "Not here"}, 404)
            if told.gate is not None:
                told.gate.wait(30)
            body = told.body if isinstance(told.body, bytes) else json.dumps(told.body).encode()
            self.send_response(told.status)
            self.send_header("content-type", told.content_type)
            self.send_header("content-length", str(len(body)))
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815  # the names are the base class's

        def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002  # the name is the base class's
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    api = Api(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield api
    finally:
        for told in api.answers.values():
            if told.gate is not None:
                told.gate.set()
        server.shutdown()
        server.server_close()
        thread.join()
