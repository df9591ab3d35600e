"""What the tests of this folder share: a desk to make flows at, the worked example's flow, and an upstream."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from conversations.shapes import Desk
from recado.emulator import example
from servers.counting import CountingServer
from servers.fixtures import process

__all__ = ["process"]


@pytest.fixture
def desk(client: httpx.Client) -> Desk:
    """The owner of the test's workspace."""
    return Desk(client)


@pytest.fixture
def upstream() -> Iterator[CountingServer]:
    """Answers a token after a few milliseconds, and counts."""
    server = CountingServer()
    yield server
    server.close()


@dataclass
class LogIn:
    """The worked example's flow in a workspace."""

    desk: Desk
    flow_id: str
    actions: dict[str, str]


@pytest.fixture
def log_in(desk: Desk, emulator: Any) -> LogIn:
    """The flow *Log in*, as a draft."""
    client = desk.client
    integration = client.post("/integrations", json=example.integration(emulator.url)).json()["id"]
    below = f"/integrations/{integration}"
    credential = client.post(f"{below}/credentials", json=example.credential(emulator.api_key)).json()["id"]
    create = client.post(f"{below}/actions", json=example.create_validation(emulator.url)).json()["id"]
    validate = client.post(f"{below}/actions", json=example.validate_code(emulator.url)).json()["id"]
    made = client.post("/flows", json=example.log_in(integration, credential, create, validate))
    assert made.status_code == 201, made.text
    return LogIn(desk, made.json()["id"], {"create": create, "validate": validate})
