"""Looks host names up: A and AAAA at once over c-ares, the hosts file first, within 3 seconds, all answers for judging.

Names are asked for as they are: no search list, so `api.acme.com` can never become `api.acme.com.corp.internal`.
Answers are kept for as long as their time to live says (c-ares does that) and judged by the policy at every use.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import aiodns
import pycares

from recado.errors import EndpointDnsFailed, EndpointDnsTimeout, SettingInvalid
from recado.outbound.addresses import parse_ipv4, parse_ipv6

LIMIT_SECONDS: Final = 3.0
_FIRST_TRY_SECONDS: Final = 1.5
_TRIES: Final = 5
"""A server we know nothing of is asked twice, at 0 and 1.5 s. Once c-ares has seen a server answer fast, it asks again
after 250 ms and doubles from there, less a random part of up to half; five tries keep the question open for 3 s then."""
_OTHER_FAMILY_SECONDS: Final = 0.5
"""How long we wait for the other family when one has answered; some servers never answer AAAA (RFC 8305 §3)."""
_MAX_PENDING: Final = 1024
"""Look-ups under way in one process; more wait their turn. A pending one costs memory only: no thread, no socket."""
_MAX_ANSWERS: Final = 64
"""Addresses kept of one family; the rest can never be dialled, as nobody sees them."""
_MAX_LOOK_UPS: Final = 10_000
"""Look-ups after which the channel is replaced: its memory of answers has no limit of its own."""

_SERVER: Final = re.compile(r"\[([^\]]+)\](?::([0-9]{1,5}))?|([0-9.]+)(?::([0-9]{1,5}))?|([0-9A-Fa-f:.]+)")
_NO_SUCH_NAME: Final = pycares.errno.ARES_ENOTFOUND
_TIMED_OUT: Final = pycares.errno.ARES_ETIMEOUT


class Resolver:
    """One per process; it belongs to the event loop of its first look-up."""

    def __init__(self, servers: Sequence[str] = (), *, hosts_file: Path = Path("/etc/hosts")) -> None:
        """Take the name servers as `address[:port]` (IPv6: `[address]:port`), or those of the system when there are none.

        Raises SettingInvalid for anything else.
        """
        self._servers = [_check_server(server) for server in servers]
        self._hosts = _HostsFile(hosts_file)
        self._dns: aiodns.DNSResolver | None = None
        self._asked = 0
        self._slots = asyncio.Semaphore(_MAX_PENDING)

    async def resolve(self, host: str, deadline: float) -> list[str]:
        """All addresses of a name, IPv4 before IPv6; at most 3 seconds, and not beyond `deadline` (`loop.time()` seconds).

        Raises EndpointDnsFailed (no such name, no address, the servers refuse) or EndpointDnsTimeout.
        """
        addresses = self._hosts.find(host)
        if addresses:
            return addresses
        limit = min(deadline, asyncio.get_running_loop().time() + LIMIT_SECONDS)
        try:
            async with asyncio.timeout_at(limit), self._slots:
                return await self._look_up(host)
        except TimeoutError as problem:
            raise EndpointDnsTimeout from problem

    def close(self) -> None:
        """Stop; look-ups under way end as EndpointDnsFailed."""
        if self._dns is not None:
            dns, self._dns = self._dns, None
            _close(dns)

    async def _look_up(self, host: str) -> list[str]:
        dns = self._channel()  # kept in a local: a replaced channel lives until its last look-up has ended
        questions = (dns.query_dns(host, "A"), dns.query_dns(host, "AAAA"))
        try:
            await _wait_for_enough(questions)
            found = [_addresses(question) for question in questions]
            problems = {_problem(question) for question in questions}
        finally:
            for question in questions:
                question.cancel()
        addresses = [address for family in found for address in family]
        if addresses:
            return addresses
        if _TIMED_OUT in problems and _NO_SUCH_NAME not in problems:
            raise EndpointDnsTimeout
        raise EndpointDnsFailed

    def _channel(self) -> aiodns.DNSResolver:
        self._asked += 1
        if self._dns is None or self._asked > _MAX_LOOK_UPS:
            self._dns = aiodns.DNSResolver(self._servers or None, timeout=_FIRST_TRY_SECONDS, tries=_TRIES)
            self._asked = 1
        return self._dns


Question = asyncio.Future[pycares.DNSResult]


async def _wait_for_enough(questions: Iterable[Question]) -> None:
    """Wait for both families, but not long for the second when the first has the answer."""
    done, pending = await asyncio.wait(questions, return_when=asyncio.FIRST_COMPLETED)
    if not pending:
        return
    first = done.pop()
    if _problem(first) == _NO_SUCH_NAME:  # holds for every type (RFC 8020)
        return
    await asyncio.wait(pending, timeout=_OTHER_FAMILY_SECONDS if _addresses(first) else None)


def _addresses(question: Question) -> list[str]:
    if not question.done() or question.exception() is not None:
        return []
    records = (record.data for record in question.result().answer)
    found = [data.addr for data in records if isinstance(data, (pycares.ARecordData, pycares.AAAARecordData))]
    return found[:_MAX_ANSWERS]


def _problem(question: Question) -> int | None:
    """The c-ares code a question failed with; None while it is open or when it was answered."""
    problem = question.exception() if question.done() else None
    return problem.args[0] if isinstance(problem, aiodns.error.DNSError) else None


def _close(dns: aiodns.DNSResolver) -> None:
    """`DNSResolver.close` is a coroutine that never waits; run it here so that closing needs no event loop."""
    closing = dns.close()
    with contextlib.suppress(StopIteration):
        closing.send(None)


def _check_server(text: str) -> str:
    match = _SERVER.fullmatch(text.strip())
    if match is not None:
        address = match[1] or match[3] or match[5]
        port = int(match[2] or match[4] or 53)
        is_v6 = parse_ipv6(address) is not None
        if (is_v6 or (parse_ipv4(address) is not None and not match[1])) and 0 < port < 65536:
            return f"[{address}]:{port}" if is_v6 else f"{address}:{port}"
    reason = f'"{text}" is not a name server; write address or address:port, with IPv6 as [address]:port.'
    raise SettingInvalid(name="RECADO_DNS_SERVERS", reason=reason)


class _HostsFile:
    """The names of a hosts file, read again when the file changes; they are asked of no server."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp: tuple[int, int] | None = None
        self._names: dict[str, list[str]] = {}

    def find(self, host: str) -> list[str]:
        """The addresses of a name, IPv4 first; empty when the file does not hold it."""
        try:
            status = self._path.stat()
            stamp = (status.st_mtime_ns, status.st_size)
            if stamp != self._stamp:
                self._names = _read_hosts(self._path.read_text(encoding="utf-8", errors="replace"))
                self._stamp = stamp
        except OSError:
            return []
        return list(self._names.get(host, ()))


def _read_hosts(text: str) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for line in text.splitlines():
        address, *aliases = line.partition("#")[0].split() or [""]
        if parse_ipv4(address) is None and parse_ipv6(address.partition("%")[0]) is None:
            continue
        for alias in aliases:
            found = names.setdefault(alias.lower().removesuffix("."), [])
            if address not in found:
                found.append(address)
    for found in names.values():
        found.sort(key=lambda address: ":" in address)
    return names
