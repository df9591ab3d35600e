"""How the stand-in behaves, as it can be set while it runs (`PATCH /_standin/settings`)."""

from __future__ import annotations

from typing import Any, Literal

import msgspec


class Rung(msgspec.Struct, frozen=True, kw_only=True):
    """One status that a message comes to, so many seconds after it was accepted."""

    status: Literal["sent", "delivered", "read", "played"]
    delay: float = 0.0


class Options(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Everything that can be set."""

    per_second: float = 80.0
    """Messages a number may send in a second; more are refused with 130429."""
    pair_seconds: float = 6.0
    """One message to one person in so many seconds; more are refused with 131056."""
    pair_burst: float = 45.0
    """How many to one person may be sent before that."""
    window: Literal["status", "answer", "off"] = "status"
    """How a message outside the 24 hours is refused: later by a status, at once by the answer, or not at all."""
    window_seconds: float = 86_400.0
    ladder: list[Rung] = msgspec.field(
        default_factory=lambda: [Rung(status="sent"), Rung(status="delivered", delay=0.05)]
    )
    """The statuses a message comes to. One left out is skipped, one named twice is told twice, and the delays are their order."""
    strangers: Literal["made", "failed"] = "made"
    """Numbers nobody here has: a person is made for them, or the message fails with 131026."""
    allowed_recipients: list[str] | None = None
    """The numbers a test account may write to; all others are refused with 131030."""
    redelivery: list[float] = msgspec.field(default_factory=lambda: [1.0, 2.0, 5.0, 15.0, 60.0, 300.0, 3600.0])
    """After so many seconds each, a webhook that was not answered with 200 is sent again."""
    copies: int = 1
    """How often each webhook is sent, as if several apps had subscribed."""
    at_once: int = 1
    """Webhooks under way at one time; 1 keeps their order."""
    webhook_timeout: float = 20.0
    signature: Literal["right", "wrong", "missing", "upper"] = "right"
    has_user_ids: bool = True
    """Whether payloads carry business-scoped user ids, as they do since 2026."""
    has_time: bool = False
    """Whether `entry[]` carries a time."""
    text_unit: Literal["code_points", "utf16"] = "code_points"
    """What a limit counts."""
    body_limit_of_lists: int = 4096
    """Meta's own pages say 4096 here and 1024 there."""
    media_url_seconds: float = 300.0
    media_days: float = 30.0
    flow_timeout: float = 10.0


def changed(options: Options, values: Any) -> Options:
    """The options with some of them set. Raises ValueError with a sentence."""
    if not isinstance(values, dict):
        raise ValueError("Send an object.")  # noqa: TRY004  # one answer for all
    try:
        return msgspec.convert({**msgspec.to_builtins(options), **values}, Options)
    except msgspec.ValidationError as problem:
        raise ValueError(str(problem)) from problem
