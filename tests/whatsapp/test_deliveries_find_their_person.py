"""Who writes is known by number or by id, what they write is judged in one order, and what is late begins nothing."""

from __future__ import annotations

from functools import partial

from conftest import RunningServer, Workspace
from conversations.shapes import block, says
from whatsapp.meta import Channel, Json, Someone, envelope, open_channel, publish, said, value_of

# ── who ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_person_without_a_number_is_known_by_their_id(channel: Channel) -> None:
    person = Someone("Ana", has_phone=False)
    channel.hears(person, person.says("hi"))
    talk = channel.wait_for_talk(person, "< hi", "name?")
    assert talk["contact"] == {"name": "Ana", "phone": None}
    channel.deliver(envelope({**value_of((person, {**person.says("Ana"), "from": ""})), "contacts": []}))
    channel.wait_for_talk(person, "< hi", "name?", "< Ana", "place?")


def test_a_number_that_becomes_known_later_belongs_to_the_same_person(channel: Channel) -> None:
    person = Someone("Ana", has_phone=False)
    channel.hears(person, person.says("hi"))
    channel.wait_for_talk(person, "< hi", "name?")
    person.phone, person.name = "15550109999", "Ana B."
    channel.hears(person, person.says("Ana"))
    talk = channel.wait_for_talk(person, "< hi", "name?", "< Ana", "place?")
    assert talk["contact"] == {"name": "Ana B.", "phone": "+15550109999"}
    person.user_id = "US.another"
    channel.hears(person, person.says("Lima"))
    channel.wait_for_talk(person, "< hi", "name?", "< Ana", "place?", "< Lima", "Ana of Lima")


def test_two_senders_in_a_batch_are_two_people(channel: Channel) -> None:
    ana, ben = Someone("Ana"), Someone("Ben", has_phone=False)
    channel.deliver(envelope(value_of((ana, ana.says("hi")), (ben, ben.says("hello")), (ana, ana.says("Ana")))))
    channel.wait_for_talk(ana, "< hi", "name?", "< Ana", "place?")
    channel.wait_for_talk(ben, "< hello", "name?")


def test_two_people_are_never_made_one(channel: Channel) -> None:
    number, name = Someone("Number"), Someone("Name", has_phone=False)
    channel.hears(number, number.says("hi"))
    channel.hears(name, name.says("hello"))
    channel.wait_for_talk(number, "< hi", "name?")
    channel.wait_for_talk(name, "< hello", "name?")
    both = Someone("Number")
    both.phone, both.user_id = number.phone, name.user_id
    channel.hears(both, both.says("Nn"))
    channel.wait_for_talk(number, "< hi", "name?", "< Nn", "place?")
    channel.hears(name, name.says("Mm"))
    channel.wait_for_talk(name, "< hello", "name?", "< Mm", "place?")


def test_who_changes_their_number_goes_on_where_they_were(channel: Channel) -> None:
    person = Someone("Ana")
    channel.hears(person, person.says("hi"))
    channel.wait_for_talk(person, "< hi", "name?")
    old, new = person.phone, "15550108888"
    told = person.sends("system", {"type": "user_changed_number", "body": "changed", "wa_id": new})
    del told["from_user_id"]
    channel.deliver(envelope({**value_of((person, told)), "contacts": []}))
    channel.wait_for(lambda: channel.contacts(search=new))
    person.phone, person.user_id = new, "US.regenerated"
    channel.hears(person, person.says("Ana"))
    channel.wait_for_talk(person, "< hi", "name?", "< Ana", "place?")
    stranger = Someone("Eve")
    stranger.phone = old
    channel.hears(stranger, stranger.says("hi"))
    channel.wait_for_talk(stranger, "< hi", "name?")


