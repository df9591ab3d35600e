"""Whatever is wrong with a request, the answer is `application/problem+json` with a stable code, and says nothing of our inside."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from api.shapes import everything_there
from recado.errors import every_error

CODES = {error.code for error in every_error()}
JSON = {"content-type": "application/json"}
MEBIBYTE = 1024 * 1024
INSIDE = re.compile(r"Traceback|sqlalchemy|sqlite|psycopg|msgspec|litestar|/src/|\.py\b", re.IGNORECASE)


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem, after its shape was checked."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    told: dict[str, Any] = answer.json()
    assert told["code"] == code, told
    assert told["code"] in CODES
    assert (told["status"], told["type"]) == (status, f"urn:recado:error:{code}")
    assert told["title"]
    assert told["detail"]
    assert "{" not in told["detail"], "a fact is missing in the sentence"
    assert told["request_id"] == answer.headers["x-request-id"]
    assert not INSIDE.search(answer.text), answer.text
    for field in told.get("errors", []):
        assert set(field) - {"params"} == {"path", "code", "message"}
        assert field["code"] in CODES
    return told


@pytest.fixture(scope="module")
def client(server: Any) -> Iterator[httpx.Client]:
    """One caller for all of these tests: what is refused leaves nothing behind."""
    workspace = server.new_workspace()
    yield workspace.client()
    workspace.close()


@pytest.fixture(scope="module")
def routes_with_bodies(client: httpx.Client) -> list[tuple[str, str]]:
    """(method, path) of every operation that takes a body, path parameters filled in with ids of nothing."""
    paths = client.get("/openapi.json").json()["paths"]
    return [
        (method.upper(), re.sub(r"\{[^}]+\}", "act_01m7zzzzzzzzzzzzzzzzzzzzzz", path).removeprefix("/api/v1"))
        for path, item in paths.items()
        for method, operation in item.items()
        if "requestBody" in operation
    ]


# ── addresses and methods ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/nothing",
        "/api/v1",
        "/api",
        "/api/v2/integrations",
        "/nothing",
        "/api/v1/integrations/a/b/c",
        "/api/v1/integrations/%2e%2e/actions",
        "/api/v1/actions/%00",
        "/api/v1/actions/%ff",
        "/api/v1/actions/" + "a" * 4000,
        "/api/v1/executions/exe_1",
        "/api/v1/integrations/%F0%9F%98%80",
        "/api/v1/actions/../../../etc/passwd",
    ],
)
def test_an_address_that_is_not_there_is_404(client: httpx.Client, server: Any, path: str) -> None:
    problem(client.get(f"{server.url}{path}"), 404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/integrations", {"GET", "POST", "OPTIONS"}),
        ("POST", "/integrations/int_1", {"GET", "PATCH", "DELETE", "OPTIONS"}),
        ("GET", "/actions/act_1/executions", {"POST", "OPTIONS"}),
        ("DELETE", "/executions/exe_1", {"GET", "OPTIONS"}),
        ("TRACE", "/session", {"GET", "PATCH", "DELETE", "OPTIONS"}),
        ("GET", "/credentials/crd_1/values", {"PUT", "OPTIONS"}),
        ("POST", "/health", {"GET", "OPTIONS"}),
    ],
)
def test_a_method_an_address_does_not_have_is_405_with_those_it_has(
    client: httpx.Client, method: str, path: str, allowed: set[str]
) -> None:
    answer = client.request(method, path)
    problem(answer, 405, "method_not_allowed")
    assert set(answer.headers["allow"].split(", ")) == allowed
    told = client.request("OPTIONS", path)
    assert (told.status_code, set(told.headers["allow"].split(", "))) == (204, allowed)


def test_the_addresses_outside_of_version_1_answer_alike(client: httpx.Client, server: Any) -> None:
    for path in ("/metrics", "/api/docs", "/health", "/health/ready", "/api/v1/openapi.json"):
        problem(client.post(f"{server.url}{path}", json={}), 405, "method_not_allowed")


# ── bodies ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "application/jsonx",
        "application/json-patch+json",
        "text/json",
        "application/x-yaml",
        "application/msgpack",
        "json",
        "",
        None,
    ],
)
def test_another_media_type_is_415_on_every_route(
    client: httpx.Client, routes_with_bodies: list[tuple[str, str]], content_type: str | None
) -> None:
    headers = {} if content_type is None else {"content-type": content_type}
    for method, path in routes_with_bodies:
        if path in {"/setup", "/sessions"} and content_type not in {None, ""}:
            headers = {**headers, "sec-fetch-site": "same-origin"}
        problem(client.request(method, path, content=b'{"name":"A"}', headers=headers), 415, "unsupported_media_type")


def test_json_with_parameters_and_in_any_case_is_json(client: httpx.Client) -> None:
    for content_type in ("application/json; charset=utf-8", "Application/JSON", "application/json;charset=UTF-8"):
        headers = {"content-type": content_type}
        assert client.post("/integrations", content=b'{"name":"A"}', headers=headers).status_code == 201


LARGER = {"/batches": 4}
"""The routes that take more than a mebibyte."""


def test_a_body_over_a_mebibyte_is_413_on_every_route(
    client: httpx.Client, routes_with_bodies: list[tuple[str, str]]
) -> None:
    def in_pieces() -> Iterator[bytes]:
        for start in range(0, len(big), 64 * 1024):
            yield big[start : start + 64 * 1024]

    for method, path in routes_with_bodies:
        most = LARGER.get(path, 1)
        big = b'{"name":"' + b"a" * MEBIBYTE * most + b'"}'
        for content in (big, in_pieces()):
            told = problem(client.request(method, path, content=content, headers=JSON), 413, "body_too_large")
            assert told["detail"] == f"The body is larger than {most * 1024} KiB."


BROKEN = [
    b"",
    b" ",
    b"{",
    b'{"name"',
    b'{"name":"A"',
    b'{"name":"A",}',
    b"{'name':'A'}",
    b'{"name":"A"}}',
    b'{"name":"A"}{}',
    b"nul",
    b'{"name":NaN}',
    b'{"name":Infinity}',
    b'{"name":01}',
    b'{"name":"\n"}',
    b'{"name":"\\x41"}',
    b'{"name":"\\ud800"}',
    b'{"name":"\xff"}',
    b'\xef\xbb\xbf{"name":"A"}',
    b"\x00",
    "{}".encode("utf-16"),
]


@pytest.mark.parametrize("body", BROKEN, ids=repr)
def test_a_body_that_is_not_json_is_400(client: httpx.Client, body: bytes) -> None:
    problem(client.post("/integrations", content=body, headers=JSON), 400, "body_not_json")
    run = body.replace(b"name", b"credential_id")
    path = "/actions/act_01m7zzzzzzzzzzzzzzzzzzzzzz/executions"
    problem(client.post(path, content=run, headers=JSON), 400, "body_not_json")


def test_a_body_nested_without_end_is_400(client: httpx.Client) -> None:
    for opening, closing in ((b"[", b"]"), (b'{"a":', b"}")):
        deep = opening * 100_000 + b"1" + closing * 100_000
        for body in (deep, opening * 100_000, b'{"inputs":{"x":' + deep + b"}}"):
            for path in ("/integrations", "/actions/act_01m7zzzzzzzzzzzzzzzzzzzzzz/executions"):
                answer = client.post(path, content=body, headers=JSON)
                assert answer.status_code in {400, 422}, answer.text
                problem(answer, answer.status_code, answer.json()["code"])


@pytest.mark.parametrize("body", [b"[]", b"1", b'"a"', b"null", b"true"])
def test_json_that_is_no_object_is_422(
    client: httpx.Client, routes_with_bodies: list[tuple[str, str]], body: bytes
) -> None:
    for method, path in routes_with_bodies:
        headers = {**JSON, "sec-fetch-site": "same-origin"}
        told = problem(client.request(method, path, content=body, headers=headers), 422, "invalid_value")
        assert [field["path"] for field in told["errors"]] == [""]


@pytest.mark.parametrize("name", ["workspace_id", "role_of_mine", "id\\u0000", "__class__", "ид", "a.b[0]"])
def test_a_field_that_is_not_known_is_422_on_every_route(
    client: httpx.Client, routes_with_bodies: list[tuple[str, str]], name: str
) -> None:
    body = b'{"%b":1}' % name.encode()
    for method, path in routes_with_bodies:
        if path.endswith("/as-if"):  # its names are ids of blocks
            continue
        headers = {**JSON, "sec-fetch-site": "same-origin"}
        told = problem(client.request(method, path, content=body, headers=headers), 422, "unknown_field")
        assert [field["path"] for field in told["errors"]] == [json.loads(f'"{name}"')]


WRONG: list[tuple[str, str, dict[str, Any], str, str]] = [
    ("POST", "/integrations", {}, "name", "required"),
    ("POST", "/integrations", {"name": 1}, "name", "invalid_value"),
    ("POST", "/integrations", {"name": None}, "name", "invalid_value"),
    ("POST", "/integrations", {"name": ""}, "name", "required"),
    ("POST", "/integrations", {"name": "  "}, "name", "required"),
    ("POST", "/integrations", {"name": "a" * 201}, "name", "too_long"),
    ("POST", "/integrations", {"name": "a\u0001"}, "name", "invalid_value"),
    ("POST", "/integrations", {"name": "A", "auth": {"fields": [{"identifier": 1, "type": "text"}]}}, "auth.fields[0].identifier", "invalid_value"),
    ("POST", "/integrations", {"name": "A", "auth": {"fields": [{"identifier": "Bad", "type": "text"}]}}, "auth.fields[0].identifier", "identifier_invalid"),
    ("POST", "/integrations", {"name": "A", "auth": {"fields": [{"identifier": "a", "type": "secret"}]}}, "auth.fields[0].type", "invalid_value"),
    ("POST", "/integrations", {"name": "A", "auth": {"fields": {}}}, "auth.fields", "invalid_value"),
    ("POST", "/integrations", {"name": "A", "logo_url": "http://acme.com/a.png"}, "logo_url", "logo_url_invalid"),
    ("POST", "/integrations", {"name": "A", "test_request": {"method": "BREW", "endpoint": "https://acme.com"}}, "test_request.method", "invalid_value"),
    ("POST", "/integrations", {"name": "A", "test_request": {"endpoint": "ftp://acme.com"}}, "test_request.endpoint", "endpoint_scheme"),
    ("POST", "/integrations", {"name": "A", "test_request": {"endpoint": "https://acme.com", "headers": [{"key": "A b", "value": "1"}]}}, "test_request.headers[0].key", "header_name_invalid"),
    ("POST", "/integrations", {"name": "A", "test_request": {"endpoint": "https://acme.com", "query": [{"key": "a", "value": "{{auth.x}}"}]}}, "test_request.query[0].value", "reference_unknown"),
    ("POST", "/members", {"email": "a", "password": "anchors-weigh-94-lemons", "role": "viewer"}, "email", "invalid_value"),
    ("POST", "/members", {"email": "ana@acme.example", "password": "12345678", "role": "viewer"}, "password", "password_too_weak"),
    ("POST", "/members", {"email": "ana@acme.example", "password": "anchors-weigh-94-lemons", "role": "king"}, "role", "invalid_value"),
    ("POST", "/api-keys", {"name": "A", "role": "viewer", "expires_in_days": 0}, "expires_in_days", "invalid_value"),
    ("POST", "/api-keys", {"name": "A", "role": "viewer", "expires_in_days": 1.5}, "expires_in_days", "invalid_value"),
    ("POST", "/api-keys", {"name": "A", "role": "viewer", "expires_in_days": 10**30}, "expires_in_days", "invalid_value"),
    ("POST", "/integrations/import", {"yaml": "a: ["}, "yaml", "document_invalid"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "body", "place", "code"), WRONG)
def test_a_wrong_field_is_named_with_its_path(
    client: httpx.Client, method: str, path: str, body: dict[str, Any], place: str, code: str
) -> None:
    told = problem(client.request(method, path, json=body), 422, code)
    assert [(field["path"], field["code"]) for field in told["errors"]] == [(place, code)]


def test_all_wrong_fields_are_named_at_once(client: httpx.Client) -> None:
    request = {"endpoint": "gopher://x", "headers": [{"key": "Host", "value": "\n"}], "timeout_seconds": 61}
    body = {"name": "", "description": "a" * 2001, "logo_url": "x", "test_request": request}
    told = problem(client.post("/integrations", json=body), 422, "validation_failed")
    assert [field["path"] for field in told["errors"]] == sorted(
        [
            "name",
            "description",
            "logo_url",
            "test_request.timeout_seconds",
            "test_request.endpoint",
            "test_request.headers[0].key",
            "test_request.headers[0].value",
        ],
        key=[field["path"] for field in told["errors"]].index,
    )


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=ten", "limit"),
        ("limit=", "limit"),
        ("limit=1.5", "limit"),
        ("limit=99999999999999999999", "limit"),
        ("cursor=%21", "cursor"),
        ("cursor=" + "a" * 201, "cursor"),
        ("kind=none", "kind"),
        ("outcome=fine", "outcome"),
        ("since=yesterday", "since"),
        ("since=0.5", "since"),
        ("until=1700000000", "until"),
        ("until=0001-01-01T00:00:00%2B10:00", "until"),
    ],
)
def test_a_wrong_query_parameter_is_named(client: httpx.Client, query: str, place: str) -> None:
    answer = client.get(f"/executions?{query}")
    told = problem(answer, 422, answer.json()["code"])
    assert [field["path"] for field in told["errors"]] == [place]


@pytest.mark.parametrize("moment", ["2026-11-22T14:30:00Z", "2026-11-22T14:30:00.5-03:00", "2026-11-22T14:30:00"])
def test_times_are_taken_with_and_without_a_zone(client: httpx.Client, moment: str) -> None:
    for path in ("/executions", "/audit-log"):
        assert client.get(path, params={"since": moment, "until": moment}).json()["items"] == []


@pytest.mark.parametrize("bad", ["\0", "crd_01m7zzzzzzzzzzzzzzzzzzzzzz\0", "a" * 41, "' OR 1=1 --", "%", "\u202e"])
def test_an_id_of_no_shape_of_ours_is_nothing(workspace: Any, bad: str) -> None:
    """PostgreSQL cannot even be asked for some of these."""
    client, there = workspace.client(), everything_there(workspace)
    for way in ("executions", "test", "preview"):
        answer = client.post(f"/actions/{there['action_id']}/{way}", json={"credential_id": bad})
        problem(answer, 422 if len(bad) > 40 else 404, "too_long" if len(bad) > 40 else "not_found")
    made = {"name": "A", "values": {"api_key": "a-key-7391"}, "id": bad}
    answer = client.post(f"/integrations/{there['integration_id']}/credentials", json=made)
    problem(answer, 422, answer.json()["code"])
    for name in ("integration_id", "action_id", "credential_id"):
        answer = client.get("/executions", params={name: bad})
        assert answer.status_code == 422 or answer.json()["items"] == []
    for path in ("integrations", "members", "api-keys", "audit-log"):
        assert client.get(f"/{path}", params={"search": bad}).status_code == 200


# ── callers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "given", [None, "", "Bearer", "Bearer x", "Basic YTpi", "rck_x", "Bearer rck_00000000_x", "Bearer \xff"]
)
def test_a_caller_nobody_knows_is_401(server: Any, given: str | None) -> None:
    headers = [] if given is None else [(b"authorization", given.encode("latin-1"))]
    with httpx.Client(base_url=f"{server.url}/api/v1", trust_env=False, headers=headers) as nobody:
        for method, path in (("GET", "/integrations"), ("POST", "/actions/act_1/executions"), ("GET", "/executions")):
            answer = nobody.request(method, path)
            problem(answer, 401, "login_required")
            assert answer.headers["www-authenticate"] == "Bearer"


def test_a_role_that_may_not_is_403(workspace: Any) -> None:
    told = problem(workspace.client("viewer").post("/integrations", json={"name": "A"}), 403, "forbidden")
    assert "viewer" in told["detail"]
    problem(workspace.client("viewer").post("/actions/act_1/executions", json={}), 403, "forbidden")


# ── faults of our own ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_fault_of_our_own_is_500_and_says_nothing_of_it(start_server: Callable[..., Any], kind: str) -> None:
    broken = start_server(kind)
    workspace = broken.new_workspace()
    client = workspace.client()
    integration = client.post("/integrations", json={"name": "A"}).json()["id"]
    request = {"endpoint": "https://api.acme.com/"}
    action = client.post(f"/integrations/{integration}/actions", json={"name": "A", "request": request}).json()["id"]
    with broken.database.begin() as connection:
        connection.execute(sa.text("ALTER TABLE actions RENAME COLUMN name TO other_name"))
    for answer in (client.get(f"/actions/{action}"), client.post(f"/actions/{action}/executions", json={})):
        problem(answer, answer.status_code, answer.json()["code"])
        assert answer.status_code in {500, 503}
    workspace.close()
