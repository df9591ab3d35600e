"""What `recado doctor` looks at, one function a check; each says what it found and how to mend it."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import os
import shutil
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, Final, Literal

import msgspec
import sqlalchemy as sa

import recado
from recado.accounts import audit
from recado.credentials import keys
from recado.credentials.kek import KekProvider, keys_folder, load_kek
from recado.db import migrate, sqlite
from recado.db.columns import utc_now
from recado.db.engine import Database
from recado.db.sqlite import FolderLock
from recado.db.tables import audit_log, conversation_wakes, executions, processes
from recado.errors import DataFolderLocked, ExecutorUnavailable, RecadoError, SettingInvalid
from recado.executions.tasks import DEAD_AFTER
from recado.outbound.resolver import Resolver
from recado.outbound.rules import parse_rules
from recado.parts import make_policy
from recado.settings import Settings
from recado.web.link import ExecutorLink

State = Literal["ok", "warn", "fail"]

_MIB: Final = 1024 * 1024
_FREE_WARN: Final = 1024 * _MIB
_FREE_FAIL: Final = 64 * _MIB
_RESOLVE_SECONDS: Final = 4.0
_EXECUTOR_SECONDS: Final = 5.0
_EXECUTOR_AWAY: Final = ("It does not answer.", "Start it: recado serve --role executor. See RECADO_EXECUTOR_URL.")
_EXECUTOR_TROUBLE: Final = {
    "executor_token_wrong": ("It does not take our token.", "Give both processes the same RECADO_EXECUTOR_TOKEN."),
    "answer_of_something_else": ("What answers there is no executor.", "See RECADO_EXECUTOR_URL."),
}
_DRIFT_WARN: Final = dt.timedelta(seconds=2)
_DRIFT_FAIL: Final = dt.timedelta(seconds=60)  # leases and expiries are told by the database's clock
_WIDEST: Final = {32: 2**24, 128: 2**96}
"""How many addresses of 32 and of 128 bits one allow rule may cover before it is called wide."""


class Check(msgspec.Struct, frozen=True):
    """One thing looked at."""

    name: str
    state: State
    found: str
    mend: str = ""


async def look_over(settings: Settings, host: str) -> list[Check]:
    """All checks in the order they are shown; what cannot be looked at without the database is left out with it."""
    checks = [check_folder(settings), *check_disk(settings)]
    async with _database(settings, checks) as database:
        if database is not None:
            checks += await _look_into(database, settings)
    checks.append(check_build_clock())
    checks.append(await check_names(settings, host))
    checks += check_policy(settings)
    if settings.role == "api":
        checks.append(await check_executor(settings))
    return checks


async def _look_into(database: Database, settings: Settings) -> list[Check]:
    """What the database tells; a database that is not up to date has no more to tell."""
    checks: list[Check] = []
    try:
        schema = await database.read(check_schema)
        checks.append(schema)
        if database.is_sqlite:
            checks.append(await database.read(check_integrity))
        if schema.state == "ok":
            if settings.role != "api":  # which has no key, and may not be allowed to read that table
                checks.append(await database.read(check_keys, settings))
            checks.append(await database.read(check_clock))
            if not database.is_sqlite:
                checks.append(await database.read(check_workers, settings))
            checks.append(await database.read(check_audit_log))
    except RecadoError as problem:
        checks.append(Check("database", "fail", str(problem), "See RECADO_DATABASE_URL; is the database running?"))
    except sa.exc.SQLAlchemyError as problem:
        reason = str(getattr(problem, "orig", None) or type(problem).__name__).partition("\n")[0]
        checks.append(Check("database", "fail", f"It cannot be read: {reason}.", "Restore it from a backup."))
    return checks


# ── folder and disk ──────────────────────────────────────────────────────────────────────────────────────────────────


def check_folder(settings: Settings) -> Check:
    """Whether the data folder is there, is ours and is closed to others."""
    folder = settings.data_dir.resolve()
    if not folder.exists():
        return Check("folder", "warn", f"{folder} is not there yet.", "The first start makes it: recado serve")
    if not folder.is_dir() or not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return Check("folder", "fail", f"{folder} cannot be used by this user.", "See its owner and mode.")
    if folder.stat().st_mode & 0o077:
        mend = f"chmod 700 {folder}"
        return Check("folder", "warn", f"{folder} is open to other users of this machine.", mend)
    return Check("folder", "ok", f"{folder}")


def check_disk(settings: Settings) -> Iterator[Check]:
    """Free room, and the ballast that is given back when there is none."""
    folder = settings.data_dir.resolve()
    if not folder.is_dir():
        return
    free = shutil.disk_usage(folder).free
    state: State = "fail" if free < _FREE_FAIL else "warn" if free < _FREE_WARN else "ok"
    mend = "" if state == "ok" else "Free some room, or shorten RECADO_RETENTION_DAYS."
    yield Check("disk", state, f"{free // _MIB:,} MiB free.", mend)
    if settings.is_sqlite and settings.sqlite_path.exists():
        if (folder / "ballast").exists():
            yield Check("ballast", "ok", "16 MiB are kept to be given back when the disk is full.")
        else:
            yield Check(
                "ballast", "warn", "There is none: a full disk would refuse even deletions.", "A server makes it."
            )


# ── database ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@contextlib.asynccontextmanager
async def _database(settings: Settings, checks: list[Check]) -> AsyncIterator[Database | None]:
    """The database if there is one to open; says so where there is none. Nothing is made."""
    if settings.is_sqlite:
        checks.append(check_library())
        if not settings.sqlite_path.exists():
            checks.append(Check("database", "warn", "There is none yet.", "The first start makes it: recado serve"))
            yield None
            return
    with contextlib.ExitStack() as stack:
        database = Database(settings)
        stack.callback(database.close)
        try:
            if database.is_single_connection:
                lock = FolderLock(settings.data_dir)
                lock.take()
                stack.callback(lock.release)
                database.start()
        except DataFolderLocked as problem:
            checks.append(Check("database", "warn", str(problem), "Stop the server to have its database looked at."))
            yield None
            return
        yield database


def check_library() -> Check:
    """Whether the SQLite library may be used by two connections at once."""
    library = sqlite.library()
    found = f"SQLite {library.sqlite_version}"
    if sqlite.has_safe_library():
        return Check("library", "ok", f"{found}.")
    mend = "Install the pysqlite3 package, or use PostgreSQL."
    return Check("library", "warn", f"{found} can lose writes of two connections, so only one is used.", mend)


def check_schema(connection: sa.Connection) -> Check:
    """Whether the schema is this release's."""
    found, known = migrate.current_revision(connection), migrate.newest_revision()
    kind = "SQLite" if connection.dialect.name == "sqlite" else "PostgreSQL"
    if found == known:
        return Check("database", "ok", f"{kind}, schema {found}.")
    if found is not None and found > known:
        return Check("database", "fail", f"{kind}, schema {found}; this release knows {known}.", "Upgrade Recado.")
    return Check("database", "fail", f"{kind}, schema {found or 'none'}; this release has {known}.", "recado migrate")


