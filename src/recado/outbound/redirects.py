"""Where a redirect leads, and what of the request may go there."""

from __future__ import annotations

import re
from typing import Final

from recado.errors import UpstreamBadResponse
from recado.outbound.response import Response
from recado.outbound.url import Url, parse_url
from recado.outbound.wire import WireRequest

MAX_HOPS: Final = 5

_STATUSES: Final = frozenset({301, 302, 303, 307, 308})
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")  # RFC 3986 §3.1
_KEPT_ABROAD: Final = frozenset({b"accept", b"user-agent"})
_BODY_HEADERS: Final = frozenset(
    {
        b"content-encoding",
        b"content-language",
        b"content-length",
        b"content-location",
        b"content-type",
    }
)
_METHODS_WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH"})


def redirect_location(response: Response, method: str) -> str | None:
    """The Location to follow; None when the response is not a redirect that can be followed.

    Raises UpstreamBadResponse when there are two different ones.
    """
    if response.status not in _STATUSES or method == "CONNECT":
        return None
    locations = {value for name, value in response.headers if name.lower() == "location"}
    if len(locations) > 1:
        raise UpstreamBadResponse(reason="it names two places to go to")
    location = locations.pop() if locations else ""
    try:  # headers are read as Latin-1; what is sent outside ASCII is nearly always UTF-8
        return location.encode("latin-1").decode("utf-8") or None
    except UnicodeDecodeError:
        return location


def resolve_location(base: Url, location: str) -> Url:
    """The URL a Location means when it comes from `base` (RFC 3986 §5.2); raises EndpointRefused as `parse_url` does."""
    if _SCHEME.match(location):
        return parse_url(location)
    if location.startswith("//"):
        return parse_url(f"{base.scheme}:{location}")
    reference = location.partition("#")[0]
    path = base.target.partition("?")[0]
    if not reference:
        target = base.target
    elif reference.startswith("/"):
        target = reference
    elif reference.startswith("?"):
        target = path + reference
    else:
        target = path[: path.rindex("/") + 1] + reference
    return parse_url(base.origin + _without_dot_segments(target))


def next_request(request: WireRequest, status: int, url: Url) -> WireRequest:
    """The request for the next hop.

    303, and 301 or 302 to a POST, become GET (RFC 9110 §15.4). On another origin all headers but Accept and User-Agent
    go, whatever their names, and so does every body.
    """
    method = _next_method(request.method, status)
    is_abroad = url.origin != request.url.origin
    is_same_method = method == request.method
    target = url.target.encode()
    if is_same_method and not is_abroad:
        return WireRequest(method, url, target, request.headers, request.body, request.pieces)
    lines = [line for line in request.headers.split(b"\r\n") if line]
    if is_abroad:
        kept = [f"Host: {url.authority}".encode(), *(line for line in lines if _name(line) in _KEPT_ABROAD)]
        if method in _METHODS_WITH_BODY:
            kept.append(b"Content-Length: 0")
    else:
        kept = [line for line in lines if _name(line) not in _BODY_HEADERS]
    return WireRequest(method, url, target, b"".join(b"%b\r\n" % line for line in kept))


def _next_method(method: str, status: int) -> str:
    if status == 303:
        return method if method == "HEAD" else "GET"
    return "GET" if method == "POST" and status in {301, 302} else method


def _name(line: bytes) -> bytes:
    return line.partition(b":")[0].strip().lower()


def _without_dot_segments(target: str) -> str:
    """RFC 3986 §5.2.4, on a target that begins with a slash."""
    path, mark, query = target.partition("?")
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return f"/{'/'.join(kept)}{mark}{query}"
