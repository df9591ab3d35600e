"""Opens connections: every address is judged when its name is resolved and again at the moment it is dialled."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Final

from recado.errors import (
    CallBroken,
    EndpointConnectFailed,
    EndpointConnectTimeout,
    EndpointDnsFailed,
    EndpointDnsTimeout,
    ProxyFailed,
    TimeoutTotal,
)
from recado.outbound.connection import Connection
from recado.outbound.limits import Limits
from recado.outbound.policy import EgressPolicy
from recado.outbound.proxy import Proxy, open_tunnel, parse_proxy
from recado.outbound.resolver import Resolver
from recado.outbound.response import Timing
from recado.outbound.tls import TlsContexts, TlsSettings, tls_failure
from recado.outbound.url import Url

_TLS_SHUTDOWN_SECONDS: Final = 1.0  # how long a close waits for the server's close_notify
_CLOCK_STEP_SECONDS: Final = 0.01  # uvloop's clock moves in milliseconds


class Dialler:
    """Opens connections to whatever `policy` allows; another policy may take its place at any time."""

    def __init__(self, policy: EgressPolicy, resolver: Resolver, proxy: str, limits: Limits) -> None:
        self.policy = policy
        self.proxy = parse_proxy(proxy)
        self._resolver = resolver
        self._limits = limits
        self._contexts = TlsContexts()

    async def open(
        self,
        url: Url,
        tls: TlsSettings,
        *,
        is_tunnel_wanted: bool,
        deadline: float,
        timing: Timing,
        make_connection: Callable[[], Connection],
    ) -> Connection:
        """Resolve, judge, dial, and speak TLS where the URL says https; `timing` gets the parts.

        Through a proxy, https takes a tunnel, and http too when `is_tunnel_wanted`. Raises EndpointRefused or
        CallBroken; nothing of a request has been sent then. `deadline` is in the loop's time.
        """
        self.policy.check_url(url)
        addresses = await self._addresses(url, deadline, timing)
        for address in addresses:  # one bad answer refuses the whole name
            self.policy.check_address(url.host, address, url.port)
        context = await self._contexts.get(tls) if url.scheme == "https" else None
        dial_by = min(deadline, asyncio.get_running_loop().time() + self._limits.connect_seconds)
        try:
            async with asyncio.timeout_at(dial_by):
                sock = await self._dial(url, addresses, is_tunnel_wanted or context is not None, dial_by, timing)
                return await _start(sock, context, url.host, timing, make_connection)
        except TimeoutError:
            raise (TimeoutTotal(seconds=0) if dial_by == deadline else self._connect_timeout()) from None

    async def _addresses(self, url: Url, deadline: float, timing: Timing) -> list[str]:
        if url.is_literal_address:
            return [url.host]
        started = perf_counter()
        try:
            addresses = await self._resolver.resolve(url.host, deadline)
        except EndpointDnsTimeout:
            if asyncio.get_running_loop().time() >= deadline - _CLOCK_STEP_SECONDS:
                raise TimeoutTotal(seconds=0) from None
            raise
        if not addresses:
            raise EndpointDnsFailed
        timing.dns_ms = (perf_counter() - started) * 1000
        return addresses

    async def _dial(
        self, url: Url, addresses: Sequence[str], is_tunnel: bool, dial_by: float, timing: Timing
    ) -> socket.socket:
        started = perf_counter()
        if self.proxy is None:
            policy = self.policy
            sock = await self._dial_each(
                addresses, url.port, lambda address: policy.check_address(url.host, address, url.port), dial_by
            )
        else:
            sock = await self._dial_proxy(self.proxy, dial_by)
            if is_tunnel:
                await _tunnel(sock, self.proxy, addresses, url.port)
        timing.connect_ms = (perf_counter() - started) * 1000
        return sock

    async def _dial_proxy(self, proxy: Proxy, dial_by: float) -> socket.socket:
        """The operator chose the proxy, so its own address is not judged."""
        host = proxy.url.host
        try:
            addresses = [host] if proxy.url.is_literal_address else await self._resolver.resolve(host, dial_by)
            return await self._dial_each(addresses, proxy.url.port, lambda _: None, dial_by)
        except CallBroken:
            raise ProxyFailed(reason="it cannot be reached") from None

    async def _dial_each(
        self, addresses: Sequence[str], port: int, judge: Callable[[str], None], dial_by: float
    ) -> socket.socket:
        """The first of the addresses that answers; each may use its share of the time that is left."""
        loop = asyncio.get_running_loop()
        problem: CallBroken = EndpointConnectFailed()
        tried = addresses[: self._limits.max_addresses]
        for index, address in enumerate(tried):
            try:
                async with asyncio.timeout((dial_by - loop.time()) / (len(tried) - index)):
                    return await _connect(address, port, judge)
            except TimeoutError:
                problem = self._connect_timeout()
            except OSError:
                problem = EndpointConnectFailed()
        raise problem

    def _connect_timeout(self) -> EndpointConnectTimeout:
        return EndpointConnectTimeout(seconds=f"{self._limits.connect_seconds:g}")


async def _connect(address: str, port: int, judge: Callable[[str], None]) -> socket.socket:
    """One dial; `judge` sees the address here, with nothing between its yes and the socket."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    socket.inet_pton(family, address)  # an address and nothing that could be looked up; OSError otherwise
    judge(address)
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        await asyncio.get_running_loop().sock_connect(sock, (address, port))
    except BaseException:
        sock.close()
        raise
    return sock


async def _tunnel(sock: socket.socket, proxy: Proxy, addresses: Sequence[str], port: int) -> None:
    # a proxy can often not reach IPv6, and we get only one try a connection
    address = next((each for each in addresses if ":" not in each), addresses[0])
    try:
        await open_tunnel(sock, proxy, address, port)
    except BaseException:
        sock.close()
        raise


async def _start(
    sock: socket.socket,
    context: ssl.SSLContext | None,
    host: str,
    timing: Timing,
    make_connection: Callable[[], Connection],
) -> Connection:
    """Hand the socket to the loop, with TLS when there is a context; the name and not the address is checked."""
    loop = asyncio.get_running_loop()
    try:
        if context is None:
            return (await loop.create_connection(make_connection, sock=sock))[1]
        started = perf_counter()
        _, connection = await loop.create_connection(
            make_connection, sock=sock, ssl=context, server_hostname=host, ssl_shutdown_timeout=_TLS_SHUTDOWN_SECONDS
        )
        timing.tls_ms = (perf_counter() - started) * 1000
        return connection
    except ssl.SSLError as problem:
        sock.close()
        raise tls_failure(problem) from None
    except OSError:
        sock.close()
        raise EndpointConnectFailed from None
    except BaseException:
        sock.close()
        raise
