"""What the tests of sending share: a name server, a transport that may call 127.0.0.1, and requests in one line."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import pytest
import uvloop

from recado.outbound.client import CallPlan, CallResult, call
from recado.outbound.limits import Limits
from recado.outbound.policy import EgressPolicy
from recado.outbound.resolver import Resolver
from recado.outbound.response import Response
from recado.outbound.transport import Transport
from recado.outbound.url import parse_url
from recado.outbound.wire import WireRequest
from sending.shapes import PUBLIC, Call, MakeTransport, Send, Wire
from servers.nameserver import NameServer


def pytest_asyncio_loop_factories(item: pytest.Item) -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """The tests of one file run on the loop of production, all others on that of the standard library."""
    if item.path.name == "test_sending_works_on_uvloop.py":
        return {"uvloop": uvloop.new_event_loop}
    return {"asyncio": asyncio.new_event_loop}


@pytest.fixture
async def name_server() -> AsyncIterator[NameServer]:
    """A real name server; write names into its `answers`."""
    server = NameServer()
    await server.start()
    yield server
    await server.close()


@pytest.fixture
async def make_transport(name_server: NameServer) -> AsyncIterator[MakeTransport]:
    """Makes transports with their own policy; names are asked of `name_server`."""
    resolver = Resolver([name_server.address])
    made: list[Transport] = []

    def make(allow: tuple[str, ...] = (f"{PUBLIC}/32",), deny: tuple[str, ...] = (), **settings: Any) -> Transport:
        transport = Transport(EgressPolicy(allow, deny), resolver, **settings)
        made.append(transport)
        return transport

    yield make
    for transport in made:
        async with asyncio.timeout(5):
            await transport.close()
    resolver.close()


@pytest.fixture
async def transport(make_transport: MakeTransport) -> Transport:
    """May call 127.0.0.1 and public addresses; connects within half a second."""
    return make_transport(limits=Limits(connect_seconds=0.5))


@pytest.fixture(scope="session")
def wire() -> Wire:
    """Writes requests."""

    def write(
        url: str,
        method: str = "GET",
        headers: Mapping[str, str] = {},
        body: bytes = b"",
        *,
        target: bytes | None = None,
    ) -> WireRequest:
        parsed = parse_url(url)
        lines = {"Host": parsed.authority, **headers, **({"Content-Length": str(len(body))} if body else {})}
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items()).encode()
        return WireRequest(method, parsed, parsed.target.encode() if target is None else target, head, body)

    return write


@pytest.fixture
def send(transport: Transport) -> Send:
    """Sends one request."""

    async def run(
        request: WireRequest, *, seconds: float = 5.0, over: Transport | None = None, **options: Any
    ) -> Response:
        deadline = asyncio.get_running_loop().time() + seconds
        return await (over or transport).send(request, deadline=deadline, **options)

    return run


@pytest.fixture
def make_call(transport: Transport) -> Call:
    """Makes one call."""

    async def run(request: WireRequest, *, over: Transport | None = None, **plan: Any) -> CallResult:
        return await call(over or transport, request, CallPlan(**{"timeout_seconds": 5.0, **plan}))

    return run
