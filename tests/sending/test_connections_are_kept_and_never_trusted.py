"""Keep-alive: connections are used again, dead ones are never handed out, and nothing is sent twice in silence."""

from __future__ import annotations

import asyncio
import gc

import pytest

from recado.outbound.limits import Limits
from recado.outbound.policy import EgressPolicy
from recado.outbound.reader import ResponseReader
from recado.outbound.transport import Transport, TransportFailure
from sending.shapes import PUBLIC, Call, MakeTransport, Send, Wire, until
from servers.nameserver import NameServer
from servers.raw import HANG_UP, OK, RESET, Answer, RawServer, response

ALL_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]


async def test_one_connection_serves_many_requests(send: Send, wire: Wire) -> None:
    async with RawServer() as server:
        answers = [await send(wire(server.url)) for _ in range(5)]
        assert [answer.is_connection_reused for answer in answers] == [False, True, True, True, True]
        assert (server.accepts, len(server.requests)) == (1, 5)


async def test_each_answer_on_a_connection_is_its_own(send: Send, wire: Wire) -> None:
    heads = ["X-A: 1"], ["X-A: 1"], ["X-B: 2", "Keep-Alive: timeout=9"], ["X-A: 1"]
    async with RawServer(*(response(200, b"%d" % number, lines) for number, lines in enumerate(heads))) as server:
        answers = [await send(wire(server.url)) for _ in heads]
        assert [answer.body for answer in answers] == [b"0", b"1", b"2", b"3"]
        assert [answer.header("x-a") for answer in answers] == ["1", "1", None, "1"]
        assert [len(answer.headers) for answer in answers] == [len(answers[0].headers) + at for at in (0, 0, 1, 0)]
        assert server.accepts == 1


async def test_a_new_connection_has_its_parts_timed_and_a_used_one_has_not(send: Send, wire: Wire) -> None:
    async with RawServer() as server:
        first, second = (await send(wire(server.url))).timing, (await send(wire(server.url))).timing
        assert first.connect_ms is not None
        assert first.first_byte_ms is not None
        assert 0 < first.connect_ms + first.first_byte_ms <= first.total_ms
        assert (second.dns_ms, second.connect_ms, second.tls_ms) == (None, None, None)


async def test_the_connection_used_last_is_used_next(send: Send, wire: Wire, transport: Transport) -> None:
    async with RawServer(Answer(OK.data, delay_seconds=0.05)) as server:
        await asyncio.gather(*(send(wire(server.url)) for _ in range(3)))
        assert (server.accepts, transport.idle_connections) == (3, 3)
        await send(wire(server.url))
        assert (server.accepts, transport.idle_connections) == (3, 3)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(response(200, b"{}", ["Connection: close"])),
        Answer(b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}"),
        Answer(response(200, b"{}") + b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]"),
        Answer(response(200, b"{}") + b"\x00"),
        Answer(b"HTTP/1.1 200 OK\r\n\r\n{}", then="close"),
        Answer(response(200, b"{}", ["Keep-Alive: timeout=1"])),
    ],
    ids=["close", "HTTP/1.0", "two answers", "junk", "to the end", "a second of keep-alive"],
)
async def test_a_connection_that_ends_or_says_too_much_is_not_kept(
    answer: Answer, send: Send, wire: Wire, transport: Transport
) -> None:
    async with RawServer(answer) as server:
        for _ in range(2):
            assert (await send(wire(server.url))).body == b"{}"
        assert server.accepts == 2
        assert transport.idle_connections == 0


async def test_what_a_server_says_of_its_patience_is_believed(send: Send, wire: Wire, transport: Transport) -> None:
    async with RawServer(response(200, b"{}", ["Keep-Alive: max=100, timeout=30"])) as server:
        await send(wire(server.url))
        assert transport.idle_connections == 1


async def test_a_connection_closed_while_idle_leaves_the_pool(send: Send, wire: Wire, transport: Transport) -> None:
    async with RawServer() as server:
        await send(wire(server.url))
        assert transport.idle_connections == 1
        await server.hang_up()
        await until(lambda: transport.idle_connections == 0, seconds=2)


