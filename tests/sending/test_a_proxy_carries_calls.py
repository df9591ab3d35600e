"""The operator's proxy: it gets what it needs, the policy still judges the target, and its own address is exempt."""

from __future__ import annotations

import base64
import ssl
from collections.abc import AsyncIterator

import pytest
import trustme

from recado.errors import SettingInvalid
from recado.outbound.proxy import parse_proxy
from recado.outbound.tls import TlsSettings
from recado.outbound.transport import Transport, TransportFailure
from sending.shapes import PRIVATE, PUBLIC, Call, MakeTransport, Send, Wire
from servers.nameserver import NameServer
from servers.proxy import ProxyServer
from servers.raw import HANG_UP, RawServer

HOST = "api.acme.com"


@pytest.fixture
async def proxy() -> AsyncIterator[ProxyServer]:
    """A proxy on the private address, which the policy would refuse as a target."""
    async with ProxyServer(host=PRIVATE) as server:
        yield server


@pytest.fixture
def over(make_transport: MakeTransport, proxy: ProxyServer, name_server: NameServer) -> Transport:
    """A transport that goes through the proxy."""
    name_server.answers[HOST] = [[PUBLIC], [PRIVATE]]
    return make_transport(proxy=proxy.url)


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """An issuer nobody but the tests trusts."""
    return trustme.CA()


