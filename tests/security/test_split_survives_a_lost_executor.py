"""Without its executor the api process says so and goes on; what may have been done is never done twice."""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from servers.background import Background
from servers.echo import EchoServer
from servers.process import RecadoProcess
from servers.split import SealingClient, Split


class SlowServer(EchoServer):
    """Answers when it is told to; `asked` counts the requests that are here."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = threading.Semaphore(0)
        self.may_answer = threading.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await self._record(reader):
            self.asked.release()
            await asyncio.to_thread(self.may_answer.wait, 30)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")


@pytest.fixture
def upstream(background: Background) -> Iterator[SlowServer]:
    with background.serving(SlowServer()) as server:
        yield server
        server.may_answer.set()


@pytest.fixture(scope="module")
def split(new_split: Callable[..., Split]) -> Iterator[Split]:
    made = new_split()
    made.start()
    yield made
    made.api.end()


@pytest.fixture
def owner(split: Split) -> Iterator[SealingClient]:
    if not split.executor.is_running():
        split.executor.start()
    with split.api.client() as client:
        yield SealingClient(client)


def make_action(owner: SealingClient, upstream: SlowServer, method: str = "POST") -> dict[str, Any]:
    integration = owner.make_integration(fields=())
    return owner.make_action(integration, {"method": method, "endpoint": f"{upstream.url}/slow"})


def wait_until_ended(owner: SealingClient, action: dict[str, Any]) -> dict[str, Any]:
    """The one execution of an action, once it is finished."""
    deadline = time.monotonic() + 60
    while True:
        (found,) = owner.request("GET", f"/executions?action_id={action['id']}")["items"]
        if found["state"] == "finished":
            return dict(found)
        assert time.monotonic() < deadline, found
        threading.Event().wait(0.2)


def test_without_an_executor_only_its_own_work_waits(split: Split, owner: SealingClient) -> None:
    integration = owner.make_integration()
    split.executor.end()
    for method, path, body in (
        ("GET", "/secret-key", None),
        ("POST", "/actions/act_00000000000000000000000000/executions", {}),
        ("POST", f"/integrations/{integration['id']}/credentials", {"name": "A", "values": {}}),
    ):
        answer = owner.client.request(method, path, json=body)
        assert (answer.status_code, answer.json()["code"]) == (503, "executor_unavailable")
        assert "recado serve --role executor" in answer.json()["detail"]
        assert answer.headers["retry-after"] == "1"
        assert str(split.executor.settings.port) not in answer.text
    owner.make_integration()
    assert owner.request("GET", "/executions")["items"] == []
    ready = httpx.get(f"{split.api.url}/health/ready", trust_env=False)
    assert ready.status_code == 200
    assert (ready.json()["status"], ready.json()["executor"]) == ("degraded", "executor_unavailable")
    split.executor.start()
    assert owner.request("GET", "/health/ready")["status"] == "ok"
    assert owner.request("GET", "/secret-key")["kid"]


def test_what_may_have_happened_is_told_so_and_done_once(
    split: Split, owner: SealingClient, upstream: SlowServer
) -> None:
    """Three runs whose executor dies while the API that is called has their requests."""
    once, keyed, safe = make_action(owner, upstream), make_action(owner, upstream), make_action(owner, upstream, "GET")
    bodies: tuple[tuple[dict[str, Any], dict[str, str]], ...] = (
        (once, {}),
        (keyed, {"idempotency_key": "order-77"}),
        (safe, {}),
    )
    with ThreadPoolExecutor(3) as pool:
        runs = [
            pool.submit(owner.client.post, f"/actions/{action['id']}/executions", json=body) for action, body in bodies
        ]
        for _ in bodies:
            assert upstream.asked.acquire(timeout=120)
        split.executor.end(signal.SIGKILL)
        answers = [run.result(30) for run in runs]
    for answer in answers:
        assert (answer.status_code, answer.json()["code"]) == (502, "executor_lost")
        assert "idempotency_key" in answer.json()["detail"]
        assert "retry-after" not in answer.headers

    upstream.may_answer.set()
    split.executor.start()
    again = owner.run(keyed, idempotency_key="order-77")
    found = [wait_until_ended(owner, action) for action, _ in bodies]
    assert [execution["outcome"] for execution in found] == ["unknown", "unknown", "ok"]
    assert (again["id"], again["error"]["code"]) == (found[1]["id"], "unknown_outcome")
    sent = [request.split(b" ")[0] for request in upstream.requests]
    assert (sent.count(b"POST"), sent.count(b"GET")) == (2, 2), "what is safe to repeat was, by the next executor"


def test_a_caller_who_hangs_up_does_not_end_the_run(split: Split, owner: SealingClient, upstream: SlowServer) -> None:
    action = make_action(owner, upstream)
    with split.api.client() as hasty, pytest.raises(httpx.ReadTimeout):
        hasty.post(f"/actions/{action['id']}/executions", json={}, timeout=0.5)
    upstream.may_answer.set()
    assert wait_until_ended(owner, action)["outcome"] == "ok"


def test_accepted_work_is_finished_when_the_api_process_is_told_to_stop(
    split: Split, owner: SealingClient, upstream: SlowServer
) -> None:
    action = make_action(owner, upstream)
    with ThreadPoolExecutor(2) as pool:
        running = pool.submit(owner.client.post, f"/actions/{action['id']}/executions", json={})
        assert upstream.asked.acquire(timeout=120)
        ending = pool.submit(split.api.end)
        upstream.may_answer.set()
        assert running.result(20).json()["outcome"] == "ok"
        assert ending.result(20) == 128 + signal.SIGTERM or ending.result() == 0
    split.api.start()


# ── what is no executor ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def other_api(split: Split, owner: SealingClient, unused_port: Callable[[], int]) -> Iterator[Callable[..., Any]]:
    """Starts further api processes on the same database, with other settings."""
    started: list[RecadoProcess] = []

    def start(**environ: str) -> httpx.Client:
        own = split.api
        port = unused_port()
        process = object.__new__(RecadoProcess)
        process.__dict__.update(own.__dict__)
        process.url = f"http://127.0.0.1:{port}"
        process._environ = {**own._environ, "RECADO_PORT": str(port), **environ}
        process._process = None
        process.start()
        started.append(process)
        return process.client()

    yield start
    for process in started:
        process.end(signal.SIGKILL)


def test_another_token_leads_nowhere(split: Split, other_api: Callable[..., httpx.Client]) -> None:
    with other_api(RECADO_EXECUTOR_TOKEN="another-text-of-some-forty-characters-42") as client:
        for path in ("/secret-key", "/secrets"):
            assert client.get(path).json()["code"] == "executor_unavailable"
        post = client.post("/actions/act_00000000000000000000000000/executions", json={})
        assert (post.status_code, post.json()["code"]) == (503, "executor_unavailable")
        assert client.get("/health/ready").json()["status"] == "degraded"
    assert split.api.has_logged('"reason": "executor_token_wrong"')


def test_what_is_no_executor_is_not_taken_for_one(
    split: Split, upstream: SlowServer, other_api: Callable[..., httpx.Client]
) -> None:
    upstream.may_answer.set()
    with other_api(RECADO_EXECUTOR_URL=upstream.url) as client:
        assert client.get("/secret-key").json()["code"] == "executor_unavailable"
        post = client.post("/actions/act_00000000000000000000000000/executions", json={})
        assert (post.status_code, post.json()["code"]) == (502, "executor_lost")
    assert split.api.has_logged('"reason": "answer_of_something_else"')
