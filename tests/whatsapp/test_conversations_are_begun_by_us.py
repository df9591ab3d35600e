"""Conversations that we begin: one by one with a template, or with many people at once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from recado.db.columns import utc_now
from recado.db.tables import contacts
from whatsapp.driver import Graph
from whatsapp.talking import Line, ask, published

NEWS = {"name": "news", "language": "en", "parameters": ["Ana"]}
PHONE = "+1 555 010 0199"


@pytest.fixture
def line(client: httpx.Client, server: Any, graph: Graph) -> Line:
    """A flow that asks, on a number with a template."""
    graph.new_template("news", "en", [{"type": "BODY", "text": "Hello {{1}}, we have news."}])
    flow_id = published(client, ask("q", "Shall we?", "e"), ask("e", "Fine. When?"))
    return Line(client, server.url, graph, flow_id)


def begin(line: Line, **more: Any) -> httpx.Response:
    body = {"flow_id": line.flow_id, "channel_id": line.id, "contact": {"phone": PHONE}, "template": NEWS, **more}
    return line.client.post("/conversations", json=body)


def test_a_template_opens_the_conversation_and_the_rest_waits_for_an_answer(line: Line, graph: Graph) -> None:
    ana = graph.person("Ana", phone="15550100199")
    answer = begin(line)
    assert answer.status_code == 201, answer.text
    assert [message["text"] for message in answer.json()["messages"]] == ["[news]", "Shall we?"]
    assert ana.sees(type="template")["text"] == "Hello Ana, we have news."
    ana.sees_nothing(1)
    ana.says("Which news?")
    ana.sees("Shall we?")
    ana.says("Yes")
    ana.sees("Fine. When?")


def test_what_cannot_be_begun_says_the_way_out(line: Line, graph: Graph, server: Any) -> None:
    ana = graph.person("Ana", phone="15550100199")
    shut = begin(line, template=None)
    assert (shut.status_code, shut.json()["code"]) == (409, "window_closed")
    for contact in (
        {"phone": PHONE, "name": "A\0"},
        {"phone": "12"},
        {"phone": "0155501001"},
        {},
        {"phone": PHONE, "contact_id": "cnt_x"},
    ):
        assert begin(line, contact=contact).status_code == 422
    assert begin(line, flow_id="flw_nothing").status_code == 422
    assert begin(line, channel_id="chn_nothing").status_code == 404
    assert begin(line).status_code == 201
    ana.sees(type="template")
    again = begin(line)
    assert (again.status_code, again.json()["code"]) == (409, "conversation_open")
    ana.says("stop")
    line.until(lambda: line.talk()["status"] == "cancelled")
    gone = begin(line)
    assert (gone.status_code, gone.json()["code"]) == (409, "opted_out")


def test_within_the_24_hours_no_template_is_needed(line: Line, graph: Graph) -> None:
    ana = graph.person("Ana", phone="15550100199")
    ana.says("Hola")
    ana.sees("Shall we?")
    talk = line.talk()
    assert line.client.post(f"/conversations/{talk['id']}/cancel").status_code == 200
    contact_id = line.client.get("/contacts", params={"channel_id": line.id}).json()["items"][0]["id"]
    answer = begin(line, contact={"contact_id": contact_id}, template=None)
    assert answer.status_code == 201, answer.text
    ana.sees("Shall we?")


def test_many_are_written_to_once_each(line: Line, graph: Graph, server: Any) -> None:
    people = [graph.person(f"P{number}", phone=f"155501002{number:02}") for number in range(30)]
    people[0].says("Hola")
    people[0].sees("Shall we")
    people[1].says("Hola")
    people[1].sees("Shall we")
    people[1].says("stop")
    people[1].sees("not hear")
    body = {
        "flow_id": line.flow_id,
        "channel_id": line.id,
        "template": NEWS,
        "key": "november",
        "contacts": [{"phone": person.phone, "parameters": [person.name]} for person in people] + [{"phone": "7"}],
    }
    made = line.client.post("/batches", json=body)
    assert made.status_code == 201, made.text
    again = line.client.post("/batches", json=body)
    assert again.json()["id"] == made.json()["id"]

    def done() -> Any:
        now = line.client.get(f"/batches/{made.json()['id']}").json()
        return now if now["status"] == "done" and now["delivered"] + now["read"] + now["failed"] == 28 else None

    batch = line.until(done)
    assert (batch["total"], batch["skipped"]) == (31, 3)
    assert batch["skipped_by"] == {"conversation_open": 1, "opted_out": 1, "validation_failed": 1}
    for person in people[2:]:
        templates = [message for message in person.received() if message["type"] == "template"]
        assert len(templates) == 1
        assert person.name in templates[0]["text"]
    assert line.client.get("/batches").json()["items"][0]["id"] == batch["id"]
    below = f"/batches/{batch['id']}/contacts"
    skipped = line.client.get(below, params={"status": "skipped"}).json()["items"]
    assert [(one["number"], one["code"]) for one in skipped] == [
        (0, "conversation_open"),
        (1, "opted_out"),
        (30, "validation_failed"),
    ]
    first = line.client.get(below, params={"limit": 20}).json()
    second = line.client.get(below, params={"limit": 20, "cursor": first["next_cursor"]}).json()
    assert [one["number"] for one in first["items"] + second["items"]] == list(range(31))
    assert all(one["conversation_id"] for one in first["items"][2:])
    assert line.client.get(below, params={"cursor": "bm90aGluZw"}).status_code == 422


def test_a_batch_can_be_stopped(line: Line, graph: Graph) -> None:
    line.change(sends_per_second=5)
    contacts_ = [{"phone": f"+155501{number:05}"} for number in range(400)]
    body = {"flow_id": line.flow_id, "channel_id": line.id, "template": NEWS, "contacts": contacts_}
    made = line.client.post("/batches", json=body).json()
    line.until(lambda: line.client.get(f"/batches/{made['id']}").json()["waiting"] < 400)
    stopped = line.client.post(f"/batches/{made['id']}/stop").json()
    assert stopped["status"] == "stopped"
    assert stopped["waiting"] > 0
    later = line.client.get(f"/batches/{made['id']}").json()
    assert later["status"] == "stopped"
    assert line.client.delete(f"/channels/{line.id}", params={"force": True}).status_code in {200, 204}


def test_who_opted_out_is_not_written_to_though_the_message_waited(line: Line, graph: Graph, server: Any) -> None:
    graph.fails(130429, retry_after=3)
    assert begin(line).status_code == 201
    with server.database.begin() as connection:
        out = sa.update(contacts).where(contacts.c.channel_id == line.id)
        connection.execute(out.values(opted_out_at=utc_now() - dt.timedelta(minutes=1)))
    failed = line.until(lambda: next((one for one in line.out() if one["status"] == "failed"), None))
    assert failed["error"]["code"] == "opted_out"
