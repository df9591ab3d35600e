"""Retries of whole calls, counted by the server they go to."""

from __future__ import annotations

from datetime import datetime
from time import perf_counter

import pytest

from sending.shapes import Call, Wire
from servers.hostile import BROKEN_ANSWERS
from servers.pace import slowness
from servers.raw import HANG_UP, OK, Answer, RawServer, response

BUSY = response(503, b"busy")
IDEMPOTENT = ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"]
NOT_IDEMPOTENT = ["POST", "PATCH", "CONNECT"]


@pytest.mark.parametrize("method", IDEMPOTENT)
async def test_an_idempotent_method_is_sent_up_to_three_times(method: str, make_call: Call, wire: Wire) -> None:
    answers = [response(503) if method == "HEAD" else BUSY] * 2
    async with RawServer(*answers, OK if method != "HEAD" else response(200)) as server:
        result = await make_call(wire(server.url, method))
        assert result.error is None
        assert [attempt.status for attempt in result.attempts] == [503, 503, 200]
        assert len(server.requests) == 3
        assert len(set(server.requests)) == 1


async def test_the_third_answer_is_the_last_word(make_call: Call, wire: Wire) -> None:
    async with RawServer(response(502), response(504), response(503, b"busy")) as server:
        result = await make_call(wire(server.url))
        assert result.error is None
        assert result.response is not None
        assert (result.response.status, result.response.body) == (503, b"busy")
        assert [attempt.number for attempt in result.attempts] == [1, 2, 3]
        assert len(server.requests) == 3


@pytest.mark.parametrize("method", NOT_IDEMPOTENT)
async def test_other_methods_take_the_first_answer(method: str, make_call: Call, wire: Wire) -> None:
    async with RawServer(BUSY, OK) as server:
        result = await make_call(wire(server.url, method))
        assert [attempt.status for attempt in result.attempts] == [503]
        assert len(server.requests) == 1


@pytest.mark.parametrize("method", NOT_IDEMPOTENT)
async def test_a_call_that_may_have_happened_is_unknown(method: str, make_call: Call, wire: Wire) -> None:
    async with RawServer(HANG_UP) as server:
        result = await make_call(wire(server.url, method))
        assert result.error is not None
        assert (result.error.code, result.error.outcome) == ("unknown_outcome", "unknown")
        assert method in str(result.error)
        assert [attempt.error_code for attempt in result.attempts] == ["connection_lost"]
        assert len(server.requests) == 1


@pytest.mark.parametrize("method", ["POST", "PATCH"])
async def test_an_idempotency_key_makes_it_safe(method: str, make_call: Call, wire: Wire) -> None:
    async with RawServer(HANG_UP, BUSY, OK) as server:
        request = wire(server.url, method, {"Idempotency-Key": "exe_1"}, b"{}")
        result = await make_call(request, is_idempotent=True)
        assert [(attempt.status, attempt.error_code) for attempt in result.attempts] == [
            (None, "connection_lost"),
            (503, None),
            (200, None),
        ]
        assert len(set(server.requests)) == 1


async def test_an_answer_cut_off_is_a_bad_response_and_not_unknown(make_call: Call, wire: Wire) -> None:
    async with RawServer(Answer(BROKEN_ANSWERS["cut_off"], "close")) as server:
        result = await make_call(wire(server.url, "POST"))
        assert result.error is not None
        assert (result.error.code, result.error.outcome) == ("response_cut_off", "bad_response")
        assert len(server.requests) == 1


async def test_half_a_head_is_no_answer(make_call: Call, wire: Wire) -> None:
    async with RawServer(Answer(BROKEN_ANSWERS["cut_off_head"], "close")) as server:
        result = await make_call(wire(server.url, "POST"))
        assert result.error is not None
        assert result.error.outcome == "unknown"
        assert len(server.requests) == 1


async def test_a_bad_answer_is_not_asked_for_again(make_call: Call, wire: Wire) -> None:
    async with RawServer(Answer(BROKEN_ANSWERS["bare_line_feeds"], "close")) as server:
        result = await make_call(wire(server.url))
        assert result.error is not None
        assert result.error.code == "upstream_bad_response"
        assert len(server.requests) == 1


async def test_retry_after_is_waited_for(make_call: Call, wire: Wire) -> None:
    async with RawServer(response(429, b"", ["Retry-After: 1"]), OK) as server:
        started = perf_counter()
        result = await make_call(wire(server.url))
        assert [attempt.status for attempt in result.attempts] == [429, 200]
        assert 0.99 < perf_counter() - started < 4 * slowness()
        assert result.timing.total_ms > 990


@pytest.mark.parametrize("status", [429, 503])
async def test_a_retry_after_beyond_the_deadline_ends_the_call_at_once(
    status: int, make_call: Call, wire: Wire
) -> None:
    async with RawServer(response(status, b"later", ["Retry-After: 60"])) as server:
        result = await make_call(wire(server.url))
        assert result.error is None
        assert result.response is not None
        assert (result.response.status, result.response.header("retry-after")) == (status, "60")
        assert result.timing.total_ms < 2000 * slowness()
        assert len(server.requests) == 1


async def test_an_attempt_says_when_and_how_long(make_call: Call, wire: Wire) -> None:
    async with RawServer() as server:
        result = await make_call(wire(f"{server.url}/a?b=c"))
        (attempt,) = result.attempts
        assert attempt.url == f"{server.url}/a?b=c"
        assert attempt.started_at.endswith("Z")
        assert datetime.fromisoformat(attempt.started_at).utcoffset() is not None
        assert not attempt.is_redirect_hop
        assert attempt.timing.total_ms <= result.timing.total_ms
        assert result.timing.first_byte_ms == attempt.timing.first_byte_ms
