"""Statistics say how many executions ended how, over time and for each action; counted ahead or not, they say the same."""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
import random
import threading
from collections import Counter
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from executions.history import Past, count_ahead, counted_rows, forget_counts, put
from recado.db.counts import read_mark
from recado.db.tables import execution_results
from recado.executions.statistics import percentiles
from recado.ids import new_id
from security.shapes import Door
from servers.echo import EchoServer

NOW = dt.datetime.now(dt.UTC).replace(second=30, microsecond=0)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
OUTCOMES = ("ok", "ok", "ok", "http_5xx", "timeout", "input_invalid")
ACTIONS = [new_id("act") for _ in range(3)]
INTEGRATIONS = [new_id("int") for _ in range(2)]
CREDENTIALS = [new_id("crd"), None]


@pytest.fixture(scope="module")
def own_server(database_kind: str, start_server: Any) -> Any:
    """A server whose marks these tests move: it does not count ahead by itself."""
    server = start_server(database_kind)
    while not is_marked(server):  # it has done so once
        threading.Event().wait(0.01)
    for task in asyncio.all_tasks(server._loop):
        if task.get_name() == "recado-counts":
            server._loop.call_soon_threadsafe(task.cancel)
    return server


@pytest.fixture
def caller(own_server: Any) -> Any:
    """A workspace of that server, in which nothing is counted ahead yet."""
    forget_counts(own_server)
    made = own_server.new_workspace()
    yield made
    made.close()


def is_marked(server: Any) -> bool:
    with server.database.begin() as connection:
        return read_mark(connection) is not None


