"""Runs on one kept connection are answered as the first one is, however their bytes arrive and whatever stands between them."""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from servers.counting import CountingServer
from servers.pace import slowness

BODY = {"type": "form", "fields": [{"key": "token", "value": "{{inputs.token}}"}]}
TOKEN = {"key": "token", "name": "Token", "type": "string", "required": True}
CHANGING = {"date", "x-request-id", "content-length"}


@pytest.fixture
def quick() -> Iterator[CountingServer]:
    """An upstream that answers at once."""
    server = CountingServer(0.0, 0.0)
    yield server
    server.close()


class Line:
    """One connection to the server, and the head that runs an action over it."""

    def __init__(self, workspace: Any, upstream: CountingServer, role: str = "runner") -> None:
        client = workspace.client("owner")
        integration = client.post("/integrations", json={"name": "Upstream"}).json()["id"]
        request = {"method": "POST", "endpoint": f"{upstream.url}/things", "body": BODY}
        body = {"name": "Post", "inputs": [TOKEN], "request": request}
        self.action = client.post(f"/integrations/{integration}/actions", json=body).json()["id"]
        self.workspace = workspace
        self.role = role
        self.port = int(workspace.url.rpartition(":")[2])
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=120)
        self._kept = b""

    def close(self) -> None:
        self.socket.close()
        self.workspace.close()

    def head(self, length: int, *more: str, path: str = "", method: str = "POST") -> bytes:
        lines = [
            f"{method} {path or f'/api/v1/actions/{self.action}/executions'} HTTP/1.1",
            f"Host: 127.0.0.1:{self.port}",
            f"Authorization: Bearer {self.workspace.keys[self.role]}",
            "Content-Type: application/json",
            f"Content-Length: {length}",
            *more,
        ]
        return "\r\n".join([*lines, "", ""]).encode()

    def run_bytes(self, token: str, *more: str) -> bytes:
        body = json.dumps({"inputs": {"token": token}}).encode()
        return self.head(len(body), *more) + body

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def read(self) -> tuple[int, dict[str, str], Any]:
        """The next answer: status, headers, body."""
        while b"\r\n\r\n" not in self._kept:
            self._more()
        head, _, self._kept = self._kept.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines)
        while len(self._kept) < (length := int(headers.get("content-length", "0"))):
            self._more()
        body, self._kept = self._kept[:length], self._kept[length:]
        return int(first.split()[1]), headers, json.loads(body) if "json" in headers.get("content-type", "") else body

    def _more(self) -> None:
        data = self.socket.recv(65536)
        assert data, "the server hung up"
        self._kept += data

    def ask(self, data: bytes) -> tuple[int, dict[str, str], Any]:
        self.send(data)
        return self.read()

    def is_ended(self) -> bool:
        return not self._kept and self.socket.recv(1) == b""


@pytest.fixture
def dial(request: pytest.FixtureRequest) -> Callable[..., Line]:
    """Makes connections that are closed at the end."""

    def make(*given: Any) -> Line:
        made = Line(*given)
        request.addfinalizer(made.close)
        return made

    return make


@pytest.fixture
def line(workspace: Any, quick: CountingServer, dial: Callable[..., Line]) -> Line:
    """A connection over which two runs have been made, so that their head is known."""
    made = dial(workspace, quick)
    for token in ("first_1", "first_2"):
        assert made.ask(made.run_bytes(token))[0] == 200
    return made


def sent(answer: tuple[int, dict[str, str], Any]) -> str:
    """The body an execution sent upstream."""
    status, _, execution = answer
    assert (status, execution["outcome"]) == (200, "ok"), execution
    return str(execution["request"]["body"])


def test_each_is_a_run_of_its_own_with_its_own_inputs(line: Line, quick: CountingServer) -> None:
    tokens = ["aaaa_1", "bbbb_2", "a_longer_one", "cccc_3", "a_longer_two", "cccc_3"]
    assert [sent(line.ask(line.run_bytes(token))) for token in tokens] == [f"token={token}" for token in tokens]
    assert quick.hits["POST", "cccc_3"] == 2
    ids = {line.ask(line.run_bytes("x"))[2]["id"] for _ in range(20)}
    assert len(ids) == 20


