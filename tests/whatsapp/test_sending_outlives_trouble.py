"""Whatever WhatsApp answers, or does not: what was said arrives once, waits, or is told to the flow."""

from __future__ import annotations

import datetime as dt
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from recado.channels.whatsapp import flights
from recado.db.columns import utc_now
from recado.db.tables import contacts
from whatsapp.driver import Graph, Person
from whatsapp.talking import Line, ask, published, say


@pytest.fixture
def line(client: httpx.Client, server: Any, graph: Graph) -> Line:
    """A flow that says something and asks; what does not arrive is handed to a person."""
    flow_id = published(
        client,
        say("a", "One", "b"),
        ask("b", "Two?", "c", undelivered="lost"),
        say("c", "Three", "d"),
        {"id": "d", "type": "wait", "seconds": 2, "edges": {"next": "e"}},
        ask("e", "Four?", undelivered="lost"),
        {"id": "lost", "type": "hand_over", "note": "Not reached"},
    )
    return Line(client, server.url, graph, flow_id)


def greeted(line: Line, name: str = "Ana") -> Person:
    """Somebody who has written."""
    person = line.graph.person(name)
    person.says("hola")
    return person


def texts(person: Person) -> list[str]:
    return [message["text"] for message in person.received()]


@pytest.mark.parametrize("code", [130429, 131056, 131000, 131016, 4])
def test_what_is_refused_for_now_is_sent_again(line: Line, graph: Graph, code: int) -> None:
    graph.fails(code, times=2)
    ana = greeted(line)
    ana.sees("Two?")
    assert texts(ana) == ["One", "Two?"]
    line.until(lambda: line.statuses() == ["delivered"] * 2)


def test_how_long_to_wait_is_what_it_says(line: Line, graph: Graph) -> None:
    graph.fails(130429, retry_after=2)
    ana = greeted(line)
    ana.sees("Two?")
    first, second, *_ = line.sends()
    assert first["status"] != 200
    assert second["status"] == 200
    assert len(line.sends()) == 3


@pytest.mark.parametrize("trouble", ["html:502", "status:500"])
def test_an_answer_that_is_none_of_theirs_is_tried_again(line: Line, graph: Graph, trouble: str) -> None:
    line.change(marks_read=False, shows_typing=False)
    graph.trouble(trouble, times=1)
    ana = greeted(line)
    ana.sees("Two?")
    assert texts(ana) == ["One", "Two?"]


def test_a_lost_answer_is_found_by_the_status(line: Line, graph: Graph) -> None:
    line.change(marks_read=False, shows_typing=False)
    graph.trouble("hangup", times=1)
    ana = greeted(line)
    ana.sees("Two?")
    line.until(lambda: line.statuses() == ["delivered"] * 2)
    assert texts(ana) == ["One", "Two?"]


def test_a_lost_answer_of_which_nothing_is_heard_is_sent_again(
    line: Line, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flights, "UNKNOWN_FOR", dt.timedelta(seconds=1))
    line.change(marks_read=False, shows_typing=False)
    graph.ladder()
    graph.trouble("hangup", times=1)
    ana = greeted(line)
    ana.sees("Two?")
    assert texts(ana)[-1] == "Two?"
    assert set(texts(ana)) == {"One", "Two?"}
    line.until(lambda: line.statuses() == ["sent"] * 2)


def test_an_expired_token_parks_the_channel_until_it_is_checked(line: Line, graph: Graph) -> None:
    graph.drop_token(graph.token)
    ana = greeted(line)
    parked = line.until(lambda: line.look()["parked"])
    assert parked["code"].startswith("token_")
    assert line.statuses() == ["queued", "queued"]
    assert [entry["action"] for entry in line.client.get("/audit-log").json()["items"]].count("channel.park") == 1
    line.set_secrets(access_token=graph.new_token())
    assert line.client.post(f"/channels/{line.id}/check").status_code == 200
    ana.sees("Two?")
    assert texts(ana) == ["One", "Two?"]
    assert line.look()["parked"] is None


