"""A flow is made, renamed, duplicated and deleted; its draft is kept as it was drawn, and never overwritten unawares."""

from __future__ import annotations

from typing import Any

import pytest

from flows.shapes import Flows, block, calling, hello
from recado.accounts.service import system_caller
from recado.db.columns import utc_now
from recado.db.tables import conversations
from recado.flows.versions import find_published

EVERYTHING: list[dict[str, Any]] = [
    block("m1", "message", content={"kind": "image", "url": "https://a.example/{{answers.code}}.png", "caption": "Look"}),
    block("m2", "message", content={"kind": "location", "latitude": "1.5", "longitude": "{{answers.place.longitude}}"}),
    block("q", "question", answer="code", text="Your code?", expects="integer", checks={"minimum": "1", "options": []}),
    block("b", "buttons", answer="pick", buttons=[{"id": "1", "title": "Yes"}], edges={"button:1": "l"}),
    block("l", "list", answer="row", source={"rows": "{{outputs.get.items}}", "values": [{"identifier": "price"}]}),
    block("if", "condition", branches=[{"id": "x", "groups": [{"tests": [{"left": "{{answers.code}}", "right": "1"}]}]}]),
    block("set", "set_variable", variable="total", value="12.10"),
    block("run", "custom_integration", key="get", inputs={"id": "{{answers.code}}"}, ask_again=[{"input": "id"}]),
    block("w", "wait", seconds=5),
    block("j", "jump", block="q"),
    block("c", "call_flow", flow_id="flw_nothing", variables={"a": "1"}),
    block("h", "hand_over", note="Please"),
    block("z", "end", text="Bye.", position={"x": 12.5, "y": -3}),
]  # fmt: skip


def test_a_new_flow_has_an_empty_draft(client: Any) -> None:
    made = client.post("/flows", json={"name": "  Welcome ", "description": "Says hello."}).json()
    assert (made["name"], made["description"], made["draft_revision"]) == ("Welcome", "Says hello.", 1)
    assert (made["published_version"], made["is_changed"]) == (None, True)
    assert (made["draft"]["start"], made["draft"]["blocks"]) == ("", [])
    assert made["draft"]["settings"]["exit_words"] == ["EXIT", "SALIR", "SAIR"]
    assert client.get(f"/flows/{made['id']}").json() == made


def test_a_draft_comes_back_as_it_was_drawn(client: Any, flows: Flows) -> None:
    drawn = {
        "start": "nowhere",
        "blocks": EVERYTHING,
        "variables": [{"key": "total", "type": "number", "default": "0"}],
        "settings": {"language": "es", "timezone": "America/Bogota", "reminder": {"text": "Still there?"}},
    }
    flow = flows.make()
    saved = flows.save(flow["id"], drawn, base=1).json()
    assert saved["draft_revision"] == 2
    again = flows.save(flow["id"], saved["draft"], base=2).json()
    assert again["draft"] == saved["draft"]
    assert again["draft_revision"] == 2, "what is the same makes no revision"
    for drawn_block, kept in zip(EVERYTHING, saved["draft"]["blocks"], strict=True):
        for name, value in drawn_block.items():
            if not isinstance(value, dict | list):
                assert kept[name] == value
    listed = client.get("/flows").json()["items"][0]
    assert (listed["id"], listed["blocks"], "draft" in listed) == (flow["id"], len(EVERYTHING), False)


def test_two_editors_do_not_overwrite_each_other_unawares(flows: Flows) -> None:
    flow = flows.make()
    assert flows.save(flow["id"], hello("Hi."), base=1).status_code == 200
    late = flows.save(flow["id"], hello("Good day."), base=1)
    assert (late.status_code, late.json()["code"], late.json()["params"]) == (409, "draft_changed", {"revision": "2"})
    assert flows.client.get(f"/flows/{flow['id']}").json()["draft"]["blocks"][0]["content"]["text"] == "Hi."
    forced = flows.save(flow["id"], hello("Good day."))
    assert (forced.status_code, forced.json()["draft_revision"]) == (200, 3)


@pytest.mark.parametrize(
    ("definition", "path", "code"),
    [
        ({"blocks": [{"id": "a", "type": "dance"}]}, "definition.blocks[0].type", "invalid_value"),
        ({"blocks": [{"type": "end"}]}, "definition.blocks[0].id", "required"),
        ({"blocks": [{"id": "a", "type": "end", "colour": "red"}]}, "definition.blocks[0].colour", "unknown_field"),
        ({"blocks": [{"id": str(n), "type": "end"} for n in range(1001)]}, "definition.blocks", "too_many"),
        ({"blocks": [{"id": "a", "type": "wait", "seconds": 1.5}]}, "definition.blocks[0].seconds", "invalid_value"),
    ],
)
def test_what_is_no_flow_is_refused(flows: Flows, definition: dict[str, Any], path: str, code: str) -> None:
    answer = flows.save(flows.make()["id"], definition)
    assert (answer.status_code, [(e["path"], e["code"]) for e in answer.json()["errors"]]) == (422, [(path, code)])


