"""Who exists: workspaces, members and API keys. Who is signed in is the business of `sessions`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final, Literal

import sqlalchemy as sa
from msgspec import UNSET

from recado.accounts import audit, repository
from recado.accounts.caller import PERMISSIONS, Caller, Role
from recado.accounts.passwords import PasswordPool
from recado.accounts.repository import Row
from recado.accounts.schemas import ApiKey, CreateMember, Member, NewApiKey, UpdateMember
from recado.accounts.tokens import digest, key_prefix, new_api_key
from recado.accounts.words import clean_email, clean_name, name_of
from recado.db.columns import utc_now
from recado.db.rows import existing
from recado.errors import (
    Conflict,
    Forbidden,
    Invalid,
    LastOwner,
    NameTaken,
    NotFound,
    RecadoError,
    ValidationFailed,
)
from recado.ids import is_id, new_id
from recado.web.pages import Page, page_of

_WORKSPACE_NAME: Final = "default"


def system_caller(workspace_id: str, kind: Literal["system", "cli"] = "system") -> Caller:
    """The caller of what nobody asked for over HTTP: the command line, start-up and background work."""
    return Caller(workspace_id=workspace_id, kind=kind, id=None, role="owner")


def require_role(caller: Caller, role: Role) -> None:
    """Raise Forbidden unless the caller may do all that `role` may: nobody hands out, or takes over, more than they have."""
    if missing := sorted(PERMISSIONS[role] - PERMISSIONS[caller.role]):
        raise Forbidden(role=caller.role, permission=missing[0])


# ── workspaces ───────────────────────────────────────────────────────────────────────────────────────────────────────


def ensure_workspace(connection: sa.Connection) -> str:
    """The id of the workspace of a single-workspace install, made at the first call."""
    if (found := repository.first_workspace(connection)) is not None:
        return found
    workspace_id = new_id("wsp")
    repository.insert_workspace(connection, workspace_id, _WORKSPACE_NAME, utc_now())
    audit.record(
        connection,
        system_caller(workspace_id),
        "workspace.create",
        "workspace",
        workspace_id,
        {"name": _WORKSPACE_NAME},
    )
    return workspace_id


# ── members ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def hash_new_password(
    passwords: PasswordPool, password: str, personal: Sequence[str], *, path: str = "password"
) -> str:
    """Check and hash a password somebody chose. Raises ValidationFailed with `path`, ExecutorBusy."""
    try:
        await passwords.check_password(password, personal)
    except Invalid as problem:
        problem.path = path
        raise ValidationFailed([problem]) from problem
    return await passwords.hash_password(password)


def clean_person(email: str, name: str) -> tuple[str, str]:
    """The address and name of a new account as they are kept. Raises ValidationFailed with both problems."""
    problems: list[RecadoError] = []
    try:
        email = clean_email(email)
    except Invalid as problem:
        problems.append(problem)
    try:
        name = name_of(name, email)
    except Invalid as problem:
        problems.append(problem)
    if problems:
        raise ValidationFailed(problems)
    return email, name


def create_user(
    connection: sa.Connection, caller: Caller, email: str, password_hash: str, role: Role, name: str = ""
) -> Member:
    """A new account and its membership in the caller's workspace. Raises ValidationFailed, Forbidden, NameTaken.

    An account is never adopted from another workspace: whoever set its password there could act here.
    """
    require_role(caller, role)
    email, name = clean_person(email, name)
    user_id, now = new_id("usr"), utc_now()
    try:
        repository.insert_user(
            connection,
            id=user_id,
            email=email,
            name=name,
            password_hash=password_hash,
            language=None,
            is_disabled=False,
            created_at=now,
            updated_at=now,
        )
    except sa.exc.IntegrityError as problem:
        raise NameTaken(name=email) from problem
    repository.insert_membership(connection, caller.workspace_id, user_id, role, now)
    audit.record(connection, caller, "member.create", "member", user_id, {"email": email, "name": name, "role": role})
    return get_member(connection, caller, user_id)


async def hash_for_member(passwords: PasswordPool, data: CreateMember) -> str:
    """Check a new member's data and hash the password. Raises ValidationFailed, ExecutorBusy."""
    email, name = clean_person(data.email, data.name)
    return await hash_new_password(passwords, data.password, [email, name])


