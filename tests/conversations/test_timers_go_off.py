"""Timers are rows with a due time: questions that nobody answers, reminders, expiry, and blocks that wait."""

from __future__ import annotations

import time
from typing import Any

from conversations.shapes import Desk, asks, block, says, texts_of
from servers.pace import slowness


def said(found: dict[str, Any]) -> list[str]:
    return texts_of(found["messages"])


def test_a_block_that_waits_goes_on_by_itself(desk: Desk) -> None:
    person = desk.talk(
        says("a", "First.", "w"),
        block("w", "wait", {"next": "b"}, seconds=1),
        says("b", "Then.", "z"),
        block("z", "end"),
    )
    begun = time.monotonic()
    assert (person.heard, person.status) == (["First."], "waiting")
    whole = person.wait_until(lambda found: found["status"] == "finished", 5)
    assert said(whole) == ["First.", "Then."]
    assert 0.8 < time.monotonic() - begun < 8 * slowness()


def test_a_question_that_nobody_answers_takes_its_way_out(desk: Desk) -> None:
    question = asks("a", "word", "z", timeout_seconds=1)
    question["edges"]["timeout"] = "late"
    person = desk.talk(question, block("late", "end", text="You were gone."), block("z", "end"))
    assert said(person.wait_until(lambda found: found["status"] == "finished", 5)) == ["word?", "You were gone."]


def test_an_answer_takes_its_timers_away(desk: Desk) -> None:
    question = asks("a", "word", "b", timeout_seconds=1)
    question["edges"]["timeout"] = "late"
    person = desk.talk(question, asks("b", "more", "z"), block("late", "end", text="You were gone."), block("z", "end"))
    assert person.say("here") == ["more?"]
    time.sleep(1.5)
    assert said(person.look()) == ["word?", "more?"]


def test_a_conversation_nobody_goes_on_with_expires(desk: Desk) -> None:
    person = desk.talk(asks("a", "word", "z"), block("z", "end"), expires_after_seconds=1)
    whole = person.wait_until(lambda found: found["status"] == "expired", 5)
    assert whole["end_reason"] == "expired"
    assert whole["ended_at"] is not None


def test_who_does_not_answer_is_reminded_once(desk: Desk) -> None:
    person = desk.talk(
        asks("a", "word", "z"),
        block("z", "end"),
        reminder={"after_seconds": 1, "text": "Are you there?"},
        expires_after_seconds=3600,
    )
    whole = person.wait_until(lambda found: len(found["messages"]) > 1, 5)
    assert "Are you there?" in said(whole)
    time.sleep(1.3)
    assert said(person.look()).count("Are you there?") == 1
    assert person.say("yes") == []
    assert person.status == "finished"
