"""A real name server on 127.0.0.1 (UDP, and TCP for long answers) whose answers a test writes down."""

from __future__ import annotations

import asyncio
import ipaddress
import struct
from typing import Final, cast

from dnslib import AAAA, QTYPE, RCODE, RR, A, DNSRecord

_MAX_UDP_BYTES: Final = 1232


class NameServer:
    """Answers A and AAAA queries from `answers`, with a time to live of 0.

    `answers[name]` is a list of address lists: each resolution takes the next list, the last one repeats; its IPv4
    addresses answer A and its IPv6 addresses AAAA. `queries` records (name, "A" | "AAAA") in order of arrival.
    """

    def __init__(self) -> None:
        self.port = 0
        self.answers: dict[str, list[list[str]]] = {}
        self.queries: list[tuple[str, str]] = []
        self.asked = asyncio.Event()
        """Set by the first query."""
        self.silent: set[str] = set()
        """Names whose queries are never answered; `name AAAA` (or `name A`) silences one type only."""
        self.nxdomain: set[str] = set()
        """Names that do not exist; names that nobody wrote down do not exist either."""
        self.failing: set[str] = set()
        """Names that are answered SERVFAIL."""
        self.delays: dict[str, float] = {}
        """Seconds a name takes from its first query on, however often it is asked, as behind a recursive server (UDP)."""
        self.time_to_live = 0
        self._writers: set[asyncio.StreamWriter] = set()
        self._asked_at: dict[str, float] = {}
        self._taken: dict[tuple[str, str], int] = {}
        self._transport: asyncio.DatagramTransport | None = None
        self._tcp: asyncio.Server | None = None

    @property
    def address(self) -> str:
        """`127.0.0.1:port`, as the resolver's `servers` takes it."""
        return f"127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Listen on a free port, the same for UDP and TCP."""
        loop = asyncio.get_running_loop()
        self._tcp = await asyncio.start_server(self._serve_tcp, "127.0.0.1", 0)
        self.port = self._tcp.sockets[0].getsockname()[1]
        self._transport, _ = await loop.create_datagram_endpoint(
            lambda: _Datagrams(self), local_addr=("127.0.0.1", self.port)
        )

    async def close(self) -> None:
        """Stop listening."""
        if self._transport is not None:
            self._transport.close()
        if self._tcp is not None:
            self._tcp.close()
            for writer in self._writers:
                writer.close()
            await self._tcp.wait_closed()

    def answer(self, data: bytes) -> DNSRecord | None:
        """The reply to one query; None for a silent name."""
        query = DNSRecord.parse(data)
        name = str(query.q.qname).rstrip(".").lower()
        kind: str = QTYPE[query.q.qtype]
        self.queries.append((name, kind))
        self.asked.set()
        if name in self.silent or f"{name} {kind}" in self.silent:
            return None
        reply = query.reply()
        if name in self.failing:
            reply.header.rcode = RCODE.SERVFAIL
        elif name in self.nxdomain or name not in self.answers:
            reply.header.rcode = RCODE.NXDOMAIN
        else:
            for address in self._take(name, kind):
                octets = tuple(ipaddress.ip_address(address).packed)
                if len(octets) == (16 if kind == "AAAA" else 4):
                    data = AAAA(octets) if kind == "AAAA" else A(octets)
                    reply.add_answer(RR(query.q.qname, query.q.qtype, rdata=data, ttl=self.time_to_live))
        return reply

    def count(self, name: str, kind: str = "A") -> int:
        """How many queries of this type came for the name."""
        return self.queries.count((name, kind))

    def ready_at(self, reply: DNSRecord) -> float:
        """When the answer may go out (`loop.time()` seconds)."""
        name = str(reply.q.qname).rstrip(".").lower()
        asked_at = self._asked_at.setdefault(name, asyncio.get_running_loop().time())
        return asked_at + self.delays.get(name, 0.0)

    def _take(self, name: str, kind: str) -> list[str]:
        lists = self.answers[name]
        turn = self._taken.get((name, kind), 0)
        self._taken[name, kind] = turn + 1
        return lists[min(turn, len(lists) - 1)]

    async def _serve_tcp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while True:
                (length,) = struct.unpack("!H", await reader.readexactly(2))
                reply = self.answer(await reader.readexactly(length))
                if reply is not None:
                    packed = reply.pack()
                    writer.write(struct.pack("!H", len(packed)) + packed)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()
        self._writers.discard(writer)


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, server: NameServer) -> None:
        self._server = server
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)  # asyncio's own one is no subclass of it

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        reply = self._server.answer(data)
        if reply is None or self._transport is None:
            return
        packed = reply.pack()
        if len(packed) > _MAX_UDP_BYTES:  # the answer again over TCP; the query is then counted twice
            reply.rr.clear()
            reply.header.tc = 1
            packed = reply.pack()
        asyncio.get_running_loop().call_at(self._server.ready_at(reply), self._send, packed, addr)

    def _send(self, packed: bytes, addr: tuple[str, int]) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(packed, addr)
