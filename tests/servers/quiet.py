"""A server in threads of its own that prints nothing, for tests that listen to what is sent to them."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Quiet:
    """Of a handler that does not print what is asked."""

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002  # the base's name
        """Say nothing."""


class QuietServer(ThreadingHTTPServer):
    """Serves from the moment it is made until `end`; does not print that somebody hung up."""

    daemon_threads = True

    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing."""

    def end(self) -> None:
        self.shutdown()
        self.server_close()
        self._thread.join(10)
