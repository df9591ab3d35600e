"""What the tests of this folder share: small definitions, and a way to make flows."""

from __future__ import annotations

from typing import Any

import httpx


def block(block_id: str, kind: str, **settings: Any) -> dict[str, Any]:
    """A block with what it says."""
    return {"id": block_id, "type": kind, **settings}


def hello(text: str = "Hello.") -> dict[str, Any]:
    """The smallest flow: one message, then the end."""
    said = block("a", "message", content={"kind": "text", "text": text}, edges={"next": "z"})
    return {"start": "a", "blocks": [said, block("z", "end")]}


def calling(flow_id: str, version: int | None = None) -> dict[str, Any]:
    """A flow that calls another one."""
    call = block("c", "call_flow", key="sub", flow_id=flow_id, version=version, edges={"next": "z", "failed": "z"})
    return {"start": "c", "blocks": [call, block("z", "end", text="Bye.")]}


class Flows:
    """Makes and publishes flows of one workspace."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client

    def make(self, definition: dict[str, Any] | None = None, name: str = "Welcome") -> dict[str, Any]:
        answer = self.client.post("/flows", json={"name": name, "definition": definition or hello()})
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def save(self, flow_id: str, definition: dict[str, Any], base: int | None = None) -> httpx.Response:
        return self.client.put(f"/flows/{flow_id}/draft", json={"definition": definition, "base_revision": base})

    def publish(self, flow_id: str, note: str = "") -> int:
        answer = self.client.post(f"/flows/{flow_id}/publish", json={"note": note})
        assert answer.status_code == 200, answer.text
        return int(answer.json()["version"])