@pytest.mark.parametrize("at", ["answer", "status"])
def test_who_cannot_be_reached_takes_the_way_for_that(line: Line, graph: Graph, at: str) -> None:
    graph.fails(131026, at=at, times=2)
    greeted(line)
    talk = line.until(lambda: next((talk for talk in line.talks() if talk["status"] == "with_agent"), None))
    failed = [message for message in talk["messages"] if message["status"] == "failed"]
    assert {message["error"]["code"] for message in failed} == {"131026"}
    assert [step["edge"] for step in talk["path"] if step["kind"] == "visited"][-1] == "undelivered"


def shut_window(line: Line, server: Any, hours: float = 25) -> None:
    """The person wrote long ago, for all that we know."""
    with server.database.begin() as connection:
        then = utc_now() - dt.timedelta(hours=hours)
        connection.execute(sa.update(contacts).where(contacts.c.channel_id == line.id).values(last_message_at=then))


def after_the_wait(line: Line, server: Any) -> Person:
    """Somebody whom the flow tells something when the 24 hours are over."""
    ana = greeted(line)
    ana.sees("Two?")
    ana.says("yes")
    ana.sees("Three")
    shut_window(line, server)
    return ana


def test_a_closed_window_is_no_silence(line: Line, server: Any) -> None:
    ana = after_the_wait(line, server)
    line.until(lambda: any(talk["status"] == "with_agent" for talk in line.talks()))
    line.until(lambda: line.talk()["messages"][-1]["status"] == "failed")
    last = line.talk()["messages"][-1]
    assert last["error"]["code"] == "window_closed"
    assert texts(ana) == ["One", "Two?", "Three"]


def test_a_template_asks_for_an_answer_and_the_rest_follows_it(line: Line, server: Any, graph: Graph) -> None:
    body = {"type": "BODY", "text": "{{1}} has news for you. Shall we go on?"}
    button = {"type": "URL", "text": "Look", "url": "https://shop.example/{{1}}"}
    graph.new_template("news", "en", [body, {"type": "BUTTONS", "buttons": [button]}])
    values = {"parameters": ["The shop"], "buttons": [{"index": 0, "kind": "url", "value": "news"}]}
    line.change(fallback_template={"name": "news", "language": "en", **values})
    ana = after_the_wait(line, server)
    assert ana.sees(type="template")["text"] == "The shop has news for you. Shall we go on?"
    ana.sees_nothing(1.5)
    ana.says("yes, please")
    ana.sees("Four?")
    line.until(lambda: set(line.statuses()) == {"delivered"})
    assert len([message for message in ana.received() if message["type"] == "template"]) == 1


@pytest.mark.parametrize("times", [1, 2])
def test_what_fails_after_it_was_taken_waits_for_an_answer_too_but_once(line: Line, graph: Graph, times: int) -> None:
    graph.new_template("news", "en", [{"type": "BODY", "text": "Shall we go on?"}])
    graph.set(copies=2)
    line.change(fallback_template={"name": "news", "language": "en"})
    ana = greeted(line)
    ana.sees("Two?")
    graph.fails(131047, at="status", times=times, type="text")
    ana.says("yes")
    ana.sees(type="template")
    graph.settles()
    held = line.out()[2]
    assert (held["text"], held["status"], held.get("error")) == ("Three", "queued", None)
    graph.forward(2)  # their times are whole seconds
    ana.says("go on")
    ana.sees("Four?")
    expected = [*["delivered"] * 2, "delivered" if times == 1 else "failed", *["delivered"] * 2]
    line.until(lambda: line.statuses() == expected)
    seen = [message["text"] for message in ana.received() if message["type"] != "template"]
    assert seen == ["One", "Two?", *(["Three"] if times == 1 else []), "Four?"]
    assert line.talk()["status"] == "waiting"


def test_who_wants_to_hear_no_more_hears_that_alone(line: Line) -> None:
    ana = greeted(line)
    ana.sees("Two?")
    ana.says("stop")
    ana.sees("not hear from us")
    ana.sees_nothing(1)
    assert line.talk()["status"] == "cancelled"
