"""A number of the stand-in joined with a channel of a workspace, both ways: people write there, flows answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import httpx

from conversations.shapes import Desk, flow_of
from whatsapp.driver import Graph

Json = dict[str, Any]
OUTGOING = frozenset({"queued", "sent", "delivered", "read", "failed"})


class Line:
    """A channel that reaches the stand-in, and is reached by it."""

    def __init__(self, client: httpx.Client, url: str, graph: Graph, flow_id: str = "", **settings: Any) -> None:
        self.client, self.graph, self.url = client, graph, url
        self.flow_id = flow_id
        made = client.post(
            "/channels",
            json={
                "name": "Shop",
                "settings": {
                    "phone_number_id": graph.phone_number_id,
                    "waba_id": graph.waba_id,
                    "base_url": graph.url,
                    "starts": [{"kind": "any", "flow_id": flow_id}] if flow_id else [],
                    **settings,
                },
                "secrets": {
                    "access_token": graph.token,
                    "app_secret": graph.app_secret,
                    "verify_token": graph.verify_token,
                },
            },
        )
        assert made.status_code == 201, made.text
        self.id = str(made.json()["id"])
        self.path = "/api/v1" + made.json()["callback_url"].partition("/api/v1")[2]
        graph.calls_back(url + self.path)

    def look(self) -> Json:
        found: Json = self.client.get(f"/channels/{self.id}").json()
        return found

    def change(self, **settings: Any) -> None:
        answer = self.client.patch(f"/channels/{self.id}", json={"settings": settings})
        assert answer.status_code == 200, answer.text

    def set_secrets(self, **secrets: str) -> None:
        answer = self.client.put(f"/channels/{self.id}/secrets", json=secrets)
        assert answer.status_code == 200, answer.text

    def talks(self) -> list[Json]:
        """Every conversation of the channel with all its messages, the oldest first."""
        page = self.client.get("/conversations", params={"channel_id": self.id, "limit": 200}).json()["items"]
        return [self.client.get(f"/conversations/{item['id']}").json() for item in reversed(page)]

    def talk(self) -> Json:
        """The only conversation."""
        (found,) = self.talks()
        return found

    def out(self) -> list[Json]:
        """What was said in all conversations."""
        return [message for talk in self.talks() for message in talk["messages"] if message["direction"] == "out"]

    def statuses(self) -> list[str]:
        return [str(message["status"]) for message in self.out()]

    def sends(self) -> list[Json]:
        """The calls that sent something, refused ones among them."""
        return [call for call in self.graph.calls("/messages") if (call["body"] or {}).get("status") != "read"]

    def until(self, is_so: Callable[[], Any], seconds: float = 40.0) -> Any:
        """What comes out once it is so."""
        end = time.monotonic() + seconds
        while not (found := is_so()):
            assert time.monotonic() < end, f"not so within {seconds} s: {self.statuses()} {self.look()['parked']}"
            time.sleep(0.03)
        return found


def published(client: httpx.Client, *blocks: Json, **settings: Any) -> str:
    """The id of a flow that may be begun."""
    desk = Desk(client)
    flow_id = desk.make(flow_of(*blocks, **settings))
    desk.publish(flow_id)
    return flow_id


def say(block_id: str, text: str, then: str = "", **edges: str) -> Json:
    """A message of a flow."""
    ways = {**({"next": then} if then else {}), **edges}
    return {"id": block_id, "type": "message", "content": {"kind": "text", "text": text}, "edges": ways}


def ask(block_id: str, text: str, then: str = "", **edges: str) -> Json:
    """A question of a flow."""
    ways = {**({"next": then} if then else {}), **edges}
    return {"id": block_id, "type": "question", "text": text, "answer": block_id, "edges": ways}
