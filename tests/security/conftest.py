"""What the tests of this folder share: a loop for servers beside the test, and a way in over HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from security.shapes import Door
from servers.background import Background


@pytest.fixture(scope="session")
def background() -> Iterator[Background]:
    """Runs upstream servers in a thread of their own."""
    loop = Background()
    yield loop
    loop.close()


@pytest.fixture
def door(client: httpx.Client) -> Door:
    """The owner of the test's workspace."""
    return Door(client)
