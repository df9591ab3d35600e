"""Shows the exact bytes of a request before anything is sent: of an action, or of a request that is still being written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

import sqlalchemy as sa

from recado.accounts.caller import Caller
from recado.actions import repository
from recado.actions.compiled import check_inputs, load_compiled_action, load_integration
from recado.actions.definition import Input, clean_inputs, input_specs
from recado.actions.schemas import DraftPreview, Preview, PreviewAction, PreviewRequest
from recado.db.rows import existing
from recado.errors import (
    EndpointRefused,
    Invalid,
    NotFound,
    RecadoError,
    RequestTooLarge,
    ValidationFailed,
)
from recado.fields import Value
from recado.ids import is_id
from recado.integrations.checks import collecting
from recado.integrations.definition import Auth
from recado.integrations.requests import SendingRules, examine_request, request_scope
from recado.integrations.stored import read_auth
from recado.outbound.definition import Request
from recado.outbound.request import RequestTemplate
from recado.outbound.scope import InputSpec
from recado.web.problems import problem_of

_UNOPENED: Final[Mapping[str, str]] = MappingProxyType({})


def preview_action(
    connection: sa.Connection,
    caller: Caller,
    action_id: str,
    data: PreviewAction,
    auth_texts: Mapping[str, str] = _UNOPENED,
) -> Preview:
    """The request that these inputs make; `auth_texts` are values of text fields, as far as somebody could open them.

    Raises NotFound, ActionIncomplete, and ValidationFailed with the inputs that do not do.
    """
    action = load_compiled_action(connection, caller.workspace_id, action_id)
    _check_credential(connection, caller, data.credential_id, action.integration_id)
    return Preview(show(action.template, action.check_inputs(data.inputs), auth_texts))


def preview_request(
    connection: sa.Connection, caller: Caller, integration_id: str, data: PreviewRequest, rules: SendingRules
) -> DraftPreview:
    """What a request that is not saved would be, and everything that is wrong with it. Raises NotFound, RecordCorrupt."""
    auth = find_auth(connection, caller, integration_id)
    problems: list[RecadoError] = []
    template, inputs = check_draft(data.inputs, data.request, auth, rules, problems)
    with collecting(problems):
        _check_known_credential(connection, caller, data.credential_id, integration_id)
    shown = None
    with collecting(problems):
        values = check_inputs(inputs, data.values, "values")
        if template is not None:
            shown = show(template, values, _UNOPENED, "values")
    return DraftPreview(shown, problem_of(ValidationFailed(problems)).errors)


def find_auth(connection: sa.Connection, caller: Caller, integration_id: str) -> Auth:
    """The authentication of an integration. Raises NotFound, RecordCorrupt."""
    return read_auth(load_integration(connection, caller.workspace_id, integration_id))


def check_draft(
    inputs: Sequence[Input], request: Request, auth: Auth, rules: SendingRules, problems: list[RecadoError]
) -> tuple[RequestTemplate | None, Mapping[str, InputSpec]]:
    """The request made ready to be filled, as far as it can be, and its inputs; what is wrong is noted in `problems`."""
    kept: Sequence[Input] = inputs
    with collecting(problems, "inputs"):
        kept = clean_inputs(inputs)
    specs = input_specs(kept)
    template, found = examine_request(request, request_scope(specs, auth), rules)
    problems += [problem.at("request") for problem in found]
    return template, specs


def show(
    template: RequestTemplate,
    values: Mapping[str, Value],
    auth_texts: Mapping[str, str] = _UNOPENED,
    at: str = "inputs",
) -> str:
    """The bytes as text. Raises ValidationFailed with the one value or the request that does not do; `at` is where values stand."""
    try:
        shown = template.preview(values, auth_texts)
    except (EndpointRefused, RequestTooLarge) as problem:
        place = "request.endpoint" if isinstance(problem, EndpointRefused) else "request"
        raise ValidationFailed([problem if problem.path else problem.at(place)]) from problem
    except Invalid as problem:  # its path names the input or the authentication field
        problem.path = problem.path.replace("inputs.", f"{at}.", 1)
        raise ValidationFailed([problem]) from problem
    return shown.decode(errors="backslashreplace")


def _check_known_credential(
    connection: sa.Connection, caller: Caller, credential_id: str | None, integration_id: str
) -> None:
    """As `_check_credential`; one that is not there is a field that is wrong, since the screen stays as it is."""
    try:
        _check_credential(connection, caller, credential_id, integration_id)
    except NotFound:
        raise Invalid("credential_id", reason="There is no such credential.") from None


def _check_credential(
    connection: sa.Connection, caller: Caller, credential_id: str | None, integration_id: str
) -> None:
    if credential_id is None:
        return
    found = existing(
        repository.find_credential_integration(connection, caller.workspace_id, credential_id)
        if is_id(credential_id, "crd")
        else None
    )
    if found != integration_id:
        raise ValidationFailed([Invalid("credential_id", reason="This credential belongs to another integration.")])
