"""Runs the server as a process of its own: its port, its signals, what it says at its start."""

# ruff: noqa: PLC0415 (what is heavy is imported when the server starts, sparing what it will not use)

from __future__ import annotations

import contextlib
import errno
import gc
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

from recado.commands import show
from recado.errors import PortInUse, SettingInvalid
from recado.settings import ServerRole, Settings, load
from recado.unloaded import sparing_memory

if TYPE_CHECKING:
    from recado.parts import Parts

_NOWHERE: Final = subprocess.DEVNULL
_LABEL: Final = 10
_FRAME: Final = ("╭─", "│ ", "╰─")
_ASCII_FRAME: Final = ("+-", "| ", "+-")
_BOLD, _DIM, _CYAN, _BOLD_CYAN, _RESET = "\x1b[1m", "\x1b[2m", "\x1b[36m", "\x1b[1;36m", "\x1b[0m"
_EVERYWHERE: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104  # compared with, not listened on


def run_server(
    host: str | None = None, port: int | None = None, role: ServerRole | None = None, *, is_json: bool = False
) -> None:
    """Serve until Ctrl-C or SIGTERM. Raises SettingInvalid, PortInUse, DataFolderLocked, StorageUnavailable."""
    gc.disable()  # start-up makes next to no garbage, and looking for it took a third of the time; `serving` enables it
    settings = load(host=host, port=port, role=role)
    check_port(settings.host, settings.port)
    with _new_database(settings), sparing_memory():
        from recado import serving
        from recado.web import log

    log.configure(settings)
    stopping = Stopping()
    serving.run(serving.serve(settings, _announcer(settings, stopping, is_json=is_json)))


@contextlib.contextmanager
def _new_database(settings: Settings) -> Iterator[None]:
    """Meanwhile have a process of its own make the database where there is none, so that Alembic's 10 MB go with it.

    What it cannot do the server does, or says why not. A database of an earlier release is brought up to date by the
    server, which holds the folder's lock.
    """
    if not settings.is_sqlite or settings.sqlite_path.exists():
        yield
        return
    command = [sys.executable, "-P", "-m", "recado", "migrate"]
    with subprocess.Popen(command, stdin=_NOWHERE, stdout=_NOWHERE, stderr=_NOWHERE):  # noqa: S603  # ourselves
        yield


def check_port(host: str, port: int) -> None:
    """Say at once, and in words, when nothing can listen there. Raises PortInUse, SettingInvalid."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as problem:
        raise SettingInvalid(name="RECADO_HOST", reason=f"{host} is not an address of this machine") from problem
    for family, kind, protocol, _, address in found:
        with socket.socket(family, kind, protocol) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            try:
                listener.bind(address)
            except OSError as problem:
                raise _refusal(host, port, problem) from problem


def _refusal(host: str, port: int, problem: OSError) -> PortInUse | SettingInvalid:
    if problem.errno == errno.EADDRINUSE:
        return PortInUse(host=host, port=port)
    if problem.errno == errno.EACCES:
        return SettingInvalid(
            name="RECADO_PORT", reason=f"this user may not listen on port {port}; take one from 1024 up"
        )
    return SettingInvalid(name="RECADO_HOST", reason=f"{host} is not an address of this machine")


class Stopping:
    """Makes SIGTERM and Ctrl-C end the process by its own steps.

    Before the server is up they end it at once. While it is up, the server's own handlers stop it gracefully and then
    raise the signal anew, which finds these here: the first is only noted, so that everything is closed in order; one
    more ends the process where it stands, which loses nothing that was accepted.
    """

    def __init__(self) -> None:
        self.is_up = False
        self._count = 0
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._handle)

    def _handle(self, number: int, _frame: FrameType | None) -> None:
        self._count += 1
        if not self.is_up or self._count > 1:
            raise SystemExit(128 + number)


def _announcer(settings: Settings, stopping: Stopping, *, is_json: bool) -> Callable[[Parts, int], Any]:
    async def announce(parts: Parts, port: int) -> None:
        from recado.accounts import sessions

        stopping.is_up = True
        is_for_people = settings.role != "executor"
        token = await parts.database.write(sessions.ensure_setup_link) if is_for_people else None
        told = _places(settings, _url(settings, port), token)
        if is_json:
            show.document(told)
        elif settings.log_format == "text" or sys.stderr.isatty():
            _draw(told)
        else:
            import structlog

            structlog.get_logger("recado").info("serving", **told)

    return announce


def _url(settings: Settings, port: int) -> str:
    """Where a browser on this machine reaches the server; every address of it stands for this machine itself."""
    host = "127.0.0.1" if settings.host in _EVERYWHERE else settings.host
    return replace(settings, host=host, port=port).base_url


def _places(settings: Settings, url: str, token: str | None) -> dict[str, Any]:
    """Where to go, for people and for programs."""
    return {
        "url": url,
        "role": settings.role,
        "docs_url": f"{url}/api/docs" if settings.role != "executor" else None,
        "data_dir": str(settings.data_dir.resolve()),
        "database": "SQLite" if settings.is_sqlite else "PostgreSQL",
        "setup_url": f"{url}/setup#{token}" if token else None,
        "pid": os.getpid(),
    }


def _draw(told: dict[str, Any]) -> None:
    """The places, drawn by hand: rich would take 7 MB more for as long as the server runs."""
    rows = [("Address", told["url"], _BOLD_CYAN)]
    if told["role"] != "all":
        rows.append(("Role", told["role"], ""))
    if told["docs_url"]:
        rows.append(("HTTP API", told["docs_url"], ""))
    rows.append(("Data", f"{told['data_dir']} ({told['database']})", ""))
    if told["setup_url"]:
        advice = "makes the first owner, within the hour; or: recado user create --email … --role owner"
        rows += [("Set up", told["setup_url"], _BOLD), ("", advice, "")]
    rows.append(("Stop", "Ctrl-C", ""))
    is_plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb" or not sys.stderr.isatty()
    corner, side, end = _FRAME if (sys.stderr.encoding or "").lower().startswith("utf") else _ASCII_FRAME

    def dyed(text: str, colour: str) -> str:
        return text if is_plain or not colour else f"{colour}{text}{_RESET}"

    show.note(dyed(f"{corner} Recado", _CYAN))
    for label, text, colour in rows:
        show.note(f"{dyed(side, _CYAN)} {dyed(f'{label:<{_LABEL}}', _DIM)}{dyed(show.words(text), colour)}")
    show.note(dyed(end, _CYAN))
