"""Whatever a server does, the call ends in the right error, in time, and without filling memory."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

import pytest

from recado.outbound.transport import Transport, TransportFailure
from sending.shapes import Send, Wire, until
from servers import hostile
from servers.hostile import BROKEN_ANSWERS, HostileServer, Misbehaviour
from servers.pace import slowness
from servers.raw import Answer, RawServer

SECONDS = 0.6
TOO_MUCH: list[tuple[Misbehaviour, str]] = [
    (hostile.gzip_bomb, "response_too_large"),
    (hostile.deflate_bomb, "response_too_large"),
    (hostile.endless_body, "response_too_large"),
    (hostile.endless_chunks, "response_too_large"),
    (hostile.tiny_chunks, "upstream_bad_response"),
    (hostile.endless_chunk_extension, "upstream_bad_response"),
    (hostile.endless_trailer, "upstream_bad_response"),
    (hostile.many_trailers, "upstream_bad_response"),
    (hostile.many_headers, "upstream_bad_response"),
    (hostile.huge_header, "upstream_bad_response"),
    (hostile.huge_reason, "upstream_bad_response"),
    (hostile.interim_flood, "upstream_bad_response"),
]
TOO_SLOW: list[Misbehaviour] = [hostile.drip, hostile.drip_head, hostile.silence, hostile.silent_end]
BROKEN: dict[str, str] = {
    "nothing": "connection_lost",
    "huge_length": "response_too_large",
    "length_and_chunked": "upstream_bad_response",
    "two_lengths": "upstream_bad_response",
    "bare_line_feeds": "upstream_bad_response",
    "bad_chunk_size": "upstream_bad_response",
    "negative_chunk_size": "upstream_bad_response",
    "overflowing_chunk_size": "upstream_bad_response",
    "cut_off": "response_cut_off",
    "cut_off_chunks": "response_cut_off",
    "cut_off_head": "connection_lost",
    "cut_off_gzip": "response_encoding",
    "not_gzip": "response_encoding",
    "brotli": "response_encoding",
    "switching_protocols": "upstream_bad_response",
    "not_http": "upstream_bad_response",
    "another_version": "upstream_bad_response",
}


def memory_bytes(field: str) -> int:
    """A figure of this process from /proc, in bytes: VmRSS (now) or VmHWM (the most since the last reset)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) * 1024
    raise AssertionError(field)


def reset_memory_peak() -> None:
    """Let VmHWM begin anew (proc(5), clear_refs)."""
    Path("/proc/self/clear_refs").write_text("5")


@pytest.mark.parametrize(("misbehaviour", "code"), TOO_MUCH, ids=lambda it: getattr(it, "__name__", ""))
async def test_too_much_is_cut_off(
    misbehaviour: Misbehaviour, code: str, send: Send, wire: Wire, transport: Transport
) -> None:
    async with HostileServer(misbehaviour) as server:
        request = wire(server.url, "POST", {}, b"{}")
        before = memory_bytes("VmRSS")
        reset_memory_peak()
        started = perf_counter()
        with pytest.raises(TransportFailure) as failure:
            await send(request)
        assert failure.value.error.code == code
        assert failure.value.is_sent
        assert perf_counter() - started < 4 * slowness()
        assert memory_bytes("VmHWM") - before < 20_000_000
        await server.wait_until(lambda: server.open == 0)
        assert transport.idle_connections == 0


@pytest.mark.parametrize("misbehaviour", TOO_SLOW, ids=lambda it: it.__name__)
async def test_too_slow_ends_at_the_deadline(misbehaviour: Misbehaviour, send: Send, wire: Wire) -> None:
    async with HostileServer(misbehaviour) as server:
        started = perf_counter()
        with pytest.raises(TransportFailure) as failure:
            await send(wire(server.url), seconds=SECONDS)
        assert failure.value.error.code == "timeout_total"
        assert SECONDS - 0.02 < perf_counter() - started < SECONDS + slowness()


@pytest.mark.parametrize("name", BROKEN_ANSWERS)
async def test_broken_answers_are_refused(name: str, send: Send, wire: Wire, transport: Transport) -> None:
    async with RawServer(Answer(BROKEN_ANSWERS[name], "close")) as server:
        with pytest.raises(TransportFailure) as failure:
            await send(wire(server.url))
        assert failure.value.error.code == BROKEN[name]
        assert failure.value.is_sent
        await server.wait_until(lambda: server.open == 0)
        await until(lambda: transport.open_connections == 0)


async def test_a_server_that_speaks_first_is_not_sent_anything(send: Send, wire: Wire) -> None:
    async with hostile.SpeaksFirst() as server:
        with pytest.raises(TransportFailure) as failure:
            await send(wire(server.url))
        assert failure.value.error.code in {"upstream_bad_response", "connection_lost"}
        await server.wait_until(lambda: server.ended == 1)


async def test_an_early_answer_is_read_and_the_rest_of_the_request_is_not_sent(
    send: Send, wire: Wire, transport: Transport
) -> None:
    async with hostile.AnswersEarly() as server:
        answer = await send(wire(server.url, "POST", {}, bytes(16 * 1024 * 1024)))
        assert answer.status == 413
        assert transport.open_connections - transport.idle_connections <= 1
        assert transport.idle_connections == 0


async def test_other_calls_go_on_beside_a_bomb(send: Send, wire: Wire) -> None:
    async with HostileServer(hostile.gzip_bomb) as bomb, RawServer() as good:
        with pytest.raises(TransportFailure):
            await send(wire(bomb.url))
        assert (await send(wire(good.url))).status == 200
