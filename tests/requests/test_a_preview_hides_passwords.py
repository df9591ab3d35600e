"""A preview is the run's own bytes with every password as blocks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from recado.errors import InputMissing
from recado.outbound.request import RequestTemplate, WireRequest

Compile = Callable[..., RequestTemplate]

EVERYWHERE = {
    "method": "POST",
    "endpoint": "https://{{auth.region}}.acme.com/v1/{{inputs.x}}?k={{auth.api_key}}",
    "query": [{"key": "k", "value": "a {{auth.api_key}}"}],
    "headers": [
        {"key": "Authorization", "value": "Bearer {{auth.api_key}}"},
        {"key": "X-Region", "value": "{{auth.region}}"},
    ],
    "body": {
        "type": "json",
        "json": {"key": "{{auth.api_key}}", "text": "it is {{auth.api_key}}", "x": "{{inputs.x}}"},
    },
    "idempotency_header": "Idempotency-Key",
}


def test_passwords_are_blocks_in_every_place(compile_definition: Compile) -> None:
    template = compile_definition(EVERYWHERE, is_key_in_url_allowed=True)

    shown = template.preview({"x": "é"}, {"region": "eu", "api_key": "k3y"}).decode()

    assert shown == (
        "POST /v1/%C3%A9?k=██████&k=a%20██████ HTTP/1.1\r\n"
        "Host: eu.acme.com\r\n"
        "User-Agent: Recado/0\r\n"
        "Accept: */*\r\n"
        "Accept-Encoding: gzip, deflate\r\n"
        "Authorization: Bearer ██████\r\n"
        "X-Region: eu\r\n"
        "Content-Type: application/json\r\n"
        "Content-Length: ██████\r\n"
        "Idempotency-Key: (made for each execution)\r\n"
        "\r\n"
        '{"key":"██████","text":"it is ██████","x":"é"}'
    )


def test_without_a_credential_text_fields_are_shown_as_references(compile_definition: Compile) -> None:
    shown = compile_definition(EVERYWHERE, is_key_in_url_allowed=True).preview({"x": "a"}, {}).decode()

    assert "Host: {{auth.region}}.acme.com\r\n" in shown
    assert "X-Region: {{auth.region}}\r\n" in shown


@pytest.mark.parametrize(
    "body",
    [
        {"type": "form", "fields": [{"key": "x", "value": "{{inputs.x}}"}]},
        {"type": "multipart", "fields": [{"key": "x", "value": "{{inputs.x}}"}]},
        {"type": "raw", "content_type": "text/xml", "text": "<x>{{inputs.x}}</x>"},
        {"type": "none"},
    ],
)
def test_without_passwords_it_is_what_a_run_sends(
    compile_definition: Compile, send: Callable[[WireRequest], bytes], body: dict[str, object]
) -> None:
    template = compile_definition({"method": "PUT", "endpoint": "https://api.acme.com/{{inputs.x}}", "body": body})

    assert template.preview({"x": "a b&<"}, {}) == send(template.render({"x": "a b&<"}, {}))


def test_a_preview_asks_for_what_a_run_asks_for(compile_definition: Compile) -> None:
    with pytest.raises(InputMissing) as caught:
        compile_definition(EVERYWHERE, is_key_in_url_allowed=True).preview({}, {})

    assert (caught.value.path, caught.value.facts) == ("inputs.x", {"key": "x"})
