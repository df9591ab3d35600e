"""Finds who calls: an API key first (remembered in this process), else the session of a browser's cookie."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import hmac
import math
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar

import sqlalchemy as sa
import structlog

from recado.accounts import repository, service, sessions
from recado.accounts.caller import Caller
from recado.accounts.headers import SAFE_METHODS, Headers, Peer, Proxies, refuse_forgery, session_token
from recado.accounts.passwords import PasswordPool
from recado.accounts.repository import Row
from recado.accounts.tokens import digest, is_api_key, is_token
from recado.db.columns import utc_now
from recado.db.engine import Database
from recado.errors import LoginRequired, RecadoError, TooManyRequests
from recado.settings import Settings

T = TypeVar("T")

_REMEMBERED: Final = dt.timedelta(minutes=1)  # at most, even if no word of a change ever comes
_NOTED_EVERY: Final = dt.timedelta(minutes=1)
_BURST_SECONDS: Final = 2.0
_log: Final = structlog.get_logger("recado.accounts")


class _Key:
    """An API key this process has seen: its caller, until when that holds, and how many requests it has left."""

    __slots__ = ("caller", "filled_at", "is_over_at", "noted_at", "requests_left")

    def __init__(self, caller: Caller, is_over_at: dt.datetime) -> None:
        self.caller = caller
        self.is_over_at = is_over_at
        self.noted_at: dt.datetime | None = None
        self.filled_at: dt.datetime | None = None
        self.requests_left = 0.0


class Identifier:
    """Says who sends a request, and holds what it takes to sign in; one for the process. `clock` gives aware UTC times."""

    def __init__(
        self,
        db: Database,
        settings: Settings,
        passwords: PasswordPool,
        *,
        clock: Callable[[], dt.datetime] = utc_now,
    ) -> None:
        self.passwords: Final = passwords
        self.clock: Final = clock
        self.base_url: Final = settings.base_url
        self._db = db
        self._proxies = Proxies(settings.trusted_proxies)
        self._is_https_only = settings.base_url.startswith("https://")
        self._rate = settings.api_rate_per_second
        self._keys: dict[bytes, _Key] = {}
        self._known: dict[str, _Key] = {}  # by id, outlives `forget`: when it was noted and what it has left
        self._forgotten = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._noting: set[str] = set()  # sessions

    def forget(self) -> None:
        """Look every key up again; called after each change of the configuration, so that a revoked key ends at once."""
        self._keys.clear()
        self._forgotten += 1

    async def close(self) -> None:
        """Wait until the last uses are noted."""
        await asyncio.gather(*self._tasks)

    def peer_of(self, headers: Headers, address: str | None, scheme: str) -> Peer:
        """The caller's address and whether it speaks https, trusted proxies taken out."""
        peer = self._proxies.peer_of(headers, address, scheme)
        return Peer(peer.address, is_secure=True) if self._is_https_only else peer

    def identify_cached(self, headers: Headers) -> Caller | None:
        """The caller of an API key this process remembers, without its address; None when `identify` must look it up.

        Raises TooManyRequests.
        """
        hashed = hash_key(headers)
        return self.recall(hashed) if hashed is not None else None

    def recall(self, hashed: bytes) -> Caller | None:
        """The same for a key that was hashed by `hash_key` before."""
        key = self._keys.get(hashed)
        return self._use(key, None) if key is not None else None

    async def identify_scope(self, scope: Any) -> Caller:
        """`identify` for an ASGI scope."""
        client = scope.get("client")
        return await self.identify(
            scope["headers"], client[0] if client else None, scope["method"], scheme=scope.get("scheme", "http")
        )

    async def identify(self, headers: Headers, address: str | None, method: str, *, scheme: str = "http") -> Caller:
        """Who sends this request. Raises LoginRequired, CsrfRefused, TooManyRequests, StorageUnavailable."""
        peer = self.peer_of(headers, address, scheme)
        for name, value in headers:
            if name == b"authorization" and _is_bearer(value):
                caller = self.identify_cached(headers) or await self._look_up(value[7:], peer.address)
                return _at(caller, peer.address)
        return await self._identify_browser(headers, peer, method)

    # ── API keys ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _look_up(self, text: bytes, address: str | None) -> Caller:
        if not is_api_key(text):
            raise LoginRequired
        forgotten = self._forgotten
        wanted = digest(text)
        row = await self._db.read(repository.find_api_key, wanted)
        now = self.clock()
        if row is None or not hmac.compare_digest(row["key_hash"], wanted) or not _holds(row, now):
            raise LoginRequired
        caller = Caller(workspace_id=row["workspace_id"], kind="api_key", id=row["id"], role=row["role"])
        key = _Key(caller, min(row["expires_at"] or now + _REMEMBERED, now + _REMEMBERED))
        if (before := self._known.get(row["id"])) is not None:
            key.noted_at, key.filled_at, key.requests_left = before.noted_at, before.filled_at, before.requests_left
        self._known[row["id"]] = key
        if forgotten == self._forgotten:  # else it may have been revoked since it was read
            self._keys[bytes.fromhex(wanted)] = key
        self._use(key, address)
        return caller

    def _use(self, key: _Key, address: str | None) -> Caller | None:
        """Note the use; None when the key must be looked up again. Raises TooManyRequests."""
        now = self.clock()
        if now >= key.is_over_at:
            return None
        if self._rate > 0:
            self._take(key, now)
        if key.noted_at is None or now - key.noted_at >= _NOTED_EVERY:
            key.noted_at = now
            self._later(self._note(service.note_key_use, _at(key.caller, address), now))
        return key.caller

    def _take(self, key: _Key, now: dt.datetime) -> None:
        """One request of the key's token bucket."""
        most = max(self._rate * _BURST_SECONDS, 1.0)
        passed = max((now - key.filled_at).total_seconds(), 0.0) if key.filled_at else math.inf
        left = min(key.requests_left + passed * self._rate, most)
        key.filled_at = now
        key.requests_left = left - 1 if left >= 1 else left
        if left < 1:
            raise TooManyRequests(seconds=math.ceil((1 - left) / self._rate))

    # ── sessions ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _identify_browser(self, headers: Headers, peer: Peer, method: str) -> Caller:
        token = session_token(headers, is_secure=peer.is_secure)
        if token is None or not is_token(token):
            raise LoginRequired
        row = await self._db.read(repository.find_session, digest(token))
        now = self.clock()
        if row is None or sessions.is_over(row, now):
            raise LoginRequired
        if method not in SAFE_METHODS:
            refuse_forgery(headers, self.base_url)
        if now - row["last_seen_at"] >= _NOTED_EVERY and row["id"] not in self._noting:
            self._later(self._note_session(row["id"], now))
        return Caller(row["workspace_id"], "user", row["user_id"], row["role"], peer.address, row["id"])

    # ── off the request's path ───────────────────────────────────────────────────────────────────────────────────────

    def _later(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work, name="recado-last-use")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _note_session(self, session_id: str, now: dt.datetime) -> None:
        self._noting.add(session_id)
        try:
            await self._note(repository.touch_session, session_id, now)
        finally:
            self._noting.discard(session_id)

    async def _note(self, note: Callable[[sa.Connection, T, dt.datetime], None], what: T, now: dt.datetime) -> None:
        try:
            await self._db.write(note, what, now)
        except RecadoError as problem:  # the request itself is served; the next minute tries again
            _log.warning("last_use_not_noted", code=problem.code)


def hash_key(headers: Headers) -> bytes | None:
    """The SHA-256 of what may be an API key; None without one."""
    for name, value in headers:
        if name == b"authorization":
            return hashlib.sha256(value[7:]).digest() if _is_bearer(value) else None
    return None


def _is_bearer(value: bytes) -> bool:
    return value[:7].lower() == b"bearer "


def _holds(row: Row, now: dt.datetime) -> bool:
    return row["revoked_at"] is None and (row["expires_at"] is None or now < row["expires_at"])


def _at(caller: Caller, address: str | None) -> Caller:
    return Caller(caller.workspace_id, caller.kind, caller.id, caller.role, address)
