"""What goes out is what was rendered, to the byte, for every method."""

from __future__ import annotations

import pytest

from sending.shapes import MakeTransport, Send, Wire
from servers.raw import Answer, RawServer, response

METHODS_WITHOUT_BODY = ["GET", "HEAD", "DELETE", "OPTIONS", "TRACE"]
METHODS_WITH_BODY = ["POST", "PUT", "PATCH", "DELETE"]


@pytest.mark.parametrize("method", METHODS_WITHOUT_BODY)
async def test_a_method_without_body_is_head_only(method: str, send: Send, wire: Wire) -> None:
    async with RawServer(response(204)) as server:
        answer = await send(wire(f"{server.url}/v1/things?a=1&a=2", method, {"X-Key": "abc", "x-key": "def"}))
        assert answer.status == 204
        assert server.requests == [
            b"%b /v1/things?a=1&a=2 HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nX-Key: abc\r\nx-key: def\r\n\r\n"
            % (method.encode(), server.port)
        ]


@pytest.mark.parametrize("method", METHODS_WITH_BODY)
async def test_a_body_follows_its_head(method: str, send: Send, wire: Wire) -> None:
    async with RawServer() as server:
        answer = await send(wire(server.url, method, {"Content-Type": "text/plain"}, b"a\r\n\r\nb\x00\xff"))
        assert (answer.status, answer.body) == (200, b'{"ok":true}')
        assert server.requests == [
            b"%b / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: text/plain\r\nContent-Length: 8\r\n\r\na\r\n\r\nb\x00\xff"
            % (method.encode(), server.port)
        ]


async def test_options_may_ask_about_the_whole_server(send: Send, wire: Wire) -> None:
    async with RawServer() as server:
        await send(wire(server.url, "OPTIONS", target=b"*"))
        assert server.requests[0].startswith(b"OPTIONS * HTTP/1.1\r\n")


@pytest.mark.parametrize("status", [200, 204, 299])
async def test_connect_sends_the_authority_reports_the_status_and_closes(status: int, send: Send, wire: Wire) -> None:
    tunnel = Answer(b"HTTP/1.1 %d Open\r\nX-Proxy: yes\r\n\r\n" % status)
    async with RawServer(tunnel) as server:
        authority = f"127.0.0.1:{server.port}".encode()
        answer = await send(wire(server.url, "CONNECT", target=authority))
        assert (answer.status, answer.body, answer.header("x-proxy")) == (status, b"", "yes")
        await server.wait_until(lambda: server.ended == 1)
        assert server.requests == [b"CONNECT %b HTTP/1.1\r\nHost: %b\r\n\r\n" % (authority, authority)]
        assert server.leftovers == []


async def test_a_refused_connect_has_a_body(send: Send, wire: Wire) -> None:
    async with RawServer(response(405, b"no tunnels here")) as server:
        answer = await send(wire(server.url, "CONNECT", target=b"127.0.0.1:1"))
        assert (answer.status, answer.body) == (405, b"no tunnels here")
        await server.wait_until(lambda: server.ended == 1)


async def test_trace_has_a_connection_of_its_own(send: Send, wire: Wire) -> None:
    async with RawServer() as server:
        await send(wire(server.url))
        await send(wire(server.url, "TRACE"))
        assert server.accepts == 2
        await server.wait_until(lambda: server.ended == 1)


async def test_an_ipv6_address_is_called_in_brackets(make_transport: MakeTransport, send: Send, wire: Wire) -> None:
    async with RawServer(host="::1") as server:
        over = make_transport(("::1/128",))
        assert (await send(wire(f"http://[::1]:{server.port}/"), over=over)).status == 200
        assert server.requests[0] == b"GET / HTTP/1.1\r\nHost: [::1]:%d\r\n\r\n" % server.port


async def test_a_body_of_sixteen_mebibytes_arrives_whole(send: Send, wire: Wire) -> None:
    body = bytes(range(256)) * 65536
    async with RawServer() as server:
        answer = await send(wire(server.url, "POST", {}, body))
        assert answer.status == 200
        assert server.requests[0].endswith(body)
