"""What the tests of channels share: channels of the calling workspace, and a client that seals as browsers do."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from recado.credentials.sealing import ALG, seal_secret, secret_info

NUMBER: dict[str, Any] = {"phone_number_id": "100200300400500", "waba_id": "500400300200100"}
SECRETS = {
    "access_token": "EAAG-token-of-a-test-7391",
    "app_secret": "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
    "verify_token": "verify-me-please-2604",
}


@dataclass
class Shop:
    """The channels of one workspace."""

    client: httpx.Client
    workspace_id: str

    def create(self, **more: Any) -> httpx.Response:
        """Create a channel."""
        return self.client.post("/channels", json={"name": "Shop", "settings": NUMBER, **more})

    def created(self, **more: Any) -> dict[str, Any]:
        """The channel, created."""
        answer = self.create(**more)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def put(self, channel_id: str, secrets: dict[str, Any]) -> httpx.Response:
        """Enter secrets."""
        return self.client.put(f"/channels/{channel_id}/secrets", json=secrets)

    def get(self, channel_id: str) -> dict[str, Any]:
        """The channel."""
        return dict(self.client.get(f"/channels/{channel_id}").json())

    def held(self, channel_id: str) -> set[str]:
        """Which secrets are set."""
        return {name for name, state in self.get(channel_id)["secrets"].items() if state["is_set"]}

    def seal(self, channel_id: str, name: str, value: str, hosts: Sequence[str] = ()) -> dict[str, str]:
        """A value as a client seals it, from what the API tells."""
        key = self.client.get("/secret-key").json()
        public_key = base64.urlsafe_b64decode(key["public_key"] + "=")
        info = secret_info(key["workspace_id"], "channel", channel_id, name)
        return {"kid": key["kid"], "alg": ALG, "sealed": seal_secret(public_key, value, hosts, info)}


@pytest.fixture
def shop(client: httpx.Client, workspace: Any) -> Shop:
    return Shop(client, workspace.id)


def codes_of(answer: httpx.Response) -> dict[str, str]:
    """The code of each wrong field by its path."""
    return {item["path"]: item["code"] for item in answer.json()["errors"]}


@pytest.fixture
def codes() -> Any:
    return codes_of
