"""Every part of a call has its time: looking up, dialling, TLS, the answer, and all of it together."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

import pytest

from recado.outbound.limits import Limits
from recado.outbound.transport import Transport, TransportFailure
from sending.shapes import PRIVATE, PUBLIC, Call, MakeTransport, Send, Wire
from servers.nameserver import NameServer
from servers.pace import slowness
from servers.raw import OK, SILENCE, Answer, RawServer

ANY_LOOPBACK = ("127.0.0.0/8",)


@contextmanager
def black_hole(host: str = PUBLIC, port: int = 0) -> Iterator[int]:
    """A port on which connections neither succeed nor fail: nobody accepts, and the queue is full."""
    with socket.socket() as listener:
        listener.bind((host, port))
        listener.listen(0)
        taken = [socket.socket() for _ in range(4)]
        for sock in taken:
            sock.setblocking(False)
            sock.connect_ex(listener.getsockname())
        try:
            yield listener.getsockname()[1]
        finally:
            for sock in taken:
                sock.close()


def closed_port(host: str = PUBLIC) -> int:
    """A port on which nobody listens."""
    with socket.socket() as listener:
        listener.bind((host, 0))
        return int(listener.getsockname()[1])


async def test_a_refused_connection_is_said_at_once(send: Send, wire: Wire) -> None:
    with pytest.raises(TransportFailure) as failure:
        await send(wire(f"http://{PUBLIC}:{closed_port()}"))
    assert (failure.value.error.code, failure.value.is_sent) == ("endpoint_connect_failed", False)
    assert failure.value.timing.total_ms < 2000 * slowness()


async def test_dialling_has_a_limit_of_its_own(make_transport: MakeTransport, send: Send, wire: Wire) -> None:
    transport = make_transport(limits=Limits(connect_seconds=0.2))
    with black_hole() as port, pytest.raises(TransportFailure) as failure:
        await send(wire(f"http://{PUBLIC}:{port}"), over=transport)
    error = failure.value.error
    assert (error.code, error.outcome, failure.value.is_sent) == ("endpoint_connect_timeout", "timeout", False)
    assert "0.2 s" in str(error)
    assert 190 < failure.value.timing.total_ms < 2000 * slowness()


async def test_the_deadline_covers_dialling(send: Send, wire: Wire) -> None:
    with black_hole() as port, pytest.raises(TransportFailure) as failure:
        await send(wire(f"http://{PUBLIC}:{port}"), seconds=0.15)
    assert (failure.value.error.code, failure.value.is_sent) == ("timeout_total", False)
    assert 140 < failure.value.timing.total_ms < 2000 * slowness()


async def test_the_deadline_covers_tls(send: Send, wire: Wire) -> None:
    async with RawServer(SILENCE) as server:
        with pytest.raises(TransportFailure) as failure:
            await send(wire(server.url.replace("http:", "https:")), seconds=0.15)
        assert (failure.value.error.code, failure.value.is_sent) == ("timeout_total", False)
        await server.wait_until(lambda: server.ended == 1)


async def test_tls_counts_as_connecting(make_transport: MakeTransport, send: Send, wire: Wire) -> None:
    transport = make_transport(limits=Limits(connect_seconds=0.2))
    async with RawServer(SILENCE) as server:
        with pytest.raises(TransportFailure) as failure:
            await send(wire(server.url.replace("http:", "https:")), over=transport)
        assert failure.value.error.code == "endpoint_connect_timeout"


async def test_the_deadline_covers_the_look_up(send: Send, wire: Wire, name_server: NameServer) -> None:
    name_server.silent.add("slow.acme.com")
    with pytest.raises(TransportFailure) as failure:
        await send(wire("http://slow.acme.com"), seconds=0.15)
    assert (failure.value.error.code, failure.value.is_sent) == ("timeout_total", False)


async def test_the_deadline_covers_the_answer(make_call: Call, wire: Wire) -> None:
    async with RawServer(SILENCE) as server:
        result = await make_call(wire(server.url, "POST", {}, b"{}"), timeout_seconds=0.2)
        assert result.error is not None
        assert (result.error.code, result.error.outcome) == ("timeout_total", "timeout")
        assert str(result.error) == "Not finished within 0.2 s."
        assert [attempt.error_code for attempt in result.attempts] == ["timeout_total"]
        assert 190 < result.timing.total_ms < 2000 * slowness()


async def test_a_deadline_in_the_past_sends_nothing(send: Send, wire: Wire) -> None:
    async with RawServer() as server:
        await send(wire(server.url))
        with pytest.raises(TransportFailure) as failure:
            await send(wire(server.url), seconds=-1)
        assert (failure.value.error.code, failure.value.is_sent) == ("timeout_total", False)
        assert len(server.requests) == 1


async def test_each_of_many_deadlines_is_met(send: Send, wire: Wire) -> None:
    async def ends_after(seconds: float) -> float:
        started = perf_counter()
        with pytest.raises(TransportFailure):
            await send(wire(server.url), seconds=seconds)
        return perf_counter() - started

    wanted = [0.5, 0.1, 0.3, 0.2, 0.4, 0.15, 0.35]
    async with RawServer(SILENCE) as server:
        taken = await asyncio.gather(*(ends_after(seconds) for seconds in wanted))
    pace = slowness()
    assert all(-0.02 < got - seconds < 3 * pace for got, seconds in zip(taken, wanted, strict=True))


async def test_a_short_deadline_is_met_while_a_long_one_is_watched(send: Send, wire: Wire) -> None:
    async with RawServer(SILENCE, SILENCE) as server:
        long = asyncio.create_task(send(wire(server.url), seconds=60))
        await server.wait_until(lambda: len(server.requests) == 1)
        started = perf_counter()
        for _ in range(5):
            with pytest.raises(TransportFailure):
                await send(wire(server.url), seconds=0.03)
        assert perf_counter() - started < 8 * slowness()
        long.cancel()
        await asyncio.gather(long, return_exceptions=True)


async def test_a_second_address_is_tried_when_the_first_refuses(
    make_transport: MakeTransport, send: Send, wire: Wire, name_server: NameServer
) -> None:
    name_server.answers["api.acme.com"] = [[PRIVATE, PUBLIC]]
    async with RawServer() as server:
        answer = await send(wire(f"http://api.acme.com:{server.port}"), over=make_transport(ANY_LOOPBACK))
        assert answer.status == 200
        assert answer.timing.dns_ms is not None


async def test_a_second_address_is_tried_when_the_first_is_silent(
    make_transport: MakeTransport, send: Send, wire: Wire, name_server: NameServer
) -> None:
    name_server.answers["api.acme.com"] = [[PRIVATE, PUBLIC]]
    transport = make_transport(ANY_LOOPBACK, limits=Limits(connect_seconds=4))
    async with RawServer() as server:
        with black_hole(PRIVATE, server.port):
            answer = await send(wire(f"http://api.acme.com:{server.port}"), over=transport)
        assert answer.timing.connect_ms is not None
        assert 150 < answer.timing.connect_ms < 3500 * slowness()


async def test_no_more_than_four_addresses_are_tried(
    make_transport: MakeTransport, send: Send, wire: Wire, name_server: NameServer
) -> None:
    name_server.answers["api.acme.com"] = [[PRIVATE, PRIVATE, PRIVATE, PRIVATE, PUBLIC]]
    async with RawServer() as server:
        with pytest.raises(TransportFailure) as failure:
            await send(wire(f"http://api.acme.com:{server.port}"), over=make_transport(ANY_LOOPBACK))
        assert failure.value.error.code == "endpoint_connect_failed"
        assert server.accepts == 0


async def test_slow_servers_do_not_hold_up_others(send: Send, wire: Wire, transport: Transport) -> None:
    async with RawServer(SILENCE) as slow, RawServer(OK) as good:
        hanging = [asyncio.create_task(send(wire(slow.url), seconds=4)) for _ in range(100)]
        await slow.wait_until(lambda: len(slow.requests) == 100)
        assert transport.in_flight == 100
        assert (await send(wire(good.url))).status == 200
        assert not any(task.done() for task in hanging)
        failures = await asyncio.gather(*hanging, return_exceptions=True)
        assert all(isinstance(failure, TransportFailure) for failure in failures)
        assert transport.in_flight == 0


async def test_a_delay_within_the_deadline_is_no_problem(send: Send, wire: Wire) -> None:
    async with RawServer(Answer(OK.data, delay_seconds=0.3)) as server:
        answer = await send(wire(server.url))
        assert answer.timing.first_byte_ms is not None
        assert 280 < answer.timing.first_byte_ms < 5000 * slowness()
