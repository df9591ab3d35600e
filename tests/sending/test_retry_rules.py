"""When a request goes out again, and after how long: the bare rules."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recado import errors
from recado.errors import CallFailed, EndpointRefused
from recado.outbound.response import Response, Timing
from recado.outbound.retry import (
    MAX_RETRIES,
    Situation,
    pause_after_failure,
    pause_after_response,
    retry_after_seconds,
)

NOW = datetime(2026, 11, 22, 10, 0, 0, tzinfo=UTC)
REPEATABLE = Situation(retries=0, is_repeatable=True, seconds_left=10.0, jitter=0.5)
SINGLE = Situation(retries=0, is_repeatable=False, seconds_left=10.0, jitter=0.5)


def answer(status: int, **headers: str) -> Response:
    return Response(status, [(name.replace("_", "-"), value) for name, value in headers.items()], b"", Timing())


@pytest.mark.parametrize("status", [408, 429, 502, 503, 504])
def test_some_statuses_are_tried_again_where_that_is_safe(status: int) -> None:
    assert pause_after_response(answer(status), REPEATABLE, NOW) is not None
    assert pause_after_response(answer(status), SINGLE, NOW) is None


@pytest.mark.parametrize("status", [200, 204, 301, 400, 401, 403, 404, 409, 425, 500, 501, 505])
def test_other_statuses_are_the_last_word(status: int) -> None:
    assert pause_after_response(answer(status), REPEATABLE, NOW) is None


CONNECT_ERRORS: list[CallFailed] = [
    errors.EndpointDnsFailed(),
    errors.EndpointDnsTimeout(),
    errors.EndpointConnectFailed(),
    errors.EndpointConnectTimeout(seconds=3),
    errors.ProxyFailed(reason="it cannot be reached"),
]
FINAL_ERRORS: list[CallFailed | EndpointRefused] = [
    errors.EndpointTlsFailed(reason="certificate has expired"),
    errors.TimeoutTotal(seconds=10),
    errors.UpstreamBadResponse(reason="x"),
    errors.ResponseCutOff(),
    errors.ResponseTooLarge(limit="1 MiB"),
    errors.ResponseEncoding(),
    errors.EndpointAddressBlocked(kind="private"),
    errors.EndpointPort(port=25),
]


@pytest.mark.parametrize("error", CONNECT_ERRORS, ids=lambda error: error.code)
def test_what_was_not_sent_is_tried_again_for_every_method(error: CallFailed) -> None:
    assert pause_after_failure(error, REPEATABLE, is_sent=False) is not None
    assert pause_after_failure(error, SINGLE, is_sent=False) is not None


def test_what_may_have_arrived_is_tried_again_only_where_that_is_safe() -> None:
    assert pause_after_failure(errors.ConnectionLost(), REPEATABLE, is_sent=True) is not None
    assert pause_after_failure(errors.ConnectionLost(), SINGLE, is_sent=True) is None
    assert pause_after_failure(errors.ConnectionLost(), SINGLE, is_sent=False) is not None


@pytest.mark.parametrize("error", FINAL_ERRORS, ids=lambda error: error.code)
@pytest.mark.parametrize("is_sent", [True, False])
def test_other_failures_are_the_last_word(error: CallFailed | EndpointRefused, is_sent: bool) -> None:
    assert pause_after_failure(error, REPEATABLE, is_sent=is_sent) is None


@given(
    jitter=st.floats(0, 1, exclude_max=True, allow_subnormal=False), retries=st.integers(0, 5), left=st.floats(0, 60)
)
@settings(deadline=None)
def test_the_pause_is_full_jitter_below_a_doubling_ceiling_and_fits_the_deadline(
    jitter: float, retries: int, left: float
) -> None:
    situation = Situation(retries=retries, is_repeatable=True, seconds_left=left, jitter=jitter)
    pause = pause_after_failure(errors.ConnectionLost(), situation, is_sent=True)
    if retries >= MAX_RETRIES:
        assert pause is None
        return
    wanted = jitter * 0.25 * 2**retries
    assert pause == (wanted if wanted < left else None)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("7", 7),
        ("007", 7),
        ("120", 120),
        ("9" * 400, float("inf")),
        ("Sun, 22 Nov 2026 10:00:30 GMT", 30),
        ("Sunday, 22-Nov-26 10:00:30 GMT", 30),
        ("Sun Nov 22 10:00:30 2026", 30),
        ("Sun, 22 Nov 2026 09:00:00 GMT", 0),
        ("Sun, 22 Nov 99999 09:00:00 GMT", None),
        ("", None),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("7, 8", None),
        ("\u0667", None),
    ],
)
def test_retry_after_is_read_in_all_its_forms(text: str, seconds: float | None) -> None:
    assert retry_after_seconds(answer(429, Retry_After=text), NOW) == seconds


def test_a_date_is_read_by_the_clock_of_the_server_that_wrote_it() -> None:
    response = answer(503, Date="Mon, 23 Nov 2026 10:00:00 GMT", Retry_After="Mon, 23 Nov 2026 10:00:05 GMT")
    assert retry_after_seconds(response, NOW) == 5


def test_no_retry_after_is_none() -> None:
    assert retry_after_seconds(answer(429), NOW) is None


def test_retry_after_is_obeyed_when_it_fits_and_ends_the_call_when_not() -> None:
    assert pause_after_response(answer(429, Retry_After="9"), REPEATABLE, NOW) == 9
    assert pause_after_response(answer(429, Retry_After="10"), REPEATABLE, NOW) is None
    assert pause_after_response(answer(503, Retry_After="9" * 30), REPEATABLE, NOW) is None


def test_a_retry_after_of_nothing_still_spreads_the_load() -> None:
    assert pause_after_response(answer(429, Retry_After="0"), REPEATABLE, NOW) == 0.125
