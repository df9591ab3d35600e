"""Whatever a value holds, the request around it keeps its shape: three parsers of each grammar see the same tree."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qsl, unquote, unquote_plus, unquote_to_bytes, urlsplit
from xml.dom import minidom

import httptools
import msgspec
import multipart  # type: ignore[import-untyped]  # it has no types; the framework parses uploads with it
import pytest
import yarl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recado.errors import InputRefused
from recado.outbound.request import RequestTemplate, WireRequest

HOSTILE = (
    "..", ".", "/", "\\", "//", ";", "?", "#", "&", "=", "+", " ", "%", "%2e", "%2E", "%2f", "%5c", "%25", "%252e", "%00", "%0d%0a",
    '"', "'", '\\"', "\\u0022", "}", "]", "}]", "{", "[", ",", ":", "null", "1", "-", "e9", "true",
    "\r\n", "\r", "\n", "\t", "\0", "\x1b", "\x7f", "\x85", "\u2028", "\ufeff", "\u202e", "é", "日本", "😀", "\uff0e", "\uff0f",
    "<", ">", "&amp;", "&#0;", "<!--", "-->", "--", "<![CDATA[", "]]>", "]]", "<?", "?>", "</a>",
    "{{auth.api_key}}", "{{inputs.y}}", "{{", "}}", "\\{{", "${x}", "%s", "{0}", "@", "evil.com", "@evil.com", "://",
    "X-Evil: 1", "\r\nX-Evil: 1\r\n\r\n", "--recado-", "boundary", "Content-Disposition: form-data", "a", "0",
)  # fmt: skip
VALUES = st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=6)), max_size=6).map("".join)
FAST = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

Compile = Callable[..., RequestTemplate]

EVERYWHERE = {
    "method": "POST",
    "endpoint": "https://api.acme.com/a/{{inputs.x}}/b-{{inputs.y}}.json?fixed=1&x={{inputs.x}}",
    "query": [{"key": "x", "value": "v {{inputs.y}}&"}, {"key": "last", "value": "1"}],
    "body": {
        "type": "json",
        "json": {"fixed": [1, None], "x": "{{inputs.x}}", "y": {"z": ["{{inputs.y}}", "a {{inputs.x}} b"]}},
    },
}


def json_tree(x: str, y: str) -> dict[str, Any]:
    return {"fixed": [1, None], "x": x, "y": {"z": [y, f"a {x} b"]}}


def pairs(x: str, y: str) -> list[list[str]]:
    return [["fixed", "1"], ["x", x], ["x", f"v {y}&"], ["last", "1"]]


class StrictUrl:
    """RFC 3986 read to the letter: appendix B's expression over the characters the grammar has, nothing forgiven."""

    def __init__(self, text: str) -> None:
        assert re.fullmatch(r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*", text), "no other characters"
        found = re.fullmatch(r"([a-z]+)://([^/?#]*)([^?#]*)(?:\?([^#]*))?(#.*)?", text)
        assert found is not None
        self.scheme, self.authority, self.path, query, self.fragment = found.groups()
        self.segments = [unquote_to_bytes(segment).decode() for segment in self.path.split("/")]
        self.pairs = [[unquote_to_bytes(half).decode() for half in pair.split("=")] for pair in query.split("&")]


def decoded_deeply(text: str) -> Iterator[str]:
    for _ in range(4):
        yield text
        text = unquote(text)


@pytest.fixture(scope="module")
def everywhere(compile_definition: Compile) -> RequestTemplate:
    return compile_definition(EVERYWHERE)


def accepted(template: RequestTemplate, **inputs: str) -> WireRequest | None:
    try:
        return template.render(inputs, {"api_key": "k3y-never-typed"})
    except InputRefused:
        return None


@FAST
@given(VALUES, VALUES)
def test_url_parsers_agree_on_where_each_value_stands(everywhere: RequestTemplate, x: str, y: str) -> None:
    wire = accepted(everywhere, x=x, y=y)
    if wire is None:
        return
    text = wire.url.text
    segments = ["", "a", x, f"b-{y}.json"]

    strict = StrictUrl(text)
    split = urlsplit(text)
    liberal = yarl.URL(text)

    assert (strict.scheme, strict.authority, strict.fragment) == ("https", "api.acme.com", None)
    assert strict.segments == segments
    assert strict.pairs == pairs(x, y)
    assert (split.netloc, split.fragment) == ("api.acme.com", "")
    assert [unquote(segment) for segment in split.path.split("/")] == segments
    assert [list(pair) for pair in parse_qsl(split.query, keep_blank_values=True)] == pairs(x, y)
    assert (liberal.host, liberal.fragment, liberal.user) == ("api.acme.com", "", None)
    assert list(liberal.parts[1:]) == segments[1:]
    assert [list(pair) for pair in liberal.query.items()] == pairs(x, y)


@FAST
@given(VALUES)
def test_no_number_of_decodings_finds_another_segment(everywhere: RequestTemplate, x: str) -> None:
    wire = accepted(everywhere, x=x, y="y")
    if wire is None:
        return
    for decoded in decoded_deeply(wire.target.decode().partition("?")[0]):
        segments = decoded.split("/")
        assert len(segments) == 4
        assert not {"", ".", ".."} & set(segments[1:])


@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")
def test_node_sees_the_same_trees(everywhere: RequestTemplate, compile_definition: Compile) -> None:
    form = compile_definition({"method": "POST", "endpoint": "https://api.acme.com/", "body": {"type": "form", "fields": [
        {"key": "fixed", "value": "1"}, {"key": "x", "value": "{{inputs.x}}"}, {"key": "x", "value": "v {{inputs.y}}&"}, {"key": "last", "value": "1"}]}})  # fmt: skip
    asked: list[dict[str, str]] = []
    expected: list[dict[str, Any]] = []

    @settings(FAST, max_examples=1000, database=None)
    @given(VALUES, VALUES)
    def collect(x: str, y: str) -> None:
        wire = accepted(everywhere, x=x, y=y)
        if wire is None:
            return
        body = form.render({"x": x, "y": y}, {}).body
        asked.append({"url": wire.url.text, "json": wire.body.decode(), "form": body.decode()})
        expected.append(
            {
                "protocol": "https:",
                "host": "api.acme.com",
                "user": "",
                "segments": ["", "a", x, f"b-{y}.json"],
                "query": pairs(x, y),
                "hash": "",
                "json": json_tree(x, y),
                "form": pairs(x, y),
            }
        )

    collect()
    program = str(Path(__file__).with_name("read_trees.cjs"))
    node = ["node", program]
    answer = subprocess.run(node, input=json.dumps(asked).encode(), capture_output=True, check=True, timeout=60)

    assert len(asked) > 50, "enough values are accepted"
    assert json.loads(answer.stdout) == expected


@FAST
@given(VALUES, VALUES)
def test_json_parsers_agree_on_the_tree(compile_definition: Compile, x: str, y: str) -> None:
    raw = '{"fixed":[1,null],"x":{{inputs.x}},"y":{"z":[{{inputs.y}},"a {{inputs.x}} b"]}}'
    for body in (EVERYWHERE["body"], {"type": "raw", "content_type": "application/json", "text": raw}):
        definition = {"method": "POST", "endpoint": "https://api.acme.com/", "body": body}
        sent = compile_definition(definition).render({"x": x, "y": y}, {}).body

        assert json.loads(sent) == json_tree(x, y)
        assert msgspec.json.decode(sent) == json_tree(x, y)


@FAST
@given(st.integers() | st.decimals(allow_nan=False, allow_infinity=False))
def test_numbers_arrive_digit_by_digit(compile_definition: Compile, number: Any) -> None:
    definition = {
        "method": "POST",
        "endpoint": "https://api.acme.com/",
        "body": {"type": "json", "json": ["{{inputs.x}}"]},
    }
    sent = compile_definition(definition, types={"x": "number"}).render({"x": number}, {}).body

    (read,) = json.loads(sent, parse_float=Decimal, parse_int=Decimal)
    assert read.as_tuple() == Decimal(number).as_tuple()


@FAST
@given(VALUES, VALUES)
def test_a_form_keeps_its_pairs(compile_definition: Compile, x: str, y: str) -> None:
    rows = [{"key": "fixed", "value": "1"}, {"key": "x", "value": "{{inputs.x}}"}, {"key": "x", "value": "v {{inputs.y}}&"}, {"key": "last", "value": "1"}]  # fmt: skip
    raw = "fixed=1&x={{inputs.x}}&x=v+{{inputs.y}}%26&last=1"
    for body in (
        {"type": "form", "fields": rows},
        {"type": "raw", "content_type": "application/x-www-form-urlencoded", "text": raw},
    ):
        definition = {"method": "POST", "endpoint": "https://api.acme.com/", "body": body}
        sent = compile_definition(definition).render({"x": x, "y": y}, {}).body.decode("ascii")

        assert [list(pair) for pair in parse_qsl(sent, keep_blank_values=True, strict_parsing=True)] == pairs(x, y)
        assert [[unquote_plus(half) for half in pair.split("=")] for pair in sent.split("&")] == pairs(x, y)


@FAST
@given(VALUES, VALUES)
def test_multipart_keeps_its_parts(compile_definition: Compile, x: str, y: str) -> None:
    rows = [
        {"key": 'a"\r\n', "value": "{{inputs.x}}"},
        {"key": "b", "value": "v{{inputs.y}}"},
        {"key": "c", "value": "1"},
    ]
    template = compile_definition(
        {"method": "POST", "endpoint": "https://api.acme.com/", "body": {"type": "multipart", "fields": rows}}
    )
    boundary = template.body.render({"x": "", "y": ""}, {})[1].partition("boundary=")[2]
    for value in (x, f"{x}\r\n--{boundary}--\r\n"):
        wire = template.render({"x": value, "y": y}, {})
        used = cast("re.Match[bytes]", re.search(rb"boundary=(\S+)", wire.headers))[1].decode()

        parts = list(multipart.MultipartParser(BytesIO(wire.body), used))

        assert [(part.name, part.raw.decode()) for part in parts] == [('a"\r\n', value), ("b", f"v{y}"), ("c", "1")]
        assert wire.body.count(used.encode()) == 4


@FAST
@given(VALUES)
def test_xml_keeps_its_tree(compile_definition: Compile, x: str) -> None:
    text = "<a b=\"{{inputs.x}}\" c='{{inputs.x}}'><!-- > --><d>{{inputs.x}}</d><e><![CDATA[]]{{inputs.x}}>]]></e></a>"
    body = {"type": "raw", "content_type": "application/xml", "text": text}
    template = compile_definition({"method": "POST", "endpoint": "https://api.acme.com/", "body": body})
    wire = accepted(template, x=x)
    if wire is None:
        assert re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", x)
        return

    root = ET.fromstring(wire.body)
    assert (root.tag, root.attrib) == ("a", {"b": x, "c": x})
    assert [(child.tag, child.text or "") for child in root] == [("d", x), ("e", f"]]{x}>")]
    document = cast("Any", minidom.parseString(wire.body).documentElement)
    assert [node.nodeName for node in document.childNodes] == ["#comment", "d", "e"]


class Head:
    """What llhttp reads of a request."""

    def __init__(self, data: bytes) -> None:
        self.headers: list[tuple[bytes, bytes]] = []
        self.body = b""
        self.count = 0
        httptools.HttpRequestParser(self).feed_data(data)

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name, value))

    def on_body(self, data: bytes) -> None:
        self.body += data

    def on_message_complete(self) -> None:
        self.count += 1


