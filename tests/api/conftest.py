"""What the tests of this folder share: a loop for servers beside the test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from servers.counting import CountingServer
from servers.fixtures import background

__all__ = ["background"]


@pytest.fixture
def slow() -> Iterator[CountingServer]:
    """An upstream that takes a fifth of a second and counts what it is asked."""
    server = CountingServer(0.2, 0.2)
    yield server
    server.close()
