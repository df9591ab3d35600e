"""A logo comes from this server, which fetches it under its address policy: an image by its own bytes, small, and kept."""

from __future__ import annotations

import gzip
import ssl
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
import trustme

from recado.ids import new_id
from servers.background import Background
from servers.pace import slowness
from servers.raw import SILENCE, Answer, RawServer, response

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
JPEG = b"\xff\xd8\xff\xe0" + bytes(100)
GIF = b"GIF89a" + bytes(100)
WEBP = b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(100)
SVG = b'<?xml version="1.0"?>\n<!-- a drawing -->\n<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'

Serve = Callable[..., RawServer]


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def serve(background: Background, authority: trustme.CA) -> Iterator[Serve]:
    """Starts https servers with these answers, the last of which repeats."""
    running = []

    def start(*answers: Answer | bytes) -> RawServer:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(context)
        standing = background.serving(RawServer(*answers, tls=context))
        running.append(standing)
        return standing.__enter__()

    yield start
    for standing in running:
        standing.__exit__(None, None, None)


@pytest.fixture
def integration_of(client: httpx.Client, authority: trustme.CA) -> Callable[[str | None], str]:
    """Makes an integration with a logo; its API is known by the tests' own certificates."""

    def make(logo_url: str | None) -> str:
        certificates = authority.cert_pem.bytes().decode()
        body = {"name": "Acme", "logo_url": logo_url, "ca_certificates": certificates}
        made = client.post("/integrations", json=body)
        assert made.status_code == 201, made.text
        return str(made.json()["id"])

    return make


def refused(answer: httpx.Response) -> bool:
    return (answer.status_code, answer.json()["code"]) == (404, "logo_unavailable")


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (PNG, "image/png"),
        (JPEG, "image/jpeg"),
        (GIF, "image/gif"),
        (WEBP, "image/webp"),
        (SVG, "image/svg+xml"),
        (b"\xef\xbb\xbf  <svg viewBox='0 0 1 1'/>", "image/svg+xml"),
        (b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://x/">\n<svg>', "image/svg+xml"),
    ],
)
def test_an_image_is_known_by_its_bytes(
    client: httpx.Client, serve: Serve, integration_of: Any, body: bytes, media_type: str
) -> None:
    server = serve(response(200, body, ["Content-Type: text/html"]))
    answer = client.get(f"/integrations/{integration_of(f'{server.url}/logo?size=2')}/logo")
    assert (answer.status_code, answer.content) == (200, body)
    headers = answer.headers
    assert headers["content-type"] == media_type
    assert headers["cache-control"] == "private, max-age=86400"
    assert headers["content-security-policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert headers["x-content-type-options"] == "nosniff"
    (request,) = server.requests
    assert request.startswith(b"GET /logo?size=2 HTTP/1.1\r\nHost: 127.0.0.1:")
    assert b"cookie" not in request.lower()
    assert b"authorization" not in request.lower()


@pytest.mark.parametrize(
    "answer",
    [
        response(200, b"<html><svg></svg></html>", ["Content-Type: image/png"]),
        response(200, b"", ["Content-Type: image/png"]),
        response(404, PNG),
        response(200, PNG + bytes(512 * 1024)),
        response(200, PNG + bytes(2 * 1024 * 1024)),
        response(200, PNG)[:-10],
        b"not http at all\r\n\r\n",
        response(302, b"", ["Location: http://127.0.0.1:9/logo.png"]),
        response(302, b"", ["Location: https://10.0.0.1/logo.png"]),
    ],
    ids=["html", "empty", "404", "large", "huge", "cut off", "no http", "to http", "to a private address"],
)
def test_anything_else_is_no_logo(client: httpx.Client, serve: Serve, integration_of: Any, answer: bytes) -> None:
    server = serve(Answer(answer, then="close"))
    assert refused(client.get(f"/integrations/{integration_of(f'{server.url}/')}/logo"))


def test_a_compressed_image_and_a_redirect_to_one_do(client: httpx.Client, serve: Serve, integration_of: Any) -> None:
    target = serve(response(200, gzip.compress(SVG), ["Content-Encoding: gzip"]))
    server = serve(response(301, b"", [f"Location: {target.url}/real.svg"]))
    answer = client.get(f"/integrations/{integration_of(f'{server.url}/')}/logo")
    assert (answer.status_code, answer.content) == (200, SVG)


def test_it_is_fetched_once_however_many_ask(client: httpx.Client, serve: Serve, integration_of: Any) -> None:
    server = serve(Answer(response(200, PNG), delay_seconds=0.3))
    integration = integration_of(f"{server.url}/")
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: client.get(f"/integrations/{integration}/logo"), range(8)))
    answers.append(client.get(f"/integrations/{integration}/logo"))
    assert {answer.content for answer in answers} == {PNG}
    assert len(server.requests) == 1


def test_what_failed_is_not_asked_for_again_at_once(client: httpx.Client, serve: Serve, integration_of: Any) -> None:
    server = serve(response(500, b""))
    integration = integration_of(f"{server.url}/")
    assert refused(client.get(f"/integrations/{integration}/logo"))
    asked = len(server.requests)
    assert refused(client.get(f"/integrations/{integration}/logo"))
    assert len(server.requests) == asked


def test_a_server_that_says_nothing_is_left_after_three_seconds(
    client: httpx.Client, serve: Serve, integration_of: Any
) -> None:
    integration = integration_of(f"{serve(SILENCE).url}/")
    answer = client.get(f"/integrations/{integration}/logo")
    assert refused(answer)
    assert answer.elapsed.total_seconds() < 10 * slowness()


def test_a_new_url_is_fetched_anew(client: httpx.Client, serve: Serve, integration_of: Any) -> None:
    server = serve(response(200, PNG), response(200, GIF))
    integration = integration_of(f"{server.url}/1.png")
    assert client.get(f"/integrations/{integration}/logo").content == PNG
    client.patch(f"/integrations/{integration}", json={"logo_url": f"{server.url}/2.gif"})
    assert client.get(f"/integrations/{integration}/logo?v=2").content == GIF


def test_strangers_certificates_do_not_do(client: httpx.Client, serve: Serve) -> None:
    server = serve(response(200, PNG))
    made = client.post("/integrations", json={"name": "Acme", "logo_url": f"{server.url}/"}).json()
    assert refused(client.get(f"/integrations/{made['id']}/logo"))
    assert server.requests == []


def test_no_logo_no_integration_and_no_address_that_may_not_be_called(
    client: httpx.Client, integration_of: Any, unused_port: Callable[[], int]
) -> None:
    for url in (None, "https://10.0.0.1/logo.png", "https://localhost/logo.png", f"https://127.0.0.1:{unused_port()}/"):
        assert refused(client.get(f"/integrations/{integration_of(url)}/logo"))
    for unknown in (new_id("int"), "int_1"):
        answer = client.get(f"/integrations/{unknown}/logo")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