def check_integrity(connection: sa.Connection) -> Check:
    """SQLite's own quick check."""
    findings = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA quick_check(5)")]
    if findings == ["ok"]:
        return Check("integrity", "ok", "SQLite's quick check finds nothing.")
    return Check("integrity", "fail", "; ".join(findings), "Restore the database from a backup.")


def check_audit_log(connection: sa.Connection) -> Check:
    """Whether the audit log is as it was written."""
    findings = audit.verify(connection)
    if not findings:
        return Check("audit log", "ok", f"{audit.head(connection)[0]:,} entries, none altered or missing.")
    told = "; ".join(f"{finding.message} ({finding.sequence})" for finding in findings[:3])
    more = f" And {len(findings) - 3} more." if len(findings) > 3 else ""
    return Check("audit log", "fail", told + more, "Compare with a backup; somebody changed the database by hand.")


# ── keys ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def check_keys(connection: sa.Connection, settings: Settings) -> Check:
    """Whether every sealed value can be opened: the KEK is there and safe, every kid has its key."""
    provider = settings.kek_provider
    try:
        kek: KekProvider | None = load_kek(settings)
    except RecadoError as problem:
        if _is_untouched(connection, settings):
            return Check("keys", "ok", "No secret is stored yet; the first start makes the key.")
        return Check("keys", "fail", str(problem), f"Restore {keys.place_of_keys(settings)} from the backup.")
    findings = keys.check_keys(connection, kek, keys.place_of_keys(settings))
    if findings:
        told = " ".join(finding.message for finding in findings)
        return Check("keys", "fail", told, "Restore the keys, then run: recado keys verify")
    return Check("keys", "ok", f"Every sealing key opens (KEK by {provider}).")


def _is_untouched(connection: sa.Connection, settings: Settings) -> bool:
    """Whether nothing is sealed and no key file was ever made."""
    is_bare = settings.kek_provider == "file" and not (keys_folder(settings) / "master.key").exists()
    return is_bare and not keys.check_keys(connection, None)


# ── clock ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def check_clock(connection: sa.Connection) -> Check:
    """This machine's clock against the database's, or against the newest thing that is written down."""
    if connection.dialect.name == "postgresql":
        drift = abs(utc_now() - _only(connection, sa.select(sa.func.clock_timestamp())))
        told = f"{drift.total_seconds():.1f} s from the database's clock."
    else:
        drift = max(dt.timedelta(0), _newest(connection) - utc_now())
        told = (
            f"{drift.total_seconds():.1f} s behind what is written down."
            if drift
            else "Not behind what is written down."
        )
    state: State = "fail" if drift > _DRIFT_FAIL else "warn" if drift > _DRIFT_WARN else "ok"
    return Check("clock", state, told, "" if state == "ok" else "Set the clock, and keep it with NTP.")


