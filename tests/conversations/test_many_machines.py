"""Workers beside a server on PostgreSQL: who takes the turns, and what becomes of them when processes are killed."""

from __future__ import annotations

import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from conversations.shapes import Desk, Person, asks, block, flow_of, says, texts_of
from servers.counting import CountingServer
from servers.pace import slowness
from servers.processes import Processes

SECONDS_A_KILL = 8.0
MOVES_ON_WITHIN = 10.0
PEOPLE = 12


@pytest.fixture
def machines(
    new_postgresql_database: Callable[[], str], tmp_path: Path, unused_port: Callable[[], int]
) -> Iterator[Processes]:
    with Processes(new_postgresql_database(), tmp_path, unused_port()) as running:
        yield running


def calling(desk: Desk, url: str) -> str:
    """Asks for a word, sends it upstream and says what came back, for ever."""
    action = desk.make_action("POST", url)
    call = block(
        "call", "custom_integration", {"success": "told", "failed": "sorry"}, key="sent",
        inputs={"token": "{{answers.word}}"}, **action,
    )  # fmt: skip
    return desk.make(
        flow_of(
            asks("ask", "word", "call"),
            call,
            says("told", "{{answers.word}}: ok", "ask"),
            says("sorry", "{{answers.word}}: {{calls.sent.outcome}}", "ask"),
        )
    )


class Talker:
    """Somebody who writes word after word, and the same again where no answer came."""

    def __init__(self, person: Person, client: httpx.Client, number: int) -> None:
        self.person = Person(client, person.last)
        self.words: list[str] = []
        self.seconds: list[float] = []
        self.refused: Counter[int] = Counter()
        self._number = number
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._talk, daemon=True)
        self._thread.start()

    def _talk(self) -> None:
        while not self._stop.is_set():
            word = f"w{self._number}_{len(self.words)}"
            begun = time.monotonic()
            while True:
                try:
                    answer = self.person.send(text=word, id=word)
                except httpx.TransportError:
                    time.sleep(0.05)
                    continue
                if answer.status_code == 200:
                    break
                self.refused[answer.status_code] += 1
                time.sleep(0.05)
            assert answer.json()["status"] == "waiting", answer.json()
            self.seconds.append(time.monotonic() - begun)
            self.words.append(word)

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(60)
        assert not self._thread.is_alive()

    def close(self) -> None:
        self.person.client.close()


@pytest.mark.timeout(400)
@pytest.mark.parametrize("kills", [3, pytest.param(20, marks=pytest.mark.slow)])
def test_one_of_two_workers_is_killed_again_and_again(machines: Processes, kills: int) -> None:
    upstream = CountingServer(0.05, 0.3)
    try:
        machines.start_server()
        workers = [machines.start_worker(), machines.start_worker()]
        with machines.client() as client:
            desk = Desk(client)
            flow = calling(desk, upstream.url)
            people = [desk.start(flow) for _ in range(PEOPLE)]
            talkers = [Talker(person, machines.client(), number) for number, person in enumerate(people)]
            for number in range(kills):
                time.sleep(SECONDS_A_KILL / 2)
                machines.end(workers[number % 2])
                time.sleep(SECONDS_A_KILL / 2)
                workers[number % 2] = machines.start_worker()
            time.sleep(2)
            for talker in talkers:
                talker.stop()
            found = [talker.person.look() for talker in talkers]
            for talker in talkers:
                talker.close()
    finally:
        upstream.close()
    said = sum(len(talker.words) for talker in talkers)
    longest = max(max(talker.seconds) for talker in talkers)
    outcomes: Counter[str] = Counter()
    duplicates = 0
    for talker, whole in zip(talkers, found, strict=True):
        incoming = [message for message in whole["messages"] if message["direction"] == "in"]
        replies = [text for text in texts_of(whole["messages"]) if text != "word?"]
        outcomes.update(text.split(": ")[1] for text in replies)
        assert [message["text"] for message in incoming] == talker.words, "lost, doubled or out of order"
        assert {message["status"] for message in incoming} == {"done"}
        duplicates += len(replies) - len(talker.words)
        assert list(dict.fromkeys(text.split(":")[0] for text in replies)) == talker.words
    repeated = [key for key, count in upstream.hits.items() if count > 1]
    print(
        f"{kills} kills, {said} messages, outcomes {dict(outcomes)}, repeated {len(repeated)}, duplicate replies"
        f" {duplicates}, longest {longest:.1f} s, refused {sum((talker.refused for talker in talkers), Counter())}"
    )
    assert repeated == []
    assert duplicates <= kills
    assert longest <= MOVES_ON_WITHIN
    assert set(outcomes) <= {"ok", "unknown"}
    assert outcomes["unknown"] <= kills * PEOPLE
    assert said > kills * PEOPLE


