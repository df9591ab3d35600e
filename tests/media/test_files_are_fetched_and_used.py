"""A file that somebody sends on WhatsApp is fetched, kept, shown, linked to and sent on byte for byte; or it is told why not."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
import sqlalchemy as sa

from conversations.shapes import block
from recado.db.tables import media, media_chunks
from servers.background import Background
from servers.raw import RawServer
from whatsapp.driver import Graph
from whatsapp.talking import Line, published, say

PICTURE = b"\x89PNG\r\n\x1a\n" + random.Random(7).randbytes(700_001) + b"\r\n--recado-"
ASK = block("photo", "question", {"next": "call"}, text="A photo, please.", answer="photo", expects="file")


@pytest.fixture
def upstream(background: Background) -> Iterator[RawServer]:
    with background.serving(RawServer()) as server:
        yield server


def action_of(client: httpx.Client, upstream: RawServer, *rows: dict[str, Any]) -> tuple[str, str]:
    """An integration and an action of it that sends these rows as multipart."""
    integration = str(client.post("/integrations", json={"name": "Files"}).json()["id"])
    names = sorted({name for row in rows for name in re.findall(r"inputs\.(\w+)", row["value"])})
    request = {"method": "POST", "endpoint": f"{upstream.url}/up", "body": {"type": "multipart", "fields": list(rows)}}
    inputs = [{"key": name, "name": name, "type": "string", "required": True} for name in names]
    made = client.post(
        f"/integrations/{integration}/actions", json={"name": "Send", "inputs": inputs, "request": request}
    )
    assert made.status_code == 201, made.text
    return integration, str(made.json()["id"])


@pytest.fixture
def line(client: httpx.Client, server: Any, graph: Graph, upstream: RawServer) -> Line:
    """A flow that asks for a photo and sends it on as a file, with its link beside it."""
    rows = (
        {"key": 'the "photo"', "value": "{{inputs.photo}}", "kind": "file"},
        {"key": "link", "value": "see {{inputs.link}}"},
    )
    integration, action = action_of(client, upstream, *rows)
    inputs = {"photo": "{{answers.photo}}", "link": "{{answers.photo.url}}"}
    call = block(
        "call", "custom_integration", {"success": "thanks", "input_invalid": "sorry"},
        key="call", integration_id=integration, action_id=action, inputs=inputs,
    )  # fmt: skip
    flow = published(
        client, ASK, call, say("thanks", "Got {{answers.photo.filename}}: {{answers.photo.url}}"),
        say("sorry", "No: {{calls.call.error}}"),
    )  # fmt: skip
    return Line(client, server.url, graph, flow)


def begins(line: Line) -> Any:
    ana = line.graph.person("Ana")
    ana.says("Hola")
    ana.sees("A photo, please.")
    return ana


def file_of(line: Line) -> dict[str, Any]:
    """The file of the only conversation, once nobody fetches it any more."""

    def settled() -> dict[str, Any] | None:
        found = [message["file"] for message in line.talk()["messages"] if "file" in message]
        return found[0] if found and found[0]["status"] != "waiting" else None

    found: dict[str, Any] = line.until(settled)
    return found


def open_link(link: str) -> httpx.Response:
    return httpx.get(link, trust_env=False)


def test_a_picture_is_sent_on_byte_for_byte(client: httpx.Client, line: Line, upstream: RawServer) -> None:
    ana = begins(line)
    ana.sends(data=PICTURE, mime_type="image/png", filename='../Ana\'s "é".png')
    shown = ana.sees("Got ")["text"]

    (request,) = upstream.requests
    head, _, body = request.partition(b"\r\n\r\n")
    boundary = re.search(rb"boundary=(\S+)", head)
    length = re.search(rb"Content-Length: (\d+)", head)
    assert boundary
    assert length
    assert int(length[1]) == len(body)
    file, link = body.split(b"--" + boundary[1])[1:3]
    file_head, _, content = file.partition(b"\r\n\r\n")
    assert content == PICTURE + b"\r\n"
    name = """..Ana's %22é%22.png"""
    assert file_head.decode().strip().split("\r\n") == [
        f'Content-Disposition: form-data; name="the %22photo%22"; filename="{name.lstrip(".")}"',
        "Content-Type: image/png",
    ]

    for url in (link.decode().split()[-1], shown.split()[-1]):
        answer = open_link(url)
        assert answer.content == PICTURE
        assert answer.headers.get_list("content-type") == ["image/png"]
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in answer.headers["content-security-policy"]
        parts = urlsplit(url)
        query = dict(parse_qsl(parts.query))
        for wrong in (
            {**query, "signature": "0" * 64},
            {**query, "expires": str(int(query["expires"]) + 1)},
            {"expires": "é", "signature": "é"},
        ):
            refused = httpx.get(url.partition("?")[0], params=wrong, trust_env=False)
            assert (refused.status_code, refused.json()["code"]) == (403, "media_link_wrong")

    talk = line.talk()
    (sent,) = [message for message in talk["messages"] if "file" in message]
    assert sent["file"]["status"] == "kept"
    assert sent["file"]["size"] == len(PICTURE)
    path = talk["answers"]["photo"]["url"]
    assert path == f"/api/v1/media/{sent['media']['id']}"
    assert client.get(f"/media/{sent['media']['id']}").content == PICTURE
    assert "PNG" not in str(client.get(f"/executions/{talk['executions'][0]}").json()["request"])


def test_a_link_expires_and_contents_are_deleted(client: httpx.Client, line: Line, server: Any) -> None:
    ana = begins(line)
    ana.sends(data=b"text", kind="document", mime_type="text/plain", filename="a.txt")
    link = ana.sees("Got ")["text"].split()[-1]
    media_id = link.split("/")[-2]
    begin = server.database.begin
    with begin() as connection:
        secret = connection.scalar(sa.select(media.c.link_key).where(media.c.id == media_id))
    from recado.media.definition import make_link  # noqa: PLC0415

    old = make_link(server.url, media_id, secret, 1_700_000_000)
    assert open_link(old).json()["code"] == "media_link_expired"

    with begin() as connection:
        connection.execute(sa.update(media).where(media.c.id == media_id).values(kept_until=media.c.created_at))
    server.run(server.parts.media_fetcher.retain())
    assert open_link(link).json()["code"] == "media_deleted"
    assert file_of(line)["error"]["code"] == "media_deleted"
    with begin() as connection:
        assert not connection.scalar(
            sa.select(sa.func.count()).select_from(media_chunks).where(media_chunks.c.media_id == media_id)
        )


@pytest.mark.parametrize(
    ("deed", "error"),
    [
        ({"size": 17 * 2**20}, "media_too_large"),
        ({"kind": "document", "mime_type": "application/x-msdownload", "filename": "a.exe"}, "media_type_not_allowed"),
        ({"data": b"what was sent", "sha256": hashlib.sha256(b"something else").hexdigest()}, "media_damaged"),
    ],
)
def test_what_is_not_kept_says_why(line: Line, upstream: RawServer, deed: dict[str, Any], error: str) -> None:
    ana = begins(line)
    ana.sends(**deed)
    ana.sees("No: The file of input")
    found = file_of(line)
    assert (found["status"], found["error"]["code"]) == ("refused", error)
    assert not upstream.requests
    refused = line.client.get(line.talk()["answers"]["photo"]["url"].removeprefix("/api/v1"))
    assert refused.json()["code"] == error
