"""All SQL of accounts: workspaces, users, memberships, sessions, API keys, set-up links and login attempts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from importlib import import_module
from typing import Any, Final

import sqlalchemy as sa

from recado.accounts.login_limits import Attempts
from recado.db.tables import api_keys, login_attempts, memberships, sessions, setup_links, users, workspaces
from recado.web.pages import contains, paged

Row = sa.RowMapping

_MEMBER: Final = sa.select(
    users.c.id,
    users.c.email,
    users.c.name,
    users.c.is_disabled,
    memberships.c.workspace_id,
    memberships.c.role,
    memberships.c.created_at,
).join_from(memberships, users)


# ── workspaces ───────────────────────────────────────────────────────────────────────────────────────────────────────


def first_workspace(connection: sa.Connection) -> str | None:
    """The id of the oldest workspace."""
    return connection.scalar(sa.select(workspaces.c.id).order_by(workspaces.c.created_at, workspaces.c.id).limit(1))


def get_workspace(connection: sa.Connection, workspace_id: str) -> Row:
    """The workspace, which the caller's session or key proves to exist."""
    return connection.execute(sa.select(workspaces).where(workspaces.c.id == workspace_id)).mappings().one()


def insert_workspace(connection: sa.Connection, workspace_id: str, name: str, now: dt.datetime) -> None:
    """A new workspace."""
    connection.execute(sa.insert(workspaces).values(id=workspace_id, name=name, created_at=now))


def lock_workspace(connection: sa.Connection, workspace_id: str) -> None:
    """Let nobody else change the members of the workspace until this transaction ends."""
    connection.execute(
        sa.select(workspaces.c.id).where(workspaces.c.id == workspace_id).with_for_update(key_share=True)
    )


# ── users and memberships ────────────────────────────────────────────────────────────────────────────────────────────


def has_users(connection: sa.Connection) -> bool:
    """Whether anybody has an account."""
    return connection.scalar(sa.select(users.c.id).limit(1)) is not None


def find_user(connection: sa.Connection, email: str) -> Row | None:
    """The user with this address."""
    return connection.execute(sa.select(users).where(users.c.email == email)).mappings().first()


def get_user(connection: sa.Connection, user_id: str) -> Row | None:
    """The user with this id."""
    return connection.execute(sa.select(users).where(users.c.id == user_id)).mappings().first()


def insert_user(connection: sa.Connection, **values: Any) -> None:
    """A new user; IntegrityError when the address is taken."""
    connection.execute(sa.insert(users).values(values))


def update_user(connection: sa.Connection, user_id: str, **values: Any) -> None:
    """Change the account itself."""
    connection.execute(sa.update(users).where(users.c.id == user_id).values(values))


def delete_user(connection: sa.Connection, user_id: str) -> None:
    """Remove the account; its sessions and memberships go with it."""
    connection.execute(sa.delete(users).where(users.c.id == user_id))


def first_membership(connection: sa.Connection, user_id: str) -> Row | None:
    """The membership a login leads to: the oldest."""
    found = sa.select(memberships).where(memberships.c.user_id == user_id)
    return connection.execute(found.order_by(memberships.c.created_at).limit(1)).mappings().first()


def insert_membership(connection: sa.Connection, workspace_id: str, user_id: str, role: str, now: dt.datetime) -> None:
    """Give a user a role in a workspace."""
    connection.execute(
        sa.insert(memberships).values(workspace_id=workspace_id, user_id=user_id, role=role, created_at=now)
    )


def update_membership(connection: sa.Connection, workspace_id: str, user_id: str, role: str) -> None:
    """Give a member another role."""
    connection.execute(sa.update(memberships).where(_is_membership(workspace_id, user_id)).values(role=role))


def delete_membership(connection: sa.Connection, workspace_id: str, user_id: str) -> None:
    """Take a user out of a workspace."""
    connection.execute(sa.delete(memberships).where(_is_membership(workspace_id, user_id)))


def _is_membership(workspace_id: str, user_id: str) -> sa.ColumnElement[bool]:
    return sa.and_(memberships.c.workspace_id == workspace_id, memberships.c.user_id == user_id)