def test_a_head_is_parsed_once(line: Line, workspace: Any) -> None:
    def known() -> int:
        told = httpx.get(f"{workspace.url}/metrics").text
        return int(re.findall(r"(?m)^recado_known_heads_total (\d+)", told)[0])

    before = known()
    for number in range(5):
        sent(line.ask(line.run_bytes(f"again_{number}")))
    assert known() == before + 5
    sent(line.ask(line.run_bytes("again_5", "Traceparent: 00-1")))
    assert known() == before + 5


def test_the_answer_has_the_headers_of_the_first(
    workspace: Any, quick: CountingServer, dial: Callable[..., Line]
) -> None:
    line = dial(workspace, quick)
    first, *others = [line.ask(line.run_bytes("same_1"))[1] for _ in range(4)]
    assert all(list(headers) == list(first) for headers in others)
    assert first["content-type"] == "application/json"


def test_bytes_may_come_one_by_one(line: Line) -> None:
    for byte in line.run_bytes("slowly"):
        line.send(bytes([byte]))
    assert sent(line.read()) == "token=slowly"
    head, _, body = line.run_bytes("halves").partition(b"\r\n\r\n")
    line.send(head + b"\r\n\r\n")
    time.sleep(0.05)
    assert sent(line.ask(body)) == "token=halves"
    assert sent(line.ask(line.run_bytes("whole1"))) == "token=whole1"


def test_requests_sent_ahead_are_answered_in_order(line: Line) -> None:
    tokens = [f"ahead{number}" for number in range(5)]
    line.send(b"".join(map(line.run_bytes, tokens)))
    assert [sent(line.read()) for _ in tokens] == [f"token={token}" for token in tokens]


def test_what_arrives_during_a_run_waits_for_its_answer(
    workspace: Any, slow: CountingServer, dial: Callable[..., Line]
) -> None:
    line = dial(workspace, slow)
    tokens = [f"while{number}" for number in range(4)]
    sent(line.ask(line.run_bytes("known1")))
    for token in tokens:
        data = line.run_bytes(token)
        line.send(data[:30])
        time.sleep(0.02)
        line.send(data[30:])
    assert [sent(line.read()) for _ in tokens] == [f"token={token}" for token in tokens]


def test_a_known_head_inside_another_requests_body_is_its_body(line: Line, quick: CountingServer) -> None:
    run = line.run_bytes("smuggl")
    outer = line.head(len(run), path="/api/v1/integrations")
    line.send(outer)
    time.sleep(0.1)
    status, _, problem = line.ask(run)
    assert (status, problem["code"]) == (403, "forbidden")
    line.send(outer[:-10])  # nor when it comes in the middle of a head
    time.sleep(0.1)
    assert line.ask(run)[0] == 400
    assert quick.hits["POST", "smuggl"] == 0


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"nonsense",
        b'{"inputs":{"token":7}}',
        b'{"inputs":{},"more":1}',
        b'{"credential_id":"crd_none","inputs":{}}',
    ],
)
def test_what_is_refused_is_refused_in_the_same_words(line: Line, workspace: Any, body: bytes) -> None:
    def told(answer: tuple[int, dict[str, str], Any]) -> tuple[int, dict[str, str], Any]:
        status, headers, content = answer
        kept = {name: value for name, value in headers.items() if name not in CHANGING}
        shown = {name: content.get(name) for name in ("code", "detail", "errors", "outcome", "error")}
        return status, kept, shown

    first, *others = [told(line.ask(line.head(len(body)) + body)) for _ in range(3)]
    assert others == [first, first]
    assert workspace.client("owner").get("/executions").status_code == 200


def test_other_routes_and_methods_go_their_own_way(line: Line) -> None:
    path = f"/api/v1/actions/{line.action}/executions"
    assert line.ask(line.head(0, method="GET", path=path))[0] == 405
    assert line.ask(line.head(0, method="GET", path="/api/v1/health"))[0] == 200
    assert sent(line.ask(line.run_bytes("after1"))) == "token=after1"
    assert line.ask(line.head(2, path="/api/v1/actions/act_none/executions") + b"{}")[0] == 404
    line.send(line.head(0, method="HEAD", path="/api/v1/openapi.json"))
    line.socket.settimeout(20)
    assert line.socket.recv(65536).startswith(b"HTTP/1.1 405 ")


