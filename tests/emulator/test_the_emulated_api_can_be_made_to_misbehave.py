"""The emulated API shows every trouble a real one has: slow, down, cut off, wrong, too big."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator

import aiohttp
import pytest

from recado.emulator.trouble import parse_trouble
from recado.emulator.validations import EmulatorServer, ValidationsApp
from servers.pace import slowness

KEY = "emulator-key-1"
FORM = {"type": "email-verification", "user_authorized": "true", "account_id": "ana.demo"}


@pytest.fixture
async def url() -> AsyncIterator[str]:
    async with EmulatorServer(ValidationsApp([KEY])) as server:
        yield server.url


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(headers={"Truora-API-Key": KEY}) as session:
        yield session


async def raw(url: str, target: str, method: str = "GET") -> bytes:
    """Everything the server writes until it closes the connection."""
    host, _, port = url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"{method} {target} HTTP/1.1\r\nHost: x\r\nTruora-API-Key: {KEY}\r\n\r\n".encode())
    data = await reader.read()
    writer.close()
    await writer.wait_closed()
    return data


async def test_a_delay_is_waited_for_and_then_the_api_answers(url: str, client: aiohttp.ClientSession) -> None:
    before = time.monotonic()
    async with client.get(f"{url}/v1/validations?_trouble=delay:0.2") as answer:
        assert answer.status == 200
        assert (await answer.json())["validations"] == []
    assert time.monotonic() - before >= 0.2


async def test_a_caller_who_leaves_ends_the_delay(url: str, client: aiohttp.ClientSession) -> None:
    with pytest.raises(TimeoutError):
        await client.post(f"{url}/v1/validations?_trouble=delay:60", data=FORM, timeout=aiohttp.ClientTimeout(0.1))
    async with client.get(f"{url}/_control/codes") as answer:
        assert await answer.json() == {"codes": []}


@pytest.mark.parametrize("status", [200, 400, 401, 404, 500, 503])
async def test_any_status_can_be_had(url: str, client: aiohttp.ClientSession, status: int) -> None:
    async with client.get(f"{url}/v1/validations?_trouble=status:{status}") as answer:
        assert answer.status == status
        assert (await answer.json())["http_code"] == status


async def test_empty_html_and_too_many_requests(url: str, client: aiohttp.ClientSession) -> None:
    async with client.get(f"{url}/v1/validations?_trouble=empty") as answer:
        assert (answer.status, await answer.read()) == (204, b"")
        assert "content-length" not in answer.headers
    async with client.get(f"{url}/v1/validations?_trouble=status:204") as answer:
        assert answer.status == 204
    async with client.get(f"{url}/v1/validations?_trouble=html") as answer:
        assert (answer.status, answer.content_type) == (200, "text/html")
        assert (await answer.text()).startswith("<!doctype html>")
    async with client.get(f"{url}/v1/validations?_trouble=html:502") as answer:
        assert answer.status == 502
    async with client.get(f"{url}/v1/validations?_trouble=rate_limit:3") as answer:
        assert (answer.status, answer.headers["retry-after"]) == (429, "3")


async def test_a_redirect_leads_where_it_is_told(url: str, client: aiohttp.ClientSession) -> None:
    target = "http://127.0.0.2:9/there?x=1"
    async with client.get(
        f"{url}/v1/validations", params={"_trouble": f"redirect:{target}"}, allow_redirects=False
    ) as answer:
        assert (answer.status, answer.headers["location"]) == (302, target)


async def test_fields_can_be_left_out_or_null(url: str, client: aiohttp.ClientSession) -> None:
    async with client.post(
        f"{url}/v1/validations?_trouble=without:validation_id&_trouble=null:account_id&_trouble=null:no_such", data=FORM
    ) as answer:
        made = await answer.json()
    assert answer.status == 200
    assert "validation_id" not in made
    assert made["account_id"] is None
    assert made["type"] == "email-verification"
    assert "no_such" not in made


async def test_an_answer_can_be_cut_off_half_way(url: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        data = await asyncio.wait_for(raw(url, "/v1/validations?_trouble=cut"), 5)
    head, _, body = data.partition(b"\r\n\r\n")
    whole = b'{"validations":[],"self":"/v1/validations"}'
    assert b"content-length: %d" % len(whole) in head.lower()
    assert body == whole[: len(whole) // 2]
    assert caplog.records == []


async def test_a_cut_off_answer_was_still_worked_for(url: str, client: aiohttp.ClientSession) -> None:
    for trouble in ("cut", "hangup"):
        with pytest.raises((aiohttp.ClientPayloadError, aiohttp.ServerDisconnectedError)):
            async with client.post(f"{url}/v1/validations?_trouble={trouble}", data=FORM) as answer:
                await answer.read()
    async with client.get(f"{url}/_control/codes") as answer:
        assert len((await answer.json())["codes"]) == 2


async def test_a_connection_can_be_closed_without_a_word(url: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert await asyncio.wait_for(raw(url, "/v1/validations?_trouble=hangup"), 5) == b""
    assert caplog.records == []


async def test_a_server_that_cannot_close_gives_an_unfinished_answer() -> None:
    sent: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b""}

    async def send(message: object) -> None:
        assert isinstance(message, dict)
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/v1/validations",
        "query_string": b"_trouble=cut",
        "headers": [(b"truora-api-key", KEY.encode())],
    }
    await ValidationsApp([KEY])(scope, receive, send)
    assert [message.get("more_body") for message in sent] == [None, True]


async def test_an_answer_can_come_drop_by_drop(url: str) -> None:
    host, _, port = url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(
        f"GET /v1/validations?_trouble=drip:0.001 HTTP/1.1\r\nHost: x\r\nTruora-API-Key: {KEY}\r\n\r\n".encode()
    )
    await reader.readuntil(b"\r\n\r\n")
    assert json.loads(await reader.readexactly(43)) == {"validations": [], "self": "/v1/validations"}
    writer.close()
    await writer.wait_closed()


async def test_a_body_of_5_mb(url: str, client: aiohttp.ClientSession) -> None:
    async with client.get(f"{url}/v1/validations?_trouble=huge") as answer:
        body = await answer.read()
    assert len(body) == 5_000_000
    assert json.loads(body).keys() == {"padding"}
    async with client.get(f"{url}/v1/validations?_trouble=huge:100") as answer:
        assert len(await answer.read()) == 100


async def test_an_echo_shows_all_that_was_sent(url: str, client: aiohttp.ClientSession) -> None:
    async with client.patch(f"{url}/any/where?a=1&a=2&_trouble=echo", data=FORM, headers={"X-Own": "ñ"}) as answer:
        shown = await answer.json()
    assert (shown["method"], shown["path"]) == ("PATCH", "/any/where")
    assert shown["query"] == [["a", "1"], ["a", "2"], ["_trouble", "echo"]]
    assert ["truora-api-key", KEY] in shown["headers"]
    assert shown["body"] == "type=email-verification&user_authorized=true&account_id=ana.demo"
    assert answer.headers["x-echo-truora-api-key"] == KEY


async def test_trouble_can_be_ordered_beforehand_and_ends(url: str, client: aiohttp.ClientSession) -> None:
    async def order(**rule: object) -> int:
        async with client.post(f"{url}/_control/trouble", json=rule) as answer:
            return answer.status

    async def statuses(count: int, path: str = "/v1/validations") -> list[int]:
        found = []
        for _ in range(count):
            async with client.get(url + path) as answer:
                found.append(answer.status)
        return found

    assert await order(path_prefix="/v1/validations", trouble="status:503", times=2) == 200
    assert await statuses(1, "/v1/other") == [403]
    assert await statuses(3) == [503, 503, 200]

    assert await order(trouble="rate_limit:1") == 200
    async with client.get(f"{url}/_control/trouble") as answer:
        assert await answer.json() == {"rules": [{"path_prefix": "/", "trouble": "rate_limit:1", "times": None}]}
    assert await statuses(3) == [429, 429, 429]
    async with client.delete(f"{url}/_control/trouble") as answer:
        assert answer.status == 204
    assert await statuses(1) == [200]


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{}", '{"trouble": 1}', '{"trouble": "nope"}', '{"trouble": "cut", "times": 0}', '{"trouble": "cut", "times": true}',
     '{"trouble": "cut", "path_prefix": "v1"}', "[" * 5000],
)  # fmt: skip
async def test_an_order_that_is_not_understood_is_refused(url: str, client: aiohttp.ClientSession, body: str) -> None:
    async with client.post(f"{url}/_control/trouble", data=body) as answer:
        assert answer.status == 400
        assert (await answer.json())["message"]


@pytest.mark.parametrize(
    "text",
    ["", "nope", "delay", "delay:x", "delay:-1", "delay:601", "delay:nan", "status:99", "status:600", "status:abc", "cut:1",
     "rate_limit", "redirect", "redirect:http://x/\r\nSet-Cookie: a", "without", "huge:5", "huge:9999999999999", "html:1"],
)  # fmt: skip
async def test_trouble_that_does_not_exist_is_refused(url: str, client: aiohttp.ClientSession, text: str) -> None:
    with pytest.raises(ValueError, match="trouble"):
        parse_trouble(text)
    async with client.get(f"{url}/v1/validations", params={"_trouble": text}) as answer:
        assert answer.status == 400


async def test_stopping_does_not_wait_for_slow_answers(client: aiohttp.ClientSession) -> None:
    async with EmulatorServer(ValidationsApp([KEY])) as server:
        slow = asyncio.create_task(client.get(f"{server.url}/v1/validations?_trouble=delay:60").__aenter__())
        drip = await client.get(f"{server.url}/v1/validations?_trouble=drip:60")
        before = time.monotonic()
    assert time.monotonic() - before < 2 * slowness()
    with pytest.raises(aiohttp.ClientError):
        await slow
    with pytest.raises(aiohttp.ClientError):
        await drip.read()
