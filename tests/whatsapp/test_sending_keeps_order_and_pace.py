"""What flows say reaches people in its order and in WhatsApp's pace; statuses come back, in whatever order."""

from __future__ import annotations

import time
from typing import Any

import httpx
import pytest

from whatsapp.driver import Graph
from whatsapp.talking import Line, ask, published, say


@pytest.fixture
def line(client: httpx.Client, server: Any, graph: Graph) -> Line:
    """A flow that says three things and asks."""
    flow_id = published(client, say("a", "One", "b"), say("b", "Two", "c"), say("c", "Three", "d"), ask("d", "Four?"))
    return Line(client, server.url, graph, flow_id)


def test_what_is_said_comes_in_its_order_and_its_statuses_come_back(line: Line, graph: Graph) -> None:
    ana = graph.person("Ana")
    ana.says("hola")
    ana.sees("Four?")
    assert [message["text"] for message in ana.received()] == ["One", "Two", "Three", "Four?"]
    line.until(lambda: line.statuses() == ["delivered"] * 4)
    ana.reads()
    line.until(lambda: line.statuses() == ["read"] * 4)
    assert line.look()["counts"]["waiting_messages"] == 0


def test_statuses_in_any_order_and_twice_leave_the_furthest(line: Line, graph: Graph) -> None:
    graph.set(copies=2, at_once=4)
    graph.ladder("read", ("delivered", 0.02), ("sent", 0.04))
    ana = graph.person("Ana")
    ana.says("hola")
    ana.sees("Four?")
    graph.settles()
    line.until(lambda: line.statuses() == ["read"] * 4)
    graph.send_again()
    graph.settles()
    assert line.statuses() == ["read"] * 4
    assert len(ana.received()) == 4


def test_a_number_is_never_too_fast(line: Line, graph: Graph) -> None:
    line.change(sends_per_second=20)
    graph.set(per_second=24)
    people = [graph.person(f"P{number}") for number in range(12)]
    begun = time.monotonic()
    graph.acts(*({"person": person.id, "text": "hola"} for person in people))
    for person in people:
        person.sees("Four?")
    assert time.monotonic() - begun > (4 * 12 - 4) / 20 - 0.5
    for person in people:
        assert [message["text"] for message in person.received()] == ["One", "Two", "Three", "Four?"]
    assert {call["status"] for call in line.sends()} == {200}


def test_after_a_file_the_next_waits_for_its_status(client: httpx.Client, server: Any, graph: Graph) -> None:
    picture = {"kind": "image", "url": f"{graph.url}/_standin/picture.png", "caption": "Look"}
    flow_id = published(
        client, {"id": "p", "type": "message", "content": picture, "edges": {"next": "q"}}, ask("q", "Well?")
    )
    line = Line(client, server.url, graph, flow_id)
    graph.ladder(("sent", 1.0), ("delivered", 1.1))
    ana = graph.person("Ana")
    ana.says("hola")
    first = ana.sees("Look")
    second = ana.sees("Well?")
    assert second["at"] - first["at"] > 0.8
    line.until(lambda: line.statuses() == ["delivered", "delivered"])


def test_without_a_status_it_waits_three_seconds_at_most(client: httpx.Client, server: Any, graph: Graph) -> None:
    buttons = {"id": "b", "type": "buttons", "text": "Which?", "buttons": [{"id": "x", "title": "X"}]}
    flow_id = published(client, {**buttons, "edges": {"button:x": "q"}, "timeout_seconds": 600}, ask("q", "Well?"))
    Line(client, server.url, graph, flow_id)
    graph.ladder()
    ana = graph.person("Ana")
    ana.says("hola")
    ana.sees("Which?")
    begun = time.monotonic()
    ana.taps("X")
    ana.sees("Well?")
    assert time.monotonic() - begun > 1.5
