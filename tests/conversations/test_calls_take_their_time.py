"""A call that takes long: words meanwhile, a budget after which the conversation waits or goes on, and late answers kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from conversations.shapes import Desk, asks, block, flow_of, says
from servers.counting import CountingServer


@pytest.fixture
def slow() -> Iterator[CountingServer]:
    """Takes a second and a half."""
    server = CountingServer(1.5, 1.5)
    yield server
    server.close()


def slow_flow(desk: Desk, url: str, edges: dict[str, str] | None = None, **settings: Any) -> str:
    action = desk.make_action("POST", url)
    ways = {"success": "told", "failed": "sorry", **(edges or {})}
    call = block(
        "call", "custom_integration", ways, key="sent", inputs={"token": "{{answers.word}}"}, **action, **settings
    )
    return desk.make(
        flow_of(
            asks("ask", "word", "call"),
            call,
            says("told", "Got {{outputs.sent.id}}.", "more"),
            says("sorry", "Failed: {{calls.sent.outcome}}.", "more"),
            says("slow", "It takes too long.", "more"),
            asks("more", "more", "last"),
            says("last", "Now {{calls.sent.outcome}} {{outputs.sent.id}}.", "more"),
        )
    )


def test_words_are_said_once_while_it_goes_on(desk: Desk, slow: CountingServer) -> None:
    person = desk.start(slow_flow(desk, slow.url, wait_text="One moment…", wait_after_seconds=0))
    assert person.say("a") == ["One moment…", "Got a.", "more?"]
    said = [message for message in person.look()["messages"] if message.get("text") == "One moment…"]
    assert len(said) == 1
    assert said[0]["block_id"] == "call"


def test_a_fast_call_says_nothing_meanwhile(desk: Desk, upstream: CountingServer) -> None:
    person = desk.start(slow_flow(desk, upstream.url, wait_text="One moment…", wait_after_seconds=3))
    assert person.say("a") == ["Got a.", "more?"]


def test_beyond_its_budget_the_conversation_waits_for_it_without_a_turn(desk: Desk, slow: CountingServer) -> None:
    person = desk.start(slow_flow(desk, slow.url, budget_seconds=0, on_late="wait"))
    assert person.say("a") == []
    assert person.status == "waiting"
    whole = person.wait_until(lambda found: len(found["messages"]) > 2)
    assert [message["text"] for message in whole["messages"]] == ["word?", "a", "Got a.", "more?"]
    assert whole["status"] == "waiting"


def test_or_goes_on_and_the_late_answer_is_kept(desk: Desk, slow: CountingServer) -> None:
    person = desk.start(slow_flow(desk, slow.url, {"timeout": "slow"}, budget_seconds=0, on_late="timeout"))
    assert person.say("a") == ["It takes too long.", "more?"]
    assert person.say("b")[0] == "Now timeout ."
    person.wait_until(lambda found: any(step["execution_id"] for step in found["path"]))
    assert person.say("c")[0] == "Now ok a."
    assert slow.hits == {("POST", "a"): 1}


def test_an_action_that_is_gone_takes_the_way_for_failures(desk: Desk, upstream: CountingServer) -> None:
    flow = slow_flow(desk, upstream.url)
    person = desk.start(flow)
    draft = desk.client.get(f"/flows/{flow}").json()["draft"]
    action = next(item["action_id"] for item in draft["blocks"] if item["id"] == "call")
    assert desk.client.delete(f"/actions/{action}?force=true").status_code == 204
    assert person.say("a") == ["Failed: blocked.", "more?"]
    ended = [step["note"] for step in person.look()["path"] if step["kind"] == "call"][-1]
    assert ended["outcome"] == "blocked"
    assert ended["error"]
