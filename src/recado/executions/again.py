"""Runs an execution again, as a new one of the same kind with the same inputs and credential, where that can be done safely."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from recado.accounts.caller import Caller, Permission
from recado.db.engine import Database
from recado.db.rows import existing
from recado.errors import NotFound, NotRepeatable, ValidationFailed
from recado.executions import repository
from recado.executions.repository import Row
from recado.executions.runner import Runner
from recado.executions.schemas import Execution, Kind
from recado.executions.service import read_kept_inputs
from recado.outbound.definition import IDEMPOTENT_METHODS
from recado.outbound.masking import MASK

_NEEDS: Final[dict[Kind, Permission]] = {
    "live": "executions:run",
    "test": "actions:test",
    "credential_test": "credentials:test",
}


async def run_again(database: Database, runner: Runner, caller: Caller, execution_id: str) -> Execution:
    """The new execution. Raises NotFound, Forbidden, NotRepeatable, and what running the action raises."""
    row = await database.read(_find, caller, execution_id)
    caller.require(_NEEDS[row.kind])
    inputs = repeatable_inputs(row)
    try:
        if row.kind == "credential_test":
            return await runner.test_credential(caller, row.credential_id)
        return await runner.run_action(caller, row.action_id, inputs, row.credential_id, kind=row.kind)
    except NotFound:
        raise NotRepeatable(reason="its action or its credential is gone") from None
    except ValidationFailed:
        raise NotRepeatable(reason="its action was changed and has no longer all of these inputs") from None


def is_repeatable(row: Row) -> bool:
    """Whether the inputs were kept as they were given."""
    return row.inputs is not None and MASK not in row.inputs


def repeatable_inputs(row: Row) -> dict[str, object]:
    """The inputs as they were given. Raises NotRepeatable where they were not kept, or not as they were."""
    inputs = read_kept_inputs(row)
    if inputs is None:
        reason = "its inputs were not kept, since its action is private or a secret was too short to be hidden in them"
        raise NotRepeatable(reason=reason)
    if MASK in row.inputs:
        raise NotRepeatable(reason=f"an input held a secret, of which only {MASK} was kept")
    return inputs


def _find(connection: sa.Connection, caller: Caller, execution_id: str) -> Row:
    row = existing(repository.find_execution(connection, caller.workspace_id, execution_id))
    if row.finished_at is None:
        raise NotRepeatable(reason="it is still running")
    if row.outcome == "unknown" and row.method not in IDEMPOTENT_METHODS:
        reason = f"nobody knows whether the API did what was asked, and {row.method} may not be safe to repeat"
        raise NotRepeatable(reason=reason)
    return row
