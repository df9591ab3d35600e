"""What the tests of this folder share: a stand-in Graph server, its driver, calls of it, and a callback for its webhooks."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from servers.fixtures import background
from whatsapp.driver import Graph
from whatsapp.fixtures import graph, hook, start_graph

__all__ = ["background", "graph", "hook", "start_graph"]


@pytest.fixture
def api(graph: Graph) -> Iterator[httpx.Client]:
    """Calls of the Graph API, with the token."""
    headers = {"authorization": f"Bearer {graph.token}"}
    with httpx.Client(
        base_url=f"{graph.url}/v26.0", headers=headers, trust_env=False, timeout=120, verify=False
    ) as client:
        yield client
