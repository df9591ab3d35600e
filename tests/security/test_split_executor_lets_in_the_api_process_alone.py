"""An executor answers nobody but who holds the token, and nothing but what is its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from recado.web.link import ADDRESS, REQUEST_ID, TOKEN
from servers.split import TOKEN as RIGHT
from servers.split import Split


@pytest.fixture(scope="module")
def split(new_split: Callable[..., Split]) -> Split:
    made = new_split(RECADO_METRICS_TOKEN="only-prometheus-knows")
    made.executor.start()
    return made


@pytest.fixture
def knock(split: Split) -> Iterator[Callable[..., httpx.Response]]:
    """Calls the executor with the owner's key, and what else is given."""
    with httpx.Client(base_url=split.executor.url, trust_env=False, timeout=120) as client:

        def call(method: str, path: str, headers: Any = (), **more: Any) -> httpx.Response:
            lines = [("authorization", f"Bearer {split.executor.key}"), *headers]
            return client.request(method, path, headers=lines, **more)

        yield call


PATHS = ["/api/v1/secret-key", "/api/v1/actions/act_0/executions", "/api/v1/session", "/", "/api/docs", "/nowhere"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("given", [None, "", "wrong", RIGHT[:-1], RIGHT + "x", RIGHT.upper(), "é"])
def test_without_the_token_nothing_is_there(knock: Callable[..., httpx.Response], path: str, given: str | None) -> None:
    headers = [] if given is None else [(TOKEN, given.encode())]
    for method in ("GET", "POST", "OPTIONS", "DELETE"):
        answer = knock(method, path, headers)
        assert answer.status_code == 403
        assert answer.json()["code"] == "executor_token_wrong"
        assert answer.headers["recado-executor-refused"] == "token"
        assert RIGHT not in answer.text


def test_two_tokens_are_not_one(knock: Callable[..., httpx.Response]) -> None:
    answer = knock("GET", "/api/v1/secret-key", [(TOKEN, RIGHT.encode()), (TOKEN, b"wrong")])
    assert answer.status_code == 403


def test_with_the_token_only_its_own_routes_are_there(knock: Callable[..., httpx.Response]) -> None:
    token = [(TOKEN, RIGHT.encode())]
    assert knock("GET", "/api/v1/secret-key", token).status_code == 200
    for path in ("/api/v1/integrations", "/api/v1/session", "/api/v1/openapi.json", "/api/docs", "/", "/nowhere"):
        answer = knock("GET", path, [*token, ("accept", "text/html")])
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path
    login = {"email": "ana@acme.example", "password": "anything at all"}
    assert knock("POST", "/api/v1/sessions", token, json=login).status_code == 404
    assert knock("POST", "/api/v1/setup", token, json={}).status_code == 404


def test_the_token_alone_is_nobody(split: Split) -> None:
    """Who calls is found once more, by the executor itself."""
    for key, status in ((None, 401), ("Bearer rcd_nobody", 401), (f"Bearer {split.executor.key}", 200)):
        headers = {"authorization": key} if key else {}
        answer = httpx.get(
            f"{split.executor.url}/api/v1/secret-key", headers={**headers, TOKEN.decode(): RIGHT}, trust_env=False
        )
        assert answer.status_code == status
        assert answer.headers["recado-executor"]


def test_health_and_metrics_need_no_token_but_mind_a_wrong_one(knock: Callable[..., httpx.Response]) -> None:
    for path in ("/health", "/health/ready", "/api/v1/health", "/api/v1/health/ready"):
        assert knock("GET", path).status_code == 200
        assert knock("GET", path, [(TOKEN, RIGHT.encode())]).status_code == 200
        assert knock("GET", path, [(TOKEN, b"wrong")]).status_code == 403
    assert knock("GET", "/metrics").status_code == 401


def test_an_intruder_is_noted_with_the_address(split: Split, knock: Callable[..., httpx.Response]) -> None:
    knock("GET", "/api/v1/secret-key", [(TOKEN, b"wrong"), (ADDRESS, b"203.0.113.9")])
    assert split.executor.has_logged("executor_token_wrong")
    noted = [line for line in split.executor.log().splitlines() if "executor_token_wrong" in line]
    assert '"address": "127.0.0.1"' in noted[-1]
    assert "203.0.113.9" not in split.executor.log()


def test_what_the_executor_refuses_is_told_under_the_id_that_the_api_process_gave(
    knock: Callable[..., httpx.Response],
) -> None:
    own = "req_01m821h0tf3fqzx5m9t6dghs3w"
    link = [(TOKEN, RIGHT.encode()), (REQUEST_ID, own.encode())]
    for path in ("/api/v1/actions/act_0/executions", "/api/v1/actions/act_0/test"):
        answer = knock("POST", path, link, json={"nothing": 1})
        assert (answer.status_code, answer.json()["code"]) == (422, "unknown_field")
        assert [answer.headers["x-request-id"], answer.json()["request_id"]] == [own, own]


def test_a_request_id_that_is_none_is_replaced(knock: Callable[..., httpx.Response]) -> None:
    token = (TOKEN, RIGHT.encode())
    own = "req_01m821h0tf3fqzx5m9t6dghs3w"
    assert knock("GET", "/api/v1/secret-key", [token, (REQUEST_ID, own.encode())]).headers["x-request-id"] == own
    answer = knock("GET", "/api/v1/secret-key", [token, (REQUEST_ID, b'"}, "event": "forged')])
    assert answer.headers["x-request-id"].startswith("req_")
    assert "forged" not in answer.headers["x-request-id"]
