"""The emulated Validations API, over TCP, gives every answer its description tells of."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest

from recado.emulator.email_validations import EmailValidations, Refusal, date_text
from recado.emulator.validations import EmulatorServer, ValidationsApp, serve

KEY = "emulator-key-1"
START = 1_775_000_000_123_456_789
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z")
CREATE = {"type": "email-verification", "user_authorized": "true", "account_id": "ana.demo"}
ENROLL = {"type": "email-verification", "user_authorized": "true", "email": "ana@example.com"}
UNKNOWN_PATH = {
    "hint": "The HTTP Method, endpoint or resources may not be supported",
    "message": "Missing Authentication Token",
}


@dataclass
class Api:
    """A running emulator and a client for it."""

    url: str
    client: aiohttp.ClientSession
    now: list[int] = field(default_factory=lambda: [START])
    mailed: list[tuple[str, str, str]] = field(default_factory=list)

    async def call(
        self, method: str, path: str, form: dict[str, str] | None = None, key: str | None = KEY, **more: Any
    ) -> tuple[int, Any]:
        """Status and JSON of one call."""
        headers = {"Truora-API-Key": key} if key else {}
        async with self.client.request(method, self.url + path, data=form, headers=headers, **more) as answer:
            assert answer.content_type == "application/json"
            return answer.status, await answer.json()

    async def create(self, **options: str) -> dict[str, Any]:
        """A fresh validation."""
        status, made = await self.call("POST", "/v1/validations", CREATE | options)
        assert status == 200, made
        return dict(made)

    async def give(self, validation_id: str, token: str) -> tuple[int, Any]:
        """Hand in a code."""
        return await self.call(
            "POST", f"/v1/validations/{validation_id}", {"type": "email-verification", "token": token}
        )


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    async with aiohttp.ClientSession() as client:
        running = Api("", client)
        app = ValidationsApp(
            [KEY, "another-key"],
            lambda *mail: running.mailed.append(mail),
            clock=lambda: running.now[0],
            make_code=lambda: "042042",
        )
        async with EmulatorServer(app) as server:
            running.url = server.url
            yield running


async def test_a_validation_is_created_for_an_enrolled_account(api: Api) -> None:
    made = await api.create()
    assert re.fullmatch(r"VLD[0-9a-z]{32}", made["validation_id"])
    assert made == {
        "account_id": "ana.demo",
        "creation_date": "2026-03-31T23:33:20.123456789Z",
        "ip_address": "127.0.0.1",
        "remaining_retries": 2,
        "allowed_retries": 2,
        "type": "email-verification",
        "validation_id": made["validation_id"],
        "validation_status": "pending",
    }
    assert api.mailed == [("ana.demo", made["validation_id"], "042042")]


async def test_the_right_code_succeeds_and_only_once(api: Api) -> None:
    made = await api.create()
    assert await api.give(made["validation_id"], "042042") == (200, made | {"validation_status": "success"})
    assert await api.give(made["validation_id"], "042042") == (
        400,
        {"code": 10404, "http_code": 400, "message": "Invalid request: requested validation is no longer available"},
    )


async def test_a_wrong_code_costs_a_retry_and_the_last_one_declines(api: Api) -> None:
    made = await api.create()
    assert await api.give(made["validation_id"], "111111") == (200, made | {"remaining_retries": 1})
    declined = made | {
        "remaining_retries": 0,
        "validation_status": "failure",
        "failure_status": "declined",
        "declined_reason": "max_retries_reached",
    }
    assert await api.give(made["validation_id"], "not six digits") == (200, declined)
    assert await api.call("GET", f"/v1/validations/{made['validation_id']}") == (200, declined)
    assert (await api.give(made["validation_id"], "042042"))[0] == 400


async def test_a_validation_expires_after_five_minutes_or_as_asked(api: Api) -> None:
    usual, short = await api.create(), await api.create(timeout="2")
    api.now[0] += 2_000_000_000
    expired = {
        "validation_status": "failure",
        "failure_status": "expired",
        "expired_reason": "validation_not_performed",
    }
    assert await api.give(short["validation_id"], "042042") == (200, short | expired)
    api.now[0] += 297_999_999_999
    assert (await api.call("GET", f"/v1/validations/{usual['validation_id']}"))[1]["validation_status"] == "pending"
    api.now[0] += 1
    assert await api.call("GET", f"/v1/validations/{usual['validation_id']}") == (200, usual | expired)


async def test_validations_are_listed_newest_first(api: Api) -> None:
    assert await api.call("GET", "/v1/validations") == (200, {"validations": [], "self": "/v1/validations"})
    first, second = await api.create(), await api.create()
    assert await api.call("GET", "/v1/validations") == (
        200,
        {"validations": [second, first], "self": "/v1/validations"},
    )


async def test_an_account_is_enrolled_and_then_validated(api: Api) -> None:
    status, enrolled = await api.call("POST", "/v1/enrollments", ENROLL)
    assert status == 200
    assert re.fullmatch(r"ACC[0-9a-z]{32}", enrolled["account_id"])
    assert re.fullmatch(r"ENR[0-9a-z]{32}", enrolled["enrollment_id"])
    assert DATE.fullmatch(enrolled["creation_date"])
    assert DATE.fullmatch(enrolled["update_date"])
    assert enrolled["status"] == "success"
    assert enrolled["validation_type"] == "email-verification"
    assert (await api.create(account_id=enrolled["account_id"]))["account_id"] == enrolled["account_id"]

    status, named = await api.call("POST", "/v1/enrollments", ENROLL | {"account_id": "user.7_-"})
    assert (status, named["account_id"]) == (200, "user.7_-")
    await api.create(account_id="user.7_-")


NO_ACCOUNT = {name: value for name, value in CREATE.items() if name != "account_id"}
REFUSED: dict[str, tuple[str, dict[str, str], str]] = {
    "no account": ("/v1/validations", NO_ACCOUNT, "Invalid request: missing account id parameter"),
    "an empty account": ("/v1/validations", CREATE | {"account_id": ""}, "Invalid request: missing account id parameter"),
    "an unknown account": ("/v1/validations", CREATE | {"account_id": "nobody"}, "Validation account not found"),
    "nothing": ("/v1/validations", {}, "Invalid request: missing validation type"),
    "another type": ("/v1/validations", CREATE | {"type": "palm-reading"}, "Invalid request: invalid validation type"),
    "no consent": ("/v1/validations", CREATE | {"user_authorized": "false"}, "Invalid request: request was not authorized by end user"),
    "a timeout too long": ("/v1/validations", CREATE | {"timeout": "601"}, "Invalid request: invalid timeout"),
    "a timeout of nothing": ("/v1/validations", CREATE | {"timeout": "0"}, "Invalid request: invalid timeout"),
    "another language": ("/v1/validations", CREATE | {"language": "xx"}, "Invalid request: invalid language"),
    "long custom input": ("/v1/validations", CREATE | {"custom_input": "x" * 129}, "Invalid request: custom input is longer than 128 characters"),
    "enrolment of no type": ("/v1/enrollments", {"user_authorized": "true"}, "Invalid request: missing validation type"),
    "enrolment without e-mail": ("/v1/enrollments", {"type": "email-verification", "user_authorized": "true"}, "Invalid request: missing email"),
    "enrolment with no address": ("/v1/enrollments", ENROLL | {"email": "ana"}, "Invalid request: invalid email"),
    "enrolment without consent": ("/v1/enrollments", ENROLL | {"user_authorized": ""}, "Invalid request: request was not authorized by end user"),
    "enrolment of an odd account": ("/v1/enrollments", ENROLL | {"account_id": "a b"}, "Invalid request: invalid account id"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
async def test_what_is_wrong_is_refused(api: Api, name: str) -> None:
    path, form, message = REFUSED[name]
    assert await api.call("POST", path, form) == (400, {"code": 10400, "http_code": 400, "message": message})


async def test_a_json_body_is_refused(api: Api) -> None:
    status, answer = await api.call("POST", "/v1/validations", json=CREATE)
    assert (status, answer["code"]) == (400, 10400)


async def test_a_code_must_come_with_its_type_and_token(api: Api) -> None:
    path = f"/v1/validations/{(await api.create())['validation_id']}"
    assert (await api.call("POST", path, {"token": "042042"}))[1][
        "message"
    ] == "Invalid request: missing validation type"
    assert (await api.call("POST", path, {"type": "email-verification"}))[1][
        "message"
    ] == "Invalid request: missing token"


async def test_an_unknown_validation_is_not_found(api: Api) -> None:
    not_found = (404, {"code": 10404, "http_code": 404, "message": "Validation not found"})
    assert await api.call("GET", "/v1/validations/VLD0") == not_found
    assert await api.give("VLD0", "042042") == not_found


@pytest.mark.parametrize("key", [None, "", "wrong", KEY + "x"])
async def test_without_a_known_key_nothing_is_answered(api: Api, key: str | None) -> None:
    for method, path in (("GET", "/v1/validations"), ("POST", "/v1/validations"), ("GET", "/v1/validations/VLD0")):
        assert await api.call(method, path, key=key) == (401, {"message": "Unauthorized"})


async def test_every_key_given_opens(api: Api) -> None:
    assert (await api.call("GET", "/v1/validations", key="another-key"))[0] == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/"), ("GET", "/v1"), ("GET", "/v2/validations"), ("PUT", "/v1/validations"), ("GET", "/v1/enrollments"),
     ("GET", "/v1/validations/"), ("GET", "/v1/validations/a/b"), ("DELETE", "/v1/validations/a"), ("OPTIONS", "/v1/validations")],
)  # fmt: skip
async def test_an_unknown_path_or_method_is_forbidden_before_the_key_matters(api: Api, method: str, path: str) -> None:
    for key in (KEY, None):
        assert await api.call(method, path, key=key) == (403, UNKNOWN_PATH)


async def test_the_codes_that_were_mailed_can_be_seen(api: Api) -> None:
    first, second = await api.create(), await api.create()
    status, answer = await api.call("GET", "/_control/codes", key=None)
    assert status == 200
    assert [mail["validation_id"] for mail in answer["codes"]] == [second["validation_id"], first["validation_id"]]
    assert answer["codes"][1] == {
        "account_id": "ana.demo",
        "validation_id": first["validation_id"],
        "code": "042042",
        "creation_date": first["creation_date"],
    }
    one = await api.call("GET", f"/_control/codes?validation_id={first['validation_id']}", key=None)
    assert [mail["validation_id"] for mail in one[1]["codes"]] == [first["validation_id"]]
    assert (await api.call("GET", "/_control/codes?account_id=nobody", key=None))[1] == {"codes": []}


async def test_what_was_called_can_be_seen(api: Api) -> None:
    await api.create()
    await api.call("GET", "/nowhere")
    assert (await api.call("GET", "/_control/calls", key=None))[1] == {
        "count": 2,
        "calls": [
            {"method": "POST", "path": "/v1/validations", "status": 200},
            {"method": "GET", "path": "/nowhere", "status": 403},
        ],
    }
    assert (await api.call("GET", "/_control/elsewhere", key=None))[0] == 404


async def test_a_port_that_is_taken_is_an_error() -> None:
    app = ValidationsApp([KEY])
    async with EmulatorServer(app) as server:
        with pytest.raises(OSError, match="in use"):
            await EmulatorServer(app, port=server.port).start()


async def test_it_can_be_started_again() -> None:
    server = EmulatorServer(ValidationsApp([KEY]))
    for _ in range(2):
        async with server, aiohttp.ClientSession() as client, client.get(f"{server.url}/v1/validations") as answer:
            assert answer.status == 401
    await server.stop()


async def test_it_serves_on_ipv6_until_cancelled(unused_tcp_port: int) -> None:
    task = asyncio.create_task(serve(ValidationsApp([KEY]), "::1", unused_tcp_port))
    url = f"http://[::1]:{unused_tcp_port}/v1/validations"
    async with aiohttp.ClientSession(headers={"Truora-API-Key": KEY}) as client:
        while True:
            try:
                async with client.get(url) as answer:
                    assert answer.status == 200
                    break
            except aiohttp.ClientConnectorError:
                await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def test_a_code_has_six_digits_of_its_own() -> None:
    mailed: list[str] = []
    api = EmailValidations(["ana"], lambda *mail: mailed.append(mail[2]))
    for _ in range(20):
        api.create(CREATE | {"account_id": "ana"}, "127.0.0.1")
    assert all(re.fullmatch(r"\d{6}", code) for code in mailed)
    assert len(set(mailed)) > 1


def test_memory_is_bounded_and_forgets_the_oldest() -> None:
    api = EmailValidations(["ana"], max_kept=3)
    ids = [api.create(CREATE | {"account_id": "ana"}, "::1")["validation_id"] for _ in range(4)]
    assert [one["validation_id"] for one in api.list_validations()["validations"]] == ids[:0:-1]
    with pytest.raises(Refusal):
        api.get(ids[0])
    for _ in range(4):
        api.enroll(ENROLL)
    assert api.create(CREATE | {"account_id": "ana"}, "::1")["validation_status"] == "pending"


def test_dates_carry_nanoseconds() -> None:
    assert date_text(1) == "1970-01-01T00:00:00.000000001Z"
