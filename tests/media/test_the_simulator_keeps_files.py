"""A file that is sent in the simulator is uploaded first, and then as good as one from WhatsApp."""

from __future__ import annotations

import re
from typing import Any

import httpx

from conversations.shapes import Desk, block, flow_of

ASK = block("photo", "question", {"next": "told"}, text="A photo, please.", answer="photo", expects="file")
TOLD = block(
    "told", "message", {}, content={"kind": "text", "text": "{{answers.photo.filename}} {{answers.photo.bytes}}"}
)


def begin(client: httpx.Client) -> str:
    desk = Desk(client)
    made = client.post("/simulator/conversations", json={"flow_id": desk.make(flow_of(ASK, TOLD))})
    return f"/simulator/conversations/{made.json()['id']}"


def upload(
    client: httpx.Client, path: str, content: Any, kind: str = "image/png", name: str = "a.png"
) -> httpx.Response:
    return client.post(f"{path}/media", content=content, headers={"content-type": kind}, params={"filename": name})


def test_an_upload_is_an_answer(client: httpx.Client) -> None:
    path = begin(client)
    made = upload(client, path, b"a picture").json()
    assert made == {"id": made["id"], "content_type": "image/png", "filename": "a.png", "size": 9}
    sent = {"media": {"kind": "image", "id": made["id"]}}
    elsewhere = client.post(f"{begin(client)}/messages", json=sent)
    assert elsewhere.json()["errors"][0]["path"] == "media.id"
    said = client.post(f"{path}/messages", json=sent).json()["messages"]
    assert said[-1]["text"] == "a.png 9"
    talk = client.get(path.removeprefix("/simulator")).json()
    (file,) = [message["file"] for message in talk["messages"] if "file" in message]
    assert file == {"status": "kept", "content_type": "image/png", "filename": "a.png", "size": 9}
    assert client.get(f"/media/{made['id']}").content == b"a picture"
    client.post(f"{path}/restart")
    assert client.get(f"/media/{made['id']}").status_code == 404


def test_an_upload_has_its_limits(client: httpx.Client) -> None:
    path = begin(client)
    large = upload(client, path, (b"x" * 2**20 for _ in range(17)))
    assert (large.status_code, large.json()["code"]) == (413, "media_too_large")
    named = client.post(
        f"{path}/media",
        content=b"x",
        headers={"content-type": "application/octet-stream"},
        params={"content_type": "text/plain; charset=utf-8"},
    )
    assert named.json()["filename"] == "file.txt"
    program = upload(client, path, b"MZ", "application/x-msdownload", "a.exe")
    assert (program.status_code, program.json()["code"]) == (415, "media_type_not_allowed")
    assert upload(client, "/simulator/conversations/nothing", b"x").status_code == 404


def test_a_file_row_is_one_input_of_a_multipart_body(client: httpx.Client) -> None:
    integration = client.post("/integrations", json={"name": "Files"}).json()["id"]
    inputs = [{"key": "file", "name": "File", "type": "string"}, {"key": "size", "name": "Size", "type": "integer"}]

    def check(value: str, **body: Any) -> list[str]:
        rows = [{"key": "upload", "value": value, "kind": "file"}]
        request = {
            "method": "POST",
            "endpoint": "https://api.acme.com/",
            "body": {"type": "multipart", "fields": rows, **body},
        }
        answer = client.post(
            f"/integrations/{integration}/preview",
            json={"inputs": inputs, "request": request, "values": {"file": "med_x"}},
        ).json()
        assert "errors" in answer, answer
        if not answer["errors"]:
            assert re.search('filename="file"', answer["request"])
        return [error["path"] for error in answer["errors"]]

    assert check("{{inputs.file}}") == []
    for wrong in ("a {{inputs.file}}", "{{inputs.size}}", "", "text"):
        assert check(wrong) == ["request.body.fields[0].value"]
    assert check("{{inputs.file}}", type="form") == ["request.body.fields[0].kind"]
