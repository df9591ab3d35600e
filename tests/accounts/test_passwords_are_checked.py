"""Passwords: which are taken, that the right one alone logs in, that nobody learns who exists, and that the pool is bounded."""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import argon2
import pytest
from zxcvbn.matching import RANKED_DICTIONARIES

from recado.accounts import passwords
from recado.accounts.passwords import PasswordPool, check_password, hash_password, needs_rehash, verify_password
from recado.errors import ExecutorBusy, PasswordTooLong, PasswordTooWeak, RecordCorrupt

GOOD = "correct horse battery staple"
PERSONAL = ["ana.souza@acme.example", "Ana Souza"]


@pytest.fixture(scope="module")
def stored() -> str:
    return hash_password(GOOD)


@pytest.fixture
def pool() -> Iterator[PasswordPool]:
    pool = PasswordPool()
    yield pool
    pool.close()


@pytest.mark.parametrize(
    "password",
    [GOOD, "uma senha bem comprida", "tr0ub4dor&3xyz", "lowercaselettersonlybutmany", " leading and trailing ", "🔑🐎🔋📎🌵🎻🪁🧭🦜🍉🪐🧶"],
)  # fmt: skip
def test_a_password_that_is_hard_to_guess_will_do(password: str) -> None:
    check_password(password, PERSONAL)