def count_memberships(connection: sa.Connection, user_id: str) -> int:
    """In how many workspaces a user is."""
    return connection.scalar(sa.select(sa.func.count()).where(memberships.c.user_id == user_id)) or 0


def get_member(connection: sa.Connection, workspace_id: str, user_id: str) -> Row | None:
    """One member of the workspace."""
    return connection.execute(_MEMBER.where(_is_membership(workspace_id, user_id))).mappings().first()


def list_members(
    connection: sa.Connection, workspace_id: str, limit: int, cursor: str | None, search: str | None
) -> Sequence[Row]:
    """The rows of a page of members."""
    statement = _MEMBER.where(memberships.c.workspace_id == workspace_id)
    if search:
        statement = statement.where(sa.or_(contains(users.c.name, search), contains(users.c.email, search)))
    return connection.execute(paged(statement, users.c.id, limit, cursor)).mappings().all()


def has_other_owner(connection: sa.Connection, workspace_id: str, user_id: str) -> bool:
    """Whether somebody else who can sign in owns the workspace; call `lock_workspace` before."""
    others = _MEMBER.where(
        memberships.c.workspace_id == workspace_id,
        memberships.c.role == "owner",
        users.c.id != user_id,
        users.c.is_disabled.is_(False),
    )
    return connection.execute(others.limit(1)).first() is not None


# ── sessions ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def insert_session(connection: sa.Connection, **values: Any) -> None:
    """A new session."""
    connection.execute(sa.insert(sessions).values(values))


def find_session(connection: sa.Connection, token_hash: str) -> Row | None:
    """The session with its member's role, unless the user is disabled or no member any more."""
    statement = (
        sa.select(sessions, memberships.c.role)
        .join(users, users.c.id == sessions.c.user_id)
        .join(
            memberships,
            sa.and_(memberships.c.user_id == sessions.c.user_id, memberships.c.workspace_id == sessions.c.workspace_id),
        )
        .where(sessions.c.token_hash == token_hash, users.c.is_disabled.is_(False))
    )
    return connection.execute(statement).mappings().first()


def touch_session(connection: sa.Connection, session_id: str, now: dt.datetime) -> None:
    """Note that the session is in use."""
    connection.execute(sa.update(sessions).where(sessions.c.id == session_id).values(last_seen_at=now))


def delete_session(connection: sa.Connection, session_id: str) -> None:
    """End one session."""
    connection.execute(sa.delete(sessions).where(sessions.c.id == session_id))


def delete_sessions(connection: sa.Connection, user_id: str) -> int:
    """End all sessions of a user; how many there were."""
    return connection.execute(sa.delete(sessions).where(sessions.c.user_id == user_id)).rowcount


# ── API keys ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def insert_api_key(connection: sa.Connection, **values: Any) -> None:
    """A new key."""
    connection.execute(sa.insert(api_keys).values(values))


def find_api_key(connection: sa.Connection, key_hash: str) -> Row | None:
    """The key with this digest, of any workspace."""
    return connection.execute(sa.select(api_keys).where(api_keys.c.key_hash == key_hash)).mappings().first()


def get_api_key(connection: sa.Connection, workspace_id: str, key_id: str) -> Row | None:
    """One key of the workspace."""
    found = sa.select(api_keys).where(api_keys.c.workspace_id == workspace_id, api_keys.c.id == key_id)
    return connection.execute(found).mappings().first()


def list_api_keys(
    connection: sa.Connection,
    workspace_id: str,
    limit: int,
    cursor: str | None,
    search: str | None,
    *,
    is_with_revoked: bool,
) -> Sequence[Row]:
    """The rows of a page of keys."""
    statement = sa.select(api_keys).where(api_keys.c.workspace_id == workspace_id)
    if not is_with_revoked:
        statement = statement.where(api_keys.c.revoked_at.is_(None))
    if search:
        statement = statement.where(contains(api_keys.c.name, search))
    return connection.execute(paged(statement, api_keys.c.id, limit, cursor)).mappings().all()