# ── what begins ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_first_rule_that_fits_begins_its_flow(channel: Channel) -> None:
    def tells(text: str) -> str:
        return publish(channel.client, says("told", text, "end"), block("end", "end"))

    unpublished = channel.client.post("/flows", json={"name": "Draft"}).json()["id"]
    channel.change(
        starts=[
            {"kind": "keyword", "words": ["Menú"], "flow_id": unpublished},
            {"kind": "keyword", "words": ["Menú"], "flow_id": tells("exactly the menu")},
            {"kind": "keyword", "words": ["envío"], "match": "contains", "flow_id": tells("shipping")},
            {"kind": "referral", "source_ids": ["ad-1"], "flow_id": tells("this ad")},
            {"kind": "referral", "flow_id": tells("some ad")},
            {"kind": "template_button", "words": ["YES_PAYLOAD"], "flow_id": tells("tapped")},
        ]
    )
    cases: list[tuple[Json, str | None]] = [
        ({"text": " ¡MENU! "}, "exactly the menu"),
        ({"text": "menus"}, None),
        ({"text": "¿y el ENVIO, cuándo?"}, "shipping"),
        ({"text": "enviome"}, None),
        ({"text": "hi", "referral": {"source_id": "ad-1", "source_type": "ad", "headline": "Sale"}}, "this ad"),
        ({"text": "hi", "referral": {"source_id": "ad-2"}}, "some ad"),
        ({"button": {"payload": "YES_PAYLOAD", "text": "Yes"}}, "tapped"),
        ({"button": {"payload": "NO_PAYLOAD", "text": "No"}}, None),
    ]
    people = []
    for at, (given, expected) in enumerate(cases):
        person = Someone(f"Person {at}")
        more = {name: value for name, value in given.items() if name == "referral"}
        button, text = given.get("button"), given.get("text")
        message = person.sends("button", button) if button else person.says(str(text), **more)
        channel.hears(person, message)
        people.append((person, expected))
    for person, expected in people:
        if expected is not None:
            talk = channel.wait_for(partial(channel.of, person))[0]
            assert said(talk)[1:] == [expected]
    channel.wait_for(lambda: len(channel.contacts()) == len(cases))
    assert len(channel.conversations()) == sum(expected is not None for _, expected in cases)


# ── in which order it is judged ──────────────────────────────────────────────────────────────────────────────────────

OUT = "You will not hear from us any more. If you change your mind, write: START"


def test_who_opts_out_is_told_once_and_left_alone_until_they_opt_in(channel: Channel) -> None:
    person = Someone("Ana")
    channel.hears(person, person.says("hi"))
    channel.wait_for_talk(person, "< hi", "name?")
    channel.hears(person, person.says(" Stop. "))
    channel.wait_for_talk(person, "< hi", "name?", "<  Stop. ", OUT)
    channel.wait_for(lambda: channel.of(person)[0]["status"] == "cancelled")
    (contact,) = channel.contacts()
    assert contact["opted_out_at"] is not None
    for text in ("stop", "hi?"):
        channel.hears(person, person.says(text))
    channel.hears(person, person.says("START", seconds_ago=-1))
    channel.wait_for_talk(person, "< START", "name?")
    assert len(channel.of(person)) == 2
    assert said(channel.of(person)[0]) == ["< hi", "name?", "<  Stop. ", OUT]
    assert channel.contacts()[0]["opted_out_at"] is None


def test_who_opts_in_where_nothing_begins_is_told(channel: Channel) -> None:
    person = Someone("Ana")
    channel.hears(person, person.says("hi"))
    channel.wait_for_talk(person, "< hi", "name?")
    channel.change(starts=[])
    channel.hears(person, person.says("stop"), person.says("start"))
    channel.wait_for_talk(
        person, "< hi", "name?", "< stop", OUT, "< start", "Welcome back. Write to us whenever you like."
    )


def test_a_tapped_button_that_says_stop_opts_nobody_out(workspace: Workspace) -> None:
    choice = block(
        "ask", "buttons", {"button:go": "gone", "button:stop": "stopped"}, answer="choice", text="Go on?",
        buttons=[{"id": "go", "title": "Go"}, {"id": "stop", "title": "Stop"}],
    )  # fmt: skip
    ends = [
        part for name in ("gone", "stopped") for part in (says(name, name, f"end_{name}"), block(f"end_{name}", "end"))
    ]
    with open_channel(workspace, choice, *ends) as channel:
        person = Someone("Ana")
        channel.hears(person, person.says("hi"))
        channel.wait_for(lambda: channel.of(person))
        channel.hears(person, person.taps("stop", "Stop"))
        channel.wait_for(lambda: said(channel.of(person)[0])[-1] == "stopped")
        assert channel.contacts()[0]["opted_out_at"] is None


