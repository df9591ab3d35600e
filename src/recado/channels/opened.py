"""Opens channels just before they are used, and keeps them opened for at most a minute."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa

from recado.channels import repository
from recado.channels.definition import FLOW_KEY, ChannelSettings
from recado.channels.schemas import Parked
from recado.channels.secrets import place_of
from recado.channels.service import read_parked, read_settings
from recado.credentials.keys import Keyring
from recado.credentials.openings import Key, Openings
from recado.db.engine import Database
from recado.db.rows import existing
from recado.errors import NotFound
from recado.ids import is_id
from recado.outbound.hosts import HostEntry, is_host_allowed, parse_host_entry
from recado.outbound.masking import Masker
from recado.outbound.url import Url

_MAX_KEY_CHARACTERS: Final = 64
_MOST_KEPT: Final = 1_000


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

    def __init__(self, database: Database, keyring: Keyring) -> None:
        self._database = database
        self._keyring = keyring
        self._openings: Openings[OpenedChannel] = Openings(database, most_kept=_MOST_KEPT)
        self._places: dict[str, Key] = {}
        """Where the channel with a key is."""

    async def by_key(self, key: str) -> OpenedChannel:
        """The channel that Meta calls by this key. Raises NotFound, SecretUnreadable, SecretKeyUnavailable, RecordCorrupt."""
        if not key or len(key) > _MAX_KEY_CHARACTERS or not key.isascii() or not key.isprintable():
            raise NotFound
        place = self._places.get(key)
        if place is None:
            place = self._places[key] = await self._database.read(_find_place, key)
        found = self._openings.find(place) or await self.by_id(*place)
        if found.key != key:
            raise NotFound
        return found

    async def by_id(self, workspace_id: str, channel_id: str) -> OpenedChannel:
        """A channel of a workspace. Raises what `by_key` raises."""
        if not is_id(channel_id, "chn"):
            raise NotFound
        place = (workspace_id, channel_id)
        return self._openings.find(place) or await self._openings.open(
            place, lambda connection: self._read(connection, workspace_id, channel_id)
        )

    def forget(self) -> None:
        """Drop everything; what is being opened now is not kept, nor given to who asks from now on."""
        self._openings.forget()
        self._places.clear()

    def _read(self, connection: sa.Connection, workspace_id: str, channel_id: str) -> OpenedChannel:
        row = existing(repository.find_channel(connection, workspace_id, channel_id))
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


def _find_place(connection: sa.Connection, key: str) -> Key:
    row = existing(repository.find_by_key(connection, key))
    return row.workspace_id, row.id
