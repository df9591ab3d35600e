"""Whatever becomes of a call, the person hears something next: each outcome, made by the emulator's switches or asked for."""

from __future__ import annotations

from typing import Any, get_args

import httpx
import pytest

from conversations.shapes import Desk, asks, block, flow_of, says
from recado.executions.judge import Outcome

TROUBLES = {
    "redirect": "redirect:https://elsewhere.example/",
    "http_4xx": "status:404",
    "http_5xx": "status:500",
    "rate_limited": "rate_limit:3600",
    "auth_failed": "status:401",
    "timeout": "delay:5",
    "unknown": "hangup",
    "bad_response": "huge:3000000",
    "output_missing": "without:validation_id",
}
OTHERS = {"ok", "network", "blocked", "input_invalid"}


def flow_with(desk: Desk, action: dict[str, str], ways: dict[str, str], **settings: Any) -> str:
    call = block("call", "custom_integration", ways, key="made", inputs={"account_id": "{{answers.who}}"}, **action)
    return desk.make(
        flow_of(
            asks("ask", "who", "call"),
            call,
            says("told", "Made {{outputs.made.validation_id}}.", "ask"),
            says("own", "Own way: {{calls.made.outcome}} {{calls.made.status}}.", "ask"),
            says("failed", "Failed: {{calls.made.outcome}}.", "ask"),
            **settings,
        )
    )


@pytest.fixture
def action(desk: Desk, emulator: Any) -> dict[str, str]:
    return make_action(desk, f"{emulator.url}/v1/validations", emulator.api_key)


def make_action(desk: Desk, endpoint: str, key: str, **more: Any) -> dict[str, str]:
    client = desk.client
    fields = [{"identifier": "api_key", "type": "password", "required": True}]
    integration = client.post(
        "/integrations", json={"name": "Validations", "auth": {"scheme": "api_key", "fields": fields}}
    )
    below = f"/integrations/{integration.json()['id']}"
    host = httpx.URL(endpoint)
    bound = {"name": "Key", "values": {"api_key": key}, "hosts": [f"http://{host.host}:{host.port}"]}
    made = client.post(f"{below}/credentials", json=bound)
    assert made.status_code == 201, made.text
    form = {"type": "email-verification", "user_authorized": "true", "account_id": "{{inputs.account_id}}"}
    request = {
        "method": "POST",
        "endpoint": endpoint,
        "headers": [{"key": "Truora-API-Key", "value": "{{auth.api_key}}"}],
        "body": {"type": "form", "fields": [{"key": name, "value": value} for name, value in form.items()]},
        "timeout_seconds": 1,
        **more,
    }
    inputs = [{"key": "account_id", "name": "Account", "type": "string", "required": True}]
    outputs = [
        {"key": "validation_id", "name": "Id", "identifier": "validation_id", "type": "string", "required": True}
    ]
    action = client.post(
        f"{below}/actions", json={"name": "Make", "inputs": inputs, "request": request, "outputs": outputs}
    )
    assert action.status_code == 201, action.text
    return {
        "integration_id": integration.json()["id"],
        "action_id": action.json()["id"],
        "credential_id": made.json()["id"],
    }


def order(emulator: Any, trouble: str) -> None:
    httpx.delete(f"{emulator.url}/_control/trouble", trust_env=False)
    answer = httpx.post(f"{emulator.url}/_control/trouble", json={"trouble": trouble, "times": 1}, trust_env=False)
    assert answer.status_code == 200, answer.text


def test_the_list_of_outcomes_is_whole() -> None:
    assert TROUBLES.keys() | OTHERS == set(get_args(Outcome))


@pytest.mark.parametrize("outcome", sorted(TROUBLES))
def test_an_outcome_takes_its_own_way_the_common_one_or_the_safe_end(
    desk: Desk, action: dict[str, str], emulator: Any, outcome: str
) -> None:
    order(emulator, TROUBLES[outcome])
    own = desk.start(flow_with(desk, action, {"success": "told", outcome: "own", "failed": "failed"}))
    assert own.say("ana.demo")[0].startswith(f"Own way: {outcome}")
    assert own.status == "waiting"
    order(emulator, TROUBLES[outcome])
    common = desk.start(flow_with(desk, action, {"success": "told", "failed": "failed"}))
    assert common.say("ana.demo")[0] == f"Failed: {outcome}."
    order(emulator, TROUBLES[outcome])
    unwired = desk.start(flow_with(desk, action, {"success": "told"}, failure_message="That did not work, sorry."))
    assert unwired.say("ana.demo") == ["That did not work, sorry."]
    assert unwired.status == "failed"


def test_what_cannot_be_reached_is_refused_or_does_not_fit_leads_on_too(
    desk: Desk, emulator: Any, unused_port: Any
) -> None:
    ways = {"success": "told", "failed": "failed"}
    gone = make_action(desk, f"http://127.0.0.1:{unused_port()}/v1", emulator.api_key)
    assert desk.start(flow_with(desk, gone, ways)).say("ana.demo")[0] == "Failed: network."
    other = desk.make_action("POST", f"{emulator.url}/v1/validations")
    assert (
        desk.start(flow_with(desk, other, ways)).say("ana.demo")[0] == "Failed: input_invalid."
    )  # it has no such input
    request = desk.client.get(f"/actions/{gone['action_id']}").json()["request"]
    moved = {**request, "endpoint": f"{emulator.url}/v1/validations"}  # to a host its credential is not bound to
    assert desk.client.patch(f"/actions/{gone['action_id']}", json={"request": moved}).status_code == 200
    assert desk.start(flow_with(desk, gone, ways)).say("ana.demo")[0] == "Failed: blocked."


def test_in_the_simulator_any_outcome_can_be_had(desk: Desk, action: dict[str, str], emulator: Any) -> None:
    ways = {"success": "told", "failed": "own"}
    person = desk.start(flow_with(desk, action, ways))
    codes = len(emulator.codes)
    for outcome in sorted(set(get_args(Outcome)) - {"ok"}):
        assert person.as_if(call={"outcome": outcome, "status": 418 if outcome == "http_4xx" else None}) is not None
        assert person.say("ana.demo")[0].startswith(f"Own way: {outcome}")
    person.as_if(call={"outcome": "http_5xx", "status": 503})
    assert person.say("ana.demo")[0] == "Own way: http_5xx 503."
    assert len(emulator.codes) == codes, "nothing was sent"
    assert person.look()["executions"] == []
    left_out = person.as_if(call={"without_outputs": ["validation_id"]})
    assert left_out["call"]["without_outputs"] == ["validation_id"]
    assert person.say("ana.demo")[0] == "Own way: output_missing 200."
    assert person.as_if(call=None) == {}
    assert person.say("ana.demo")[0].startswith("Made VLD")
    assert len(person.look()["executions"]) == 2


def test_a_number_fills_an_input_that_is_a_text(desk: Desk, action: dict[str, str]) -> None:
    ways = {"success": "told", "failed": "told"}
    call = block("call", "custom_integration", ways, key="made", inputs={"account_id": "{{answers.who}}"}, **action)
    told = says("told", "The API says {{calls.made.status}} to {{answers.who}}.", "ask")
    person = desk.start(desk.make(flow_of(asks("ask", "who", "call", expects="integer"), call, told)))

    assert person.say("12")[0] == "The API says 400 to 12."
