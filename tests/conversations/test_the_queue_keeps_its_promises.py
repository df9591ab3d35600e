"""What `conversations/queue.py` promises, of both adapters: inside one process, and by claims on PostgreSQL."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from recado.conversations.claims import ClaimQueue
from recado.conversations.embedded import EmbeddedQueue
from recado.conversations.kept import Done
from recado.conversations.queue import TurnQueue
from recado.db.engine import Database
from recado.errors import ConversationsBusy, NotFound, ShuttingDown, StorageUnavailable
from recado.ids import new_id
from recado.settings import load

MOST_ACTIVE = 5
Turn = Callable[[str], None]
Opens = Callable[[Turn], Any]


class Turns:
    """The turns that were taken; each lasts a moment, and fails as it is told to."""

    def __init__(self, seconds: float = 0.02) -> None:
        self.taken: list[str] = []
        self.most_at_once: defaultdict[str, int] = defaultdict(int)
        self.most_keys_at_once = 0
        self.problems: list[Exception] = []
        self.gate = threading.Event()
        self.gate.set()
        self._seconds = seconds
        self._running: list[str] = []
        self._lock = threading.Lock()

    def __call__(self, key: str) -> None:
        with self._lock:
            self._running.append(key)
            self.most_at_once[key] = max(self.most_at_once[key], self._running.count(key))
            self.most_keys_at_once = max(self.most_keys_at_once, len(set(self._running)))
        try:
            assert self.gate.wait(30)
            time.sleep(self._seconds)
            if key.startswith("bad"):
                raise ValueError(key)
            if self.problems:
                raise self.problems.pop()
            self.taken.append(key)
        finally:
            with self._lock:
                self._running.remove(key)

    async def until(self, count: int) -> None:
        await self.wait_for(lambda: len(self.taken) >= count)

    async def begun(self) -> None:
        await self.wait_for(lambda: bool(self.most_at_once))

    async def wait_for(self, is_so: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 30
        while not is_so():
            assert time.monotonic() < deadline, self.taken
            await asyncio.sleep(0.01)


@pytest.fixture
def address(new_postgresql_database: Callable[[], str], tmp_path: Path) -> str:
    """A database with its tables."""
    address = new_postgresql_database()
    database = Database(load({}, data_dir=tmp_path, database_url=address))
    database.migrate()
    database.close()
    return address


@pytest.fixture(params=["embedded", "claims"])
def opens(request: pytest.FixtureRequest, tmp_path: Path) -> Opens:
    """Opens a queue whose turns are these; all that one test opens share a database."""
    if request.param == "embedded":
        return embedded
    address = request.getfixturevalue("address")
    return lambda turn: claims(turn, address, tmp_path)


@asynccontextmanager
async def embedded(turn: Turn) -> AsyncIterator[TurnQueue]:
    async def take(key: str) -> None:
        await asyncio.to_thread(turn, key)

    queue = EmbeddedQueue(take, MOST_ACTIVE)
    await queue.start()
    yield queue
    await queue.leave()
    await queue.drain(10)


@asynccontextmanager
async def claims(turn: Turn, address: str, folder: Path) -> AsyncIterator[TurnQueue]:
    database = Database(load({}, data_dir=folder, database_url=address))
    database.start()

    def take(_connection: Any, key: str) -> Done:
        turn(key)
        return Done(key)

    async def wake(key: str) -> None:
        queue.wake(key)

    lanes = EmbeddedQueue(wake, MOST_ACTIVE)
    queue = ClaimQueue(
        database, lanes, take, lambda _: None, lambda: True, new_id("prc"), is_worker=True, most_waiting=100
    )
    await queue.start()
    yield queue
    await queue.leave()
    await queue.drain(10)
    database.close()


def with_queue(opens: Opens, turns: Turns, work: Callable[[TurnQueue], Coroutine[Any, Any, None]]) -> None:
    async def run() -> None:
        async with opens(turns) as queue:
            await work(queue)

    asyncio.run(run())


def test_what_is_asked_for_one_conversation_is_done_one_at_a_time_in_order(opens: Opens) -> None:
    done: list[int] = []
    running: list[int] = []

    async def work(queue: TurnQueue) -> None:
        def job(number: int) -> Callable[[], Awaitable[int]]:
            async def do() -> int:
                running.append(number)
                assert len(running) == 1
                await asyncio.sleep(0.01 if number % 2 else 0)
                running.remove(number)
                done.append(number)
                return number

            return do

        assert await asyncio.gather(*(queue.run("one", job(number)) for number in range(10))) == list(range(10))

    with_queue(opens, Turns(), work)
    assert done == list(range(10))


def test_different_conversations_go_on_at_once(opens: Opens) -> None:
    async def work(queue: TurnQueue) -> None:
        both = asyncio.Barrier(2)

        async def meet() -> None:
            await asyncio.wait_for(both.wait(), 10)  # neither gets past it alone

        await asyncio.gather(queue.run("one", meet), queue.run("two", meet))

    with_queue(opens, Turns(), work)


def test_a_woken_conversation_takes_one_turn_however_often_it_was_woken_before_it_began(opens: Opens) -> None:
    turns = Turns()
    turns.gate.clear()

    async def work(queue: TurnQueue) -> None:
        for _ in range(5):
            queue.wake("one")
        await asyncio.sleep(0.3)
        turns.gate.set()
        await turns.until(1)
        await asyncio.sleep(0.3)

    with_queue(opens, turns, work)
    assert turns.taken == ["one"]


def test_a_wake_while_its_turn_runs_is_another_turn_after_it(opens: Opens) -> None:
    turns = Turns()
    turns.gate.clear()

    async def work(queue: TurnQueue) -> None:
        queue.wake("one")
        await turns.begun()
        queue.wake("one")
        await asyncio.sleep(0.2)
        turns.gate.set()
        await turns.until(2)

    with_queue(opens, turns, work)
    assert turns.taken == ["one", "one"]
    assert turns.most_at_once == {"one": 1}


def test_many_wakes_lose_none(opens: Opens) -> None:
    turns = Turns(0.001)
    keys = [f"key{number}" for number in range(40)]

    async def work(queue: TurnQueue) -> None:
        for key in keys:
            queue.wake(key)
        await turns.until(len(keys))

    with_queue(opens, turns, work)
    assert sorted(turns.taken) == sorted(keys)
    assert set(turns.most_at_once.values()) == {1}


def test_a_turn_that_storage_kept_from_its_end_is_taken_again(opens: Opens) -> None:
    turns = Turns()
    turns.problems = [StorageUnavailable(), StorageUnavailable()]

    async def work(queue: TurnQueue) -> None:
        queue.wake("one")
        await turns.until(1)

    with_queue(opens, turns, work)
    assert turns.taken == ["one"]


def test_one_that_fails_keeps_nobody_waiting(opens: Opens) -> None:
    turns = Turns()

    async def work(queue: TurnQueue) -> None:
        for key in ("bad1", "good1", "bad2", "good2"):
            queue.wake(key)
        await turns.until(2)

    with_queue(opens, turns, work)
    assert sorted(turns.taken) == ["good1", "good2"]


def test_who_asks_hears_what_went_wrong_and_the_next_is_done_all_the_same(opens: Opens) -> None:
    async def work(queue: TurnQueue) -> None:
        async def fail() -> None:
            raise NotFound

        async def succeed() -> str:
            return "done"

        failing, next_one = asyncio.gather(queue.run("one", fail), return_exceptions=True), queue.run("one", succeed)
        assert await next_one == "done"
        assert [type(problem) for problem in await failing] == [NotFound]

    with_queue(opens, Turns(), work)


def test_work_is_done_even_when_the_one_who_asked_has_gone(opens: Opens) -> None:
    done: list[str] = []

    async def work(queue: TurnQueue) -> None:
        async def slow() -> None:
            await asyncio.sleep(0.1)
            done.append("slow")

        asking = asyncio.create_task(queue.run("one", slow))
        await asyncio.sleep(0.02)
        asking.cancel()
        await asyncio.sleep(0.3)

    with_queue(opens, Turns(), work)
    assert done == ["slow"]


def test_no_more_is_taken_than_fits(opens: Opens) -> None:
    async def work(queue: TurnQueue) -> None:
        gate = asyncio.Event()
        asked = [asyncio.create_task(queue.run(f"key{number}", gate.wait)) for number in range(MOST_ACTIVE)]
        await asyncio.sleep(0.05)
        assert queue.active >= MOST_ACTIVE
        with pytest.raises(ConversationsBusy):
            queue.check_room()
        gate.set()
        await asyncio.gather(*asked)
        queue.check_room()

    with_queue(opens, Turns(), work)


def test_at_its_end_it_finishes_what_is_under_way_and_takes_nothing_new(opens: Opens) -> None:
    turns = Turns(0.3)

    async def work(queue: TurnQueue) -> None:
        queue.wake("one")
        await turns.begun()
        await queue.leave()
        await queue.drain(10)
        assert turns.taken == ["one"]
        with pytest.raises(ShuttingDown):
            queue.check_room()

    with_queue(opens, turns, work)


def test_what_a_process_did_not_begin_is_for_the_next(address: str, tmp_path: Path) -> None:
    first, second = Turns(), Turns()

    async def run() -> None:
        async with claims(first, address, tmp_path) as leaving:
            await leaving.leave()
            for key in ("one", "two"):
                leaving.wake(key)
            await asyncio.sleep(0.3)
        assert first.taken == []
        async with claims(second, address, tmp_path):
            await second.until(2)

    asyncio.run(run())
    assert sorted(second.taken) == ["one", "two"]
    with psycopg.connect(address) as connection:
        assert connection.execute("SELECT count(*) FROM conversation_wakes").fetchone() == (0,)


def test_two_processes_share_what_is_wanted_and_never_take_the_same_at_once(address: str, tmp_path: Path) -> None:
    turns = Turns(0.01)
    keys = [f"key{number}" for number in range(30)]

    async def run() -> None:
        async with claims(turns, address, tmp_path) as one, claims(turns, address, tmp_path) as other:
            for key in keys:
                one.wake(key)
                other.wake(key)
            await turns.wait_for(lambda: set(turns.taken) == set(keys))

    asyncio.run(run())
    assert set(turns.most_at_once.values()) == {1}
