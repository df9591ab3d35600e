"""A compiled request says what it uses and where it goes, before any value is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from recado.errors import AuthValueNotAllowed, InputNotAllowedInHeader
from recado.outbound.definition import Body, Request, Row
from recado.outbound.request import RequestTemplate
from recado.outbound.url import Url

Compile = Callable[..., RequestTemplate]


def test_names_and_options_are_listed(compile_definition: Compile) -> None:
    template = compile_definition(
        {
            "method": "PATCH",
            "endpoint": "https://api.acme.com/{{inputs.x}}/{{auth.region}}",
            "headers": [{"key": "X-Key", "value": "{{auth.api_key}}"}],
            "timeout_seconds": 2.5,
            "follow_redirects": True,
            "idempotency_header": "Idempotency-Key",
        }
    )

    assert template.method == "PATCH"
    assert template.timeout_seconds == 2.5
    assert template.is_following_redirects
    assert template.idempotency_header == "Idempotency-Key"
    assert template.input_keys == {"x"}
    assert template.auth_identifiers == {"api_key", "region"}
    assert template.secret_identifiers == {"api_key"}


@pytest.mark.parametrize(
    ("endpoint", "url"),
    [
        ("https://api.acme.com", Url("https", "api.acme.com", 443, "/")),
        ("https://api.acme.com:8443/v1/x?a=1", Url("https", "api.acme.com", 8443, "/v1/x?a=1")),
        ("http://[2001:DB8::1]/{{inputs.x}}/y", Url("http", "2001:db8::1", 80, "/")),
        ("https://bücher.example/v1/{{inputs.x}}?a={{inputs.y}}", Url("https", "xn--bcher-kva.example", 443, "/v1/")),
        ("https://{{auth.region}}.acme.com/v1", None),
        ("https://api.acme.com:{{auth.region}}/v1", None),
    ],
)
def test_the_origin_is_known_unless_the_credential_makes_it(
    compile_definition: Compile, endpoint: str, url: Url | None
) -> None:
    assert compile_definition({"endpoint": endpoint}).constant_url == url


def test_the_idempotency_key_and_other_headers_of_the_run_come_last(compile_definition: Compile) -> None:
    template = compile_definition(
        {"method": "POST", "endpoint": "https://api.acme.com/", "idempotency_header": "Idem-Key"}
    )

    wire = template.render({}, {}, idempotency_key="exe_1", extra_headers=b"Recado-Hops: 1\r\n")

    assert wire.headers.endswith(b"Content-Length: 0\r\nIdem-Key: exe_1\r\nRecado-Hops: 1\r\n")
    assert b"Idem-Key" not in template.render({}, {}).headers
    with pytest.raises(InputNotAllowedInHeader):
        template.render({}, {}, idempotency_key="a\r\nb")


@pytest.mark.parametrize("value", ["{{auth.api_key}}", "{{auth.api_key}} {{inputs.x}}", "constant"])
def test_header_lines_of_a_credential_are_kept_for_its_next_run(compile_definition: Compile, value: str) -> None:
    template = compile_definition(
        {"method": "POST", "endpoint": "https://api.acme.com/", "headers": [{"key": "X-Key", "value": value}]}
    )
    other = compile_definition(
        {"method": "POST", "endpoint": "https://api.acme.com/", "headers": [{"key": "X-Key", "value": f"{value} 2"}]}
    )
    auth, notes = {"api_key": "key-1234"}, dict[Any, Any]()

    for text in ("one", "two", "three"):
        for one in (template, other):
            inputs = {"x": text}
            assert one.render(inputs, auth, notes=notes) == one.render(inputs, auth)
    assert len(notes) == (0 if "inputs" in value else 2)


def test_a_header_value_that_is_refused_is_refused_each_time(compile_definition: Compile) -> None:
    template = compile_definition(
        {"endpoint": "https://api.acme.com/", "headers": [{"key": "X-Key", "value": "{{auth.api_key}}"}]}
    )
    notes = dict[Any, Any]()
    for _ in range(2):
        with pytest.raises(AuthValueNotAllowed):
            template.render({}, {"api_key": "a\r\nb"}, notes=notes)
    assert not notes


def test_an_error_holds_no_secret(compile_definition: Compile) -> None:
    template = compile_definition(
        {
            "method": "POST",
            "endpoint": "https://api.acme.com/",
            "body": {"type": "form", "fields": [{"key": "k", "value": "{{auth.api_key}}"}]},
        }
    )
    with pytest.raises(AuthValueNotAllowed) as caught:
        template.render({}, {"api_key": "s3cret-\ud800"})

    assert caught.value.facts == {"identifier": "api_key"}
    assert caught.value.__context__ is None, "what raised it would hold the value"


def test_a_definition_is_written_in_the_shape_the_api_promises() -> None:
    written = msgspec.to_builtins(Request(query=[Row("a", "1"), Row("b", "", send_empty=True)]))

    assert written["body"] == {"type": "none"}
    assert written["query"] == [{"key": "a", "value": "1"}, {"key": "b", "value": "", "send_empty": True}]
    assert msgspec.convert(written, Request).body == Body()
    assert msgspec.to_builtins(Body(type="json", json=None)) == {"type": "json", "json": None}