@FAST
@given(VALUES, st.booleans())
def test_headers_keep_their_lines(
    compile_definition: Compile, send: Callable[[WireRequest], bytes], x: str, is_utf8: bool
) -> None:
    rows = [{"key": "X-A", "value": "{{inputs.x}}", "allow_utf8": is_utf8}, {"key": "X-B", "value": "v {{inputs.x}}", "allow_utf8": is_utf8}]  # fmt: skip
    body = {"type": "form", "fields": [{"key": "x", "value": "{{inputs.x}}"}]}
    template = compile_definition(
        {"method": "POST", "endpoint": "https://api.acme.com/", "headers": rows, "body": body}
    )
    wire = accepted(template, x=x)
    if wire is None:
        return

    head = Head(send(wire))

    names = ["Host", "User-Agent", "Accept", "Accept-Encoding", "X-A", "X-B", "Content-Type", "Content-Length"]
    assert [name.decode() for name, _ in head.headers] == names
    assert head.headers[4:6] == [(b"X-A", x.encode()), (b"X-B", f"v {x}".encode() if x else b"v ")]
    assert (head.body, head.count) == (wire.body, 1)


@FAST
@given(VALUES)
def test_a_key_is_never_filled_in_by_a_value(
    compile_definition: Compile, send: Callable[[WireRequest], bytes], x: str
) -> None:
    text = x + "{{auth.api_key}}"
    for body in (
        {"type": "json", "json": ["{{inputs.x}}", "{{inputs.x}} "]},
        {"type": "form", "fields": [{"key": "x", "value": "{{inputs.x}}"}]},
        {"type": "raw", "content_type": "text/plain", "text": "{{inputs.x}}{{inputs.x}}"},
    ):
        template = compile_definition(
            {"method": "POST", "endpoint": "https://api.acme.com/?q={{inputs.x}}", "body": body}
        )
        assert b"k3y-never-typed" not in send(template.render({"x": text}, {"api_key": "k3y-never-typed"}))
        assert b"k3y-never-typed" not in template.preview({"x": text}, {"api_key": "k3y-never-typed"})