def test_a_body_in_chunks_or_announced_first_is_read(line: Line) -> None:
    body = b'{"inputs":{"token":"chunks"}}'
    head = line.head(0).replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
    for _ in range(3):
        assert sent(line.ask(head + b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body))) == "token=chunks"
    for _ in range(2):
        line.send(line.head(len(body), "Expect: 100-continue"))
        assert line.read()[0] == 100
        assert sent(line.ask(body)) == "token=chunks"
        assert sent(line.ask(line.head(len(body), "Expect: 100-continue") + body)) == "token=chunks"


def test_close_is_obeyed(line: Line) -> None:
    status, headers, _ = line.ask(line.run_bytes("parted", "Connection: close"))
    assert (status, headers["connection"]) == (200, "close")
    assert line.is_ended()


def test_a_revoked_key_ends_at_once(line: Line) -> None:
    owner = line.workspace.client("owner")
    keys = {key["name"]: key["id"] for key in owner.get("/api-keys").json()["items"]}
    assert owner.delete(f"/api-keys/{keys['runner key']}").status_code == 204
    assert line.ask(line.run_bytes("first_1"))[0] == 401


def test_a_role_that_may_not_run_is_refused_each_time(
    workspace: Any, quick: CountingServer, dial: Callable[..., Line]
) -> None:
    line = dial(workspace, quick, "viewer")
    assert [line.ask(line.run_bytes("viewer"))[0] for _ in range(3)] == [403, 403, 403]


def test_the_rate_holds_on_a_kept_connection(
    start_server: Callable[..., Any], quick: CountingServer, dial: Callable[..., Line]
) -> None:
    line = dial(start_server(api_rate_per_second=1.0).new_workspace(), quick)
    answers = [line.ask(line.run_bytes("rated1")) for _ in range(5)]
    assert [status for status, _, _ in answers] == [200, 200, 429, 429, 429]
    assert all("retry-after" in headers for status, headers, _ in answers if status == 429)


def test_a_run_goes_on_when_its_caller_hangs_up(
    workspace: Any, slow: CountingServer, dial: Callable[..., Line]
) -> None:
    line = dial(workspace, slow)
    sent(line.ask(line.run_bytes("stayed")))
    line.send(line.run_bytes("leaves"))
    time.sleep(0.05)
    line.socket.close()
    client, newest = workspace.client("owner"), list[Any]()
    for _ in range(100):
        newest = client.get("/executions").json()["items"]
        if len(newest) == 2 and newest[0]["state"] == "finished":
            break
        time.sleep(0.05)
    assert [execution["outcome"] for execution in newest] == ["ok", "ok"]
    assert slow.hits["POST", "leaves"] == 1


def test_a_run_under_way_is_answered_before_the_server_ends(
    start_server: Callable[..., Any], slow: CountingServer, dial: Callable[..., Line]
) -> None:
    server = start_server()
    line, idle = dial(server.new_workspace(), slow), socket.create_connection(("127.0.0.1", server.settings.port))
    sent(line.ask(line.run_bytes("before")))
    line.send(line.run_bytes("during"))
    time.sleep(0.05)
    ending = threading.Thread(target=server.stop)
    ending.start()
    status, headers, execution = line.read()
    assert (status, headers["connection"], execution["outcome"]) == (200, "close", "ok")
    assert line.is_ended()
    ending.join(20)
    assert not ending.is_alive()
    idle.close()


def test_a_quiet_connection_is_closed_and_a_busy_one_is_not(
    start_server: Callable[..., Any], quick: CountingServer, monkeypatch: pytest.MonkeyPatch, dial: Callable[..., Line]
) -> None:
    monkeypatch.setattr("recado.serving._KEEP_ALIVE_SECONDS", 2)
    line = dial(start_server().new_workspace(), quick)
    begun = time.monotonic()
    while time.monotonic() - begun < 3.5:
        assert sent(line.ask(line.run_bytes("busy_1"))) == "token=busy_1"
        time.sleep(0.3)
    quiet_since = time.monotonic()
    assert line.is_ended()
    assert 1 < time.monotonic() - quiet_since < 10 * slowness()
