"""The audit log: append-only rows, each carrying the hash of the one before, so that a change to the past is found.

The chain has no key: whoever can write the database and recompute every later hash can forge it. `head` gives the newest
hash, which an operator may keep elsewhere. Call `record` after the change's own statements, as the last step of a transaction.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from typing import Any, Final, Literal

import msgspec
import sqlalchemy as sa

from recado.accounts.caller import Caller
from recado.db.columns import JSON_ENCODER, utc_now, utc_text
from recado.db.revision import raise_revision
from recado.db.tables import audit_log, revisions, workspaces
from recado.errors import Invalid, ValidationFailed
from recado.web.pages import Page, contains, make_cursor, read_cursor

_LOCK_NUMBER: Final = 7_263_236_002  # the one after the migrations' own
_COUNTER: Final = "audit_log"  # its row in `revisions` holds the newest sequence, so that a cut-off end is found too
_NO_HASH: Final = "0" * 64
_PRUNE: Final = "audit_log.prune"
_CANONICAL: Final = msgspec.json.Encoder(order="deterministic")
_ROWS_PER_FETCH: Final = 500
_LONGEST_ADDRESS: Final = 64
_HASHED: Final = (
    "sequence", "workspace_id", "at", "actor_kind", "actor_id", "address",
    "action", "object_kind", "object_id", "details", "previous_hash",
)  # fmt: skip

ActorKind = Literal["user", "api_key", "cli", "system", "anonymous"]


class AuditEntry(msgspec.Struct):
    """One thing that happened: when, who, from where, what, to which object; `details` never holds a secret."""

    sequence: int
    at: dt.datetime
    actor_kind: str
    actor_id: str | None
    address: str | None
    action: str
    object_kind: str | None
    object_id: str | None
    details: Any
    hash: str


class Finding(msgspec.Struct, frozen=True):
    """One sign that the log was changed: at which sequence, and how."""

    sequence: int
    kind: Literal["altered", "missing", "out_of_order"]
    message: str


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """Which entries a list holds; all that are given must fit."""

    action: str | None = None
    actor_id: str | None = None
    object_kind: str | None = None
    object_id: str | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    search: str | None = None


def record(
    connection: sa.Connection,
    caller: Caller,
    action: str,
    object_kind: str | None,
    object_id: str | None,
    details: Any,
    *,
    is_change: bool = True,
) -> None:
    """Note what `caller` did, in the transaction that does it; a change also raises the configuration's revision.

    `action` is `noun.verb` (`integration.create`); `details` is any JSON (structs too) without a secret.
    """
    _append(
        connection,
        workspace_id=caller.workspace_id or None,
        actor_kind=caller.kind,
        actor_id=caller.id,
        address=caller.address,
        action=action,
        object_kind=object_kind,
        object_id=object_id,
        details=details,
    )
    if is_change:
        raise_revision(connection)


def record_anonymous(
    connection: sa.Connection, address: str | None, action: str, object_kind: str, object_id: str | None, details: Any
) -> None:
    """Note what somebody did who is not signed in, such as a failed login; shown in the workspace if there is only one."""
    found = connection.scalars(sa.select(workspaces.c.id).limit(2)).all()
    _append(
        connection,
        workspace_id=found[0] if len(found) == 1 else None,
        actor_kind="anonymous",
        actor_id=None,
        address=address,
        action=action,
        object_kind=object_kind,
        object_id=object_id,
        details=details,
    )


def _append(connection: sa.Connection, **row: Any) -> None:
    _lock(connection)
    sequence, previous = head(connection)
    row |= {
        "sequence": max(sequence, _counted(connection)) + 1,
        "at": utc_now(),
        "previous_hash": previous,
        "address": (row["address"] or "")[:_LONGEST_ADDRESS] or None,
    }
    if row["details"] is None:
        row["details"] = {}
    details = JSON_ENCODER.encode(row["details"]).decode()
    row["hash"] = _hash_of(row | {"at": utc_text(row["at"]), "details": details})
    connection.execute(sa.insert(audit_log).values(row))
    _count(connection, row["sequence"])


def _lock(connection: sa.Connection) -> None:
    """One appender at a time, to the end of its transaction; on SQLite the writing transaction is the lock already."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("select pg_advisory_xact_lock(:number)"), {"number": _LOCK_NUMBER})


def head(connection: sa.Connection) -> tuple[int, str]:
    """The newest row's sequence and hash; 0 and zeros for an empty log."""
    newest = connection.execute(
        sa.select(audit_log.c.sequence, audit_log.c.hash).order_by(audit_log.c.sequence.desc()).limit(1)
    ).first()
    return (newest.sequence, newest.hash) if newest else (0, _NO_HASH)


def _counted(connection: sa.Connection) -> int:
    return connection.scalar(sa.select(revisions.c.value).where(revisions.c.name == _COUNTER)) or 0


def _count(connection: sa.Connection, sequence: int) -> None:
    counted = connection.execute(sa.update(revisions).where(revisions.c.name == _COUNTER).values(value=sequence))
    if counted.rowcount == 0:
        connection.execute(sa.insert(revisions).values(name=_COUNTER, value=sequence))


def _hash_of(row: dict[str, Any]) -> str:
    """SHA-256, in hex, of the row's canonical JSON (keys sorted, details as the very text that is stored)."""
    return hashlib.sha256(_CANONICAL.encode({name: row[name] for name in _HASHED})).hexdigest()


