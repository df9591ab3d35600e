"""HTTP paths of set-up, sessions, members and API keys; those of the audit log are beside it."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from litestar import Request, Response, delete, get, patch, post, put
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from recado.accounts import audit_routes, service, sessions
from recado.accounts.caller import Caller
from recado.accounts.guard import NO_SECURITY
from recado.accounts.headers import Peer, cookie_name, refuse_other_site
from recado.accounts.identify import Identifier
from recado.accounts.schemas import (
    ApiKey,
    ChangePassword,
    CreateApiKey,
    CreateMember,
    CreateOwner,
    CreateSession,
    Member,
    NewApiKey,
    Session,
    SetupState,
    SignedIn,
    UpdateMember,
    UpdateSession,
)
from recado.db.engine import Database
from recado.web.pages import Cursor, Limit, Page, Search
from recado.web.problems import problems

_Request = Request[Any, Any, Any]


def _peer(request: _Request, identifier: Identifier) -> Peer:
    client = request.scope.get("client")
    return identifier.peer_of(list(request.scope["headers"]), client[0] if client else None, request.scope["scheme"])


def _session_cookie(peer: Peer, token: str, *, seconds: int) -> Cookie:
    return Cookie(
        key=cookie_name(is_secure=peer.is_secure),
        value=token,
        max_age=seconds,
        path="/",
        secure=peer.is_secure,
        httponly=True,
        samesite="lax",
    )


def _signed_in(peer: Peer, login: sessions.Login, status: int) -> Response[SignedIn]:
    cookie = _session_cookie(peer, login.token, seconds=int(sessions.LONGEST.total_seconds()))
    return Response(login.answer, status_code=status, cookies=[cookie])


# ── set-up and sessions ──────────────────────────────────────────────────────────────────────────────────────────────


@get("/setup", is_public=True, security=NO_SECURITY, operation_id="get_setup", tags=["sessions"], responses=problems())
async def get_setup(db: NamedDependency[Database]) -> SetupState:
    """Whether the first owner is still to be made, with the link the server printed when it started."""
    return SetupState(is_needed=await db.read(sessions.is_setup_needed))


@post(
    "/setup",
    is_public=True,
    security=NO_SECURITY,
    operation_id="create_owner",
    tags=["sessions"],
    responses=problems(413, 415, 422),
)
async def create_owner(
    request: _Request,
    db: NamedDependency[Database],
    identifier: NamedDependency[Identifier],
    data: JSONBody[CreateOwner],
) -> Response[SignedIn]:
    """Make the first owner and sign in."""
    refuse_other_site(list(request.scope["headers"]), identifier.base_url)
    peer = _peer(request, identifier)
    login = await sessions.set_up(db, identifier.passwords, data, peer.address, identifier.clock())
    return _signed_in(peer, login, 201)


@post(
    "/sessions",
    is_public=True,
    security=NO_SECURITY,
    operation_id="create_session",
    tags=["sessions"],
    responses=problems(413, 415, 422),
)
async def create_session(
    request: _Request,
    db: NamedDependency[Database],
    identifier: NamedDependency[Identifier],
    data: JSONBody[CreateSession],
) -> Response[SignedIn]:
    """Sign in with e-mail and password; the session travels in a cookie."""
    refuse_other_site(list(request.scope["headers"]), identifier.base_url)
    peer = _peer(request, identifier)
    login = await sessions.log_in(db, identifier.passwords, data, peer.address, identifier.clock())
    return _signed_in(peer, login, 201)


@get("/session", permission="self", operation_id="get_session", tags=["sessions"], responses=problems())
async def get_session(db: NamedDependency[Database], caller: NamedDependency[Caller]) -> Session:
    """Who calls, in which workspace, and what the role allows."""
    return await db.read(sessions.get_session, caller)


@patch(
    "/session",
    permission="self",
    operation_id="update_session",
    tags=["sessions"],
    responses=problems(404, 413, 415, 422),
)
async def update_session(
    db: NamedDependency[Database], caller: NamedDependency[Caller], data: JSONBody[UpdateSession]
) -> Session:
    """Change one's own name or language."""
    return await db.write(sessions.update_session, caller, data)


@delete("/session", permission="self", operation_id="delete_session", tags=["sessions"], responses=problems(404))
async def delete_session(
    request: _Request,
    db: NamedDependency[Database],
    identifier: NamedDependency[Identifier],
    caller: NamedDependency[Caller],
) -> Response[None]:
    """Sign out."""
    await db.write(sessions.delete_session, caller)
    return Response(None, status_code=204, cookies=[_session_cookie(_peer(request, identifier), "", seconds=0)])


