"""The worked example in a workspace: made from the same data as the demonstration, against the API beside this server."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa

from recado.accounts.caller import Caller
from recado.actions import service as actions
from recado.actions.schemas import CreateAction
from recado.conversations import reading
from recado.conversations.schemas import CodeShown, CreatedExample, Example
from recado.credentials import service as credentials
from recado.credentials.keys import Keyring
from recado.credentials.schemas import CreateCredential
from recado.credentials.values import Entering
from recado.emulator.beside import ExampleServer
from recado.errors import ExampleExists, ExampleUnavailable
from recado.flows import service as flows
from recado.flows import versions
from recado.flows.schemas import CreateFlow, PublishFlow
from recado.integrations import repository
from recado.integrations import service as integrations
from recado.integrations.requests import SendingRules
from recado.integrations.schemas import CreateIntegration

T = TypeVar("T")


def get_example(connection: sa.Connection, caller: Caller, example: ExampleServer) -> Example:
    """Whether the example can be tried, and this workspace's integration with it."""
    found = _find(connection, caller, example)
    codes = [
        CodeShown(mailed.account_id, mailed.validation_id, mailed.code)
        for mailed in example.codes_of(caller.workspace_id)
    ]
    flow_id = reading.find_flow_using(connection, caller.workspace_id, found.id) if found else None
    return Example(example.base_url is not None, example.base_url, found.id if found else None, flow_id, codes)


def check_available(example: ExampleServer) -> None:
    """Raise ExampleUnavailable where the example's API does not run."""
    if example.base_url is None:
        raise ExampleUnavailable


def create_example(
    connection: sa.Connection, caller: Caller, example: ExampleServer, keyring: Keyring, rules: SendingRules
) -> CreatedExample:
    """Integration, credential, both actions and the published flow, or nothing. Raises ExampleExists, SecretKeyUnavailable.

    Its key opens nothing but the API beside this server, so it may be entered where secrets must come sealed, and by who
    may not enter secrets.
    """
    from recado.emulator import example as data  # noqa: PLC0415  # only who makes the example needs it

    url = example.base_url
    assert url is not None, "it was checked to be available"
    if (found := _find(connection, caller, example)) is not None:
        raise ExampleExists(name=found.name)
    made = integrations.create_integration(connection, caller, _read(CreateIntegration, data.integration(url)), rules)
    given = _read(CreateCredential, data.credential(example.key_of(caller.workspace_id)))
    credential = credentials.create_credential(connection, caller, Entering(keyring), made.id, given)
    created = [
        actions.create_action(connection, caller, made.id, _read(CreateAction, written), rules)
        for written in (data.create_validation(url), data.validate_code(url))
    ]
    actions_made = [action.id for action in created]
    written = data.log_in(made.id, credential.id, *actions_made)
    flow = flows.create_flow(connection, caller, _read(CreateFlow, written))
    versions.publish_flow(connection, caller, flow.id, PublishFlow())
    return CreatedExample(made.id, credential.id, actions_made, flow.id)


def _find(connection: sa.Connection, caller: Caller, example: ExampleServer) -> repository.Row | None:
    """The newest integration whose credentials are tested against the example's API."""
    if example.base_url is None:
        return None
    return repository.find_by_test_endpoint(connection, caller.workspace_id, f"{example.base_url}/")


def _read(kind: type[T], body: dict[str, Any]) -> T:
    return msgspec.convert(body, kind)
