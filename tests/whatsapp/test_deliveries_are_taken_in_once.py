"""What Meta delivers is on disk before it is told so, and each message has its effect exactly once, in its order."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
import sqlalchemy as sa

from conftest import RunningServer
from recado.db.tables import deliveries
from whatsapp.meta import SECRET, TALK, VERIFY, Channel, Someone, envelope, escaped, look, open_channel, said, value_of


def statuses(server: RunningServer, channel: Channel) -> list[str]:
    wanted = sa.select(deliveries.c.status).where(deliveries.c.channel_id == channel.id)
    return [row.status for row in look(server, wanted)]


def test_a_message_begins_a_flow_and_the_next_ones_answer_it(server: RunningServer, channel: Channel) -> None:
    person = Someone("Zoë 🦉")
    channel.hears(person, person.says("¡Hola!"))
    channel.wait_for_talk(person, "< ¡Hola!", "name?")
    channel.hears(person, person.says("Zoë"))
    channel.wait_for_talk(person, "< ¡Hola!", "name?", "< Zoë", "place?")
    channel.hears(person, person.says("Bogotá"))
    whole = channel.wait_for_talk(
        person, "< ¡Hola!", "name?", "< Zoë", "place?", "< Bogotá", "Zoë of Bogotá"
    )  # fmt: skip
    assert whole["contact"] == {"name": person.name, "phone": f"+{person.phone}"}
    channel.wait_for(lambda: channel.of(person)[0]["status"] == "finished")
    channel.wait_for(lambda: set(statuses(server, channel)) == {"done"})


def test_the_same_delivery_a_hundred_times_at_once_has_one_effect(channel: Channel) -> None:
    person = Someone("Ana")
    body = escaped(envelope(value_of((person, person.says("hi")))))
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: channel.post(body).status_code, range(100)))
    assert set(answers) == {200}
    channel.wait_for_talk(person, "< hi", "name?")
    channel.hears(person, person.says("Ana"))
    channel.wait_for_talk(person, "< hi", "name?", "< Ana", "place?")


def test_the_same_message_in_other_bytes_is_the_same(channel: Channel) -> None:
    person, other = Someone("Ana"), Someone("Ben")
    message = person.says("hi")
    channel.hears(person, message)
    channel.wait_for_talk(person, "< hi", "name?")
    channel.deliver(
        envelope(value_of((person, {**message, "text": {"body": "changed"}}), (other, other.says("me too"))))
    )
    channel.wait_for_talk(other, "< me too", "name?")
    channel.wait_for_talk(person, "< hi", "name?")


def test_messages_without_an_id_are_told_by_what_they_hold(channel: Channel) -> None:
    person, other = Someone("Ana"), Someone("Ben")
    first, second = person.says("hi"), other.says("hello")
    del first["id"], second["id"]
    for _ in range(2):
        channel.deliver(envelope(value_of((person, first), (other, second))))
    channel.wait_for_talk(person, "< hi", "name?")
    channel.wait_for_talk(other, "< hello", "name?")


def test_a_batch_of_a_thousand_is_taken_in_whole(server: RunningServer, channel: Channel) -> None:
    people = [Someone(f"Person {number:03}") for number in range(250)]
    messages = [(person, person.says(f"{text} {person.name}", seconds_ago=60 - at))
        for at, text in enumerate(("hi", "I am", "from", "bye")) for person in people]  # fmt: skip
    random.Random(4).shuffle(messages)
    body = escaped(envelope(*(value_of(*messages[at : at + 100]) for at in range(0, 1000, 100))))
    assert channel.post(body).status_code == 200
    channel.wait_for(lambda: statuses(server, channel) == ["done"], seconds=120)
    talks = channel.conversations()
    assert sum(each["status"] == "finished" for each in talks) == 250
    for person in random.Random(5).sample(people, 5):
        name = person.name
        first, *_ = [talk for talk in channel.of(person) if talk["status"] == "finished"]
        assert said(first) == [
            f"< hi {name}", "name?", f"< I am {name}", "place?", f"< from {name}", f"I am {name} of from {name}"
        ]  # fmt: skip


def test_messages_of_a_second_keep_the_order_they_came_in(channel: Channel) -> None:
    person = Someone("Ana")
    messages = [person.says(text, seconds_ago=1) for text in ("hi", "Ana", "Quito")]
    messages = [{**message, "timestamp": messages[0]["timestamp"]} for message in messages]
    channel.hears(person, *messages)
    channel.wait_for_talk(person, "< hi", "name?", "< Ana", "place?", "< Quito", "Ana of Quito")


# ── who may ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_meta_is_told_the_challenge_for_the_verify_token_alone(channel: Channel) -> None:
    asked = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": VERIFY}
    answer = channel.http.get(channel.path, params=asked)
    assert (answer.status_code, answer.text) == (200, "1158201444")
    assert answer.headers["content-type"].startswith("text/plain")
    for wrong in ({"hub.verify_token": "wrong"}, {"hub.verify_token": "señal"}, {"hub.mode": "other"}):
        refused = channel.http.get(channel.path, params={**asked, **wrong})
        assert (refused.status_code, refused.json()["code"]) == (403, "verify_token_wrong")
    assert channel.http.get(channel.path).status_code == 403
    assert channel.http.get(channel.path.replace("/whatsapp/", "/whatsapp/x"), params=asked).status_code == 404


def test_the_address_that_meta_calls_is_in_no_log(channel: Channel, capfd: pytest.CaptureFixture[str]) -> None:
    asked = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": VERIFY}
    assert channel.http.get(channel.path, params=asked).status_code == 200
    assert channel.http.post(channel.path, content=b"{}").status_code == 401
    logged = "".join(capfd.readouterr())
    assert "/channels/whatsapp/" in logged
    assert channel.path.rpartition("/whatsapp/")[2].partition("/")[0] not in logged


def test_a_delivery_is_believed_by_its_signature_alone(server: RunningServer, channel: Channel) -> None:
    person = Someone("Ana")
    body = escaped(envelope(value_of((person, person.says("hi")))))
    assert channel.post(body, "another secret").status_code == 401
    assert channel.post(body + b" ", **{"x-hub-signature-256": channel.post(body).request.headers["x-hub-signature-256"]}).status_code == 401  # fmt: skip
    for wrong in (b"sha256=", b"", b"sha256=" + b"\xff" * 64, b"sha1=" + b"0" * 40):
        headers: list[tuple[bytes, bytes]] = [(b"content-type", b"application/json"), (b"x-hub-signature-256", wrong)]
        answer = channel.http.post(channel.path, content=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "signature_wrong")
    assert channel.http.post(channel.path, content=body).status_code == 401
    assert len(statuses(server, channel)) == 1


def test_two_app_secrets_sign_while_one_replaces_the_other(channel: Channel) -> None:
    person = Someone("Ana")
    answer = channel.client.put(f"/channels/{channel.id}/secrets", json={"app_secret": "the new one"})
    assert answer.status_code == 200, answer.text
    channel.deliver(envelope(value_of((person, person.says("hi")))), "the new one")
    channel.wait_for_talk(person, "< hi", "name?")
    channel.deliver(envelope(value_of((person, person.says("Ana")))), SECRET)
    channel.wait_for_talk(person, "< hi", "name?", "< Ana", "place?")
    assert channel.post(b"{}", "a third").status_code == 401


def test_a_body_of_three_megabytes_is_taken_and_one_beyond_four_refused(channel: Channel) -> None:
    person = Someone("Ana")
    body = envelope(value_of((person, person.says("hi"))))
    large = escaped({**body, "padding": "x" * (3 * 1024 * 1024)})
    assert channel.post(large).status_code == 200
    channel.wait_for_talk(person, "< hi", "name?")
    answer = channel.post(escaped({**body, "padding": "x" * (4 * 1024 * 1024)}))
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_what_is_for_another_number_is_kept_and_has_no_effect(server: RunningServer, channel: Channel) -> None:
    stranger, person = Someone("Eve"), Someone("Ana")
    theirs = value_of((stranger, stranger.says("hi")), number_id="999999999999999")
    channel.deliver(envelope(theirs, value_of((person, person.says("hello")))))
    channel.wait_for_talk(person, "< hello", "name?")
    assert channel.of(stranger) == []
    channel.wait_for(lambda: statuses(server, channel) == ["done"])


def test_another_workspaces_channel_hears_nothing(server: RunningServer, channel: Channel) -> None:
    other = server.new_workspace()
    with open_channel(other, *TALK) as theirs:
        person = Someone("Ana")
        channel.hears(person, person.says("hi"))
        channel.wait_for_talk(person, "< hi", "name?")
        assert theirs.conversations() == []
    other.close()


def test_a_client_that_speaks_another_method_is_told_so(channel: Channel) -> None:
    answer: httpx.Response = channel.http.put(channel.path, content=b"{}")
    assert answer.status_code == 405
