"""Calls in the air: each begins once its turn is on disk, and its end is another turn. An answered call is never repeated."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

import msgspec
import structlog

from recado.accounts.service import system_caller
from recado.background import insist
from recado.conversations.files import with_links
from recado.conversations.kept import Call
from recado.db.columns import utc_now
from recado.db.engine import Database
from recado.errors import (
    ExecutorBusy,
    IdempotencyConflict,
    InputRefused,
    Invalid,
    NotFound,
    RecadoError,
    ShuttingDown,
    Unavailable,
    ValidationFailed,
)
from recado.executions import repository as executions
from recado.executions.runner import Runner
from recado.executions.schemas import Execution, HeaderShown, ResponseShown
from recado.flows.events import CallEnded, CallLate
from recado.media.links import Links

_LONGEST_BODY: Final = 65_536
_FIRST_PAUSE: Final = 0.1
_LONGEST_PAUSE: Final = 2.0
_STALE: Final = executions.IDEMPOTENCY_LIFE - dt.timedelta(hours=1)
"""After this long nobody can tell whether a call was answered: the key of its execution is about to be given up."""
_log: Final = structlog.get_logger("recado.conversations")

Ended = Callable[[Call, CallEnded | CallLate], Awaitable[None]]
TakesLong = Callable[[Call], Awaitable[None]]


class Calls:
    """Runs them. `when_ended` takes the turn that follows; `when_long` says the words for a call that takes its time."""

    def __init__(
        self, database: Database, runner: Runner, links: Links, when_ended: Ended, when_long: TakesLong
    ) -> None:
        self._database = database
        self._runner = runner
        self._links = links
        self._when_ended = when_ended
        self._when_long = when_long
        self._tasks: dict[tuple[str, int], asyncio.Task[None]] = {}
        self._is_closing = False

    @property
    def count(self) -> int:
        """How many are in the air."""
        return len(self._tasks)

    def start(self, call: Call) -> None:
        """Begin, or take up again after a restart."""
        key = (call.conversation_id, call.effect.visit)
        if key in self._tasks or self._is_closing:  # what does not begin now is found again at the next start
            return
        task = asyncio.create_task(self._run(call), name="recado-call")
        self._tasks[key] = task
        task.add_done_callback(lambda _: self._tasks.pop(key, None))

    async def drain(self, grace_seconds: float) -> None:
        """Begin nothing new, and wait for those that are in the air; the rest is found again at the next start."""
        self._is_closing = True
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=grace_seconds)

    # ── one call ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _run(self, call: Call) -> None:
        try:
            pauses = self._pauses(call)
            event = await (self._answer_beside(call, pauses) if pauses else self._answer(call))
            await insist("call", lambda: self._when_ended(call, event))
        except ShuttingDown:
            pass
        except Exception:  # noqa: BLE001  # it stays in the table and is taken up again at the next start
            _log.exception("call_failed", conversation_id=call.conversation_id)

    async def _answer_beside(
        self, call: Call, pauses: Sequence[tuple[float, Callable[[], Awaitable[None]]]]
    ) -> CallEnded:
        """What the call came to; while it goes on, each thing is done after its pause."""
        answering = asyncio.create_task(self._answer(call))
        try:
            for seconds, tell in pauses:
                await asyncio.wait({answering}, timeout=seconds)
                if answering.done():
                    break
                await insist("call", tell)
            return await answering
        finally:
            answering.cancel()

    def _pauses(self, call: Call) -> list[tuple[float, Callable[[], Awaitable[None]]]]:
        """How long to wait before each thing that is done while the call goes on."""
        effect, since = call.effect, (utc_now() - call.begun_at).total_seconds()
        moments: list[tuple[float, Callable[[], Awaitable[None]]]] = []
        if effect.wait_text and not call.is_said:
            moments.append((effect.wait_after_seconds, lambda: self._when_long(call)))
        if effect.budget_seconds is not None and not call.is_late:
            late = CallLate(at=utc_now(), block_id=effect.block_id, visit=effect.visit)
            moments.append((effect.budget_seconds, lambda: self._when_ended(call, late)))
        moments.sort(key=lambda moment: moment[0])
        passed = min(max(since, 0.0), moments[-1][0]) if moments else 0.0
        pauses = []
        for due, tell in moments:
            pauses.append((max(due - passed, 0.0), tell))
            passed = max(passed, due)
        return pauses

    async def _answer(self, call: Call) -> CallEnded:
        """What the call came to; while there is no room or no storage, it waits its turn."""
        if call.as_if is not None and call.as_if.get("outcome", "ok") != "ok":
            return _pretend(call, call.as_if)
        if utc_now() - call.begun_at > _STALE:
            return _ended(call, "unknown", error="Nobody knows any more what became of this call.")
        pause = _FIRST_PAUSE
        while True:
            try:
                execution = await self._execute(call)
            except (ExecutorBusy, Unavailable) as problem:
                if isinstance(problem, ShuttingDown):
                    raise
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
            except RecadoError as problem:
                return _refused(call, problem)
            else:
                ended = _answered(call, execution)
                return await self._leave_out(call, ended) if call.as_if else ended

    async def _execute(self, call: Call) -> Execution:
        effect, caller = call.effect, system_caller(call.workspace_id)
        key = f"{call.conversation_id}:{effect.block_id}:{effect.visit}"
        try:
            ready, place = self._runner.ready, (call.workspace_id, effect.action_id)
            action = ready.kept_action(*place) or await ready.action(*place)
            inputs = action.fit_inputs(await with_links(self._links, call))
            return await self._runner.run_action(
                caller, effect.action_id, inputs, effect.credential_id, idempotency_key=key
            )
        except IdempotencyConflict:  # it was sent with other inputs before a crash: what was sent counts
            return await self._runner.find_finished(caller, effect.action_id, key)

    async def _leave_out(self, call: Call, ended: CallEnded) -> CallEnded:
        """The answer as if the API had left outputs out."""
        left_out = set((call.as_if or {}).get("without_outputs", ()))
        if not left_out or ended.outcome != "ok":
            return ended
        action = await self._runner.ready.action(call.workspace_id, call.effect.action_id)
        required = {found.spec.identifier for found in action.outputs if found.spec.is_required}
        if missing := sorted(required & left_out):
            return _ended(
                call,
                "output_missing",
                status=ended.status,
                execution_id=ended.execution_id,
                error=f'The required output "{missing[0]}" was left out, as asked for.',
            )
        kept = {name: value for name, value in ended.outputs.items() if name not in left_out}
        return msgspec.structs.replace(ended, outputs=kept)


def _ended(call: Call, outcome: str, **facts: Any) -> CallEnded:
    return CallEnded(at=utc_now(), block_id=call.effect.block_id, visit=call.effect.visit, outcome=outcome, **facts)


_STATUSES: Final = {"redirect": 302, "http_4xx": 404, "http_5xx": 500, "rate_limited": 429, "auth_failed": 401}


def _pretend(call: Call, as_if: dict[str, Any]) -> CallEnded:
    """The end that somebody who tries the flow wants to see; nothing is sent."""
    outcome = as_if["outcome"]
    status = as_if.get("status") or _STATUSES.get(outcome)
    return _ended(call, outcome, status=status, error="Answered as asked for; nothing was sent.")


def _refused(call: Call, problem: RecadoError) -> CallEnded:
    """The call could not even be made: the action or the credential is gone, or does not fit any more."""
    outcome = "input_invalid" if isinstance(problem, ValidationFailed | Invalid) else "blocked"
    told = problem.problems[0] if isinstance(problem, ValidationFailed) and problem.problems else problem
    refused = [problem.params["key"]] if isinstance(problem, InputRefused) and "key" in problem.params else []
    words = "The action or the credential of this block was deleted." if isinstance(told, NotFound) else str(told)
    return _ended(call, outcome, error=words, refused_inputs=refused)


def _headers_of(response: ResponseShown) -> dict[str, str]:
    """The headers of an answer; those of a call that has just ended are JSON already."""
    given: Any = response.headers
    shown = msgspec.json.decode(given, type=list[HeaderShown]) if isinstance(given, msgspec.Raw) else response.headers
    return {header.key.lower(): header.value for header in shown}


def _answered(call: Call, execution: Execution) -> CallEnded:
    """An execution as the engine hears of it."""
    response, error, outcome = execution.response, execution.error, execution.outcome or "unknown"
    is_ours = outcome == "input_invalid" and error is not None and "key" in error.params
    body = response.body if response is not None and response.body_encoding == "text" else None
    return _ended(
        call,
        outcome,
        status=response.status if response else None,
        outputs=execution.outputs,
        headers=_headers_of(response) if response else {},
        body=body[:_LONGEST_BODY] if body else None,
        error=error.message if error else None,
        refused_inputs=[error.params["key"]] if is_ours and error else [],
        execution_id=execution.id,
    )