def owners_of_executions(machines: Processes, kind: str) -> int:
    return machines.count("executions", f"owner IN (SELECT id FROM processes WHERE kind = '{kind}')")


def test_a_server_leaves_turns_to_workers_and_takes_them_when_there_are_none(machines: Processes) -> None:
    upstream = CountingServer()
    try:
        machines.start_server()
        with machines.client() as client:
            desk = Desk(client)
            person = desk.start(calling(desk, upstream.url))
            assert person.say("a") == ["a: ok", "word?"]
            assert owners_of_executions(machines, "server") == 1
            worker = machines.start_worker()
            time.sleep(1.5)  # the server looks each second
            times = []
            for _ in range(3):
                begun = time.monotonic()
                assert person.say("b") == ["b: ok", "word?"]
                times.append(time.monotonic() - begun)
            assert min(times) < 0.9 * slowness(), "a notice is quicker than a look"
            assert owners_of_executions(machines, "worker") == 3
            # What the server does in a transaction of its own leaves its call to the worker.
            person.does("jump", block_id="call")
            assert owners_of_executions(machines, "worker") == 4
            machines.end(worker)
            begun = time.monotonic()
            assert person.say("c") == ["c: ok", "word?"]
            assert time.monotonic() - begun < MOVES_ON_WITHIN
            assert owners_of_executions(machines, "server") == 2
    finally:
        upstream.close()


def test_a_worker_that_is_told_to_stop_finishes_its_call_and_leaves_the_rest(machines: Processes) -> None:
    slow = CountingServer(2, 2)
    try:
        machines.start_server()
        first = machines.start_worker()
        time.sleep(1.5)
        with machines.client() as client:
            desk = Desk(client)
            person = desk.start(calling(desk, slow.url))
            answers: list[Any] = []
            talking = threading.Thread(target=lambda: answers.append(person.send(text="a").json()))
            talking.start()
            machines.wait_until(lambda: bool(slow.hits))
            second = machines.start_worker()
            begun = time.monotonic()
            assert machines.end(first, signal.SIGTERM) == 0
            assert time.monotonic() - begun < 10 * slowness()
            talking.join(30)
            assert texts_of(answers[0]["messages"]) == ["a: ok", "word?"]
            assert person.say("b") == ["b: ok", "word?"]
            assert set(slow.hits.values()) == {1}
            assert machines.end(second, signal.SIGINT) == 0
            assert machines.count("processes", "kind <> 'server'") == 0
            assert person.say("c") == ["c: ok", "word?"]
    finally:
        slow.close()


def test_with_too_much_waiting_new_messages_are_refused_clearly(
    new_postgresql_database: Callable[[], str], tmp_path: Path, unused_port: Callable[[], int]
) -> None:
    variables = {"RECADO_CONVERSATIONS_MAX_WAITING": "3"}
    with Processes(new_postgresql_database(), tmp_path, unused_port(), **variables) as machines:
        machines.start_server()
        worker = machines.start_worker()
        time.sleep(1.5)
        with machines.client() as client:
            desk = Desk(client)
            flow = desk.make(flow_of(asks("ask", "word", "echo"), says("echo", "{{answers.word}}!", "ask")))
            people = []
            for _ in range(6):
                people.append(desk.start(flow))
                time.sleep(0.6)  # what a server has left to others since its last look counts as waiting
            time.sleep(1.2)
            worker.send_signal(signal.SIGSTOP)  # it lives, as far as anybody knows, for six seconds
            answers: list[httpx.Response] = []
            threads = [
                threading.Thread(target=lambda person=person: answers.append(person.send(text="hello")))
                for person in people
            ]
            for thread in threads:
                thread.start()
                time.sleep(0.1)
            for thread in threads:
                thread.join(40)
            worker.send_signal(signal.SIGCONT)
            refused = [answer for answer in answers if answer.status_code == 503]
            taken = [answer for answer in answers if answer.status_code == 200]
            assert 1 <= len(taken) <= 3  # fewer where a slow look still counts what has been taken since
            assert len(refused) == len(people) - len(taken)
            assert {answer.json()["code"] for answer in refused} == {"conversations_busy"}
            assert {answer.headers["retry-after"] for answer in refused} == {"2"}
            assert {tuple(texts_of(answer.json()["messages"])) for answer in taken} == {("hello!", "word?")}
