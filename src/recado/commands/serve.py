"""`recado serve`: run the server until it is told to stop."""

from __future__ import annotations

from typing import Annotated

import typer

from recado.commands.options import AsJson
from recado.commands.server import run_server
from recado.settings import ServerRole

Host = Annotated[str | None, typer.Option(help="The address to listen on (RECADO_HOST; 127.0.0.1).")]
Port = Annotated[int | None, typer.Option(min=0, max=65535, help="The port to listen on (RECADO_PORT; 8000).")]
Role = Annotated[
    ServerRole | None,
    typer.Option(help="all, or one of two processes: api opens no secret, executor does (RECADO_ROLE; all)."),
]


def serve(host: Host = None, port: Port = None, role: Role = None, is_json: AsJson = False) -> None:
    """Run the server.

    Until Ctrl-C or SIGTERM; the work it has taken is finished first.
    """
    run_server(host, port, role, is_json=is_json)
