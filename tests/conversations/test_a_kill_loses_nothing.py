"""kill -9 of the server under load: no message is lost, no answered call repeated, no reply said twice, and order is kept."""

from __future__ import annotations

import asyncio
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import aiohttp
import pytest

from conversations.shapes import Desk, asks, block, flow_of, says
from servers.counting import CountingServer
from servers.pace import slowness
from servers.process import RecadoProcess

LONGEST_PAUSE = 10.0


@pytest.fixture
def upstream() -> Iterator[CountingServer]:
    """Answers within a tenth of a second, so that calls are in the air at every kill."""
    server = CountingServer(0.01, 0.1)
    yield server
    server.close()


class Crowd:
    """People who each write `t0`, `t1`, … and write the same again, under the same id, until they are answered."""

    def __init__(self, url: str, key: str, people: list[str]) -> None:
        self.acknowledged: dict[str, list[str]] = {person: [] for person in people}
        self.slowest = 0.0
        self._url, self._key = f"{url}/api/v1/simulator/conversations", key
        self._stop = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self._thread.start()

    async def _run(self) -> None:
        headers = {"authorization": f"Bearer {self._key}"}
        async with aiohttp.ClientSession(headers=headers, timeout=aiohttp.ClientTimeout(total=120)) as session:
            await asyncio.gather(*(self._talk(session, person) for person in self.acknowledged))

    async def _talk(self, session: aiohttp.ClientSession, person: str) -> None:
        number = 0
        while not self._stop.is_set():
            word = f"{person[4:]}_{number}"
            while not await self._say(session, person, word):
                if self._stop.is_set():
                    return
                await asyncio.sleep(0.02)
            self.acknowledged[person].append(word)
            number += 1

    async def _say(self, session: aiohttp.ClientSession, person: str, word: str) -> bool:
        try:
            async with session.post(f"{self._url}/{person}/messages", json={"text": word, "id": word}) as answer:
                told = await answer.json(content_type=None)
                return answer.status == 200 and told["status"] == "waiting"
        except (aiohttp.ClientError, OSError, ValueError):
            return False

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(60)
        assert not self._thread.is_alive()


def make_flow(desk: Desk, url: str) -> str:
    action = desk.make_action("POST", url)
    call = block(
        "call", "custom_integration", {"success": "told", "failed": "sorry"}, key="sent",
        inputs={"token": "{{answers.word}}"}, **action,
    )  # fmt: skip
    return desk.make(
        flow_of(
            asks("ask", "word", "call"),
            call,
            says("told", "ok {{answers.word}}", "ask"),
            says("sorry", "{{calls.sent.outcome}} {{answers.word}}", "ask"),
        )
    )


def check(kills: int, seconds: float, process: RecadoProcess, upstream: CountingServer, people_count: int = 12) -> None:
    process.start()
    with process.client() as client:
        desk = Desk(client)
        flow = make_flow(desk, f"{upstream.url}/things")
        people = [desk.start(flow).id for _ in range(people_count)]
    crowd = Crowd(process.url, process.key, people)
    slowest = 0.0
    for _ in range(kills):
        time.sleep(seconds + random.uniform(0, 0.4))
        process.end(signal.SIGKILL)
        process.start()
        slowest = max(slowest, until_all_move(crowd))
    time.sleep(0.5)
    crowd.stop()
    with process.client() as client:
        looked = [client.get(f"/conversations/{person}").json() for person in people]
    said = [message["text"] for whole in looked for message in whole["messages"] if message["direction"] == "out"]
    answered = Counter(text for text in said if " " in text)
    repeated = [token for (_, token), count in upstream.hits.items() if count > 1]
    outcomes = Counter(text.split()[0] for text in answered)
    count = sum(len(words) for words in crowd.acknowledged.values())
    print(f"{kills} kills, {count} messages answered, {dict(outcomes)}, slowest to move on {slowest:.1f} s")
    assert count > kills * people_count / 2
    assert repeated == []
    assert set(outcomes) <= {"ok", "unknown"}
    assert outcomes["unknown"] <= kills * people_count
    assert [text for text, times in answered.items() if times > 1] == []
    for whole in looked:
        check_conversation(whole, crowd.acknowledged[whole["id"]])
    assert slowest < LONGEST_PAUSE


def check_conversation(whole: dict[str, Any], acknowledged: list[str]) -> None:
    """What was acknowledged is there, each message was taken, and the answers follow in the messages' order."""
    incoming = [message["text"] for message in whole["messages"] if message["direction"] == "in"]
    answers = [message["text"].split()[-1] for message in whole["messages"] if " " in message.get("text", "")]
    assert incoming[: len(acknowledged)] == acknowledged
    assert len(incoming) - len(acknowledged) <= 1
    assert answers == incoming[: len(answers)]
    assert answers[: len(acknowledged)] == acknowledged
    assert len(incoming) == len(set(incoming))


def until_all_move(crowd: Crowd) -> float:
    """How long it takes after a restart until everybody was answered something new."""
    before = {person: len(words) for person, words in crowd.acknowledged.items()}
    begun = time.monotonic()
    while any(len(words) <= before[person] for person, words in crowd.acknowledged.items()):
        assert time.monotonic() - begun < 3 * LONGEST_PAUSE * slowness(), "somebody is left behind"
        time.sleep(0.02)
    return time.monotonic() - begun


def test_three_kills(process: RecadoProcess, upstream: CountingServer) -> None:
    check(3, 0.8, process, upstream)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_twenty_kills(process: RecadoProcess, upstream: CountingServer) -> None:
    check(20, 1.5, process, upstream, people_count=24)
