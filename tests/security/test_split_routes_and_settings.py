"""Which routes are the executor's is told by what they ask for; and a half-made split does not start."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from recado import app
from recado.app import EXECUTORS_OWN, is_executors
from recado.channels.opened import Channels
from recado.channels.whatsapp.graph import Graph
from recado.conversations.dispatcher import Dispatcher
from recado.credentials import routes as credentials
from recado.credentials.kek import AesKek
from recado.credentials.vault import Vault
from recado.errors import SettingInvalid
from recado.executions.runner import Runner
from recado.integrations.logo import Logos
from recado.outbound.transport import Transport
from recado.parts import Parts
from recado.settings import load
from recado.web.envelope import OPERATION_PATHS
from recado.web.link import ExecutorLink
from servers.split import TOKEN

OPEN_OR_SEND = (Runner, credentials.Tester, Vault, AesKek, Transport, Logos, Dispatcher, Channels, Graph)
HARMLESS = {"caller", "db", "settings", "policy", "rules", "identifier", "passwords", "example", "live"}
"""Gives no secret and sends nothing; what is added to the dependencies of the routes is either this, or the executor's own."""

POSTGRESQL = {"database_url": "postgresql://recado@127.0.0.1/recado"}
SPLIT: dict[str, Any] = {**POSTGRESQL, "executor_token": TOKEN}


@pytest.fixture(scope="module")
def framework(server: Any) -> Litestar:
    return app._build_framework(server.parts)


def handlers_of(framework: Litestar) -> Iterator[tuple[str, HTTPRouteHandler]]:
    for route in framework.routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                yield route.path_format, handler


def test_every_part_that_a_route_may_ask_for_was_thought_of(framework: Litestar) -> None:
    provided = set(framework.dependencies or {})
    assert provided - HARMLESS == EXECUTORS_OWN, "can it open a secret or send a request? See EXECUTORS_OWN in app.py"


def test_what_opens_secrets_or_sends_requests_is_the_executors(framework: Litestar) -> None:
    checked = 0
    for path, handler in handlers_of(framework):
        kinds = [parameter.annotation for parameter in handler.parsed_fn_signature.parameters.values()]
        if any(isinstance(kind, type) and issubclass(kind, OPEN_OR_SEND) for kind in kinds):
            assert is_executors(handler), path
            checked += 1
    assert checked >= 8


def test_no_route_reaches_behind_what_it_asks_for(framework: Litestar) -> None:
    """Only health and metrics hold on to all parts, and use them in either process."""
    for path, handler in handlers_of(framework):
        kept = inspect.getclosurevars(inspect.unwrap(handler.fn)).nonlocals.values()
        if any(isinstance(value, (Parts, *OPEN_OR_SEND)) for value in kept):
            assert path in OPERATION_PATHS


def test_every_route_of_the_executor_and_no_other_tells_that_it_may_be_lost(framework: Litestar) -> None:
    told = {handler.operation_id for _, handler in handlers_of(framework) if 502 in (handler.responses or {})}
    assert told == {handler.operation_id for _, handler in handlers_of(framework) if is_executors(handler)}


def test_the_routes_that_everybody_knows_are_on_the_right_side(framework: Litestar) -> None:
    theirs = {handler.operation_id for _, handler in handlers_of(framework) if is_executors(handler)}
    others = {handler.operation_id for _, handler in handlers_of(framework)} - theirs
    assert {
        "run_action", "test_action", "test_credential", "run_again", "create_credential", "set_values", "get_secret_key",
        "get_secrets_state", "get_logo",
    } <= theirs  # fmt: skip
    assert {
        "list_integrations", "create_integration", "update_action", "preview_action", "list_executions",
        "list_credentials", "delete_credential", "get_health", "get_readiness",
    } <= others  # fmt: skip


@pytest.mark.parametrize(
    ("given", "name", "words"),
    [
        ({"role": "api"}, "RECADO_ROLE", "PostgreSQL"),
        ({"role": "executor"}, "RECADO_ROLE", "role all"),
        ({"role": "executor", **POSTGRESQL}, "RECADO_EXECUTOR_TOKEN", "openssl rand -hex 32"),
        ({"role": "api", **SPLIT, "executor_token": "x" * 31}, "RECADO_EXECUTOR_TOKEN", "32"),
        ({"role": "api", **SPLIT, "executor_token": "x" * 20 + " " + "x" * 20}, "RECADO_EXECUTOR_TOKEN", "letters"),
        ({"role": "api", **SPLIT, "executor_token": "ñ" * 40}, "RECADO_EXECUTOR_TOKEN", "letters"),
        ({"role": "api", **SPLIT}, "RECADO_EXECUTOR_URL", "http://127.0.0.1:8001"),
        ({"role": "api", **SPLIT, "executor_url": "http://a:1", "kek": "k"}, "RECADO_KEK", "executor alone"),
        ({"role": "api", **SPLIT, "executor_url": "http://a:1", "kek_previous": "k"}, "RECADO_KEK_PREVIOUS", "alone"),
        ({"role": "api", **SPLIT, "executor_url": "http://a:1", "vault_token": "t"}, "RECADO_VAULT_TOKEN", "alone"),
    ],
)
def test_a_half_made_split_is_named(given: dict[str, Any], name: str, words: str) -> None:
    with pytest.raises(SettingInvalid) as caught:
        load({}, **given)
    assert str(caught.value).startswith(f"{name}: ")
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "url", ["8001", "ftp://a:1", "http://a:1/path", "http://a:99999", "http://u:p@a:1", "http://a b"]
)
async def test_an_executor_url_that_is_none_is_named(url: str) -> None:
    with pytest.raises(SettingInvalid) as caught:
        ExecutorLink(url, TOKEN, lambda: 0)
    assert str(caught.value).startswith("RECADO_EXECUTOR_URL: ")


def test_the_token_is_shown_nowhere_and_sealing_is_required() -> None:
    for role in ("api", "executor"):
        settings = load({}, **SPLIT, role=role, executor_url="http://executor:8001")
        assert TOKEN not in repr(settings)
        assert settings.is_sealing_required
    assert not load({}, **POSTGRESQL).is_sealing_required
    assert load({}, secrets_require_client_sealing=True).is_sealing_required


def test_one_process_does_not_listen_to_the_words_between_two(server: Any, client: httpx.Client) -> None:
    told = {"recado-request-id": "req_00000000000000000000000000", "recado-caller-address": "203.0.113.9"}
    made = client.post("/integrations", json={"name": "Acme"}, headers=told)
    assert made.headers["x-request-id"] != told["recado-request-id"]
    entry = client.get("/audit-log", params={"object_id": made.json()["id"]}).json()["items"][0]
    assert entry["address"] == "127.0.0.1"
    assert server.parts.executor is None
