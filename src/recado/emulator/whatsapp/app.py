"""The stand-in as an ASGI app and as a server: Graph API, driver and a phone in the browser on one port."""

from __future__ import annotations

import asyncio
import json
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import urlsplit

from recado.emulator.asgi import Answer, Call, Receive, Scope, Send, json_answer, read_call, send_answer
from recado.emulator.server import EmulatorServer
from recado.emulator.trouble import Rules, damaged_answer, delay, replaced_answer, send_troubled
from recado.emulator.whatsapp.accounts import Accounts
from recado.emulator.whatsapp.control import PREFIX, Control
from recado.emulator.whatsapp.deliveries import Deliveries
from recado.emulator.whatsapp.failures import Failures
from recado.emulator.whatsapp.forms import Forms
from recado.emulator.whatsapp.graph import Graph
from recado.emulator.whatsapp.media import MAX_UPLOAD_BYTES, MediaShelf
from recado.emulator.whatsapp.page import page_answer
from recado.emulator.whatsapp.people import People
from recado.emulator.whatsapp.sending import Sending
from recado.emulator.whatsapp.statuses import Statuses
from recado.emulator.whatsapp.world import World

_HOSTS: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_MOST_NOTED: Final = 16_384


class WhatsAppStandIn:
    """The app. What is due later is done while it is kept going (`async with`)."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.deliveries = Deliveries(world)
        statuses = Statuses(world, self.deliveries)
        failures = Failures()
        self._shelf = MediaShelf(world)
        self._rules = Rules()
        self._graph = Graph(world, Sending(world, statuses, failures), Accounts(world), self._shelf)
        people = People(world, self.deliveries, statuses, self._shelf)
        self.control = Control(world, self.deliveries, people, Forms(world), failures, self._rules)
        self._keeping: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._keeping = asyncio.get_running_loop().create_task(self.world.agenda.keep())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
        await self.deliveries.stop()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call."""
        if scope["type"] != "http":
            return
        call = await read_call(scope, receive, MAX_UPLOAD_BYTES)
        if not self.world.base_url:
            self.world.base_url = f"http://{call.header(b'host')}"
        if call.path.startswith(("/v", "/media/")):
            await self._graph_answer(call, scope, receive, send)
        elif not _is_of_this_machine(call):
            await send_answer(json_answer(403, {"message": "Only this machine may ask that."}), send)
        elif call.path.startswith(f"{PREFIX}/files/"):
            await send_answer(self._file(call.path.removeprefix(f"{PREFIX}/files/")), send)
        elif call.path == PREFIX or call.path.startswith(f"{PREFIX}/"):
            await send_answer(await self.control.answer(call), send)
        else:
            await send_answer(page_answer(call), send)

    async def _graph_answer(self, call: Call, scope: Scope, receive: Receive, send: Send) -> None:
        """The Graph API with the trouble that was ordered: before it is asked, in its place, or on the way back."""
        try:
            troubles = self._rules.take(call)
        except ValueError as problem:
            await send_answer(json_answer(400, {"message": str(problem)}), send)
            return
        if not troubles:
            await send_answer(await self._noted(call), send)
        elif await delay(troubles, receive):
            answer = replaced_answer(troubles, call) or damaged_answer(troubles, await self._noted(call))
            await send_troubled(troubles, answer, scope, receive, send)

    async def _noted(self, call: Call) -> Answer:
        answer = await self._graph.answer(call)
        self.world.calls.append(
            {"method": call.method, "path": call.path, "status": answer.status, "body": _shown_body(call)}
        )
        self.world.pulse.beat()
        return answer

    def _file(self, media_id: str) -> Answer:
        """A file for the phone in the browser, which has no token."""
        media = self.world.media.get(media_id)
        if media is None:
            return json_answer(404, {"message": "There is no such file."})
        kind = (
            media.mime_type
            if media.mime_type.startswith(("image/", "audio/", "video/"))
            else "application/octet-stream"
        )
        headers = [(b"content-type", kind.encode("latin-1")), (b"x-content-type-options", b"nosniff")]
        return Answer(200, media.data, [*headers, (b"content-security-policy", b"sandbox; default-src 'none'")])


def _is_of_this_machine(call: Call) -> bool:
    """Whether the caller means this machine, and no page of somebody else's made a browser call it."""
    try:
        host = urlsplit(f"//{call.header(b'host')}").hostname
        origin = call.header(b"origin")
        is_own = not origin or urlsplit(origin).hostname in _HOSTS
    except ValueError:
        return False
    return host in _HOSTS and is_own


def _shown_body(call: Call) -> Any:
    if not call.body or len(call.body) > _MOST_NOTED:
        return None
    try:
        return json.loads(call.body)
    except (ValueError, RecursionError):
        return None


class WhatsAppServer:
    """The stand-in on a port, from `async with` on; port 0 takes a free one."""

    def __init__(self, world: World, host: str = "127.0.0.1", port: int = 0) -> None:
        self.app = WhatsAppStandIn(world)
        self._server = EmulatorServer(self.app, host, port)

    @property
    def url(self) -> str:
        """Where it listens."""
        return self._server.url

    async def __aenter__(self) -> Self:
        await self._server.start()
        self.app.world.base_url = self._server.url
        await self.app.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.app.__aexit__(kind, problem, trace)
        await self._server.stop()
