"""Shows the exact bytes of an action's request before anything is sent."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import sqlalchemy as sa

from recado.accounts.caller import Caller
from recado.actions import repository
from recado.actions.compiled import load_compiled_action
from recado.actions.schemas import Preview, PreviewAction
from recado.errors import EndpointRefused, Invalid, NotFound, RequestTooLarge, ValidationFailed
from recado.ids import is_id

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
    values = action.check_inputs(data.inputs)
    try:
        shown = action.template.preview(values, auth_texts)
    except (EndpointRefused, RequestTooLarge) as problem:
        raise ValidationFailed([problem if problem.path else problem.at("request")]) from problem
    except Invalid as problem:  # its path names the input or the authentication field
        raise ValidationFailed([problem]) from problem
    return Preview(shown.decode(errors="backslashreplace"))


def _check_credential(
    connection: sa.Connection, caller: Caller, credential_id: str | None, integration_id: str
) -> None:
    if credential_id is None:
        return
    found = None
    if is_id(credential_id, "crd"):
        found = repository.find_credential_integration(connection, caller.workspace_id, credential_id)
    if found is None:
        raise NotFound
    if found != integration_id:
        raise ValidationFailed([Invalid("credential_id", reason="This credential belongs to another integration.")])
