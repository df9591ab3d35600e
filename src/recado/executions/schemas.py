"""What goes into and comes out of executions over HTTP."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

import msgspec

from recado.actions.candidates import Candidate
from recado.actions.outputs import OutputResult
from recado.executions.judge import Outcome, Verdict
from recado.outbound.client import Attempt
from recado.outbound.response import Timing

Kind = Literal["live", "test", "credential_test"]
Id = Annotated[str, msgspec.Meta(max_length=40)]


class RunAction(msgspec.Struct, forbid_unknown_fields=True):
    """A live run: a value for each input, the credential, and a key under which it happens only once."""

    inputs: dict[str, Any] = {}
    credential_id: Id | None = None
    idempotency_key: Annotated[str, msgspec.Meta(min_length=1, max_length=255, pattern=r"^[^\x00]+$")] | None = None


class TestAction(msgspec.Struct, forbid_unknown_fields=True):
    """A test run: the very code of a live one, with the candidates for outputs in its answer."""

    inputs: dict[str, Any] = {}
    credential_id: Id | None = None


class HeaderShown(msgspec.Struct):
    """One header, secrets masked."""

    key: str
    value: str


class ErrorShown(msgspec.Struct):
    """Why an execution is not `ok`: a stable code, a sentence and the facts in it."""

    code: str
    message: str
    is_retryable: bool = False
    params: dict[str, str] = {}


class RequestShown(msgspec.Struct):
    """The request as it was sent, secrets masked; `body` is null where there was none or none is kept."""

    method: str
    url: str
    headers: list[HeaderShown]
    body: str | None = None


class ResponseShown(msgspec.Struct):
    """The response, secrets masked; a body that is not UTF-8 is shown as base64 and says so."""

    status: int
    headers: list[HeaderShown]
    body: str | None = None
    body_encoding: Literal["text", "base64"] = "text"
    is_truncated: bool = False
    size_bytes: int = 0
    notes: list[str] = []


class Execution(msgspec.Struct):
    """One run of an action or of a credential's test."""

    id: str
    kind: Kind
    state: Literal["running", "finished"]
    integration_id: str | None
    action_id: str | None
    credential_id: str | None
    outcome: Outcome | None
    verdict: Verdict | None
    error: ErrorShown | None
    outputs: dict[str, Any]
    output_results: list[OutputResult]
    request: RequestShown | None
    response: ResponseShown | None
    timing: Timing | None
    attempts: list[Attempt]
    created_at: str
    finished_at: str | None
    inputs: dict[str, Any] | None
    """What it was run with, secrets masked; null in lists, and where none are kept: for private actions, or with a secret too
    short to be masked."""
    candidates: list[Candidate] | msgspec.UnsetType = msgspec.UNSET


class Bucket(msgspec.Struct):
    """One span of time, from `at` for `bucket_seconds`, and how many executions begun in it ended how."""

    at: dt.datetime
    outcomes: dict[Outcome, int]


class ActionStatistics(msgspec.Struct):
    """How the executions of one action went."""

    action_id: str
    name: str | None
    """Null where the action is deleted."""
    count: int
    ok: int
    p50_ms: float | None
    """The median time of the newest calls that went out, at most 500; null where there is none."""
    p95_ms: float | None


class ExecutionStatistics(msgspec.Struct):
    """How many executions ended how, over time and for each action; those still running are not counted.

    The span is widened to whole buckets, and has one for each `bucket_seconds`, empty ones among them.
    """

    bucket_seconds: int
    buckets: list[Bucket]
    actions: list[ActionStatistics]
    """The hundred that ran most, the busiest first."""
    outcomes: dict[Outcome, int]


class Record(msgspec.Struct):
    """What is written when an execution is closed: all of it that the open row does not hold, without the body."""

    verdict: Verdict | None
    error: ErrorShown | None
    outputs: dict[str, Any]
    output_results: list[OutputResult]
    response: ResponseShown | None
    timing: Timing | None
    attempts: list[Attempt]
