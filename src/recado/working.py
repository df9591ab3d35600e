"""Works as a worker: takes the turns of conversations and runs their calls; serves nobody but a probe, where one is wanted."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Coroutine
from typing import Any, Final

import msgspec

from recado import __version__, collector
from recado.parts import Parts, open_parts
from recado.settings import Settings

_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


async def work(
    settings: Settings, announce: Callable[[Parts], Coroutine[Any, Any, None]], health_port: int | None = None
) -> None:
    """Work until SIGTERM or SIGINT; what was begun finishes, or is left to others, within the grace period."""
    told_to_stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    async with open_parts(settings, "worker") as parts:
        collector.quieten()
        probe = await _open_probe(parts, health_port)
        for number in _SIGNALS:
            loop.add_signal_handler(number, told_to_stop.set)
        await announce(parts)
        await told_to_stop.wait()
        for number in _SIGNALS:
            loop.remove_signal_handler(number)  # once more ends the process where it stands, which loses nothing
        if probe is not None:
            probe.close()


async def _open_probe(parts: Parts, port: int | None) -> asyncio.Server | None:
    """`/health` and `/metrics` on loopback. Nobody else can reach it, so it asks nobody who they are."""
    if port is None:
        return None

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(5):
                head = await reader.readuntil(b"\r\n\r\n")
                writer.write(_answer(parts, head.split(b" ", 2)[1].partition(b"?")[0]))
                await writer.drain()
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, IndexError, TimeoutError, ConnectionError):
            pass
        finally:
            writer.close()

    return await asyncio.start_server(answer, "127.0.0.1", port)


def _answer(parts: Parts, path: bytes) -> bytes:
    from recado.operation import list_metrics  # noqa: PLC0415  # the web framework comes with it
    from recado.web import exposition  # noqa: PLC0415

    kind, status = "application/json", b"200 OK"
    if path == b"/health":
        body = msgspec.json.encode({"status": "ok", "version": __version__, "process": parts.process_id})
    elif path == b"/metrics":
        kind, body = exposition.MEDIA_TYPE, exposition.render(list_metrics(parts))
    else:
        status, body = b"404 Not Found", b'{"code":"not_found"}'
    head = b"HTTP/1.1 %b\r\ncontent-type: %b\r\ncontent-length: %d\r\nconnection: close\r\n\r\n"
    return head % (status, kind.encode(), len(body)) + body
