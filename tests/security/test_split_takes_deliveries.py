"""In two processes, what Meta delivers is handed on with its very bytes and its signature, and taken in by the executor."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from conversations.shapes import asks
from servers.split import SealingClient, Split
from whatsapp.meta import SECRETS, VERIFY, Channel, Someone, envelope, escaped, publish, value_of


@pytest.fixture
def channel(split: Split) -> Iterator[Channel]:
    with split.api.client() as client:
        starts = [{"kind": "any", "flow_id": publish(client, asks("name", "name", "name"))}]
        fields = [{"identifier": name, "id": name} for name in SECRETS]
        place = {"id": "channel", "auth": {"fields": fields}}
        owner = SealingClient(client)
        made = Channel(
            client,
            split.api.url,
            seal=lambda channel_id, secrets: owner.seal(place, channel_id, secrets, []),
            starts=starts,
            marks_read=False,
        )
        yield made
        made.close()


def test_a_delivery_of_three_megabytes_comes_through_as_it_was_signed(channel: Channel) -> None:
    person = Someone("Zoë")
    body = envelope(value_of((person, person.says("¡Hola!"))))
    assert channel.post(escaped({**body, "padding": "x" * (3 * 1024 * 1024)})).status_code == 200
    channel.wait_for_talk(person, "< ¡Hola!", "name?")
    assert channel.post(escaped(body), "another secret").status_code == 401
    asked = {"hub.mode": "subscribe", "hub.challenge": "42", "hub.verify_token": VERIFY}
    assert channel.http.get(channel.path, params=asked).text == "42"
