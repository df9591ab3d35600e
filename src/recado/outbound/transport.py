"""Puts the bytes of one request on the wire and brings back the answer, within limits and before a deadline."""

from __future__ import annotations

import asyncio
import contextlib
from time import perf_counter
from typing import Final

from recado.errors import CallFailed, ConnectionLost, EndpointRefused, TimeoutTotal, UpstreamBadResponse
from recado.outbound.connection import Connection
from recado.outbound.deadlines import Deadlines
from recado.outbound.dial import Dialler
from recado.outbound.intake import Intake
from recado.outbound.limits import Limits
from recado.outbound.policy import EgressPolicy
from recado.outbound.pool import Pool, PoolKey
from recado.outbound.resolver import Resolver
from recado.outbound.response import Response, Timing
from recado.outbound.tls import SYSTEM_TRUST, TlsSettings
from recado.outbound.upload import Upload
from recado.outbound.wire import WireRequest, proxied_request_bytes, request_bytes

__all__ = ["Limits", "TlsSettings", "Transport", "TransportFailure"]

_NEVER_POOLED: Final = frozenset({"CONNECT", "TRACE"})
_DEFAULT_LIMITS: Final = Limits()


class TransportFailure(Exception):
    """One request that brought no answer.

    `error` says why; `is_sent` whether a byte of it may have reached the server; `timing` how far it came.
    """

    def __init__(self, error: CallFailed | EndpointRefused, *, is_sent: bool, timing: Timing) -> None:
        super().__init__(error)
        self.error = error
        self.is_sent = is_sent
        self.timing = timing


