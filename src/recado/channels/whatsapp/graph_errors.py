"""What Meta's Graph API refuses: its errors read from any answer, and what is to be done about each."""

from __future__ import annotations

from typing import Literal

import msgspec

ErrorClass = Literal[
    "transient", "throttle", "pair", "token", "wrong_object", "window", "recipient", "payload", "account", "unknown"
]


class GraphError(msgspec.Struct, frozen=True, kw_only=True):
    """An error of the Graph API, in an answer or in a webhook; what it did not say is None or empty."""

    code: int | None = None
    subcode: int | None = None
    type: str = ""
    title: str = ""
    message: str = ""
    details: str = ""
    status: int | None = None
    """The HTTP status it came with; None in a webhook."""
    retry_after_seconds: float | None = None
    is_transient: bool = False
    """Meta's own word for it (`is_transient`), which is not always there."""
    trace_id: str = ""
