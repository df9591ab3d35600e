"""An integration to make actions of, and its actions, made over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

FIELDS = [
    {"identifier": "api_key", "type": "password", "required": True},
    {"identifier": "tenant", "type": "text", "required": False},
]


@pytest.fixture
def integration(client: httpx.Client) -> Any:
    """An integration with the authentication fields `api_key` (password) and `tenant` (text)."""
    response = client.post("/integrations", json={"name": "Acme", "auth": {"fields": FIELDS}})
    assert response.status_code == 201, response.text
    return response.json()


@pytest.fixture
def post_action(client: httpx.Client, integration: Any) -> Callable[..., httpx.Response]:
    """Asks for an action of the integration; gives the answer, whatever it is."""

    def post(**given: Any) -> httpx.Response:
        return client.post(f"/integrations/{integration['id']}/actions", json={"name": "Do it", **given})

    return post


@pytest.fixture
def new_action(post_action: Callable[..., httpx.Response]) -> Callable[..., Any]:
    """Makes an action of the integration."""

    def make(**given: Any) -> Any:
        response = post_action(**given)
        assert response.status_code == 201, response.text
        return response.json()

    return make
