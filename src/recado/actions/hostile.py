"""Shows what hostile values do to a request that is still being written: each is encoded for its place, or refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

import sqlalchemy as sa

from recado.accounts.caller import Caller
from recado.actions.compiled import check_inputs
from recado.actions.preview import check_draft, find_auth, show
from recado.actions.schemas import HostileCase, HostilePreview, PreviewHostile
from recado.errors import RecadoError, ValidationFailed
from recado.fields import FieldType, Value
from recado.integrations.checks import raise_if_any
from recado.integrations.requests import SendingRules
from recado.outbound.request import RequestTemplate
from recado.outbound.scope import InputSpec
from recado.web.problems import problem_of

MAX_VALUE_CHARACTERS: Final = 200
MAX_REQUEST_CHARACTERS: Final = 16 * 1024
_SANE: Final[Mapping[FieldType, Value]] = {
    "integer": 42,
    "number": Decimal("12.10"),
    "boolean": True,
    "datetime": dt.datetime(2026, 11, 22, 14, 30, tzinfo=dt.UTC),
}


def preview_hostile(
    connection: sa.Connection, caller: Caller, integration_id: str, data: PreviewHostile, rules: SendingRules
) -> HostilePreview:
    """Every hostile value in every text input at once, through the renderer of a run. Raises NotFound, ValidationFailed."""
    auth = find_auth(connection, caller, integration_id)
    problems: list[RecadoError] = []
    template, inputs = check_draft(data.inputs, data.request, auth, rules, problems)
    raise_if_any(problems)
    assert template is not None, "a request without a problem is compiled"
    if not any(spec.type == "string" for spec in inputs.values()):
        return HostilePreview([])
    from recado.actions.hostile_values import HOSTILE_VALUES  # noqa: PLC0415  # 0.1 MB that few servers ever need

    return HostilePreview([_case(template, inputs, name, value) for name, value in HOSTILE_VALUES])


def _case(template: RequestTemplate, inputs: Mapping[str, InputSpec], name: str, value: str) -> HostileCase:
    raw = {key: value if spec.type == "string" else _SANE[spec.type] for key, spec in inputs.items()}
    shown, error = None, None
    try:
        shown = show(template, check_inputs(inputs, raw))
    except ValidationFailed as failed:
        error = problem_of(failed).errors[0]
    return HostileCase(
        name=name,
        value=_cut(value.encode(errors="backslashreplace").decode(), MAX_VALUE_CHARACTERS),
        is_refused=error is not None,
        request=None if shown is None else _cut(shown, MAX_REQUEST_CHARACTERS),
        error=error,
    )


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[:limit]}…"
