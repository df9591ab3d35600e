"""A channel that can send nothing any more is told of, in words that say why."""

from __future__ import annotations

from typing import Any

import httpx

from webhooks.conftest import Receiver
from whatsapp.driver import Graph
from whatsapp.talking import Line, ask, published


def test_a_parked_channel_is_told(client: httpx.Client, server: Any, graph: Graph, receiver: Receiver) -> None:
    line = Line(client, server.url, graph, published(client, ask("name", "Your name?")))
    body = {"name": "On call", "url": receiver.url, "events": ["channel.parked"]}
    webhook = client.post("/webhooks", json=body).json()
    graph.drop_token(graph.token)
    graph.person("Ana").says("hola")
    told = receiver.wait_for(1)[0]
    parked = line.look()["parked"]
    assert told.is_signed_with(webhook["secret"])
    assert told.body["type"] == "channel.parked"
    assert told.body["data"] == {
        "channel": {"id": line.id, "name": "Shop"},
        "code": parked["code"],
        "message": parked["message"],
    }
