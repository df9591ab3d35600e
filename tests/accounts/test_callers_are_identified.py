"""One process remembers keys it has seen, for a short while and never beyond a change, and finds the caller's true address."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from recado.accounts import service
from recado.accounts.caller import Caller
from recado.accounts.headers import Proxies
from recado.accounts.identify import Identifier
from recado.accounts.passwords import PasswordPool
from recado.db.engine import Database
from recado.errors import LoginRequired, SettingInvalid, TooManyRequests
from recado.settings import load

FORWARDED = json.loads(Path(__file__).with_name("forwarded_cases.json").read_text())


@dataclass
class House:
    """A database with one key, an Identifier over it, and a clock that is moved by hand."""

    database: Database
    identifier: Identifier
    caller: Caller
    key_id: str
    headers: list[tuple[bytes, bytes]]
    now: list[dt.datetime] = field(default_factory=list)

    async def identify(self) -> Caller:
        return await self.identifier.identify(self.headers, "203.0.113.7", "POST")

    async def revoke(self) -> None:
        await self.database.write(service.revoke_api_key, self.caller, self.key_id)


@pytest.fixture
async def new_house(tmp_path: Path) -> AsyncIterator[Callable[..., Any]]:
    """Builds one, with settings of one's own."""
    opened: list[House] = []
    pool = PasswordPool()

    async def build(*, expires_in: dt.timedelta | None = None, **settings: Any) -> House:
        made = load({}, data_dir=tmp_path / str(len(opened)), **settings)
        database = Database(made)
        database.migrate()
        database.start()
        now = [dt.datetime(2026, 11, 22, 10, tzinfo=dt.UTC)]
        with database.begin() as connection:
            caller = service.system_caller(service.ensure_workspace(connection))
            until = now[0] + expires_in if expires_in else None
            api_key, text = service.create_api_key(connection, caller, "A program", "runner", until)
        identifier = Identifier(database, made, pool, clock=lambda: now[0])
        headers = [(b"host", b"x"), (b"accept", b"*/*"), (b"authorization", f"Bearer {text}".encode())]
        opened.append(House(database, identifier, caller, api_key.id, headers, now))
        return opened[-1]

    yield build
    for house in opened:
        await house.identifier.close()
        house.database.close()
    pool.close()


async def test_a_key_seen_once_is_remembered(new_house: Any) -> None:
    house = await new_house()
    assert house.identifier.identify_cached(house.headers) is None
    caller = await house.identify()
    assert caller == Caller(house.caller.workspace_id, "api_key", house.key_id, "runner", "203.0.113.7")
    cached = house.identifier.identify_cached(house.headers)
    assert cached == Caller(house.caller.workspace_id, "api_key", house.key_id, "runner", None)
    assert house.identifier.identify_cached([(b"authorization", b"Bearer nothing")]) is None
    assert house.identifier.identify_cached([(b"host", b"x")]) is None


async def test_a_change_makes_everything_be_looked_up_again(new_house: Any) -> None:
    house = await new_house()
    await house.identify()
    await house.revoke()
    house.identifier.forget()
    with pytest.raises(LoginRequired):
        await house.identify()


async def test_what_was_read_before_a_change_is_not_remembered_after_it(new_house: Any) -> None:
    house = await new_house()
    looking = asyncio.ensure_future(house.identify())
    await asyncio.sleep(0)  # the look-up is on its way
    house.identifier.forget()
    await looking
    assert house.identifier.identify_cached(house.headers) is None


async def test_without_word_of_a_change_a_key_is_looked_up_after_a_minute(new_house: Any) -> None:
    house = await new_house()
    await house.identify()
    await house.revoke()
    house.now[0] += dt.timedelta(seconds=59)
    assert house.identifier.identify_cached(house.headers) is not None
    house.now[0] += dt.timedelta(seconds=1)
    assert house.identifier.identify_cached(house.headers) is None
    with pytest.raises(LoginRequired):
        await house.identify()


async def test_a_remembered_key_still_expires(new_house: Any) -> None:
    house = await new_house(expires_in=dt.timedelta(seconds=30))
    await house.identify()
    house.now[0] += dt.timedelta(seconds=29)
    assert (await house.identify()).id == house.key_id
    house.now[0] += dt.timedelta(seconds=1)
    with pytest.raises(LoginRequired):
        await house.identify()


async def test_the_last_use_is_noted_at_most_once_a_minute(new_house: Any) -> None:
    house = await new_house()
    noted = []
    for seconds in (0, 30, 29, 1, 59):
        house.now[0] += dt.timedelta(seconds=seconds)
        await house.identify()
        await house.identifier.close()
        row = await house.database.read(service.get_api_key, house.caller, house.key_id)
        noted.append((row.last_used_at - house.now[0]).total_seconds())
    assert noted == [0, -30, -59, 0, -59]


async def test_a_bucket_fills_with_time_and_outlives_a_change(new_house: Any) -> None:
    house = await new_house(api_rate_per_second=2.0)

    async def take() -> int:
        for taken in range(10):
            try:
                await house.identify()
            except TooManyRequests:
                return taken
            house.identifier.forget()
        raise AssertionError("no limit")

    assert await take() == 4
    house.now[0] += dt.timedelta(seconds=1)
    assert await take() == 2
    house.now[0] -= dt.timedelta(hours=1)
    assert await take() == 0
    house.now[0] += dt.timedelta(hours=2)
    assert await take() == 4


async def test_storage_in_trouble_does_not_turn_a_known_key_away(new_house: Any) -> None:
    house = await new_house()
    await house.identify()
    house.database.writer.stop()
    house.now[0] += dt.timedelta(seconds=59)
    assert (await house.identify()).id == house.key_id
    await house.identifier.close()


async def test_a_remembered_key_costs_little_beside_one_looked_up(new_house: Any) -> None:
    house = await new_house()
    identify, headers = house.identifier.identify_cached, house.headers
    looked_up, remembered = [], []
    for _ in range(10):
        house.identifier.forget()
        started = time.perf_counter()
        await house.identify()
        looked_up.append(time.perf_counter() - started)
        started = time.perf_counter()
        for _ in range(500):
            identify(headers)
        remembered.append((time.perf_counter() - started) / 500)
    assert 10 * min(remembered) < min(looked_up)  # 2 µs beside some 300 µs


@pytest.mark.parametrize("case", FORWARDED, ids=lambda case: case["name"])
def test_the_true_address_is_found_behind_proxies(case: Any) -> None:
    given = case["headers"]
    pairs = given.items() if isinstance(given, dict) else given
    headers = [(name.encode(), value.encode()) for name, value in pairs]
    peer = Proxies(case["trusted"]).peer_of(headers, case["from"], "http")
    assert (peer.address, peer.is_secure) == (case["address"], case["is_secure"])


def test_a_proxy_that_is_no_address_is_refused_at_the_start() -> None:
    with pytest.raises(SettingInvalid):
        Proxies(["nginx.internal"])
