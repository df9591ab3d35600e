"""When a request is sent again, and after how long."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from recado.errors import (
    CallFailed,
    ConnectionLost,
    EndpointConnectFailed,
    EndpointConnectTimeout,
    EndpointDnsFailed,
    EndpointDnsTimeout,
    EndpointRefused,
    ProxyFailed,
)
from recado.outbound.response import Response

MAX_RETRIES: Final = 2
RETRIED_STATUSES: Final = frozenset({408, 429, 502, 503, 504})

_CONNECT_ERRORS: Final = (
    ConnectionLost,
    EndpointConnectFailed,
    EndpointConnectTimeout,
    EndpointDnsFailed,
    EndpointDnsTimeout,
    ProxyFailed,
)
_BASE_SECONDS: Final = 0.25
_CAP_SECONDS: Final = 2.0
_SECONDS: Final = re.compile(r"[0-9]+")  # RFC 9110 §10.2.3 delay-seconds


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known after one request of a call.

    `retries`: how many there have been; `is_repeatable`: whether the server may get this request twice; `seconds_left`:
    until the call's deadline; `jitter`: a random number in [0, 1).
    """

    retries: int
    is_repeatable: bool
    seconds_left: float
    jitter: float


def pause_after_response(response: Response, situation: Situation, now: datetime) -> float | None:
    """How many seconds to wait before the request is sent again; None when this response is the last word.

    A Retry-After is obeyed, or ends the call when it reaches beyond the deadline.
    """
    if response.status not in RETRIED_STATUSES or not situation.is_repeatable or situation.retries >= MAX_RETRIES:
        return None
    asked = retry_after_seconds(response, now) or 0.0
    return _fitting(max(asked, _backoff_seconds(situation)), situation)


def pause_after_failure(error: CallFailed | EndpointRefused, situation: Situation, *, is_sent: bool) -> float | None:
    """How many seconds to wait before the request is sent again; None when this failure is the last word.

    A request of which nothing was sent may always be tried again, whatever its method.
    """
    if not isinstance(error, _CONNECT_ERRORS) or situation.retries >= MAX_RETRIES:
        return None
    if is_sent and not situation.is_repeatable:
        return None
    return _fitting(_backoff_seconds(situation), situation)


def retry_after_seconds(response: Response, now: datetime) -> float | None:
    """The Retry-After of a response in seconds from now, never negative; None when absent or not understood.

    A date is read against the response's own Date, so that a server whose clock is wrong is still obeyed rightly.
    """
    text = response.header("Retry-After")
    if text is None:
        return None
    if _SECONDS.fullmatch(text):
        return float(text)
    until = _http_date(text)
    if until is None:
        return None
    return max(0.0, (until - (_http_date(response.header("Date") or "") or now)).total_seconds())


def _backoff_seconds(situation: Situation) -> float:
    """Full jitter: anything between nothing and a ceiling that doubles."""
    ceiling: float = _BASE_SECONDS * 2**situation.retries
    return situation.jitter * min(_CAP_SECONDS, ceiling)


def _fitting(pause: float, situation: Situation) -> float | None:
    return pause if pause < situation.seconds_left else None


def _http_date(text: str) -> datetime | None:
    """RFC 9110 §5.6.7, all three forms."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
