"""A published version goes on as it did when an action it uses changes, as far as that can be; where not, it is told."""

from __future__ import annotations

from typing import Any

from conversations.shapes import Desk, Person, block, flow_of
from servers.counting import CountingServer

SORRY = "That did not work, sorry."
TOKEN = {"key": "token", "name": "Token", "type": "string", "required": True}
PLACE = {"key": "place", "name": "Place", "type": "string", "required": False}


def begun(desk: Desk, flow_id: str) -> Person:
    """Somebody who is called by the first version."""
    return desk.start(flow_id, version=1)


def told(desk: Desk, flow_id: str) -> list[tuple[str, str]]:
    """The problems of the first version, as the flow, the list and the validation tell them."""
    problems = desk.client.post(f"/flows/{flow_id}/validate", json={"version": 1}).json()["problems"]
    found = [problem for problem in problems if problem["severity"] == "error"]
    (listed,) = desk.client.get("/flows", params={"search": "Talk"}).json()["items"]
    counts = {listed["published_problems"], desk.client.get(f"/flows/{flow_id}").json()["published_problems"]}
    assert counts == {len(found)}
    return [(problem["path"], problem["code"]) for problem in found]


def test_it_goes_on_or_says_that_it_cannot(desk: Desk, upstream: CountingServer) -> None:
    def change(**what: Any) -> None:
        answer = desk.client.patch(f"/actions/{action['action_id']}", json=what)
        assert answer.status_code == 200, answer.text

    action = desk.make_action("POST", upstream.url, inputs=[TOKEN, PLACE])
    call = block(
        "c", "custom_integration", {"success": "s"}, key="o", inputs={"token": "t-1", "place": "here"}, **action
    )
    flow_id = desk.make(flow_of(call, block("s", "end", text="Done {{outputs.o.id}}!"), failure_message=SORRY))
    desk.publish(flow_id)
    assert told(desk, flow_id) == []
    change(inputs=[TOKEN], description="No place any more")
    assert told(desk, flow_id) == [("blocks[0].inputs.place", "input_unknown")]
    assert begun(desk, flow_id).heard[0].startswith("Done ")
    change(outputs=[])
    assert ("blocks[1].text", "output_unknown") in told(desk, flow_id)
    assert begun(desk, flow_id).heard == ["Done !"]
    change(inputs=[TOKEN, {**PLACE, "key": "plan", "required": True}])
    assert ("blocks[0].inputs.plan", "input_unbound") in told(desk, flow_id)
    person = begun(desk, flow_id)
    assert person.wait_until(lambda talk: talk["status"] == "failed")["end_reason"] == "failed:input_invalid"
    assert person.look()["messages"][-1]["text"] == SORRY
    assert desk.client.delete(f"/actions/{action['action_id']}", params={"force": "true"}).status_code == 204
    assert told(desk, flow_id)[0] == ("blocks[0].action_id", "action_unknown")
    ended = begun(desk, flow_id).look()["path"][-2]["note"]
    assert (ended["outcome"], "was deleted" in ended["error"]) == ("blocked", True)
