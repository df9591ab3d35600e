"""Opens channels just before they are used, and keeps them opened for at most a minute."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa

from recado.channels import repository
from recado.channels.definition import FLOW_KEY, ChannelSettings
from recado.channels.schemas import Parked
from recado.channels.secrets import place_of
from recado.channels.service import read_parked, read_settings
from recado.credentials.keys import Keyring
from recado.credentials.repository import Row
from recado.db.engine import Database
from recado.db.rows import existing
from recado.errors import NotFound, SecretKeyUnavailable
from recado.ids import is_id
from recado.outbound.hosts import HostEntry, is_host_allowed, parse_host_entry
from recado.outbound.masking import Masker
from recado.outbound.url import Url

KEPT_SECONDS: Final = 60.0
_MAX_KEY_CHARACTERS: Final = 64

_Find = Callable[[sa.Connection], Row | None]


@dataclass(slots=True)
class OpenedChannel:
    """A channel ready for use; a secret that is not set is empty. Never change it, many use it."""

    id: str
    workspace_id: str
    kind: str
    key: str
    name: str
    settings: ChannelSettings
    parked: Parked | None
    access_token: str = field(default="", repr=False)
    app_secrets: tuple[bytes, ...] = field(default=(), repr=False)
    """The app secret, and the one before while both may sign."""
    verify_token: str = field(default="", repr=False)
    flow_key: str = field(default="", repr=False)
    """The private key of forms as PEM text."""
    hosts: tuple[HostEntry, ...] = ()
    """Sealed with the access token; the settings, which others can write, count for nothing."""
    masker: Masker = field(default_factory=lambda: Masker(()), repr=False)
    notes: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)
    """What those who use it need not find out twice; gone with the channel. Keep it small."""

    def may_get_token(self, url: Url) -> bool:
        """Whether the access token may be sent there."""
        return is_host_allowed(self.hosts, url)


class Channels:
    """The opened channels of one process."""

    def __init__(self, database: Database, keyring: Keyring, *, most_kept: int = 1_000) -> None:
        self._database = database
        self._keyring = keyring
        self._most_kept = most_kept
        self._kept: dict[str, tuple[float, OpenedChannel]] = {}
        self._ids: dict[str, str] = {}
        """The id of a kept channel by its key."""
        self._opening: dict[str, asyncio.Task[OpenedChannel]] = {}

    async def by_key(self, key: str) -> OpenedChannel:
        """The channel that Meta calls by this key. Raises NotFound, SecretUnreadable, SecretKeyUnavailable, RecordCorrupt."""
        if not key or len(key) > _MAX_KEY_CHARACTERS or not key.isascii() or not key.isprintable():
            raise NotFound
        kept = self._find(self._ids.get(key, ""))
        if kept is not None:
            return kept
        return await self._open(key, lambda connection: repository.find_by_key(connection, key))

    async def by_id(self, workspace_id: str, channel_id: str) -> OpenedChannel:
        """A channel of a workspace. Raises what `by_key` raises."""
        if not is_id(channel_id, "chn"):
            raise NotFound
        kept = self._find(channel_id)
        if kept is None:
            kept = await self._open(
                f"{workspace_id} {channel_id}",
                lambda connection: repository.find_channel(connection, workspace_id, channel_id),
            )
        if kept.workspace_id != workspace_id:
            raise NotFound
        return kept

    def forget(self) -> None:
        """Drop everything; what is being opened now is not kept, nor given to who asks from now on."""
        self._kept.clear()
        self._ids.clear()
        self._opening.clear()

    def _find(self, channel_id: str) -> OpenedChannel | None:
        until, found = self._kept.get(channel_id, (0.0, None))
        return found if time.monotonic() < until else None

    async def _open(self, name: str, find: _Find) -> OpenedChannel:
        """Who asks while it is being opened waits for the same opening."""
        task = self._opening.get(name)
        if task is None:
            task = asyncio.create_task(self._read_and_keep(name, find), name="recado-open-channel")
            self._opening[name] = task
            task.add_done_callback(lambda done: self._opened(name, done))
        return await asyncio.shield(task)  # one who hangs up must not take the others' answer away

    async def _read_and_keep(self, name: str, find: _Find) -> OpenedChannel:
        until = time.monotonic() + KEPT_SECONDS
        task = asyncio.current_task()
        try:
            found = await self._database.read(self._read, find)
        except SecretKeyUnavailable:
            # A rotation may have replaced the KEK between the reading of the row and the unwrapping of its key.
            found = await self._database.read(self._read, find)
        if self._opening.get(name) is task:  # else everything was forgotten meanwhile
            while len(self._kept) >= self._most_kept:
                _, gone = self._kept.pop(next(iter(self._kept)))
                self._ids.pop(gone.key, None)
            self._kept[found.id] = (until, found)
            self._ids[found.key] = found.id
        return found

    def _opened(self, name: str, task: asyncio.Task[OpenedChannel]) -> None:
        if self._opening.get(name) is task:
            del self._opening[name]
        if not task.cancelled():
            task.exception()  # seen here, also when nobody waits any more

    def _read(self, connection: sa.Connection, find: _Find) -> OpenedChannel:
        row = existing(find(connection))
        settings = read_settings(row)
        place = place_of(row.workspace_id, row.id, row.name)
        values: dict[str, str] = {}
        hosts: tuple[HostEntry, ...] = ()
        for stored in repository.list_sealed(connection, row.id):
            secret = self._keyring.open_value(place, stored)
            values[stored.auth_field_id] = secret.value
            if stored.auth_field_id == "access_token":
                hosts = tuple(map(parse_host_entry, secret.hosts))
        app_secrets = (values.get("app_secret"), values.get("app_secret_before"))
        return OpenedChannel(
            id=row.id,
            workspace_id=row.workspace_id,
            kind=row.kind,
            key=row.key,
            name=row.name,
            settings=settings,
            parked=read_parked(row),
            access_token=values.get("access_token", ""),
            app_secrets=tuple(secret.encode() for secret in app_secrets if secret),
            verify_token=values.get("verify_token", ""),
            flow_key=values.get(FLOW_KEY, ""),
            hosts=hosts,
            masker=Masker(values.values()),
        )