def revoke_api_key(connection: sa.Connection, workspace_id: str, key_id: str, now: dt.datetime) -> bool:
    """End a key; False when there is none that still holds."""
    changed = connection.execute(
        sa.update(api_keys)
        .where(api_keys.c.workspace_id == workspace_id, api_keys.c.id == key_id, api_keys.c.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    return changed.rowcount == 1


def touch_api_key(connection: sa.Connection, key_id: str, now: dt.datetime) -> bool:
    """Note that the key is in use; whether this is its first use."""
    key = sa.update(api_keys).where(api_keys.c.id == key_id)
    is_first = connection.execute(key.where(api_keys.c.last_used_at.is_(None)).values(last_used_at=now)).rowcount == 1
    if not is_first:
        connection.execute(key.values(last_used_at=now))
    return is_first


# ── set-up links ─────────────────────────────────────────────────────────────────────────────────────────────────────


def insert_setup_link(connection: sa.Connection, token_hash: str, now: dt.datetime, expires_at: dt.datetime) -> None:
    """A new link."""
    connection.execute(
        sa.insert(setup_links).values(token_hash=token_hash, created_at=now, expires_at=expires_at, used_at=None)
    )


def is_setup_link_open(connection: sa.Connection, token_hash: str, now: dt.datetime) -> bool:
    """Whether the link may still be used."""
    found = sa.select(setup_links.c.token_hash).where(_is_open_link(token_hash, now))
    return connection.execute(found).first() is not None


def use_setup_link(connection: sa.Connection, token_hash: str, now: dt.datetime) -> bool:
    """Use the link up; False when it is used or too old. Of two at the same moment one wins."""
    statement = sa.update(setup_links).where(_is_open_link(token_hash, now)).values(used_at=now)
    return connection.execute(statement).rowcount == 1


def _is_open_link(token_hash: str, now: dt.datetime) -> sa.ColumnElement[bool]:
    return sa.and_(
        setup_links.c.token_hash == token_hash, setup_links.c.used_at.is_(None), setup_links.c.expires_at > now
    )


# ── login attempts ───────────────────────────────────────────────────────────────────────────────────────────────────


def lock_attempts(connection: sa.Connection, subject: str, now: dt.datetime) -> Attempts:
    """What was counted for a subject, locked until the transaction ends; zero for a new one."""
    # Each database has its own; importing both would load all of PostgreSQL's, 2.2 MB, into a server on SQLite.
    insert = import_module(f"sqlalchemy.dialects.{connection.dialect.name}").insert
    nothing = {"subject": subject, "failures": 0, "window_started_at": now, "blocked_until": None}
    connection.execute(insert(login_attempts).values(nothing).on_conflict_do_nothing())
    columns = (login_attempts.c.failures, login_attempts.c.window_started_at, login_attempts.c.blocked_until)
    found = sa.select(*columns).where(login_attempts.c.subject == subject).with_for_update()
    return Attempts(*connection.execute(found).one())


def put_attempts(connection: sa.Connection, subject: str, attempts: Attempts) -> None:
    """Keep what was counted; call `lock_attempts` before."""
    connection.execute(
        sa.update(login_attempts)
        .where(login_attempts.c.subject == subject)
        .values(
            failures=attempts.failures,
            window_started_at=attempts.window_started_at,
            blocked_until=attempts.blocked_until,
        )
    )


def delete_attempts(connection: sa.Connection, subject: str) -> None:
    """Forget what was counted."""
    connection.execute(sa.delete(login_attempts).where(login_attempts.c.subject == subject))


# ── what is over ─────────────────────────────────────────────────────────────────────────────────────────────────────


def delete_expired(
    connection: sa.Connection, now: dt.datetime, idle_since: dt.datetime, attempts_before: dt.datetime
) -> None:
    """Remove sessions that ended, links that can no longer be used, and attempts nobody counts any more."""
    connection.execute(
        sa.delete(sessions).where(sa.or_(sessions.c.expires_at <= now, sessions.c.last_seen_at <= idle_since))
    )
    connection.execute(sa.delete(setup_links).where(setup_links.c.expires_at <= now))
    connection.execute(
        sa.delete(login_attempts).where(
            login_attempts.c.window_started_at < attempts_before,
            sa.or_(login_attempts.c.blocked_until.is_(None), login_attempts.c.blocked_until < attempts_before),
        )
    )