def create_member(connection: sa.Connection, caller: Caller, data: CreateMember, password_hash: str) -> Member:
    """A new member, made by another one."""
    return create_user(connection, caller, data.email, password_hash, data.role, data.name)


def list_members(
    connection: sa.Connection, caller: Caller, limit: int, cursor: str | None, search: str | None
) -> Page[Member]:
    """A page of the workspace's members, newest first."""
    rows = repository.list_members(connection, caller.workspace_id, limit, cursor, search)
    return page_of(rows, limit, _member, lambda row: str(row["id"]))


def get_member(connection: sa.Connection, caller: Caller, user_id: str) -> Member:
    """One member. Raises NotFound, for members of other workspaces too."""
    return _member(_find_member(connection, caller, user_id))


def _find_member(connection: sa.Connection, caller: Caller, user_id: str) -> Row:
    return existing(repository.get_member(connection, caller.workspace_id, user_id) if is_id(user_id, "usr") else None)


def _member(row: Row) -> Member:
    return Member(**{name: row[name] for name in Member.__struct_fields__})


def update_member(
    connection: sa.Connection, caller: Caller, user_id: str, data: UpdateMember, password_hash: str | None
) -> Member:
    """Change a member; a new role, a new password or disabling ends the member's sessions.

    Raises NotFound, Forbidden, LastOwner, ValidationFailed, and Conflict for an account other workspaces share.
    """
    repository.lock_workspace(connection, caller.workspace_id)
    before = _find_member(connection, caller, user_id)
    require_role(caller, before["role"])
    account = _account_changes(caller, before, data, password_hash)
    role = before["role"] if data.role is UNSET else data.role
    if role != before["role"]:
        require_role(caller, role)
        repository.update_membership(connection, caller.workspace_id, user_id, role)
    if account:
        _require_sole_workspace(connection, user_id)
        repository.update_user(connection, user_id, **account, updated_at=utc_now())
    is_out = role != before["role"] or account.get("is_disabled") or "password_hash" in account
    if (role != "owner" or account.get("is_disabled")) and before["role"] == "owner":
        _require_other_owner(connection, caller, user_id)
    if is_out:
        repository.delete_sessions(connection, user_id)
    changes = _changes(before, {"role": role} | account)
    if changes:
        audit.record(connection, caller, "member.update", "member", user_id, changes)
    return get_member(connection, caller, user_id)


def _account_changes(caller: Caller, before: Row, data: UpdateMember, password_hash: str | None) -> dict[str, Any]:
    """The columns of the account that change."""
    changes: dict[str, Any] = {}
    if data.name is not UNSET and (name := clean_name(data.name)) != before["name"]:
        changes["name"] = name
    if data.is_disabled is not UNSET and data.is_disabled != before["is_disabled"]:
        changes["is_disabled"] = data.is_disabled
    if password_hash is not None:
        if caller.id == before["id"]:  # a session left open must not be enough to take an account over
            reason = "Change your own password under your own settings, where the present one is asked."
            raise ValidationFailed([Invalid("password", reason=reason)])
        changes["password_hash"] = password_hash
    return changes


def _changes(before: Row, after: dict[str, Any]) -> dict[str, Any]:
    """What changed, for the audit log; of a password only that it did."""
    changes: dict[str, Any] = {
        name: {"before": before[name], "after": value}
        for name, value in after.items()
        if name != "password_hash" and before[name] != value
    }
    return changes | ({"password": "changed"} if "password_hash" in after else {})


def _require_sole_workspace(connection: sa.Connection, user_id: str) -> None:
    """The account itself is changed from the one workspace it is in, or by its owner alone."""
    if repository.count_memberships(connection, user_id) > 1:
        raise Conflict(reason="This account is used in other workspaces too; only its role can be changed here.")


def _require_other_owner(connection: sa.Connection, caller: Caller, user_id: str) -> None:
    if not repository.has_other_owner(connection, caller.workspace_id, user_id):
        raise LastOwner


async def hash_for_update(passwords: PasswordPool, member: Member, data: UpdateMember) -> str | None:
    """Check and hash the new password, if one is given. Raises ValidationFailed, ExecutorBusy."""
    if data.password is UNSET:
        return None
    return await hash_new_password(passwords, data.password, [member.email, member.name])


