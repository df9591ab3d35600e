"""The HTTP routes of credentials and of the key that their values are sealed to."""

from __future__ import annotations

import contextlib
from typing import Any, Final, Protocol, runtime_checkable

from litestar import delete, get, patch, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from recado.accounts.caller import Caller
from recado.credentials import keys, service
from recado.credentials.schemas import (
    CreateCredential,
    Credential,
    ProposedHosts,
    SecretKey,
    SecretsState,
    SetValues,
    UpdateCredential,
)
from recado.credentials.values import Entering
from recado.credentials.vault import Vault
from recado.db.engine import Database
from recado.errors import TestRequestMissing
from recado.settings import Settings
from recado.web.pages import Cursor, Limit, Page, Search
from recado.web.problems import problems

_TAGS: Final = ["credentials"]


@runtime_checkable  # the framework checks what it hands in
class Tester(Protocol):
    """Runs a credential's test; the executions, which stand above, hand it down."""

    async def test_credential(self, caller: Caller, credential_id: str) -> object:
        """Run the test and note its verdict beside the credential. Raises TestRequestMissing."""
        ...


@get(
    "/secret-key",
    permission="credentials:read",
    operation_id="get_secret_key",
    tags=_TAGS,
    responses=problems(),
)
async def get_secret_key(vault: NamedDependency[Vault], caller: NamedDependency[Caller]) -> SecretKey:
    """Get the public key to seal values to before they are sent."""
    return await vault.secret_key(caller)


@get(
    "/secrets",
    permission="settings:read",
    operation_id="get_secrets_state",
    needs_executor=True,  # the keys' table is closed to an api process, which knows of no KEK
    tags=_TAGS,
    responses=problems(),
)
async def get_secrets_state(
    db: NamedDependency[Database], settings: NamedDependency[Settings], caller: NamedDependency[Caller]
) -> SecretsState:
    """Get how secrets are kept: the sealing keys, what is sealed to each, and where the key that wraps them is."""
    return await db.read(keys.get_secrets_state, caller, settings)


@post(
    "/integrations/{integration_id:str}/credentials",
    permission="credentials:write",
    operation_id="create_credential",
    tags=_TAGS,
    responses=problems(404, 409, 413, 415, 422),
)
async def create_credential(
    db: NamedDependency[Database],
    vault: NamedDependency[Vault],
    settings: NamedDependency[Settings],
    caller: NamedDependency[Caller],
    tester: NamedDependency[Tester],
    integration_id: FromPath[str],
    data: JSONBody[CreateCredential],
    test: FromQuery[bool] = False,
) -> Credential:
    """Create a credential. Values go in as typed or sealed, and never come out; `test=true` proves them at once.

    The verdict is then in `last_test`; an integration without a test request leaves it null.
    """
    if service.has_values(data.values):
        await vault.secret_key(caller)
    entering = Entering(vault.keyring, settings.is_sealing_required)
    made = await db.write(service.create_credential, caller, entering, integration_id, data)
    if not test:
        return made
    with contextlib.suppress(TestRequestMissing):
        await tester.test_credential(caller, made.id)
    return await db.read(service.get_credential, caller, made.id)


@get(
    "/integrations/{integration_id:str}/credentials",
    permission="credentials:read",
    operation_id="list_credentials",
    tags=_TAGS,
    responses=problems(404, 422),
)
async def list_credentials(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    integration_id: FromPath[str],
    limit: Limit = 50,
    cursor: Cursor = None,
    search: Search = None,
) -> Page[Credential]:
    """List an integration's credentials, newest first."""
    return await db.read(service.list_credentials, caller, integration_id, search, limit, cursor)


@get(
    "/integrations/{integration_id:str}/proposed-hosts",
    permission="credentials:read",
    operation_id="get_proposed_hosts",
    tags=_TAGS,
    responses=problems(404),
)
async def get_proposed_hosts(
    db: NamedDependency[Database], caller: NamedDependency[Caller], integration_id: FromPath[str]
) -> ProposedHosts:
    """Get the hosts that a new credential is bound to unless others are named."""
    return await db.read(service.get_proposed_hosts, caller, integration_id)


@get(
    "/credentials/{credential_id:str}",
    permission="credentials:read",
    operation_id="get_credential",
    tags=_TAGS,
    responses=problems(404),
)
async def get_credential(
    db: NamedDependency[Database], caller: NamedDependency[Caller], credential_id: FromPath[str]
) -> Credential:
    """Get one credential, without its values."""
    return await db.read(service.get_credential, caller, credential_id)


@patch(
    "/credentials/{credential_id:str}",
    permission="credentials:write",
    operation_id="update_credential",
    tags=_TAGS,
    responses=problems(404, 413, 415, 422),
)
async def update_credential(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    credential_id: FromPath[str],
    data: JSONBody[UpdateCredential],
) -> Credential:
    """Rename a credential."""
    return await db.write(service.update_credential, caller, credential_id, data)


@put(
    "/credentials/{credential_id:str}/values",
    permission="credentials:write",
    operation_id="set_values",
    tags=_TAGS,
    responses=problems(404, 413, 415, 422),
)
async def set_values(
    db: NamedDependency[Database],
    vault: NamedDependency[Vault],
    settings: NamedDependency[Settings],
    caller: NamedDependency[Caller],
    credential_id: FromPath[str],
    data: JSONBody[SetValues],
) -> Credential:
    """Enter new values. Those not given stay; null clears; other hosts need every password value in the same request."""
    if service.has_values(data.values):
        await vault.secret_key(caller)
    entering = Entering(vault.keyring, settings.is_sealing_required)
    return await db.write(service.set_values, caller, entering, credential_id, data)


@delete(
    "/credentials/{credential_id:str}",
    permission="credentials:write",
    operation_id="delete_credential",
    tags=_TAGS,
    responses=problems(404, 409, 422),
)
async def delete_credential(
    db: NamedDependency[Database],
    caller: NamedDependency[Caller],
    credential_id: FromPath[str],
    force: FromQuery[bool] = False,
) -> None:
    """Delete a credential. One that is in use is only deleted with `force=true`."""
    await db.write(service.delete_credential, caller, credential_id, is_forced=force)


handlers: Final[list[Any]] = [
    get_secret_key,
    get_secrets_state,
    create_credential,
    list_credentials,
    get_proposed_hosts,
    get_credential,
    update_credential,
    set_values,
    delete_credential,
]
