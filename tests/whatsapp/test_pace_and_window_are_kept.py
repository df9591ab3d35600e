"""How fast a number sends, how fast to one person, until when anything may be said, and how far a message has come."""

from __future__ import annotations

import datetime as dt
from itertools import permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recado.channels.whatsapp.buckets import Bucket, number_bucket, pair_bucket
from recado.channels.whatsapp.statuses import furthest, rank_of
from recado.channels.whatsapp.window import closes_at, is_open


def send(bucket: Bucket, count: int, now: float = 1000.0) -> list[float]:
    """When each of so many messages goes out, each as soon as it may."""
    times = []
    for _ in range(count):
        while (wait := bucket.take(now)) > 0:
            now += wait
        times.append(now)
    return times


# ── a number ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("rate", [20, 80, 1000])
def test_no_second_gets_more_than_its_share(rate: int) -> None:
    times = send(number_bucket(rate), rate * 4)
    for first in range(0, len(times), 7):
        assert sum(times[first] <= time < times[first] + 1 for time in times) <= rate * 1.1 + 1
    assert times[-1] - times[0] == pytest.approx(4, rel=0.1)


def test_waiting_as_long_as_told_is_enough() -> None:
    bucket = number_bucket(80)
    now = 1e9
    for _ in range(500):
        wait = bucket.take(now)
        if wait:
            now += wait
            assert bucket.take(now) == 0


def test_a_number_that_was_throttled_goes_slower_and_recovers() -> None:
    bucket = number_bucket(80)
    send(bucket, 100)
    bucket.slow_down(1010, 5)
    assert bucket.take(1010) == 5
    assert bucket.take(1014) == 1
    times = send(bucket, 100, 1015)
    assert times[-1] - times[0] > 2  # at the full rate 1.2 seconds
    for _ in range(50):
        bucket.slow_down(2000, 0)
    assert bucket.take(2000) == 0
    assert bucket.take(2000) < 1  # never to a stop
    assert not bucket.is_full(2030)
    assert bucket.is_full(2200)
    times = send(bucket, 100, 2200)
    assert times[-1] - times[0] < 1.3


def test_a_token_that_was_not_used_is_given_back() -> None:
    bucket = pair_bucket()
    send(bucket, 45)
    bucket.give_back(1000)
    assert bucket.take(1000) == 0
    assert bucket.take(1000) == pytest.approx(6)
    fresh = Bucket(1, 2)
    fresh.give_back(0)
    assert [fresh.take(0) for _ in range(3)] == [0, 0, 1]


# ── a person ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_person_gets_45_at_once_then_one_in_6_seconds() -> None:
    times = send(pair_bucket(), 55)
    assert times[44] == 1000
    assert [round(time - 1000, 3) for time in times[45:]] == [6 * number for number in range(1, 11)]


def test_a_few_messages_each_turn_never_wait() -> None:
    bucket = pair_bucket()
    for turn in range(200):
        assert [bucket.take(1000 + turn * 24) for _ in range(4)] == [0, 0, 0, 0]


def test_a_person_can_be_held() -> None:
    bucket = pair_bucket()
    assert bucket.is_full(0)
    bucket.hold(100, 16)
    bucket.hold(100, 4)  # never shortens it
    assert not bucket.is_full(110)
    assert bucket.take(110) == 6
    assert bucket.take(116) == 0


@given(st.lists(st.floats(0, 100), max_size=60), st.floats(0.1, 100), st.floats(0, 50))
def test_a_bucket_gives_no_more_than_it_holds(steps: list[float], rate: float, burst: float) -> None:
    bucket, now, given_out = Bucket(rate, burst), 0.0, 0
    for step in steps:
        now += step
        wait = bucket.take(now)
        assert wait >= 0
        given_out += wait == 0
    assert given_out <= max(1.0, burst) + rate * now + 1e-3 * len(steps) + 1e-6


# ── the 24 hours ─────────────────────────────────────────────────────────────────────────────────────────────────────

NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("ago", "is_it"),
    [(0, True), (3600, True), (24 * 3600 - 121, True), (24 * 3600 - 120, False), (24 * 3600, False), (10**7, False), (-60, True),
     (-10**7, True)],
)  # fmt: skip
def test_the_window_is_24_hours_but_for_a_margin(ago: int, is_it: bool) -> None:
    assert is_open(NOON - dt.timedelta(seconds=ago), NOON) == is_it


def test_a_time_ahead_of_our_clock_counts_as_now() -> None:
    ahead = NOON + dt.timedelta(days=300)
    assert closes_at(ahead) == ahead + dt.timedelta(hours=24)
    assert is_open(ahead, NOON)
    assert not is_open(NOON - dt.timedelta(hours=24), NOON, dt.timedelta())


def test_who_never_wrote_has_no_window() -> None:
    assert closes_at(None) is None
    assert not is_open(None, NOON)


# ── statuses ─────────────────────────────────────────────────────────────────────────────────────────────────────────

LADDER = ["queued", "sent", "failed", "delivered", "read", "played"]


def test_the_furthest_status_holds_whatever_the_order() -> None:
    for came in permutations(LADDER[1:]):
        known = "queued"
        for status in came:
            known = furthest(known, status)
        assert known == "played"
    for known, came_now in product(LADDER, LADDER):
        assert furthest(known, came_now) == LADDER[max(LADDER.index(known), LADDER.index(came_now))]


def test_what_is_no_step_changes_nothing() -> None:
    assert furthest("delivered", "deleted") == "delivered"
    assert furthest("queued", "warning") == "queued"
    assert furthest("sent", "sent") == "sent"
    assert furthest("failed", "sent") == "failed"
    assert rank_of("") == rank_of("held_for_quality_assessment") == 0