async def test_a_connection_closed_while_idle_is_noticed(send: Send, wire: Wire, transport: Transport) -> None:
    async with RawServer() as server:
        await send(wire(server.url))
        await server.hang_up()
        answer = await send(wire(server.url, "POST", {}, b"{}"))
        assert not answer.is_connection_reused
        assert (server.accepts, len(server.requests)) == (2, 2)
        await until(lambda: transport.open_connections == 1)


async def test_bytes_nobody_asked_for_end_an_idle_connection(send: Send, wire: Wire, transport: Transport) -> None:
    late = b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nsmuggle"
    async with RawServer() as server:
        await send(wire(server.url))
        for writer in server.writers:
            writer.write(late)
        await server.wait_until(lambda: server.ended == 1, seconds=2)  # before its idle time is over
        assert (await send(wire(server.url))).body == b'{"ok":true}'
        await until(lambda: transport.open_connections == 1)


async def test_a_connection_that_is_gone_leaves_memory_without_the_collector(send: Send, wire: Wire) -> None:
    gc.collect()
    earlier = {id(thing) for thing in readers()}  # what another test's traceback still holds
    gc.disable()
    try:
        async with RawServer(Answer(response(200, b"{}", ["Connection: close"]))) as server:
            await send(wire(server.url))
            await until(lambda: {id(thing) for thing in readers()} <= earlier)
    finally:
        gc.enable()


def readers() -> list[ResponseReader]:
    """Every reader of an answer that is in memory."""
    return [thing for thing in gc.get_objects() if isinstance(thing, ResponseReader)]


async def test_connections_do_not_stay_idle_for_long(make_transport: MakeTransport, send: Send, wire: Wire) -> None:
    transport = make_transport(limits=Limits(idle_seconds=0.05))
    async with RawServer() as server:
        await send(wire(server.url), over=transport)
        await server.wait_until(lambda: server.ended == 1)
        await until(lambda: transport.open_connections == 0)


async def test_the_number_of_idle_connections_is_bounded(make_transport: MakeTransport, send: Send, wire: Wire) -> None:
    transport = make_transport(limits=Limits(max_idle_per_host=2, max_idle=3))
    async with (
        RawServer(Answer(OK.data, delay_seconds=0.05)) as one,
        RawServer(Answer(OK.data, delay_seconds=0.05)) as two,
    ):
        await asyncio.gather(*(send(wire(server.url), over=transport) for server in (one, two) for _ in range(4)))
        assert transport.idle_connections == 3
        await one.wait_until(lambda: one.open + two.open <= 3)


async def test_a_direct_close_has_a_connection_of_its_own(send: Send, wire: Wire, transport: Transport) -> None:
    async with RawServer() as server:
        await send(wire(server.url))
        await send(wire(server.url), is_direct_close=True)
        assert server.accepts == 2
        await server.wait_until(lambda: server.ended == 1)
        assert transport.idle_connections == 1


async def test_hosts_ports_and_schemes_do_not_share_connections(
    make_transport: MakeTransport, send: Send, wire: Wire, name_server: NameServer
) -> None:
    name_server.answers.update({"one.acme.com": [[PUBLIC]], "two.acme.com": [[PUBLIC]]})
    transport = make_transport()
    async with RawServer() as server:
        for host in (PUBLIC, "one.acme.com", "two.acme.com"):
            await send(wire(f"http://{host}:{server.port}"), over=transport)
        assert server.accepts == 3


async def test_a_changed_policy_drops_the_pool(make_transport: MakeTransport, send: Send, wire: Wire) -> None:
    transport = make_transport()
    async with RawServer() as server:
        await send(wire(server.url), over=transport)
        transport.set_policy(EgressPolicy(allow=[f"{PUBLIC}/32"], deny=[f"{PUBLIC}/32"]))
        with pytest.raises(TransportFailure) as failure:
            await send(wire(server.url), over=transport)
        assert failure.value.error.code == "endpoint_address_blocked"
        assert not failure.value.is_sent
        await server.wait_until(lambda: server.ended == 1)
        assert (server.accepts, len(server.requests)) == (1, 1)


