"""Guessing passwords gets slow, for one account from one address and for one address, and never locks anybody out elsewhere."""

from __future__ import annotations

import asyncio
import datetime as dt
import statistics
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from recado.accounts.login_limits import (
    GUESSES_PER_ADDRESS,
    Attempts,
    account_subject,
    address_subject,
    after_account_attempt,
    after_address_attempt,
)
from recado.db.columns import utc_now
from recado.db.tables import login_attempts

NOW = dt.datetime(2026, 11, 22, 10, tzinfo=dt.UTC)


def guess(browser: httpx.Client, email: str, **headers: str) -> httpx.Response:
    return browser.post("/sessions", json={"email": email, "password": "a-wrong-password"}, headers=headers)


def test_after_five_wrong_passwords_even_the_right_one_waits(new_person: Any, new_browser: Any) -> None:
    person = new_person("viewer", is_signed_in=False)
    assert [guess(person.browser, person.email).status_code for _ in range(6)] == [401] * 5 + [429]
    answer = person.sign_in()
    assert answer.status_code == 429
    assert answer.json()["code"] == "too_many_attempts"
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert person.sign_in(new_browser()).status_code == 201, "another address is not affected"


def test_an_unknown_account_is_limited_just_the_same(new_browser: Any) -> None:
    browser = new_browser()
    answers = [guess(browser, "nobody-at-all@acme.example").status_code for _ in range(6)]
    assert answers == [401] * 5 + [429]


def test_when_the_wait_is_over_one_more_guess_is_taken(server: Any, new_person: Any, new_browser: Any) -> None:
    person, browser = new_person("viewer", is_signed_in=False), new_browser("127.8.0.1")
    for _ in range(5):
        guess(browser, person.email)
    subject = account_subject(person.email, "127.8.0.1")
    with server.database.begin() as connection:
        over = utc_now() - dt.timedelta(seconds=1)
        connection.execute(
            sa.update(login_attempts).where(login_attempts.c.subject == subject).values(blocked_until=over)
        )
    assert guess(browser, person.email).status_code == 401
    answer = guess(browser, person.email)
    assert answer.status_code == 429
    assert 60 < int(answer.headers["retry-after"]) <= 121, "the wait doubled"


def test_signing_in_makes_earlier_slips_forgotten(new_person: Any) -> None:
    person = new_person("viewer", is_signed_in=False)
    for _ in range(3):
        answers = [guess(person.browser, person.email).status_code for _ in range(4)]
        assert answers == [401] * 4
        assert person.sign_in().status_code == 201


def test_an_address_that_tries_many_accounts_has_to_wait(server: Any, new_person: Any, new_browser: Any) -> None:
    person, address = new_person("viewer", is_signed_in=False), "127.8.0.2"
    with server.database.begin() as connection:
        connection.execute(
            login_attempts.insert().values(
                subject=address_subject(address),
                failures=GUESSES_PER_ADDRESS - 1,
                window_started_at=utc_now(),
                blocked_until=None,
            )
        )
    browser = new_browser(address)
    assert guess(browser, "first@acme.example").status_code == 401
    assert guess(browser, "second@acme.example").status_code == 429
    assert person.sign_in(browser).status_code == 429
    assert person.sign_in(new_browser()).status_code == 201


async def test_parallel_guesses_do_not_outrun_the_count(server: Any, new_person: Any) -> None:
    person = new_person("viewer", is_signed_in=False)
    transport = httpx.AsyncHTTPTransport(local_address="127.8.0.3")
    async with httpx.AsyncClient(base_url=f"{server.url}/api/v1", transport=transport, timeout=120) as client:
        body = {"email": person.email, "password": "a-wrong-password"}
        answers = await asyncio.gather(*(client.post("/sessions", json=body) for _ in range(12)))
    assert sorted(answer.status_code for answer in answers) == [401] * 5 + [429] * 7


def test_a_forwarded_address_counts_only_from_a_trusted_proxy(
    start_server: Callable[..., Any], new_browser: Callable[..., httpx.Client]
) -> None:
    server = start_server(trusted_proxies=("127.9.0.1", "10.0.0.0/8"))
    proxy, stranger = new_browser("127.9.0.1", url=server.url), new_browser("127.9.0.2", url=server.url)
    behind = [guess(proxy, "a@acme.example", **{"x-forwarded-for": f"203.0.113.{n}"}) for n in range(6)]
    assert [answer.status_code for answer in behind] == [401] * 6
    lying = [guess(stranger, "a@acme.example", **{"x-forwarded-for": f"203.0.113.{n}"}) for n in range(6)]
    assert [answer.status_code for answer in lying] == [401] * 5 + [429]


def test_the_wait_doubles_to_a_quarter_of_an_hour_and_is_forgotten_after_one_more() -> None:
    attempts, now, waits = Attempts(0, NOW), NOW, []
    for _ in range(11):
        attempts = after_account_attempt(attempts, now)
        waits.append(attempts.seconds_blocked(now) - 1 if attempts.blocked_until else 0)
        now = attempts.blocked_until or now
    assert waits == [0, 0, 0, 0, 60, 120, 240, 480, 900, 900, 900]
    assert after_account_attempt(attempts, now + dt.timedelta(minutes=14)).failures == 12
    assert after_account_attempt(attempts, now + dt.timedelta(minutes=15)).failures == 1


def test_slow_guesses_at_one_account_add_up() -> None:
    attempts = Attempts(0, NOW)
    for number in range(5):
        attempts = after_account_attempt(attempts, NOW + number * dt.timedelta(minutes=14))
    assert attempts.blocked_until is not None


def test_an_address_starts_anew_after_its_quarter_of_an_hour() -> None:
    attempts = Attempts(0, NOW)
    for _ in range(GUESSES_PER_ADDRESS):
        assert attempts.seconds_blocked(NOW) == 0
        attempts = after_address_attempt(attempts, NOW)
    assert attempts.seconds_blocked(NOW) == 15 * 60 + 1
    later = NOW + dt.timedelta(minutes=15)
    assert attempts.seconds_blocked(later) == 0
    assert after_address_attempt(attempts, later) == Attempts(1, later)


def test_all_addresses_of_one_ipv6_network_count_as_one() -> None:
    assert address_subject("2001:db8::1") == address_subject("2001:db8::ffff")
    assert address_subject("2001:db8::1") != address_subject("2001:db8:0:1::1")
    assert address_subject("::ffff:203.0.113.7") == address_subject("203.0.113.7")
    assert account_subject("a@b.example", None) != address_subject(None)


@pytest.mark.slow
def test_an_unknown_account_takes_as_long_as_a_wrong_password(new_person: Any, new_browser: Any) -> None:
    times: dict[str, list[float]] = {"known": [], "unknown": []}
    person, browser = new_person("viewer", is_signed_in=False), new_browser()
    for number in range(100):
        if number % 4 == 0:  # four guesses are free
            person, browser = new_person("viewer", is_signed_in=False), new_browser()
        for kind, email in (("known", person.email), ("unknown", f"x{person.email}")):
            started = time.perf_counter()
            assert guess(browser, email).status_code == 401
            times[kind].append(time.perf_counter() - started)
    known, unknown = statistics.median(times["known"]), statistics.median(times["unknown"])
    assert 0.8 < known / unknown < 1.25, (known, unknown)
