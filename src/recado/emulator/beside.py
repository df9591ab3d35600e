"""The worked example's API beside a running server, on this machine alone: to each workspace an API of its own."""

# ruff: noqa: PLC0415 (a server without the example does not load it: 0.3 MB)

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

import structlog

from recado.settings import Settings

if TYPE_CHECKING:
    from recado.emulator.asgi import Receive, Scope, Send
    from recado.emulator.server import EmulatorServer
    from recado.emulator.validations import ValidationsApp

HOST: Final = "127.0.0.1"
_NOBODYS: Final = b""
_KEY_BEGIN: Final = b"example-key-of-"
_MOST_WORKSPACES: Final = 100
_MOST_CODES: Final = 20
_log: Final = structlog.get_logger("recado.emulator")


@dataclass(frozen=True, slots=True)
class MailedCode:
    """A code that the API would have mailed."""

    account_id: str
    validation_id: str
    code: str


class ExampleServer:
    """The API and what it "mailed"; `base_url` is None where it does not run."""

    def __init__(self) -> None:
        self.base_url: str | None = None
        self._server: EmulatorServer | None = None
        self._apps: dict[bytes, ValidationsApp] = {}
        self._codes: dict[bytes, deque[MailedCode]] = {}

    @property
    def allowed(self) -> tuple[str, ...]:
        """The rule of the address policy that lets this server call it: this address and port, and nothing else."""
        return (f"{HOST}/32:{self._server.port}",) if self._server else ()

    async def start(self, port: int) -> None:
        """Listen; a port that is taken is no reason not to serve, and is said in the log."""
        from recado.emulator.server import EmulatorServer

        server = EmulatorServer(self, HOST, port)
        try:
            await server.start()
        except OSError as problem:
            _log.warning("example_not_started", port=port, reason=problem.strerror or "the port is taken")
            return
        self._server, self.base_url = server, server.url

    def stand_for(self, base_url: str) -> None:
        """Be known for an API of this kind that somebody else runs, and tells the mail of."""
        self.base_url = base_url

    def note_code(self, workspace_id: str, mailed: MailedCode) -> None:
        """That API mailed a code for a workspace."""
        key = self.key_of(workspace_id).encode()
        self._codes.setdefault(key, deque(maxlen=_MOST_CODES)).appendleft(mailed)

    async def stop(self) -> None:
        """Stop listening."""
        if self._server is not None:
            await self._server.stop()

    @staticmethod
    def key_of(workspace_id: str) -> str:
        """The key of a workspace's own API; it opens nothing but the example."""
        return _KEY_BEGIN.decode() + workspace_id

    def codes_of(self, workspace_id: str) -> list[MailedCode]:
        """What was mailed for a workspace, the newest first."""
        return list(self._codes.get(self.key_of(workspace_id).encode(), ()))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI: each key has its own API, with accounts and validations of its own."""
        from recado.emulator.validations import KEY_HEADER

        keys = [value for name, value in scope.get("headers", ()) if name == KEY_HEADER]
        is_key = len(keys) == 1 and keys[0].startswith(_KEY_BEGIN)
        await self._app_of(keys[0] if is_key else _NOBODYS)(scope, receive, send)

    def _app_of(self, key: bytes) -> ValidationsApp:
        """The API of a key, made on first use; nobody's has no key that opens it."""
        from recado.emulator.validations import ValidationsApp

        found = self._apps.get(key)
        if found is None:
            while len(self._apps) >= _MOST_WORKSPACES:
                oldest = next(iter(self._apps))
                del self._apps[oldest], self._codes[oldest]
            codes: deque[MailedCode] = deque(maxlen=_MOST_CODES)
            self._codes[key] = codes
            self._apps[key] = found = ValidationsApp(
                keys=[key.decode("latin-1")] if key else [],
                on_code=lambda account, validation, code: codes.appendleft(MailedCode(account, validation, code)),
            )
        return found


def is_wanted(settings: Settings) -> bool:
    """Whether the example may run beside this server: only where nobody else on the network reaches it either."""
    return settings.example_port > 0 and settings.example_port != settings.port and _is_loopback(settings.host)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
