"""The worked example's flow on WhatsApp from end to end: a person logs in by chat, whatever goes wrong on the way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from conversations.shapes import Desk
from recado.channels.whatsapp import flights
from recado.db.columns import utc_now
from recado.db.tables import contacts
from recado.emulator import example
from whatsapp.driver import Graph, Person
from whatsapp.talking import Line

MAILED = "We have mailed you a code of six digits. What is it?"


@pytest.fixture
def line(client: httpx.Client, server: Any, graph: Graph, emulator: Any) -> Line:
    """The flow *Log in*, published, on a number."""
    integration = client.post("/integrations", json=example.integration(emulator.url)).json()["id"]
    below = f"/integrations/{integration}"
    credential = client.post(f"{below}/credentials", json=example.credential(emulator.api_key)).json()["id"]
    create = client.post(f"{below}/actions", json=example.create_validation(emulator.url)).json()["id"]
    validate = client.post(f"{below}/actions", json=example.validate_code(emulator.url)).json()["id"]
    log_in = example.log_in(integration, credential, create, validate)
    made = client.post("/flows", json=log_in).json()
    Desk(client).publish(made["id"])
    return Line(client, server.url, graph, made["id"])


@pytest.fixture
def code(emulator: Any) -> Callable[[], str]:
    """Reads the code that was mailed last."""
    return lambda: str(list(emulator.codes.values())[-1])


def begins(line: Line) -> Person:
    ana = line.graph.person("Ana")
    ana.says("Hola")
    ana.sees("What is your user name?")
    return ana


def ends_well(line: Line, ana: Person, expected: list[str]) -> None:
    """Everything arrived, once and in order, and nothing waits."""
    ana.sees("Welcome, ana.demo! You are logged in.")
    line.until(lambda: {message["status"] for message in line.out()} <= {"delivered", "read"})
    talk = line.talk()
    assert (talk["status"], talk["end_reason"]) == ("finished", "end")
    heard = [message["text"] for message in ana.received()]
    assert heard == [message["text"] for message in line.out()]
    assert [text for text in heard if text in expected] == expected
    assert line.look()["counts"] == {"open_conversations": 0, "waiting_messages": 0}


def test_a_wrong_code_and_the_right_one(line: Line, code: Callable[[], str]) -> None:
    ana = begins(line)
    ana.says("ana.demo")
    ana.sees(MAILED)
    right = code()
    ana.says("000000" if right != "000000" else "111111")
    ana.sees("That code is wrong.")
    ana.says(right)
    ends_well(line, ana, [MAILED, MAILED, "Welcome, ana.demo! You are logged in."])


def test_with_everything_delivered_twice_and_in_no_order(line: Line, graph: Graph, code: Callable[[], str]) -> None:
    graph.set(copies=2, at_once=4)
    graph.ladder("read", ("delivered", 0.03), ("sent", 0.06), ("sent", 0.09))
    ana = begins(line)
    ana.says("ana.demo", copies=2)
    ana.sees(MAILED)
    ana.says(code(), copies=2)
    ends_well(line, ana, [MAILED, "Welcome, ana.demo! You are logged in."])
    graph.send_again()
    graph.settles()
    assert {message["status"] for message in line.out()} == {"read"}
    assert len(line.talks()) == 1


def test_while_whatsapp_is_in_trouble(
    line: Line, graph: Graph, code: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flights, "UNKNOWN_FOR", dt.timedelta(seconds=3))
    line.change(marks_read=False, shows_typing=False)
    graph.fails(130429, times=2, retry_after=1)
    ana = begins(line)
    graph.fails(131056)
    graph.trouble("hangup", times=1)
    ana.says("ana.demo")
    ana.sees(MAILED)
    graph.drop_token(graph.token)
    ana.says(code())
    line.until(lambda: line.look()["parked"])
    line.set_secrets(access_token=graph.new_token())
    assert line.client.post(f"/channels/{line.id}/check").status_code == 200
    ends_well(line, ana, [MAILED, "Welcome, ana.demo! You are logged in."])


def test_when_the_day_is_over(line: Line, server: Any, graph: Graph, code: Callable[[], str]) -> None:
    graph.new_template("go_on", "en", [{"type": "BODY", "text": "Shall we go on?"}])
    line.change(fallback_template={"name": "go_on", "language": "en"}, marks_read=False, shows_typing=False)
    ana = begins(line)
    graph.fails(130429, retry_after=3)
    ana.says("ana.demo")
    line.until(lambda: len(line.out()) == 2)
    with server.database.begin() as connection:
        then = utc_now() - dt.timedelta(hours=25)
        connection.execute(sa.update(contacts).where(contacts.c.channel_id == line.id).values(last_message_at=then))
    ana.sees(type="template")
    assert MAILED not in [message["text"] for message in ana.received()]
    ana.says("Yes, please")  # no answer to a question that nobody has seen
    ana.sees(MAILED)
    ana.says(code())
    ana.sees("Welcome, ana.demo! You are logged in.")
    assert [message["text"] for message in ana.received()].count(MAILED) == 1
