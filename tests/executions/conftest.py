"""What the tests of this folder share: an upstream, an integration that calls it, and a way in over HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from security.shapes import Door
from servers.background import Background
from servers.echo import EchoServer

KEY = "a-key-of-the-tests-7391"


@pytest.fixture(scope="session")
def upstream() -> Iterator[EchoServer]:
    """Answers by path: `/status/503` with 503, anything else with what it was sent."""
    loop = Background()
    with loop.serving(EchoServer()) as server:
        yield server
    loop.close()


@pytest.fixture
def door(client: httpx.Client) -> Door:
    """The owner of the test's workspace."""
    return Door(client)


@pytest.fixture
def integration(door: Door, upstream: EchoServer) -> str:
    """An integration with a password field, a text field and a test request."""
    fields = {"api_key": "password", "region": "text"}
    test_request = {
        "endpoint": f"{upstream.url}/status/204",
        "headers": [{"key": "X-Key", "value": "{{auth.api_key}}"}],
    }
    return door.make_integration(fields, test_request=test_request)


@pytest.fixture
def credential(door: Door, integration: str, upstream: EchoServer) -> str:
    """A credential bound to the upstream."""
    return door.make_credential(integration, {"api_key": KEY}, [upstream.url])
