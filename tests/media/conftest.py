"""What the tests of this folder share: a stand-in Graph server and its driver."""

from __future__ import annotations

from servers.fixtures import background
from whatsapp.fixtures import graph, start_graph

__all__ = ["background", "graph", "start_graph"]
