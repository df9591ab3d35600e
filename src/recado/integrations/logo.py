"""Fetches integrations' logos under the address policy, so that no browser calls a third party, and keeps them for a day."""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass
from typing import Final

from recado.errors import EndpointRefused, EndpointTlsFailed, LogoUnavailable
from recado.integrations.requests import USER_AGENT
from recado.outbound.client import CallPlan, CallResult, call
from recado.outbound.tls import SYSTEM_TRUST, TlsSettings
from recado.outbound.transport import Transport
from recado.outbound.url import Url, parse_url
from recado.outbound.wire import WireRequest

MAX_BYTES: Final = 512 * 1024
SECONDS: Final = 3.0
_KEPT_SECONDS: Final = 86_400.0
_FAILURE_KEPT_SECONDS: Final = 60.0
_MOST_KEPT: Final = 200
_MOST_KEPT_BYTES: Final = 8 * 1024 * 1024
_HEADERS: Final = "Host: {host}\r\nUser-Agent: {agent}\r\nAccept: image/*\r\nAccept-Encoding: gzip, deflate\r\n"
_BEGINNINGS: Final = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"RIFF[\x00-\xff]{4}WEBPVP8"), "image/webp"),
    (
        re.compile(
            rb"(?:\xef\xbb\xbf)?\s{0,100}(?:<\?xml[^>]{0,200}\?>\s{0,100})?(?:<!--(?:[^-]|-(?!->)){0,2000}-->\s{0,100}){0,5}"
            rb"(?:<!DOCTYPE\s+svg[^>\[]{0,300}>\s{0,100})?<svg[\s>]"
        ),
        "image/svg+xml",
    ),
)

_Key = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class Logo:
    """An image as it came, and what it is by its own bytes, whatever its server says."""

    media_type: str
    body: bytes


class Logos:
    """The logos of one process: at most 200 and 8 MiB, each fetched by one request however many ask for it."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._kept: dict[_Key, tuple[float, Logo | None]] = {}
        self._kept_bytes = 0
        self._fetching: dict[_Key, asyncio.Task[Logo | None]] = {}

    async def get(self, url: str, ca_certificates: str | None) -> Logo:
        """The image at a URL; what cannot be fetched is not asked for again for a minute. Raises LogoUnavailable."""
        key = (url, ca_certificates)
        until, found = self._kept.get(key, (0.0, None))
        if time.monotonic() >= until:
            task = self._fetching.get(key)
            if task is None:
                task = self._fetching[key] = asyncio.create_task(self._fetch_and_keep(key), name="recado-logo")
            found = await asyncio.shield(task)  # one who hangs up must not take the others' image away
        if found is None:
            raise LogoUnavailable
        return found

    async def close(self) -> None:
        """Stop what is being fetched."""
        tasks = list(self._fetching.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _fetch_and_keep(self, key: _Key) -> Logo | None:
        try:
            found = await self._fetch(*key)
            self._keep(key, found)
            return found
        finally:
            del self._fetching[key]

    def _keep(self, key: _Key, found: Logo | None) -> None:
        self._drop(key)
        self._kept_bytes += len(found.body) if found else 0
        seconds = _KEPT_SECONDS if found else _FAILURE_KEPT_SECONDS
        self._kept[key] = (time.monotonic() + seconds, found)
        while len(self._kept) > _MOST_KEPT or self._kept_bytes > _MOST_KEPT_BYTES:
            self._drop(next(iter(self._kept)))

    def _drop(self, key: _Key) -> None:
        _, dropped = self._kept.pop(key, (0.0, None))
        self._kept_bytes -= len(dropped.body) if dropped else 0

    async def _fetch(self, text: str, ca_certificates: str | None) -> Logo | None:
        """By the system's certificates; where those do not do, by those that the integration's own API is known by."""
        try:
            url = parse_url(text)
            self._transport.policy.check_url(url)
        except EndpointRefused:
            return None
        for tls in (SYSTEM_TRUST, TlsSettings(ca_certificates)) if ca_certificates else (SYSTEM_TRUST,):
            plan = CallPlan(SECONDS, is_following_redirects=True, is_idempotent=True, tls=tls)
            result = await call(self._transport, _request(url), plan)
            if not isinstance(result.error, EndpointTlsFailed):
                return _logo_in(result)
        return None


def _request(url: Url) -> WireRequest:
    headers = _HEADERS.format(host=url.authority, agent=USER_AGENT).encode()
    return WireRequest("GET", url, url.target.encode(), headers)


def _logo_in(result: CallResult) -> Logo | None:
    response = result.response
    if result.error is not None or response is None or response.status != 200 or len(response.body) > MAX_BYTES:
        return None
    for beginning, media_type in _BEGINNINGS:
        if beginning.match(response.body):
            return Logo(media_type, response.body)
    return None
