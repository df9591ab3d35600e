"""Conversations that end because their channel is deleted are told of like all others."""

from __future__ import annotations

from typing import Any

import httpx

from webhooks.conftest import Receiver
from whatsapp.driver import Graph
from whatsapp.talking import Line, ask, published


def test_the_end_of_a_channel_is_told(client: httpx.Client, server: Any, graph: Graph, receiver: Receiver) -> None:
    line = Line(client, server.url, graph, published(client, ask("name", "Your name?")))
    client.post("/webhooks", json={"name": "CRM", "url": receiver.url, "events": ["conversation.finished"]})
    for name in ("Ana", "Ben"):
        graph.person(name).says("hola")
    talks = line.until(lambda: [talk for talk in line.talks() if talk["status"] == "waiting"][1:] and line.talks())

    assert client.delete(f"/channels/{line.id}?force=true").status_code == 204

    told = {each.body["data"]["conversation"]["id"]: each.body["data"]["conversation"] for each in receiver.wait_for(2)}
    assert sorted(told) == sorted(talk["id"] for talk in talks)
    assert {(each["status"], each["end_reason"]) for each in told.values()} == {("cancelled", "cancelled")}
    ended = client.get(f"/conversations/{talks[0]['id']}").json()
    assert (ended["status"], ended["end_reason"]) == ("cancelled", "cancelled")
