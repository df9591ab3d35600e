"""Judges an answer: which outcome it is, and how a credential's test ended."""

from __future__ import annotations

from typing import Final, Literal

from recado.errors import (
    AnswerRefused,
    AuthRefused,
    ClientErrorStatus,
    RateLimited,
    RecadoError,
    RedirectNotFollowed,
    ServerErrorStatus,
    UnexpectedStatus,
)

Outcome = Literal[
    "ok",
    "redirect",
    "http_4xx",
    "http_5xx",
    "rate_limited",
    "auth_failed",
    "timeout",
    "network",
    "blocked",
    "bad_response",
    "output_missing",
    "input_invalid",
    "unknown",
]
Verdict = Literal["accepted", "rejected", "reached", "failed"]

_SHOWN_TARGET: Final = 200


def judge_status(status: int, location: str | None, retry_after: str | None) -> AnswerRefused:
    """Why an answer that is not 2xx does not do; the outcome is on the error's class."""
    if 300 <= status < 400:
        return RedirectNotFollowed(status=status, target=(location or "nowhere")[:_SHOWN_TARGET])
    if status in {401, 403}:
        return AuthRefused(status=status)
    if status == 429:
        return RateLimited(hint=f" It says: try again in {retry_after[:40]}." if retry_after else "")
    if 400 <= status < 500:
        return ClientErrorStatus(status=status)
    if 500 <= status < 600:
        return ServerErrorStatus(status=status)
    return UnexpectedStatus(status=status)


def outcome_of(error: RecadoError | None) -> Outcome:
    """The outcome word an error ends an execution with; `ok` for none."""
    if error is None:
        return "ok"
    return error.outcome or "bad_response"  # type: ignore[return-value]  # tests hold every class to the word list


def judge_credential(status: int | None) -> Verdict:
    """How a credential's test ended: the answer's status decides, whatever else is wrong with it."""
    if status is None:
        return "failed"
    if 200 <= status < 300:
        return "accepted"
    return "rejected" if status in {401, 403} else "reached"