@pytest.fixture
def secure(authority: trustme.CA) -> ssl.SSLContext:
    """What a server called api.acme.com shows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST).configure_cert(context)
    return context


async def test_plain_http_goes_out_in_absolute_form(
    over: Transport, proxy: ProxyServer, send: Send, wire: Wire
) -> None:
    request = wire(f"http://{HOST}:8080/v1?a=b", "POST", {"X-Key": "1"}, b"{}")
    first, second = await send(request, over=over), await send(request, over=over)
    assert (first.status, second.status) == (200, 200)
    head = b"POST http://api.acme.com:8080/v1?a=b HTTP/1.1\r\nHost: api.acme.com:8080\r\nX-Key: 1\r\n"
    assert proxy.requests[0] == head + b"Content-Length: 2\r\n\r\n{}"


async def test_options_of_a_whole_server_has_no_path(
    over: Transport, proxy: ProxyServer, send: Send, wire: Wire
) -> None:
    await send(wire(f"http://{HOST}", "OPTIONS", target=b"*"), over=over)
    assert proxy.requests[0].startswith(b"OPTIONS http://api.acme.com HTTP/1.1\r\n")


async def test_https_goes_through_a_tunnel_to_the_judged_address(
    over: Transport, proxy: ProxyServer, send: Send, wire: Wire, secure: ssl.SSLContext, authority: trustme.CA
) -> None:
    trust = TlsSettings(ca_pem=authority.cert_pem.bytes().decode())
    async with RawServer(tls=secure) as server:
        request = wire(f"https://{HOST}:{server.port}/v1")
        answer = await send(request, over=over, tls=trust)
        assert answer.timing.tls_ms is not None
        assert (await send(request, over=over, tls=trust)).is_connection_reused
        authority_text = f"{PUBLIC}:{server.port}".encode()
        assert proxy.requests == [b"CONNECT %b HTTP/1.1\r\nHost: %b\r\n\r\n" % (authority_text, authority_text)]
        assert server.requests[0] == b"GET /v1 HTTP/1.1\r\nHost: api.acme.com:%d\r\n\r\n" % server.port


async def test_a_connect_of_the_user_goes_through_a_tunnel_too(
    over: Transport, proxy: ProxyServer, send: Send, wire: Wire
) -> None:
    async with RawServer() as server:
        await send(wire(f"http://{HOST}:{server.port}", "CONNECT", target=b"api.acme.com:1"), over=over)
        assert proxy.requests[0].startswith(b"CONNECT 127.0.0.1:")
        assert server.requests[0].startswith(b"CONNECT api.acme.com:1 HTTP/1.1\r\n")


@pytest.mark.parametrize("url", [f"http://{PRIVATE}", "https://10.0.0.1", "http://inside.acme.com", "http://localhost"])
async def test_the_target_is_judged_before_the_proxy_is_asked(
    url: str, over: Transport, proxy: ProxyServer, send: Send, wire: Wire, name_server: NameServer
) -> None:
    name_server.answers["inside.acme.com"] = [[PRIVATE]]
    with pytest.raises(TransportFailure) as failure:
        await send(wire(url), over=over)
    assert failure.value.error.outcome == "blocked"
    assert proxy.accepts == 0


async def test_the_proxy_is_shown_its_password_and_the_target_is_not(
    make_transport: MakeTransport, proxy: ProxyServer, send: Send, wire: Wire, name_server: NameServer
) -> None:
    name_server.answers[HOST] = [[PUBLIC]]
    over = make_transport(proxy=f"http://user:p%40ss@{PRIVATE}:{proxy.port}")
    line = b"Proxy-Authorization: Basic %b\r\n" % base64.b64encode(b"user:p@ss")
    async with RawServer() as server:
        await send(wire(f"http://{HOST}:{server.port}", "CONNECT", target=b"api.acme.com:1"), over=over)
        await send(wire(f"http://{HOST}:{server.port}"), over=over)
        assert all(line in request for request in proxy.requests)
        assert line not in server.requests[0]


@pytest.mark.parametrize(
    ("refusal", "reason"),
    [
        (b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n", "status 407"),
        (b"HTTP/1.1 502 Bad Gateway\r\n\r\n", "status 502"),
        (b"HTTP/1.1 200 OK\r\n\r\nsurprise", "not valid HTTP"),
        (b"SSH-2.0-x\r\n\r\n", "not valid HTTP"),
        (b"HTTP/1.1 200 OK\r\n", "the connection broke"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"a" * 20_000, "not valid HTTP"),
    ],
    ids=["407", "502", "bytes behind the head", "not HTTP", "half a head", "an endless head"],
)
async def test_a_proxy_that_opens_no_tunnel_is_said(
    refusal: bytes, reason: str, over: Transport, proxy: ProxyServer, make_call: Call, wire: Wire
) -> None:
    proxy.refusal = refusal
    result = await make_call(wire(f"https://{PUBLIC}", "POST", {}, b"{}"), over=over)
    assert result.error is not None
    assert (result.error.code, result.error.outcome) == ("proxy_failed", "network")
    assert reason in str(result.error)
    assert len(result.attempts) == 3  # nothing of the request was sent


async def test_a_proxy_that_is_not_there_is_said(make_transport: MakeTransport, send: Send, wire: Wire) -> None:
    async with RawServer() as gone:
        port = gone.port
    for proxy in (f"http://{PUBLIC}:{port}", "http://proxy.acme.com:3128"):
        with pytest.raises(TransportFailure) as failure:
            await send(wire(f"http://{PUBLIC}"), over=make_transport(proxy=proxy))
        assert failure.value.error.code == "proxy_failed"
        assert not failure.value.is_sent


async def test_a_proxy_may_have_a_name(
    make_transport: MakeTransport, proxy: ProxyServer, send: Send, wire: Wire, name_server: NameServer
) -> None:
    name_server.answers["proxy.acme.com"] = [[PRIVATE]]
    over = make_transport(proxy=f"http://proxy.acme.com:{proxy.port}")
    assert (await send(wire(f"http://{PUBLIC}"), over=over)).status == 200


async def test_a_call_lost_behind_the_proxy_is_unknown(
    over: Transport, make_call: Call, wire: Wire, secure: ssl.SSLContext, authority: trustme.CA
) -> None:
    trust = TlsSettings(ca_pem=authority.cert_pem.bytes().decode())
    async with RawServer(HANG_UP, tls=secure) as server:
        result = await make_call(wire(f"https://{HOST}:{server.port}", "POST"), over=over, tls=trust)
        assert result.error is not None
        assert result.error.code == "unknown_outcome"
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    "text",
    [
        "https://proxy:1",
        "socks5://proxy:1",
        "proxy:3128",
        "http://proxy:1/path",
        "http://proxy:1?a",
        "http://",
        "http://[::",
    ],
)
def test_a_proxy_must_be_an_http_address(text: str) -> None:
    with pytest.raises(SettingInvalid, match="http://host:port"):
        parse_proxy(text)


def test_no_proxy_is_no_proxy() -> None:
    assert parse_proxy("") is None
