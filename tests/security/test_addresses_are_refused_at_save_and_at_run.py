"""What may not be called is refused when it is saved, again when it runs, and again when it is dialled: nothing arrives there."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from recado.db.tables import actions
from recado.outbound.policy import EgressPolicy
from recado.settings import load
from security.shapes import Door
from servers.background import Background
from servers.nameserver import NameServer
from servers.pace import slowness
from servers.process import RecadoProcess
from servers.raw import OK, Answer, RawServer, response

CASES = json.loads((Path(__file__).parents[1] / "testdata/ssrf_cases.json").read_text(encoding="utf-8"))
REFUSED = [case for case in CASES["urls"] if case["verdict"] == "reject"]
PUBLIC, PRIVATE = "127.0.0.1", "127.0.0.2"
"""The first plays a public address, which the operator allows; nothing may ever arrive at the second."""
CLOSING = Answer(response(200, b"{}", ["Connection: close"]))


@contextlib.asynccontextmanager
async def _answering() -> AsyncIterator[NameServer]:
    server = NameServer()
    await server.start()
    yield server
    await server.close()


@pytest.fixture(scope="module")
def name_server(background: Background) -> Iterator[NameServer]:
    """A real name server; write names into its `answers`."""
    with background.serving(_answering()) as server:
        yield server


@pytest.fixture(scope="module")
def strict(start_server: Callable[..., Any], name_server: NameServer) -> Any:
    """A server as it comes: it calls public addresses only."""
    return start_server("sqlite", egress_allow=(), dns_servers=(name_server.address,))


@pytest.fixture(scope="module")
def careful(start_server: Callable[..., Any], name_server: NameServer) -> Any:
    """A server that may call 127.0.0.1 besides, and whose own name is recado.acme.com."""
    return start_server(
        "sqlite",
        egress_allow=(f"{PUBLIC}/32",),
        dns_servers=(name_server.address,),
        public_url="https://recado.acme.com",
    )


@contextlib.contextmanager
def door_of(server: Any) -> Iterator[Door]:
    workspace = server.new_workspace()
    yield Door(workspace.client())
    workspace.close()


@pytest.fixture(scope="module")
def strict_door(strict: Any) -> Iterator[Door]:
    with door_of(strict) as door:
        yield door


@pytest.fixture(scope="module")
def careful_door(careful: Any) -> Iterator[Door]:
    with door_of(careful) as door:
        yield door


@pytest.fixture
def public(background: Background) -> Iterator[RawServer]:
    """What may be called; it closes each connection, so that every call looks the name up anew."""
    with background.serving(RawServer(CLOSING)) as server:
        yield server


@pytest.fixture
def private(background: Background, public: RawServer) -> Iterator[RawServer]:
    """What may not, at the same port; it must never see a connection."""
    with background.serving(RawServer(host=PRIVATE, port=public.port)) as server:
        yield server
        assert server.accepts == 0


def refusal(execution: dict[str, Any]) -> tuple[str, str]:
    """Outcome and code of an execution that told no address and opened no connection."""
    told = json.dumps(execution["error"])
    assert "127." not in told
    assert "169.254" not in told
    assert execution["response"] is None
    return execution["outcome"], execution["error"]["code"]


# ── when saved ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_url_of_the_corpus_is_refused_when_it_is_saved(strict_door: Door) -> None:
    integration = strict_door.make_integration()
    action = strict_door.make_action(integration, {"endpoint": "https://api.acme.com/"})
    before = strict_door.get(f"/actions/{action}")
    for case in REFUSED:
        request = {"endpoint": case["url"]}
        for path, body, place in (
            (f"/integrations/{integration}/actions", {"name": "New", "request": request}, "request.endpoint"),
            (f"/actions/{action}", {"request": request}, "request.endpoint"),
            (f"/integrations/{integration}", {"test_request": request}, "test_request.endpoint"),
        ):
            send = strict_door.client.post if path.endswith("/actions") else strict_door.client.patch
            answer = send(path, json=body)
            assert answer.status_code == 422, case
            assert [(e["path"], e["code"]) for e in answer.json()["errors"]] == [(place, case["error"])], case
    assert strict_door.get(f"/actions/{action}") == before
    assert len(strict_door.get(f"/integrations/{integration}/actions")["items"]) == 1
    assert strict_door.get(f"/integrations/{integration}")["test_request"] is None


def test_what_can_only_be_told_by_its_address_is_saved(strict_door: Door) -> None:
    integration = strict_door.make_integration()
    for case in CASES["urls"]:
        if case["verdict"] in {"accept", "reject-at-connect", "accept-at-connect"}:
            strict_door.make_action(integration, {"endpoint": case["url"]})


def test_a_text_field_cannot_lead_to_another_host_or_port(strict_door: Door) -> None:
    integration = strict_door.make_integration({"region": "text", "port": "text"})
    action = strict_door.make_action(integration, {"endpoint": "https://{{auth.region}}.acme.com:{{auth.port}}/v"})
    for values, code in (
        ({"region": "169.254.169.254/x?", "port": "443"}, "auth_value_not_allowed"),
        ({"region": "evil.net/", "port": "443"}, "auth_value_not_allowed"),
        ({"region": "eu", "port": "443@169.254.169.254"}, "auth_value_not_allowed"),
        ({"region": "eu", "port": "22"}, "endpoint_port"),
        ({"region": "eu", "port": "6379"}, "endpoint_port"),
    ):
        credential = strict_door.make_credential(integration, values, [])
        assert refusal(strict_door.run(action, credential))[1] == code, values


# ── when run ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_url_of_the_corpus_is_refused_again_when_it_runs(strict: Any, strict_door: Door) -> None:
    """Rows that somebody wrote into the database, past all checks."""
    integration = strict_door.make_integration()
    good = {"endpoint": "https://api.acme.com/"}
    made = {strict_door.make_action(integration, good): case for case in REFUSED}
    with strict.database.begin() as connection:
        stored = connection.scalar(sa.select(actions.c.request).where(actions.c.id == next(iter(made))))
        for action, case in made.items():
            bad = {**stored, "endpoint": case["url"]}
            connection.execute(sa.update(actions).where(actions.c.id == action).values(request=bad))
    for action, case in made.items():
        answer = strict_door.client.post(f"/actions/{action}/executions", json={})
        if answer.status_code == 409:
            assert answer.json()["code"] == "action_outdated", case
        else:
            assert refusal(answer.json()) == ("blocked", case["error"]), case
            assert answer.json()["attempts"] == [], case


def test_a_rule_that_is_taken_back_holds_for_what_was_saved(
    start_server: Callable[..., Any], public: RawServer, tmp_path: Path
) -> None:
    lax = start_server("sqlite", data_dir=tmp_path)
    workspace = lax.new_workspace()
    door = Door(workspace.client())
    action = door.make_action(door.make_integration(), {"endpoint": public.url})
    assert door.run(action)["outcome"] == "ok"
    lax.stop()
    strict = start_server("sqlite", data_dir=tmp_path, egress_allow=())
    with httpx.Client(
        base_url=f"{strict.url}/api/v1", headers={"authorization": f"Bearer {workspace.keys['owner']}"}, trust_env=False
    ) as client:
        execution = Door(client).run(action)
    workspace.close()
    assert refusal(execution) == ("blocked", "endpoint_address_blocked")
    assert public.accepts == 1


# ── when dialled ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "case", [case for case in CASES["urls"] if case["verdict"] == "reject-at-connect"], ids=lambda case: case["url"]
)
def test_a_name_that_leads_to_a_bad_address_is_refused(
    strict_door: Door, name_server: NameServer, case: dict[str, Any]
) -> None:
    host = httpx.URL(case["url"]).host
    name_server.answers[host] = [[address.partition("%")[0] for address in case.get("dns", [])]]
    action = strict_door.make_action(strict_door.make_integration(), {"endpoint": case["url"], "timeout_seconds": 2})
    execution = strict_door.run(action)
    assert execution["error"]["code"] == case["error"]
    assert execution["outcome"] == ("network" if case["error"] == "endpoint_dns_failed" else "blocked")
    refusal(execution)


def test_a_name_that_turns_to_a_private_address_is_never_followed_there(
    careful_door: Door, name_server: NameServer, public: RawServer, private: RawServer
) -> None:
    name_server.answers["turns.acme.com"] = [[PUBLIC], [PRIVATE], [PUBLIC], [PRIVATE]]
    action = careful_door.make_action(
        careful_door.make_integration(), {"endpoint": f"http://turns.acme.com:{public.port}/"}
    )
    for _ in range(2):
        assert careful_door.run(action)["outcome"] == "ok"
        assert refusal(careful_door.run(action)) == ("blocked", "endpoint_address_blocked")
    assert name_server.count("turns.acme.com") == 4, "one look-up for each connection"
    assert public.accepts == 2


def test_an_answer_with_one_bad_address_is_refused_whole(
    careful_door: Door, name_server: NameServer, public: RawServer, private: RawServer
) -> None:
    integration = careful_door.make_integration()
    for number, answers in enumerate(
        ([PUBLIC, PRIVATE], [PRIVATE, PUBLIC], [PUBLIC, "::1"], [PUBLIC, "::ffff:7f00:2"])
    ):
        name_server.answers[f"mixed{number}.acme.com"] = [answers]
        action = careful_door.make_action(integration, {"endpoint": f"http://mixed{number}.acme.com:{public.port}/"})
        assert refusal(careful_door.run(action)) == ("blocked", "endpoint_address_blocked"), answers
    assert public.accepts == 0


def test_a_retry_is_judged_afresh(
    careful_door: Door, name_server: NameServer, background: Background, private: RawServer, public: RawServer
) -> None:
    """The first server fails and closes; by the second attempt the name leads elsewhere."""
    failing = Answer(response(503, b"", ["Connection: close", "Retry-After: 0"]))
    name_server.answers["fails.acme.com"] = [[PUBLIC], [PRIVATE]]
    public.answers[:] = [failing]
    action = careful_door.make_action(
        careful_door.make_integration(), {"endpoint": f"http://fails.acme.com:{public.port}/"}
    )
    execution = careful_door.run(action)
    assert [attempt["error_code"] for attempt in execution["attempts"]] == [None, "endpoint_address_blocked"]
    assert execution["outcome"] == "blocked"


def test_a_kept_connection_stays_where_it_was_judged_and_is_closed_by_a_new_policy(
    careful: Any,
    careful_door: Door,
    name_server: NameServer,
    background: Background,
    public: RawServer,
    private: RawServer,
) -> None:
    public.answers[:] = [OK]
    name_server.answers["kept.acme.com"] = [[PUBLIC], [PRIVATE]]
    action = careful_door.make_action(
        careful_door.make_integration(), {"endpoint": f"http://kept.acme.com:{public.port}/"}
    )
    assert [careful_door.run(action)["outcome"] for _ in range(3)] == ["ok"] * 3
    assert (public.accepts, public.open) == (1, 1)

    async def judge_by(policy: EgressPolicy) -> None:
        careful.parts.transport.set_policy(policy)

    before = careful.parts.transport.policy
    careful.run(judge_by(EgressPolicy()))
    try:
        background.run(public.wait_until(lambda: public.open == 0))
        assert refusal(careful_door.run(action)) == ("blocked", "endpoint_address_blocked")
    finally:
        careful.run(judge_by(before))
    assert public.accepts == 1


@pytest.mark.parametrize(
    "location",
    ["http://{private}/", "//{private}/x", "http://inside.acme.com:{port}/", "http://[::ffff:7f00:2]:{port}/"],
)
@pytest.mark.parametrize("status", [302, 307])
def test_a_redirect_to_a_private_address_is_refused(
    careful_door: Door, name_server: NameServer, public: RawServer, private: RawServer, location: str, status: int
) -> None:
    name_server.answers["inside.acme.com"] = [[PRIVATE]]
    target = location.format(private=f"{PRIVATE}:{public.port}", port=public.port)
    public.answers[:] = [Answer(response(status, b"", [f"Location: {target}"]))]
    integration = careful_door.make_integration()
    request = {"endpoint": public.url, "follow_redirects": True}
    followed = careful_door.run(careful_door.make_action(integration, request))
    assert (followed["outcome"], followed["error"]["code"]) == ("blocked", "endpoint_address_blocked")
    assert [attempt["is_redirect_hop"] for attempt in followed["attempts"]] == [False, True]
    kept = careful_door.run(careful_door.make_action(integration, request | {"follow_redirects": False}))
    assert (kept["outcome"], kept["response"]["status"]) == ("redirect", status)


def test_a_redirect_takes_no_secret_to_another_host(careful_door: Door, background: Background) -> None:
    with background.serving(RawServer()) as elsewhere, background.serving(RawServer()) as first:
        first.answers[:] = [Answer(response(307, b"", [f"Location: {elsewhere.url}/collect"]))]
        integration = careful_door.make_integration({"api_key": "password"})
        bound, free = (
            careful_door.make_credential(integration, {"api_key": "a-key-of-the-tests"}, hosts)
            for hosts in ([first.url], [first.url, elsewhere.url])
        )
        request = {
            "method": "POST",
            "endpoint": first.url,
            "follow_redirects": True,
            "headers": [{"key": "X-Key", "value": "{{auth.api_key}}"}],
            "body": {"type": "json", "json": {"k": "{{auth.api_key}}"}},
        }
        action = careful_door.make_action(integration, request)
        refused = careful_door.run(action, bound)
        assert (refused["outcome"], refused["error"]["code"]) == ("blocked", "redirect_host_not_allowed")
        assert elsewhere.accepts == 0
        careful_door.run(action, free)
        assert b"a-key-of-the-tests" not in b"".join(elsewhere.requests), "another origin gets neither headers nor body"


# ── what else must hold ──────────────────────────────────────────────────────────────────────────────────────────────


def test_our_own_name_may_not_be_called(careful_door: Door, name_server: NameServer) -> None:
    name_server.answers["recado.acme.com"] = [[PUBLIC]]
    action = careful_door.make_action(careful_door.make_integration(), {"endpoint": "https://recado.acme.com/api/v1"})
    assert refusal(careful_door.run(action)) == ("blocked", "endpoint_address_blocked")


def test_calls_to_ourselves_end(server: Any, door: Door) -> None:
    """An action that runs itself: the third server in the row refuses."""
    action = door.make_action(door.make_integration(), {"endpoint": f"{server.url}/health"})
    key = door.client.headers["authorization"]
    run_itself = {
        "method": "POST",
        "endpoint": f"{server.url}/api/v1/actions/{action}/executions",
        "headers": [{"key": "Authorization", "value": key}],
        "body": {"type": "json", "json": {}},
    }
    door.patch(f"/actions/{action}", {"request": run_itself})
    outer = door.run(action)
    depth = 0
    while outer["outcome"] == "ok":
        outer = json.loads(outer["response"]["body"])
        depth += 1
    assert (outer["outcome"], outer["response"]["status"]) == ("http_5xx", 508)
    assert json.loads(outer["response"]["body"])["code"] == "loop_detected"
    assert depth < 4


def test_an_address_is_refused_at_once_and_in_words_without_it(strict_door: Door, name_server: NameServer) -> None:
    name_server.answers["inner.acme.com"] = [["10.1.2.3"]]
    action = strict_door.make_action(strict_door.make_integration(), {"endpoint": "https://inner.acme.com/"})
    begun = time.perf_counter()
    execution = strict_door.run(action)
    assert time.perf_counter() - begun < 2.5 * slowness()
    assert refusal(execution) == ("blocked", "endpoint_address_blocked")
    kept = strict_door.client.get(f"/executions/{execution['id']}").text
    assert "10.1.2.3" not in json.dumps(execution) + kept


def test_hidden_reasons_are_one_and_the_same(
    start_server: Callable[..., Any], name_server: NameServer, unused_port: Callable[[], int]
) -> None:
    hiding = start_server(
        "sqlite", egress_allow=(f"{PUBLIC}/32",), egress_hide_reason=True, dns_servers=(name_server.address,)
    )
    name_server.answers |= {"blocked.acme.com": [[PRIVATE]], "closed.acme.com": [[PUBLIC]]}
    with door_of(hiding) as door:
        integration = door.make_integration()
        told = []
        for host in ("blocked", "closed", "unknown"):
            endpoint = f"http://{host}.acme.com:{unused_port()}/"
            execution = door.run(door.make_action(integration, {"method": "POST", "endpoint": endpoint}))
            listed = door.get("/executions", limit=1)["items"][0]
            told.append([(e["outcome"], e["error"], e["timing"], e["attempts"]) for e in (execution, listed)])
    assert told[0] == told[1] == told[2]
    assert told[0][0][:2] == (
        "blocked",
        {
            "code": "endpoint_unreachable",
            "message": "The endpoint cannot be reached from this server.",
            "is_retryable": False,
            "params": {},
        },
    )


def test_proxies_of_the_environment_are_not_used(
    background: Background, public: RawServer, tmp_path: Path, unused_port: Callable[[], int]
) -> None:
    with background.serving(RawServer()) as proxy:
        names = ("http_proxy", "https_proxy", "all_proxy")
        environ = {name: proxy.url for lower in names for name in (lower, lower.upper())} | {"NO_PROXY": ""}
        netrc = tmp_path / "netrc"
        netrc.write_text(f"machine {PUBLIC} login a password b\n")
        settings = load({}, data_dir=tmp_path, port=unused_port(), egress_allow=(f"{PUBLIC}/32",))
        process = RecadoProcess(settings, tmp_path / "log", environ=environ | {"NETRC": str(netrc)})
        try:
            process.start()
            with process.client() as client:
                door = Door(client)
                execution = door.run(door.make_action(door.make_integration(), {"endpoint": public.url}))
        finally:
            process.close()
        assert (execution["outcome"], public.accepts, proxy.accepts) == ("ok", 1, 0)
        assert b"authorization" not in public.requests[0].lower()