class Transport:
    """Sends requests, one answer each: it never repeats and never follows; `client.call` does.

    Connections are kept for a few seconds per scheme, host, port and trusted certificates, and were all judged under the
    policy of now. The environment (HTTP_PROXY, NETRC, SSLKEYLOGFILE …) is not read. Belongs to one event loop.

    With a proxy (`http://[user:password@]host:port`) the target's addresses are judged all the same. A tunnel (https)
    goes to the judged address; plain http carries the name, and the proxy looks it up again: a name server that changes
    its answer in between is then the proxy's to refuse.
    """

    def __init__(
        self, policy: EgressPolicy, resolver: Resolver, *, proxy: str = "", limits: Limits = _DEFAULT_LIMITS
    ) -> None:
        self.in_flight = 0
        """Requests under way, from the look-up of the name to the last byte of the answer."""
        self._limits = limits
        self._dialler = Dialler(policy, resolver, proxy, limits)
        self._pool = Pool(limits)
        self._connections: set[Connection] = set()
        self._deadlines = Deadlines(self._connections)
        self._generation = 0
        self._closing: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def now(self) -> float:
        """The loop's time, in which deadlines are told; the loop is asked for once, as that is a system call."""
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
        return self._loop.time()

    @property
    def policy(self) -> EgressPolicy:
        """The policy that judges new connections."""
        return self._dialler.policy

    @property
    def open_connections(self) -> int:
        """Connections that stand, idle ones among them."""
        return len(self._connections)

    @property
    def idle_connections(self) -> int:
        """Connections that wait for another request."""
        return len(self._pool)

    def set_policy(self, policy: EgressPolicy) -> None:
        """Judge by another policy from now on: idle connections close, busy ones finish and are not used again."""
        self._dialler.policy = policy
        self._generation += 1
        self._pool.drop()

    async def close(self) -> None:
        """Let what is under way finish (every request has a deadline) and close everything; cancelling it cuts all off."""
        if self._closing is None:
            self._closing = asyncio.Event()
        self._pool.drop()
        try:
            self._notice_quiet()
            await self._closing.wait()
        finally:
            self._deadlines.stop()
            for connection in list(self._connections):
                connection.abort()

    async def send(
        self,
        request: WireRequest,
        *,
        deadline: float,
        tls: TlsSettings = SYSTEM_TRUST,
        is_direct_close: bool = False,
        into: Intake | None = None,
    ) -> Response:
        """Send one request and return its answer; raises TransportFailure.

        `deadline` is in the loop's time and covers everything from the look-up to the last byte of the body.
        `is_direct_close`: on a connection of its own, closed afterwards (CONNECT and TRACE always are).
        With `into`, the body of a 2xx answer goes there as it arrives, and the connection is closed, too.
        """
        started = perf_counter()
        url = request.url
        is_single = is_direct_close or request.method in _NEVER_POOLED or into is not None
        key = None if is_single else (url.scheme, url.host, url.port, tls.ca_pem)
        timing = Timing()
        is_sent = False
        connection: Connection | None = None
        self.in_flight += 1
        try:
            now = self.now()
            if now >= deadline:
                raise TimeoutTotal(seconds=0)
            if key is not None:
                connection = self._pool.take(key, now)
            is_reused = connection is not None
            if connection is None:
                connection = await self._open(request, tls, deadline, timing)
            is_sent = True
            sent_at = perf_counter()
            answer = connection.start(self._bytes(request), request.method, deadline, into)
            if deadline < self._deadlines.wakes_at:
                self._deadlines.wake_by(deadline)
            if request.pieces is not None and not await _upload(connection, request.pieces, answer):
                key = None
            await answer
            reader = connection.reader
            response = Response(reader.status, reader.headers, reader.take_body(), timing, is_reused)
            timing.first_byte_ms = (connection.first_byte_at - sent_at) * 1000
            timing.total_ms = (perf_counter() - started) * 1000
            self._let_go(connection, key, self.now())
            connection = None
            return response
        except (CallFailed, EndpointRefused) as error:
            elapsed = perf_counter() - started
            timing.total_ms = elapsed * 1000
            if isinstance(error, TimeoutTotal):
                error.facts["seconds"] = f"{elapsed:.1f}"
            raise TransportFailure(error, is_sent=is_sent, timing=timing) from None
        finally:
            self.in_flight -= 1
            if connection is not None:
                connection.abort()
            if self._closing is not None:
                self._notice_quiet()

    async def _open(self, request: WireRequest, tls: TlsSettings, deadline: float, timing: Timing) -> Connection:
        generation = self._generation  # of now: a policy that comes while we dial has not judged this connection
        connection = await self._dialler.open(
            request.url,
            tls,
            is_tunnel_wanted=request.method == "CONNECT",
            deadline=deadline,
            timing=timing,
            make_connection=lambda: Connection(self._limits, self._forget, generation),
        )
        if connection.has_spoken_first:
            raise UpstreamBadResponse(reason="it spoke before it was asked")
        if not connection.is_open:
            raise ConnectionLost
        self._connections.add(connection)
        return connection

    def _bytes(self, request: WireRequest) -> bytes:
        proxy = self._dialler.proxy
        if proxy is None or request.url.scheme == "https" or request.method == "CONNECT":
            return request_bytes(request)
        return proxied_request_bytes(request, proxy.authorization)

    def _let_go(self, connection: Connection, key: PoolKey | None, now: float) -> None:
        """Keep a connection for the next request, or close it."""
        is_current = connection.generation == self._generation and self._closing is None
        if key is not None and is_current and connection.is_reusable:
            self._pool.put(key, connection, now)
        else:
            connection.close()

    def _forget(self, connection: Connection) -> None:
        self._connections.discard(connection)
        self._pool.forget(connection)
        if self._closing is not None:
            self._notice_quiet()

    def _notice_quiet(self) -> None:
        if self._closing is not None and not self.in_flight and not self._connections:
            self._closing.set()


async def _upload(connection: Connection, pieces: tuple[bytes | Upload, ...], answer: asyncio.Future[None]) -> bool:
    """Send the pieces of a body; False where the answer came before all of it was sent. Raises UploadCutOff."""
    try:
        for piece in pieces:
            if isinstance(piece, bytes):
                if not await connection.write(piece):
                    return False
                continue
            async with contextlib.aclosing(piece.read()) as contents:
                async for data in contents:
                    if not await connection.write(data):
                        return False
    except BaseException:
        answer.cancel()
        raise
    return True
