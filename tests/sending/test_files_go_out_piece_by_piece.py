"""A request whose body is made as it is sent: whole to whoever reads it, and no further than anybody reads."""

from __future__ import annotations

import asyncio
import hashlib
import socket
from collections.abc import AsyncGenerator

import msgspec
import pytest

from recado.errors import UploadCutOff
from recado.outbound.transport import Transport, TransportFailure
from recado.outbound.upload import Upload
from recado.outbound.wire import WireRequest
from sending.shapes import PUBLIC, Call, Send, Wire
from servers.raw import RawServer, response

PIECE = bytes(range(256)) * 1024
COUNT = 64
SIZE = len(PIECE) * COUNT


class File:
    """16 MiB that are made when they are asked for; `given` counts how often."""

    def __init__(self, ends_after: int = COUNT) -> None:
        self.given = 0
        self.ends_after = ends_after

    async def read(self) -> AsyncGenerator[bytes]:
        for number in range(COUNT):
            if number == self.ends_after:
                raise UploadCutOff
            self.given += 1
            yield PIECE
            await asyncio.sleep(0)


def with_file(wire: Wire, url: str, file: File, method: str = "POST") -> WireRequest:
    request = wire(url, method, {"Content-Length": str(SIZE + 2)})
    return msgspec.structs.replace(request, pieces=(b"<", Upload("a", "b/c", SIZE, file.read), b">"))


async def test_it_arrives_whole_and_again_when_it_is_repeated(make_call: Call, wire: Wire) -> None:
    async with RawServer(response(503), response(200)) as server:
        file = File()
        result = await make_call(with_file(wire, server.url, file, "PUT"), timeout_seconds=60)
        assert result.response is not None
        assert result.response.status == 200
        assert file.given == 2 * COUNT
        for request in server.requests:
            body = request.partition(b"\r\n\r\n")[2]
            assert hashlib.sha256(body).digest() == hashlib.sha256(b"<" + PIECE * COUNT + b">").digest()


async def test_an_early_answer_ends_the_upload_and_the_connection(send: Send, wire: Wire, transport: Transport) -> None:
    is_over = asyncio.Event()

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(response(413))
        await is_over.wait()  # and nothing more is read
        writer.close()

    server = await asyncio.start_server(refuse, PUBLIC, 0, limit=1024)
    async with server:
        file = File()
        port = server.sockets[0].getsockname()[1]
        answer = await send(with_file(wire, f"http://{PUBLIC}:{port}/", file), seconds=60)
        assert answer.status == 413
        assert file.given < COUNT
        assert transport.idle_connections == 0
        is_over.set()


async def test_who_does_not_read_is_sent_little(send: Send, wire: Wire) -> None:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        listener.bind((PUBLIC, 0))
        listener.listen()
        file = File()
        with pytest.raises(TransportFailure) as failure:
            await send(with_file(wire, f"http://{PUBLIC}:{listener.getsockname()[1]}/", file), seconds=0.5)
        assert failure.value.error.code == "timeout_total"
        assert file.given < COUNT // 2


async def test_a_file_that_is_gone_cuts_the_request_off(make_call: Call, wire: Wire) -> None:
    async with RawServer() as server:
        result = await make_call(with_file(wire, server.url, File(ends_after=3)))
        assert result.error is not None
        assert (result.error.code, result.error.outcome) == ("upload_cut_off", "network")
        assert not server.requests
