"""Hostile values in every place of a request, run over HTTP against a bare socket: exactly these bytes arrive, or none."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from recado.integrations.requests import USER_AGENT
from security.shapes import Door
from servers.background import Background
from servers.raw import RawServer

TABLE = json.loads((Path(__file__).parents[1] / "testdata/request_cases.json").read_text(encoding="utf-8"))
VALUES: dict[str, Any] = TABLE["values"] | {"control": "a\x01b", "pairs": "a&b=c;d#e?f+g", "xml_end": "]]></a><!--"}
KEY = "a-key-of-the-tests-7391"
KEY_ROW = {"key": "X-Key", "value": "{{auth.api_key}}"}
AUTHOR = "https://api.acme.com"
HEAD = "\r\nAccept-Encoding: gzip, deflate\r\n"


@pytest.fixture(scope="module")
def upstream(background: Background) -> Iterator[RawServer]:
    with background.serving(RawServer()) as server:
        yield server


@pytest.fixture(scope="module")
def door(server: Any) -> Iterator[Door]:
    """One caller for all of these tests."""
    workspace = server.new_workspace()
    yield Door(workspace.client())
    workspace.close()


class Place:
    """One action for texts and one for whole numbers, each with a password beside the value."""

    def __init__(self, door: Door, upstream: RawServer, request: dict[str, Any]) -> None:
        self.door = door
        self.upstream = upstream
        written = request | {
            "endpoint": request["endpoint"].replace(AUTHOR, upstream.url),
            "headers": [KEY_ROW, *request.get("headers", [])],
        }
        integration = door.make_integration({"api_key": "password"})
        self._credential = door.make_credential(integration, {"api_key": KEY}, [upstream.url])
        self._actions = {kind: door.make_action(integration, written, {"x": kind}) for kind in ("string", "integer")}

    def send(self, value: str | int) -> tuple[dict[str, Any], list[bytes]]:
        """The execution, and the requests that arrived for it."""
        before = len(self.upstream.requests)
        action = self._actions["string" if isinstance(value, str) else "integer"]
        execution = self.door.run(action, self._credential, x=value)
        return execution, self.upstream.requests[before:]

    def expected(self, text: str) -> bytes:
        """What the table says, for this upstream and with the password in its row."""
        text = text.replace("Host: api.acme.com", f"Host: 127.0.0.1:{self.upstream.port}")
        text = text.replace("User-Agent: Recado/0", f"User-Agent: {USER_AGENT}")
        return text.replace(HEAD, f"{HEAD}X-Key: {KEY}\r\n").encode()


@pytest.mark.parametrize("about", TABLE["places"])
def test_a_value_arrives_as_the_table_says_or_nothing_does(door: Door, upstream: RawServer, about: str) -> None:
    row = TABLE["places"][about]
    place = Place(door, upstream, row["request"])
    for name, text in row["sent"].items():
        execution, arrived = place.send(VALUES[name])
        assert arrived == [place.expected(text)], name
        assert (execution["outcome"], len(execution["attempts"])) == ("ok", 1)
        assert KEY not in json.dumps(execution)
    for name, code in row["refused"].items():
        execution, arrived = place.send(VALUES[name])
        assert arrived == [], name
        assert (execution["outcome"], execution["error"]["code"]) == ("input_invalid", code), name
        assert (execution["request"], execution["response"], execution["attempts"]) == (None, None, [])
    assert upstream.leftovers == []


OTHER_PLACES: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "path": (
        {"endpoint": AUTHOR + "/v/{{inputs.x}}"},
        {"control": "input_not_allowed_in_path", "pairs": "/v/a%26b%3Dc%3Bd%23e%3Ff%2Bg", "xml_end": "input_not_allowed_in_path"},
    ),
    "query": (
        {"endpoint": AUTHOR + "/v", "query": [{"key": "x", "value": "{{inputs.x}}"}, {"key": "fixed", "value": "2"}]},
        {"control": "?x=a%01b&fixed=2", "pairs": "?x=a%26b%3Dc%3Bd%23e%3Ff%2Bg&fixed=2", "xml_end": "?x=%5D%5D%3E%3C%2Fa%3E%3C%21--&fixed=2"},
    ),
    "header": (
        {"endpoint": AUTHOR + "/v", "headers": [{"key": "X-Value", "value": "{{inputs.x}}"}]},
        {"control": "input_not_allowed_in_header", "pairs": "X-Value: a&b=c;d#e?f+g\r\n\r\n", "xml_end": "X-Value: ]]></a><!--\r\n\r\n"},
    ),
    "json": (
        {"method": "POST", "endpoint": AUTHOR + "/v", "body": {"type": "json", "json": {"a": "{{inputs.x}}"}}},
        {"control": '\r\n\r\n{"a":"a\\u0001b"}', "pairs": '\r\n\r\n{"a":"a&b=c;d#e?f+g"}', "xml_end": '\r\n\r\n{"a":"]]></a><!--"}'},
    ),
    "form": (
        {"method": "POST", "endpoint": AUTHOR + "/v", "body": {"type": "form", "fields": [{"key": "x", "value": "{{inputs.x}}"}, {"key": "y", "value": "2"}]}},
        {"control": "\r\n\r\nx=a%01b&y=2", "pairs": "\r\n\r\nx=a%26b%3Dc%3Bd%23e%3Ff%2Bg&y=2", "xml_end": "\r\n\r\nx=%5D%5D%3E%3C%2Fa%3E%3C%21--&y=2"},
    ),
    "raw form": (
        {"method": "POST", "endpoint": AUTHOR + "/v", "body": {"type": "raw", "content_type": "application/x-www-form-urlencoded", "text": "x={{inputs.x}}&y=2"}},
        {"control": "\r\n\r\nx=a%01b&y=2", "pairs": "\r\n\r\nx=a%26b%3Dc%3Bd%23e%3Ff%2Bg&y=2", "crlf": "\r\n\r\nx=a%0D%0AX-Evil%3A+1&y=2", "dots": "\r\n\r\nx=..&y=2"},
    ),
    "raw XML": (
        {"method": "POST", "endpoint": AUTHOR + "/v", "body": {"type": "raw", "content_type": "text/xml", "text": "<a>{{inputs.x}}</a>"}},
        {"control": "input_not_allowed_in_body", "pairs": "\r\n\r\n<a>a&amp;b=c;d#e?f+g</a>", "xml_end": "\r\n\r\n<a>]]&gt;&lt;/a&gt;&lt;!--</a>"},
    ),
    "raw XML, CDATA": (
        {"method": "POST", "endpoint": AUTHOR + "/v", "body": {"type": "raw", "content_type": "text/xml", "text": "<a><![CDATA[{{inputs.x}}]]></a>"}},
        {"control": "input_not_allowed_in_body", "pairs": "\r\n\r\n<a><![CDATA[a&b=c;d#e?f+g]]></a>", "xml_end": "\r\n\r\n<a><![CDATA[]]>]]&gt;&lt;/a&gt;&lt;!--<![CDATA[]]></a>"},
    ),
    "raw text": (
        {"method": "POST", "endpoint": AUTHOR + "/v", "body": {"type": "raw", "content_type": "text/plain", "text": "{{inputs.x}}"}},
        {"control": "\r\n\r\na\x01b", "pairs": "\r\n\r\na&b=c;d#e?f+g", "xml_end": "\r\n\r\n]]></a><!--"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("about", OTHER_PLACES)
def test_separators_and_ends_of_each_syntax_stay_inside_their_value(
    door: Door, upstream: RawServer, about: str
) -> None:
    request, cases = OTHER_PLACES[about]
    place = Place(door, upstream, request)
    for name, expected in cases.items():
        execution, arrived = place.send(VALUES[name])
        if expected.startswith("input_"):
            assert (arrived, execution["error"]["code"]) == ([], expected), name
            continue
        (message,) = arrived
        line = message.split(b"\r\n", 1)[0].split(b" ")[1]
        assert (line if expected[0] in "/?" else message).endswith(expected.encode()), name
        head, _, body = message.partition(b"\r\n\r\n")
        assert (b"Content-Length: %d" % len(body) in head) == (request.get("method") == "POST")


def test_a_part_of_a_multipart_body_holds_exactly_its_value(door: Door, upstream: RawServer) -> None:
    fields = [{"key": "x", "value": "{{inputs.x}}"}, {"key": 'y"z', "value": "2"}]
    request = {"method": "POST", "endpoint": AUTHOR + "/v", "body": {"type": "multipart", "fields": fields}}
    place = Place(door, upstream, request)
    usual = _boundary(place.send("a")[1][0])
    for name, value in {**VALUES, "boundary": f"\r\n--{usual}--\r\n"}.items():
        _, (message,) = place.send(value)
        boundary = _boundary(message)
        assert boundary not in str(value)
        assert message.partition(b"\r\n\r\n")[2].decode() == (
            f'--{boundary}\r\nContent-Disposition: form-data; name="x"\r\n\r\n{value}\r\n'
            f'--{boundary}\r\nContent-Disposition: form-data; name="y%22z"\r\n\r\n2\r\n--{boundary}--\r\n'
        ), name


def _boundary(message: bytes) -> str:
    found = re.search(rb"\r\nContent-Type: multipart/form-data; boundary=([\w-]+)\r\n", message)
    assert found
    return found[1].decode()


@pytest.mark.parametrize(
    "body", ['{"inputs":{"x":"a\\ud800b"}}', '{"inputs":{"x":"a\\u0000b"}}'], ids=["half a character", "NUL"]
)
def test_what_no_place_can_hold_is_refused_everywhere(door: Door, upstream: RawServer, body: str) -> None:
    integration = door.make_integration()
    request = {"method": "POST", "endpoint": f"{upstream.url}/v", "body": {"type": "json", "json": "{{inputs.x}}"}}
    action = door.make_action(integration, request, {"x": "string"})
    before = upstream.accepts, len(upstream.requests)
    headers = {"content-type": "application/json"}
    answer = door.client.post(f"/actions/{action}/executions", content=body, headers=headers)
    told = answer.json()
    is_refused = answer.status_code == 400 and told["code"] == "body_not_json"
    assert is_refused or (told["outcome"], told["error"]["code"]) == ("input_invalid", "input_type"), answer.text
    assert (upstream.accepts, len(upstream.requests)) == before
