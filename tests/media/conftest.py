"""What the tests of this folder share: a stand-in Graph server and its driver."""

from __future__ import annotations

from whatsapp.fixtures import graph, graph_loop, start_graph

__all__ = ["graph", "graph_loop", "start_graph"]
