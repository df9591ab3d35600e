"""Executions are found by a word: their id, their action's name, their error's code, or the host they went to."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from executions.history import Past, put
from recado.db.tables import executions
from recado.executions.search import MOST_LOOKED_AT
from security.shapes import Door
from servers.echo import EchoServer

NOW = dt.datetime.now(dt.UTC)


def found(door: Door, search: str, **query: Any) -> list[str]:
    return [item["id"] for item in door.get("/executions", search=search, **query)["items"]]


@pytest.fixture
def made(door: Door, upstream: EchoServer) -> dict[str, str]:
    """Executions by what they are found with."""
    integration = door.make_integration()

    def run(name: str, endpoint: str, **inputs: Any) -> str:
        request = {"endpoint": endpoint}
        return str(
            door.run(door.make_action(integration, request, dict.fromkeys(inputs, "integer"), name=name), **inputs)[
                "id"
            ]
        )

    return {
        "ok": run("Look up Ana's order", f"{upstream.url}/status/200/look-here"),
        "failed": run("Cancel", f"{upstream.url}/status/503"),
        "refused": run("Cancel 100%", f"{upstream.url}/status/200", age="none"),
        "elsewhere": run("Elsewhere", f"http://127.0.0.2:{upstream.port}/status/200"),
    }


def test_by_each_of_its_places(door: Door, made: dict[str, str], upstream: EchoServer) -> None:
    assert found(door, made["ok"]) == [made["ok"]]
    assert found(door, made["ok"].upper()) == [made["ok"]]
    assert found(door, "order") == found(door, " ANA'S ") == [made["ok"]]
    assert found(door, "cancel") == [made["refused"], made["failed"]]
    assert found(door, "http_server_error") == found(door, "server_err") == [made["failed"]]
    assert found(door, "validation") == []
    assert found(door, "input_type") == [made["refused"]]
    assert found(door, "127.0.0.2") == [made["elsewhere"]]
    assert found(door, f"127.0.0.1:{upstream.port}") == [made["failed"], made["ok"]]


def test_not_by_anything_else(door: Door, made: dict[str, str]) -> None:
    for word in ("look-here", "status/200", "content-type", "is_retryable", "GET", '"', "http:", "accept"):
        assert found(door, word) == [], word


def test_wildcards_are_letters(door: Door, made: dict[str, str]) -> None:
    assert found(door, "100%") == [made["refused"]]
    assert found(door, "c_ncel") == found(door, "%cel") == []


def test_with_filters_and_pages(door: Door, made: dict[str, str]) -> None:
    assert found(door, "cancel", outcome="http_5xx") == [made["failed"]]
    assert found(door, "cancel", since=(NOW + dt.timedelta(hours=1)).isoformat()) == []
    first = door.get("/executions", search="cancel", limit=1)
    assert [item["id"] for item in first["items"]] == [made["refused"]]
    second = door.get("/executions", search="cancel", limit=1, cursor=first["next_cursor"])
    assert ([item["id"] for item in second["items"]], second["next_cursor"]) == ([made["failed"]], None)


def test_blank_is_no_search_and_what_no_text_holds_finds_nothing(door: Door, made: dict[str, str]) -> None:
    assert len(found(door, "  ")) == len(made)
    assert found(door, "\0") == found(door, "x" * 200) == []
    door.get("/executions", search="x" * 201, status=422)


def test_what_is_damaged_or_still_running_stops_no_search(server: Any, door: Door, made: dict[str, str]) -> None:
    with server.database.begin() as connection:
        workspace_id = connection.scalar(sa.select(executions.c.workspace_id).where(executions.c.id == made["ok"]))
        damaged = sa.update(executions).where(executions.c.id == made["ok"]).values(request="{broken")
        connection.execute(damaged)
    put(server, workspace_id, [Past(NOW, None)])
    assert found(door, "cancel") == [made["refused"], made["failed"]]
    with server.database.begin() as connection:
        connection.execute(
            sa.delete(executions).where(executions.c.workspace_id == workspace_id, executions.c.kind == "live")
        )


def test_a_page_looks_at_ten_thousand_and_says_where_to_go_on(server: Any, workspace: Any, door: Door) -> None:
    past = [Past(NOW - dt.timedelta(seconds=second), "ok", "act_0") for second in range(MOST_LOOKED_AT)]
    old = Past(NOW - dt.timedelta(days=1), "ok", "act_0", kind="live")
    put(server, workspace.id, [*past, old])
    with server.database.begin() as connection:
        oldest = connection.scalar(
            sa.select(sa.func.min(executions.c.id)).where(executions.c.workspace_id == workspace.id)
        )
    first = door.get("/executions", search=oldest)
    assert first["items"] == []
    second = door.get("/executions", search=oldest, cursor=first["next_cursor"])
    assert ([item["id"] for item in second["items"]], second["next_cursor"]) == ([oldest], None)
