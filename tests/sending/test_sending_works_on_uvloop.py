"""The loop of production: what touches sockets, TLS and timers, once more on uvloop."""

from __future__ import annotations

import asyncio
import ssl

import pytest
import trustme
import uvloop

from recado.outbound.limits import Limits
from recado.outbound.tls import TlsSettings
from recado.outbound.transport import Transport, TransportFailure
from sending.shapes import PUBLIC, Call, MakeTransport, Send, Wire, until
from servers import hostile
from servers.hostile import BROKEN_ANSWERS, HostileServer
from servers.nameserver import NameServer
from servers.pace import slowness
from servers.proxy import ProxyServer
from servers.raw import HANG_UP, OK, RESET, SILENCE, Answer, RawServer

HOST = "api.acme.com"


@pytest.fixture
def secure(name_server: NameServer) -> tuple[ssl.SSLContext, TlsSettings]:
    """What a server called api.acme.com shows, and what trusts it."""
    name_server.answers[HOST] = [[PUBLIC]]
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST).configure_cert(context)
    return context, TlsSettings(ca_pem=authority.cert_pem.bytes().decode())


async def test_connections_are_kept_and_dead_ones_noticed(send: Send, wire: Wire, transport: Transport) -> None:
    assert isinstance(asyncio.get_running_loop(), uvloop.Loop)
    async with RawServer() as server:
        assert [(await send(wire(server.url))).is_connection_reused for _ in range(3)] == [False, True, True]
        await server.hang_up()
        assert not (await send(wire(server.url, "POST", {}, b"x" * 300_000))).is_connection_reused
        assert len(server.requests) == 4
        await until(lambda: transport.open_connections == 1)


@pytest.mark.parametrize("drop", [HANG_UP, RESET], ids=["close", "reset"])
async def test_a_dropped_connection_is_counted(drop: Answer, make_call: Call, wire: Wire) -> None:
    async with RawServer(OK, drop) as server:
        await make_call(wire(server.url))
        result = await make_call(wire(server.url, "POST", {}, b"{}"))
        assert result.error is not None
        assert result.error.code == "unknown_outcome"
        assert len(server.requests) == 2


async def test_deadlines_are_met(make_transport: MakeTransport, send: Send, wire: Wire) -> None:
    async with RawServer(SILENCE) as server:
        with pytest.raises(TransportFailure) as failure:
            await send(wire(server.url), seconds=0.2)
        assert failure.value.error.code == "timeout_total"
        assert 180 < failure.value.timing.total_ms < 2000 * slowness()
        transport = make_transport(limits=Limits(connect_seconds=0.2))
        with pytest.raises(TransportFailure) as failure:
            await send(wire(server.url.replace("http:", "https:")), over=transport)
        assert failure.value.error.code == "endpoint_connect_timeout"


@pytest.mark.parametrize("name", ["cut_off", "nothing", "bare_line_feeds", "brotli", "length_and_chunked"])
async def test_broken_answers_are_refused(name: str, send: Send, wire: Wire) -> None:
    async with RawServer(Answer(BROKEN_ANSWERS[name], "close")) as server:
        with pytest.raises(TransportFailure) as failure:
            await send(wire(server.url))
        assert failure.value.is_sent


async def test_bombs_and_early_answers(send: Send, wire: Wire) -> None:
    async with HostileServer(hostile.gzip_bomb) as bomb, hostile.AnswersEarly() as early:
        with pytest.raises(TransportFailure) as failure:
            await send(wire(bomb.url))
        assert failure.value.error.code == "response_too_large"
        assert (await send(wire(early.url, "POST", {}, bytes(16 * 1024 * 1024)))).status == 413


async def test_a_body_to_the_end_is_whole(send: Send, wire: Wire) -> None:
    async with RawServer(Answer(b"HTTP/1.1 200 OK\r\n\r\n" + b"a" * 1_000_000, "close")) as server:
        assert len((await send(wire(server.url))).body) == 1_000_000


async def test_tls_works_and_bad_names_are_refused(
    secure: tuple[ssl.SSLContext, TlsSettings], send: Send, wire: Wire, transport: Transport
) -> None:
    context, trust = secure
    async with RawServer(tls=context) as server:
        url = f"https://{HOST}:{server.port}"
        answers = [await send(wire(url, "POST", {}, b"x" * 300_000), tls=trust) for _ in range(2)]
        assert answers[1].is_connection_reused
        with pytest.raises(TransportFailure) as failure:
            await send(wire(server.url), tls=trust)
        assert failure.value.error.code == "endpoint_tls_failed"
        assert transport.open_connections == 1


async def test_a_tunnel_carries_tls(
    secure: tuple[ssl.SSLContext, TlsSettings], make_transport: MakeTransport, send: Send, wire: Wire
) -> None:
    context, trust = secure
    async with ProxyServer() as proxy, RawServer(tls=context) as server:
        over = make_transport(proxy=proxy.url)
        answer = await send(wire(f"https://{HOST}:{server.port}"), over=over, tls=trust)
        assert answer.status == 200
        assert len(proxy.requests) == 1


async def test_a_refused_connection_and_a_second_address(
    make_transport: MakeTransport, send: Send, wire: Wire, name_server: NameServer
) -> None:
    name_server.answers[HOST] = [["127.0.0.2", PUBLIC]]
    async with RawServer() as server:
        url = f"http://{HOST}:{server.port}"
        assert (await send(wire(url), over=make_transport(("127.0.0.0/8",)))).status == 200
    with pytest.raises(TransportFailure) as failure:
        await send(wire(f"http://{PUBLIC}:{server.port}"))
    assert failure.value.error.code == "endpoint_connect_failed"


async def test_a_cancelled_call_closes_its_connection(send: Send, wire: Wire, transport: Transport) -> None:
    async with RawServer(SILENCE) as server:
        running = asyncio.create_task(send(wire(server.url)))
        await server.wait_until(lambda: len(server.requests) == 1)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        await server.wait_until(lambda: server.ended == 1)
        await until(lambda: transport.open_connections == 0)
