"""No way of writing an address reaches a file that is not the web UI's, nor upsets the server."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

import httpx
import pytest

SECRET = b"a file beside the web UI"
TARGETS = [
    "/../secret.txt",
    "/../../../../../../etc/passwd",
    "/assets/../../secret.txt",
    "/assets/..%2f..%2fsecret.txt",
    "/assets/%2e%2e/%2e%2e/secret.txt",
    "/assets/%2E%2E%2F%2E%2E%2Fsecret.txt",
    "/assets/%252e%252e/%252e%252e/secret.txt",
    "/assets/....//....//secret.txt",
    "/assets/..;/..;/secret.txt",
    "/assets\\..\\..\\secret.txt",
    "/assets/..%5c..%5csecret.txt",
    "/assets/..%c0%af..%c0%afsecret.txt",
    "/assets/%c0%ae%c0%ae/%c0%ae%c0%ae/secret.txt",
    "/assets/%u002e%u002e/secret.txt",
    "/assets/../assets/../../secret.txt",
    "//secret.txt",
    "//etc/passwd",
    "/%2fetc%2fpasswd",
    "/etc/passwd",
    "/%2e/../secret.txt",
    "/./../secret.txt",
    "/link.txt",
    "/assets/link.txt",
    "/folder/secret.txt",
    "/.digest",
    "/.env",
    "/assets/.hidden.js",
    "/assets/app-1a2b.js%00.css",
    "/assets/%00",
    "/%00",
    "/assets/app-1a2b.js%20",
    "/assets/app-1a2b.js%0a",
    "/assets/%ff%fe",
    "/assets/" + "a" * 5000,
    "/" + "%2e%2e/" * 500 + "secret.txt",
    "http://127.0.0.1/../secret.txt",
]


@pytest.fixture(scope="module")
def ui(new_dist: Callable[[], Any], browse: Callable[..., httpx.Client]) -> httpx.Client:
    """A browser on a server that has secrets beside, behind links from, and hidden in its web UI."""
    dist = new_dist()
    dist.files |= {".env": SECRET, "assets/.hidden.js": SECRET, ".digest": SECRET}
    dist.build()
    outside = dist.folder.parent / "outside"
    outside.mkdir()
    for path in (dist.folder.parent / "secret.txt", outside / "secret.txt"):
        path.write_bytes(SECRET)
    (dist.folder / "link.txt").symlink_to(outside / "secret.txt")
    (dist.folder / "assets" / "link.txt").symlink_to(outside / "secret.txt")
    (dist.folder / "folder").symlink_to(outside)
    return browse(dist)


@pytest.fixture(scope="module")
def address(ui: httpx.Client) -> tuple[str, int]:
    """Where it is."""
    return ui.base_url.host, int(ui.base_url.port or 0)


def ask(address: tuple[str, int], target: bytes, accept: bytes) -> bytes:
    """Send the target byte by byte as it stands, and read to the end."""
    with socket.create_connection(address, timeout=120) as connection:
        connection.sendall(b"GET %b HTTP/1.1\r\nHost: x\r\nAccept: %b\r\nConnection: close\r\n\r\n" % (target, accept))
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
    return answer


@pytest.mark.parametrize("accept", [b"text/html", b"*/*"])
@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target[:40])
def test_an_address_gives_the_page_or_nothing(address: tuple[str, int], target: str, accept: bytes) -> None:
    answer = ask(address, target.encode(), accept)
    head, _, body = answer.partition(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1])
    assert SECRET not in answer
    assert b"root:" not in answer
    assert status in {200, 400, 404}
    assert status != 200 or b"<title>Recado</title>" in body
    if b"%00" in target.encode() or target.startswith("/assets/"):
        assert status in {400, 404}


def test_raw_bytes_in_an_address_are_answered(address: tuple[str, int]) -> None:
    for target in (b"/\xff\xfe", b"/assets/\xc3\xa9.js", b"/a\x00b", b"/assets/\x00"):
        head = ask(address, target, b"text/html").partition(b"\r\n")[0]
        assert head.split(b" ")[1] in {b"200", b"400", b"404"}, target
    assert b"<title>Recado</title>" in ask(address, b"/login", b"text/html")


@pytest.mark.parametrize("name", ["accept", "accept-encoding"])
@pytest.mark.parametrize(
    "value", [",,,", ";;;", "q=", "text/html;q", "text/html;q=1e9", "br;q=-1", "a" * 8000, ",".join(["x;q=0.1"] * 900)]
)
def test_a_strange_header_is_taken_for_what_it_is(ui: httpx.Client, name: str, value: str) -> None:
    assert ui.get("/assets/app-3c4d.css", headers={name: value}).status_code == 200
    assert ui.get("/nowhere", headers={name: value}).status_code in {200, 404}
