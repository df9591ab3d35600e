"""What a flow answers is marked as read with a sign that somebody writes; what a person answers is left for them to read."""

from __future__ import annotations

from typing import Any

import httpx

from whatsapp.driver import Graph, Person
from whatsapp.talking import Line, ask, published


def marks(graph: Graph) -> list[dict[str, Any]]:
    return [call["body"] for call in graph.calls("/messages") if (call["body"] or {}).get("status") == "read"]


def test_what_the_flow_takes_is_marked_and_what_a_person_has_is_not(
    client: httpx.Client, server: Any, graph: Graph
) -> None:
    line = Line(client, server.url, graph, published(client, ask("name", "Name?", "again"), ask("again", "Again?")))
    ana: Person = graph.person("Ana")
    first = ana.says("hi")
    line.until(lambda: marks(graph))
    (mark,) = marks(graph)
    assert mark["message_id"] == first["id"]
    assert mark["typing_indicator"] == {"type": "text"}
    line.change(shows_typing=False)
    ana.says("Ana")
    line.until(lambda: len(marks(graph)) == 2)
    assert "typing_indicator" not in marks(graph)[1]
    client.post(f"/conversations/{line.talk()['id']}/take-over").raise_for_status()
    ana.says("a person?")
    line.until(lambda: line.talk()["messages"][-1].get("text") == "a person?")
    line.change(marks_read=False)
    ben = graph.person("Ben")
    ben.says("hi")
    ben.sees("Name?")
    assert len(marks(graph)) == 2
