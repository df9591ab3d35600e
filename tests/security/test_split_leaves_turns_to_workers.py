"""In two processes with a worker beside them: people's messages come to the api process, and the worker makes the calls, secrets and all."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import httpx
import psycopg
import pytest

from conversations.shapes import Desk, Person, asks, block, flow_of, says
from servers.counting import CountingServer
from servers.split import SealingClient, Split

SECRET = "an-api-key-that-is-sealed-0123456789"


@pytest.fixture(scope="module")
def upstream() -> Iterator[CountingServer]:
    server = CountingServer()
    yield server
    server.close()


@contextlib.contextmanager
def working(split: Split) -> Iterator[subprocess.Popen[bytes]]:
    """A worker with the executor's settings, that servers have seen."""
    environ = {
        **os.environ,
        "RECADO_DATABASE_URL": split.executor.settings.database_url,
        "RECADO_DATA_DIR": str(split.executor.settings.data_dir),  # the keys are there
        "RECADO_EGRESS_ALLOW": "127.0.0.0/8",
        "RECADO_EXAMPLE_PORT": "0",
    }
    command = [sys.executable, "-m", "recado", "worker"]
    process = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 60
        while not count(split, "processes", "kind = 'worker'"):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        time.sleep(1.5)  # servers look each second
        yield process
    finally:
        process.kill()
        process.wait(10)


def count(split: Split, table: str, condition: str) -> int:
    with psycopg.connect(split.executor.settings.database_url) as connection:
        found = connection.execute(f"SELECT count(*) FROM {table} WHERE {condition}".encode()).fetchone()
    assert found
    return int(found[0])


def executions_of(split: Split, kind: str) -> int:
    return count(split, "executions", f"owner IN (SELECT id FROM processes WHERE kind = '{kind}')")


def calling(owner: SealingClient, upstream: CountingServer) -> str:
    """A flow that asks for a word and sends it with a sealed key, for ever."""
    integration = owner.make_integration()
    host = f"http://{httpx.URL(upstream.url).netloc.decode()}"
    credential = owner.make_credential(integration, {"api_key": SECRET}, [host])
    request: dict[str, Any] = {
        "method": "POST",
        "endpoint": upstream.url,
        "headers": [{"key": "x-api-key", "value": "{{auth.api_key}}"}],
        "body": {"type": "form", "fields": [{"key": "token", "value": "{{inputs.token}}"}]},
    }
    inputs = [{"key": "token", "name": "Token", "type": "string", "required": True}]
    action = owner.make_action(integration, request, inputs=inputs)
    call = block(
        "call", "custom_integration", {"success": "told", "failed": "sorry"}, key="sent",
        inputs={"token": "{{answers.word}}"}, integration_id=integration["id"], action_id=action["id"],
        credential_id=credential["id"],
    )  # fmt: skip
    return Desk(owner.client).make(
        flow_of(
            asks("ask", "word", "call"),
            call,
            says("told", "{{answers.word}}: ok", "ask"),
            says("sorry", "{{answers.word}}: {{calls.sent.outcome}} {{calls.sent.error}}", "ask"),
        )
    )


def test_a_worker_makes_the_calls_of_what_an_api_process_took_in(split: Split, upstream: CountingServer) -> None:
    with split.api.client() as client:
        person: Person = Desk(client).start(calling(SealingClient(client), upstream))
        assert person.say("first") == ["first: ok", "word?"], "without a worker the executor does it"
        assert executions_of(split, "server") == 1
        with working(split) as worker:
            for word in ("second", "third"):
                assert person.say(word) == [f"{word}: ok", "word?"]
            assert executions_of(split, "worker") == 2
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(40) == 0
        assert person.say("last") == ["last: ok", "word?"], "and takes it back"
        assert executions_of(split, "server") == 2
    assert set(upstream.hits.values()) == {1}


def test_while_the_executor_is_away_a_worker_goes_on_with_what_was_begun(
    split: Split, upstream: CountingServer
) -> None:
    with split.api.client() as client, working(split):
        person: Person = Desk(client).start(calling(SealingClient(client), upstream))
        assert person.say("before") == ["before: ok", "word?"]
        split.executor.end()
        refused = person.send(text="meanwhile", id="meanwhile")
        assert refused.status_code == 503, refused.text
        assert refused.json()["code"] == "executor_unavailable"
        split.executor.start()
        assert person.send(text="meanwhile", id="meanwhile").json()["messages"][0]["text"] == "meanwhile: ok"
