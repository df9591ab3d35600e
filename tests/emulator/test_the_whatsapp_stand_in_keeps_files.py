"""The stand-in's files: uploaded, told of, fetched in two hops with the token, and gone after their time."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import httpx
import pytest

from whatsapp.corpus import read
from whatsapp.driver import Graph

DATA = bytes(range(256)) * 4


def upload(api: httpx.Client, graph: Graph, mime_type: str = "image/png", data: bytes = DATA, **fields: Any) -> Any:
    form = {"messaging_product": "whatsapp", **fields}
    files = {"file": ("foto ñ.png", data, mime_type)}
    return api.post(f"/{graph.phone_number_id}/media", data=form, files=files)


def test_a_file_goes_in_and_comes_out_again(api: httpx.Client, graph: Graph) -> None:
    answer = upload(api, graph)
    documented = next(one["payload"] for one in read("graph_response") if one["id"] == "graph_response.other-12")
    assert set(answer.json()) == set(documented)
    media_id = answer.json()["id"]
    assert media_id.isdecimal()
    told = api.get(f"/{media_id}", params={"phone_number_id": graph.phone_number_id}).json()
    documented = next(one["payload"] for one in read("graph_response") if one["id"] == "graph_response.other-04")
    assert set(told) == set(documented)
    assert (told["mime_type"], int(told["file_size"])) == ("image/png", len(DATA))
    assert base64.b64decode(told["sha256"]) == hashlib.sha256(DATA).digest()
    fetched = api.get(told["url"])
    assert (fetched.content, fetched.headers["content-type"]) == (DATA, "image/png")
    assert api.delete(f"/{media_id}").json() == {"success": True}
    gone = api.get(f"/{media_id}").json()["error"]
    assert (gone["code"], gone["error_subcode"]) == (100, 33)


def test_the_token_is_needed_for_the_file_too(api: httpx.Client, graph: Graph) -> None:
    url = api.get(f"/{upload(api, graph).json()['id']}").json()["url"]
    for headers in ({}, {"authorization": "Bearer nonsense"}):
        answer = httpx.get(url, headers=headers, trust_env=False)
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, 190)


def test_an_address_lasts_five_minutes_and_a_file_thirty_days(api: httpx.Client, graph: Graph) -> None:
    media_id = upload(api, graph).json()["id"]
    url = api.get(f"/{media_id}").json()["url"]
    graph.forward(299)
    assert api.get(url).status_code == 200
    graph.forward(2)
    assert api.get(url).status_code == 404
    assert api.get(api.get(f"/{media_id}").json()["url"]).status_code == 200
    graph.forward(30 * 86_400)
    assert api.get(f"/{media_id}").status_code == 400


@pytest.mark.parametrize(
    ("asked", "status", "found", "told"),
    [
        ("bytes=0-9", 206, DATA[:10], "bytes 0-9/1024"),
        ("bytes=1000-", 206, DATA[1000:], "bytes 1000-1023/1024"),
        ("bytes=-24", 206, DATA[-24:], "bytes 1000-1023/1024"),
        ("bytes=1000-5000", 206, DATA[1000:], "bytes 1000-1023/1024"),
        ("bytes=1024-", 416, b"", "bytes */1024"),
        ("lines=1-2", 200, DATA, None),
    ],
)
def test_a_part_can_be_fetched(
    api: httpx.Client, graph: Graph, asked: str, status: int, found: bytes, told: str | None
) -> None:
    url = api.get(f"/{upload(api, graph).json()['id']}").json()["url"]
    answer = api.get(url, headers={"range": asked})
    assert (answer.status_code, answer.content, answer.headers.get("content-range")) == (status, found, told)


@pytest.mark.parametrize(
    ("mime_type", "size", "code"),
    [
        ("image/jpeg", 5 << 20, None),
        ("image/jpeg", (5 << 20) + 1, 131053),
        ("audio/ogg; codecs=opus", 1000, None),
        ("application/pdf", 6 << 20, None),
        ("application/octet-stream", 10, 100),
        ("image/gif", 10, 100),
        ("image/png", 0, 131053),
    ],
)
def test_files_have_types_and_sizes(
    api: httpx.Client, graph: Graph, mime_type: str, size: int, code: int | None
) -> None:
    answer = upload(api, graph, mime_type, b"x" * size)
    assert (answer.json()["error"]["code"] if code else answer.status_code) == (code or 200)


def test_an_upload_has_a_product_and_a_file(api: httpx.Client, graph: Graph) -> None:
    assert upload(api, graph, messaging_product="").json()["error"]["code"] == 100
    url = f"/{graph.phone_number_id}/media"
    assert api.post(url, data={"messaging_product": "whatsapp"}).json()["error"]["code"] == 100
    assert api.post(url, json={"messaging_product": "whatsapp"}).json()["error"]["code"] == 100


def test_what_a_person_sends_is_fetched_by_its_id_for_seven_days(api: httpx.Client, graph: Graph) -> None:
    node = graph.person().sends("document", DATA, filename="a.pdf", mime_type="application/pdf")["content"]
    told = api.get(f"/{node['id']}").json()
    assert told["sha256"] == node["sha256"]
    assert api.get(told["url"]).content == api.get(node["url"]).content == DATA
    graph.forward(7 * 86_400 + 1)
    assert api.get(f"/{node['id']}").status_code == 400


def test_a_file_belongs_to_its_number(api: httpx.Client, graph: Graph) -> None:
    media_id = upload(api, graph).json()["id"]
    other = graph.new_number()
    assert api.get(f"/{media_id}", params={"phone_number_id": other}).status_code == 400