@pytest.mark.parametrize(
    ("password", "hint"),
    [
        ("", "This one has 0."),
        ("elevenchars", "This one has 11."),
        ("🔑🐎🔋📎🌵🎻🪁🧭🦜🍉🪐", "This one has 11."),
        ("password1234", "common password"),
        ("123456789012", "common password"),
        ("qwertyuiop[]", "rows of keys"),
        ("aaaaaaaaaaaaaaaa", "Repeats"),
        ("abcdefghijklm", "Sequences"),
        ("a" * 256, "Repeats"),
        ("ana.souza@acme.example", "Uncommon words"),
        ("ana souza acme", "Uncommon words"),
        ("half a pair \udc80 here", "not text"),
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused_with_a_hint(password: str, hint: str) -> None:
    with pytest.raises(PasswordTooWeak, match="at least 12 characters") as refused:
        check_password(password, PERSONAL)

    assert hint in str(refused.value)
    assert refused.value.path == "password"


def test_no_message_repeats_the_password() -> None:
    with pytest.raises(PasswordTooWeak) as refused:
        check_password("qwertyuiop[]")

    assert "qwertyuiop" not in str(refused.value)


def test_length_is_counted_in_bytes_at_the_upper_end() -> None:
    check_password((GOOD * 10)[:256])
    check_password("ñandú y ocho gatos " + "é" * 117)

    for password in ((GOOD * 10)[:257], "ñandú y ocho gatos " + "é" * 119):
        with pytest.raises(PasswordTooLong, match="256 bytes"):
            check_password(password)


def test_words_near_the_owner_count_for_the_owner_only() -> None:
    with pytest.raises(PasswordTooWeak):
        check_password("zyqwelkar.mifo", ["zyqwelkar.mifo@acme.example"])

    check_password("zyqwelkar.mifo", PERSONAL)


def test_a_hostile_password_is_judged_in_bounded_time() -> None:
    hostile = "g!%&@17o8(zl26l{s7+7[o%b{0{7@#7/700+lb45&5(3ee1$2l50#792<a2t!ag9o|8|[{8t" * 3
    check_password(hostile)  # the first call reads the word lists

    def cost(*personal: list[str]) -> float:
        started = time.thread_time()
        check_password(hostile, *personal)
        return time.thread_time() - started

    usual = max(cost() for _ in range(3))
    assert cost(["x" * 10_000] * 1_000) < 30 * usual  # 0.06 s; with zxcvbn's own 72 characters more than 2 s


def test_the_right_password_alone_is_right(stored: str) -> None:
    assert verify_password(stored, GOOD)
    for wrong in (GOOD + " ", " " + GOOD, GOOD.upper(), GOOD[:-1], "", "\udc80", GOOD + "\0", GOOD * 100):
        assert not verify_password(stored, wrong)


def test_a_password_is_compared_exactly_as_typed() -> None:
    composed, decomposed = "caf\u00e9 caf\u00e9 caf\u00e9", "cafe\u0301 cafe\u0301 cafe\u0301"

    assert not verify_password(hash_password(composed), decomposed)


def test_the_same_password_has_another_hash_each_time(stored: str) -> None:
    again = hash_password(GOOD)

    assert again != stored
    assert verify_password(again, GOOD)


def test_the_parameters_are_those_promised(stored: str) -> None:
    for each in (stored, passwords._NOBODY):
        parameters = argon2.extract_parameters(each)
        assert (parameters.type, parameters.memory_cost, parameters.time_cost, parameters.parallelism) == (
            argon2.Type.ID,
            19_456,
            2,
            1,
        )
        assert not needs_rehash(each)
    assert needs_rehash(argon2.PasswordHasher(time_cost=1, memory_cost=1_024, parallelism=1).hash(GOOD))


def test_a_user_who_does_not_exist_never_logs_in() -> None:
    assert not verify_password(None, GOOD)
    assert not verify_password(None, "")


def test_a_user_who_does_not_exist_takes_as_long_as_one_who_does(stored: str) -> None:
    known, unknown = [], []
    for _ in range(15):  # taken in turn, so that a busy machine slows both alike
        known.append(seconds_of(stored))
        unknown.append(seconds_of(None))

    assert 0.5 < statistics.median(unknown) / statistics.median(known) < 2


def seconds_of(stored: str | None) -> float:
    started = time.perf_counter()
    verify_password(stored, "a wrong password")
    return time.perf_counter() - started


@pytest.mark.parametrize("damaged", ["", "text", "$argon2id$v=19$m=19456,t=2,p=1$", "$2b$12$abcdefghijklmnopqrstuv"])
def test_a_damaged_hash_is_not_a_wrong_password(damaged: str) -> None:
    with pytest.raises(RecordCorrupt):
        verify_password(damaged, GOOD)


async def test_the_pool_does_the_same(pool: PasswordPool) -> None:
    stored = await pool.hash_password(GOOD)

    assert await pool.verify_password(stored, GOOD)
    assert not await pool.verify_password(stored, "a wrong password")
    assert not await pool.verify_password(None, GOOD)
    await pool.check_password(GOOD, PERSONAL)
    with pytest.raises(PasswordTooWeak):
        await pool.check_password("password1234", PERSONAL)


async def test_two_work_twenty_wait_and_one_more_is_told_to_come_back(pool: PasswordPool) -> None:
    gate = threading.Event()
    busy = [asyncio.ensure_future(pool._run(gate.wait)) for _ in range(22)]
    await asyncio.sleep(0)

    with pytest.raises(ExecutorBusy):
        await pool.verify_password(None, GOOD)

    gate.set()
    assert all(await asyncio.gather(*busy))
    assert not await pool.verify_password(None, GOOD)


async def test_callers_who_hang_up_free_their_place_when_the_work_is_dropped_or_done(pool: PasswordPool) -> None:
    gate = threading.Event()
    busy = [asyncio.ensure_future(pool._run(gate.wait)) for _ in range(22)]
    await asyncio.sleep(0)
    for call in busy:
        call.cancel()
    await asyncio.gather(*busy, return_exceptions=True)

    waiting = [asyncio.ensure_future(pool._run(gate.wait)) for _ in range(20)]
    await asyncio.sleep(0)
    with pytest.raises(ExecutorBusy):  # the two at work still hold their threads
        await pool.verify_password(None, GOOD)

    gate.set()
    assert all(await asyncio.gather(*waiting))


async def test_the_event_loop_runs_on_while_a_password_is_hashed(pool: PasswordPool) -> None:
    call = asyncio.ensure_future(pool.hash_password(GOOD))
    turns = 0
    while not call.done():
        turns += 1
        await asyncio.sleep(0.001)

    assert turns > 2


def test_the_word_lists_are_read_only_when_needed() -> None:
    code = "import sys, recado.accounts.passwords; sys.exit('zxcvbn' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0


def test_no_word_of_an_owner_stays_behind() -> None:
    check_password(GOOD, PERSONAL)

    assert "ana" not in RANKED_DICTIONARIES.get("user_inputs", {})
