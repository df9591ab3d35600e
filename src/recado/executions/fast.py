"""The route that runs an action, raw ASGI in front of the framework: the framework alone would cost as much as the whole run."""

from __future__ import annotations

import re
from collections.abc import Awaitable
from typing import Final, NamedTuple

import structlog

from recado.accounts.caller import Caller
from recado.accounts.identify import Identifier
from recado.db.columns import JSON_ENCODER
from recado.errors import ClientGone, RecadoError
from recado.executions.metrics import Metrics
from recado.executions.runner import Runner
from recado.executions.schemas import RunAction
from recado.ids import new_id
from recado.web.answers import Answer, App, RawHeaders, Receive, Scope, Send, answer, problem_answer, read_body
from recado.web.body import MOST_BYTES, check_media_type, decode_body

_PATH: Final = re.compile(r"/api/v1/actions/([^/]{1,40})/executions")
_OWN_AGENT: Final = b"Recado/"
_log: Final = structlog.get_logger("recado.web")


class FastRuns:
    """Answers `POST /api/v1/actions/{id}/executions` itself and hands everything else on."""

    def __init__(self, inner: App, runner: Runner, identifier: Identifier, metrics: Metrics) -> None:
        self._inner = inner
        self._runner = runner
        self.identifier = identifier
        self.metrics = metrics

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """ASGI; not a coroutine itself, since each one on the way is resumed at every step of a run."""
        action_id = find_action_id(scope)
        if action_id is not None:
            return self._answer(scope, receive, send, action_id)
        return self._inner(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, action_id: str) -> None:
        try:
            headers = scope["headers"]
            caller = self.identifier.identify_cached(headers) or await self.identifier.identify_scope(scope)
            caller.require("executions:run")
            told = read_headers(headers)
            check_media_type(told.media_type)
            body = await read_body(receive, MOST_BYTES)
        except ClientGone:
            return
        except Exception as problem:  # noqa: BLE001  # the last line of defence answers 500
            answered = _refuse(problem, _request_id(scope))
        else:
            answered = await self.run(caller, action_id, body, told.hops, _request_id(scope))
        await answer(send, *answered)

    async def run(self, caller: Caller, action_id: str, body: bytes, hops: int, request_id: str = "") -> Answer:
        """Run an action with what a body asks for; whatever goes wrong is in the answer, under the id, if one is given."""
        try:
            data = decode_body(RunAction, body)
            execution = await self._runner.run_action(
                caller,
                action_id,
                data.inputs,
                data.credential_id,
                idempotency_key=data.idempotency_key,
                hops=hops,
            )
        except Exception as problem:  # noqa: BLE001  # the last line of defence answers 500
            return _refuse(problem, request_id)
        return Answer(200, JSON_ENCODER.encode(execution), RUN_HEADERS)


RUN_HEADERS: Final = [
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
]


class Told(NamedTuple):
    """What the headers of a run say beside who calls."""

    media_type: str
    hops: int
    """How many Recado servers this call has come through."""


def find_action_id(scope: Scope) -> str | None:
    """The action a request wants to run; None when it wants something else."""
    if scope["type"] == "http" and scope["method"] == "POST" and (path := _PATH.fullmatch(scope["path"])):
        return path[1]
    return None


def read_headers(headers: RawHeaders) -> Told:
    """The media type, and how many Recado servers this call has come through."""
    media_type, hops, is_own = "", 0, False
    for name, value in headers:
        if name == b"content-type":
            media_type = value.decode("latin-1")
        elif name == b"user-agent":
            is_own = value.startswith(_OWN_AGENT)
        elif name == b"recado-hops":
            hops = int(value) if value.isdigit() and len(value) < 4 else 0
    return Told(media_type, max(hops, int(is_own)))


def _request_id(scope: Scope) -> str:
    """In an executor, the one that the api process gave the request; "" where it has none yet."""
    return str(scope.get("state", {}).get("request_id", ""))


def _refuse(problem: Exception, request_id: str) -> Answer:
    request_id = request_id or new_id("req")  # only now: neither the answer nor a log line of a good run has one
    if isinstance(problem, RecadoError):
        return problem_answer(problem, request_id)
    _log.error("unexpected_error", request_id=request_id, exc_info=problem)
    return problem_answer(RecadoError(), request_id)
