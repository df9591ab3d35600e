"""HTTP paths of executions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Any, Final

from litestar import get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from recado.accounts.caller import Caller
from recado.db.counts import Dimension
from recado.db.engine import Database
from recado.executions import again, service, statistics
from recado.executions.judge import Outcome
from recado.executions.runner import Runner
from recado.executions.schemas import Execution, ExecutionStatistics, Kind, RunAction, TestAction
from recado.executions.search import search_executions
from recado.web.pages import Cursor, Limit, Moment, Page, read_moment
from recado.web.problems import problems

_Search = Annotated[
    str | None,
    QueryParameter(
        max_length=200,
        description="Only executions whose id, action's name, error code or host holds this text. A page looks at 10,000 "
        "executions at most; it may then hold fewer than asked for, or none, and still have a `next_cursor`.",
    ),
]
_Filter = Annotated[str | None, QueryParameter(max_length=40, pattern=r"^[!-~]+$")]


@dataclass(frozen=True)
class Which:
    """Which executions are asked for."""

    filters: dict[Dimension, str]
    since: dt.datetime | None
    until: dt.datetime | None


def _read_which(
    integration_id: _Filter = None,
    action_id: _Filter = None,
    credential_id: _Filter = None,
    kind: FromQuery[Kind | None] = None,
    since: Moment = None,
    until: Moment = None,
) -> Which:
    """What the list and the statistics narrow by alike."""
    filters: dict[Dimension, str | None] = {
        "integration_id": integration_id,
        "action_id": action_id,
        "credential_id": credential_id,
        "kind": kind,
    }
    given = {name: value for name, value in filters.items() if value is not None}
    return Which(given, read_moment("since", since), read_moment("until", until))


_WHICH: Final = {"which": Provide(_read_which, sync_to_thread=False)}


@get(
    "/executions",
    permission="executions:read",
    tags=["executions"],
    operation_id="list_executions",
    dependencies=_WHICH,
    responses=problems(422),
)
async def list_executions(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    which: NamedDependency[Which],
    outcome: FromQuery[Outcome | None] = None,
    search: _Search = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[Execution]:
    """Executions, newest first, bodies left out."""
    filters: dict[Any, str] = {**which.filters, **({"outcome": outcome} if outcome else {})}
    span = (which.since, which.until)
    if search and search.strip():
        return await db.read(search_executions, caller, search, filters, span, limit, cursor)
    return await db.read(service.list_executions, caller, filters, *span, limit, cursor)


@get(
    "/executions/statistics",
    permission="executions:read",
    tags=["executions"],
    operation_id="get_execution_statistics",
    dependencies=_WHICH,
    responses=problems(422),
)
async def get_execution_statistics(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    which: NamedDependency[Which],
) -> ExecutionStatistics:
    """How many executions ended how, over time and for each action; by default those of the last day."""
    return await db.read(statistics.get_execution_statistics, caller, which.filters, which.since, which.until)


@get(
    "/executions/{execution_id:str}",
    permission="executions:read",
    tags=["executions"],
    operation_id="get_execution",
    responses=problems(404),
)
async def get_execution(
    db: NamedDependency[Database], caller: NamedDependency[Caller], execution_id: FromPath[str]
) -> Execution:
    """One execution with what was sent and what came back, secrets masked."""
    return await db.read(service.get_execution, caller, execution_id)


@post(
    "/actions/{action_id:str}/executions",
    status_code=200,
    permission="executions:run",
    tags=["executions"],
    operation_id="run_action",
    responses=problems(404, 409, 413, 415, 422),
)
async def run_action(
    runner: NamedDependency[Runner],
    caller: NamedDependency[Caller],
    action_id: FromPath[str],
    data: JSONBody[RunAction],
) -> Execution:
    """Run an action; the API's outcome, good or bad, is in the answer."""
    return await runner.run_action(
        caller, action_id, data.inputs, data.credential_id, idempotency_key=data.idempotency_key
    )


@post(
    "/actions/{action_id:str}/test",
    status_code=200,
    permission="actions:test",
    tags=["executions"],
    operation_id="test_action",
    responses=problems(404, 409, 413, 415, 422),
)
async def test_action(
    runner: NamedDependency[Runner],
    caller: NamedDependency[Caller],
    action_id: FromPath[str],
    data: JSONBody[TestAction],
) -> Execution:
    """Run an action as a test and find the parts of the answer that could become outputs."""
    return await runner.run_action(caller, action_id, data.inputs, data.credential_id, kind="test")


@post(
    "/executions/{execution_id:str}/run-again",
    status_code=200,
    permission="executions:run",
    tags=["executions"],
    operation_id="run_again",
    responses=problems(404, 409),
)
async def run_again(
    db: NamedDependency[Database],
    runner: NamedDependency[Runner],
    caller: NamedDependency[Caller],
    execution_id: FromPath[str],
) -> Execution:
    """Run an execution again, with the same inputs and credential, as a new one of the same kind.

    A test needs `actions:test`, a credential's test `credentials:test`. `not_repeatable` says why it cannot be done.
    """
    return await again.run_again(db, runner, caller, execution_id)


@post(
    "/credentials/{credential_id:str}/test",
    status_code=200,
    permission="credentials:test",
    tags=["executions"],
    operation_id="test_credential",
    responses=problems(404, 409),
)
async def test_credential(
    runner: NamedDependency[Runner], caller: NamedDependency[Caller], credential_id: FromPath[str]
) -> Execution:
    """Prove a credential with its integration's test request."""
    return await runner.test_credential(caller, credential_id)


handlers: Final = [
    list_executions,
    get_execution_statistics,
    get_execution,
    run_action,
    test_action,
    run_again,
    test_credential,
]
