"""Publishing numbers a version that never changes; versions are listed, compared, restored, and pin what they call."""

from __future__ import annotations

from typing import Any

from flows.shapes import Flows, block, calling, hello
from recado.accounts.service import system_caller
from recado.flows import versions


def test_versions_are_numbered_and_stay(client: Any, flows: Flows) -> None:
    flow = flows.make(hello("One."))
    assert flows.publish(flow["id"], "First words") == 1
    assert client.get(f"/flows/{flow['id']}").json()["is_changed"] is False
    changed = flows.save(flow["id"], hello("Two.")).json()
    assert (changed["is_changed"], changed["published_version"]) == (True, 1)
    assert flows.publish(flow["id"]) == 2
    listed = client.get(f"/flows/{flow['id']}/versions").json()["items"]
    assert [(each["number"], each["note"]) for each in listed] == [(2, ""), (1, "First words")]
    first = client.get(f"/flows/{flow['id']}/versions/1").json()
    assert first["definition"] == flow["draft"]
    assert first["created_by"].startswith("key_")
    page = client.get(f"/flows/{flow['id']}/versions", params={"limit": 1}).json()
    rest = client.get(f"/flows/{flow['id']}/versions", params={"cursor": page["next_cursor"]}).json()
    assert [each["number"] for each in rest["items"]] == [1]
    for number in ("0", "3", "-1", "99999999999999999999", "one"):
        assert client.get(f"/flows/{flow['id']}/versions/{number}").status_code == 404


def test_a_draft_that_somebody_else_changed_is_not_published(client: Any, flows: Flows) -> None:
    flow = flows.make()
    flows.save(flow["id"], hello("Two."))
    answer = client.post(f"/flows/{flow['id']}/publish", json={"base_revision": 1})
    assert (answer.status_code, answer.json()["code"]) == (409, "draft_changed")
    assert client.post(f"/flows/{flow['id']}/publish", json={"base_revision": 2}).json()["version"] == 1


def test_a_version_becomes_the_draft_again(client: Any, flows: Flows) -> None:
    flow = flows.make(hello("One."))
    flows.publish(flow["id"])
    flows.save(flow["id"], hello("Two."))
    late = client.post(f"/flows/{flow['id']}/restore", json={"version": 1, "base_revision": 1})
    assert late.json()["code"] == "draft_changed"
    restored = client.post(f"/flows/{flow['id']}/restore", json={"version": 1, "base_revision": 2}).json()
    assert (restored["draft"], restored["draft_revision"]) == (flow["draft"], 3)
    for number in (0, 2, 10**30):
        assert client.post(f"/flows/{flow['id']}/restore", json={"version": number}).status_code == 404


def test_what_changed_is_told_block_by_block(client: Any, flows: Flows) -> None:
    flow = flows.make(hello("One."))
    flows.publish(flow["id"])
    drawn = {
        "start": "n",
        "blocks": [
            block("n", "wait", seconds=1, edges={"next": "a"}),
            block("a", "message", content={"kind": "text", "text": "Two."}, edges={"next": "z"}),
            block("z", "end", position={"x": 4, "y": 0}),
        ],
        "variables": [{"key": "total"}],
        "settings": {"language": "pt"},
    }
    flows.save(flow["id"], drawn)
    told = client.get(f"/flows/{flow['id']}/compare/1/draft").json()
    assert [each["id"] for each in told["added"]] == ["n"]
    assert told["removed"] == []
    assert [(each["block_id"], each["fields"]) for each in told["changed"]] == [("a", ["content"])]
    assert told["changed"][0]["after"]["content"]["text"] == "Two."
    assert told["moved"] == ["z"]
    assert (told["is_start_changed"], told["variables_changed"], told["settings_changed"]) == (
        True,
        ["total"],
        ["language"],
    )
    back = client.get(f"/flows/{flow['id']}/compare/draft/1").json()
    assert [each["id"] for each in back["removed"]] == ["n"]
    assert client.get(f"/flows/{flow['id']}/compare/1/2").status_code == 404
    assert client.get(f"/flows/{flow['id']}/compare/1/published").status_code == 404


def test_a_version_keeps_the_version_it_calls(client: Any, flows: Flows) -> None:
    called = flows.make(hello("One."), name="Called")
    flows.publish(called["id"])
    caller = flows.make(calling(called["id"]))
    flows.publish(caller["id"])
    flows.save(called["id"], hello("Two."))
    flows.publish(called["id"])
    path = f"/flows/{caller['id']}/versions"
    assert client.get(f"{path}/1").json()["called"] == {"c": {"flow_id": called["id"], "number": 1}}
    flows.publish(caller["id"])
    assert client.get(f"{path}/2").json()["called"]["c"]["number"] == 2
    flows.save(caller["id"], calling(called["id"], version=1))
    flows.publish(caller["id"])
    assert client.get(f"{path}/3").json()["called"]["c"]["number"] == 1


def test_a_walker_gets_a_version_with_all_that_it_calls(server: Any, workspace: Any, flows: Flows) -> None:
    inner = flows.make(hello("Inner."), name="Inner")
    flows.publish(inner["id"])
    middle = flows.make(calling(inner["id"]), name="Middle")
    flows.publish(middle["id"])
    outer = flows.make(calling(middle["id"]), name="Outer")
    caller = system_caller(workspace.id)
    with server.database.begin() as connection:
        tried = versions.snapshot_draft(connection, caller, outer["id"])
        assert versions.snapshot_draft(connection, caller, outer["id"]) == tried, "nothing changed meanwhile"
        program = versions.load_versions(connection, workspace.id, tried)
        assert {version.flow_id for version in program.values()} == {inner["id"], middle["id"], outer["id"]}
        assert program[program[tried].called["c"]].number == 1
        assert versions.find_published(connection, caller, inner["id"]) in program
    flows.save(outer["id"], hello())
    with server.database.begin() as connection:
        assert versions.snapshot_draft(connection, caller, outer["id"]) != tried
    assert flows.client.get(f"/flows/{outer['id']}/versions").json()["items"] == []


def test_publishing_at_once_gives_each_its_number(flows: Flows) -> None:
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415  # only this test needs it

    flow = flows.make()
    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(lambda _: flows.publish(flow["id"]), range(6))) == [1, 2, 3, 4, 5, 6]
