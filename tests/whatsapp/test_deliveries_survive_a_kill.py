"""What was answered 200 has its effect once, also when the server is killed before, while and after it is taken in."""

from __future__ import annotations

import random
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import httpx
import psycopg
import pytest

from conftest import RunningServer, Workspace
from conversations.shapes import asks, block, says
from servers.process import RecadoProcess
from whatsapp.meta import Channel, Json, Someone, envelope, escaped, publish, said, value_of

TALK = (asks("word", "word", "told"), says("told", "ok {{answers.word}}", "word"))


class Crowd:
    """People who each write `t0`, `t1`, …; Meta delivers each message until it is answered 200, and now and then again."""

    def __init__(self, channel: Channel, count: int) -> None:
        self.people = {Someone(f"Person {number}"): 0 for number in range(count)}
        self._channel = channel
        self._stop = threading.Event()
        self._pool = ThreadPoolExecutor(count)
        self._works = [self._pool.submit(self._write, person) for person in self.people]

    def _write(self, person: Someone) -> None:
        while not self._stop.is_set():
            body = escaped(envelope(value_of((person, person.says(f"t{self.people[person]}")))))
            while not self._is_taken(body):
                if self._stop.is_set():
                    return
                time.sleep(0.02)
            if random.random() < 0.1:
                self._is_taken(body)
            self.people[person] += 1
            time.sleep(0.02)

    def _is_taken(self, body: bytes) -> bool:
        try:
            return self._channel.post(body).status_code == 200
        except httpx.TransportError:
            return False

    def stop(self) -> None:
        self._stop.set()
        for work in self._works:
            work.result(60)
        self._pool.shutdown()


def check(kills: int, process: RecadoProcess, people_count: int = 6) -> None:
    """Several processes on PostgreSQL hold one for dead after 6 s only; meanwhile what comes in next goes on."""
    is_alone = process.settings.is_sqlite
    process.start()
    with process.client() as client:
        starts = [{"kind": "any", "flow_id": publish(client, *TALK)}]
        channel = Channel(client, process.url, starts=starts, marks_read=False)
        crowd = Crowd(channel, people_count)
        for _ in range(kills):
            time.sleep(0.6 + random.random() * 0.4)
            process.end(signal.SIGKILL)
            process.start()
        time.sleep(0.5)
        crowd.stop()
        for person, count in crowd.people.items():
            (talk,) = channel.wait_for(partial(until_taken, channel, person, count))
            words = [text[2:] for text in said(talk) if text.startswith("< ")]
            answers = [text[3:] for text in said(talk) if text.startswith("ok ")]
            in_order = words if is_alone else sorted(words, key=lambda word: int(word[1:]))
            assert in_order[:count] == [f"t{number}" for number in range(count)]
            assert len(words) <= count + 1
            assert answers == words[1:]
            assert count > kills
        channel.close()


def until_taken(channel: Channel, person: Someone, count: int) -> list[Json]:
    """The person's one conversation, once the last message that was answered 200 is in it and has its answer."""
    talks = channel.of(person)
    texts = set(said(talks[0])) if len(talks) == 1 else set()
    return talks if texts >= {f"< t{number}" for number in range(count)} and talks[0]["status"] == "waiting" else []


def test_two_kills(process: RecadoProcess) -> None:
    check(2, process)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_fifteen_kills(process: RecadoProcess) -> None:
    check(15, process, people_count=12)


# ── storage ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_without_storage_meta_is_told_to_deliver_again(
    start_server: Callable[..., RunningServer],
) -> None:
    server = start_server("postgresql", log_level="critical")
    workspace: Workspace = server.new_workspace()
    starts = [{"kind": "any", "flow_id": publish(workspace.client(), *TALK, block("end", "end"))}]
    channel = Channel(workspace.client(), server.url, starts=starts, marks_read=False)
    person = Someone("Ana")
    channel.hears(person, person.says("hi"))
    channel.wait_for_talk(person, "< hi", "word?")
    cluster, _, name = server.settings.database_url.rpartition("/")
    second = escaped(envelope(value_of((person, person.says("t1")))))
    with psycopg.connect(f"{cluster}/postgres", autocommit=True) as connection:
        connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'.encode())
        gone = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
        while connection.execute(gone, [name]).rowcount:
            time.sleep(0.01)
        answer = channel.post(second)
        assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")
        connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'.encode())
    channel.wait_for(lambda: channel.post(second).status_code == 200)
    channel.wait_for_talk(person, "< hi", "word?", "< t1", "ok t1", "word?")
    channel.close()
    workspace.close()
