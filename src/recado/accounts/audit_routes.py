"""HTTP paths of the audit log."""

from __future__ import annotations

from typing import Annotated, Final

import sqlalchemy as sa
from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from recado.accounts import audit
from recado.accounts.audit import AuditEntry, Filters
from recado.accounts.caller import Caller
from recado.accounts.schemas import AuditReport
from recado.db.engine import Database
from recado.web.pages import Cursor, Limit, Moment, Page, Search, read_moment
from recado.web.problems import problems

_Exactly = Annotated[str | None, QueryParameter(max_length=64, pattern=r"^[!-~]+$", description="Only this one.")]


@get("/audit-log", permission="audit:read", operation_id="list_audit_log", tags=["audit_log"], responses=problems(422))
async def list_audit_log(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    action: _Exactly = None,
    actor_id: _Exactly = None,
    object_kind: _Exactly = None,
    object_id: _Exactly = None,
    since: Moment = None,
    until: Moment = None,
    search: Search = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[AuditEntry]:
    """What was done in the workspace, by whom and from where, newest first."""
    filters = Filters(
        action=action,
        actor_id=actor_id,
        object_kind=object_kind,
        object_id=object_id,
        since=read_moment("since", since),
        until=read_moment("until", until),
        search=search,
    )
    return await db.read(audit.list_entries, caller, filters, limit, cursor)


@post(
    "/audit-log/verify",
    permission="audit:read",
    status_code=200,
    operation_id="verify_audit_log",
    tags=["audit_log"],
    responses=problems(),
)
async def verify_audit_log(db: NamedDependency[Database]) -> AuditReport:
    """Walk the whole log of this server and tell whether any row was altered, removed or moved."""
    return await db.read(_report)


def _report(connection: sa.Connection) -> AuditReport:
    sequence, newest = audit.head(connection)
    findings = audit.verify(connection)
    return AuditReport(is_intact=not findings, sequence=sequence, hash=newest, findings=findings)


handlers: Final = [list_audit_log, verify_audit_log]
