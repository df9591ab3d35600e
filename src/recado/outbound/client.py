"""One call: the request, its retries and its redirects, all before one deadline."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from random import random
from time import perf_counter

import msgspec

from recado.clock import now_text_ms
from recado.errors import (
    CallFailed,
    ConnectionLost,
    EndpointRefused,
    RecadoError,
    RedirectDowngrade,
    RedirectLimit,
    TimeoutTotal,
    UnknownOutcome,
)
from recado.outbound.definition import IDEMPOTENT_METHODS
from recado.outbound.redirects import MAX_HOPS, next_request, redirect_location, resolve_location
from recado.outbound.response import Response, Timing
from recado.outbound.retry import RETRIED_STATUSES, Situation, pause_after_failure, pause_after_response
from recado.outbound.tls import SYSTEM_TRUST, TlsSettings
from recado.outbound.transport import Transport, TransportFailure
from recado.outbound.url import Url
from recado.outbound.wire import WireRequest


class Attempt(msgspec.Struct):
    """One request that was put on the wire, or refused on its way there; `url` is not masked."""

    number: int
    started_at: str
    """RFC 3339, UTC."""
    url: str
    status: int | None
    error_code: str | None
    timing: Timing
    is_redirect_hop: bool


def _any_hop(_url: Url) -> None:
    """No credential, no rule."""


class CallPlan(msgspec.Struct, frozen=True):
    """How one call is to be made.

    `is_idempotent`: the server may get the request twice (its method says so, or it carries an idempotency key).
    `check_hop` sees the URL of each redirect before it is followed, and raises to refuse it.
    """

    timeout_seconds: float
    is_following_redirects: bool = False
    is_idempotent: bool = False
    tls: TlsSettings = SYSTEM_TRUST
    check_hop: Callable[[Url], None] = _any_hop


class CallResult(msgspec.Struct):
    """How a call ended: with a `response`, with an `error`, or with both (a redirect that was not to be followed).

    `timing` has the parts of the last attempt and the total of all.
    """

    response: Response | None
    error: RecadoError | None
    attempts: list[Attempt] = []
    timing: Timing = msgspec.field(default_factory=Timing)


async def call(transport: Transport, request: WireRequest, plan: CallPlan) -> CallResult:
    """Make one call. Never raises for what a server, a network or the policy does: that is in the result."""
    deadline = transport.now() + plan.timeout_seconds
    started, started_at = perf_counter(), now_text_ms()
    outcome: Response | TransportFailure
    try:
        outcome = await transport.send(request, deadline=deadline, tls=plan.tls)
    except TransportFailure as failure:
        outcome = failure
    else:
        if outcome.status < 300:  # nothing to repeat and nowhere to go, which is the rule: spare the call its state
            attempt = Attempt(1, started_at, request.url.text, outcome.status, None, outcome.timing, False)
            return CallResult(outcome, None, [attempt], outcome.timing)
    return await _Call(transport, request, plan, deadline, started).go_on(outcome, started_at)


class _Call:
    """The state of a call that may take more than one request."""

    __slots__ = (
        "_attempts",
        "_deadline",
        "_hops",
        "_is_repeatable",
        "_plan",
        "_request",
        "_retries",
        "_started",
        "_transport",
    )

    def __init__(
        self, transport: Transport, request: WireRequest, plan: CallPlan, deadline: float, started: float
    ) -> None:
        self._transport = transport
        self._request = request
        self._plan = plan
        self._deadline = deadline
        self._started = started
        self._attempts: list[Attempt] = []
        self._retries = 0
        self._hops = 0
        self._is_repeatable = plan.is_idempotent or request.method in IDEMPOTENT_METHODS

    async def go_on(self, outcome: Response | TransportFailure, started_at: str) -> CallResult:
        """After the first request: attempt until an answer or a failure is the last word."""
        while True:
            self._note_outcome(started_at, outcome)
            pause = self._pause_after(outcome)
            if pause is not None:
                self._retries += 1
                await asyncio.sleep(pause)
            elif isinstance(outcome, TransportFailure):
                return self._end(None, self._last_word(outcome))
            else:
                try:
                    is_followed = self._follow(outcome)
                except RecadoError as problem:
                    return self._end(outcome, problem)
                if not is_followed:
                    return self._end(outcome, None)
            started_at = now_text_ms()
            outcome = await self._send()

    async def _send(self) -> Response | TransportFailure:
        try:
            return await self._transport.send(self._request, deadline=self._deadline, tls=self._plan.tls)
        except TransportFailure as failure:
            return failure

    def _pause_after(self, outcome: Response | TransportFailure) -> float | None:
        if isinstance(outcome, TransportFailure):
            return pause_after_failure(outcome.error, self._situation(), is_sent=outcome.is_sent)
        if outcome.status not in RETRIED_STATUSES:
            return None
        return pause_after_response(outcome, self._situation(), datetime.now(UTC))

    def _situation(self) -> Situation:
        return Situation(
            retries=self._retries,
            is_repeatable=self._is_repeatable,
            seconds_left=self._deadline - self._transport.now(),
            jitter=random(),  # noqa: S311 - spreads load, guards nothing
        )

    def _last_word(self, failure: TransportFailure) -> CallFailed | EndpointRefused:
        """The error a call ends with; only a server that was lost before it answered leaves the outcome unknown."""
        error = failure.error
        if isinstance(error, ConnectionLost) and failure.is_sent and not self._is_repeatable:
            return UnknownOutcome(method=self._request.method)
        if isinstance(error, TimeoutTotal):
            error.facts["seconds"] = f"{self._plan.timeout_seconds:g}"
        return error

    def _follow(self, response: Response) -> bool:
        """Make the next hop the request to send; False when this response is no redirect or is not to be followed.

        Raises RedirectLimit, RedirectDowngrade, UpstreamBadResponse, EndpointRefused, or what `check_hop` raises.
        """
        request = self._request
        location = redirect_location(response, request.method) if self._plan.is_following_redirects else None
        if location is None:
            return False
        if self._hops >= MAX_HOPS:
            raise RedirectLimit(limit=MAX_HOPS)
        self._hops += 1
        try:
            url = resolve_location(request.url, location)
            self._judge_hop(url)
        except RecadoError as problem:
            self._note(now_text_ms(), location, None, problem.code, Timing())
            raise
        self._request = hop = next_request(request, response.status, url)
        is_same_request = hop.headers == request.headers  # an idempotency key, if there was one, is still there
        self._is_repeatable = hop.method in IDEMPOTENT_METHODS or (self._is_repeatable and is_same_request)
        return True

    def _judge_hop(self, url: Url) -> None:
        self._transport.policy.check_url(url)
        if self._request.url.scheme == "https" and url.scheme == "http":
            raise RedirectDowngrade
        self._plan.check_hop(url)

    def _note_outcome(self, started_at: str, outcome: Response | TransportFailure) -> None:
        url = self._request.url.text
        if isinstance(outcome, TransportFailure):
            self._note(started_at, url, None, outcome.error.code, outcome.timing)
        else:
            self._note(started_at, url, outcome.status, None, outcome.timing)

    def _note(self, started_at: str, url: str, status: int | None, error_code: str | None, timing: Timing) -> None:
        number = len(self._attempts) + 1
        self._attempts.append(Attempt(number, started_at, url, status, error_code, timing, self._hops > 0))

    def _end(self, response: Response | None, error: RecadoError | None) -> CallResult:
        last = self._attempts[-1].timing
        total_ms = (perf_counter() - self._started) * 1000
        timing = Timing(last.dns_ms, last.connect_ms, last.tls_ms, last.first_byte_ms, total_ms)
        return CallResult(response, error, self._attempts, timing)
