"""A server with a web UI of the test's own, as a build would have left it."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from recado.app import build_app
from recado.serving import make_config

PAGE = """<!doctype html>
<html lang="en">
  <head>
    <base href="/" />
    <meta name="csp-nonce" content="" />
    <title>Recado</title>
    <script type="module" src="./assets/app-1a2b.js"></script>
  </head>
  <body><div id="root"></div></body>
</html>
"""
BROWSERS_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
SCRIPT = b"console.log('recado');" * 100
FILES = {
    "index.html": PAGE.encode(),
    "favicon.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    ".digest": b"0" * 64,
    "assets/app-1a2b.js": SCRIPT,
    "assets/app-1a2b.js.br": b"brotli, as far as the server is concerned",
    "assets/app-1a2b.js.gz": gzip.compress(SCRIPT, mtime=0),
    "assets/app-3c4d.css": b"body { margin: 0 }",
    "assets/inter-5e6f.woff2": b"wOF2 and so on",
    "assets/odd-7a8b.unknown": b"\x00\x01",
}


@dataclass
class Dist:
    """The folder a build writes to."""

    folder: Path
    files: dict[str, bytes] = field(default_factory=lambda: dict(FILES))

    def build(self, **changes: bytes) -> None:
        """Write everything; `changes` are by a name's stem."""
        for name, content in self.files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(changes.get(Path(name).stem, content))


@pytest.fixture(scope="session")
def new_dist(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Dist]:
    """Makes folders in which nothing was built yet."""
    return lambda: Dist(tmp_path_factory.mktemp("ui") / "dist")


@pytest.fixture
def dist(new_dist: Callable[[], Dist]) -> Dist:
    """A folder in which nothing was built yet."""
    return new_dist()


@pytest.fixture(scope="session")
def plain_server(start_server: Callable[..., Any]) -> Any:
    """A server whose parts the tests of the web UI borrow."""
    return start_server()


@pytest.fixture(scope="session")
def browse(plain_server: Any) -> Iterator[Callable[..., httpx.Client]]:
    """Serves the whole application with the web UI of a `Dist`; gives a client that asks as a browser opens a page."""
    running: list[tuple[Any, uvicorn.Server, asyncio.Task[None], httpx.Client]] = []

    def serve(dist: Dist, server: Any = plain_server) -> httpx.Client:
        config = make_config(build_app(server.parts, dist.folder), server.settings)
        config.port = 0
        app = uvicorn.Server(config)
        task = server.run(_start(app))
        url = f"http://127.0.0.1:{app.servers[0].sockets[0].getsockname()[1]}"
        client = httpx.Client(base_url=url, headers={"accept": BROWSERS_ACCEPT}, timeout=90, trust_env=False)
        running.append((server, app, task, client))
        return client

    yield serve
    for server, app, task, client in running:
        client.close()
        app.should_exit = True
        server.run(_end(task))


async def _start(app: uvicorn.Server) -> asyncio.Task[None]:
    task = asyncio.ensure_future(app.serve())
    while not app.started and not task.done():  # noqa: ASYNC110  # uvicorn offers no event
        await asyncio.sleep(0.005)
    return task


async def _end(task: asyncio.Task[None]) -> None:
    await task
