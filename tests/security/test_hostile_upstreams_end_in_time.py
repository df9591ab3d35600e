"""Whatever an upstream does, a run over HTTP ends in the right outcome, in time, and the server's memory stays flat."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from recado.settings import load
from security.shapes import Door
from servers import hostile
from servers.background import Background
from servers.hostile import BROKEN_ANSWERS, AnswersEarly, HostileServer, Misbehaviour, SpeaksFirst
from servers.pace import slowness
from servers.process import RecadoProcess
from servers.raw import Answer, RawServer, response

SECONDS = 1.0
MOST_GROWTH = 20_000_000
TOO_MUCH: dict[str, tuple[Misbehaviour, str]] = {
    "gzip bomb": (hostile.gzip_bomb, "response_too_large"),
    "deflate bomb": (hostile.deflate_bomb, "response_too_large"),
    "endless body": (hostile.endless_body, "response_too_large"),
    "endless chunks": (hostile.endless_chunks, "response_too_large"),
    "tiny chunks": (hostile.tiny_chunks, "upstream_bad_response"),
    "endless chunk extension": (hostile.endless_chunk_extension, "upstream_bad_response"),
    "endless trailer": (hostile.endless_trailer, "upstream_bad_response"),
    "many trailers": (hostile.many_trailers, "upstream_bad_response"),
    "200,000 headers": (hostile.many_headers, "upstream_bad_response"),
    "a header of 5 MB": (hostile.huge_header, "upstream_bad_response"),
    "a status line of 5 MB": (hostile.huge_reason, "upstream_bad_response"),
    "interim answers without end": (hostile.interim_flood, "upstream_bad_response"),
}
TOO_SLOW = [hostile.drip, hostile.drip_head, hostile.silence, hostile.silent_end]
BROKEN: dict[str, tuple[str, str]] = {
    # A POST that got no answer at all may have happened: nobody repeats it, a person decides.
    "nothing": ("unknown", "unknown_outcome"),
    "cut_off_head": ("unknown", "unknown_outcome"),
    "huge_length": ("bad_response", "response_too_large"),
    "cut_off": ("bad_response", "response_cut_off"),
    "cut_off_chunks": ("bad_response", "response_cut_off"),
    "cut_off_gzip": ("bad_response", "response_encoding"),
    "not_gzip": ("bad_response", "response_encoding"),
    "brotli": ("bad_response", "response_encoding"),
}
WRONG_JSON: dict[str, tuple[bytes, str]] = {
    "nested 100,000 deep": (b"[" * 100_000 + b"]" * 100_000, "response_json_limit"),
    "nested 65 deep": (b'{"a":' * 65 + b"1" + b"}" * 65, "response_json_limit"),
    "300,000 values": (b'{"a":[' + b"1," * 300_000 + b"1]}", "response_json_limit"),
    "a number of 900,000 digits": (b'{"a":' + b"9" * 900_000 + b"}", "response_json_limit"),
    "not a number": (b'{"a":NaN}', "response_not_json"),
    "two values": (b'{"a":1}{"a":2}', "response_not_json"),
    "not UTF-8": (b'{"a":"\xff"}', "response_not_json"),
}


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory, unused_port: Callable[[], int]) -> Iterator[RecadoProcess]:
    folder = tmp_path_factory.mktemp("hostile")
    settings = load({}, data_dir=folder, port=unused_port(), egress_allow=("127.0.0.0/8",))
    running = RecadoProcess(settings, folder / "log")
    running.start()
    yield running
    running.close()


@pytest.fixture(scope="module")
def open_door(process: RecadoProcess, background: Background) -> Iterator[Door]:
    """A way in to a server that is warm: the first calls of a process take memory of their own."""
    with process.client() as client, background.serving(RawServer(response(200, bytes(900_000)))) as good:
        door = Door(client)
        integration = door.make_integration()
        action = door.make_action(integration, {"method": "POST", "endpoint": good.url})
        for _ in range(30):
            assert door.run(action)["outcome"] == "ok"
        yield door


@pytest.fixture(scope="module")
def integration(open_door: Door) -> str:
    return open_door.make_integration()


class Memory:
    """How far the process's memory rose above where it stood."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self._before = self._process.memory_info().rss
        Path(f"/proc/{pid}/clear_refs").write_text("5")  # the peak begins anew (proc(5))

    def growth(self) -> int:
        lines = Path(f"/proc/{self._process.pid}/status").read_text().splitlines()
        peak = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))
        return max(peak, self._process.memory_info().rss) - self._before


def run_against(
    server: RawServer, door: Door, integration: str, method: str = "POST", *, timeout: float = SECONDS, **more: Any
) -> tuple[dict[str, Any], float]:
    """The execution, and the seconds it took."""
    request = {"method": method, "endpoint": f"{server.url}/x", "timeout_seconds": timeout}
    action = door.make_action(integration, request, **more)
    begun = time.perf_counter()
    execution = door.run(action)
    return execution, time.perf_counter() - begun


@pytest.mark.parametrize("name", TOO_MUCH)
def test_too_much_is_cut_off(
    name: str, process: RecadoProcess, open_door: Door, integration: str, background: Background
) -> None:
    misbehaviour, code = TOO_MUCH[name]
    with background.serving(HostileServer(misbehaviour)) as server:
        memory = Memory(process.pid)
        execution, seconds = run_against(server, open_door, integration, timeout=60)
        assert (execution["outcome"], execution["error"]["code"]) == ("bad_response", code)
        assert memory.growth() < MOST_GROWTH
        assert seconds < SECONDS + slowness()
        assert (len(server.requests), len(execution["attempts"])) == (1, 1)
        background.run(server.wait_until(lambda: server.open == 0))


