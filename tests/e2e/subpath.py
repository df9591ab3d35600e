"""A reverse proxy that shows a server below a path, as nginx does with `location /apps/recado/ { proxy_pass http://…/; }`."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

import httpx

_OWN_HEADERS = frozenset({"connection", "transfer-encoding", "content-length", "date", "server"})


class SubPathProxy:
    """`with SubPathProxy("/apps/recado", port) as proxy:`; set `target` before the first request. The rest is 404."""

    def __init__(self, prefix: str, port: int) -> None:
        self.target = ""
        self.url = f"http://127.0.0.1:{port}{prefix}"
        self._prefix = prefix
        self._client = httpx.Client(timeout=120, trust_env=False)
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._client.close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                if not self.path.startswith(proxy._prefix + "/"):
                    self.send_error(404)
                    return
                body = self.rfile.read(int(self.headers["Content-Length"] or 0))
                url = proxy.target + self.path.removeprefix(proxy._prefix)
                with proxy._client.stream(self.command, url, headers=dict(self.headers), content=body) as answer:
                    content = b"".join(answer.iter_raw())  # compressed as it came
                    self.send_response(answer.status_code)
                    for name, value in answer.headers.multi_items():
                        if name not in _OWN_HEADERS:
                            self.send_header(name, value)
                    self.send_header("Content-Length", str(len(content)))
                    self.end_headers()
                    self.wfile.write(content)

            do_POST = do_PATCH = do_PUT = do_DELETE = do_GET  # noqa: N815 (the names they have in BaseHTTPRequestHandler)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name it has in BaseHTTPRequestHandler)
                """Keep the test's output clean."""

        return Handler
