"""kill -9 under load: what was acknowledged is there, nothing stays open, and no POST is sent twice."""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from recado.db.engine import Database
from recado.db.tables import execution_results, executions
from servers.counting import CountingServer
from servers.pace import slowness

SECONDS_A_KILL = 3.0
LEAST_RATE = 50


@pytest.fixture
def upstream() -> Iterator[CountingServer]:
    server = CountingServer()
    yield server
    server.close()


def _rows(killable: Any) -> dict[str, sa.Row[*tuple[Any, ...]]]:
    database = Database(killable.settings)
    with database.begin() as connection:
        rows = connection.execute(
            sa.select(executions.c.id, execution_results.c.outcome).outerjoin(
                execution_results, execution_results.c.id == executions.c.id
            )
        ).all()
    database.close()
    return {row.id: row for row in rows}


def _wait_until_closed(killable: Any, seconds: float) -> dict[str, sa.Row[*tuple[Any, ...]]]:
    deadline = time.monotonic() + seconds
    while True:
        rows = _rows(killable)
        if all(row.outcome is not None for row in rows.values()) or time.monotonic() > deadline:
            return rows
        time.sleep(0.25)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kills", [5, pytest.param(20, marks=pytest.mark.slow)])
def test_kills_under_load(killable: Any, upstream: CountingServer, start_load: Callable[..., Any], kills: int) -> None:
    seconds = kills * SECONDS_A_KILL
    killable.start()
    action_id = killable.make_action("POST", f"{upstream.url}/things")
    load = start_load(killable, action_id)
    up_seconds = 0.0
    started = time.monotonic()
    for number in range(1, kills + 1):
        since = time.monotonic()
        time.sleep(max(0.0, started + number * SECONDS_A_KILL - since - random.uniform(0, 0.4)))
        up_seconds += time.monotonic() - since
        killable.end(signal.SIGKILL)
        killable.start()
    elapsed = time.monotonic() - started
    time.sleep(0.5)
    load.stop()
    rows = _wait_until_closed(killable, 60)

    lost = [token for token, execution_id in load.acknowledged.items() if execution_id not in rows]
    open_still = [row.id for row in rows.values() if row.outcome is None]
    repeated = [key for key, count in upstream.hits.items() if count > 1]
    outcomes = Counter(row.outcome for row in rows.values())
    print(f"{kills} kills in {elapsed:.0f} s, {len(load.acknowledged)} acknowledged, outcomes {dict(outcomes)}")
    assert lost == []
    assert open_still == []
    assert repeated == []
    assert elapsed < seconds + 30 * slowness()
    assert len(load.acknowledged) / up_seconds >= LEAST_RATE / slowness()
    assert set(outcomes) <= {"ok", "unknown"}
    assert set(load.outcomes.values()) == {"ok"}


def test_a_call_that_is_safe_to_repeat_is_repeated_after_a_crash(killable: Any, start_load: Callable[..., Any]) -> None:
    slow = CountingServer(0.4, 0.6)
    try:
        killable.start()
        action_id = killable.make_action("PUT", f"{slow.url}/things")
        load = start_load(killable, action_id, workers=4)
        while len(slow.hits) < 4:
            time.sleep(0.01)
        killable.end(signal.SIGKILL)
        load.stop()
        killable.start()
        rows = _wait_until_closed(killable, 60)
    finally:
        slow.close()
    assert Counter(row.outcome for row in rows.values()) == {"ok": len(rows)}
    assert max(slow.hits.values()) == 2


def test_sigterm_lets_accepted_work_finish(killable: Any, start_load: Callable[..., Any]) -> None:
    slow = CountingServer(0.3, 0.5)
    try:
        killable.start()
        action_id = killable.make_action("POST", f"{slow.url}/things")
        load = start_load(killable, action_id, workers=16)
        while len(slow.hits) < 32:
            time.sleep(0.01)
        begun = time.monotonic()
        assert killable.end(signal.SIGTERM) in {0, -signal.SIGTERM}
        took = time.monotonic() - begun
        load.stop()
    finally:
        slow.close()
    rows = _rows(killable)
    assert took < 30 * slowness()
    assert {row.outcome for row in rows.values()} == {"ok"}
    assert set(load.acknowledged.values()) == set(rows)
