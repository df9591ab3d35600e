"""HTTP paths of the worked example."""

from __future__ import annotations

from typing import Final

from litestar import get, post
from litestar.di import NamedDependency

from recado.accounts.caller import Caller
from recado.conversations import worked_example
from recado.conversations.schemas import CreatedExample, Example
from recado.credentials.vault import Vault
from recado.db.engine import Database
from recado.emulator.beside import ExampleServer
from recado.integrations.requests import SendingRules
from recado.web.problems import problems


@get(
    "/example",
    permission="integrations:read",
    operation_id="get_example",
    tags=["example"],
    responses=problems(),
)
async def get_example(
    db: NamedDependency[Database], caller: NamedDependency[Caller], example: NamedDependency[ExampleServer]
) -> Example:
    """Get whether the worked example can be tried here, and whether this workspace has it."""
    return await db.read(worked_example.get_example, caller, example)


@post(
    "/example",
    permission="integrations:write",
    operation_id="create_example",
    tags=["example"],
    responses=problems(409),
)
async def create_example(
    db: NamedDependency[Database],
    vault: NamedDependency[Vault],
    caller: NamedDependency[Caller],
    rules: NamedDependency[SendingRules],
    example: NamedDependency[ExampleServer],
) -> CreatedExample:
    """Create the worked example: an integration with its test request, a credential, two actions, and the flow *Log in*, published."""
    worked_example.check_available(example)
    await vault.secret_key(caller)
    return await db.write(worked_example.create_example, caller, example, vault.keyring, rules)


handlers: Final = [get_example, create_example]
