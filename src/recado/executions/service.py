"""One function a verb: open once, read back, list, and note what a credential's test found."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sa

from recado.accounts.caller import Caller
from recado.credentials.service import get_credential, note_last_test
from recado.db.columns import JSON_DECODER, utc_now, utc_text
from recado.db.rows import existing
from recado.errors import RecordCorrupt, StorageUnavailable
from recado.executions import repository
from recado.executions.judge import Outcome
from recado.executions.schemas import Execution, Record, RequestShown
from recado.executions.snapshot import body_text, with_body
from recado.web.pages import Page, page_of

if TYPE_CHECKING:
    from recado.executions.run import Run

_RECORDS = msgspec.json.Decoder(Record, float_hook=JSON_DECODER.float_hook)
_REQUESTS = msgspec.json.Decoder(RequestShown)
_INPUTS = msgspec.json.Decoder(dict[str, Any], float_hook=JSON_DECODER.float_hook)


def assemble(run: Run, outcome: Outcome, record: Record, finished_at: str) -> Execution:
    """The execution that was just closed, as it is shown."""
    return Execution(
        run.id, run.kind, "finished", run.action.integration_id, run.action.id,
        run.credential_id, outcome, record.verdict, record.error, record.outputs,
        record.output_results, run.request, record.response, record.timing, record.attempts, run.created_at, finished_at,
        inputs=run.inputs,  # type: ignore[arg-type]  # it is only written out, and a mapping is written as a dict is
    )  # fmt: skip


def get_execution(connection: sa.Connection, caller: Caller, execution_id: str) -> Execution:
    """One execution. Raises NotFound, RecordCorrupt."""
    return shown(find_row(connection, caller, execution_id))


def find_row(connection: sa.Connection, caller: Caller, execution_id: str) -> repository.Row:
    """The row of an execution, for `shown`. Raises NotFound."""
    return existing(repository.find_execution(connection, caller.workspace_id, execution_id))


def shown(row: repository.Row) -> Execution:
    """An execution with its bodies. Raises RecordCorrupt."""
    return _from_row(row, has_bodies=True)


def list_executions(
    connection: sa.Connection,
    caller: Caller,
    filters: dict[str, str],
    since: dt.datetime | None,
    until: dt.datetime | None,
    limit: int,
    cursor: str | None,
) -> Page[Execution]:
    """Newest first, bodies left out."""
    rows = repository.list_executions(connection, caller.workspace_id, filters, since, until, limit, cursor)
    return page_of(rows, limit, listed)


def listed(row: repository.Row) -> Execution:
    """An execution as lists show it. Raises RecordCorrupt."""
    return _from_row(row, has_bodies=False)


def open_once(connection: sa.Connection, values: dict[str, Any]) -> repository.Row | None:
    """Insert an open execution under its idempotency key; the row that already holds the key, or None when inserted."""
    if repository.insert_once(connection, values):
        return None
    earlier = repository.find_by_idempotency_key(
        connection, values["workspace_id"], values["action_id"], values["idempotency_key"]
    )
    if earlier is None:  # it was for another reason: without its row nothing may run
        raise StorageUnavailable
    if earlier.created_at > utc_now() - repository.IDEMPOTENCY_LIFE:
        return earlier
    repository.release_idempotency_key(connection, values["workspace_id"], earlier.id)
    repository.insert_execution(connection, values)
    return None


def find_integration_id(connection: sa.Connection, caller: Caller, credential_id: str) -> str:
    """The integration a credential belongs to. Raises NotFound."""
    return get_credential(connection, caller, credential_id).integration_id


def note_request(
    connection: sa.Connection, workspace_id: str, execution_id: str, request: str | None, body: bytes | None
) -> None:
    """Write what is about to be sent into a row that was opened before it was rendered."""
    repository.update_request(connection, workspace_id, execution_id, request, body)


def note_credential_test(
    connection: sa.Connection, workspace_id: str, credential_id: str, execution: Execution
) -> None:
    """Keep the verdict of a credential's newest test beside the credential."""
    status = execution.response.status if execution.response else None
    note_last_test(
        connection,
        workspace_id,
        credential_id,
        {"verdict": execution.verdict, "outcome": execution.outcome, "status": status, "at": execution.finished_at},
        dt.datetime.fromisoformat(execution.created_at),
    )


def read_inputs(row: repository.Row) -> dict[str, Any]:
    """The inputs an execution was started with."""
    return JSON_DECODER.decode(row.inputs) if row.inputs else {}


def read_kept_inputs(row: repository.Row) -> dict[str, Any] | None:
    """The inputs to show; None where none are kept, or what is kept is damaged."""
    if row.inputs is None:
        return None
    try:
        return _INPUTS.decode(row.inputs)
    except (msgspec.DecodeError, ArithmeticError):
        return None


def _from_row(row: repository.Row, *, has_bodies: bool) -> Execution:
    try:
        request = _REQUESTS.decode(row.request) if row.request else None
        record = _RECORDS.decode(row.record) if row.record else Record(None, None, {}, [], None, None, [])
    except msgspec.DecodeError as problem:
        raise RecordCorrupt from problem
    if has_bodies and request and row.request_body is not None:
        request.body = body_text(bytes(row.request_body))[0]
    if has_bodies and record.response:
        with_body(record.response, None if row.response_body is None else bytes(row.response_body))
    return Execution(
        row.id, row.kind, "finished" if row.finished_at else "running", row.integration_id, row.action_id, row.credential_id, row.outcome, record.verdict,
        record.error, record.outputs, record.output_results, request, record.response, record.timing, record.attempts,
        utc_text(row.created_at), utc_text(row.finished_at) if row.finished_at else None,
        inputs=read_kept_inputs(row) if has_bodies else None,
    )  # fmt: skip
