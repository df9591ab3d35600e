"""Who is signed in: the set-up link, login, logout and one's own password. Sessions live in the database, not in the cookie."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from msgspec import UNSET

from recado.accounts import audit, repository, service
from recado.accounts.caller import PERMISSIONS, Caller, Role
from recado.accounts.login_limits import (
    WINDOW,
    account_subject,
    address_subject,
    after_account_attempt,
    after_address_attempt,
    without_one,
)
from recado.accounts.passwords import PasswordPool, needs_rehash
from recado.accounts.repository import Row
from recado.accounts.schemas import (
    ChangePassword,
    CreateOwner,
    CreateSession,
    Session,
    SignedIn,
    UpdateSession,
    User,
    Workspace,
)
from recado.accounts.tokens import digest, is_token, new_token
from recado.accounts.words import clean_email, clean_name
from recado.db.columns import utc_now
from recado.db.engine import Database
from recado.db.rows import existing
from recado.errors import (
    Invalid,
    LoginFailed,
    LoginRequired,
    NotFound,
    PasswordWrong,
    SetupClosed,
    TooManyAttempts,
    ValidationFailed,
)
from recado.ids import new_id

IDLE: Final = dt.timedelta(hours=12)
LONGEST: Final = dt.timedelta(days=7)
SETUP_LINK_LIFE: Final = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Login:
    """What a login leads to: the answer, and the token for the cookie."""

    answer: SignedIn
    token: str


def is_over(session: Row, now: dt.datetime) -> bool:
    """Whether a session has ended: 12 hours after it was last used, 7 days after it began."""
    return bool(now >= session["expires_at"] or now >= session["last_seen_at"] + IDLE)


def delete_expired(connection: sa.Connection, now: dt.datetime) -> None:
    """Remove what no longer counts: ended sessions, old set-up links, forgotten login attempts."""
    repository.delete_expired(connection, now, now - IDLE, now - 2 * WINDOW)


# ── set-up ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def ensure_setup_link(connection: sa.Connection, now: dt.datetime | None = None) -> str | None:
    """A token with which the first owner can be made within the hour; None once anybody has an account.

    Several processes that start together each get one of their own; all end with the first that is used.
    """
    if repository.has_users(connection):
        return None
    now, token = now or utc_now(), new_token()
    repository.insert_setup_link(connection, digest(token), now, now + SETUP_LINK_LIFE)
    return token


def is_setup_needed(connection: sa.Connection) -> bool:
    """Whether the first owner is still to be made."""
    return not repository.has_users(connection)


async def set_up(
    db: Database, passwords: PasswordPool, data: CreateOwner, address: str | None, now: dt.datetime
) -> Login:
    """Make the workspace and its owner, and sign the owner in. Raises SetupClosed, ValidationFailed, ExecutorBusy."""
    await db.read(_require_open_link, data.token, now)  # before the costly hash, which is not for everybody
    email, name = service.clean_person(data.email, data.name)
    password_hash = await service.hash_new_password(passwords, data.password, [email, name])
    return await db.write(_create_owner, data, password_hash, address, now)


def _require_open_link(connection: sa.Connection, token: str, now: dt.datetime) -> None:
    is_open = is_token(token) and repository.is_setup_link_open(connection, digest(token), now)
    if not is_open or repository.has_users(connection):
        raise SetupClosed


def _create_owner(
    connection: sa.Connection, data: CreateOwner, password_hash: str, address: str | None, now: dt.datetime
) -> Login:
    workspace_id = service.ensure_workspace(connection)
    repository.lock_workspace(connection, workspace_id)  # two links used at the same moment make one owner
    if repository.has_users(connection) or not repository.use_setup_link(connection, digest(data.token), now):
        raise SetupClosed
    caller = Caller(workspace_id=workspace_id, kind="system", id=None, role="owner", address=address)
    member = service.create_user(connection, caller, data.email, password_hash, "owner", data.name)
    return _open_session(connection, member.id, workspace_id, "owner", address, now)


# ── login ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def log_in(
    db: Database, passwords: PasswordPool, data: CreateSession, address: str | None, now: dt.datetime
) -> Login:
    """Sign in. An unknown e-mail and a wrong password take the same steps and time.

    Raises LoginFailed, TooManyAttempts, ExecutorBusy.
    """
    email = _comparable(data.email)
    user = await db.write(_begin_login, email, address, now)
    is_right = await passwords.verify_password(None if user is None else user["password_hash"], data.password)
    if not is_right or user is None or user["is_disabled"]:
        await db.write(_note_failure, None if user is None else user["id"], address)
        raise LoginFailed
    new_hash = await passwords.hash_password(data.password) if needs_rehash(user["password_hash"]) else None
    return await db.write(_finish_login, user, email, new_hash, address, now)


def _comparable(email: str) -> str:
    """The address as it is kept; what cannot be an address is no user's, and no error of its own."""
    try:
        return clean_email(email)
    except Invalid:
        return ""