def ask(workspace: Any, **query: Any) -> Any:
    answer = workspace.client().get("/executions/statistics", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def some_past(count: int = 400, span: dt.timedelta = DAY) -> list[Past]:
    chosen = random.Random(7)
    return [
        Past(
            NOW - HOUR / 3 - span * chosen.random(),
            chosen.choice(OUTCOMES),
            chosen.choice(ACTIONS),
            chosen.choice(INTEGRATIONS),
            chosen.choice(CREDENTIALS),
            chosen.choice(("live", "test")),
            chosen.uniform(5, 50),
        )
        for _ in range(count)
    ]


def expected(past: list[Past], told: Any) -> dict[str, Counter[str]]:
    """What each bucket should hold."""
    width = dt.timedelta(seconds=told["bucket_seconds"])
    begins = [dt.datetime.fromisoformat(bucket["at"]) for bucket in told["buckets"]]
    found: dict[str, Counter[str]] = {bucket["at"]: Counter() for bucket in told["buckets"]}
    for one in past:
        for begin, bucket in zip(begins, told["buckets"], strict=True):
            if begin <= one.at < begin + width and one.outcome:
                found[bucket["at"]][one.outcome] += 1
    return found


def check(past: list[Past], told: Any) -> None:
    wanted = expected(past, told)
    assert {bucket["at"]: Counter(bucket["outcomes"]) for bucket in told["buckets"]} == wanted
    assert Counter(told["outcomes"]) == sum(wanted.values(), Counter())


# ── what was just run ────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_ran_a_moment_ago_is_counted(workspace: Any, door: Door, upstream: EchoServer) -> None:
    integration = door.make_integration()
    good = door.make_action(integration, {"endpoint": f"{upstream.url}/status/200"}, name="Good")
    bad = door.make_action(integration, {"endpoint": f"{upstream.url}/status/404"}, name="Bad")
    for action, times in ((good, 3), (bad, 1)):
        for _ in range(times):
            door.run(action)
    told = ask(workspace)
    assert told["outcomes"] == {"ok": 3, "http_4xx": 1}
    assert told["bucket_seconds"] == 900
    assert 96 <= len(told["buckets"]) <= 98
    assert Counter(told["buckets"][-1]["outcomes"]) + Counter(told["buckets"][-2]["outcomes"]) == {
        "ok": 3,
        "http_4xx": 1,
    }
    assert [(row["action_id"], row["name"], row["count"], row["ok"]) for row in told["actions"]] == [
        (good, "Good", 3, 3),
        (bad, "Bad", 1, 0),
    ]
    assert 0 < told["actions"][0]["p50_ms"] <= told["actions"][0]["p95_ms"]
    assert door.get(f"/integrations/{integration}")["last_day"] == {"ok": 3, "failed": 1}
    assert door.get("/integrations")["items"][0]["last_day"] == {"ok": 3, "failed": 1}
    door.client.delete(f"/actions/{bad}")
    assert [row["name"] for row in ask(workspace)["actions"]] == ["Good", None]


def test_nothing_is_nothing(workspace: Any, door: Door) -> None:
    told = ask(workspace)
    assert (told["outcomes"], told["actions"]) == ({}, [])
    assert {str(bucket["outcomes"]) for bucket in told["buckets"]} == {"{}"}
    assert door.get(f"/integrations/{door.make_integration()}")["last_day"] == {"ok": 0, "failed": 0}


# ── counted ahead or not ─────────────────────────────────────────────────────────────────────────────────────────────


def test_counted_ahead_or_not_it_is_the_same(own_server: Any, caller: Any) -> None:
    past = some_past()
    put(own_server, caller.id, past)
    query = {"since": (NOW - 2 * DAY).isoformat(), "until": NOW.isoformat()}
    not_ahead = ask(caller, **query)
    check(past, not_ahead)
    assert list(counted_rows(own_server, caller.id)) == []
    count_ahead(own_server)
    assert sum(row.count for row in counted_rows(own_server, caller.id)) == len(past)
    assert ask(caller, **query) == not_ahead
    now = dt.datetime.now(dt.UTC)  # after what was counted ahead, however long that took
    later = [Past(now, "timeout", ACTIONS[0])]
    put(own_server, caller.id, later)
    told = ask(caller, **{**query, "until": (now + dt.timedelta(minutes=1)).isoformat()})
    check([*past, *later], told)


def test_every_minute_is_counted_once(own_server: Any, caller: Any) -> None:
    put(own_server, caller.id, some_past(50))
    for _ in range(3):
        count_ahead(own_server)
    assert sum(row.count for row in counted_rows(own_server, caller.id)) == 50


@pytest.mark.parametrize("is_ahead", [False, True])
def test_filters_narrow_the_counts(own_server: Any, caller: Any, is_ahead: bool) -> None:
    past = some_past()
    put(own_server, caller.id, past)
    if is_ahead:
        count_ahead(own_server)
    for name, value in (
        ("action_id", ACTIONS[1]),
        ("integration_id", INTEGRATIONS[0]),
        ("credential_id", CREDENTIALS[0]),
        ("kind", "test"),
    ):
        told = ask(caller, since=(NOW - 2 * DAY).isoformat(), **{name: value})
        narrowed = [one for one in past if getattr(one, name) == value]
        check(narrowed, told)
        counts = Counter(one.action_id for one in narrowed)
        assert {row["action_id"]: row["count"] for row in told["actions"]} == counts
        assert [row["count"] for row in told["actions"]] == sorted(counts.values(), reverse=True)
    assert ask(caller, action_id=new_id("act"))["outcomes"] == {}


def test_a_minute_waits_for_what_is_open_in_it(own_server: Any, caller: Any) -> None:
    old = NOW - dt.timedelta(minutes=20)
    put(own_server, caller.id, [Past(old - HOUR, "ok"), Past(old, None), Past(old, "ok")])
    count_ahead(own_server)
    assert [row.outcome for row in counted_rows(own_server, caller.id)] == ["ok"]
    assert ask(caller)["outcomes"] == {"ok": 2}
    with own_server.database.begin() as connection:
        mark = read_mark(connection)
    assert mark is not None
    assert mark * 60 <= old.timestamp() < mark * 60 + 60


def test_after_an_hour_nothing_is_waited_for(own_server: Any, caller: Any) -> None:
    put(own_server, caller.id, [Past(NOW - 2 * HOUR, None), Past(NOW - 2 * HOUR, "ok")])
    count_ahead(own_server)
    assert [row.outcome for row in counted_rows(own_server, caller.id)] == ["ok"]
    assert ask(caller)["outcomes"] == {"ok": 1}


def test_retention_forgets_counts_with_their_executions(own_server: Any, caller: Any) -> None:
    put(own_server, caller.id, [Past(NOW - 40 * DAY, "ok"), Past(NOW - 2 * DAY, "ok")])
    count_ahead(own_server)
    assert len(list(counted_rows(own_server, caller.id))) == 2
    own_server.run(own_server.parts.tasks.retain())
    assert [row.minute for row in counted_rows(own_server, caller.id)] == [int((NOW - 2 * DAY).timestamp()) // 60]
    told = ask(caller, since=(NOW - 60 * DAY).isoformat())
    assert (told["bucket_seconds"], told["outcomes"]) == (86_400, {"ok": 1})


def test_the_last_day_of_an_integration_is_counted_either_way(own_server: Any, caller: Any) -> None:
    door = Door(caller.client())
    own, other = door.make_integration(), door.make_integration()
    put(
        own_server,
        caller.id,
        [
            Past(NOW - DAY - 2 * HOUR, "ok", None, own),
            Past(NOW - DAY + 2 * HOUR, "ok", None, own, kind="credential_test"),
            Past(NOW - HOUR, "timeout", None, own),
            Past(NOW - HOUR, None, None, own),
            Past(NOW - HOUR, "ok", None, other),
        ],
    )
    for _ in range(2):
        assert door.get(f"/integrations/{own}")["last_day"] == {"ok": 1, "failed": 1}
        assert {item["id"]: item["last_day"] for item in door.get("/integrations")["items"]} == {
            own: {"ok": 1, "failed": 1},
            other: {"ok": 1, "failed": 0},
        }
        count_ahead(own_server)


# ── buckets, percentiles, questions ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("span", "seconds"),
    [
        (dt.timedelta(minutes=1), 60),
        (HOUR, 60),
        (2 * HOUR - dt.timedelta(minutes=1), 60),
        (9 * HOUR, 300),
        (DAY, 900),
        (4 * DAY, 3_600),
        (14 * DAY, 10_800),
        (29 * DAY, 21_600),
        (90 * DAY, 86_400),
    ],
)
def test_buckets_are_as_wide_as_a_hundred_and_twenty_allow(workspace: Any, span: dt.timedelta, seconds: int) -> None:
    told = ask(workspace, since=(NOW - span).isoformat(), until=NOW.isoformat())
    begins = [dt.datetime.fromisoformat(bucket["at"]) for bucket in told["buckets"]]
    assert told["bucket_seconds"] == seconds
    assert len(begins) <= 120
    assert all(begin.timestamp() % seconds == 0 for begin in begins)
    steps = {later - earlier for earlier, later in itertools.pairwise(begins)}
    assert steps <= {dt.timedelta(seconds=seconds)}
    assert begins[0] <= NOW - span
    assert begins[-1] < NOW <= begins[-1] + dt.timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ({"since": NOW.isoformat(), "until": NOW.isoformat()}, "until"),
        ({"since": NOW.isoformat(), "until": (NOW - DAY).isoformat()}, "until"),
        ({"since": (NOW - 200 * DAY).isoformat()}, "since"),
        ({"since": "yesterday"}, "since"),
        ({"since": "0001-01-01T00:00:00Z", "until": "0001-01-01T00:10:00Z"}, "until"),
        ({"since": "9999-12-31T23:00:00Z"}, "until"),
        ({"until": "0001-01-01T00:00:00Z"}, "until"),
    ],
)
def test_a_span_that_makes_no_sense_is_said(client: httpx.Client, query: Any, path: str) -> None:
    answer = client.get("/executions/statistics", params=query)
    assert answer.status_code == 422, answer.text
    assert [problem["path"] for problem in answer.json()["errors"]] == [path]