def verify(connection: sa.Connection) -> list[Finding]:
    """Walk the whole chain; every altered, missing or moved row gives a finding, an untouched log gives none."""
    findings: list[Finding] = []
    before: dict[str, Any] | None = None
    counted = _counted(connection)  # before the rows, since others may write while they are read
    for row in _stored_rows(connection):
        findings += _judge_link(connection, before, row)
        if row["hash"] != _hash_of(row):
            findings.append(Finding(row["sequence"], "altered", "This row is not what was written."))
        before = row
    last = before["sequence"] if before else 0
    if last < counted:
        findings.append(Finding(last + 1, "missing", f"The rows {last + 1} to {counted} at the end are gone."))
    return findings


def _stored_rows(connection: sa.Connection) -> Iterator[dict[str, Any]]:
    """The rows in order, times and details as the stored text, so that damaged ones can be judged too."""
    at: sa.ColumnElement[Any] = audit_log.c.at
    if connection.dialect.name == "sqlite":
        at = sa.type_coerce(at, sa.String)
    columns = [audit_log.c[name] for name in (*_HASHED, "hash") if name not in {"at", "details"}]
    details = sa.type_coerce(audit_log.c.details, sa.Text).label("details")
    statement = sa.select(*columns, at.label("at"), details).order_by(audit_log.c.sequence)
    for row in connection.execute(statement.execution_options(yield_per=_ROWS_PER_FETCH)).mappings():
        yield dict(row) | {"at": row["at"] if isinstance(row["at"], str) else utc_text(row["at"])}


def _judge_link(connection: sa.Connection, before: dict[str, Any] | None, row: dict[str, Any]) -> Iterator[Finding]:
    sequence = row["sequence"]
    expected = before["sequence"] + 1 if before else 1
    if sequence != expected and not (before is None and _is_pruned(connection, row)):
        yield Finding(expected, "missing", f"The rows {expected} to {sequence - 1} are gone.")
    elif before is not None and row["previous_hash"] != before["hash"]:
        yield Finding(sequence, "out_of_order", "This row does not follow the one before it.")
    elif sequence == 1 and row["previous_hash"] != _NO_HASH:
        yield Finding(sequence, "out_of_order", "This row was not the first one.")


def _is_pruned(connection: sa.Connection, first: dict[str, Any]) -> bool:
    """Whether the log itself says that what came before its first row was removed because of its age."""
    through = {"through": first["sequence"] - 1, "hash": first["previous_hash"]}
    noted = connection.scalars(sa.select(audit_log.c.details).where(audit_log.c.action == _PRUNE))
    return any(details == through for details in noted)


def prune(connection: sa.Connection, caller: Caller, before: dt.datetime) -> int:
    """Remove the rows older than `before` and note in the log up to where; how many were removed."""
    _lock(connection)
    kept = sa.select(sa.func.min(audit_log.c.sequence)).where(audit_log.c.at >= before).scalar_subquery()
    last = connection.execute(
        sa.select(audit_log.c.sequence, audit_log.c.hash)
        .where(audit_log.c.at < before, audit_log.c.sequence < sa.func.coalesce(kept, sa.literal(2**62)))
        .order_by(audit_log.c.sequence.desc())
        .limit(1)
    ).first()
    if last is None:
        return 0
    details = {"through": last.sequence, "hash": last.hash}
    record(connection, caller, _PRUNE, "audit_log", None, details, is_change=False)
    removed = connection.execute(sa.delete(audit_log).where(audit_log.c.sequence <= last.sequence))
    return removed.rowcount


def list_entries(
    connection: sa.Connection, caller: Caller, filters: Filters, limit: int, cursor: str | None
) -> Page[AuditEntry]:
    """A page of the workspace's entries, newest first. Raises ValidationFailed for a cursor of another list."""
    statement = _filtered(sa.select(audit_log).where(audit_log.c.workspace_id == caller.workspace_id), filters)
    if (last := _read_sequence(cursor)) is not None:
        statement = statement.where(audit_log.c.sequence < last)
    rows = connection.execute(statement.order_by(audit_log.c.sequence.desc()).limit(limit + 1)).mappings().all()
    shown = [AuditEntry(**{name: row[name] for name in AuditEntry.__struct_fields__}) for row in rows[:limit]]
    return Page(shown, make_cursor(str(shown[-1].sequence)) if len(rows) > limit else None)


def _filtered(statement: sa.Select[Any], filters: Filters) -> sa.Select[Any]:
    for name in ("action", "actor_id", "object_kind", "object_id"):
        if (wanted := getattr(filters, name)) is not None:
            statement = statement.where(audit_log.c[name] == wanted)
    if filters.since is not None:
        statement = statement.where(audit_log.c.at >= filters.since)
    if filters.until is not None:
        statement = statement.where(audit_log.c.at < filters.until)
    if filters.search:
        found_in = (audit_log.c.action, audit_log.c.object_id, audit_log.c.details)
        statement = statement.where(sa.or_(*(contains(sa.type_coerce(c, sa.Text), filters.search) for c in found_in)))
    return statement


def _read_sequence(cursor: str | None) -> int | None:
    text = read_cursor(cursor)
    if text is None:
        return None
    if not text.isdecimal() or len(text) > 18:  # a bigint has 19 digits at most
        raise ValidationFailed([Invalid("cursor", reason="This is not a cursor of this list.")])
    return int(text)
