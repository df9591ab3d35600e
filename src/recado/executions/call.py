"""One call, whatever it is for: what is called, with whose secrets, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from recado.actions.compiled import CompiledAction
from recado.actions.outputs import OutputResult, ResponseView, pick_outputs
from recado.credentials.vault import OpenedCredential
from recado.errors import (
    CredentialHostNotAllowed,
    CredentialIncomplete,
    OutputContainsSecret,
    RecadoError,
    UnknownField,
    ValidationFailed,
)
from recado.executions.judge import judge_status
from recado.fields import Value
from recado.outbound.hosts import is_host_allowed
from recado.outbound.masking import Masker
from recado.outbound.multipart import Files
from recado.outbound.policy import EgressPolicy
from recado.outbound.response import Response
from recado.outbound.wire import WireRequest

NO_SECRETS = Masker([])


@dataclass(slots=True)
class Judged:
    """What an answer means: the error (None for `ok`), the outputs and what became of each."""

    error: RecadoError | None
    outputs: dict[str, Any] = field(default_factory=dict)
    results: list[OutputResult] = field(default_factory=list)


def check_names(action: CompiledAction, raw: Mapping[str, Any]) -> None:
    """An input the action does not have is the caller's mistake. Raises ValidationFailed."""
    if unknown := [name for name in raw if name not in action.inputs]:
        raise ValidationFailed([UnknownField(f"inputs.{name}", name=name) for name in unknown])


def render(
    action: CompiledAction,
    values: Mapping[str, Value],
    credential: OpenedCredential | None,
    policy: EgressPolicy,
    execution_id: str,
    extra_headers: bytes,
    files: Files | None = None,
) -> WireRequest:
    """The exact request, allowed by the policy and by every secret in it. Raises InputRefused, EndpointRefused, CallBlocked."""
    template = action.template
    auth = credential.values if credential else {}
    for identifier in template.auth_identifiers:
        if identifier not in auth and action.auth[identifier].is_required:
            raise CredentialIncomplete(identifier=identifier, name=credential.name if credential else "no credential")
    key = execution_id if template.idempotency_header else None
    notes = credential.notes if credential else None
    wire = template.render(values, auth, idempotency_key=key, extra_headers=extra_headers, notes=notes, files=files)
    if not template.secret_identifiers or credential is None:
        policy.check_url(wire.url)
        return wire
    # The same origin is judged once for a credential: the policy of a process and the sealed hosts do not change.
    place = (action.id, wire.url.scheme, wire.url.host, wire.url.port)
    if place not in credential.notes:
        used = [identifier for identifier in template.secret_identifiers if identifier in auth]
        for identifier in used:
            check_host(credential, identifier, wire)
        policy.check_url(wire.url, has_secret=bool(used))
        credential.notes[place] = True
    return wire


def check_host(credential: OpenedCredential, identifier: str, wire: WireRequest) -> None:
    """A secret goes only to the hosts sealed together with it. Raises CredentialHostNotAllowed."""
    entries = credential.hosts[identifier]
    if not is_host_allowed(entries, wire.url):
        hosts = ", ".join(entry.text for entry in entries) or "none"
        raise CredentialHostNotAllowed(name=credential.name, host=wire.url.authority, hosts=hosts)


def judge(action: CompiledAction, response: Response, masker: Masker) -> Judged:
    """Status first, then the outputs; an output that holds a secret fails the whole."""
    if not 200 <= response.status < 300:
        return Judged(judge_status(response.status, response.header("location"), response.header("retry-after")))
    if not action.outputs:
        return Judged(None)
    outputs, results, failure = pick_outputs(action.outputs, ResponseView.of(response))
    if not masker.is_empty:
        for identifier, value in outputs.items():
            if masker.contains_in_tree(value):
                return Judged(OutputContainsSecret(key=identifier))
    return Judged(failure, {} if failure else outputs, results)
