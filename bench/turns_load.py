"""Keeps conversations busy with turns in the process that is measured, and tells what they cost it."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import psutil

WARM_UP = 4
"""Turns of each conversation before it counts."""


async def put_turns(turn: Callable[[Any], Awaitable[None]], conversations: Sequence[Any], turns: int) -> None:
    """`turns` turns, all conversations at once; "ready" and the figures go out, the words to begin and to end come in."""

    async def run(each: int) -> list[float]:
        taken: list[float] = []

        async def talk(conversation: Any) -> None:
            for _ in range(each):
                begun = time.perf_counter()
                await turn(conversation)
                taken.append(time.perf_counter() - begun)

        await asyncio.gather(*map(talk, conversations))
        return sorted(taken)

    await run(WARM_UP)
    await _say("ready")
    own = psutil.Process()
    before, begun = sum(own.cpu_times()[:2]), time.perf_counter()
    taken = await run(max(turns // len(conversations), 1))
    elapsed, cpu = time.perf_counter() - begun, sum(own.cpu_times()[:2]) - before
    figures = {
        "turns": len(taken), "cpu": cpu, "rate": len(taken) / elapsed,
        "p50_ms": taken[len(taken) // 2] * 1000, "p99_ms": taken[len(taken) * 99 // 100] * 1000,
    }  # fmt: skip
    await _say(json.dumps(figures))


async def _say(text: str) -> None:
    """Say it, and wait for a word."""
    print(text, flush=True)
    await asyncio.to_thread(sys.stdin.readline)
