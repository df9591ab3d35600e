"""A hundred thousand conversations that wait are rows and nothing else: no memory, and no longer start."""

from __future__ import annotations

import datetime as dt
import time

import psutil
import pytest
import sqlalchemy as sa

from conversations.shapes import Desk, Person, asks, flow_of, says
from recado.db.columns import utc_now
from recado.db.engine import Database
from recado.db.tables import conversations, messages, timers
from recado.ids import new_id
from servers.pace import slowness
from servers.process import RecadoProcess

MOST_GROWTH = 20 * 2**20
MOST_SECONDS = 5.0
BATCH = 5_000


def copy_conversation(process: RecadoProcess, conversation_id: str, count: int, due_at: dt.datetime) -> None:
    """So many more conversations like this one, each with its message and a timer far ahead."""
    database = Database(process.settings)
    with database.begin() as connection:
        rows = connection.execute(sa.select(conversations).where(conversations.c.id == conversation_id)).mappings()
        own = dict(rows.one())
        said = dict(
            connection.execute(sa.select(messages).where(messages.c.conversation_id == conversation_id))
            .mappings()
            .fetchmany(1)[0]
        )
        for begin in range(0, count, BATCH):
            ids = [new_id("cnv") for _ in range(begin, min(begin + BATCH, count))]
            connection.execute(sa.insert(conversations), [{**own, "id": one, "contact_key": one} for one in ids])
            connection.execute(
                sa.insert(messages), [{**said, "id": new_id("msg"), "conversation_id": one} for one in ids]
            )
            connection.execute(
                sa.insert(timers), [{"conversation_id": one, "kind": "expiry", "due_at": due_at} for one in ids]
            )
    database.close()


def start(process: RecadoProcess) -> tuple[float, int]:
    """How long a start took, and the memory after some seconds in which the sweeper looked around."""
    begun = time.monotonic()
    process.start()
    took = time.monotonic() - begun
    time.sleep(3)
    return took, psutil.Process(process.pid).memory_info().rss


def check(process: RecadoProcess, count: int) -> None:
    process.start()
    with process.client() as client:
        desk = Desk(client)
        flow = desk.make(flow_of(asks("ask", "word", "echo"), says("echo", "{{answers.word}}!", "ask")))
        person = desk.start(flow)
    process.end()
    usual, before = start(process)
    process.end()
    copy_conversation(process, person.id, count, utc_now() + dt.timedelta(hours=1))
    took, after = start(process)
    grown = (after - before) / 2**20
    print(f"{count:,} waiting: start {took:.1f} s after {usual:.1f} s, {before / 2**20:.1f} MB before, {grown:+.1f} MB")
    assert took < max(MOST_SECONDS, 2 * usual), "as long as without them, on a machine that is busy"
    assert after - before < MOST_GROWTH
    with process.client() as client:
        again = Person(client, {"id": person.id, "messages": [], "status": ""})
        begun = time.monotonic()
        assert again.say("still there") == ["still there!", "word?"]
        assert time.monotonic() - begun < 5 * slowness()


def test_two_thousand_wait(process: RecadoProcess) -> None:
    check(process, 2_000)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_hundred_thousand_wait(process: RecadoProcess) -> None:
    check(process, 100_000)


def test_many_timers_that_are_due_at_once_all_go_off(process: RecadoProcess) -> None:
    process.start()
    with process.client() as client:
        desk = Desk(client)
        person = desk.start(desk.make(flow_of(asks("ask", "word", "ask"), expires_after_seconds=3600)))
        process.end()
        due_at = utc_now() - dt.timedelta(minutes=1)
        database = Database(process.settings)
        with database.begin() as connection:
            row = connection.execute(sa.select(conversations.c.state)).one()
            written = row.state
            before = written[written.index('"due_at":"') :].split('"')[3]
            overdue = written.replace(before, due_at.isoformat())
            connection.execute(sa.update(conversations).values(state=overdue))
            connection.execute(sa.update(timers).values(due_at=due_at))
        database.close()
        copy_conversation(process, person.id, 1_500, due_at)
        process.start()
        deadline = time.monotonic() + 30
        while client.get("/conversations", params={"status": "waiting", "limit": 1}).json()["items"]:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert client.get(f"/conversations/{person.id}").json()["status"] == "expired"
