"""Runs an action or a credential's test: recorded before its first byte, closed with its outcome, the same code for a test and a live run."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

import msgspec
import structlog

from recado.accounts.caller import Caller
from recado.actions.candidates import list_candidates
from recado.actions.outputs import ResponseView
from recado.clock import now_text
from recado.credentials.vault import Vault
from recado.db.columns import JSON_ENCODER, utc_text
from recado.db.engine import Database
from recado.db.stores import OPEN_COLUMNS, Row
from recado.db.writer import check_written
from recado.errors import (
    CallFailed,
    EndpointUnreachable,
    ExecutorBusy,
    IdempotencyConflict,
    InputRefused,
    Invalid,
    LoopDetected,
    MethodDisabled,
    NotFound,
    RecadoError,
    RedirectHostNotAllowed,
    ShuttingDown,
    UnknownOutcome,
    ValidationFailed,
)
from recado.executions import repository, service
from recado.executions.call import Judged, check_names, judge, render
from recado.executions.files import find_files
from recado.executions.judge import judge_credential, outcome_of
from recado.executions.metrics import Metrics
from recado.executions.ready import Ready
from recado.executions.run import KeyHeld, Run
from recado.executions.schemas import (
    ErrorShown,
    Execution,
    Kind,
    Record,
    RequestShown,
    ResponseShown,
)
from recado.executions.snapshot import body_text, show_request, show_response, with_body
from recado.ids import new_id
from recado.integrations.requests import SPECIAL_METHODS
from recado.outbound.client import Attempt, CallPlan, CallResult, call
from recado.outbound.hosts import is_host_allowed
from recado.outbound.masking import Masker
from recado.outbound.policy import EgressPolicy
from recado.outbound.response import Timing
from recado.outbound.transport import Transport
from recado.outbound.url import Url
from recado.outbound.wire import WireRequest
from recado.settings import Settings

_MOST_HOPS: Final = 3
_WAIT_SECONDS: Final = 0.05
_HIDDEN: Final = frozenset({
    "endpoint_address_blocked", "endpoint_dns_failed", "endpoint_dns_timeout",
    "endpoint_connect_failed", "endpoint_connect_timeout",
})  # fmt: skip
_log: Final = structlog.get_logger("recado.executions")


class Runner:
    """Runs executions in one process; everything it needs is handed to it."""

    def __init__(
        self,
        database: Database,
        transport: Transport,
        policy: EgressPolicy,
        vault: Vault,
        metrics: Metrics,
        settings: Settings,
        process_id: str,
    ) -> None:
        self._database = database
        self._transport = transport
        self._policy = policy
        self._metrics = metrics
        self._settings = settings
        self._process_id = process_id
        self.ready = Ready(database, vault)
        self.open_ids: set[str] = set()
        self._is_closing = False
        self._idle = asyncio.Event()

    # ── the three ways in ────────────────────────────────────────────────────────────────────────────────────────────

    async def run_action(
        self,
        caller: Caller,
        action_id: str,
        inputs: Mapping[str, Any],
        credential_id: str | None,
        *,
        kind: Kind = "live",
        idempotency_key: str | None = None,
        hops: int = 0,
        most_seconds: float | None = None,
    ) -> Execution:
        """Run an action once, within `most_seconds` where they are less than its own time, retries and all.

        Raises NotFound, ActionIncomplete, ValidationFailed, IdempotencyConflict; the API's doings are in the outcome.
        """
        self._check_capacity(hops)
        ready = self.ready
        action = ready.kept_action(caller.workspace_id, action_id) or await ready.action(caller.workspace_id, action_id)
        check_names(action, inputs)
        run = Run(
            new_id("exe"),
            kind,
            caller.workspace_id,
            action,
            credential_id,
            inputs,
            now_text(),
            hops,
            idempotency_key,
            most_seconds=most_seconds,
        )
        if credential_id is not None:
            await self._open_credential(run, credential_id)
        try:
            return await self._perform(run)
        except KeyHeld as held:
            return await self._finished(caller, held.execution_id)

    async def find_finished(self, caller: Caller, action_id: str, idempotency_key: str) -> Execution:
        """The execution that holds a key, once it is finished. Raises NotFound."""
        found = await self._database.read(
            repository.find_by_idempotency_key, caller.workspace_id, action_id, idempotency_key
        )
        if found is None:
            raise NotFound
        return await self._finished(caller, found.id)

    async def test_credential(self, caller: Caller, credential_id: str) -> Execution:
        """Prove a credential with its integration's test request. Raises NotFound, TestRequestMissing."""
        self._check_capacity(0)
        integration_id = await self._database.read(service.find_integration_id, caller, credential_id)
        action = await self.ready.test_request(caller.workspace_id, integration_id)
        run = Run(new_id("exe"), "credential_test", caller.workspace_id, action, credential_id, {}, now_text())
        await self._open_credential(run, credential_id)
        execution = await self._perform(run)
        await self._database.write(service.note_credential_test, caller.workspace_id, credential_id, execution)
        return execution

    async def repeat(self, row: Any) -> None:
        """Run again, under its own id, an execution that a dead process left behind and that is safe to repeat."""
        if row.kind == "credential_test":
            action = await self.ready.test_request(row.workspace_id, row.integration_id)
        else:
            action = await self.ready.action(row.workspace_id, row.action_id)
        inputs, created_at = service.read_inputs(row), utc_text(row.created_at)
        run = Run(row.id, row.kind, row.workspace_id, action, row.credential_id, inputs, created_at, is_open=True)
        if row.credential_id is not None:
            await self._open_credential(run, row.credential_id)
        await self._perform(run)

    # ── one execution ────────────────────────────────────────────────────────────────────────────────────────────────

    async def _perform(self, run: Run) -> Execution:
        """Render, record, call, judge, record. Two turns of the database's writer, and one call between them."""
        self.open_ids.add(run.id)
        writer = self._database.writer
        try:
            if run.action.template.file_keys:
                await self._find_files(run)
            try:
                wire = self._render(run)
            except ValidationFailed as failed:
                result = await self._open_unsent(run, failed.problems[0])
            except RecadoError as error:
                result = await self._open_unsent(run, error)
            else:
                shown, body = show_request(wire, run.masker, run.notes, is_private=run.action.is_private)
                run.request = shown
                await self._open(run, wire.method, shown, body)
                if body is not None:
                    shown.body = body_text(body)[0]
                result = await call(self._transport, wire, self._plan(run))
            execution, row = self._conclude(run, result)
            check_written(await writer.close_row(row), run.id)
            return execution
        finally:
            self.open_ids.discard(run.id)
            if not self.open_ids:
                self._idle.set()

    async def _find_files(self, run: Run) -> None:
        """What is uploaded; a file that is not there refuses the run. Raises StorageUnavailable."""
        try:
            run.files = await find_files(self._database, run, self._settings.media_max_bytes)
        except InputRefused as problem:
            run.refusal = run.refusal or problem

    def _render(self, run: Run) -> WireRequest:
        if run.refusal is not None:
            raise run.refusal
        method = run.action.template.method
        if method in SPECIAL_METHODS and not self._settings.egress_special_methods:
            raise MethodDisabled(method=method)
        values = run.action.check_inputs(run.raw_inputs)
        extra = b"Recado-Hops: %d\r\n" % (run.hops + 1) if run.hops else b""
        return render(run.action, values, run.credential, self._policy, run.id, extra, run.files)

    async def _open_unsent(self, run: Run, error: RecadoError) -> CallResult:
        """Nothing goes out; the record says why."""
        await self._open(run, run.action.template.method, None, None)
        return CallResult(None, error, [], Timing())

    async def _open(self, run: Run, method: str, shown: RequestShown | None, body: bytes | None) -> None:
        """Have the row on disk before the first byte goes out. Raises KeyHeld, IdempotencyConflict."""
        text = JSON_ENCODER.encode(shown).decode() if shown else None
        if run.is_open:
            if text is not None:
                await self._database.write(service.note_request, run.workspace_id, run.id, text, body)
            return
        row = (
            run.id, run.workspace_id, run.kind, run.action.integration_id, run.action.id, run.credential_id,
            self._process_id, method, run.kept_inputs(), text, body, run.created_at,
        )  # fmt: skip
        if run.idempotency_key is None:
            check_written(await self._database.writer.open_row(row), run.id)
        else:
            await self._open_once(run, dict(zip(OPEN_COLUMNS, row, strict=True)))

    def _plan(self, run: Run) -> CallPlan:
        plan = run.action.plan
        if run.most_seconds is not None and run.most_seconds < plan.timeout_seconds:
            plan = msgspec.structs.replace(plan, timeout_seconds=run.most_seconds)
        if not plan.is_following_redirects:  # then no hop is ever checked, and all runs share the plan
            return plan
        return msgspec.structs.replace(plan, check_hop=partial(self._check_hop, run))

    def _check_hop(self, run: Run, url: Url) -> None:
        """A redirect may not lead a secret, nor what belongs to it, to a host it is not bound to."""
        self._policy.check_url(url)
        if run.credential is None:
            return
        for identifier in run.action.template.secret_identifiers:
            entries = run.credential.hosts.get(identifier)
            if entries is not None and not is_host_allowed(entries, url):
                raise RedirectHostNotAllowed

    def _conclude(self, run: Run, result: CallResult) -> tuple[Execution, Row]:
        """What became of it: the execution as it is shown, and the row that closes it (CLOSE_COLUMNS)."""
        masker, is_private, response = run.masker, run.action.is_private, result.response
        shown: ResponseShown | None = None
        body: bytes | None = None
        status: int | None = None
        judged = Judged(result.error)
        if response is not None:
            status = response.status
            shown, body = show_response(response, masker, run.notes, is_private=is_private)
            if result.error is None:
                judged = judge(run.action, response, masker)
        error = self._hide(judged.error)
        is_hidden = error is not judged.error
        outcome = outcome_of(error)
        record = Record(
            verdict=judge_credential(status) if run.kind == "credential_test" else None,
            error=_show_error(error, masker),
            outputs={} if is_private else judged.outputs,
            output_results=[] if is_private else judged.results,
            response=shown,
            timing=Timing() if is_hidden else result.timing,
            attempts=[] if is_hidden else _mask_attempts(result.attempts, run),
        )
        total_ms = result.timing.total_ms
        finished_at = now_text()
        text = JSON_ENCODER.encode(record).decode()
        row: Row = (run.id, outcome, status, total_ms, text, body, finished_at)
        self._metrics.executed(run.kind, outcome, total_ms)
        if is_private:
            record.outputs, record.output_results = judged.outputs, judged.results
        if shown is not None:
            with_body(shown, body)
        execution = service.assemble(run, outcome, record, finished_at)
        if run.kind == "test" and response is not None:
            execution.candidates = list_candidates(ResponseView.of(response).content, masker)
        return execution, row

    def _hide(self, error: RecadoError | None) -> RecadoError | None:
        """With `egress_hide_reason`, what tells of the inner network becomes one and the same error."""
        if error is not None and self._settings.egress_hide_reason and error.code in _HIDDEN:
            return EndpointUnreachable()
        return error

    # ── what guards the way in ───────────────────────────────────────────────────────────────────────────────────────

    def _check_capacity(self, hops: int) -> None:
        if self._is_closing:
            raise ShuttingDown
        if hops >= _MOST_HOPS:
            raise LoopDetected(count=hops)
        if len(self.open_ids) >= self._settings.workers_max_calls:
            raise ExecutorBusy(seconds=1)

    async def _open_credential(self, run: Run, credential_id: str) -> None:
        """Open the secrets; what is damaged or locked ends the execution as `blocked`. Raises NotFound, ValidationFailed."""
        try:
            credential = self.ready.kept_credential(run.workspace_id, credential_id)
            if credential is None:
                credential = await self.ready.credential(run.workspace_id, credential_id)
        except CallFailed as error:
            run.refusal = error
            return
        if credential.integration_id != run.action.integration_id:
            problem = Invalid("credential_id", reason="This credential belongs to another integration.")
            raise ValidationFailed([problem])
        run.use(credential)

    async def _open_once(self, run: Run, values: dict[str, Any]) -> None:
        """Open the row under its idempotency key. Raises KeyHeld by an earlier execution, IdempotencyConflict."""
        told = JSON_ENCODER.encode([run.credential_id, sorted(run.raw_inputs.items())])
        values |= {
            "idempotency_key": run.idempotency_key,
            "idempotency_hash": hashlib.sha256(told).hexdigest(),
            "created_at": dt.datetime.fromisoformat(run.created_at),  # the very time the answer tells
        }
        earlier = await self._database.write_together("", service.open_once, values)
        if earlier is None:
            return
        if earlier.idempotency_hash != values["idempotency_hash"]:
            raise IdempotencyConflict
        raise KeyHeld(earlier.id)

    async def _finished(self, caller: Caller, execution_id: str) -> Execution:
        """The execution once it is finished; a second call with a key waits for the first.

        One of this very process that runs no more was given up when storage was in trouble: it ends as `unknown`.
        """
        is_suspect = False
        while True:
            row = await self._database.read(service.find_row, caller, execution_id)
            if row.finished_at is not None:
                return service.shown(row)
            is_left = row.owner == self._process_id and row.id not in self.open_ids
            if is_left and is_suspect and not self._database.writer.unwritten:
                await self.close_unknown(row)
            is_suspect = is_left
            await asyncio.sleep(_WAIT_SECONDS)

    async def close_unknown(self, row: Any) -> None:
        """Close an execution that nobody knows the end of."""
        error = UnknownOutcome(method=row.method)
        record = Record(
            verdict="failed" if row.kind == "credential_test" else None,
            error=ErrorShown(error.code, str(error), params=error.params),
            outputs={},
            output_results=[],
            response=None,
            timing=None,
            attempts=[],
        )
        text = JSON_ENCODER.encode(record).decode()
        closing = (row.id, "unknown", None, None, text, None, now_text())
        check_written(await self._database.writer.close_row(closing), row.id)

    async def drain(self, grace_seconds: float) -> bool:
        """Take nothing new and wait for what runs; whether all of it finished in time."""
        self._is_closing = True
        self._idle.clear()
        if self.open_ids:
            try:
                await asyncio.wait_for(self._idle.wait(), grace_seconds)
            except TimeoutError:
                _log.warning("calls_unfinished", count=len(self.open_ids))
                return False
        return True


def _show_error(error: RecadoError | None, masker: Masker) -> ErrorShown | None:
    if error is None:
        return None
    params = {name: masker.mask_text(fact) for name, fact in error.params.items()}
    return ErrorShown(error.code, masker.mask_text(str(error)), error.is_retryable, params)


def _mask_attempts(attempts: list[Attempt], run: Run) -> list[Attempt]:
    """The first attempt went to the very URL that is shown; only hops need another look."""
    for attempt in attempts:
        is_first = run.request is not None and not attempt.is_redirect_hop
        attempt.url = run.request.url if is_first and run.request else run.masker.mask_text(attempt.url)
    return attempts
