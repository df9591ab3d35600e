"""What the tests of credentials share: an integration with two secrets and a text, and a client that seals as browsers do."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from recado.credentials.sealing import ALG, seal_secret, secret_info

FIELDS: list[dict[str, Any]] = [
    {"identifier": "api_key", "type": "password", "required": True},
    {"identifier": "signing_key", "type": "password", "required": False},
    {"identifier": "region", "type": "text", "required": False},
]
TEST_REQUEST: dict[str, Any] = {
    "method": "GET",
    "endpoint": "https://api.acme.com/v1/me",
    "headers": [{"key": "X-Api-Key", "value": "{{auth.api_key}}"}],
}


@dataclass
class Acme:
    """An integration of the calling workspace."""

    client: httpx.Client
    workspace_id: str
    integration_id: str
    fields: dict[str, str]

    def create(self, values: dict[str, Any], **more: Any) -> httpx.Response:
        """Create a credential."""
        data = {"name": "Acme", "values": values, **more}
        return self.client.post(f"/integrations/{self.integration_id}/credentials", json=data)

    def created(self, values: dict[str, Any], **more: Any) -> dict[str, Any]:
        """The credential, created."""
        answer = self.create(values, **more)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def put(self, credential_id: str, values: dict[str, Any], **more: Any) -> httpx.Response:
        """Enter values."""
        return self.client.put(f"/credentials/{credential_id}/values", json={"values": values, **more})

    def get(self, credential_id: str) -> dict[str, Any]:
        """The credential."""
        return dict(self.client.get(f"/credentials/{credential_id}").json())

    def seal(self, credential_id: str, identifier: str, value: str, hosts: Sequence[str]) -> dict[str, str]:
        """A value as a client seals it, from what the API tells."""
        key = self.client.get("/secret-key").json()
        public_key = base64.urlsafe_b64decode(key["public_key"] + "=")
        info = secret_info(key["workspace_id"], self.integration_id, credential_id, self.fields[identifier])
        return {"kid": key["kid"], "alg": ALG, "sealed": seal_secret(public_key, value, hosts, info)}


def make_acme(client: httpx.Client, workspace_id: str, **more: Any) -> Acme:
    """A new integration on any workspace."""
    data = {"name": "Acme", "auth": {"fields": FIELDS}, "test_request": TEST_REQUEST, **more}
    answer = client.post("/integrations", json=data)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    fields = {item["identifier"]: item["id"] for item in made["auth"]["fields"]}
    return Acme(client, workspace_id, made["id"], fields)


@pytest.fixture
def acme(client: httpx.Client, workspace: Any) -> Acme:
    return make_acme(client, workspace.id)


@pytest.fixture
def make_another(client: httpx.Client, workspace: Any) -> Any:
    """Makes further integrations of the same workspace, with other settings."""
    return lambda **more: make_acme(client, workspace.id, **more)


@pytest.fixture
def make_acme_for() -> Any:
    """Makes integrations of other workspaces."""
    return lambda workspace: make_acme(workspace.client("owner"), workspace.id)


def codes_of(answer: httpx.Response) -> dict[str, str]:
    """The code of each wrong field by its path."""
    assert answer.headers["content-type"] == "application/problem+json"
    return {item["path"]: item["code"] for item in answer.json()["errors"]}


@pytest.fixture
def codes() -> Any:
    return codes_of
