"""Meta as our webhook sees it: deliveries of one number, signed over their very bytes, of people with made-up numbers."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import sqlalchemy as sa

from conftest import RunningServer, Workspace
from conversations.shapes import Desk, asks, block, flow_of, says
from recado.channels.whatsapp.signature import sign
from recado.db.tables import deliveries

Json = dict[str, Any]
NUMBER_ID = "106540352242922"
WABA_ID = "102290129340398"
SECRET = "app-secret-4242"
VERIFY = "verify-4242"
SECRETS = {"app_secret": SECRET, "verify_token": VERIFY}
TALK = (
    asks("first", "name", "second"),
    asks("second", "place", "told"),
    says("told", "{{answers.name}} of {{answers.place}}", "end"),
    block("end", "end"),
)
"""The blocks of a flow that asks who and whence."""
_numbers = itertools.count(100)
_ids = itertools.count(1)


def escaped(body: Any) -> bytes:
    """As Meta writes JSON: everything beyond ASCII escaped."""
    return json.dumps(body, ensure_ascii=True, separators=(",", ":")).encode()


class Someone:
    """A person; without a phone number, known by their business-scoped id alone."""

    def __init__(self, name: str = "Ana", *, has_phone: bool = True) -> None:
        number = next(_numbers)
        self.name = name
        self.phone = f"1555010{number:04}" if has_phone else None
        self.user_id = f"US.{number:016}"

    @property
    def card(self) -> Json:
        """What `contacts` holds of them."""
        return {
            "profile": {"name": self.name},
            "user_id": self.user_id,
            **({"wa_id": self.phone} if self.phone else {}),
        }

    def says(self, text: str, **more: Any) -> Json:
        return self.sends("text", {"body": text}, **more)

    def sends(self, kind: str, content: Any, *, seconds_ago: float = 0, **more: Any) -> Json:
        """A message of theirs."""
        return {
            "id": f"wamid.TEST{next(_ids):08}{time.time_ns()}",
            "from_user_id": self.user_id,
            **({"from": self.phone} if self.phone else {}),
            "timestamp": str(int(time.time() - seconds_ago)),
            "type": kind,
            kind: content,
            **more,
        }

    def taps(self, reply_id: str, title: str, of: str | None = None, **more: Any) -> Json:
        context: Json = {"context": {"from": "15550100000", "id": of}} if of else {}
        content = {"type": "button_reply", "button_reply": {"id": reply_id, "title": title}}
        return self.sends("interactive", content, **context, **more)


def value_of(*pairs: tuple[Someone, Json], number_id: str = NUMBER_ID) -> Json:
    """The `value` of a change with messages, each of its sender."""
    return {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550100000", "phone_number_id": number_id},
        "contacts": [person.card for person in dict.fromkeys(person for person, _ in pairs)],
        "messages": [message for _, message in pairs],
    }


def envelope(*values: Json, field: str = "messages") -> Json:
    """A delivery with a change for each value."""
    changes = [{"field": field, "value": value} for value in values]
    return {"object": "whatsapp_business_account", "entry": [{"id": WABA_ID, "changes": changes}]}


class Channel:
    """A channel of a workspace, called by Meta and looked at by its owner."""

    def __init__(
        self, client: httpx.Client, url: str, *, seal: Callable[[str, Json], Json] | None = None, **settings: Any
    ) -> None:
        """`seal` gives the secrets as they travel, by the channel's id, where they may not travel as typed."""
        self.client, self._url = client, url
        made = client.post(
            "/channels",
            json={
                "name": "Shop",
                "settings": {
                    "phone_number_id": NUMBER_ID,
                    "waba_id": WABA_ID,
                    "base_url": "http://127.0.0.1:18999",
                    **settings,
                },
                "secrets": {} if seal else SECRETS,
            },
        )
        assert made.status_code == 201, made.text
        self.id = str(made.json()["id"])
        if seal is not None:
            entered = client.put(f"/channels/{self.id}/secrets", json=seal(self.id, SECRETS))
            assert entered.status_code == 200, entered.text
        self.path = "/api/v1" + made.json()["callback_url"].partition("/api/v1")[2]
        self.http = httpx.Client(base_url=url, timeout=120, trust_env=False)

    def close(self) -> None:
        self.http.close()

    def change(self, **settings: Any) -> None:
        answer = self.client.patch(f"/channels/{self.id}", json={"settings": settings})
        assert answer.status_code == 200, answer.text

    def post(self, body: bytes, secret: str = SECRET, **headers: str) -> httpx.Response:
        """A delivery as it goes over the wire."""
        given = {"content-type": "application/json", "x-hub-signature-256": sign(body, secret.encode()), **headers}
        return self.http.post(self.path, content=body, headers=given)

    def deliver(self, body: Json, secret: str = SECRET) -> None:
        answer = self.post(escaped(body), secret)
        assert (answer.status_code, answer.text) == (200, ""), answer.text

    def hears(self, person: Someone, *messages: Json) -> None:
        """One delivery with these messages of a person."""
        self.deliver(envelope(value_of(*((person, message) for message in messages))))

    def is_through(self, server: RunningServer) -> None:
        """Wait until everything that was delivered is taken in."""
        wanted = sa.select(deliveries.c.status).where(deliveries.c.channel_id == self.id)

        self.wait_for(lambda: {row.status for row in look(server, wanted)} == {"done"})

    # ── what came of it ──────────────────────────────────────────────────────────────────────────────────────────────

    def conversations(self) -> list[Json]:
        """All of them, the newest first."""
        found: list[Json] = []
        cursor = None
        while True:
            given: Json = {"channel_id": self.id, "limit": 200, **({"cursor": cursor} if cursor else {})}
            page = self.client.get("/conversations", params=given).json()
            found += page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return found

    def contacts(self, search: str | None = None) -> list[Json]:
        """Those who wrote, the newest first."""
        given: Json = {"channel_id": self.id, "limit": 200, **({"search": search} if search else {})}
        return list(self.client.get("/contacts", params=given).json()["items"])

    def conversation(self, conversation_id: str) -> Json:
        return dict(self.client.get(f"/conversations/{conversation_id}").json())

    def of(self, person: Someone) -> list[Json]:
        """A person's conversations, the oldest first, by the name they have."""
        return [
            self.conversation(each["id"])
            for each in reversed(self.conversations())
            if each["contact"]["name"] == person.name
        ]

    def wait_for(self, is_so: Callable[[], Any], seconds: float = 30) -> Any:
        """What this gives once it is true of something."""
        deadline = time.monotonic() + seconds
        while not (found := is_so()):
            assert time.monotonic() < deadline, "it never came to be so"
            time.sleep(0.03)
        return found

    def wait_for_talk(self, person: Someone, *texts: str) -> Json:
        """The person's latest conversation once this is all that was said in it, by both."""

        def is_said() -> Json | None:
            talks = self.of(person)
            return talks[-1] if talks and said(talks[-1]) == list(texts) else None

        try:
            found: Json = self.wait_for(is_said)
        except AssertionError:
            raise AssertionError([said(talk) for talk in self.of(person)]) from None
        return found


def look(server: RunningServer, statement: sa.Select[Any]) -> list[sa.Row[Any]]:
    """Rows of the server's database, read beside its writer."""
    return asyncio.run(server.database.read(lambda connection: list(connection.execute(statement))))


def said(conversation: Json) -> list[str]:
    """What was said, by both: `< ` stands before what the person wrote."""
    return [("< " if each["direction"] == "in" else "") + each.get("text", "") for each in conversation["messages"]]


def publish(client: httpx.Client, *blocks: Json, **settings: Any) -> str:
    """The id of a flow of these blocks that can be begun."""
    desk = Desk(client)
    flow_id = desk.make(flow_of(*blocks, **settings))
    desk.publish(flow_id)
    return flow_id


@contextlib.contextmanager
def open_channel(workspace: Workspace, *blocks: Json, **settings: Any) -> Iterator[Channel]:
    """A channel on which any message begins a flow of these blocks."""
    client = workspace.client()
    starts = [{"kind": "any", "flow_id": publish(client, *blocks)}]
    channel = Channel(client, workspace.url, **{"starts": starts, **settings})
    yield channel
    channel.close()
