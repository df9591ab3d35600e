"""Holds a request to everything that can be known when it is saved: its templates, its target, what this server may send."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from recado import __version__
from recado.errors import MethodDisabled, RecadoError
from recado.integrations.checks import collecting
from recado.integrations.definition import Auth, auth_scope
from recado.outbound.definition import Request
from recado.outbound.policy import EgressPolicy
from recado.outbound.request import RequestTemplate, compile_request
from recado.outbound.scope import InputSpec, Scope
from recado.outbound.url import parse_url

USER_AGENT: Final = f"Recado/{__version__}"
SPECIAL_METHODS: Final = frozenset({"TRACE", "CONNECT", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class SendingRules:
    """What this server may send: the egress policy, and whether TRACE, CONNECT and OPTIONS are on."""

    policy: EgressPolicy
    has_special_methods: bool = True


def request_scope(inputs: Mapping[str, InputSpec], auth: Auth) -> Scope:
    """All that a request of this integration may refer to."""
    return Scope(inputs, auth_scope(auth), is_key_in_url_allowed=auth.key_in_url)


def check_request(request: Request, scope: Scope, rules: SendingRules) -> list[RecadoError]:
    """Every problem of a request as it would be saved, paths relative to the request; none when it may be saved."""
    return examine_request(request, scope, rules)[1]


def examine_request(
    request: Request, scope: Scope, rules: SendingRules
) -> tuple[RequestTemplate | None, list[RecadoError]]:
    """The same, with the request ready to be filled where its templates hold, even if it may not be sent."""
    problems: list[RecadoError] = []
    template: RequestTemplate | None = None
    with collecting(problems):
        template = compile_request(request, scope, user_agent=USER_AGENT)
    if request.method in SPECIAL_METHODS and not rules.has_special_methods:
        problems.append(MethodDisabled("method", method=request.method))
    if not any(problem.path == "endpoint" for problem in problems):
        with collecting(problems, "endpoint"):
            _check_target(request, template, rules.policy)
    return template, problems


def _check_target(request: Request, template: RequestTemplate | None, policy: EgressPolicy) -> None:
    """Judge the URL as far as it is known when saving; a host with an authentication field in it is judged when it runs."""
    if template is not None:
        if template.constant_url is not None:
            policy.check_url(template.constant_url, has_secret=bool(template.secret_identifiers))
    elif request.endpoint and "{{" not in request.endpoint:  # something else is wrong; say this too
        policy.check_url(parse_url(request.endpoint))