async def test_what_runs_while_the_policy_changes_finishes_and_is_not_used_again(
    make_transport: MakeTransport, send: Send, wire: Wire
) -> None:
    transport = make_transport()
    async with RawServer(Answer(OK.data, delay_seconds=0.1)) as server:
        running = asyncio.create_task(send(wire(server.url), over=transport))
        await server.wait_until(lambda: len(server.requests) == 1)
        transport.set_policy(EgressPolicy(allow=[f"{PUBLIC}/32"]))
        assert (await running).status == 200
        assert transport.idle_connections == 0
        await server.wait_until(lambda: server.ended == 1)


async def test_a_policy_that_comes_while_we_dial_has_not_judged_the_connection(
    make_transport: MakeTransport, send: Send, wire: Wire
) -> None:
    class Changing(EgressPolicy):
        def check_address(self, host: str, address: str, port: int) -> None:
            super().check_address(host, address, port)
            transport.set_policy(EgressPolicy(allow=[f"{PUBLIC}/32"]))

    transport = make_transport()
    transport.set_policy(Changing(allow=[f"{PUBLIC}/32"]))
    async with RawServer() as server:
        assert (await send(wire(server.url), over=transport)).status == 200
        assert transport.idle_connections == 0


@pytest.mark.parametrize("method", ALL_METHODS)
@pytest.mark.parametrize("drop", [HANG_UP, RESET], ids=["close", "reset"])
async def test_a_dropped_connection_is_never_repeated_in_silence(
    drop: Answer, method: str, make_call: Call, wire: Wire
) -> None:
    """The upstream counts as many requests as the call has attempts: on a used connection, and on new ones."""
    async with RawServer(OK, drop) as server:
        await make_call(wire(server.url))
        body = b"{}" if method in {"POST", "PUT", "PATCH"} else b""
        result = await make_call(wire(server.url, method, {}, body))
        assert len(server.requests) - 1 == len(result.attempts)
        assert result.error is not None
        assert result.error.code == ("unknown_outcome" if method in {"POST", "PATCH"} else "connection_lost")
        assert len(result.attempts) == (1 if method in {"POST", "PATCH"} else 3)
        assert {attempt.error_code for attempt in result.attempts} == {"connection_lost"}


async def test_a_retry_after_a_drop_succeeds_on_a_fresh_connection(make_call: Call, wire: Wire) -> None:
    async with RawServer(OK, HANG_UP, OK) as server:
        await make_call(wire(server.url))
        result = await make_call(wire(server.url))
        assert result.response is not None
        assert not result.response.is_connection_reused
        assert [attempt.status for attempt in result.attempts] == [None, 200]
        assert len(server.requests) == 3


async def test_a_cancelled_call_closes_its_connection(send: Send, wire: Wire, transport: Transport) -> None:
    async with RawServer(Answer(then="hang")) as server:
        running = asyncio.create_task(send(wire(server.url)))
        await server.wait_until(lambda: len(server.requests) == 1)
        assert transport.in_flight == 1
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        await server.wait_until(lambda: server.ended == 1)
        await until(lambda: transport.open_connections == 0)
        assert transport.in_flight == 0


async def test_closing_lets_running_calls_finish(make_transport: MakeTransport, send: Send, wire: Wire) -> None:
    transport = make_transport()
    async with RawServer(OK, Answer(OK.data, delay_seconds=0.1)) as server:
        await send(wire(server.url), over=transport)
        running = [asyncio.create_task(send(wire(server.url), over=transport)) for _ in range(2)]
        await server.wait_until(lambda: len(server.requests) == 3)
        await transport.close()
        assert [(await task).status for task in running] == [200, 200]
        assert (transport.open_connections, transport.in_flight) == (0, 0)


async def test_a_close_that_is_cancelled_cuts_everything_off(
    make_transport: MakeTransport, send: Send, wire: Wire
) -> None:
    transport = make_transport()
    async with RawServer(Answer(then="hang")) as server:
        running = asyncio.create_task(send(wire(server.url), over=transport))
        await server.wait_until(lambda: len(server.requests) == 1)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(transport.close(), 0.05)
        with pytest.raises(TransportFailure) as failure:
            await running
        assert failure.value.error.code == "connection_lost"