@put(
    "/session/password",
    permission="self",
    operation_id="change_password",
    tags=["sessions"],
    responses=problems(404, 413, 415, 422),
)
async def change_password(
    request: _Request,
    db: NamedDependency[Database],
    identifier: NamedDependency[Identifier],
    caller: NamedDependency[Caller],
    data: JSONBody[ChangePassword],
) -> Response[SignedIn]:
    """Change one's own password; every other session ends."""
    login = await sessions.change_password(db, identifier.passwords, caller, data, identifier.clock())
    return _signed_in(_peer(request, identifier), login, 200)


# ── members ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@get("/members", permission="members:read", operation_id="list_members", tags=["members"], responses=problems(422))
async def list_members(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    limit: Limit = 50,
    cursor: Cursor = None,
    search: Search = None,
) -> Page[Member]:
    """Members of the workspace, newest first."""
    return await db.read(service.list_members, caller, limit, cursor, search)


@post(
    "/members",
    permission="members:write",
    operation_id="create_member",
    tags=["members"],
    responses=problems(409, 413, 415, 422),
)
async def create_member(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    identifier: NamedDependency[Identifier],
    data: JSONBody[CreateMember],
) -> Member:
    """Make an account with its first password, which its owner changes later."""
    service.require_role(caller, data.role)
    password_hash = await service.hash_for_member(identifier.passwords, data)
    return await db.write(service.create_member, caller, data, password_hash)


@get(
    "/members/{user_id:str}",
    permission="members:read",
    operation_id="get_member",
    tags=["members"],
    responses=problems(404),
)
async def get_member(db: NamedDependency[Database], caller: NamedDependency[Caller], user_id: FromPath[str]) -> Member:
    """One member."""
    return await db.read(service.get_member, caller, user_id)


@patch(
    "/members/{user_id:str}",
    permission="members:write",
    operation_id="update_member",
    tags=["members"],
    responses=problems(404, 409, 413, 415, 422),
)
async def update_member(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    identifier: NamedDependency[Identifier],
    user_id: FromPath[str],
    data: JSONBody[UpdateMember],
) -> Member:
    """Change a member's role, name, password or whether they may sign in; owners only by owners."""
    member = await db.read(service.get_member, caller, user_id)
    service.require_role(caller, member.role)
    password_hash = await service.hash_for_update(identifier.passwords, member, data)
    return await db.write(service.update_member, caller, user_id, data, password_hash)


@delete(
    "/members/{user_id:str}",
    permission="members:write",
    operation_id="delete_member",
    tags=["members"],
    responses=problems(404, 409),
)
async def delete_member(db: NamedDependency[Database], caller: NamedDependency[Caller], user_id: FromPath[str]) -> None:
    """Take a member out of the workspace; the last owner stays."""
    await db.write(service.delete_member, caller, user_id)


# ── API keys ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@get("/api-keys", permission="api_keys:read", operation_id="list_api_keys", tags=["api_keys"], responses=problems(422))
async def list_api_keys(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    limit: Limit = 50,
    cursor: Cursor = None,
    search: Search = None,
    include_revoked: FromQuery[bool] = False,
) -> Page[ApiKey]:
    """API keys of the workspace, newest first; their texts are never shown again."""
    return await db.read(service.list_api_keys, caller, limit, cursor, search, is_with_revoked=include_revoked)


@post(
    "/api-keys",
    permission="api_keys:write",
    operation_id="create_api_key",
    tags=["api_keys"],
    responses=problems(413, 415, 422),
)
async def create_api_key(
    db: NamedDependency[Database],
    identifier: NamedDependency[Identifier],
    caller: NamedDependency[Caller],
    data: JSONBody[CreateApiKey],
) -> NewApiKey:
    """Make a key; the answer shows its text, this once."""
    expires_at = identifier.clock() + dt.timedelta(days=data.expires_in_days)
    api_key, text = await db.write(service.create_api_key, caller, data.name, data.role, expires_at)
    return service.show_new_key(api_key, text)


@delete(
    "/api-keys/{key_id:str}",
    permission="api_keys:write",
    operation_id="revoke_api_key",
    tags=["api_keys"],
    responses=problems(404),
)
async def revoke_api_key(
    db: NamedDependency[Database],
    identifier: NamedDependency[Identifier],
    caller: NamedDependency[Caller],
    key_id: FromPath[str],
) -> None:
    """End a key at once and for good."""
    await db.write(service.revoke_api_key, caller, key_id)
    identifier.forget()


handlers: Final = [
    get_setup,
    create_owner,
    create_session,
    get_session,
    update_session,
    delete_session,
    change_password,
    list_members,
    create_member,
    get_member,
    update_member,
    delete_member,
    list_api_keys,
    create_api_key,
    revoke_api_key,
    *audit_routes.handlers,
]