def _begin_login(connection: sa.Connection, email: str, address: str | None, now: dt.datetime) -> Row | None:
    """Count the attempt before the password is looked at, so that parallel guesses cannot outrun the count."""
    _count_attempt(connection, email, address, now)
    return repository.find_user(connection, email)


def _count_attempt(connection: sa.Connection, email: str, address: str | None, now: dt.datetime) -> None:
    for subject, after in (
        (account_subject(email, address), after_account_attempt),
        (address_subject(address), after_address_attempt),
    ):
        before = repository.lock_attempts(connection, subject, now)
        if seconds := before.seconds_blocked(now):
            raise TooManyAttempts(seconds=seconds)
        repository.put_attempts(connection, subject, after(before, now))


def _forget_attempts(connection: sa.Connection, email: str, address: str | None, now: dt.datetime) -> None:
    """What was right is no guess."""
    repository.delete_attempts(connection, account_subject(email, address))
    subject = address_subject(address)
    repository.put_attempts(connection, subject, without_one(repository.lock_attempts(connection, subject, now)))


def _note_failure(connection: sa.Connection, user_id: str | None, address: str | None) -> None:
    audit.record_anonymous(connection, address, "session.create_failed", "user", user_id, {})


def _finish_login(
    connection: sa.Connection, user: Row, email: str, new_hash: str | None, address: str | None, now: dt.datetime
) -> Login:
    membership = repository.first_membership(connection, user["id"])
    present = repository.get_user(connection, user["id"])
    is_as_checked = present is not None and present["password_hash"] == user["password_hash"]
    if membership is None or not is_as_checked or (present and present["is_disabled"]):
        raise LoginFailed  # changed while the password was being checked, or in no workspace any more
    _forget_attempts(connection, email, address, now)
    delete_expired(connection, now)
    if new_hash is not None:
        repository.update_user(connection, user["id"], password_hash=new_hash)
    return _open_session(connection, user["id"], membership["workspace_id"], membership["role"], address, now)


def _open_session(
    connection: sa.Connection, user_id: str, workspace_id: str, role: Role, address: str | None, now: dt.datetime
) -> Login:
    token, session_id = new_token(), new_id("ses")
    repository.insert_session(
        connection,
        id=session_id,
        token_hash=digest(token),
        user_id=user_id,
        workspace_id=workspace_id,
        created_at=now,
        last_seen_at=now,
        expires_at=now + LONGEST,
    )
    caller = Caller(workspace_id, "user", user_id, role, address, session_id)
    audit.record(connection, caller, "session.create", "session", session_id, {}, is_change=False)
    return Login(SignedIn(_user(connection, user_id), _workspace(connection, workspace_id), role), token)


# ── the session one has ──────────────────────────────────────────────────────────────────────────────────────────────


