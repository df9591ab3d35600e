"""Messages are taken once, in order, one turn at a time; what is written during a call waits, exit words apart."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from conversations.shapes import Desk, Person, asks, block, flow_of, says
from servers.counting import CountingServer
from servers.pace import slowness


def looping(desk: Desk) -> str:
    """Asks for a word and says it back, for ever."""
    return desk.make(flow_of(asks("ask", "word", "echo"), says("echo", "{{answers.word}}!", "ask")))


def calling(desk: Desk, url: str, **settings: Any) -> str:
    """Asks for a token, sends it upstream and says what came back, for ever."""
    action = desk.make_action("POST", url)
    call = block(
        "call", "custom_integration", {"success": "told", "failed": "sorry"}, key="sent",
        inputs={"token": "{{answers.word}}"}, **action, **settings,
    )  # fmt: skip
    told, sorry = (
        says("told", "Got {{outputs.sent.id}}.", "ask"),
        says("sorry", "Failed: {{calls.sent.outcome}}.", "ask"),
    )
    return desk.make(flow_of(asks("ask", "word", "call"), call, told, sorry))


def test_a_redelivered_message_changes_nothing(desk: Desk) -> None:
    person = desk.start(looping(desk))
    assert person.say("one", id="wamid.1") == ["one!", "word?"]
    before = person.look()
    assert person.say("one", id="wamid.1") == ["one!", "word?"]
    assert person.say("another text under the same id", id="wamid.1") == ["one!", "word?"]
    assert person.look() == before
    assert person.say("two", id="wamid.2") == ["two!", "word?"]


def test_the_same_message_id_in_two_conversations_is_two_messages(desk: Desk) -> None:
    flow = looping(desk)
    first, second = desk.start(flow), desk.start(flow)
    assert first.say("one", id="same") == second.say("one", id="same") == ["one!", "word?"]


def test_a_hundred_messages_at_once_are_taken_one_after_the_other(desk: Desk) -> None:
    person = desk.start(looping(desk))
    words = [f"w{number}" for number in range(100)]
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda word: person.send(text=word, id=word), words))
    assert {answer.status_code for answer in answers} == {200}
    said = person.look()["messages"]
    incoming = [message["text"] for message in said if message["direction"] == "in"]
    echoes = [message["text"] for message in said if message.get("text", "").endswith("!")]
    assert sorted(incoming) == sorted(words)
    assert echoes == [f"{word}!" for word in incoming]
    assert [message["status"] for message in said if message["direction"] == "in"] == ["done"] * 100


def test_many_conversations_go_on_beside_each_other(desk: Desk) -> None:
    slow = CountingServer(1.5, 1.5)
    try:
        flow = calling(desk, slow.url)
        people = [desk.start(flow) for _ in range(8)]
        begun = time.monotonic()
        with ThreadPoolExecutor(8) as pool:
            heard = list(pool.map(lambda person: person.say(f"t{person.id[4:]}"), people))
        assert all(texts[0].startswith("Got t") for texts in heard)
        assert time.monotonic() - begun < 9 * slowness()  # one after the other they take 12 s
    finally:
        slow.close()


def in_thread(work: Any) -> threading.Thread:
    thread = threading.Thread(target=work)
    thread.start()
    return thread


def until_called(server: CountingServer, count: int = 1) -> None:
    deadline = time.monotonic() + 10
    while sum(server.hits.values()) < count:
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_what_is_written_during_a_call_waits_for_its_end(desk: Desk) -> None:
    slow = CountingServer(0.6, 0.6)
    try:
        person = desk.start(calling(desk, slow.url))
        first = in_thread(lambda: person.say("first"))
        until_called(slow)
        assert person.look()["status"] == "running"
        later = Person(person.client, {"id": person.id, "messages": [], "status": ""})
        second = in_thread(lambda: later.say("second"))
        first.join(20)
        second.join(20)
        # The first answer goes to the first message; the second message is an answer to the question that followed.
        whole = person.wait_until(lambda found: len(found["executions"]) == 2 and found["status"] == "waiting")
        spoken = [message["text"] for message in whole["messages"] if message["direction"] == "out"]
        assert spoken == ["word?", "Got first.", "word?", "Got second.", "word?"]
        assert slow.hits == {("POST", "first"): 1, ("POST", "second"): 1}
    finally:
        slow.close()


def test_an_exit_word_during_a_call_ends_the_conversation_at_once(desk: Desk) -> None:
    slow = CountingServer(4, 4)
    try:
        person = desk.start(calling(desk, slow.url))
        talking = in_thread(lambda: person.send(text="first"))
        until_called(slow)
        begun = time.monotonic()
        leaving = person.send(text=" salir ")
        assert leaving.status_code == 200
        assert leaving.json()["status"] == "cancelled"
        assert time.monotonic() - begun < 3.5 * slowness()
        talking.join(20)
        # Its answer comes late; it is noted and says nothing.
        whole = person.wait_until(lambda found: any(step["execution_id"] for step in found["path"]))
        assert whole["end_reason"] == "exit"
        assert not any(message.get("text", "").startswith("Got") for message in whole["messages"])
        refused = person.send(text="hello?")
        assert (refused.status_code, refused.json()["code"]) == (409, "conversation_ended")
    finally:
        slow.close()


def test_with_too_many_conversations_under_way_new_messages_are_refused_clearly(start_server: Any) -> None:
    slow = CountingServer(1.0, 1.0)
    server = start_server(conversations_max_active=2)
    workspace = server.new_workspace()
    try:
        desk = Desk(workspace.client())
        flow = calling(desk, slow.url)
        people = [desk.start(flow) for _ in range(3)]
        threads = [in_thread(lambda person=person: person.send(text="t")) for person in people[:2]]
        until_called(slow, 2)
        refused = people[2].send(text="t")
        assert (refused.status_code, refused.json()["code"]) == (503, "conversations_busy")
        assert refused.headers["retry-after"] == "1"
        for thread in threads:
            thread.join(20)
        assert people[2].say("t") == ["Got t.", "word?"]
        said = people[2].look()["messages"]
        assert [message["text"] for message in said if message["direction"] == "in"] == ["t"]
    finally:
        slow.close()
        workspace.close()
