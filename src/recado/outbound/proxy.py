"""The operator's HTTP proxy: its address, and how a tunnel through it is asked for."""

from __future__ import annotations

import asyncio
import base64
import re
import socket
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from recado.errors import EndpointRefused, ProxyFailed, SettingInvalid
from recado.outbound.url import Url, parse_url

_MAX_HEAD_BYTES: Final = 8192
_STATUS: Final = re.compile(rb"HTTP/1\.[01] ([0-9]{3})[ \r]")


@dataclass(frozen=True, slots=True)
class Proxy:
    """Where the proxy is; `authorization` is the Proxy-Authorization line, or empty."""

    url: Url
    authorization: bytes


def parse_proxy(text: str) -> Proxy | None:
    """Read `http://[user:password@]host:port`; None for an empty text. Raises SettingInvalid."""
    if not text:
        return None
    try:
        parts = urlsplit(text)
        authority = parts.netloc.rpartition("@")[2]
        url = parse_url(f"{parts.scheme}://{authority}")
    except (ValueError, EndpointRefused) as problem:
        raise SettingInvalid(name="egress_proxy", reason="must look like http://host:port") from problem
    if url.scheme != "http" or parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise SettingInvalid(name="egress_proxy", reason="must look like http://host:port")
    if parts.username is None:
        return Proxy(url, b"")
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return Proxy(url, b"Proxy-Authorization: Basic %b\r\n" % base64.b64encode(pair.encode()))


async def open_tunnel(sock: socket.socket, proxy: Proxy, address: str, port: int) -> None:
    """Ask the proxy, on a fresh connection, for a tunnel to an address that was judged (RFC 9110 §9.3.6).

    The address and not the name goes out, so that the proxy cannot be led elsewhere by a second look-up.
    Raises ProxyFailed.
    """
    loop = asyncio.get_running_loop()
    authority = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
    line = f"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n".encode()
    try:
        await loop.sock_sendall(sock, line + proxy.authorization + b"\r\n")
        head = await _read_head(loop, sock)
    except OSError:
        raise ProxyFailed(reason="the connection broke") from None
    status = _STATUS.match(head)
    if status is None or not head.endswith(b"\r\n\r\n"):
        raise ProxyFailed(reason="its answer is not valid HTTP")
    if not 200 <= int(status[1]) < 300:
        raise ProxyFailed(reason=f"status {int(status[1])}")


async def _read_head(loop: asyncio.AbstractEventLoop, sock: socket.socket) -> bytes:
    # nothing may follow the head: the far side speaks only after our TLS hello or request
    head = b""
    while b"\r\n\r\n" not in head:
        if len(head) > _MAX_HEAD_BYTES:
            raise ProxyFailed(reason="its answer is not valid HTTP")
        data = await loop.sock_recv(sock, 4096)
        if not data:
            raise ProxyFailed(reason="the connection broke")
        head += data
    return head
