"""A forward proxy: it records what it is asked and opens tunnels; plain requests it answers from its script."""

from __future__ import annotations

import asyncio
import contextlib

from servers.raw import RawServer


class ProxyServer(RawServer):
    """CONNECT gives a tunnel to the address asked for, unless `refusal` holds an answer to give instead."""

    refusal: bytes = b""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        while await self._record(reader):
            method, target, _ = self.requests[-1].split(b" ", 2)
            if method == b"CONNECT" and not self.refusal:
                await self._tunnel(target.decode(), reader, writer)
                return
            writer.write(self.refusal or self.answers[0].data)
            await writer.drain()
            if self.refusal:
                return

    async def _tunnel(self, authority: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, _, port = authority.rpartition(":")
        far_reader, far_writer = await asyncio.open_connection(host.strip("[]"), int(port))
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        ways = [asyncio.create_task(_pump(reader, far_writer)), asyncio.create_task(_pump(far_reader, writer))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            far_writer.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
