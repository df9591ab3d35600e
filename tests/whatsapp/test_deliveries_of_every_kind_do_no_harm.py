"""Every documented delivery goes through the front door: none is refused, none keeps the others waiting, none has an effect twice."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from conftest import RunningServer, Workspace
from conversations.shapes import asks
from recado.db.tables import deliveries, messages
from whatsapp.meta import NUMBER_ID, Channel, Someone, escaped, look, open_channel

DATA = Path(__file__).parents[1] / "testdata" / "whatsapp" / "webhook"
CORPUS = {path.stem: json.loads(path.read_text(encoding="utf-8"))["payload"] for path in sorted(DATA.glob("*.json"))}


def as_ours(value: Any, now: str) -> Any:
    """The same for our number, written just now, so that flows answer."""
    if isinstance(value, dict):
        changed = {key: as_ours(each, now) for key, each in value.items()}
        if "phone_number_id" in changed:
            changed["phone_number_id"] = NUMBER_ID
        if "timestamp" in changed:
            changed["timestamp"] = now
        return changed
    return [as_ours(each, now) for each in value] if isinstance(value, list) else value


def notes(server: RunningServer, channel: Channel) -> list[tuple[str, str | None]]:
    wanted = sa.select(deliveries.c.status, deliveries.c.note).where(deliveries.c.channel_id == channel.id)
    return [(row.status, row.note) for row in look(server, wanted)]


def written(server: RunningServer, channel: Channel) -> int:
    wanted = sa.select(sa.func.count()).where(messages.c.channel_id == channel.id, messages.c.direction == "in")
    return int(look(server, wanted)[0][0])


def test_the_whole_corpus_twice(server: RunningServer, workspace: Workspace) -> None:
    with open_channel(workspace, asks("name", "name", "name"), marks_read=False) as channel:
        now = str(int(time.time()))
        bodies = [escaped(as_ours(payload, now)) for payload in CORPUS.values()]
        bodies += [b"", b"[]", b"null", b"{", b"\xff\xfe", b'{"entry":[{"changes":[{"field":"messages","value":7}]}]}']
        for body in bodies:
            assert channel.post(body).status_code == 200
        channel.wait_for(lambda: "received" not in {status for status, _ in notes(server, channel)}, seconds=90)
        taken = written(server, channel)
        assert taken > 20
        failed = [note for status, note in notes(server, channel) if status == "failed"]
        assert all(note and "expected" in note for note in failed), failed
        assert len(failed) < 8
        for body in bodies:
            assert channel.post(body).status_code == 200
        person = Someone("Last")
        channel.hears(person, person.says("hi"))
        channel.wait_for(lambda: "received" not in {status for status, _ in notes(server, channel)}, seconds=90)
        channel.wait_for_talk(person, "< hi", "name?")
        assert written(server, channel) == taken + 1
