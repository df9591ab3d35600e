"""The exact bytes of one HTTP/1.1 request, ready for the wire."""

from __future__ import annotations

import msgspec

from recado.outbound.upload import Upload
from recado.outbound.url import Url


class WireRequest(msgspec.Struct):
    """One request, fully rendered.

    `target` is what stands on the request line (`/path?query`, `*` for OPTIONS, `host:port` for CONNECT); `headers` are
    all header lines, Host and Content-Length among them, each ending in CRLF; `url` names the server that is called.
    With `pieces`, the body is made of them as it is sent, and `body` only shows it, without the contents of files.
    """

    method: str
    url: Url
    target: bytes
    headers: bytes
    body: bytes = b""
    pieces: tuple[bytes | Upload, ...] | None = None


def request_bytes(request: WireRequest) -> bytes:
    """The request as it is sent to the server itself (RFC 9112 §2.1); of one with pieces, all before them."""
    body = request.body if request.pieces is None else b""
    return b"%b %b HTTP/1.1\r\n%b\r\n%b" % (request.method.encode(), request.target, request.headers, body)


def proxied_request_bytes(request: WireRequest, proxy_authorization: bytes) -> bytes:
    """The request as a forward proxy wants it: the target in absolute form (RFC 9112 §3.2.2).

    `OPTIONS *` becomes an absolute form without a path (RFC 9112 §3.2.4).
    """
    path = b"" if request.target == b"*" else request.target
    target = request.url.origin.encode() + path
    headers = request.headers + proxy_authorization
    body = request.body if request.pieces is None else b""
    return b"%b %b HTTP/1.1\r\n%b\r\n%b" % (request.method.encode(), target, headers, body)
