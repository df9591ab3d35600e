"""Keeps what a run needs ready: compiled actions and opened credentials, dropped when the configuration changes."""

from __future__ import annotations

from typing import Final

from recado.actions import compiled
from recado.actions.compiled import CompiledAction
from recado.credentials.vault import OpenedCredential, Vault
from recado.db.engine import Database
from recado.errors import NotFound
from recado.ids import is_id

_MOST: Final = 2_000


class Ready:
    """Bounded caches; what was loaded before a change is never put in after it."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault
        self._actions: dict[tuple[str, str], CompiledAction] = {}
        self._tests: dict[tuple[str, str], CompiledAction] = {}
        self._generation = 0

    def forget(self) -> None:
        """Drop everything: something in the configuration changed."""
        self._generation += 1
        self._actions.clear()
        self._tests.clear()
        self._vault.forget()

    def kept_action(self, workspace_id: str, action_id: str) -> CompiledAction | None:
        """An action that is ready already."""
        return self._actions.get((workspace_id, action_id))

    async def action(self, workspace_id: str, action_id: str) -> CompiledAction:
        """An action ready to run. Raises NotFound, ActionIncomplete."""
        found = self._actions.get((workspace_id, action_id))
        if found is None:
            generation = self._generation
            found = await self._database.read(compiled.load_compiled_action, workspace_id, action_id)
            self._keep(self._actions, (workspace_id, action_id), found, generation)
        return found

    async def test_request(self, workspace_id: str, integration_id: str) -> CompiledAction:
        """An integration's test request ready to run. Raises NotFound, TestRequestMissing."""
        found = self._tests.get((workspace_id, integration_id))
        if found is None:
            generation = self._generation
            found = await self._database.read(compiled.load_compiled_test_request, workspace_id, integration_id)
            self._keep(self._tests, (workspace_id, integration_id), found, generation)
        return found

    def kept_credential(self, workspace_id: str, credential_id: str) -> OpenedCredential | None:
        """A credential that is open already."""
        return self._vault.opened(workspace_id, credential_id)

    async def credential(self, workspace_id: str, credential_id: str) -> OpenedCredential:
        """A credential opened for use. Raises NotFound, SecretUnreadable, SecretKeyUnavailable."""
        if not is_id(credential_id, "crd"):  # nor is the database asked for what it could not even read
            raise NotFound
        return await self._vault.open_credential(workspace_id, credential_id)

    def _keep(
        self, kept: dict[tuple[str, str], CompiledAction], key: tuple[str, str], found: CompiledAction, generation: int
    ) -> None:
        if generation != self._generation:
            return
        if len(kept) >= _MOST:
            kept.pop(next(iter(kept)))
        kept[key] = found
