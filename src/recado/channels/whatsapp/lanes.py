"""Keeps what comes from one person in order, and lets different people go on at once."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Awaitable, Callable, Hashable, Sequence

Job = Callable[[], Awaitable[None]]


class _Lane:
    """What waits of one person: the oldest first, and of the same second what came first."""

    __slots__ = ("jobs", "names")

    def __init__(self) -> None:
        self.jobs: list[tuple[int, int, Job, asyncio.Future[None]]] = []
        self.names: set[Hashable] = set()


class Lanes:
    """A lane for each person of whom something waits; a person is known by any of their names."""

    def __init__(self, parallel: int) -> None:
        self._lanes: dict[Hashable, _Lane] = {}
        self._room = asyncio.Semaphore(parallel)
        self._count = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def add(self, names: Sequence[Hashable], at: int, job: Job) -> asyncio.Future[None]:
        """Do it once everything older is done that these names have waiting; ends as the job ends."""
        lane = next((found for name in names if (found := self._lanes.get(name)) is not None), None)
        is_new = lane is None
        lane = lane or _Lane()
        for name in names:
            if self._lanes.setdefault(name, lane) is lane:
                lane.names.add(name)
        self._count += 1
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(lane.jobs, (at, self._count, job, future))
        if is_new:
            task = asyncio.create_task(self._walk(lane), name="recado-receiving")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return future

    async def stop(self) -> None:
        """Leave what is under way and what waits."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _walk(self, lane: _Lane) -> None:
        while lane.jobs:
            async with self._room:
                _, _, job, future = heapq.heappop(lane.jobs)
                try:
                    await job()
                except Exception as problem:  # noqa: BLE001  # told to who waits
                    if not future.done():
                        future.set_exception(problem)
                else:
                    if not future.done():
                        future.set_result(None)
        for name in lane.names:
            del self._lanes[name]
