"""Finds executions by a word: their id, their action's name, their error's code, or the host they went to."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import sqlalchemy as sa

from recado.accounts.caller import Caller
from recado.db.tables import actions, execution_results, executions
from recado.executions import repository
from recado.executions.schemas import Execution
from recado.executions.service import listed
from recado.web.pages import Page, contains, make_cursor, paged

MOST_LOOKED_AT: Final = 10_000
"""Of how many executions one page looks at the words: about a tenth of a second."""
_MOST_ACTIONS: Final = 500
_HOST_CHARACTERS: Final = 300
_CODE_CHARACTERS: Final = 100


def search_executions(
    connection: sa.Connection,
    caller: Caller,
    text: str,
    filters: dict[str, Any],
    span: tuple[dt.datetime | None, dt.datetime | None],
    limit: int,
    cursor: str | None,
) -> Page[Execution]:
    """Newest first; where the page is not full and more were not looked at, `next_cursor` goes on behind the last one."""
    if "\0" in text:  # PostgreSQL has no such text
        return Page([])
    is_found = _holds(connection, caller.workspace_id, text.strip().lower()).label("is_found")
    both = sa.select(executions.c.id, is_found).outerjoin(execution_results, execution_results.c.id == executions.c.id)
    narrowed = repository.narrowed(both, caller.workspace_id, filters, *span)
    looked_at = paged(narrowed, executions.c.id, MOST_LOOKED_AT - 1, cursor).subquery()
    ids = connection.scalars(
        sa.select(looked_at.c.id).where(looked_at.c.is_found).order_by(looked_at.c.id.desc()).limit(limit + 1)
    ).all()
    page = [listed(row) for row in repository.list_executions_by_id(connection, caller.workspace_id, ids[:limit])]
    if len(ids) > limit:
        return Page(page, make_cursor(ids[limit - 1]))
    looked, last = connection.execute(sa.select(sa.func.count(), sa.func.min(looked_at.c.id))).one()
    return Page(page, make_cursor(last) if looked == MOST_LOOKED_AT else None)


def _holds(connection: sa.Connection, workspace_id: str, text: str) -> sa.ColumnElement[bool]:
    """Whether an execution holds the text, in lower case, in one of the places that are searched."""
    places = [
        executions.c.id.startswith(text, autoescape=True),
        _between(connection, execution_results.c.record, '"error":{"code":"', _CODE_CHARACTERS, '"').contains(
            text, autoescape=True
        ),
        _between(connection, executions.c.request, "://", _HOST_CHARACTERS, '"', "/").contains(text, autoescape=True),
    ]
    named = connection.scalars(
        sa.select(actions.c.id)
        .where(actions.c.workspace_id == workspace_id, contains(actions.c.name, text))
        .limit(_MOST_ACTIONS)
    ).all()
    return sa.or_(*places, *([executions.c.action_id.in_(named)] if named else []))


def _between(
    connection: sa.Connection, column: sa.ColumnElement[Any], begin: str, size: int, *ends: str
) -> sa.ColumnElement[str]:
    """What stands in JSON text behind `begin`, up to the first of `ends`: with functions for JSON, one damaged row fails all."""
    position = sa.func.instr if connection.dialect.name == "sqlite" else sa.func.strpos
    at = position(column, begin)
    part: sa.ColumnElement[Any] = sa.func.substr(column, at + len(begin), size)
    for end in ends:
        part = sa.func.substr(part, 1, position(part.concat(end), end) - 1)
    return sa.case((at > 0, part), else_="")
