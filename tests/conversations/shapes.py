"""What the tests of this folder share: small flows, and a person who talks with them by the simulator."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import httpx


def block(block_id: str, kind: str, edges: dict[str, str] | None = None, **settings: Any) -> dict[str, Any]:
    """A block with its ways out."""
    return {"id": block_id, "type": kind, "edges": edges or {}, **settings}


def says(block_id: str, text: str, following: str) -> dict[str, Any]:
    """A message."""
    return block(block_id, "message", {"next": following}, content={"kind": "text", "text": text})


def asks(block_id: str, answer: str, following: str, **settings: Any) -> dict[str, Any]:
    """A question for a text."""
    return block(block_id, "question", {"next": following}, answer=answer, text=f"{answer}?", **settings)


def flow_of(*blocks: dict[str, Any], **settings: Any) -> dict[str, Any]:
    """A definition that begins with its first block."""
    return {"start": blocks[0]["id"], "blocks": list(blocks), "settings": settings}


class Person:
    """Talks with one flow."""

    def __init__(self, client: httpx.Client, conversation: dict[str, Any]) -> None:
        self.client = client
        self.id = str(conversation["id"])
        self.last = conversation

    @property
    def heard(self) -> list[str]:
        """The texts of what was said last."""
        return texts_of(self.last["messages"])

    @property
    def status(self) -> str:
        return str(self.last["status"])

    def send(self, **message: Any) -> httpx.Response:
        return self.client.post(f"/simulator/conversations/{self.id}/messages", json=message)

    def say(self, text: str, **more: Any) -> list[str]:
        """Write, and the texts that come back."""
        return self.does("messages", text=text, **more)

    def tap(self, reply_id: str, **more: Any) -> list[str]:
        return self.does("messages", reply_id=reply_id, **more)

    def does(self, verb: str, **body: Any) -> list[str]:
        answer = self.client.post(f"/simulator/conversations/{self.id}/{verb}", json=body or None)
        assert answer.status_code == 200, answer.text
        self.last = answer.json()
        return self.heard

    def as_if(self, **blocks: Any) -> dict[str, Any]:
        answer = self.client.put(f"/simulator/conversations/{self.id}/as-if", json=blocks)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def look(self) -> dict[str, Any]:
        """The whole conversation."""
        answer = self.client.get(f"/conversations/{self.id}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def wait_until(self, is_so: Callable[[dict[str, Any]], bool], seconds: float = 90) -> dict[str, Any]:
        """The conversation once something holds of it."""
        deadline = time.monotonic() + seconds
        while True:
            found = self.look()
            if is_so(found):
                return found
            assert time.monotonic() < deadline, found
            time.sleep(0.02)


def texts_of(messages: list[dict[str, Any]]) -> list[str]:
    """What was said, without what people wrote."""
    return [message.get("text", "") for message in messages if message["direction"] == "out"]


class Desk:
    """Makes flows in one workspace and tries them."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client

    def make(self, definition: dict[str, Any], name: str = "Talk") -> str:
        answer = self.client.post("/flows", json={"name": name, "definition": definition})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def publish(self, flow_id: str) -> int:
        answer = self.client.post(f"/flows/{flow_id}/publish", json={})
        assert answer.status_code == 200, answer.text
        return int(answer.json()["version"])

    def start(self, flow_id: str, **more: Any) -> Person:
        answer = self.client.post("/simulator/conversations", json={"flow_id": flow_id, **more})
        assert answer.status_code == 201, answer.text
        return Person(self.client, answer.json())

    def talk(self, *blocks: dict[str, Any], **settings: Any) -> Person:
        """Try a flow of these blocks."""
        return self.start(self.make(flow_of(*blocks, **settings)))

    def make_action(self, method: str, endpoint: str, **more: Any) -> dict[str, str]:
        """An integration without authentication and an action that sends a token; what a block needs to run it."""
        integration = self.client.post("/integrations", json={"name": "Upstream"}).json()
        body = {"type": "form", "fields": [{"key": "token", "value": "{{inputs.token}}"}]}
        made = self.client.post(
            f"/integrations/{integration['id']}/actions",
            json={
                "name": "Send a token",
                "inputs": [{"key": "token", "name": "Token", "type": "string", "required": True}],
                "request": {"method": method, "endpoint": endpoint, "body": body},
                "outputs": [{"key": "id", "name": "Id", "type": "string", "required": True}],
                **more,
            },
        )
        assert made.status_code == 201, made.text
        return {"integration_id": str(integration["id"]), "action_id": str(made.json()["id"])}