def test_percentiles_are_of_calls_that_went_out(own_server: Any, caller: Any) -> None:
    action = new_id("act")
    past = [Past(NOW - HOUR, "ok", action, total_ms=float(number)) for number in range(1, 101)]
    past += [Past(NOW - HOUR, "input_invalid", action, total_ms=0.0)] * 50
    put(own_server, caller.id, past)
    (row,) = ask(caller)["actions"]
    assert (row["count"], row["ok"], row["p50_ms"], row["p95_ms"]) == (150, 100, 50.0, 95.0)
    (row,) = ask(caller, kind="test")["actions"] or [None]
    assert row is None


def test_percentiles_are_of_the_newest_five_hundred(own_server: Any, caller: Any) -> None:
    action = new_id("act")
    slow = [Past(NOW - 2 * HOUR, "ok", action, total_ms=9_000.0)] * 200
    put(own_server, caller.id, slow + [Past(NOW - HOUR, "ok", action, total_ms=7.0)] * 500)
    (row,) = ask(caller)["actions"]
    assert (row["count"], row["p50_ms"], row["p95_ms"]) == (700, 7.0, 7.0)


@pytest.mark.parametrize(
    ("times", "expected_of"),
    [([], (None, None)), ([3.0], (3.0, 3.0)), ([2.0, 1.0], (1.0, 2.0)), ([float(n) for n in range(20)], (9.0, 18.0))],
)
def test_the_nearest_rank(times: list[float], expected_of: tuple[float | None, float | None]) -> None:
    assert percentiles(times) == expected_of


def test_at_most_a_hundred_actions_are_told(own_server: Any, caller: Any) -> None:
    put(own_server, caller.id, [Past(NOW - HOUR, "ok", new_id("act")) for _ in range(130)])
    told = ask(caller)
    assert (len(told["actions"]), told["outcomes"]) == (100, {"ok": 130})


def test_another_workspace_sees_nothing_of_it(own_server: Any, caller: Any) -> None:
    other = own_server.new_workspace()
    put(own_server, caller.id, some_past(30))
    for _ in range(2):
        assert ask(other)["outcomes"] == {}
        count_ahead(own_server)
    other.close()


def test_a_result_that_comes_late_is_counted_when_it_is_there(own_server: Any, caller: Any) -> None:
    put(own_server, caller.id, [Past(NOW - dt.timedelta(minutes=30), None)])
    count_ahead(own_server)
    with own_server.database.begin() as connection:
        late = Past(NOW, "unknown").rows(caller.id)[1]
        assert late is not None
        found = connection.execute(
            sa.text("SELECT id FROM executions WHERE workspace_id = :w"), {"w": caller.id}
        ).scalar_one()
        connection.execute(sa.insert(execution_results).values(late | {"id": found}))
    for _ in range(2):
        assert ask(caller)["outcomes"] == {"unknown": 1}
        count_ahead(own_server)
