"""What a process does on its own outlives each failure, is woken early, and is stopped at any moment."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from recado.background import Background
from recado.errors import StorageUnavailable

NEVER = 3600.0


@asynccontextmanager
async def looking(look: Callable[[], Awaitable[float | None]], seconds: float = NEVER) -> AsyncIterator[Background]:
    work = Background("tests", look, seconds)
    work.start()
    yield work
    await work.stop()


async def test_it_goes_on_after_each_failure() -> None:
    problems = iter([StorageUnavailable(), ValueError("a bug"), None])
    done = asyncio.Event()

    async def look() -> None:
        problem = next(problems)
        if problem is not None:
            raise problem
        done.set()

    async with looking(look, 0.0):
        await done.wait()


async def test_it_looks_again_when_it_said_and_when_it_is_woken() -> None:
    pauses = iter([0.0, None, None])
    looked: asyncio.Queue[float | None] = asyncio.Queue()

    async def look() -> float | None:
        pause = next(pauses)
        looked.put_nowait(pause)
        return pause

    async with looking(look) as work:
        assert [await looked.get(), await looked.get()] == [0.0, None]
        work.wake()
        assert await looked.get() is None


async def test_a_wake_during_a_look_is_not_lost() -> None:
    looks: list[int] = []
    done = asyncio.Event()

    async def look() -> None:
        looks.append(1)
        if len(looks) == 1:
            work.wake()
        else:
            done.set()

    async with looking(look) as work:
        await done.wait()


async def test_a_stop_that_comes_with_a_wake_ends_it() -> None:
    begun = asyncio.Event()

    async def look() -> None:
        begun.set()

    async with looking(look) as work:
        await begun.wait()
        await asyncio.sleep(0)
        work.wake()  # and `stop` comes before it has woken


async def test_it_stops_before_it_ever_began() -> None:
    async def look() -> None:
        raise AssertionError("nobody started it")

    work = Background("tests", look, NEVER)
    assert not work.is_started
    await work.stop()
