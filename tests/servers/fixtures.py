"""Fixtures that several folders share: a loop for servers beside the test, and a server of its own that a test may kill."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from recado.settings import load
from servers.background import Background
from servers.process import RecadoProcess


@pytest.fixture(scope="session")
def background() -> Iterator[Background]:
    """Runs upstream servers in a thread of their own."""
    loop = Background()
    yield loop
    loop.close()


@pytest.fixture
def process(
    database_kind: str, tmp_path: Path, request: pytest.FixtureRequest, unused_port: Callable[[], int]
) -> Iterator[RecadoProcess]:
    """A server, not started, that may call this machine."""
    url = request.getfixturevalue("new_postgresql_database")() if database_kind == "postgresql" else ""
    allowed = ("127.0.0.0/8",)
    settings = load(
        {}, data_dir=tmp_path, database_url=url, port=unused_port(), egress_allow=allowed, log_level="warning"
    )
    made = RecadoProcess(settings, tmp_path / "server.log")
    yield made
    made.close()
