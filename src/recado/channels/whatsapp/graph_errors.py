"""What Meta's Graph API refuses: its errors read from any answer, and what is to be done about each."""

from __future__ import annotations

import email.utils
import re
from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple

import msgspec

from recado.channels.whatsapp.lenient import objects_of, read_json, text_of, whole_of

ErrorClass = Literal[
    "transient", "throttle", "pair", "token", "wrong_object", "window", "recipient", "payload", "account", "unknown"
]
Action = Literal["retry", "slow", "hold_pair", "park", "fail"]
"""`retry` it later; `slow` its number down and retry; `hold_pair`: nothing to this person for a while, then retry;
`park` everything of the channel until somebody has mended it; `fail`: it will never go out."""


class GraphError(msgspec.Struct, frozen=True, kw_only=True):
    """An error of the Graph API, in an answer or in a webhook; what it did not say is None or empty.

    Its texts hold no tokens and no message ids: whatever looks like one is replaced by `…`.
    """

    code: int | None = None
    subcode: int | None = None
    type: str = ""
    title: str = ""
    message: str = ""
    details: str = ""
    status: int | None = None
    """The HTTP status it came with; None in a webhook, and where no answer came."""
    retry_after_seconds: float | None = None
    is_transient: bool = False
    """Meta's own word for it (`is_transient`), which is not always there."""
    trace_id: str = ""


class Treatment(NamedTuple):
    """What is done about a class of errors."""

    action: Action
    is_alert: bool = False
    """Whether the people of the workspace have to hear of it."""


TREATMENTS: Final[dict[ErrorClass, Treatment]] = {
    "transient": Treatment("retry"),
    "throttle": Treatment("slow"),
    "pair": Treatment("hold_pair"),
    "token": Treatment("park", is_alert=True),
    "wrong_object": Treatment("park", is_alert=True),
    "window": Treatment("fail"),
    "recipient": Treatment("fail"),
    "payload": Treatment("fail"),
    "account": Treatment("park", is_alert=True),
    "unknown": Treatment("fail"),
}
SPAM: Final = 131048
"""Throttled because people block or report the number: slowed down like the rest, and an alert."""

_CLASSES: Final[dict[ErrorClass, tuple[int, ...]]] = {
    "transient": (2, 131000, 131016, 131057, 133004),
    "throttle": (4, 17, 32, 613, 80007, 80008, 130429, SPAM),
    "pair": (131056,),
    "token": (0, 3, 10, 102, 190, *range(200, 300), 131005),
    "wrong_object": (33,),
    "window": (131047,),
    "recipient": (130472, 131021, 131026, 131030, 131049, 131050, 131062),
    "payload": (100, 131008, 131009, 131051, 131052, 131053, 135000, *range(132000, 132100)),
    "account": (368, 130497, 131031, 131037, 131042, 131045, 133010),
}
_CLASS_OF: Final = {code: name for name, codes in _CLASSES.items() for code in codes}

MAX_WAIT_SECONDS: Final = 3600.0
_MOST_POWERS: Final = 16
_MAX_TEXT: Final = 500
_SECRET_LIKE: Final = re.compile(r"[A-Za-z0-9+/_=|.\-]{32,}")  # tokens, and ids of messages, which hold a phone number
_BLANKS: Final = re.compile(r"[\x00-\x20\x7f-\xa0]+")


# ── read ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def read_error(status: int, headers: Mapping[str, str], body: bytes) -> GraphError:
    """The error of an answer, whatever its form. Never raises."""
    try:
        found = read_json(body)
    except ValueError:
        found = {"error": {"message": body[: 4 * _MAX_TEXT].decode(errors="replace")}}
    error = found.get("error") if isinstance(found, dict) else found
    known = {name.lower(): value for name, value in headers.items()}
    read = read_error_object(error)
    return msgspec.structs.replace(read, status=status, retry_after_seconds=_read_wait(known))


