"""kill -9 while messages are on their way: nobody misses one, the order holds, and hardly anything is said twice."""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from servers.process import RecadoProcess
from servers.processes import Processes
from whatsapp.driver import Graph, Person
from whatsapp.talking import Line, ask, published, say

PEOPLE = 8
SETTLES_WITHIN = 90.0


def talkative(client: Any) -> str:
    """Says two things after each word, and asks for another."""
    return published(
        client, ask("q", "Say ({{answers.q}})", "a"), say("a", "a {{answers.q}}", "b"), say("b", "b {{answers.q}}", "q")
    )


def expected(words: list[str]) -> list[str]:
    """What somebody hears who said these words, after the greeting."""
    return ["Say ()", *(text for word in words for text in (f"a {word}", f"b {word}", f"Say ({word})"))]


def texts(person: Person) -> list[str]:
    return [message["text"] for message in person.received()]


def check(people: list[Person], words: list[str], kills: int) -> None:
    """Everything came, in its order, and at most one of each person's messages twice a kill."""
    for person in people:
        heard = texts(person)
        assert list(dict.fromkeys(heard)) == expected(words), heard
        twice = [text for text, count in Counter(heard).items() if count > 1]
        assert len(heard) - len(set(heard)) <= kills, twice


@pytest.mark.timeout(500)
@pytest.mark.parametrize("kills", [1, pytest.param(5, marks=pytest.mark.slow)])
def test_a_server_is_killed_while_it_sends(process: RecadoProcess, graph: Graph, kills: int) -> None:
    graph.set(redelivery=[0.5] * 200, at_once=4)
    process.start()
    with process.client() as client:
        line = Line(client, process.url, graph, talkative(client), sends_per_second=20)
        people = [graph.person(f"P{number}") for number in range(PEOPLE)]
        graph.acts(*({"person": person.id, "text": "hola"} for person in people))
        for person in people:
            person.sees("Say ()")
        words = []
        for number in range(kills):
            words.append(f"w{number}")
            graph.acts(*({"person": person.id, "text": words[-1]} for person in people))
            graph.until(lambda: sum(len(texts(person)) for person in people) >= PEOPLE * (3 * len(words) - 2) + 4)
            process.end(signal.SIGKILL)
            time.sleep(0.2)
            process.start()
            for person in people:
                person.sees(f"Say ({words[-1]})", wait=SETTLES_WITHIN)
        line.until(lambda: line.look()["counts"]["waiting_messages"] == 0)
        graph.settles()
        line.until(lambda: set(line.statuses()) == {"delivered"})
    check(people, words, kills)


@pytest.mark.timeout(500)
def test_two_workers_share_what_is_to_be_sent(
    new_postgresql_database: Callable[[], str], tmp_path: Path, unused_port: Callable[[], int], graph: Graph
) -> None:
    graph.set(redelivery=[0.5] * 200, at_once=4)
    with Processes(new_postgresql_database(), tmp_path, unused_port()) as machines:
        machines.start_server()
        workers = [machines.start_worker(), machines.start_worker()]
        with machines.client() as client:
            url = str(client.base_url).partition("/api/v1")[0]
            line = Line(client, url, graph, talkative(client))
            people = [graph.person(f"P{number}") for number in range(PEOPLE)]
            graph.acts(*({"person": person.id, "text": "hola"} for person in people))
            for person in people:
                person.sees("Say ()")
            for word in ("w0", "w1", "w2"):
                graph.acts(*({"person": person.id, "text": word} for person in people))
                for person in people:
                    person.sees(f"Say ({word})")
            check(people, ["w0", "w1", "w2"], kills=0)
            for worker in workers:
                machines.end(worker)
            graph.acts(*({"person": person.id, "text": "w3"} for person in people))
            for person in people:
                person.sees("Say (w3)", wait=SETTLES_WITHIN)
            line.until(lambda: line.look()["counts"]["waiting_messages"] == 0)
    check(people, ["w0", "w1", "w2", "w3"], kills=1)
