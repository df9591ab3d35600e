"""What flows say reaches people: in its order, in WhatsApp's pace, and statuses come back."""

from __future__ import annotations

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