@pytest.mark.parametrize("misbehaviour", TOO_SLOW, ids=lambda it: it.__name__)
def test_too_slow_ends_at_its_deadline(
    misbehaviour: Misbehaviour, open_door: Door, integration: str, background: Background
) -> None:
    with background.serving(HostileServer(misbehaviour)) as server:
        execution, seconds = run_against(server, open_door, integration)
        assert (execution["outcome"], execution["error"]["code"]) == ("timeout", "timeout_total")
        assert SECONDS - 0.05 < execution["timing"]["total_ms"] / 1000 < SECONDS + slowness()
        assert seconds < SECONDS + slowness()


@pytest.mark.parametrize("name", BROKEN_ANSWERS)
def test_a_broken_answer_has_its_outcome(name: str, open_door: Door, integration: str, background: Background) -> None:
    expected = BROKEN.get(name, ("bad_response", "upstream_bad_response"))
    with background.serving(RawServer(Answer(BROKEN_ANSWERS[name], "close"))) as server:
        execution, _ = run_against(server, open_door, integration)
        assert (execution["outcome"], execution["error"]["code"]) == expected
        assert len(server.requests) == 1, "a POST is sent once"


def test_a_get_that_got_no_answer_is_repeated_and_then_a_network_failure(
    open_door: Door, integration: str, background: Background
) -> None:
    with background.serving(RawServer(Answer(b"", "close"))) as server:
        execution, _ = run_against(server, open_door, integration, "GET")
        assert (execution["outcome"], execution["error"]["code"]) == ("network", "connection_lost")
        assert len(server.requests) == len(execution["attempts"]) == 3


def test_a_server_that_speaks_first_is_not_sent_anything(
    open_door: Door, integration: str, background: Background
) -> None:
    with background.serving(SpeaksFirst()) as server:
        execution, _ = run_against(server, open_door, integration)
        assert execution["outcome"] in {"bad_response", "network"}


def test_an_answer_before_the_request_is_whole_is_an_answer(
    open_door: Door, integration: str, background: Background
) -> None:
    with background.serving(AnswersEarly()) as server:
        request = {
            "method": "POST",
            "endpoint": server.url,
            "body": {"type": "raw", "content_type": "text/plain", "text": "a" * 200_000},
        }
        execution = open_door.run(open_door.make_action(integration, request))
        assert (execution["outcome"], execution["response"]["status"]) == ("http_4xx", 413)


@pytest.mark.parametrize("name", WRONG_JSON)
def test_json_that_attacks_its_reader_is_a_bad_response(
    name: str, process: RecadoProcess, open_door: Door, integration: str, background: Background
) -> None:
    body, code = WRONG_JSON[name]
    answer = response(200, body, ["Content-Type: application/json"])
    with background.serving(RawServer(answer)) as server:
        memory = Memory(process.pid)
        output = {"key": "a", "name": "A", "type": "string", "required": True}
        execution, seconds = run_against(server, open_door, integration, outputs=[output])
        assert (execution["outcome"], execution["error"]["code"]) == ("bad_response", code)
        assert memory.growth() < MOST_GROWTH
        assert seconds < SECONDS + slowness()
        action = execution["action_id"]
        tested = open_door.post(f"/actions/{action}/test", {"inputs": {}}, 200)
        assert tested["outcome"] == "bad_response"


def test_others_are_served_beside_hostile_upstreams(
    process: RecadoProcess, open_door: Door, integration: str, background: Background
) -> None:
    """Twenty runs hang or are flooded; the calls of others take their usual time, and nothing is left open afterwards."""
    kinds = [hostile.silence, hostile.drip, hostile.endless_chunks, hostile.gzip_bomb]
    open_before = psutil.Process(process.pid).num_fds()
    with (
        background.serving(HostileServer(kinds[0])) as silent,
        background.serving(HostileServer(kinds[1])) as slow,
        background.serving(HostileServer(kinds[2])) as endless,
        background.serving(HostileServer(kinds[3])) as bomb,
        background.serving(RawServer()) as good,
    ):
        hostile_actions = [
            open_door.make_action(
                integration, {"method": "POST", "endpoint": server.url, "timeout_seconds": 2 * SECONDS}
            )
            for server in (silent, slow, endless, bomb)
        ]
        action = open_door.make_action(integration, {"method": "POST", "endpoint": good.url})
        outcomes: list[str] = []

        def suffer(hostile_action: str) -> None:
            with process.client() as client:
                outcomes.append(Door(client).run(hostile_action)["outcome"])

        memory = Memory(process.pid)
        threads = [threading.Thread(target=suffer, args=(each,)) for each in hostile_actions * 5]
        for thread in threads:
            thread.start()
        background.run(silent.wait_until(lambda: len(silent.requests) == 5))
        times = []
        while any(thread.is_alive() for thread in threads):
            begun = time.perf_counter()
            assert open_door.run(action)["outcome"] == "ok"
            times.append(time.perf_counter() - begun)
        for thread in threads:
            thread.join(20)
        assert sorted(outcomes) == ["bad_response"] * 10 + ["timeout"] * 10
        assert sorted(times)[len(times) // 2] < 2 * slowness()
        assert memory.growth() < 2 * MOST_GROWTH
    deadline = time.monotonic() + 60
    while psutil.Process(process.pid).num_fds() > open_before + 5:
        assert time.monotonic() < deadline, "connections are left open"
        time.sleep(0.05)
