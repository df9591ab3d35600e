"""Opens credentials just before they are used, and keeps them opened for at most a minute."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from recado.accounts.caller import Caller
from recado.credentials import keys, repository
from recado.credentials.definition import Place, read_sealed_hosts
from recado.credentials.kek import KekProvider
from recado.credentials.keys import Keyring, describe_key
from recado.credentials.openings import Openings
from recado.credentials.schemas import SecretKey
from recado.db.engine import Database
from recado.db.rows import existing
from recado.errors import SecretKeyUnavailable
from recado.integrations.stored import read_auth
from recado.outbound.hosts import HostEntry
from recado.outbound.masking import Masker


@dataclass(slots=True)
class OpenedCredential:
    """A credential ready for use, by the identifiers of its integration's fields; never change it, many calls share it.

    `hosts` are the ones sealed with each password value; the copy in the database, which others can write, counts for nothing.
    """

    id: str
    workspace_id: str
    integration_id: str
    name: str
    values: dict[str, str] = field(repr=False)
    hosts: dict[str, tuple[HostEntry, ...]]
    masker: Masker = field(repr=False)
    notes: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)
    """What those who use it need not find out twice; gone with the credential. Keep it small."""


class Vault:
    """The opened credentials of one process; all but `open_credential` and `secret_key` return at once."""

    def __init__(self, database: Database, kek: KekProvider | None, *, most_kept: int = 1_000) -> None:
        """Without a KEK nothing opens, and everything else works."""
        self._database = database
        self.keyring = Keyring(kek)
        self._openings: Openings[OpenedCredential] = Openings(database, most_kept=most_kept)

    def opened(self, workspace_id: str, credential_id: str) -> OpenedCredential | None:
        """The credential if it was opened within the last minute and nothing was changed since."""
        return self._openings.find((workspace_id, credential_id))

    async def open_credential(self, workspace_id: str, credential_id: str) -> OpenedCredential:
        """Open a credential; who asks while it is being opened waits for the same opening.

        Raises NotFound, SecretUnreadable, SecretKeyUnavailable, RecordCorrupt.
        """
        return await self._openings.open(
            (workspace_id, credential_id), lambda connection: self._read(connection, workspace_id, credential_id)
        )

    def forget(self) -> None:
        """Drop everything; what is being opened now is not kept, nor given to who asks from now on."""
        self._openings.forget()

    async def secret_key(self, caller: Caller) -> SecretKey:
        """The caller's workspace's sealing key, made on first need, its private half at hand.

        Raises SecretKeyUnavailable, KekUnavailable.
        """
        found = await self._database.read(self._find_secret_key, caller.workspace_id)
        if found is None:
            await self._database.write(keys.ensure_sealing_key, caller.workspace_id, self.keyring.kek, caller)
            found = await self._database.read(self._find_secret_key, caller.workspace_id)
        if found is None:
            raise SecretKeyUnavailable
        return found

    def _find_secret_key(self, connection: sa.Connection, workspace_id: str) -> SecretKey | None:
        """From the private half: what stands in the database as the public one could be somebody else's."""
        pair = keys.find_pair(connection, workspace_id, self.keyring)
        return None if pair is None else describe_key(workspace_id, pair.public_key)

    def _read(self, connection: sa.Connection, workspace_id: str, credential_id: str) -> OpenedCredential:
        row = existing(repository.find_credential(connection, workspace_id, credential_id))
        place = Place(workspace_id, row.integration_id, row.id, row.name)
        fields = {item.id: item for item in read_auth(row).fields}
        values: dict[str, str] = {}
        hosts: dict[str, tuple[HostEntry, ...]] = {}
        for stored in repository.list_sealed(connection, row.id):
            auth_field = fields.get(stored.auth_field_id)
            if auth_field is None:  # the field was removed; nothing can refer to its value
                continue
            secret = self.keyring.open_value(place, stored)
            bound = read_sealed_hosts(auth_field, secret, place.name)
            values[auth_field.identifier] = secret.value
            if auth_field.type == "password":
                hosts[auth_field.identifier] = bound
        masker = Masker(values[identifier] for identifier in hosts)
        return OpenedCredential(row.id, workspace_id, row.integration_id, row.name, values, hosts, masker)
