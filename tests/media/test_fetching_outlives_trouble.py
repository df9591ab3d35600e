"""A file that could not be fetched is fetched later: after trouble at WhatsApp, and after the server was killed while it fetched."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from recado.settings import load
from servers.process import RecadoProcess
from whatsapp.driver import Graph
from whatsapp.talking import Line, ask, published, say

CONTENT = bytes(range(256)) * 20_000
"""5 MB: 20 pieces."""


@pytest.fixture
def process(
    database_kind: str, tmp_path: Any, request: pytest.FixtureRequest, unused_port: Callable[[], int]
) -> Iterator[RecadoProcess]:
    url = request.getfixturevalue("new_postgresql_database")() if database_kind == "postgresql" else ""
    settings = load(
        {}, data_dir=tmp_path, database_url=url, port=unused_port(), egress_allow=("127.0.0.0/8",), log_level="warning"
    )
    made = RecadoProcess(settings, tmp_path / "server.log")
    yield made
    made.close()


def file_of(line: Line) -> dict[str, Any]:
    """The newest message that is a file, with its file."""
    found = [message for message in line.talk()["messages"] if "file" in message]
    return dict(found[-1]) if found else {}


def test_nothing_waits_after_a_kill(process: RecadoProcess, graph: Graph) -> None:
    process.start()
    with process.client() as client:
        flow = published(client, ask("name", "Who are you?", "more"), say("more", "Thanks.", "name"))
        line = Line(client, process.url, graph, flow)
        ana = graph.person("Ana")
        ana.says("Hola")
        ana.sees("Who are you?")
        for trouble in ("cut", "delay:60"):
            graph.trouble(trouble, times=None, path_prefix="/media/")
            ana.sends(kind="video", data=CONTENT, mime_type="video/mp4")
            line.until(lambda: file_of(line).get("file", {}).get("status") == "waiting")
            time.sleep(0.3)
            process.end(signal.SIGKILL)
            graph.is_well()
            process.start()
            line.until(lambda: file_of(line)["file"]["status"] == "kept", 90)
            message = file_of(line)
            assert message["file"]["size"] == len(CONTENT)
            assert client.get(f"/media/{message['media']['id']}").content == CONTENT
