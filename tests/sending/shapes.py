"""The shapes of what conftest.py hands to the tests of this folder."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from recado.outbound.client import CallResult
from recado.outbound.response import Response
from recado.outbound.transport import Transport
from recado.outbound.wire import WireRequest

PUBLIC = "127.0.0.1"
"""Plays a public address: the policies of these tests allow it."""
PRIVATE = "127.0.0.2"
"""Plays a private one: nothing may ever arrive there."""


class MakeTransport(Protocol):
    """Makes transports that are closed at the end of the test."""

    def __call__(
        self, allow: tuple[str, ...] = (f"{PUBLIC}/32",), deny: tuple[str, ...] = (), **settings: Any
    ) -> Transport: ...


class Wire(Protocol):
    """Writes a request: `wire("http://…", "POST", {"X-Key": "1"}, b"body")`."""

    def __call__(
        self,
        url: str,
        method: str = "GET",
        headers: Mapping[str, str] = {},
        body: bytes = b"",
        *,
        target: bytes | None = None,
    ) -> WireRequest: ...


class Send(Protocol):
    """Sends one request over the `transport` fixture, or another, within some seconds."""

    async def __call__(
        self, request: WireRequest, *, seconds: float = 5.0, over: Transport | None = None, **options: Any
    ) -> Response: ...


class Call(Protocol):
    """Makes one call over the `transport` fixture, or another; options as CallPlan has them."""

    async def __call__(self, request: WireRequest, *, over: Transport | None = None, **plan: Any) -> CallResult: ...


async def until(is_reached: Callable[[], bool], seconds: float = 5.0) -> None:
    """Let the loop turn until something has happened; TimeoutError when it does not."""
    async with asyncio.timeout(seconds):
        while not is_reached():  # noqa: ASYNC110 - what is waited for has no event of its own
            await asyncio.sleep(0.001)