def read_error_object(error: Any) -> GraphError:
    """An error of an answer or of a webhook; a text alone is its message."""
    if not isinstance(error, dict):
        return GraphError(message=_shown(error) if isinstance(error, str) else "")
    data = error.get("error_data")
    details = text_of(data, "details") if isinstance(data, dict) else data if isinstance(data, str) else ""
    return GraphError(
        code=whole_of(error, "code"),
        subcode=whole_of(error, "error_subcode"),
        type=_shown(text_of(error, "type")),
        title=_shown(text_of(error, "title") or text_of(error, "error_user_title")),
        message=_shown(text_of(error, "message") or text_of(error, "error_user_msg")),
        details=_shown(details or text_of(error, "details")),
        is_transient=error.get("is_transient") is True,
        trace_id=text_of(error, "fbtrace_id")[:64],
    )


def read_error_objects(source: dict[str, Any]) -> list[GraphError]:
    """The `errors` of a piece of a webhook."""
    return [read_error_object(error) for error in objects_of(source, "errors")] if "errors" in source else []


def _shown(text: str) -> str:
    return _SECRET_LIKE.sub("…", _BLANKS.sub(" ", text[: 4 * _MAX_TEXT]).strip())[:_MAX_TEXT]


def _read_wait(headers: Mapping[str, str]) -> float | None:
    """`Retry-After`, and the minutes that the usage header estimates; the longer of both."""
    waits = [wait for wait in (_retry_after(headers), _usage_wait(headers)) if wait is not None]
    return max(waits, default=None)


def _retry_after(headers: Mapping[str, str]) -> float | None:
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdecimal() and len(value) <= 9:
        return float(value)
    try:
        until = email.utils.parsedate_to_datetime(value)
        now = email.utils.parsedate_to_datetime(headers.get("date", ""))
        return max(0.0, (until - now).total_seconds())
    except (TypeError, ValueError, OverflowError):
        return None


def _usage_wait(headers: Mapping[str, str]) -> float | None:
    try:
        usage = read_json(headers.get("x-business-use-case-usage", "").encode(errors="replace"))
    except ValueError:
        return None
    if not isinstance(usage, dict):
        return None
    minutes = [
        whole_of(item, "estimated_time_to_regain_access") or 0 for name in usage for item in objects_of(usage, name)
    ]
    most = max(minutes, default=0)
    return 60.0 * most if most > 0 else None


# ── judge ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def class_of(error: GraphError) -> ErrorClass:
    """What kind of error it is: by its code first, since statuses and titles say different things of the same."""
    if error.code == 100 and error.subcode == 33:
        return "wrong_object"
    if error.code == 1:  # an unknown error of theirs, or of ours
        return "unknown" if error.status is not None and error.status < 500 else "transient"
    if error.code is not None and error.code in _CLASS_OF:
        return _CLASS_OF[error.code]
    if error.is_transient or (error.status is None and error.code is None):  # no answer came
        return "transient"
    return _class_of_status(error.status)


def _class_of_status(status: int | None) -> ErrorClass:
    if status is None:
        return "unknown"
    if status in {401, 403}:
        return "token"
    if status == 404:
        return "wrong_object"
    if status == 429:
        return "throttle"
    return "transient" if status >= 500 or status == 408 else "unknown"


def treatment_of(error: GraphError) -> Treatment:
    """What is to be done."""
    found = TREATMENTS[class_of(error)]
    return found._replace(is_alert=True) if error.code == SPAM else found


def wait_seconds(error: GraphError, tries: int, chance: float = 0.5) -> float:
    """How long to wait before the next try, after `tries` that failed (at least one); `chance` from 0 to 1 spreads them.

    For a pair 4^X seconds, X counted from 0, as Meta asks; for everything else 2^X, half of it by chance. What Meta
    estimates itself is waited for in any case.
    """
    power = min(max(tries, 1) - 1, _MOST_POWERS)
    wait = 4.0**power if class_of(error) == "pair" else 2.0**power * (0.5 + chance / 2)
    return min(MAX_WAIT_SECONDS, max(wait, error.retry_after_seconds or 0.0))
