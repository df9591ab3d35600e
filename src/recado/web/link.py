"""The line from the api process to its executor: one request, one answer, never repeated, proved by a shared secret."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import structlog

from recado.errors import BadRequest, EndpointRefused, ExecutorLost, ExecutorUnavailable, SettingInvalid
from recado.outbound.limits import Limits
from recado.outbound.policy import EgressPolicy
from recado.outbound.resolver import Resolver
from recado.outbound.response import Response
from recado.outbound.transport import Transport, TransportFailure
from recado.outbound.url import Url, parse_url
from recado.outbound.wire import WireRequest
from recado.web.answers import RawHeaders

TOKEN: Final = b"recado-executor-token"
ADDRESS: Final = b"recado-caller-address"
SCHEME: Final = b"recado-caller-scheme"
REQUEST_ID: Final = b"recado-request-id"
REVISION: Final = b"recado-revision"
LINK_HEADERS: Final = frozenset({TOKEN, ADDRESS, SCHEME, REQUEST_ID, REVISION})
"""What the api process tells its executor beside the caller's own headers; a caller who sends them is not listened to."""
EXECUTOR_MARK: Final = "recado-executor"
"""Stands in every answer of an executor, so that an answer of anything between us and it is told apart."""
REFUSED_MARK: Final = "recado-executor-refused"
"""Stands beside it where the executor did not take the token."""

_SAFE: Final = frozenset({"GET", "HEAD"})
# An action takes 60 s at most; a second run with the same idempotency key waits for the first, and then come the commits.
_ANSWER_SECONDS: Final = 150.0
_LIMITS: Final = Limits(
    max_body_bytes=32
    * 1024
    * 1024,  # an answer of 1 MiB may grow sixfold as JSON, and stand in outputs and candidates too
    idle_seconds=30.0,  # the executor hangs up after 75
)
_log: Final = structlog.get_logger("recado.web.link")


class _AsTheOperatorSays(EgressPolicy):
    """Judges nothing: this address is the operator's own setting, not a user's."""

    def check_url(self, url: Url, *, has_secret: bool = False) -> None:
        """Fine."""

    def check_address(self, host: str, address: str, port: int) -> None:
        """Fine."""


class ExecutorLink:
    """Speaks to the executor; belongs to one event loop. `revision` gives the configuration's number as known here."""

    def __init__(self, url: str, token: str, revision: Callable[[], int]) -> None:
        """Raises SettingInvalid."""
        self._url = _read_url(url)
        self._token = token.encode()
        self._revision = revision
        self._resolver = Resolver()
        self._transport = Transport(_AsTheOperatorSays(), self._resolver, limits=_LIMITS)

    async def close(self) -> None:
        """Let what is under way end, then hang up."""
        await self._transport.close()
        self._resolver.close()

    async def send(
        self,
        method: str,
        target: bytes,
        headers: Iterable[tuple[bytes, bytes]],
        body: bytes = b"",
        *,
        seconds: float = _ANSWER_SECONDS,
    ) -> Response:
        """One request and its answer. Raises ExecutorUnavailable where nothing was done, ExecutorLost where nobody knows."""
        lines: RawHeaders = [(TOKEN, self._token), (REVISION, b"%d" % self._revision()), *headers]
        head = b"".join(b"%b: %b\r\n" % line for line in lines)
        if head.count(b"\n") != len(lines) or head.count(b"\r") != len(
            lines
        ):  # else a caller could add lines of its own
            raise BadRequest(reason="A header holds a line break.")
        request = WireRequest(method, self._url, target, head, body)
        try:
            answer = await self._transport.send(request, deadline=self._transport.now() + seconds)
        except TransportFailure as failure:
            raise _judge(method, failure.error.code, is_sent=failure.is_sent) from failure
        if answer.header(REFUSED_MARK) is not None:
            raise _judge(method, "executor_token_wrong", is_sent=False)
        if answer.header(EXECUTOR_MARK) is None:
            raise _judge(method, "answer_of_something_else", is_sent=True)
        return answer

    async def get(self, target: bytes, *, seconds: float) -> Response:
        """Ask the executor on our own account. Raises ExecutorUnavailable."""
        return await self.send("GET", target, [(b"host", self._url.authority.encode())], seconds=seconds)


def _read_url(text: str) -> Url:
    try:
        url = parse_url(text)
    except EndpointRefused as problem:
        raise SettingInvalid(name="RECADO_EXECUTOR_URL", reason=str(problem)) from problem
    if url.target != "/":
        raise SettingInvalid(name="RECADO_EXECUTOR_URL", reason="write no path, for example http://127.0.0.1:8001")
    return url


def _judge(method: str, reason: str, *, is_sent: bool) -> ExecutorUnavailable | ExecutorLost:
    """What the caller is told; the reason is for operators, in the log and by `recado doctor`."""
    is_lost = is_sent and method not in _SAFE
    _log.warning("executor_lost" if is_lost else "executor_unavailable", reason=reason)
    return ExecutorLost(reason=reason) if is_lost else ExecutorUnavailable(reason=reason)