def test_a_flow_is_renamed_and_found(client: Any, flows: Flows) -> None:
    flow = flows.make()
    flows.make(name="Orders")
    changed = client.patch(f"/flows/{flow['id']}", json={"name": "Log in", "description": "By code."}).json()
    assert (changed["name"], changed["description"], changed["draft_revision"]) == ("Log in", "By code.", 1)
    assert [each["name"] for each in client.get("/flows", params={"search": "log"}).json()["items"]] == ["Log in"]
    first = client.get("/flows", params={"limit": 1}).json()
    rest = client.get("/flows", params={"cursor": first["next_cursor"]}).json()
    assert {first["items"][0]["name"], *(each["name"] for each in rest["items"])} == {"Log in", "Orders"}
    assert rest["next_cursor"] is None
    assert client.patch(f"/flows/{flow['id']}", json={"name": " "}).json()["code"] == "required"


def test_a_copy_is_a_flow_of_its_own(client: Any, flows: Flows) -> None:
    flow = flows.make()
    flows.publish(flow["id"])
    copy = client.post(f"/flows/{flow['id']}/duplicate", json={}).json()
    assert (copy["name"], copy["draft"], copy["published_version"]) == ("Welcome (2)", flow["draft"], None)
    assert client.post(f"/flows/{flow['id']}/duplicate", json={"name": "Other"}).json()["name"] == "Other"
    flows.save(copy["id"], hello("Changed."))
    assert client.get(f"/flows/{flow['id']}").json()["draft"] == flow["draft"]


def test_a_flow_that_is_called_is_kept(client: Any, flows: Flows) -> None:
    called = flows.make(name="Called")
    flows.publish(called["id"])
    caller = flows.make(calling(called["id"]), name="Caller")
    refused = client.delete(f"/flows/{called['id']}")
    assert (refused.status_code, refused.json()["code"]) == (409, "in_use")
    assert refused.json()["used_by"] == [{"kind": "flow", "id": caller["id"], "name": "Caller"}]
    flows.publish(caller["id"])
    flows.save(caller["id"], hello())
    assert client.delete(f"/flows/{called['id']}").status_code == 409, "the published version still calls it"
    assert client.delete(f"/flows/{called['id']}", params={"force": "true"}).status_code == 204
    assert client.get(f"/flows/{called['id']}").status_code == 404
    assert client.delete(f"/flows/{called['id']}").status_code == 404
    assert client.delete(f"/flows/{caller['id']}").status_code == 204


def test_a_flow_that_people_are_in_the_middle_of_is_kept(
    client: Any, flows: Flows, server: Any, workspace: Any
) -> None:
    flow = flows.make()
    flows.publish(flow["id"])
    caller = system_caller(workspace.id)
    with server.database.begin() as connection:
        version_id = find_published(connection, caller, flow["id"])
        for number, (channel, ended_at) in enumerate([("chn_1", None), ("chn_1", utc_now()), ("simulator", None)]):
            values: dict[str, Any] = {
                "id": f"cnv_{number}", "workspace_id": workspace.id, "flow_id": flow["id"], "version_id": version_id,
                "channel_id": channel, "contact_key": f"57300{number}", "contact": {}, "status": "waiting", "state": "{}",
                "begun_with": {}, "turn": 0, "last_message": 0, "last_step": 0, "created_at": utc_now(),
                "updated_at": utc_now(), "ended_at": ended_at,
            }  # fmt: skip
            connection.execute(conversations.insert().values(values))
    refused = client.delete(f"/flows/{flow['id']}")
    assert refused.json()["used_by"] == [{"kind": "conversation", "id": "cnv_0", "name": "573000"}]
    assert client.delete(f"/flows/{flow['id']}", params={"force": "true"}).status_code == 204


def test_what_is_done_is_noted_but_not_every_stroke(client: Any, flows: Flows) -> None:
    flow = flows.make()
    for text in ("H", "He", "Hel"):
        flows.save(flow["id"], hello(text))
    flows.publish(flow["id"])
    flows.save(flow["id"], hello("Hell"))
    client.patch(f"/flows/{flow['id']}", json={"name": "Other"})
    client.post(f"/flows/{flow['id']}/restore", json={"version": 1})
    client.delete(f"/flows/{flow['id']}")
    noted = client.get("/audit-log", params={"object_id": flow["id"]}).json()["items"]
    assert [entry["action"] for entry in reversed(noted)] == [
        "flow.create", "flow.publish", "flow.edit", "flow.update", "flow.restore", "flow.delete",
    ]  # fmt: skip
