"""Integrations to test with, made over HTTP, and credentials put beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import httpx
import pytest

from recado.db.columns import utc_now
from recado.db.tables import credential_values, credentials
from recado.ids import new_id
from servers.fixtures import background

__all__ = ["background"]

API_KEY = {"identifier": "api_key", "type": "password", "required": True}
TENANT = {"identifier": "tenant", "type": "text", "required": False}


@pytest.fixture
def new_integration(client: httpx.Client) -> Callable[..., Any]:
    """Makes an integration with the authentication fields `api_key` (password) and `tenant` (text)."""

    def make(**given: Any) -> Any:
        fields = {"name": "Acme", "auth": {"fields": [API_KEY, TENANT]}, **given}
        response = client.post("/integrations", json=fields)
        assert response.status_code == 201, response.text
        return response.json()

    return make


@pytest.fixture
def new_action(client: httpx.Client) -> Callable[..., Any]:
    """Makes an action of an integration."""

    def make(integration_id: str, **given: Any) -> Any:
        response = client.post(f"/integrations/{integration_id}/actions", json={"name": "Do it", **given})
        assert response.status_code == 201, response.text
        return response.json()

    return make


@pytest.fixture
def add_credential(server: Any, workspace: Any) -> Callable[[str, Sequence[str]], str]:
    """Puts a credential with values (of no meaning) for some fields into the database; gives its id."""

    def add(integration_id: str, field_ids: Sequence[str]) -> str:
        credential_id, now = new_id("crd"), utc_now()
        own = {"workspace_id": workspace.id, "updated_at": now}
        with server.database.begin() as connection:
            row = {
                "id": credential_id,
                "integration_id": integration_id,
                "name": "Main",
                "hosts": [],
                "created_at": now,
            }
            connection.execute(credentials.insert().values(row | own))
            for field_id in field_ids:
                value = {"auth_field_id": field_id, "kid": "0", "sealed": "x", "sealed_by": "client"}
                connection.execute(credential_values.insert().values(value | own | {"credential_id": credential_id}))
        return credential_id

    return add