def delete_member(connection: sa.Connection, caller: Caller, user_id: str) -> None:
    """Take a member out, and remove the account unless another workspace uses it. Raises NotFound, Forbidden, LastOwner."""
    repository.lock_workspace(connection, caller.workspace_id)
    before = _find_member(connection, caller, user_id)
    require_role(caller, before["role"])
    if before["role"] == "owner":
        _require_other_owner(connection, caller, user_id)
    repository.delete_membership(connection, caller.workspace_id, user_id)
    repository.delete_sessions(connection, user_id)
    if repository.count_memberships(connection, user_id) == 0:
        repository.delete_user(connection, user_id)
    details = {name: before[name] for name in ("email", "name", "role")}
    audit.record(connection, caller, "member.delete", "member", user_id, details)


# ── API keys ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def create_api_key(
    connection: sa.Connection, caller: Caller, name: str, role: Role, expires_at: dt.datetime | None = None
) -> tuple[ApiKey, str]:
    """A new key and its text, which exists nowhere else; `expires_at` None means never. Raises ValidationFailed, Forbidden."""
    require_role(caller, role)
    try:
        name = clean_name(name)
    except Invalid as problem:
        raise ValidationFailed([problem]) from problem
    key_id = new_id("key")
    text = new_api_key(key_id)
    repository.insert_api_key(
        connection,
        id=key_id,
        workspace_id=caller.workspace_id,
        name=name,
        role=role,
        key_hash=digest(text),
        created_by=caller.id,
        created_at=utc_now(),
        expires_at=expires_at,
        last_used_at=None,
        revoked_at=None,
    )
    details = {"name": name, "role": role, "expires_at": expires_at}
    audit.record(connection, caller, "api_key.create", "api_key", key_id, details)
    return get_api_key(connection, caller, key_id), text


def show_new_key(api_key: ApiKey, text: str) -> NewApiKey:
    """The answer that shows the text."""
    fields = {name: getattr(api_key, name) for name in ApiKey.__struct_fields__}
    return NewApiKey(**fields, key=text)


def list_api_keys(
    connection: sa.Connection,
    caller: Caller,
    limit: int,
    cursor: str | None,
    search: str | None,
    *,
    is_with_revoked: bool = False,
) -> Page[ApiKey]:
    """A page of the workspace's keys, newest first."""
    rows = repository.list_api_keys(
        connection, caller.workspace_id, limit, cursor, search, is_with_revoked=is_with_revoked
    )
    return page_of(rows, limit, _api_key, lambda row: str(row["id"]))


def get_api_key(connection: sa.Connection, caller: Caller, key_id: str) -> ApiKey:
    """One key. Raises NotFound, for keys of other workspaces too."""
    return _api_key(_find_api_key(connection, caller, key_id))


def _find_api_key(connection: sa.Connection, caller: Caller, key_id: str) -> Row:
    return existing(repository.get_api_key(connection, caller.workspace_id, key_id) if is_id(key_id, "key") else None)


def _api_key(row: Row) -> ApiKey:
    fields = {name: row[name] for name in ApiKey.__struct_fields__ if name != "prefix"}
    return ApiKey(**fields, prefix=key_prefix(row["id"]))


def note_key_use(connection: sa.Connection, caller: Caller, now: dt.datetime) -> None:
    """Keep when a key was last used; its first use is noted in the audit log too."""
    assert caller.id is not None, "keys have ids"
    if repository.touch_api_key(connection, caller.id, now):
        audit.record(connection, caller, "api_key.first_use", "api_key", caller.id, {}, is_change=False)


def revoke_api_key(connection: sa.Connection, caller: Caller, key_id: str) -> None:
    """End a key for good; the row stays to say who had it. Raises NotFound (for revoked ones too), Forbidden."""
    before = _find_api_key(connection, caller, key_id)
    require_role(caller, before["role"])
    if not repository.revoke_api_key(connection, caller.workspace_id, key_id, utc_now()):
        raise NotFound
    audit.record(connection, caller, "api_key.revoke", "api_key", key_id, {"name": before["name"]})
