"""Actions and test requests made ready to run: all that can be settled before a run is settled here, once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from recado.actions import repository
from recado.actions.definition import compile_outputs, input_specs
from recado.actions.outputs import OutputSet
from recado.actions.stored import read_inputs, read_outputs
from recado.db.rows import existing
from recado.errors import (
    ActionIncomplete,
    ActionOutdated,
    InputMissing,
    InputRefused,
    RecadoError,
    TestRequestMissing,
    TestRequestOutdated,
    UnknownField,
    ValidationFailed,
)
from recado.fields import FieldType, Value, check_value, encode_value
from recado.ids import is_id
from recado.integrations.definition import Auth
from recado.integrations.repository import Row
from recado.integrations.requests import USER_AGENT, request_scope
from recado.integrations.stored import read_auth, read_request
from recado.outbound.client import CallPlan
from recado.outbound.definition import IDEMPOTENT_METHODS, Request
from recado.outbound.request import RequestTemplate, compile_request
from recado.outbound.scope import AuthFieldType, InputSpec
from recado.outbound.tls import TlsSettings

DEFAULT_TIMEOUT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class CompiledAuthField:
    """An authentication field as a run needs it: `id` finds a credential's value, `identifier` its place in the request."""

    id: str
    identifier: str
    type: AuthFieldType
    is_required: bool


@dataclass(frozen=True, slots=True)
class CompiledAction:
    """An action, or an integration's test request (`id` None, no inputs, no outputs), ready to be filled and sent."""

    id: str | None
    workspace_id: str
    integration_id: str
    name: str
    template: RequestTemplate
    inputs: Mapping[str, InputSpec]
    outputs: OutputSet
    auth: Mapping[str, CompiledAuthField]
    """All authentication fields of the integration, by identifier."""
    is_private: bool
    plan: CallPlan
    """How it is called, but for the check of redirects, which belongs to a run."""

    def check_inputs(self, raw: Mapping[str, Any], *, is_lenient: bool = False) -> dict[str, Value]:
        """The values of the inputs that are there; null counts as absent.

        Raises ValidationFailed with every problem (InputMissing, InputType, InputTooLong, UnknownField), paths below
        `inputs`.
        """
        return check_inputs(self.inputs, raw, is_lenient=is_lenient)

    def fit_inputs(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """What a person typed or an earlier output holds (`12,5`, a number for a text), written as a run takes it.

        What cannot be of its input's type stays as it is, for the run to refuse. What the action has no input for any more is
        left out: a published version that fills it goes on as it did.
        """
        return {key: _fit(key, self.inputs[key].type, value) for key, value in raw.items() if key in self.inputs}


def _fit(key: str, type: FieldType, raw: Any) -> Any:  # noqa: A002  # as in fields.check_value
    try:
        return encode_value(check_value(key, type, raw, is_lenient=True))
    except InputRefused:
        return raw


def check_inputs(
    inputs: Mapping[str, InputSpec], raw: Mapping[str, Any], at: str = "inputs", *, is_lenient: bool = False
) -> dict[str, Value]:
    """The values of the inputs that are there, null counting as absent; raises what `CompiledAction.check_inputs` raises.

    `at` is where the values stand in what the caller sent.
    """
    problems: list[RecadoError] = []
    if not raw.keys() <= inputs.keys():
        problems += [UnknownField(f"{at}.{name}", name=name) for name in raw if name not in inputs]
    values: dict[str, Value] = {}
    for key, spec in inputs.items():
        given = raw.get(key)
        if given is None:
            if spec.is_required:
                problems.append(InputMissing(f"{at}.{key}", key=key))
            continue
        try:
            values[key] = check_value(key, spec.type, given, is_lenient=is_lenient)
        except InputRefused as problem:
            problems.append(problem.at(f"{at}.{key}"))
    if problems:
        raise ValidationFailed(problems)
    return values


def load_compiled_action(connection: sa.Connection, workspace_id: str, action_id: str) -> CompiledAction:
    """An action ready to run. Raises NotFound, ActionIncomplete, ActionOutdated, RecordCorrupt."""
    row = existing(repository.find_action(connection, workspace_id, action_id) if is_id(action_id, "act") else None)
    integration = repository.find_integration(connection, workspace_id, row.integration_id)
    assert integration is not None, "an action has an integration"
    return compile_action(row, integration)


def load_compiled_test_request(connection: sa.Connection, workspace_id: str, integration_id: str) -> CompiledAction:
    """An integration's test request ready to run. Raises NotFound, TestRequestMissing, TestRequestOutdated, RecordCorrupt."""
    return compile_test_request(load_integration(connection, workspace_id, integration_id))


def load_integration(connection: sa.Connection, workspace_id: str, integration_id: str) -> Row:
    """An integration as it is stored. Raises NotFound."""
    return existing(
        repository.find_integration(connection, workspace_id, integration_id) if is_id(integration_id, "int") else None
    )


def compile_action(row: Row, integration: Row) -> CompiledAction:
    """The action of a row. Raises ActionIncomplete without a request, ActionOutdated when it refers to what is gone."""
    request = read_request(row.request)
    if request is None:
        raise ActionIncomplete
    auth = read_auth(integration)
    inputs = input_specs(read_inputs(row))
    try:
        template = _compile(request, inputs, auth)
    except ValidationFailed as failed:
        raise ActionOutdated(**_first(failed)) from failed
    return CompiledAction(
        id=row.id,
        name=row.name,
        inputs=inputs,
        outputs=OutputSet(compile_outputs(read_outputs(row))),
        is_private=row.is_private,
        **_shared(integration, auth, template),
    )


def compile_test_request(integration: Row) -> CompiledAction:
    """The test request of an integration's row. Raises TestRequestMissing, TestRequestOutdated."""
    request = read_request(integration.test_request)
    if request is None:
        raise TestRequestMissing
    auth = read_auth(integration)
    try:
        template = _compile(request, {}, auth)
    except ValidationFailed as failed:
        raise TestRequestOutdated(**_first(failed)) from failed
    return CompiledAction(
        id=None,
        name=integration.name,
        inputs={},
        outputs=OutputSet(),
        is_private=False,
        **_shared(integration, auth, template),
    )


def _compile(request: Request, inputs: Mapping[str, InputSpec], auth: Auth) -> RequestTemplate:
    return compile_request(request, request_scope(inputs, auth), user_agent=USER_AGENT)


def _shared(integration: Row, auth: Auth, template: RequestTemplate) -> dict[str, Any]:
    """What follows from the integration and the request alone."""
    return {
        "workspace_id": integration.workspace_id,
        "integration_id": integration.id,
        "template": template,
        "auth": {
            field.identifier: CompiledAuthField(field.id, field.identifier, field.type, field.required)
            for field in auth.fields
        },
        "plan": CallPlan(
            template.timeout_seconds or DEFAULT_TIMEOUT_SECONDS,
            is_following_redirects=template.is_following_redirects,
            # a call that may have happened can be repeated: by its method, or because it carries an idempotency key
            is_idempotent=template.method in IDEMPOTENT_METHODS or template.idempotency_header is not None,
            tls=TlsSettings(integration.ca_certificates),
        ),
    }


def _first(failed: ValidationFailed) -> dict[str, str]:
    """The facts of an error that stands for the first of some problems."""
    problem = failed.problems[0]
    return {"place": problem.path, "reason": str(problem).rstrip(".")}
