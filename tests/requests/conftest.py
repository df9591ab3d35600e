"""What the tests of requests share: a scope with a few names, and the bytes of one rendered request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import pytest

from recado.fields import FieldType, Value
from recado.outbound.definition import Request
from recado.outbound.request import AuthSpec, InputSpec, RequestTemplate, Scope, WireRequest, compile_request

Compile = Callable[..., RequestTemplate]


@pytest.fixture(scope="session")
def compile_definition() -> Compile:
    """Compiles a definition as JSON has it; inputs `x` and `y`, fields `api_key` (password) and `region` (text)."""

    def make(
        definition: Mapping[str, Any],
        *,
        types: Mapping[str, FieldType] | None = None,
        optional: tuple[str, ...] = (),
        is_key_in_url_allowed: bool = False,
    ) -> RequestTemplate:
        kinds: dict[str, FieldType] = {"x": "string", "y": "string", **(types or {})}
        inputs = {key: InputSpec(key, kind, key not in optional) for key, kind in kinds.items()}
        auth = {
            "api_key": AuthSpec("api_key", "password", "api_key" not in optional),
            "region": AuthSpec("region", "text", "region" not in optional),
        }
        scope = Scope(inputs, auth, is_key_in_url_allowed)
        return compile_request(msgspec.convert(definition, Request), scope, user_agent="Recado/0")

    return make


@pytest.fixture(scope="session")
def send() -> Callable[[WireRequest], bytes]:
    """The bytes of a request as they go on the wire."""

    def written(wire: WireRequest) -> bytes:
        return b"%b %b HTTP/1.1\r\n%b\r\n%b" % (wire.method.encode(), wire.target, wire.headers, wire.body)

    return written


@pytest.fixture(scope="session")
def render_value(compile_definition: Compile) -> Callable[[Mapping[str, Any], Value], WireRequest]:
    """Renders a definition that uses the input `x` alone."""

    def render(definition: Mapping[str, Any], value: Value) -> WireRequest:
        return compile_definition(definition).render({"x": value}, {})

    return render
