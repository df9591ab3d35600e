"""Redirects: off by default; when on, each hop is judged like the first and takes nothing abroad."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from recado.errors import RedirectHostNotAllowed
from recado.outbound.url import Url
from sending.shapes import PRIVATE, PUBLIC, Call, Wire
from servers.nameserver import NameServer
from servers.raw import OK, Answer, RawServer, response

SECRET = {
    "Authorization": "Bearer secret",
    "X-Api-Key": "secret",
    "Cookie": "secret=1",
    "Truora-API-Key": "secret",
    "Accept": "application/json",
    "User-Agent": "Recado/1",
    "Accept-Encoding": "gzip, deflate",
}


def to(location: str, status: int = 302) -> Answer:
    return Answer(response(status, b"moved", [f"Location: {location}"]))


def test_every_case_of_the_corpus_is_here() -> None:
    cases = json.loads((Path(__file__).parents[1] / "testdata/ssrf_cases.json").read_text())
    assert {case["id"] for case in cases["redirects"]} == {
        "redirect-default",
        "redirect-to-literal",
        "redirect-scheme",
        "redirect-cross-host",
        "redirect-307-body",
        "redirect-loop",
        "redirect-location-crlf",
        "redirect-relative",
        "redirect-backslash",
        "redirect-empty-scheme",
    }


# ── the corpus ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_redirect_default(make_call: Call, wire: Wire) -> None:
    async with RawServer(to("https://other.example-ok.net/")) as server:
        result = await make_call(wire(server.url))
        assert result.error is None
        assert result.response is not None
        assert (result.response.status, result.response.header("location")) == (302, "https://other.example-ok.net/")
        assert len(result.attempts) == 1


@pytest.mark.parametrize(
    ("location", "code"),
    [
        pytest.param("http://169.254.169.254/latest/", "endpoint_address_blocked", id="redirect-to-literal"),
        pytest.param("file:///etc/passwd", "endpoint_scheme", id="redirect-scheme-file"),
        pytest.param("gopher://x/", "endpoint_scheme", id="redirect-scheme-gopher"),
        pytest.param("tcp://93.184.216.34/", "endpoint_scheme", id="redirect-scheme-tcp"),
        pytest.param("javascript:alert(1)", "endpoint_scheme", id="redirect-scheme-javascript"),
        pytest.param("https://ok.net\\@169.254.169.254/", "endpoint_bad_character", id="redirect-backslash"),
        pytest.param("//169.254.169.254/", "endpoint_address_blocked", id="redirect-empty-scheme"),
        pytest.param("http://user:password@api.acme.com/", "endpoint_userinfo", id="userinfo"),
        pytest.param("http://2130706433/", "endpoint_host_not_canonical", id="a number for a host"),
        pytest.param("http://localhost/", "endpoint_host_reserved", id="a reserved name"),
        pytest.param("http://api.acme.com:25/", "endpoint_port", id="a port of mail"),
        pytest.param("\\\\evil.net/x", "endpoint_bad_character", id="backslashes"),
        pytest.param("/a b", "endpoint_bad_character", id="a space"),
    ],
)
async def test_a_hop_that_may_not_be_called_is_named_and_refused(
    location: str, code: str, make_call: Call, wire: Wire
) -> None:
    async with RawServer(to(location)) as server:
        result = await make_call(wire(server.url), is_following_redirects=True)
        assert result.error is not None
        assert (result.error.code, result.error.outcome) == (code, "blocked")
        assert result.response is not None
        assert result.response.status == 302
        first, hop = result.attempts
        assert (first.status, first.is_redirect_hop) == (302, False)
        assert (hop.url, hop.status, hop.error_code, hop.is_redirect_hop) == (location, None, code, True)
        assert len(server.requests) == 1


@pytest.mark.parametrize("status", [302, 307], ids=["redirect-cross-host", "redirect-307-body"])
async def test_a_host_the_credential_is_not_bound_to_is_refused(status: int, make_call: Call, wire: Wire) -> None:
    def only_the_first(url: Url) -> None:
        if url.port != server.port:
            raise RedirectHostNotAllowed

    async with RawServer() as abroad, RawServer(to(f"{abroad.url}/collect", status)) as server:
        result = await make_call(
            wire(server.url, "POST", SECRET, b"secret=1"), is_following_redirects=True, check_hop=only_the_first
        )
        assert result.error is not None
        assert (result.error.code, result.error.outcome) == ("redirect_host_not_allowed", "blocked")
        assert [attempt.error_code for attempt in result.attempts] == [None, "redirect_host_not_allowed"]
        assert abroad.accepts == 0


async def test_redirect_loop(make_call: Call, wire: Wire) -> None:
    async with RawServer(to("/again")) as server:
        result = await make_call(wire(server.url), is_following_redirects=True)
        assert result.error is not None
        assert (result.error.code, result.error.outcome) == ("redirect_limit", "redirect")
        assert len(server.requests) == len(result.attempts) == 6
        assert server.accepts == 1


async def test_redirect_location_crlf(make_call: Call, wire: Wire) -> None:
    for location in ("http://ok.net/\rX: y", "http://ok.net/\nX: y", "http://ok.net/\x00"):
        async with RawServer(to(location)) as server:
            result = await make_call(wire(server.url), is_following_redirects=True)
            assert result.error is not None
            assert result.error.code == "upstream_bad_response"
            assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/next", "/next"),
        ("next", "/a/next"),
        ("./next?x=1", "/a/next?x=1"),
        ("../up", "/up"),
        ("../../../up/.", "/up/"),
        ("?page=2", "/a/b?page=2"),
        ("#part", "/a/b?q=1"),
        ("/next#part", "/next"),
        ("/a//b/../c", "/a//c"),
        ("/x?y=/../z", "/x?y=/../z"),
        ("/caf\u00c3\u00a9", "/caf%C3%A9"),  # the bytes of UTF-8
        ("/caf\u00e9", "/caf%C3%A9"),  # Latin-1
    ],
)
async def test_redirect_relative(location: str, target: str, make_call: Call, wire: Wire) -> None:
    async with RawServer(to(location), OK) as server:
        result = await make_call(wire(f"{server.url}/a/b?q=1"), is_following_redirects=True)
        assert result.error is None
        assert [attempt.url for attempt in result.attempts] == [f"{server.url}/a/b?q=1", server.url + target]
        assert server.requests[1].startswith(f"GET {target} HTTP/1.1\r\n".encode())


# ── what goes along ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("method", "status", "next_method", "has_body"),
    [
        ("GET", 301, "GET", False),
        ("POST", 301, "GET", False),
        ("POST", 302, "GET", False),
        ("POST", 303, "GET", False),
        ("POST", 307, "POST", True),
        ("POST", 308, "POST", True),
        ("PUT", 301, "PUT", True),
        ("PUT", 303, "GET", False),
        ("PATCH", 302, "PATCH", True),
        ("DELETE", 303, "GET", False),
        ("HEAD", 303, "HEAD", False),
        ("OPTIONS", 308, "OPTIONS", False),
    ],
)
async def test_at_home_the_method_follows_rfc_9110(
    method: str, status: int, next_method: str, has_body: bool, make_call: Call, wire: Wire
) -> None:
    body = b"a=1" if method in {"POST", "PUT", "PATCH"} else b""
    headers = {**SECRET, "Content-Type": "text/plain"} if body else SECRET
    moved = response(status, b"", ["Location: /next"])
    async with RawServer(moved, response(204)) as server:
        await make_call(wire(server.url, method, headers, body), is_following_redirects=True)
        assert server.accepts == 1
        hop = server.requests[1]
        assert hop.startswith(f"{next_method} /next HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n".encode())
        assert b"X-Api-Key: secret\r\n" in hop
        assert hop.endswith(b"\r\n\r\na=1" if has_body else b"\r\n\r\n")
        assert (b"Content-Length: 3" in hop, b"Content-Type" in hop) == (has_body, has_body)


@pytest.mark.parametrize(
    ("method", "status", "start"),
    [
        ("GET", 302, b"GET"),
        ("POST", 302, b"GET"),
        ("POST", 303, b"GET"),
        ("POST", 307, b"POST"),
        ("PUT", 308, b"PUT"),
        ("DELETE", 307, b"DELETE"),
    ],
)
async def test_abroad_nothing_goes_but_accept_and_user_agent(
    method: str, status: int, start: bytes, make_call: Call, wire: Wire
) -> None:
    async with RawServer() as abroad, RawServer(to(f"{abroad.url}/collect?x=1", status)) as server:
        body = b"secret=1" if method in {"POST", "PUT"} else b""
        result = await make_call(wire(server.url, method, SECRET, body), is_following_redirects=True)
        assert result.error is None
        length = b"Content-Length: 0\r\n" if start in {b"POST", b"PUT"} else b""
        assert abroad.requests == [
            b"%b /collect?x=1 HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAccept: application/json\r\nUser-Agent: Recado/1\r\n%b\r\n"
            % (start, abroad.port, length)
        ]


async def test_what_was_dropped_abroad_does_not_come_back_at_home(make_call: Call, wire: Wire) -> None:
    async with RawServer(to("/will-be-set"), OK) as home:
        async with RawServer(to(f"{home.url}/back")) as abroad:
            home.answers[0] = to(f"{abroad.url}/out")
            await make_call(wire(home.url, "GET", SECRET), is_following_redirects=True)
        assert b"/back" in home.requests[1]
        assert b"secret" not in home.requests[1]


async def test_another_name_for_the_same_address_is_abroad(
    make_call: Call, wire: Wire, name_server: NameServer
) -> None:
    name_server.answers["other.acme.com"] = [[PUBLIC]]
    async with RawServer(OK) as server:
        server.answers = [to(f"http://other.acme.com:{server.port}/next"), OK]
        await make_call(wire(server.url, "GET", SECRET), is_following_redirects=True)
        assert b"Host: other.acme.com:" in server.requests[1]
        assert b"secret" not in server.requests[1]


async def test_a_name_that_leads_to_a_private_address_is_refused_before_a_packet(
    make_call: Call, wire: Wire, name_server: NameServer
) -> None:
    name_server.answers["inside.attacker.net"] = [[PRIVATE]]
    async with RawServer(OK) as server, RawServer(host=PRIVATE, port=server.port) as private:
        server.answers = [to(f"http://inside.attacker.net:{private.port}/")]
        result = await make_call(wire(server.url), is_following_redirects=True)
        assert result.error is not None
        assert result.error.code == "endpoint_address_blocked"
        assert len(result.attempts) == 2
        assert private.accepts == 0


# ── what is no redirect ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "answer",
    [
        response(300, b"", ["Location: /next"]),
        response(302),
        response(302, b"", ["Location:"]),
        response(305, b"", ["Location: /next"]),
        b"HTTP/1.1 304 Not Modified\r\nLocation: /next\r\n\r\n",
        response(201, b"", ["Location: /next"]),
    ],
    ids=["300", "without location", "empty location", "305", "304", "201"],
)
async def test_other_answers_are_not_followed(answer: bytes, make_call: Call, wire: Wire) -> None:
    async with RawServer(answer) as server:
        result = await make_call(wire(server.url), is_following_redirects=True)
        assert result.error is None
        assert len(server.requests) == 1


async def test_two_places_to_go_are_refused(make_call: Call, wire: Wire) -> None:
    async with RawServer(response(302, b"", ["Location: /a", "location: /b"])) as server:
        result = await make_call(wire(server.url), is_following_redirects=True)
        assert result.error is not None
        assert result.error.code == "upstream_bad_response"
        assert len(server.requests) == 1


async def test_connect_is_not_redirected(make_call: Call, wire: Wire) -> None:
    async with RawServer(to("/next")) as server:
        result = await make_call(wire(server.url, "CONNECT", target=b"127.0.0.1:1"), is_following_redirects=True)
        assert result.error is None
        assert len(server.requests) == 1


# ── together with retries ────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_post_that_became_a_get_may_be_repeated(make_call: Call, wire: Wire) -> None:
    async with RawServer(to("/next", 303), Answer(then="close"), OK) as server:
        result = await make_call(wire(server.url, "POST", {}, b"{}"), is_following_redirects=True)
        assert [(attempt.status, attempt.error_code, attempt.is_redirect_hop) for attempt in result.attempts] == [
            (303, None, False),
            (None, "connection_lost", True),
            (200, None, True),
        ]
        assert [request.split(b" ")[0] for request in server.requests] == [b"POST", b"GET", b"GET"]


async def test_a_key_that_stays_at_home_makes_nothing_safe_abroad(make_call: Call, wire: Wire) -> None:
    async with RawServer(Answer(then="close")) as abroad, RawServer(to(abroad.url, 307)) as server:
        request = wire(server.url, "POST", {"Idempotency-Key": "exe_1"}, b"{}")
        result = await make_call(request, is_following_redirects=True, is_idempotent=True)
        assert result.error is not None
        assert result.error.code == "unknown_outcome"
        assert len(abroad.requests) == 1
