"""The worked example's flow from end to end, by the simulator."""

from __future__ import annotations

from typing import Any

import httpx

HELLO = "Hello! Let us log you in. What is your user name? (In this example: ana.demo)"


def newest_code(emulator: Any) -> str:
    return str(list(emulator.codes.values())[-1])


def other_code(code: str) -> str:
    return "000000" if code != "000000" else "111111"


def test_an_unknown_user_a_wrong_code_and_the_right_one(log_in: Any, emulator: Any) -> None:
    person = log_in.desk.start(log_in.flow_id)
    assert person.status == "waiting"
    assert person.heard == [HELLO]
    assert person.say("nobody")[0] == "We found no account with that user name. Try again."
    assert person.heard[-1] == HELLO
    assert person.say("ana.demo") == ["We have mailed you a code of six digits. What is it?"]
    code = newest_code(emulator)
    assert person.say("12")[0] == "The code has six digits."
    assert person.say(other_code(code))[0] == "That code is wrong."
    assert person.say(code) == ["Welcome, ana.demo! You are logged in."]
    assert person.status == "finished"
    whole = person.look()
    assert whole["end_reason"] == "end"
    visited = [step["block_id"] for step in whole["path"] if step["kind"] == "visited"]
    assert visited == [
        "ask_user", "mail_code", "ask_user", "mail_code", "ask_code", "check_code", "is_right", "wrong", "ask_code",
        "check_code", "is_right", "welcome",
    ]  # fmt: skip
    outcomes = [step["note"]["outcome"] for step in whole["path"] if step["kind"] == "call" and step["execution_id"]]
    assert outcomes == ["http_4xx", "ok", "ok", "ok"]
    assert len(whole["executions"]) == 4
    assert whole["answers"]["user_name"] == "ana.demo"
    execution = log_in.desk.client.get(f"/executions/{whole['executions'][0]}").json()
    assert (execution["outcome"], execution["kind"]) == ("http_4xx", "live")


def test_a_user_who_is_not_found_three_times_is_told_so(log_in: Any) -> None:
    person = log_in.desk.start(log_in.flow_id)
    for _ in range(2):
        assert person.say("nobody")[0] == "We found no account with that user name. Try again."
    assert person.say("nobody") == ["We found no account with that user name. Please check it and write to us again."]
    assert person.status == "finished"


def test_two_wrong_codes_decline_the_validation(log_in: Any, emulator: Any) -> None:
    person = log_in.desk.start(log_in.flow_id)
    person.say("ana.demo")
    wrong = other_code(newest_code(emulator))
    assert person.say(wrong)[0] == "That code is wrong."
    assert "too often" in person.say(wrong)[0]
    assert person.status == "finished"


def test_a_published_version_is_walked_while_the_draft_changes(log_in: Any) -> None:
    desk, flow_id = log_in.desk, log_in.flow_id
    version = desk.publish(flow_id)
    person = desk.start(flow_id, version=version)
    assert person.last["version"] == version
    draft = desk.client.get(f"/flows/{flow_id}").json()["draft"]
    draft["blocks"][2]["text"] = "The code?"
    assert desk.client.put(f"/flows/{flow_id}/draft", json={"definition": draft}).status_code == 200
    assert person.say("ana.demo") == ["We have mailed you a code of six digits. What is it?"]
    trying = desk.start(flow_id)
    assert trying.last["version"] is None
    assert trying.say("ana.demo") == ["The code?"]


def test_a_flow_that_is_not_there_cannot_be_tried(client: httpx.Client, log_in: Any) -> None:
    for body in ({"flow_id": "flw_nothing"}, {"flow_id": log_in.flow_id, "version": 1}):
        assert client.post("/simulator/conversations", json=body).status_code == 404