def _newest(connection: sa.Connection) -> dt.datetime:
    moments = [
        _only(connection, sa.select(column).order_by(order.desc()).limit(1))
        for column, order in ((audit_log.c.at, audit_log.c.sequence), (executions.c.created_at, executions.c.id))
    ]
    return max((moment for moment in moments if moment is not None), default=dt.datetime.min.replace(tzinfo=dt.UTC))


def _only(connection: sa.Connection, statement: sa.Select[Any]) -> Any:
    return connection.scalar(statement)


def check_build_clock() -> Check:
    """A clock before the day this software was put here is wrong: certificates and keys would seem not yet valid."""
    installed = Path(recado.__file__).stat().st_mtime
    if time.time() < installed:
        return Check("date", "fail", "The clock is before the day Recado was installed.", "Set the clock.")
    return Check("date", "ok", utc_now().strftime("%Y-%m-%d %H:%M UTC"))


# ── workers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def check_workers(connection: sa.Connection, settings: Settings) -> Check:
    """Who takes the turns of conversations, and how many wait."""
    kinds = list(
        connection.scalars(
            sa.select(processes.c.kind).where(processes.c.heartbeat_at >= sa.func.clock_timestamp() - DEAD_AFTER)
        )
    )
    workers, servers = kinds.count("worker"), kinds.count("server")
    waiting = connection.scalar(sa.select(sa.func.count()).select_from(conversation_wakes)) or 0
    told = f"{workers} workers and {servers} servers live; {waiting:,} turns of conversations wait."
    if waiting and not workers + servers:
        return Check("workers", "warn", told, "Start a worker, or a server: recado worker")
    if waiting >= settings.conversations_max_waiting:
        return Check("workers", "warn", told, "New messages are refused. Start more workers: recado worker")
    return Check("workers", "ok", told)


# ── network ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def check_names(settings: Settings, host: str) -> Check:
    """Whether the name servers answer."""
    servers = ", ".join(settings.dns_servers) or "those of the system"
    try:
        resolver = Resolver(settings.dns_servers)
    except SettingInvalid as problem:
        return Check("names", "fail", str(problem), "Correct the setting; a server does not start with it.")
    try:
        addresses = await resolver.resolve(host, asyncio.get_running_loop().time() + _RESOLVE_SECONDS)
    except RecadoError as problem:
        mend = "Calls to host names will fail. Set RECADO_DNS_SERVERS, or see the machine's network."
        return Check("names", "warn", f"{host} by {servers}: {problem}", mend)
    finally:
        resolver.close()
    return Check("names", "ok", f"{host} resolves to {len(addresses)} addresses, by {servers}.")


async def check_executor(settings: Settings) -> Check:
    """Whether the executor of an api process answers, and takes its token."""
    try:
        executor = ExecutorLink(settings.executor_url, settings.executor_token, lambda: 0)
    except SettingInvalid as problem:
        return Check("executor", "fail", str(problem), "Correct the setting; a server does not start with it.")
    try:
        answer = await executor.get(b"/health/ready", seconds=_EXECUTOR_SECONDS)
    except ExecutorUnavailable as problem:
        told, mend = _EXECUTOR_TROUBLE.get(str(problem.facts["reason"]), _EXECUTOR_AWAY)
        return Check("executor", "fail", told, mend)
    finally:
        await executor.close()
    if answer.status != 200:
        return Check("executor", "fail", "It answers, and takes no work.", "Run recado doctor where the executor runs.")
    return Check("executor", "ok", "It answers, and takes our token.")


def check_policy(settings: Settings) -> Iterator[Check]:
    """Whether the egress rules can be read, what they say, and which of them are very wide."""
    try:
        policy = make_policy(settings)
    except SettingInvalid as problem:
        yield Check("policy", "fail", str(problem), "Correct the setting; a server does not start with it.")
        return
    wide = [rule for rule in settings.egress_allow if _is_wide(rule)]
    if wide:
        mend = "Name single hosts, as 10.1.2.3/32:443 or billing=10.0.0.0/24:443."
        yield Check("policy", "warn", f"RECADO_EGRESS_ALLOW is very wide: {', '.join(wide)}.", mend)
    else:
        yield Check("policy", "ok", " ".join(policy.describe()))


def _is_wide(text: str) -> bool:
    """Whether an allow rule opens more than a /8 (IPv6: a /32) to every name."""
    (rule,) = parse_rules("RECADO_EGRESS_ALLOW", [text])
    return rule.name is None and rule.last - rule.first >= _WIDEST[rule.bits]
