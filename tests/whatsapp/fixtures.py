"""Fixtures that several folders share: a stand-in Graph server in a thread of its own, and its driver."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from recado.emulator.whatsapp.app import WhatsAppServer
from recado.emulator.whatsapp.setting_up import new_world
from servers.background import Background
from whatsapp.driver import Graph
from whatsapp.hook import Hook


@pytest.fixture
def start_graph(request: pytest.FixtureRequest, background: Background) -> Iterator[Callable[..., Graph]]:
    """Starts stand-ins; each has objects and ids of its own, the same again whenever the test runs."""
    with ExitStack() as stack:
        begun: list[Graph] = []

        def start(**world: Any) -> Graph:
            made = new_world(**{"identity": f"{request.node.nodeid}/{len(begun)}", **world})
            server = stack.enter_context(background.serving(WhatsAppServer(made)))
            begun.append(Graph(server.url))
            stack.callback(begun[-1].close)
            return begun[-1]

        yield start


@pytest.fixture
def graph(start_graph: Callable[..., Graph]) -> Graph:
    """A stand-in Graph server with one number; statuses come at once."""
    made = start_graph()
    made.ladder("sent", "delivered")
    return made


@pytest.fixture
def hook() -> Iterator[Hook]:
    """A callback for webhooks, which nobody knows yet: `graph.calls_back(hook.url)`."""
    made = Hook()
    yield made
    made.close()