def get_session(connection: sa.Connection, caller: Caller) -> Session:
    """Who calls and what they may do."""
    is_user = caller.kind == "user"
    assert caller.id is not None, "users and keys have ids"
    return Session(
        kind="user" if is_user else "api_key",
        user=_user(connection, caller.id) if is_user else None,
        api_key=None if is_user else service.get_api_key(connection, caller, caller.id),
        workspace=_workspace(connection, caller.workspace_id),
        role=caller.role,
        permissions=sorted(PERMISSIONS[caller.role]),
    )


def update_session(connection: sa.Connection, caller: Caller, data: UpdateSession) -> Session:
    """Change one's own name or language. Raises NotFound for a key, ValidationFailed."""
    user = _own_user(connection, caller)
    changes: dict[str, Any] = {}
    if data.name is not UNSET:
        try:
            changes["name"] = clean_name(data.name)
        except Invalid as problem:
            raise ValidationFailed([problem]) from problem
    if data.language is not UNSET:
        changes["language"] = data.language
    changes = {name: value for name, value in changes.items() if user[name] != value}
    if changes:
        repository.update_user(connection, user["id"], **changes, updated_at=utc_now())
        details = {name: {"before": user[name], "after": value} for name, value in changes.items()}
        audit.record(connection, caller, "user.update", "user", user["id"], details)
    return get_session(connection, caller)


def delete_session(connection: sa.Connection, caller: Caller) -> None:
    """Sign out. Raises NotFound for a key, which has no session."""
    if caller.session_id is None:
        raise NotFound
    repository.delete_session(connection, caller.session_id)
    audit.record(connection, caller, "session.delete", "session", caller.session_id, {}, is_change=False)


async def change_password(
    db: Database, passwords: PasswordPool, caller: Caller, data: ChangePassword, now: dt.datetime
) -> Login:
    """Change one's own password: all sessions end, and a new one begins for the caller.

    Raises PasswordWrong (guesses count as logins do), TooManyAttempts, ValidationFailed, ExecutorBusy, NotFound for a key.
    """
    user = await db.write(_begin_change, caller, now)
    if not await passwords.verify_password(user["password_hash"], data.current_password):
        raise ValidationFailed([PasswordWrong("current_password")])
    personal = [user["email"], user["name"]]
    new_hash = await service.hash_new_password(passwords, data.new_password, personal, path="new_password")
    return await db.write(_finish_change, caller, user, new_hash, now)


def _begin_change(connection: sa.Connection, caller: Caller, now: dt.datetime) -> Row:
    user = _own_user(connection, caller)
    _count_attempt(connection, user["email"], caller.address, now)
    return user


def _finish_change(connection: sa.Connection, caller: Caller, checked: Row, new_hash: str, now: dt.datetime) -> Login:
    user = _own_user(connection, caller)
    if user["password_hash"] != checked["password_hash"]:
        raise LoginRequired  # somebody else changed it meanwhile, which ended this session
    _forget_attempts(connection, user["email"], caller.address, now)
    repository.update_user(connection, user["id"], password_hash=new_hash, updated_at=now)
    ended = repository.delete_sessions(connection, user["id"])
    login = _open_session(connection, user["id"], caller.workspace_id, caller.role, caller.address, now)
    audit.record(connection, caller, "user.change_password", "user", user["id"], {"ended_sessions": ended})
    return login


def _own_user(connection: sa.Connection, caller: Caller) -> Row:
    return existing(repository.get_user(connection, caller.id) if caller.kind == "user" and caller.id else None)


def _user(connection: sa.Connection, user_id: str) -> User:
    row = repository.get_user(connection, user_id)
    if row is None:  # removed since the caller was identified
        raise LoginRequired
    return User(**{name: row[name] for name in User.__struct_fields__})


def _workspace(connection: sa.Connection, workspace_id: str) -> Workspace:
    row = repository.get_workspace(connection, workspace_id)
    return Workspace(id=row["id"], name=row["name"])
