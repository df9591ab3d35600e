"""What the tests of this folder share: a loop for servers beside the test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from servers.background import Background
from servers.counting import CountingServer


@pytest.fixture(scope="session")
def background() -> Iterator[Background]:
    """Runs upstream servers in a thread of their own."""
    loop = Background()
    yield loop
    loop.close()


@pytest.fixture
def slow() -> Iterator[CountingServer]:
    """An upstream that takes a fifth of a second and counts what it is asked."""
    server = CountingServer(0.2, 0.2)
    yield server
    server.close()