def test_the_owner_opts_a_person_out_and_pauses_flows_for_them(server: RunningServer, channel: Channel) -> None:
    person = Someone("Ana")
    channel.hears(person, person.says("hi"))
    channel.wait_for_talk(person, "< hi", "name?")
    (contact,) = channel.contacts(search="ana")
    assert (contact["name"], contact["phone"]) == ("Ana", f"+{person.phone}")
    changed = channel.client.patch(f"/contacts/{contact['id']}", json={"paused": True}).json()
    assert changed["paused_until"] is not None
    channel.hears(person, person.says("Ana"))
    channel.wait_for_talk(person, "< hi", "name?", "< Ana")
    channel.client.patch(f"/contacts/{contact['id']}", json={"paused": False, "opted_out": True}).raise_for_status()
    channel.hears(person, person.says("anybody?"))
    channel.is_through(server)
    channel.client.patch(f"/contacts/{contact['id']}", json={"opted_out": False}).raise_for_status()
    channel.hears(person, person.says("Anna"))
    channel.wait_for_talk(person, "< hi", "name?", "< Ana", "< Anna", "place?")


def test_who_is_answered_from_the_phone_is_left_to_that_person(channel: Channel) -> None:
    person, other = Someone("Ana"), Someone("Ben")
    channel.hears(person, person.says("hi"))
    channel.wait_for_talk(person, "< hi", "name?")

    def echo(to: Someone, text: str) -> None:
        written = to.says(text)
        del written["from_user_id"]
        echoed = {**written, "from": "15550100000", "to": to.phone}
        value = {**value_of(), "message_echoes": [echoed], "contacts": [to.card]}
        del value["messages"]
        channel.deliver(envelope(value, field="smb_message_echoes"))

    echo(person, "Hello, this is Eva.")
    channel.wait_for_talk(person, "< hi", "name?", "Hello, this is Eva.")
    channel.wait_for(lambda: channel.of(person)[0]["status"] == "with_agent")
    channel.hears(person, person.says("Hi Eva"))
    channel.wait_for_talk(person, "< hi", "name?", "Hello, this is Eva.", "< Hi Eva")
    echo(other, "Hello Ben.")
    channel.wait_for(lambda: channel.contacts(search="ben"))
    channel.hears(other, other.says("Hi"))
    channel.wait_for(lambda: channel.contacts(search="ben")[0]["last_message_at"] is not None)
    assert channel.of(other) == []


# ── what is late, and what is no answer ──────────────────────────────────────────────────────────────────────────────


def test_what_is_late_is_shown_and_answers_only_what_waited_for_it_then(channel: Channel) -> None:
    late, waiting = Someone("Late"), Someone("Waiting")
    channel.hears(late, late.says("hi", seconds_ago=3600))
    channel.wait_for(lambda: channel.contacts(search="late"))
    channel.change(stale_after_seconds=30)
    channel.hears(waiting, waiting.says("hi"))
    channel.wait_for_talk(waiting, "< hi", "name?")
    channel.hears(waiting, waiting.says("before it asked", seconds_ago=60))
    channel.wait_for_talk(waiting, "< hi", "name?", "< before it asked")
    channel.hears(waiting, waiting.says("Ana"))
    channel.wait_for_talk(waiting, "< hi", "name?", "< before it asked", "< Ana", "place?")
    assert channel.of(late) == []


def test_reactions_and_edits_are_no_answers(channel: Channel) -> None:
    person = Someone("Ana")
    channel.hears(person, person.says("hi"))
    channel.wait_for_talk(person, "< hi", "name?")
    channel.hears(
        person,
        person.sends("reaction", {"message_id": "wamid.X", "emoji": "👍"}),
        person.sends("edit", {"original_message_id": "wamid.X", "message": {"type": "text", "text": {"body": "x"}}}),
        person.sends("revoke", {"original_message_id": "wamid.X"}),
        person.says("Ana", seconds_ago=-1),
    )
    channel.wait_for_talk(person, "< hi", "name?", "< Ana", "place?")


def test_contacts_are_listed_page_by_page_to_those_who_may(workspace: Workspace, channel: Channel) -> None:
    people = [Someone(f"Person {number}") for number in range(3)]
    channel.deliver(envelope(value_of(*((person, person.says("hi")) for person in people))))
    channel.wait_for(lambda: len(channel.contacts()) == 3)
    page = channel.client.get("/contacts", params={"channel_id": channel.id, "limit": 2}).json()
    rest = channel.client.get("/contacts", params={"channel_id": channel.id, "cursor": page["next_cursor"]}).json()
    assert len(page["items"]) == 2
    assert len(rest["items"]) == 1
    assert channel.contacts(search=people[1].phone[-6:] if people[1].phone else "")[0]["name"] == "Person 1"
    path = f"/contacts/{page['items'][0]['id']}"
    assert workspace.client("runner").get("/contacts").status_code == 403
    assert workspace.client("viewer").patch(path, json={"paused": True}).status_code == 403
    assert channel.client.patch("/contacts/nobody", json={"paused": True}).status_code == 404
